"""The challenge of ``multiplier``: what an activation made of a difference, as a factor.

Each aspect is tried apart from the other: where equal numbers are tried beside others, the
activation is a straight line, on which most wrong quotients are right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.agreement_activations import RELU, Activation, bent
from autograder.challenges.agreement_multiplier_told import MISTAKES
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.challenges.surrogate_references import finite_numbers
from autograder.comparing import Misread, agrees, numbers, part, text

_APART, _EQUAL = "x and r apart", "x and r equal"
_TOLERANCE = 1e-3
_CLOSE = 1e-6
_Pair = tuple[np.ndarray, np.ndarray]
_Inputs = Callable[[np.random.Generator, tuple[int, ...]], _Pair]


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_APART, make=_apart, shape=(4, 5), third=True),
        partial(_case, aspect=_APART, make=_apart, shape=(2, 3, 3, 2)),
        partial(_case, aspect=_APART, make=_apart, shape=(9,), third=True),
        partial(_case, aspect=_EQUAL, make=_equal, shape=(3, 4), third=True),
        partial(_case, aspect=_EQUAL, make=_mixed, shape=(5, 4), third=False),
        partial(_case, aspect=_EQUAL, make=_mixed, shape=(2, 3, 2, 2), third=False),
        partial(_case, aspect=_EQUAL, make=_nearly_equal, shape=(4, 4), third=True),
        partial(_case, aspect=_EQUAL, make=_around_zero, shape=(12,)),
    ]
    return draw_cases(makers, rng)


def _apart(rng: np.random.Generator, shape: tuple[int, ...]) -> _Pair:
    """Numbers that differ by a quarter or more."""
    x, r = eighths(rng, (2, *shape), -2, 2)
    while (close := np.abs(x - r) < 0.25).any():
        r = np.where(close, eighths(rng, shape, -2, 2), r)
    return x, r


def _equal(rng: np.random.Generator, shape: tuple[int, ...]) -> _Pair:
    """The same numbers twice."""
    x = eighths(rng, shape, -2, 2)
    return x, x.copy()


def _mixed(rng: np.random.Generator, shape: tuple[int, ...]) -> _Pair:
    """Numbers of which a half are equal."""
    x, r = _apart(rng, shape)
    same = rng.permutation(np.arange(x.size) % 2).reshape(shape) > 0
    return x, np.where(same, x, r)


def _nearly_equal(rng: np.random.Generator, shape: tuple[int, ...]) -> _Pair:
    """Neighbours in float32, whose quotient is nothing but rounding; a few are equal."""
    x = eighths(rng, shape, 1.25, 3)
    steps = rng.permutation(np.resize([-3, -2, -1, 0, 1, 2, 3], x.size)).reshape(shape)
    return x, x + steps.astype(np.float32) * np.spacing(np.float32(1))


def _around_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> _Pair:
    """A half less than 1e-6 apart, and a half several times that, on both sides of zero."""
    distance = np.where(
        np.arange(shape[0]) % 2, rng.uniform(5e-7, 8e-7, shape), rng.uniform(4e-6, 9e-6, shape)
    )
    sign = rng.permutation(np.resize([-1, 1], shape[0] // 2)).repeat(2)
    x = sign * distance * rng.uniform(0.3, 0.7, shape)
    return x, x - sign * distance


def _case(
    rng: np.random.Generator,
    aspect: str,
    make: _Inputs,
    shape: tuple[int, ...],
    third: bool | None = None,
) -> Case:
    """One call; the activation is a ReLU, unless told whether it has a cubic part."""
    activation = RELU
    if third is not None:
        first, second = rng.integers(3, 9, 2) / 4
        activation = bent(float(first), float(second) * third)
    x, r = make(rng, shape)
    exact = x.astype(np.float64), r.astype(np.float64)
    right = _multiplier(activation, *exact)

    def read(value: Any) -> np.ndarray:
        found, warned = numbers(part(value, "multiplier")), text(value, "warned")
        if warned and agrees(found, right, _TOLERANCE):
            raise Misread("right, with a warning", warned.rstrip("."))
        return found

    return Case(
        aspect,
        {"x": x, "r": r, "activation": activation.sent},
        right,
        lambda: _wrong(activation, *exact) | _not_equal(activation, x, r),
        _TOLERANCE,
        read,
    )


def reference(x: Any, r: Any, f_x: Any, f_r: Any, slope_x: Any, slope_r: Any) -> np.ndarray:
    """The multipliers, where a student's blank is wrong that another blank uses.

    Args:
        x: what an activation received.
        r: what it received from the reference; broadcasts to x.
        f_x: what the activation makes of x.
        f_r: what it makes of r.
        slope_x: its derivative at x.
        slope_r: its derivative at r; not used.

    Raises:
        ValueError: no finite arrays that fit together.
    """
    z, start, above, before, slope = map(finite_numbers, (x, r, f_x, f_r, slope_x))
    try:
        start, above, before, slope = (
            np.broadcast_to(each, z.shape) for each in (start, above, before, slope)
        )
    except ValueError:
        raise ValueError("Expected r, f and slope in the shape of x. Received: others.") from None
    close = np.abs(z - start) < _CLOSE
    return np.where(close, slope, (above - before) / np.where(close, 1, z - start))


def _multiplier(activation: Activation, x: np.ndarray, r: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x - r) < _CLOSE, activation.slope(x), _quotient(activation, x, r))


def _quotient(activation: Activation, x: np.ndarray, r: np.ndarray) -> np.ndarray:
    change, far = activation.f(x) - activation.f(r), x != r
    return np.divide(change, x - r, out=np.full_like(x, np.nan), where=far)


def _wrong(activation: Activation, x: np.ndarray, r: np.ndarray) -> dict[str, np.ndarray]:
    f, slope = activation.f, activation.slope
    right, close = _multiplier(activation, x, r), np.abs(x - r) < _CLOSE
    if activation.smooth:  # there the slope is the same at both
        r = np.where(close, x, r)
    gap, change = np.where(close, 1, x - r), f(x) - f(r)
    upside_down = np.divide(gap, change, out=np.full_like(x, np.nan), where=change != 0)
    apart = {
        "outputs not divided": change,
        "upside down": upside_down,
        "sign turned": -right,
        "f of the difference": f(gap) / gap,
        "f(r) forgotten": f(x) / gap,
        "divided by x": change / x,
        "absolute value": np.abs(change) / gap,
    }
    equal = {
        "zero where equal": np.zeros_like(x),
        "one where equal": np.ones_like(x),
        "f where equal": f(x),
        "slope of r where equal": slope(r),
        "divided by zero": np.where(x == r, np.nan, right),
    }
    return {
        "f(x) by x": f(x) / x,
        "slope of x": slope(x),
        "slope of r": slope(r),
        "slope half-way": slope((x + r) / 2),
        "mean of two slopes": (slope(x) + slope(r)) / 2,
        "r below x counts as equal": np.where(r - x < _CLOSE, right, slope(x)),
        "too many count as equal": np.where(np.abs(x - r) < 1e3 * _CLOSE, slope(x), right),
        **{name: np.where(close, right, each) for name, each in apart.items()},
        **{name: np.where(close, each, right) for name, each in equal.items()},
    }


def _not_equal(activation: Activation, x: np.ndarray, r: np.ndarray) -> dict[str, np.ndarray]:
    """What comes out of numbers that are nearly equal, in the precision that they have."""
    quotient = _quotient(activation, x, r).astype(np.float64)
    slope = activation.slope(x.astype(np.float64))
    nearly = (x != r) & (np.abs(x - r) < _CLOSE)
    if not nearly.any():
        return {}
    right = _multiplier(activation, x.astype(np.float64), r.astype(np.float64))
    return {
        "only what is exactly equal": np.where(nearly, quotient, np.where(x == r, slope, right))
    }


CHALLENGE = Challenge(
    question="multiplier",
    title="The multiplier",
    ask="multiplier",
    blanks=("multiplier",),
    aspects={_APART: 3.0, _EQUAL: 3.0},
    draw=_draw,
    mistakes=MISTAKES,
)
