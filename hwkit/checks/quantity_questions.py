"""The checks of ``absolute`` and ``comparative``: the right quantity, at the slice that was asked.

What the student returns is a question about a network; its quantity is evaluated at points of a
PolynomialNet's slice, value and gradient, whatever way it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hwkit.checks import nets
from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.question import NotAttemptedError, WrongAnswerError
from hwkit.checks.student_code import call

# Of scores (n, classes): the quantity (n,) and its slopes (n, classes).
_Formula = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
_POINTS = 3
_WHAT = "the quantity (its value, then its slopes)"
_SOFTMAX = "this explains a softmax probability; the quantity is the score itself (the logit)."
_SWAPPED = "the sign of the comparison is swapped: c1 speaks for, c2 against."
_HINTS = {
    _SOFTMAX: "A softmax of one class also falls when another rises. Read the output as it is.",
    _SWAPPED: "comparative(c1, c2) asks why c1 rather than c2.",
    "": "For a quantity of terms (index, factor) the index is the class.",
}


def check_absolute(layer_class: type) -> None:
    """Judge ``absolute(c)`` for several classes.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another quantity.
    """
    _require_own(layer_class, "absolute", "MyAbsolute(ExplanationForLayer)")
    judge(_absolute_cases(layer_class), _HINTS, _WHAT)


def _absolute_cases(layer_class: type) -> Iterator[Case]:
    for c in (2, 0, 3):
        mistakes = {
            _SOFTMAX: _probability({c: 1.0}),
            "this explains the logarithm of a softmax; the quantity is the score itself.": (
                _log_probability(c)
            ),
            "the sign is turned: this explains what speaks against the class.": _terms({c: -1.0}),
            "this is the class after the one that was asked for.": _terms({(c + 1) % 4: 1.0}),
            "this is the class before the one that was asked for.": _terms({(c - 1) % 4: 1.0}),
            "the score has another factor than 1.": _terms({c: 2.0}),
            "all classes are added up, not only class c.": _terms(dict.fromkeys(range(4), 1.0)),
            "this is always the class of highest score, whatever class is asked for.": _highest,
            "only negative or only positive scores count: the score itself is asked for.": (
                _positive({c: 1.0})
            ),
            **{
                f"c is not used: this is always class {fixed}.": _terms({fixed: 1.0})
                for fixed in range(4)
            },
        }
        right = _terms({c: 1.0})
        yield _case(layer_class, "absolute", (c,), right, mistakes)


def check_comparative(layer_class: type) -> None:
    """Judge ``comparative(c1, c2)`` for several pairs.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another quantity.
    """
    _require_own(layer_class, "comparative", "MyComparative(MyAbsolute)")
    judge(_comparative_cases(layer_class), _HINTS, _WHAT)


def _comparative_cases(layer_class: type) -> Iterator[Case]:
    for c1, c2 in ((2, 0), (0, 3), (1, 2)):
        mistakes = {
            _SWAPPED: _terms({c1: -1.0, c2: 1.0}),
            "the scores are added; compared is what one has more than the other.": _terms(
                {c1: 1.0, c2: 1.0}
            ),
            "only c1 is asked about; c2 is not used.": _terms({c1: 1.0}),
            "only c2 is asked about; c1 is not used.": _terms({c2: 1.0}),
            "c1 is missing: only c2 speaks against.": _terms({c2: -1.0}),
            _SOFTMAX: _probability({c1: 1.0, c2: -1.0}),
            "an absolute value is taken: the comparison has a sign.": _magnitude(c1, c2),
            "negative comparisons are cut off: the comparison has a sign.": _positive(
                {c1: 1.0, c2: -1.0}
            ),
            "this is the mean of two terms; the plain difference is asked for.": _terms(
                {c1: 0.5, c2: -0.5}
            ),
        }
        right = _terms({c1: 1.0, c2: -1.0})
        yield _case(layer_class, "comparative", (c1, c2), right, mistakes)


def _require_own(layer_class: Any, name: str, wanted: str) -> None:
    from hwkit.explanation import ExplanationForLayer

    if not isinstance(layer_class, type) or not issubclass(layer_class, ExplanationForLayer):
        raise WrongAnswerError(
            f"expected a class {wanted}, received "
            f"{getattr(layer_class, '__name__', type(layer_class).__name__)}.",
            "Give the class itself, without parentheses, and keep its first line.",
        )
    if getattr(layer_class, name) is getattr(ExplanationForLayer, name):
        raise NotAttemptedError("")


def _case(
    layer_class: type,
    name: str,
    classes: tuple[int, ...],
    right: _Formula,
    mistakes: dict[str, _Formula],
) -> Case:
    net = nets.vector_net()
    label = f"{name}({', '.join(map(str, classes))})"

    def ask(layer: str | None) -> Any:
        question = call(getattr(layer_class(net.explanation, layer), name), *classes, case=label)
        _require_question(question, layer, label)
        return question

    ask(None)
    points = nets.wave((_POINTS, *net.weights.shape[:-1]), 6.0) * 2
    slopes = net.slope(points, np.zeros_like(points), 0, 0)
    return Case(
        label,
        _evaluated(ask("slice"), points, label),
        _columns(right, net, points, slopes),
        {text: _columns(formula, net, points, slopes) for text, formula in mistakes.items()},
    )


def _columns(
    formula: _Formula, net: nets.PolynomialNet, points: np.ndarray, slopes: np.ndarray
) -> np.ndarray:
    value, by_score = formula(net.scores(points))
    return np.column_stack([value, slopes * (by_score @ net.weights.T)])


def _evaluated(question: Any, points: np.ndarray, label: str) -> np.ndarray:
    stream = question.method.stream
    single = points.astype(np.float32)
    values = call(stream.values, single, case=label)
    gradients = call(stream.gradients, single, case=label)
    value = numbers(values, (len(points),), "the quantity", label)
    return np.column_stack([value, numbers(gradients, points.shape, "the gradient", label)])


def _require_question(question: Any, layer: str | None, label: str) -> None:
    from hwkit.explanation import ExplanationForQuantity
    from hwkit.quantities import FunctionQuantity, Quantity

    if isinstance(question, (Quantity, FunctionQuantity)):
        raise WrongAnswerError(
            "this returns the quantity; the question about it is asked for.",
            "self.for_quantity(...) makes a question out of a quantity.",
        )
    if not isinstance(question, ExplanationForQuantity):
        raise WrongAnswerError(
            f"expected what self.for_quantity(...) returns, received {type(question).__name__}."
        )
    cut = question.method.stream.cut
    if cut.layer != layer:
        raise WrongAnswerError(
            f"{label} asks about another slice than the one it was called for.",
            "self.for_quantity(...) keeps the slice; no for_layer or for_input is needed here.",
        )
    if cut.stop is not None:
        raise WrongAnswerError(
            f"{label} reads an inner layer, not the network's output.",
            "A quantity about the output has no layer: leave layer= out.",
        )


def _terms(factors: dict[int, float]) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weights = np.zeros(scores.shape[-1])
        for index, factor in factors.items():
            weights[index] += factor
        return scores @ weights, np.broadcast_to(weights, scores.shape)

    return formula


def _probability(factors: dict[int, float]) -> _Formula:
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


def _magnitude(c1: int, c2: int) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, weights = _terms({c1: 1.0, c2: -1.0})(scores)
        return np.abs(value), weights * np.sign(value)[:, np.newaxis]

    return formula


def _positive(factors: dict[int, float]) -> _Formula:
    def formula(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, weights = _terms(factors)(scores)
        return np.maximum(value, 0), weights * (value > 0)[:, np.newaxis]

    return formula


def _highest(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return scores.max(axis=1), np.eye(scores.shape[-1])[scores.argmax(axis=1)]
