"""The check of ``cancelling()``: an input on which LRP-0 hands out far more than there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hwkit.checks.comparing import numbers
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.student_code import call
from hwkit.checks.toy_net import TOY

LOWEST_SCORE = 0.1
RATIO = 10
LARGEST_INPUT = 10
_NEARLY = 1 + 1e-6  # what rounding may cost


def check_cancelling(cancelling: Callable[..., Any]) -> None:
    """Judge the input by its score and by the relevance that LRP-0 gives it.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: not two numbers, too large, or
            without the property.
    """
    x = numbers(call(cancelling), TOY.x.shape, "the input", "the toy network has two inputs")
    if not np.isfinite(x).all():
        raise WrongAnswerError("your input contains NaN or infinity.")
    largest = float(np.abs(x).max())
    if largest > LARGEST_INPUT:
        raise WrongAnswerError(
            f"a number of your input is {largest:.4g} in size; at most {LARGEST_INPUT} is allowed."
        )
    score = float(TOY.score(x))
    if score * _NEARLY < LOWEST_SCORE:
        raise WrongAnswerError(
            f"the score of your input is {score:.4g}; at least {LOWEST_SCORE} is asked for.",
            "A score of zero or less is easily exceeded; that would show nothing.",
        )
    handed_out = float(np.abs(_relevance(x)).sum())
    if not handed_out * _NEARLY > RATIO * score:
        raise WrongAnswerError(
            f"the relevance of your inputs adds up to {handed_out:.4g} in absolute value, "
            f"{handed_out / score:.3g} times the score {score:.4g}; more than {RATIO} times is "
            "asked for.",
            "The score must be small although what it is made of is large: let contributions of "
            "opposite sign almost cancel.",
        )


def _relevance(x: np.ndarray) -> np.ndarray:
    """LRP-0 of the inputs ``(2,)``.

    Here it is how much the score moves when one input alone is stretched by 1 %, times 100, with
    the units kept on or off: the network is a plane there.
    """
    on = x @ TOY.V + TOY.c > 0
    stretched = x * (1 + np.eye(2) / 100)
    moves = ((stretched - x) @ TOY.V)[:, on] @ TOY.u[on]
    return 100 * moves
