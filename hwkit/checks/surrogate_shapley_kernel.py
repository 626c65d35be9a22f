"""The check of ``shapley_kernel(d, sizes)``: KernelSHAP's weights of coalitions, by their size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed

TABLE = """
d = 4
    right         | 0.125 0.25 0.25 0.125
    no numerator  | 0.0416667 0.0833333 0.0833333 0.0416667
    d above       | 0.166667 0.333333 0.333333 0.166667
    no binomial   | 0.75 1 1 0.75
    only binomial | 0.5 0.75 0.75 0.5
    only sizes    | 0.25 0.333333 0.333333 0.25
    multiplied    | 4.5 4 4 4.5
    inverse       | 8 4 4 8
    of the others | 0.25 0.333333 1 0.25
    with one      | 0.25 1 0.333333 0.25
    only shown    | 0.25 0.75 0.25 0.25
    only hidden   | 0.25 0.25 0.75 0.25
    shares        | 0.0833333 0.0833333 0.25 0.0833333
    squared       | 0.125 0.75 0.0833333 0.125
    whole         | 0 0 0 0
    adds up       | 0.166667 0.333333 0.333333 0.166667
    first for all | 0.125 0.125 0.125 0.125
d = 7
    right         | 0.0142857 0.142857 0.142857 0.0285714
    no numerator  | 0.00238095 0.0238095 0.0238095 0.0047619
    d above       | 0.0166667 0.166667 0.166667 0.0333333
    no binomial   | 0.5 1 1 0.6
    only binomial | 0.171429 0.857143 0.857143 0.285714
    only sizes    | 0.0833333 0.166667 0.166667 0.1
    multiplied    | 17.5 7 7 12.6
    inverse       | 70 7 7 35
    of the others | 0.025 1 0.166667 0.1
    with one      | 0.0333333 0.166667 1 0.04
    only shown    | 0.0571429 0.142857 0.857143 0.0571429
    only hidden   | 0.0428571 0.857143 0.142857 0.142857
    shares        | 0.00714286 0.142857 0.0238095 0.0238095
    squared       | 0.0190476 0.0238095 0.857143 0.0114286
    whole         | 0 0 0 0
    adds up       | 0.0434783 0.434783 0.434783 0.0869565
    first for all | 0.0142857 0.0142857 0.0142857 0.0142857
d = 2
    right         | 0.5
    d above       | 1
    no binomial   | 1
    only sizes    | 1
    multiplied    | 2
    inverse       | 2
    of the others | 1
    with one      | 1
    whole         | 0
    adds up       | 1
d = 60, nearly none and nearly all
    right         | 0.0166667 0.0166667 0.000287356
    no numerator  | 0.000282486 0.000282486 4.87045e-06
    d above       | 0.0169492 0.0169492 0.000292227
    no binomial   | 1 1 0.508621
    only binomial | 0.983333 0.983333 0.0333333
    only sizes    | 0.0169492 0.0169492 0.00862069
    multiplied    | 60 60 900.259
    inverse       | 60 60 3480
    of the others | 0.0169492 1 0.000297265
    with one      | 1 0.0169492 0.00862069
    only shown    | 0.983333 0.0166667 0.0166667
    only hidden   | 0.0166667 0.983333 0.000574713
    shares        | 0.000282486 0.0166667 9.74089e-06
    squared       | 0.983333 0.000282486 0.00833333
    whole         | 0 0 0
    adds up       | 0.495726 0.495726 0.00854701
    first for all | 0.0166667 0.0166667 0.0166667
    factorials    | -0.018595 -0.018595 -0.292142
