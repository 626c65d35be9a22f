"""The check of ``start(scores, c, versus)``: the relevance that the output begins with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
c = 1
    right            | 0 -1 0 0 0 5 0 0
    everything       | 2 -1 4 0.5 3 5 -2 1
    ones             | 0 1 0 0 0 1 0 0
    probability      | 0 0.00574777 0 0 0 0.866129 0 0
    cut              | 0 0 0 0 0 5 0 0
    absolute         | 0 1 0 0 0 5 0 0
    highest          | 0 0 4 0 0 5 0 0
    minus c          | 0 1 0 0 0 -5 0 0
c = 0, a single instance
    right            | -3 0 0
    everything       | -3 2.5 1
    ones             | 1 0 0
    probability      | 0.00333011 0 0
    cut              | 0 0 0
    absolute         | 3 0 0
    highest          | 0 2.5 0
    minus c          | 3 0 0
c = 3, versus = None
    right            | 0 0 0 0.5 0 0 0 1
    everything       | 2 -1 4 0.5 3 5 -2 1
    ones             | 0 0 0 1 0 0 0 1
    probability      | 0 0 0 0.0257597 0 0 0 0.0158637
    highest          | 0 0 4 0 0 5 0 0
    minus c          | 0 0 0 -0.5 0 0 0 -1
c = 1, versus = 2
    right            | 0 2.5 -1 0 -4 -6 0 1.5 1
    everything       | -3 2.5 1 0.5 -4 6 2 1.5 -1
    ones             | 0 1 -1 0 1 -1 0 1 -1
    probability      | 0 0.814852 -0.181818 0 4.52131e-05 -0.995885 0 0.366192 -0.0300589
    cut              | 0 2.5 -1 0 0 -6 0 1.5 0
    absolute         | 0 2.5 -1 0 4 -6 0 1.5 -1
    highest          | 0 2.5 -1 0 0 0 2 0 1
    minus c          | 0 -2.5 1 0 4 6 0 -1.5 -1
    no versus        | 0 2.5 0 0 -4 0 0 1.5 0
    added            | 0 2.5 1 0 -4 6 0 1.5 -1
    at c             | 0 1.5 0 0 -10 0 0 2.5 0
    same score       | 0 2.5 -2.5 0 -4 4 0 1.5 -1.5
    only versus      | 0 0 -1 0 0 -6 0 0 1
    swapped          | 0 -2.5 1 0 4 6 0 -1.5 -1
c = 2, versus = 0
    right            | -2 0 4 0 -3 0 -2 0
    everything       | 2 -1 4 0.5 3 5 -2 1
    ones             | -1 0 1 0 -1 0 1 0
    probability      | -0.115447 0 0.853045 0 -0.117218 0 0.000789807 0
    cut              | -2 0 4 0 -3 0 0 0
    absolute         | -2 0 4 0 -3 0 2 0
    highest          | -2 0 4 0 -3 5 0 0
    minus c          | 2 0 -4 0 3 0 2 0
    no versus        | 0 0 4 0 0 0 -2 0
    falsy versus     | 0 0 4 0 0 0 -2 0
    added            | 2 0 4 0 3 0 -2 0
    at c             | 0 0 2 0 0 0 -5 0
    same score       | -4 0 4 0 2 0 -2 0
    only versus      | -2 0 0 0 -3 0 0 0
    swapped          | 2 0 -4 0 3 0 2 0
"""
SENTENCES = {
    "everything": "all scores are kept; only those of the classes asked about count.",
    "ones": "the place is right, but it holds 1 instead of the score.",
    "probability": "a softmax is taken; the scores themselves are asked for.",
    "cut": "the score's sign is lost: a negative score is not 0 but negative relevance.",
    "absolute": "the score's sign is lost: do not take its size.",
    "highest": "the relevance stands at the highest score; class c is asked about.",
    "minus c": "the score of c counts against it: its sign is turned.",
    "no versus": "versus is not used.",
    "falsy versus": "versus is not used when it is class 0.",
    "added": "the score of versus counts for it; in f_c - f_v it counts against.",
    "at c": "the difference of the scores stands at c; each score belongs at its own class.",
    "same score": "class versus starts with minus the score of c; it has a score of its own.",
    "only versus": "only versus is there; the score of c is missing.",
    "swapped": "c and versus are swapped.",
}
_HINTS = {
    SENTENCES["falsy versus"]: "0 counts as false: write versus is not None.",
    "": "Start with zeros in the shape of the scores.",
}
_SCORES = fixed([[2, -1, 4, 0.5], [3, 5, -2, 1]])
_OTHERS = fixed([[-3, 2.5, 1], [0.5, -4, 6], [2, 1.5, -1]])
EXAMPLES = (
    Example("c = 1", (_SCORES, 1), (2, 4)),
    Example("c = 0, a single instance", (_OTHERS[:1], 0), (1, 3)),
    Example("c = 3, versus = None", (_SCORES, 3, None), (2, 4)),
    Example("c = 1, versus = 2", (_OTHERS, 1, 2), (3, 3)),
    Example("c = 2, versus = 0", (_SCORES, 2, 0), (2, 4)),
)


def check_start(start: Callable[..., Any]) -> None:
    """Judge the relevance of the output for one class, and for one against another.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other relevance.
    """
    what = "the relevance of the output"
    judge(cases(start, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
