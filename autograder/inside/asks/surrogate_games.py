"""Asking functions of "surrogates" about pictures with hidden superpixels, games and fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, NotAttempted, Reference, blank, plain


def masked(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's pictures, and what has become of what was given."""
    function = blank(names, "masked")
    given = [inputs[key] for key in ("picture", "segments", "Z", "fill")]
    return {**inputs, "pictures": plain(function(*given), "masked")}


def weighting_kernel(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's weights of coalitions."""
    function = blank(names, "weighting_kernel")
    return plain(function(inputs["Z"], inputs["width"]), "weighting_kernel")


def weighted_ridge(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's intercept and weights, or the single array that came instead."""
    name = "weighted_ridge"
    function = blank(names, name)
    answer = function(inputs["Z"], inputs["y"], inputs["weights"], inputs["alpha"])
    if answer is None or answer is Ellipsis:
        raise NotAttempted(name)
    if isinstance(answer, (list, tuple)) and len(answer) == 2:
        return {"b": plain(answer[0], name), "beta": plain(answer[1], name)}
    return {"single": plain(answer, name)}


def exact_shapley(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's Shapley values of a hidden game."""
    function = blank(names, "exact_shapley")
    return plain(function(game(inputs["table"], inputs["d"]), inputs["d"]), "exact_shapley")


def shapley_kernel(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's weights of coalitions of these sizes."""
    function = blank(names, "shapley_kernel")
    return plain(function(inputs["d"], inputs["sizes"]), "shapley_kernel")


def dummy_player(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The four values that the student constructed."""
    return plain(blank(names, "dummy_player")(), "dummy_player")


def game(table: np.ndarray, d: int) -> Callable[[Any], np.ndarray]:
    """A game of ``d`` players as students know games.

    Args:
        table: a value for every coalition, numbered by its binary digits: bit i for player i.
        d: how many players.
    """
    digits = 2 ** np.arange(d)

    def value(Z: Any) -> np.ndarray:
        """Values ``(m,)`` of the coalitions in the rows of Z ``(m, d)``.

        Raises:
            ValueError: Z is no such array of 0 and 1.
        """
        rows = np.asarray(Z)
        if rows.ndim != 2 or rows.shape[1] != d:
            raise ValueError(
                f"Expected coalitions Z of shape (m, {d}), a row for each. Received: {rows.shape}."
            )
        if not ((rows == 0) | (rows == 1)).all():
            raise ValueError("Expected coalitions of 0 and 1. Received: other values.")
        return np.asarray(table[rows.astype(int) @ digits])

    return value


ASKS: dict[str, Ask] = {
    each.__name__: each
    for each in (
        masked,
        weighting_kernel,
        weighted_ridge,
        exact_shapley,
        shapley_kernel,
        dummy_player,
    )
}
