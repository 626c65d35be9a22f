"""The check of ``lrp_zero(x, w, b, R)``: LRP-0 of a dense layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import HUGE, NOT_FINITE, Example, cases, fixed

TABLE = """
one instance
    right            | -4.33333 2.66667 3.5
    no bias          | -3 1.75 2.25
    bias in inputs   | -4.61111 2.38889 3.22222
    rescaled         | -2.36364 1.45455 1.90909
    no x             | -2.16667 -2.66667 1.16667
    no division      | -2 -8 -15
    multiplied       | -60 0 -18
    no relevance     | -0.333333 1.16667 2
    one denominator  | -0.5 -2 -3.75
    absolute parts   | -0.142857 0.607143 0.535714
    absolute         | 4.33333 2.66667 3.5
    absolute z       | 1.66667 -3.33333 -5.5
    positive parts   | 1 -0.25 -0.75
    cut              | 0 2.66667 3.5
three instances
    right            | -2.58333 3.16667 3.87692 -1.96923 9.57143 -5.35714
    no bias          | -2.8 2.8 7.84286 -3.84286 2.51429 0.485714
    bias in inputs   | -1.875 3.875 4.92308 -0.923077 7.46429 -7.46429
    rescaled         | -8.85714 10.8571 8.12903 -4.12903 0 0
    no x             | -2.58333 1.58333 1.29231 1.96923 -4.78571 -5.35714
    no division      | -6 10 39 0 -2 -7
    multiplied       | -14 40 333 26 82 9
    no relevance     | -0.0833333 1.16667 3.39231 -0.723077 0.0714286 2.39286
    one denominator  | -0.5 0.833333 3.9 0 -0.5 -1.75
    first instance   | -2.58333 3.16667 10.75 0.583333 0 -1
    first for all    | -2.58333 3.16667 -2.58333 3.16667 -2.58333 3.16667
    absolute parts   | 0.6 1.4 3.04286 0.957143 1.01429 -1.01429
    absolute         | 2.58333 3.16667 3.87692 1.96923 9.57143 5.35714
    absolute z       | -2.58333 3.16667 6.27692 -1.56923 3.57143 -6.35714
    positive parts   | -0.333333 1.66667 3.57692 0.230769 0.571429 -1.85714
    cut              | 0 3.16667 3.87692 0 9.57143 0
denominators that are 0
    right            | 4 -4 -4 2.66667 -0.166667 6
    no bias          | 2 -2 -2 2.88889 -0.222222 6.33333
    bias in inputs   | 4.66667 -3.33333 -3.33333 2.83333 0 6.16667
    rescaled         | -3 3 3 2.5098 -0.156863 5.64706
    no x             | 4 -2 4 1.33333 -0.166667 2
    no division      | -1 10 -5 28 -1 66
    multiplied       | 4 -4 -4 296 -2 732
    no relevance     | -2 2 2 0.566667 -0.0166667 1.35
    one denominator  | 1 -10 5 1.27273 -0.0454545 3
    first instance   | 4 -4 -4 -20 5 -30
    first for all    | 4 -4 -4 4 -4 -4
    absolute parts   | -0.166667 0.333333 0.833333 2.48485 0.787879 5.72727
    absolute         | 4 4 4 2.66667 0.166667 6
    absolute z       | -4 4 4 2.66667 -0.166667 6
    positive parts   | -0.333333 2 0 2.48485 0.333333 5.72727
    cut              | 4 0 0 2.66667 0 6
    one for zero     | 7 2 -13 2.66667 -0.166667 6
"""
SENTENCES = {
    "no bias": "the bias is forgotten in the denominator: z = x w + b.",
    "bias in inputs": "the bias's share is divided among the inputs; it stays with the bias.",
    "rescaled": "the relevance is scaled so that nothing is lost; the bias's share is to be lost.",
    "no x": "x is missing in the numerator: input j contributes x_j w_jk.",
    "no division": "nothing is divided by z: this is x times the relevance sent back through w.",
    "multiplied": "the relevance is multiplied by z; it is to be divided by it.",
    "no relevance": "R is not used: this hands out 1 for each output.",
    "one denominator": "all outputs share one denominator; each has its own z_k.",
    "first for all": "every instance gets the relevance of the first one.",
    "first instance": "every instance is divided by the z of the first one; each has its own.",
    "absolute parts": "contributions have a sign: do not take their size.",
    "absolute": "relevance has a sign: do not take its size.",
    "absolute z": "z has a sign: do not take its size.",
    "positive parts": "only positive contributions count here; LRP-0 counts all of them.",
    "cut": "negative relevance is cut off; relevance has a sign.",
    "one for zero": "where z is 0 you divide by 1 instead; such an output hands out nothing.",
}
_HINTS = {
    SENTENCES["no x"]: "The sum over k is a product with a matrix; x comes in once more, after it.",
    NOT_FINITE: "np.divide has the arguments out= and where=.",
    HUGE: "np.divide has the arguments out= and where=; nothing small needs to be added.",
    "": "Take one instance: z by hand, then each output's relevance in proportion to what is added "
    "up in its z.",
}


EXAMPLES = (
    Example(
        "one instance",
        (
            fixed([[2, -1, 3]]),
            fixed([[1, 2], [2, -1], [-1, 1]]),
            fixed([1.0, -2.0]),
            fixed([[3, -2]]),
        ),
        (1, 3),
    ),
    Example(
        "three instances",
        (
            fixed([[1, 2], [3, -1], [-2, 1]]),
            fixed([[1, -2, 3], [2, 1, -1]]),
            fixed([1.0, 2.0, 3.0]),
            fixed([[1, 2, -1], [2, -1, 3], [-3, 1, 2]]),
        ),
        (3, 2),
    ),
    Example(
        "denominators that are 0",
        (
            fixed([[1, 2, -1], [2, 1, 3]]),
            fixed([[1, 0, 2], [1, 0, -1], [3, 0, 2]]),
            fixed([0.0, 0.0, 1.0]),
            fixed([[3, 2, -2], [4, -1, 5]]),
        ),
        (2, 3),
    ),
)


def check_lrp_zero(lrp_zero: Callable[..., Any]) -> None:
    """Judge the relevance of the inputs of small dense layers.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other relevance.
    """
    what = "the relevance"
    judge(cases(lrp_zero, EXAMPLES, TABLE, SENTENCES, what, huge=HUGE), _HINTS, what)
