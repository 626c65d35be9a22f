"""The check of ``predictive(logits)``: what a Bayesian network says, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.table_parts import PartsExample, cases_of_parts
from hwkit.checks.tables import NOT_FINITE, fixed

TABLE = """
three draws, two pictures: mean
    right            | 0.297736 0.242309 0.459955 0.0841398 0.38643 0.529431
    softmax of mean  | 0.200398 0.15607 0.643532 0.100368 0.449816 0.449816
    mean of logits   | 0.333333 0.0833333 1.5 -0.5 1 1
    first draw       | 0.785597 0.0391126 0.17529 0.0420101 0.114195 0.843795
    sum              | 0.893208 0.726927 1.37987 0.252419 1.15929 1.58829
    median           | 0.0900306 0.0391126 0.244728 0.0420101 0.259496 0.705385
    over draws       | 0.333333 0.333333 0.333333 0.333333 0.333333 0.333333
    over pictures    | 0.648007 0.316774 0.586497 0.351993 0.683226 0.413503
    votes            | 0.333333 0.333333 0.333333 0 0.333333 0.666667
    sigmoid          | 0.549913 0.520726 0.701491 0.413887 0.703952 0.650858
    logarithm        | -2.22997 -2.47997 -1.0633 -2.75339 -1.25339 -1.25339
    all at once      | 0.0271692 0.0135589 0.177614 0.00863779 0.0344615 0.0718923
    swapped          | 0.346236 0.299134 0.354611 0.0645145 0.28842 0.351282
three draws, two pictures: spread
    right            | 0.346236 0.299134 0.354611 0.0645145 0.28842 0.351282
    over draws       | 0.362152 0.221338 0.438712 0.222672 0.243043 0.379493
    over pictures    | 0.329216 0.183979 0.372229 0.329216 0.183979 0.372229
    votes            | 0.471405 0.471405 0.471405 0 0.471405 0.471405
    sigmoid          | 0.25227 0.190922 0.204563 0.214287 0.156637 0.284795
    logarithm        | 1.55629 1.48246 0.735613 0.719376 0.790219 1.40757
    all at once      | 0.0295181 0.00900329 0.233764 0.00577017 0.0251269 0.081848
    spread of logits | 1.24722 0.824958 1.77951 1.08012 0.816497 1.63299
    one draw less    | 0.42405 0.366363 0.434309 0.0790139 0.353241 0.43023
    variance         | 0.119879 0.0894813 0.125749 0.00416213 0.0831861 0.123399
    standard error   | 0.199899 0.172705 0.204735 0.0372475 0.166519 0.202813
    mean deviation   | 0.325241 0.281955 0.333261 0.060767 0.266112 0.326879
    over classes     | 0.0923502 0.0923502 0.0923502 0.185626 0.185626 0.185626
    swapped          | 0.297736 0.242309 0.459955 0.0841398 0.38643 0.529431
two draws, one picture: mean
    right            | 0.401971 0.0446111 0.199322 0.354096
    softmax of mean  | 0.494023 0.024596 0.181741 0.29964
    mean of logits   | 1.5 -1.5 0.5 1
    first draw       | 0.232057 0.0853689 0.0517789 0.630796
    sum              | 0.803942 0.0892222 0.398645 0.708192
    over draws       | 0.5 0.5 0.5 0.5
    over pictures    | 1 1 1 1
    votes            | 0.5 0 0 0.5
    sigmoid          | 0.805928 0.273713 0.597558 0.690399
    logarithm        | -1.0098 -4.0098 -2.0098 -1.5098
    all at once      | 0.205147 0.0213073 0.103275 0.170271
    swapped          | 0.169914 0.0407578 0.147543 0.2767
two draws, one picture: spread
    right            | 0.169914 0.0407578 0.147543 0.2767
    over draws       | 0.231059 0.452574 0.380797 0.380797
    over pictures    | 0 0 0 0
    votes            | 0.5 0 0 0.5
    sigmoid          | 0.0748692 0.226287 0.220017 0.190399
    logarithm        | 0.450978 1.54902 0.950978 1.04902
    all at once      | 0.0948019 0.0192863 0.0786534 0.129678
    spread of logits | 0.5 1.5 1 1
    one draw less    | 0.240295 0.0576402 0.208658 0.391312
    variance         | 0.0288708 0.0016612 0.0217691 0.0765627
    standard error   | 0.120147 0.0288201 0.104329 0.195656
    over classes     | 0.140253 0.140253 0.140253 0.140253
    swapped          | 0.401971 0.0446111 0.199322 0.354096
