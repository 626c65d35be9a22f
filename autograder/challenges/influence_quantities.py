"""The challenges of ``absolute`` and ``comparative``: the right quantity, at the right slice.

What the student returns is a question about a network. Its quantity is evaluated in the box at
points of the slice, value and gradient, whatever way it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.influence_nets import polynomial_net, rounded, weights_of
from autograder.comparing import Misread, numbers, part, text
from hwkit.checks.nets import PolynomialNet

# Of scores (n, classes): the quantity (n,) and its slopes (n, classes).
_Formula = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
_SCORE, _DIFFERENCE = "the score of a class", "the difference of two scores"
_SLICE = "at the slice that was asked about"
_CLASSES, _POINTS = 5, 4
_TOLERANCE = 1e-3
_INDEX_HINT = "For a quantity of terms (index, factor) the index is the class."
_SOFTMAX_HINT = "A softmax of one class also falls when another rises. Read the output as it is."
_KEEP_HINT = "self.for_quantity(...) keeps the slice; no for_layer or for_input is needed here."


def _draw_absolute(rng: np.random.Generator) -> Sequence[Case]:
    first, second, third, fourth = (int(c) for c in rng.permutation(_CLASSES)[:4])
    makers = [
        partial(_absolute_case, aspect=_SCORE, c=first),
        partial(_absolute_case, aspect=_SCORE, c=second),
        partial(_absolute_case, aspect=_SCORE, c=third),
        partial(_absolute_case, aspect=_SLICE, c=fourth, layer=None),
        partial(_absolute_case, aspect=_SLICE, c=first, layer=None),
    ]
    return draw_cases(makers, rng)


def _draw_comparative(rng: np.random.Generator) -> Sequence[Case]:
    first, second, third, fourth = (int(c) for c in rng.permutation(_CLASSES)[:4])
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
    others = dict.fromkeys(range(_CLASSES), -1 / (_CLASSES - 1))
    wrong: dict[str, _Formula] = {
        "softmax": _probability({c: 1.0}),
        "logarithm of softmax": _log_probability(c),
        "sign turned": _terms({c: -1.0}),
        "class after": _terms({(c + 1) % _CLASSES: 1.0}),
        "class before": _terms({(c - 1) % _CLASSES: 1.0}),
        "factor": _terms({c: 2.0}),
        "all classes": _terms(dict.fromkeys(range(_CLASSES), 1.0)),
        "mean of the classes": _terms(dict.fromkeys(range(_CLASSES), 1.0 / _CLASSES)),
        "versus the others": _terms(others | {c: 1.0}),
        "highest class": _highest,
        "sign cut off": _positive({c: 1.0}),
        "absolute value": _magnitude({c: 1.0}),
        "squared": _squared(c),
        **{f"always class {fixed}": _terms({fixed: 1.0}) for fixed in range(_CLASSES)},
    }
    return _case(rng, aspect, (c,), layer, _terms({c: 1.0}), wrong)


def _comparative_case(
    rng: np.random.Generator, aspect: str, pair: tuple[int, int], layer: str | None = "slice"
) -> Case:
    c1, c2 = pair
    after = (c2 + 1) % _CLASSES
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
        "versus all others": _terms(dict.fromkeys(range(_CLASSES), -1.0) | {c1: 1.0}),
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
    net = polynomial_net(rng, (), 3, 6, _CLASSES)
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


_COMMON = (
    Mistake(
        "softmax",
        "this explains softmax probabilities; the quantity is made of scores (logits).",
        _SOFTMAX_HINT,
    ),
    Mistake("absolute value", "an absolute value is taken: the quantity has a sign.", _INDEX_HINT),
    Mistake("sign cut off", "negative values are cut off: the quantity has a sign.", _INDEX_HINT),
    Mistake(
        "quantity instead of question",
        "this returns the quantity; the question about it is asked for.",
        "self.for_quantity(...) makes a question out of a quantity.",
    ),
    Mistake("not a question", "this is not what self.for_quantity(...) returns."),
    Mistake(
        "another slice", "this asks about another slice than the one it was called for.", _KEEP_HINT
    ),
    Mistake(
        "another output",
        "the quantity reads another layer than the network's output.",
        "Leave the layer of the Quantity out.",
    ),
)
_ABSOLUTE = (
    Mistake(
        "logarithm of softmax",
        "this explains the logarithm of a softmax; the quantity is the score itself.",
        _SOFTMAX_HINT,
    ),
    Mistake("sign turned", "the sign is turned: this explains what speaks against the class."),
    Mistake("class after", "this is the class after the one that was asked for.", _INDEX_HINT),
    Mistake("class before", "this is the class before the one that was asked for.", _INDEX_HINT),
    Mistake("factor", "the score has another factor than 1.", _INDEX_HINT),
    Mistake("all classes", "all classes are added up, not only class c.", _INDEX_HINT),
    Mistake("mean of the classes", "this is the mean of all classes, not class c.", _INDEX_HINT),
    Mistake("versus the others", "this compares class c with the mean of the others.", _INDEX_HINT),
    Mistake("highest class", "this is always the class of highest score, whatever c is."),
    Mistake("squared", "this is the square of the score.", _INDEX_HINT),
    *(
        Mistake(f"always class {fixed}", f"c is not used: this is always class {fixed}.")
        for fixed in range(_CLASSES)
    ),
)
_COMPARATIVE = (
    Mistake(
        "comparison swapped",
        "the sign of the comparison is swapped: c1 speaks for, c2 against.",
        "comparative(c1, c2) asks why c1 rather than c2.",
    ),
    Mistake("scores added", "the scores are added; compared is what one has more than the other."),
    Mistake("second class ignored", "only c1 is asked about; c2 is not used."),
    Mistake("first class ignored", "only c2 is asked about; c1 is not used."),
    Mistake("first class missing", "c1 is missing: only c2 speaks against."),
    Mistake("softmax of the first", "this is the softmax of c1.", _SOFTMAX_HINT),
    Mistake(
        "logarithm of softmax of the first",
        "this is the logarithm of c1's softmax: it compares c1 with all classes at once.",
        _SOFTMAX_HINT,
    ),
    Mistake("mean of two terms", "both factors are halved; the plain difference is asked for."),
    Mistake("class after the second", "c1 is compared with the class after c2.", _INDEX_HINT),
    Mistake("product", "this is a product of the two scores; their difference is asked for."),
    Mistake("versus all others", "c1 is compared with all other classes, not with c2 alone."),
)

ABSOLUTE = Challenge(
    question="absolute",
    title="Absolute quantity of interest",
    ask="absolute",
    blanks=("MyAbsolute",),
    aspects={_SCORE: 4.0, _SLICE: 1.0},
    draw=_draw_absolute,
    mistakes={each.name: each for each in (*_COMMON, *_ABSOLUTE)},
)
COMPARATIVE = Challenge(
    question="comparative",
    title="Comparative quantity of interest",
    ask="comparative",
    blanks=("MyComparative",),
    aspects={_DIFFERENCE: 4.0, _SLICE: 1.0},
    draw=_draw_comparative,
    mistakes={each.name: each for each in (*_COMMON, *_COMPARATIVE)},
)
CHALLENGES = (ABSOLUTE, COMPARATIVE)
