"""The challenges of ``absolute`` and ``comparative``: the right quantity, at the right slice.

What the student returns is a question about a network. Its quantity is evaluated in the box at
points of the slice, value and gradient, whatever way it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.influence_nets import polynomial_net, rounded, weights_of
from autograder.challenges.influence_quantities_told import (
    ABSOLUTE_MISTAKES,
    CLASSES,
    COMPARATIVE_MISTAKES,
)
from autograder.comparing import Misread, numbers, part, text
from hwkit.checks.nets import PolynomialNet

# Of scores (n, classes): the quantity (n,) and its slopes (n, classes).
_Formula = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
_SCORE, _DIFFERENCE = "the score of a class", "the difference of two scores"
_SLICE = "at the slice that was asked about"
_POINTS = 4
_TOLERANCE = 1e-3


def _draw_absolute(rng: np.random.Generator) -> Sequence[Case]:
    first, second, third, fourth = (int(c) for c in rng.permutation(CLASSES)[:4])
    makers = [
        partial(_absolute_case, aspect=_SCORE, c=first),
        partial(_absolute_case, aspect=_SCORE, c=second),
        partial(_absolute_case, aspect=_SCORE, c=third),
        partial(_absolute_case, aspect=_SLICE, c=fourth, layer=None),
        partial(_absolute_case, aspect=_SLICE, c=first, layer=None),
    ]
    return draw_cases(makers, rng)


def _draw_comparative(rng: np.random.Generator) -> Sequence[Case]:
    first, second, third, fourth = (int(c) for c in rng.permutation(CLASSES)[:4])
    makers = [
        partial(_comparative_case, aspect=_DIFFERENCE, pair=(first, second)),
        partial(_comparative_case, aspect=_DIFFERENCE, pair=(third, first)),
        partial(_comparative_case, aspect=_DIFFERENCE, pair=(second, fourth)),
        partial(_comparative_case, aspect=_SLICE, pair=(fourth, third), layer=None),
        partial(_comparative_case, aspect=_SLICE, pair=(second, first), layer=None),
    ]
    return draw_cases(makers, rng)


def _absolute_case(
    rng: np.random.Generator, aspect: str, c: int, layer: str | None = "slice"
) -> Case:
    others = dict.fromkeys(range(CLASSES), -1 / (CLASSES - 1))
    wrong: dict[str, _Formula] = {
        "softmax": _probability({c: 1.0}),
        "logarithm of softmax": _log_probability(c),
        "sign turned": _terms({c: -1.0}),
        "class after": _terms({(c + 1) % CLASSES: 1.0}),
        "class before": _terms({(c - 1) % CLASSES: 1.0}),
        "factor": _terms({c: 2.0}),
        "all classes": _terms(dict.fromkeys(range(CLASSES), 1.0)),
        "mean of the classes": _terms(dict.fromkeys(range(CLASSES), 1.0 / CLASSES)),
        "versus the others": _terms(others | {c: 1.0}),
        "highest class": _highest,
        "sign cut off": _positive({c: 1.0}),
        "absolute value": _magnitude({c: 1.0}),
        "squared": _squared(c),
        **{f"always class {fixed}": _terms({fixed: 1.0}) for fixed in range(CLASSES)},
    }
    return _case(rng, aspect, (c,), layer, _terms({c: 1.0}), wrong)


def _comparative_case(
    rng: np.random.Generator, aspect: str, pair: tuple[int, int], layer: str | None = "slice"
) -> Case:
    c1, c2 = pair
    after = (c2 + 1) % CLASSES
    difference = {c1: 1.0, c2: -1.0}
    wrong: dict[str, _Formula] = {
        "comparison swapped": _terms({c1: -1.0, c2: 1.0}),
        "scores added": _terms({c1: 1.0, c2: 1.0}),
        "second class ignored": _terms({c1: 1.0}),
        "first class ignored": _terms({c2: 1.0}),
        "first class missing": _terms({c2: -1.0}),
        "softmax": _probability(difference),
        "softmax of the first": _probability({c1: 1.0}),
        "logarithm of softmax of the first": _log_probability(c1),
        "absolute value": _magnitude(difference),
        "sign cut off": _positive(difference),
        "mean of two terms": _terms({c1: 0.5, c2: -0.5}),
        "class after the second": _terms({c1: 1.0, after: -1.0} if after != c1 else {}),
        "product": _product(c1, c2),
        "versus all others": _terms(dict.fromkeys(range(CLASSES), -1.0) | {c1: 1.0}),
    }
    return _case(rng, aspect, pair, layer, _terms(difference), wrong)


def _case(
    rng: np.random.Generator,
    aspect: str,
    classes: tuple[int, ...],
    layer: str | None,
    right: _Formula,
    wrong: Mapping[str, _Formula],
) -> Case:
    net = polynomial_net(rng, (), 3, 6, CLASSES)
    points = rounded(rng.normal(0, 1, (_POINTS, 6 if layer else 3)))

    def read(value: Any) -> np.ndarray:
        _require_question(value, layer)
        values, gradients = (numbers(part(value, name)) for name in ("values", "gradients"))
        if values.shape != (_POINTS,) or gradients.shape != points.shape:
            raise Misread("not a question", "a quantity of another shape")
        return np.column_stack([values, gradients])

    return Case(
        aspect,
        {
            "net": weights_of(net),
            "layer": layer,
            "classes": list(classes),
            "points": points.astype(np.float32),
        },
        _columns(right, net, points, layer),
        lambda: {name: _columns(formula, net, points, layer) for name, formula in wrong.items()},
        _TOLERANCE,
        read,
    )


def _require_question(value: Any, layer: str | None) -> None:
    kind = text(value, "kind")
    if kind == "quantity":
        raise Misread("quantity instead of question")
    if kind != "question":
        raise Misread("not a question")
    if text(value, "slice") != (layer or ""):
        raise Misread("another slice")
    if "values" not in value:
        raise Misread("another output")


def _columns(
    formula: _Formula, net: PolynomialNet, points: np.ndarray, layer: str | None
) -> np.ndarray:
    """Value and slopes of a quantity at points of the slice or of the input, ``(n, 1 + slice)``."""
    slices = points if layer else net.slice_of(points)
    value, by_score = formula(net.scores(slices))
    slopes = net.slope(slices, np.zeros_like(slices), 0, 0) * (by_score @ net.weights.T)
    return np.column_stack([value, slopes if layer else slopes @ net.kernel.T])


def _terms(factors: Mapping[int, float]) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weights = np.zeros(scores.shape[-1])
        for index, factor in factors.items():
            weights[index] += factor
        return scores @ weights, np.broadcast_to(weights, scores.shape)

    return formula


def _probability(factors: Mapping[int, float]) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shares = _softmax(scores)
        value, weights = _terms(factors)(shares)
        return value, shares * (weights - value[:, np.newaxis])

    return formula


def _log_probability(c: int) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shares = _softmax(scores)
        return np.log(shares[:, c]), np.eye(scores.shape[-1])[c] - shares

    return formula


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def _magnitude(factors: Mapping[int, float]) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, weights = _terms(factors)(scores)
        return np.abs(value), weights * np.sign(value)[:, np.newaxis]

    return formula


def _positive(factors: Mapping[int, float]) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, weights = _terms(factors)(scores)
        return np.maximum(value, 0), weights * (value > 0)[:, np.newaxis]

    return formula


def _squared(c: int) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return scores[:, c] ** 2, np.eye(scores.shape[-1])[c] * 2 * scores[:, [c]]

    return formula


def _product(c1: int, c2: int) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        eye = np.eye(scores.shape[-1])
        slopes = eye[c1] * scores[:, [c2]] + eye[c2] * scores[:, [c1]]
        return scores[:, c1] * scores[:, c2], slopes

    return formula


def _highest(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return scores.max(axis=1), np.eye(scores.shape[-1])[scores.argmax(axis=1)]


ABSOLUTE = Challenge(
    question="absolute",
    title="Absolute quantity of interest",
    ask="absolute",
    blanks=("MyAbsolute",),
    aspects={_SCORE: 4.0, _SLICE: 1.0},
    draw=_draw_absolute,
    mistakes=ABSOLUTE_MISTAKES,
)
COMPARATIVE = Challenge(
    question="comparative",
    title="Comparative quantity of interest",
    ask="comparative",
    blanks=("MyComparative",),
    aspects={_DIFFERENCE: 4.0, _SLICE: 1.0},
    draw=_draw_comparative,
    mistakes=COMPARATIVE_MISTAKES,
)
CHALLENGES = (ABSOLUTE, COMPARATIVE)
