"""Asking functions of "lrp" about one layer, and the layers that they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, plain
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


def hand_down(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """Relevance that the student's four steps hand down through a layer."""
    function = blank(names, "hand_down")
    given = layer(inputs["layer"]), inputs["x"], inputs["R"]
    found = function(*given, bent(*inputs["bend"]), inputs["epsilon"])
    return plain(found, "hand_down")


def bent(first: float, third: float) -> Callable[[np.ndarray], np.ndarray]:
    """The function ``first v + third v^3`` of each number."""

    def bend(v: np.ndarray) -> np.ndarray:
        return first * v + third * v**3

    return bend


ASKS: dict[str, Ask] = {each.__name__: each for each in (hand_down,)}