logits of 1000: mean
    right            | 0.422627 0.556368 0.021005 0.454985 0.0900306 0.454985
    softmax of mean  | 0.377541 0.622459 0 0.449816 0.100368 0.449816
    mean of logits   | 999 999.5 -1.5 -999.5 -1001 -999.5
    first draw       | 0.731059 0.268941 0 0.665241 0.0900306 0.244728
    sum              | 0.845254 1.11274 0.0420101 0.909969 0.180061 0.909969
    over draws       | 0.5 0.5 0.5 0.5 0.5 0.5
    over pictures    | 1 1 0.865529 0 0 0.134471
    votes            | 0.5 0.5 0 0.5 0 0.5
    sigmoid          | 1 1 0.5 0 0 0
    logarithm        | -1.24155 -0.741554 -1001.74 -0.907606 -2.40761 -0.907606
    all at once      | 0.222353 0.267896 0.00975069 0 0 0
    swapped          | 0.308432 0.287427 0.021005 0.210256 0 0.210256
    cut off          | 0.416667 0.416667 0.166667 0.333333 0.333333 0.333333
logits of 1000: spread
    right            | 0.308432 0.287427 0.021005 0.210256 0 0.210256
    over draws       | 0.380797 0.231059 0.5 0.231059 0.380797 0.452574
    over pictures    | 0 0 0.134471 0 0 0.134471
    votes            | 0.5 0.5 0 0.5 0 0.5
    sigmoid          | 0 0 0.5 0 0 0
    logarithm        | 0.928292 0.571708 998.572 0.5 0 0.5
    all at once      | 0.169343 0.123799 0.00975069 0 0 0
    spread of logits | 1 0.5 998.5 0.5 1 1.5
    one draw less    | 0.436188 0.406483 0.0297056 0.297347 0 0.297347
    variance         | 0.0951301 0.0826141 0.000441211 0.0442077 0 0.0442077
    standard error   | 0.218094 0.203241 0.0148528 0.148674 0 0.148674
    over classes     | 0.227499 0.227499 0.227499 0.172041 0.172041 0.172041
    swapped          | 0.422627 0.556368 0.021005 0.454985 0.0900306 0.454985
    cut off          | 0.0833333 0.0833333 0.166667 0 0 0
"""
SENTENCES = {
    "softmax of mean": "the mean is taken of the logits, and then their probabilities; take the "
    "mean of the probabilities.",
    "mean of logits": "the mean is that of the logits; turn them into probabilities first.",
    "first draw": "the mean is only the first draw of the weights; all draws count.",
    "sum": "the probabilities are added up; divide by the number of draws.",
    "median": "this is the median; the mean is asked for.",
    "over draws": "the probabilities add up to 1 over the draws; they are to over the classes.",
    "over pictures": "the probabilities add up to 1 over the pictures; they are to over the "
    "classes.",
    "votes": "these are shares of draws that vote for a class; take the mean of the probabilities.",
    "sigmoid": "each class has a probability by itself; those of all classes are to add up to 1.",
    "logarithm": "these are logarithms of probabilities.",
    "all at once": "the probabilities of all draws and pictures together add up to 1.",
    "spread of logits": "the spread is that of the logits; turn them into probabilities first.",
    "one draw less": "the squares are divided by one draw less; divide by the number of draws.",
    "variance": "the spread is a variance; take its square root.",
    "standard error": "the spread is the standard error of the mean; the standard deviation over "
    "the draws is asked for.",
    "mean deviation": "the spread is the mean size of the deviations; the standard deviation is "
    "asked for.",
    "over classes": "the spread is that over the classes; take it over the draws.",
    "swapped": "mean and spread are swapped.",
    "cut off": "large logits are cut off before exp; only their differences may be kept.",
}
_HINTS = {
    NOT_FINITE: "exp(1000) is too large, and exp(-1000) is 0. Probabilities depend only on how far "
    "the logits of a picture lie apart.",
    SENTENCES["one draw less"]: "np.std has the argument ddof=.",
    "": "Take one picture: a row of probabilities for each draw, then mean and spread over the "
    "rows.",
}
EXAMPLES = (
    PartsExample(
        "three draws, two pictures",
        (
            fixed(
                [
                    [[2, -1, 0.5], [0, 1, 3]],
                    [[-1, 1, 0], [0.5, 2, -1]],
                    [[0, 0.25, 4], [-2, 0, 1]],
                ]
            ),
        ),
        {"mean": (2, 3), "spread": (2, 3)},
    ),
    PartsExample(
        "two draws, one picture",
        (fixed([[[1, 0, -0.5, 2]], [[2, -3, 1.5, 0]]]),),
        {"mean": (1, 4), "spread": (1, 4)},
    ),
    PartsExample(
        "logits of 1000",
        (
            fixed(
                [
                    [[1000, 999, -1000], [-1000, -1002, -1001]],
                    [[998, 1000, 997], [-999, -1000, -998]],
                ]
            ),
        ),
        {"mean": (2, 3), "spread": (2, 3)},
    ),
)


def check_predictive(predictive: Callable[..., Any]) -> None:
    """Judge mean and spread for few draws, also of large logits.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other numbers.
    """
    judge(cases_of_parts(predictive, EXAMPLES, TABLE, SENTENCES), _HINTS, "the prediction")