d = 60, about a half
    right         | 7.52433e-19 5.54313e-19 7.52433e-19 6.34865e-19
    no numerator  | 1.27531e-20 9.39513e-21 1.27531e-20 1.07604e-20
    d above       | 7.65186e-19 5.63708e-19 7.65186e-19 6.45626e-19
    no binomial   | 0.0662177 0.0655556 0.0662177 0.0658482
    only binomial | 6.70418e-16 4.98881e-16 6.70418e-16 5.68839e-16
    only sizes    | 0.00112233 0.00111111 0.00112233 0.00111607
    multiplied    | 5.82748e+15 7.7529e+15 5.82748e+15 6.82977e+15
    inverse       | 1.32902e+18 1.80404e+18 1.32902e+18 1.57514e+18
    of the others | 1.36806e-18 1.10863e-18 1.67207e-18 1.19037e-18
    with one      | 1.67207e-18 1.10863e-18 1.36806e-18 1.36043e-18
    only shown    | 2.48303e-17 1.66294e-17 2.03157e-17 2.03157e-17
    only hidden   | 2.03157e-17 1.66294e-17 2.48303e-17 1.77762e-17
    shares        | 3.44334e-19 2.81854e-19 4.20852e-19 3.01292e-19
    squared       | 9.19641e-19 5.54313e-19 6.15627e-19 7.25561e-19
    whole         | 0 0 0 0
    adds up       | 0.279295 0.205755 0.279295 0.235655
    first for all | 7.52433e-19 7.52433e-19 7.52433e-19 7.52433e-19
    overflow      | 1.27559e-17 -1.39074e-17 1.27559e-17 8.4364e-17
    factorials    | 1.41606e+17 -5.77572e+17 1.41606e+17 -2.72508e+17
"""
SENTENCES = {
    "no numerator": "the numerator is missing.",
    "d above": "the numerator is d; it is one less.",
    "no binomial": "the number of coalitions of that size is missing.",
    "only binomial": "only the number of coalitions is divided by; the two sizes are missing.",
    "only sizes": "only the two sizes are divided by; the rest is missing.",
    "multiplied": "the number of coalitions is multiplied by; divide by it.",
    "inverse": "the fraction stands upside down.",
    "of the others": "the number of coalitions of s of the d - 1 other players is taken; all d "
    "players count.",
    "with one": "the number of coalitions that hold one given player is taken; all coalitions of "
    "size s count.",
    "only shown": "how many players are hidden is missing.",
    "only hidden": "how many players are shown is missing.",
    "shares": "this is the share of a coalition in a Shapley value; the kernel is another one.",
    "squared": "s is multiplied by itself; how many are hidden is the other factor.",
    "whole": "a division of whole numbers leaves 0.",
    "adds up": "the weights are scaled to add up to 1; leave them as they are.",
    "first for all": "every size gets the weight of the first.",
    "overflow": "with many players the numbers grow too large for NumPy's whole numbers and wrap "
    "around.",
    "factorials": "the factorials of many players are too large for NumPy's whole numbers and wrap "
    "around.",
}
_HINTS = {
    SENTENCES["overflow"]: "int(s) makes a Python number of one of NumPy's, and that grows as far "
    "as it must.",
    NOT_FINITE: "Factorials of 60 are too large for most types; math.comb is exact.",
    "": "Try d = 4 and s = 2 by hand: how many coalitions of two are there?",
}
EXAMPLES = (
    Example("d = 4", (4, fixed([2, 1, 3, 2], int)), (4,)),
    Example("d = 7", (7, fixed([3, 6, 1, 5], int)), (4,)),
    Example("d = 2", (2, fixed([1], int)), (1,)),
    Example("d = 60, nearly none and nearly all", (60, fixed([1, 59, 2], int)), (3,)),
    Example("d = 60, about a half", (60, fixed([27, 30, 33, 28], int)), (4,)),
)


def check_shapley_kernel(shapley_kernel: Callable[..., Any]) -> None:
    """Judge the weights for few and for many players.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other weights.
    """
    what = "the array of weights"
    found = cases(shapley_kernel, EXAMPLES, TABLE, SENTENCES, what, own_scale=True)
    judge(found, _HINTS, what)
