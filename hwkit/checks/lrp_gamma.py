"""The check of ``gamma_weights(w, gamma)``: the weights of LRP-gamma."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
shape (3, 2), gamma = 0.25
    right            | 1.25 -2 0 5 -3 10
    only positive    | 1.25 0 0 5 0 10
    all              | 1.25 -2.5 0 5 -3.75 10
    negative         | 1 -2.5 0 4 -3.75 8
    gamma added      | 1.25 -1.75 0.25 4.25 -2.75 8.25
    no gamma         | 2 -2 0 8 -3 16
    only addition    | 0.25 0 0 1 0 2
    subtracted       | 0.75 -2 0 3 -3 6
    absolute         | 1.25 -1.5 0 5 -2.25 10
    unchanged        | 1 -2 0 4 -3 8
    cut              | 1 0 0 4 0 8
    twice            | 2.25 -2 0 9 -3 18
    times gamma      | 0.25 -2 0 1 -3 2
a kernel of shape (2, 2, 1, 2), gamma = 1.5
    right            | 5 -1 7.5 1.25 -4 15 -0.5 2.5
    only positive    | 5 0 7.5 1.25 0 15 0 2.5
    all              | 5 -2.5 7.5 1.25 -10 15 -1.25 2.5
    negative         | 2 -2.5 3 0.5 -10 6 -1.25 1
    gamma added      | 3.5 0.5 4.5 2 -2.5 7.5 1 2.5
    no gamma         | 4 -1 6 1 -4 12 -0.5 2
    only addition    | 3 0 4.5 0.75 0 9 0 1.5
    subtracted       | -1 -1 -1.5 -0.25 -4 -3 -0.5 -0.5
    absolute         | 5 0.5 7.5 1.25 2 15 0.25 2.5
    unchanged        | 2 -1 3 0.5 -4 6 -0.5 1
    cut              | 2 0 3 0.5 0 6 0 1
    twice            | 7 -1 10.5 1.75 -4 21 -0.5 3.5
    times gamma      | 3 -1 4.5 0.75 -4 9 -0.5 1.5
a bias of shape (3,), gamma = 0.5
    right            | -1 7.5 3
    only positive    | 0 7.5 3
    all              | -1.5 7.5 3
    negative         | -1.5 5 2
    gamma added      | -0.5 5.5 2.5
    no gamma         | -1 10 4
    only addition    | 0 2.5 1
    subtracted       | -1 2.5 1
    absolute         | -0.5 7.5 3
    unchanged        | -1 5 2
    cut              | 0 5 2
    twice            | -1 12.5 5
    times gamma      | -1 2.5 1
shape (3,), gamma = 0
    right            | 3 -2 1
    only positive    | 3 0 1
    no gamma         | 6 -2 2
    only addition    | 0 0 0
    cut              | 3 0 1
    twice            | 6 -2 2
    times gamma      | 0 -2 0
"""
SENTENCES = {
    "only positive": "the negative weights are gone; they stay as they are.",
    "all": "all weights grow by the factor 1 + gamma; only the positive ones do.",
    "negative": "the negative weights grow; the positive ones are to.",
    "gamma added": "gamma itself is added; what is added is gamma times the positive weights.",
    "no gamma": "gamma is not used.",
    "only addition": "this is only what is added; the weights themselves are missing.",
    "subtracted": "the positive weights shrink; they are to grow.",
    "absolute": "a weight that is negative changes, too: its size is added.",
    "unchanged": "the weights are as they were.",
    "cut": "this is only the positive part of the weights.",
    "twice": "the positive weights grow by the factor 2 + gamma; 1 + gamma is asked for.",
    "times gamma": "positive weights are multiplied by gamma, not by 1 + gamma.",
}
_HINTS = {"": "Try w = 2 and w = -2 with gamma = 0.5 by hand."}
EXAMPLES = (
    Example(
        "shape (3, 2), gamma = 0.25",
        (fixed([[1, -2], [0, 4], [-3, 8]]), 0.25),
        (3, 2),
    ),
    Example(
        "a kernel of shape (2, 2, 1, 2), gamma = 1.5",
        (fixed([[[[2, -1]], [[3, 0.5]]], [[[-4, 6]], [[-0.5, 1]]]]), 1.5),
        (2, 2, 1, 2),
    ),
    Example("a bias of shape (3,), gamma = 0.5", (fixed([-1, 5, 2]), 0.5), (3,)),
    Example("shape (3,), gamma = 0", (fixed([3, -2, 1]), 0.0), (3,)),
)


def check_gamma_weights(gamma_weights: Callable[..., Any]) -> None:
    """Judge the weights of arrays of several shapes.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other weights.
    """
    what = "the array of weights"
    judge(cases(gamma_weights, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
