"""The challenge of ``reveal_cancel``: two players share what an activation gained.

Each share is tried by itself, on ReLUs; on curved activations only the sum of the two is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.agreement_activations import RELU, SIGMOID, SOFTPLUS, TANH, Activation
from autograder.challenges.agreement_reveal_cancel_told import MISTAKES
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.comparing import Misread, numbers, part

_PLUS, _MINUS = "the share of plus", "the share of minus"
_SUM = "they add up on curved activations"
_TOLERANCE = 1e-3
_Function = Callable[[np.ndarray], np.ndarray]
_Shares = tuple[np.ndarray, np.ndarray]


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=aspect, shape=shape, activation=RELU)
        for aspect in (_PLUS, _MINUS)
        for shape in ((12,), (4, 5), (2, 3, 3, 2))
    ]
    curved = (((6,), SIGMOID), ((3, 4), TANH), ((2, 2, 3, 2), SOFTPLUS))
    makers += [partial(_case, aspect=_SUM, shape=shape, activation=each) for shape, each in curved]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator, aspect: str, shape: tuple[int, ...], activation: Activation
) -> Case:
    r = eighths(rng, shape, -2, 2)
    plus, minus = eighths(rng, shape, 0.125, 3), eighths(rng, shape, -3, -0.125)
    while (even := plus + minus == 0).any():  # the rescale rule has no quotient there
        plus = np.where(even, eighths(rng, shape, 0.125, 3), plus)
    truth = _Truth(activation, *(each.astype(np.float64) for each in (r, plus, minus)))
    pick = partial(_picked, aspect=aspect)
    return Case(
        aspect,
        {"r": r, "plus": plus, "minus": minus, "activation": activation.sent},
        pick(truth.shares()),
        lambda: {name: pick(each) for name, each in truth.wrong().items()},
        _TOLERANCE,
        lambda value: pick(_read(value)),
    )


def _picked(shares: _Shares, aspect: str) -> np.ndarray:
    """The one of the two that an aspect is about, or their sum."""
    plus, minus = shares
    if aspect != _SUM:
        return plus if aspect == _PLUS else minus
    if plus.shape != minus.shape:
        raise Misread("no pair", f"arrays of shapes {plus.shape} and {minus.shape}")
    return plus + minus


def _read(value: Any) -> _Shares:
    """Both shares.

    Raises:
        Misread: there are no two.
    """
    if type(value) is dict and "plus" in value:
        return numbers(part(value, "plus")), numbers(part(value, "minus"))
    raise Misread("no pair", f"one array of shape {numbers(value).shape}")


class _Truth:
    """An activation whose input is raised and lowered, and what mistakes would give."""

    def __init__(
        self, activation: Activation, r: np.ndarray, plus: np.ndarray, minus: np.ndarray
    ) -> None:
        self._activation, self._r, self._plus, self._minus = activation, r, plus, minus

    def shares(self, f: _Function | None = None) -> _Shares:
        """What is asked for; of another activation, if given."""
        first, second = self._first(f), self._second(f)
        return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2

    def _first(self, f: _Function | None = None) -> _Shares:
        """What each brings when it comes first."""
        f = f or self._activation.f
        return f(self._r + self._plus) - f(self._r), f(self._r + self._minus) - f(self._r)

    def _second(self, f: _Function | None = None) -> _Shares:
        """What each brings when the other came first."""
        f = f or self._activation.f
        both = f(self._r + self._plus + self._minus)
        return both - f(self._r + self._minus), both - f(self._r + self._plus)

    def wrong(self) -> dict[str, _Shares]:
        """What typical mistakes give."""
        f, r, plus, minus = self._activation.f, self._r, self._plus, self._minus
        right, first, second = self.shares(), self._first(), self._second()
        whole = f(r + plus + minus) - f(r)
        return {
            "shares exchanged": (right[1], right[0]),
            "rescale": (whole * plus / (plus + minus), whole * minus / (plus + minus)),
            "by size": (whole * plus / (plus - minus), -whole * minus / (plus - minus)),
            "only as the first": first,
            "only as the second": second,
            "plus always first": (first[0], second[1]),
            "minus always first": (second[0], first[1]),
            "half of the whole": (whole / 2, whole / 2),
            "not halved": (2 * right[0], 2 * right[1]),
            "multipliers": (right[0] / plus, right[1] / minus),
            "r not used": _Truth(self._activation, 0 * r, plus, minus).shares(),
            "f(r) forgotten": (right[0] + f(r) / 2, right[1] + f(r) / 2),
            "f not used": self.shares(lambda v: v),
            "always a ReLU": self.shares(RELU.f),
            "share of plus twice": (right[0], right[0]),
            "share of minus turned": (right[0], -right[1]),
            "minus subtracted": _Truth(self._activation, r, plus, -minus).shares(),
            "rest without f(r)": (right[0], f(r + plus + minus) - right[0]),
        }


CHALLENGE = Challenge(
    question="reveal_cancel",
    title="What cancels",
    ask="reveal_cancel",
    blanks=("reveal_cancel",),
    aspects={_PLUS: 3.0, _MINUS: 3.0, _SUM: 1.0},
    draw=_draw,
    mistakes=MISTAKES,
)
