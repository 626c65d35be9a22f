"""The challenge of ``gamma_weights``: weights and biases of any shape."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.comparing import Misread, numbers, part

_MATRIX, _SHAPES = "weights of a dense layer", "weights of any shape"
_UNCHANGED = "what came in stays as it was"
_TOLERANCE = 1e-4
_TRY = "Try w = np.array([2., -2.]) and gamma = 0.5 by hand."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_MATRIX, shape=(4, 3), low=0.125, high=0.875),
        partial(_case, aspect=_MATRIX, shape=(3, 5), low=1.25, high=6),
        partial(_case, aspect=_MATRIX, shape=(4, 4), low=0, high=0),
        partial(_case, aspect=_SHAPES, shape=(5,), low=0.125, high=0.875),
        partial(_case, aspect=_SHAPES, shape=(2, 3, 2, 4), low=1.25, high=6),
        partial(_case, aspect=_UNCHANGED, shape=(3, 4), low=0.125, high=0.875),
    ]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator, aspect: str, shape: tuple[int, ...], low: float, high: float
) -> Case:
    """Weights of both signs, and a gamma between these bounds, never 1."""
    w = eighths(rng, shape, -2, 2)
    while not (w > 0).any() or not (w < 0).any():
        w = eighths(rng, shape, -2, 2)
    w.flat[rng.integers(w.size)] = 0
    gamma = round(float(rng.uniform(low, high)), 2)

    def read(value: Any) -> np.ndarray:
        found = numbers(part(value, "weights"))
        left = numbers(part(value, "w"))
        if aspect == _UNCHANGED and not np.array_equal(left, w):
            raise Misread("changed in place")
        return found

    exact = w.astype(np.float64)
    return Case(
        aspect,
        {"w": w, "gamma": gamma},
        exact * np.where(exact > 0, 1 + gamma, 1),
        lambda: _wrong(exact, gamma),
        _TOLERANCE,
        read,
    )


def _wrong(w: np.ndarray, gamma: float) -> dict[str, np.ndarray]:
    above, below = np.maximum(w, 0), np.minimum(w, 0)
    return {
        "only the positive part": above,
        "gamma of all weights": w + gamma * w,
        "only what is added": gamma * above,
        "negative weights count more": w + gamma * below,
        "negative weights left out": above + gamma * above,
        "positive weights count less": w - gamma * above,
        "size instead of positive part": w + gamma * np.abs(w),
        "gamma added": w + gamma,
        "gamma added to positive weights": w + gamma * (w > 0),
        "gamma instead of 1 + gamma": below + gamma * above,
        "gamma not used": w,
        "gamma not used, 1": w + above,
        "sign of the negative part": above + gamma * above - below,
        "negative weights count less": w - gamma * below,
    }


_MISTAKES = (
    Mistake(
        "only the positive part",
        "this is the positive part of w; gamma times it is to be added to w.",
        _TRY,
    ),
    Mistake(
        "gamma of all weights",
        "all weights are made larger; only positive ones count more.",
        _TRY,
    ),
    Mistake("only what is added", "this is only what is to be added to w: gamma times w+.", _TRY),
    Mistake(
        "negative weights count more",
        "negative weights are made larger; positive ones count more.",
        "The positive part is max(0, w).",
    ),
    Mistake(
        "negative weights left out",
        "negative weights are set to zero; they stay as they are.",
        _TRY,
    ),
    Mistake("positive weights count less", "the positive part is subtracted.", _TRY),
    Mistake(
        "size instead of positive part",
        "an absolute value is taken instead of the positive part.",
        "The positive part is max(0, w).",
    ),
    Mistake("gamma added", "gamma itself is added to w, not gamma times w+.", _TRY),
    Mistake(
        "gamma added to positive weights",
        "gamma itself is added to positive weights, not gamma times these.",
        _TRY,
    ),
    Mistake(
        "gamma instead of 1 + gamma",
        "positive weights are multiplied by gamma, not by 1 + gamma.",
        "With gamma = 0 the weights stay as they are.",
    ),
    Mistake("gamma not used", "w comes back as it is: nothing is added.", _TRY),
    Mistake("gamma not used, 1", "gamma is not used: this is always gamma = 1.", _TRY),
    Mistake(
        "sign of the negative part", "negative weights change their sign; they stay as they are."
    ),
    Mistake(
        "negative weights count less",
        "negative weights are made smaller; positive ones are to be made larger.",
        "The positive part is max(0, w).",
    ),
    Mistake(
        "changed in place",
        "the weights that were passed in have been changed.",
        "Work on a new array: w = w + ... makes one, w += ... changes the old.",
    ),
)

CHALLENGE = Challenge(
    question="gamma_weights",
    title="Gamma",
    ask="gamma_weights",
    blanks=("gamma_weights",),
    aspects={_MATRIX: 2.0, _SHAPES: 1.0, _UNCHANGED: 1.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
