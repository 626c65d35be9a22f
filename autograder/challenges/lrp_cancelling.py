"""The challenge of ``cancelling``: an input is right if LRP-0 hands out too much on it.

The judge works out LRP-0 of the input that came back; any that has the property counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges import lrp_zero
from autograder.comparing import Misread, numbers
from hwkit.checks.lrp_cancelling import LARGEST_INPUT, LOWEST_SCORE, RATIO
from hwkit.checks.toy_net import TOY

_PROPERTY = "an input on which relevance cancels"
_NEARLY = 1 + 1e-6  # what rounding may cost
_LOOK = "Print z, the score and the relevance of your input."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return [
        Case(
            _PROPERTY, {}, np.asarray(1.0), read=_read, references={"lrp_zero": lrp_zero.reference}
        )
    ]


def _read(value: Any) -> np.ndarray:
    """1 for an input that has the property.

    Raises:
        Misread: it has not; the mistake says what is missing.
    """
    x = numbers(value)
    if x.shape == (1, *TOY.x.shape):
        raise Misread("with an axis of instances", f"shape {x.shape}")
    if x.shape == TOY.c.shape:
        raise Misread("hidden units instead of inputs", f"shape {x.shape}")
    if x.shape != TOY.x.shape:
        raise Misread("another number of numbers", f"shape {x.shape}")
    if not np.isfinite(x).all():
        raise Misread("NaN or infinity")
    if np.abs(x).max() > LARGEST_INPUT * _NEARLY:
        raise Misread("too large", f"{np.abs(x).max():.4g}")
    score, hidden = float(TOY.score(x)), np.maximum(x @ TOY.V + TOY.c, 0) * TOY.u
    handed = lrp_zero.reference(x[np.newaxis], TOY.V, TOY.c, hidden[np.newaxis])
    _refuse(x, score, float(np.abs(handed).sum()))
    return np.asarray(1.0)


def _refuse(x: np.ndarray, score: float, total: float) -> None:
    """Say why an input has not the property, if so."""
    told = f"a score of {score:.4g}, and {total:.4g} handed out"
    if np.array_equal(x, TOY.x):
        raise Misread("the notebook's own input", told)
    if score < 0:
        raise Misread("score below zero", told)
    if score * _NEARLY < LOWEST_SCORE:
        raise Misread("score too small", told)
    if total * _NEARLY > RATIO * score:
        return
    if total <= score * _NEARLY:
        raise Misread("nothing cancels", told)
    raise Misread("too little cancels", told)


_MISTAKES = (
    Mistake(
        "with an axis of instances",
        "two numbers are asked for, without an axis of instances.",
        "Return x[0] instead of x.",
    ),
    Mistake(
        "hidden units instead of inputs",
        "three numbers came back: the network has two inputs.",
    ),
    Mistake("another number of numbers", "an input of the network has two numbers."),
    Mistake("too large", "a number of your input is larger than 10 in size."),
    Mistake(
        "the notebook's own input",
        "this is the input that the notebook begins with; it is not ten times yet.",
        _LOOK,
    ),
    Mistake("score below zero", "the score is negative; at least 0.1 is asked for.", _LOOK),
    Mistake("score too small", "the score is less than 0.1.", _LOOK),
    Mistake(
        "nothing cancels",
        "no more than the score is handed out: nothing cancels.",
        "Look for units whose contributions have opposite signs, or which are of opposite "
        "relevance.",
    ),
    Mistake(
        "too little cancels",
        "less than ten times the score is handed out.",
        "Go on in the direction in which the score falls and the contributions do not.",
    ),
)

CHALLENGE = Challenge(
    question="cancelling",
    title="What is wrong with it?",
    ask="cancelling",
    blanks=("cancelling",),
    aspects={_PROPERTY: 3.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
    stand_ins={"lrp_zero": "lrp_zero"},
)
