"""The check of ``constrained_fit(Z, y, weights, empty, full)``: KernelSHAP's surrogate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from hwkit.checks.comparing import Case, judge
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed

TABLE = """
three players, empty = 0
    right            | 8.37056 2.52284 7.1066
    no constraint    | 3.88292 2.76155 1.95059
    scaled           | 8.13172 5.7833 4.08498
    shifted          | 7.0179 5.89653 5.08557
    last changed     | 3.88292 2.76155 11.3555
    without the last | 3.7651 3.41611 10.8188
    last turned      | -0.894737 -3.21053 22.1053
    y unchanged      | -0.218274 2.9797 15.2386
    Z unchanged      | 4.85235 -2.62416 15.7718
    y turned         | -8.80711 3.43655 23.3706
    own intercept    | 6.76316 5.76316 5.47368
    weights ignored  | 7.16667 5.66667 5.16667
    weights squared  | 9.24787 -0.403217 9.15535
    weights rooted   | 7.83826 4.12533 6.03641
    equal parts      | 6 6 6
four players, empty = 2
    right            | 0.583467 -7.39916 -4.43261 3.24831
    no constraint    | 3.38068 -1.1659 -0.660893 1.66744
    scaled           | -8.39575 2.89545 1.6413 -4.141
    shifted          | 0.575346 -3.97123 -3.46622 -1.13789
    last changed     | 3.38068 -1.1659 -0.660893 -9.55389
    without the last | 3.31075 -0.504301 0.807527 -11.614
    last turned      | 3.78896 0.946752 2.18917 -14.9249
    y unchanged      | 2.57768 -2.95529 -1.74365 -5.87874
    Z unchanged      | 2.97527 2.66989 7.85269 -21.4978
    y turned         | 4.57189 1.48858 0.94532 -15.0058
    empty in y       | 1.02863 -8.86137 -5.40656 5.23931
    adds up to full  | 1.08202 -6.2882 -3.76037 2.96655
    no empty         | 1.52718 -7.7504 -4.73432 4.95754
    own intercept    | -0.490514 -3.87147 -2.08289 -1.55512
    weights ignored  | 0.78125 -4.71875 -4.375 0.3125
    weights squared  | 1.05924 -9.36801 -5.10679 5.41556
    weights rooted   | 0.566858 -6.0726 -4.34035 1.8461
    equal parts      | -2 -2 -2 -2
two players, empty = -3
    right            | 4.25 7.75
    no constraint    | 4 7
    scaled           | 4.36364 7.63636
    shifted          | 4.5 7.5
    last changed     | 4 8
    without the last | 4 8
    last turned      | 1.75 10.25
    y unchanged      | 1.25 10.75
    Z unchanged      | 4 8
    y turned         | -1.75 13.75
    empty in y       | 2.75 9.25
    adds up to full  | 3.5 5.5
    no empty         | 2 7
    own intercept    | 4.5 7.5
    weights ignored  | 4.5 7.5
    weights squared  | 4.1 7.9
    weights rooted   | 4.36603 7.63397
    equal parts      | 6 6
"""
SENTENCES = {
    "no constraint": "the numbers do not add up to full - empty: the constraint is not used.",
    "scaled": "the numbers are scaled afterwards to add up; among all that add up, find the best.",
    "shifted": "the same is added to all numbers afterwards; among all that add up, find the best.",
    "last changed": "the last number is changed afterwards so that they add up; among all that add "
    "up, find the best.",
    "without the last": "the last player is left out of the fit and gets the rest; Z has a column "
    "for this player, too.",
    "last turned": "the last column enters with the wrong sign.",
    "y unchanged": "the last number is replaced in Z, but not what it brings to y.",
    "Z unchanged": "the last number is replaced in y, but its column not taken from the others.",
    "y turned": "what the last number brings to y enters with the wrong sign.",
    "empty in y": "the surrogate starts at empty: that is still in y.",
    "adds up to full": "the numbers add up to full; empty belongs to nobody.",
    "no empty": "empty is not used.",
    "own intercept": "the fit has an intercept of its own; it has to start at empty.",
    "weights ignored": "the weights are not used.",
    "weights squared": "each squared residual is weighted with the square of its weight.",
    "weights rooted": "each squared residual is weighted with the root of its weight.",
    "equal parts": "everybody gets the same part of full - empty.",
}
NOT_EXACT = "the numbers do not add up to full - empty exactly."
_HINTS = {
    NOT_EXACT: "A large weight for the constraint is not enough: it has to hold whatever the fit.",
    SENTENCES["no constraint"]: "Write one number as the total less the others and fit these; or "
    "use a Lagrange multiplier.",
    SENTENCES["weights squared"]: "If rows are multiplied before an ordinary fit, they are squared "
    "in it.",
    NOT_FINITE: "With the constraint, is the system still regular? One unknown less is free.",
    "": "Take two players: one number is free, and the other one follows.",
}
_EXACT = 1e-6  # of the sum of the sizes


def _example(label: str, Z: Any, y: Any, weights: Any, empty: float, full: float) -> Example:
    coalitions = fixed(Z, int)
    arguments = (coalitions, fixed(y, float), fixed(weights, float), empty, full)
    return Example(label, arguments, coalitions.shape[1:])


EXAMPLES = (
    _example(
        "three players, empty = 0",
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]],
        [3, 5, 1, 6, 9, 4],
        [10, 30, 20, 60, 15, 40],
        0.0,
        18.0,
    ),
    _example(
        "four players, empty = 2",
        [
            [1, 0, 0, 0],
            [0, 1, 1, 0],
            [1, 0, 1, 1],
            [0, 0, 1, 1],
            [1, 1, 0, 0],
            [0, 1, 0, 1],
            [0, 0, 0, 1],
        ],
        [4, -1, 7, 3, 8, 1, 5],
        [50, 10, 20, 80, 15, 30, 25],
        2.0,
        -6.0,
    ),
    _example("two players, empty = -3", [[1, 0], [0, 1]], [1, 4], [30, 10], -3.0, 9.0),
)


def check_constrained_fit(constrained_fit: Callable[..., Any]) -> None:
    """Judge the numbers of several fits, and whether they add up exactly.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other numbers.
    """
    judge(_cases(constrained_fit), _HINTS, "phi")


def _cases(constrained_fit: Callable[..., Any]) -> Iterator[Case]:
    inexact = False
    for case in cases(constrained_fit, EXAMPLES, TABLE, SENTENCES, "phi"):
        missing = abs(case.found.sum() - case.right.sum())
        if missing > _EXACT * np.abs(case.found).sum():
            inexact = True
            yield replace(case, mistakes={**case.mistakes, NOT_EXACT: case.found})
        else:
            yield case
    if inexact:  # and nothing else is wrong
        raise WrongAnswerError(NOT_EXACT, _HINTS[NOT_EXACT])
