"""Asking functions of "lrp" about a network by hand and about one layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, plain
from autograder.inside.asks.lrp_given import layer


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
