"""The check of ``dummy_player()``: a game in which LIME pays a player who never matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hwkit.checks.comparing import numbers
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.student_code import call
from hwkit.checks.tables import fixed

LARGEST_VALUE = 1
LEAST_WEIGHT = 0.05
RATIO = 0.2
_NEARLY = 1 + 1e-6  # what rounding may cost
# The weights that LIME gives the three players (rows), for 1 in each of the four values (columns).
# They add up, for a surrogate that is fitted by least squares is linear in what it is fitted to.
WEIGHTS = fixed(
    [
        [-0.0945312509, 0.1408985605, -0.3599450660, 0.3135777564],
        [-0.0945312509, -0.3599450660, 0.1408985605, 0.3135777564],
        [0.0250333789, 0.0213339306, 0.0213339306, -0.0677012402],
    ],
    np.float64,
)


def check_dummy_player(dummy_player: Callable[..., Any]) -> None:
    """Judge the game by the weights that LIME gives its players.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: not four numbers, too large, or
            without the property.
    """
    what = "the list of values"
    values = numbers(call(dummy_player), (4,), what, "of the coalitions -, 1, 2, 1 and 2")
    if not np.isfinite(values).all():
        raise WrongAnswerError("your values contain NaN or infinity.")
    largest_value = float(np.abs(values).max())
    if largest_value > LARGEST_VALUE * _NEARLY:
        raise WrongAnswerError(
            f"one of your values is {largest_value:.4g} in size; at most {LARGEST_VALUE} is "
            "allowed."
        )
    weights = WEIGHTS @ values
    told = ", ".join(f"{weight:.3f}" for weight in weights)
    largest = float(np.abs(weights).max())
    if largest * _NEARLY < LEAST_WEIGHT:
        raise WrongAnswerError(
            f"LIME gives the three players {told}; the largest must be at least {LEAST_WEIGHT} in "
            "size.",
            "In a game that hardly depends on anybody there is nothing to pay.",
        )
    share = abs(float(weights[2])) / largest
    if share * _NEARLY < RATIO:
        raise WrongAnswerError(
            f"LIME gives the three players {told}: the third gets {share:.3g} of the largest; at "
            f"least {RATIO} is asked for.",
            "LIME is quickly asked: try many games, such as those whose values are -1, 0 or 1.",
        )
