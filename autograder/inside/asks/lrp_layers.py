"""Asking functions of "lrp" about the network by hand and one layer, and these layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, NotAttempted, Reference, blank, plain
from hwkit.attribution.relevance.layer import LinearLayer


def layer(given: dict[str, Any]) -> LinearLayer:
    """A hidden layer as students know layers."""
    if given["shape"] is None:
        return LinearLayer.dense(given["w"], given["b"])
    return LinearLayer.convolution(
        given["w"],
        given["b"],
        shape=tuple(given["shape"]),
        strides=given["strides"],
        padding=given["padding"],
    )


def by_hand(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """One entry of what the student worked out, if there is one of this name."""
    answer = blank(names, "by_hand")()
    if answer is None or answer is Ellipsis:
        raise NotAttempted("by_hand")
    if not hasattr(answer, "keys"):
        return {"received": type(answer).__name__}
    name = inputs["part"]
    return {"entry": plain(answer[name], "by_hand")} if name in answer else {}


def lrp_zero(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's relevance of the inputs of a dense layer."""
    function = blank(names, "lrp_zero")
    return plain(function(inputs["x"], inputs["w"], inputs["b"], inputs["R"]), "lrp_zero")


def cancelling(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The input that the student constructed."""
    return plain(blank(names, "cancelling")(), "cancelling")


def hand_down(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """Relevance that the student's four steps hand down through a layer."""
    function = blank(names, "hand_down")
    given = layer(inputs["layer"]), inputs["x"], inputs["R"]
    return plain(function(*given, bent(*inputs["bend"]), inputs["epsilon"]), "hand_down")


def gamma_weights(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's modified weights, and what has become of those that were given."""
    w = inputs["w"]
    found = plain(blank(names, "gamma_weights")(w, inputs["gamma"]), "gamma_weights")
    return {"weights": found, "w": w}


def bent(first: float, third: float) -> Callable[[np.ndarray], np.ndarray]:
    """The function ``first v + third v^3`` of each number."""

    def bend(v: np.ndarray) -> np.ndarray:
        return first * v + third * v**3

    return bend


ASKS: dict[str, Ask] = {
    each.__name__: each for each in (by_hand, lrp_zero, cancelling, hand_down, gamma_weights)
}
