"""Asking functions of "surrogates" about the constraint, what is kept of pictures, and draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, plain, several


def constrained_fit(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The values of the student's fit."""
    return _answer(names, "constrained_fit", inputs, ("Z", "y", "weights", "empty", "full"))


def keep_top(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's pictures of which some pixels are kept."""
    return _answer(names, "keep_top", inputs, ("pictures", "maps", "fraction", "fill"))


def removal_curve(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's accuracies of a hidden linear network, and their area."""
    function = blank(names, "removal_curve")
    predict = linear(inputs["w"], inputs["b"])
    given = [inputs[key] for key in ("pictures", "labels", "maps", "fractions", "fill")]
    return several(function(predict, *given), ("accuracies", "area"), "removal_curve")


def sample_weights(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The weights that the student draws."""
    return _answer(names, "sample_weights", inputs, ("mean", "rho", "noise"))


def predictive(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's mean and spread of probabilities."""
    answer = blank(names, "predictive")(inputs["logits"])
    return several(answer, ("mean", "spread"), "predictive")


def linear(w: np.ndarray, b: np.ndarray) -> Callable[[Any], np.ndarray]:
    """A network without hidden layers: pictures ``(n, h, w, c)`` in, scores ``(n, classes)`` out.

    Args:
        w: weights ``(h, w, c, classes)``.
        b: biases ``(classes,)``.
    """

    def predict(pictures: Any) -> np.ndarray:
        given = np.asarray(pictures, np.float64)
        if given.ndim != w.ndim or given.shape[1:] != w.shape[:-1]:
            expected = ", ".join(map(str, w.shape[:-1]))
            raise ValueError(f"Expected pictures (n, {expected}). Received: {given.shape}.")
        return np.asarray(np.tensordot(given, w, 3) + b, np.float32)

    return predict


def _answer(names: Names, name: str, inputs: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return plain(blank(names, name)(*(inputs[key] for key in keys)), name)


ASKS: dict[str, Ask] = {
    each.__name__: each
    for each in (constrained_fit, keep_top, removal_curve, sample_weights, predictive)
}
