"""The check of ``weighted_ridge(Z, y, weights, alpha)``: LIME's surrogate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.table_parts import PartsExample, cases_of_parts
from hwkit.checks.tables import NOT_FINITE, fixed

TABLE = """
one output, alpha = 3: b
    right             | 4.23886
    weights ignored   | 3.2906
    weights squared   | 4.85798
    weights rooted    | 3.78036
    weights adding up | 5.20889
    weights once      | 4.10933
    weights on y      | 3.46795
    penalised         | 1.86218
    no intercept      | 0
    no alpha          | 0.0465116
    alpha squared     | 4.98105
    alpha rooted      | 3.64321
    mean residual     | 5.20889
    alpha shared      | 2.01119
    plain centre      | 2.91461
    plain intercept   | 3.14617
    mean of y         | 5.45833
one output, alpha = 3: beta
    right             | 1.34759 0.244207
    weights ignored   | 1.23077 0.111111
    weights squared   | 1.52821 0.548033
    weights rooted    | 1.27728 0.1613
    weights adding up | 0.280807 0.0434229
    weights once      | 0.522282 -0.569816
    weights on y      | 2.17308 1.08333
    penalised         | 2.50274 1.09397
    no intercept      | 3.40782 1.75978
    no alpha          | 5.69767 1.44186
    alpha squared     | 0.534737 0.0863158
    alpha rooted      | 1.98692 0.387435
    mean residual     | 0.280807 0.0434229
    alpha shared      | 3.6959 0.833955
    plain centre      | 1.55404 0.432057
    beta turned       | -1.34759 -0.244207
two outputs, alpha = 0.5: b
    right             | -0.74833 -0.181514
    weights ignored   | -0.697674 -0.0930233
    weights squared   | -0.240653 -0.092922
    weights rooted    | -0.824831 -0.151124
    weights adding up | 1.65025 0.330573
    weights once      | -7.12695 -2.65924
    weights on y      | 3.88953 0.52907
    penalised         | -0.463768 -0.112491
    no intercept      | 0 0
    no alpha          | -6 -1
    alpha squared     | -2.16113 -0.402429
    alpha rooted      | -0.114461 -0.0771535
    mean residual     | 1.44186 0.258041
    alpha shared      | -3.87651 -0.66757
    plain centre      | -1.31362 -0.325193
    plain intercept   | 0.508241 0.137862
    mean of y         | 2.33333 0.777778
    first output      | -0.74833 -0.74833
two outputs, alpha = 0.5: beta
    right             | 0.812918 2.82962 2.52561 4.55011 2.3608 -3.20713
    weights ignored   | 0.806202 2.4186 3.47287 4.4186 3.16279 -2.51163
    weights squared   | 0.969631 3.14011 1.44803 4.49074 1.41609 -3.69655
    weights rooted    | 0.768827 2.61661 3.0584 4.51552 2.8352 -2.88215
    weights adding up | 0.277292 1.85865 0.703273 2.39617 0.373815 -2.02347
    weights once      | 2.21826 1.83519 8.05345 5.22494 8.57906 1.60356
    weights on y      | -0.294574 5.07752 0.0387597 6.41085 -0.732558 -7.96512
    penalised         | 0.710145 2.80469 2.4058 4.52105 2.14493 -3.25949
    no intercept      | 0.54265 2.76407 2.21053 4.47368 1.7931 -3.34483
    no alpha          | 2 3 6 6 7 -3
    alpha squared     | 1.11957 2.91336 3.4915 5.08178 3.59946 -3.2583
    alpha rooted      | 0.678376 2.75085 2.07672 4.22549 1.81198 -3.11359
    mean residual     | 0.333333 2.09574 0.883721 2.7714 0.527132 -2.29985
    alpha shared      | 1.50574 2.95916 4.62655 5.54924 5.11574 -3.18349
    plain centre      | 1.27592 2.9473 3.52699 4.80463 3.53985 -2.90746
    first output      | 0.812918 0.812918 2.52561 2.52561 2.3608 2.3608
    beta turned       | -0.812918 -2.82962 -2.52561 -4.55011 -2.3608 3.20713
one output, alpha = 0: b
    right             | -1.52697
    weights ignored   | -1.5
    weights squared   | -0.844805
    weights rooted    | -1.59816
    weights once      | 0.298755
    weights on y      | -4.29167
    no intercept      | 0
    plain centre      | -2.57534
    plain intercept   | -2.24896
    mean of y         | 2.86207
one output, alpha = 0: beta
    right             | -0.0622407 8.58091
    weights ignored   | 0.75 6
    weights squared   | -1.60348 10.224
    weights rooted    | 0.489604 7.2725
    weights once      | -1.61826 5.10373
    weights on y      | 3.6875 10.5833
    no intercept      | -1.36364 8.18182
    plain centre      | 0.452055 8.54795
    beta turned       | 0.0622407 -8.58091
"""
SENTENCES = {
    "weights ignored": "the weights are not used.",
    "weights squared": "each squared residual is weighted with the square of its weight.",
    "weights rooted": "each squared residual is weighted with the root of its weight.",
    "weights adding up": "the weights are scaled first; then alpha counts for more or less than it "
    "should.",
    "weights once": "the weights are used with Z, but not with y.",
    "weights on y": "the weights are used with y, but not with Z.",
    "penalised": "the intercept is penalised, too; only beta is.",
    "no intercept": "the intercept is missing: the surrogate need not go through 0.",
    "no alpha": "alpha is not used.",
    "alpha squared": "alpha is squared; the size of beta is, alpha is not.",
    "alpha rooted": "the root of alpha is used as the penalty.",
    "mean residual": "the penalty is set against the mean of the squared residuals; their sum is "
    "asked for.",
    "alpha shared": "alpha is divided by the number of samples.",
    "plain centre": "Z and y are centred by their plain means; with weights, weighted means count.",
    "plain intercept": "beta is right, but b comes from plain means; weighted means count.",
    "mean of y": "beta is right, but b is the mean of y; the superpixels shown have their part in "
    "it.",
    "first output": "every output gets the fit of the first.",
    "beta turned": "beta has the wrong sign.",
}
_HINTS = {
    SENTENCES["weights squared"]: "If rows are multiplied before an ordinary fit, they are squared "
    "in it.",
    SENTENCES["penalised"]: "A column of ones for b needs a penalty of its own: none.",
    NOT_FINITE: "Is the system regular? The intercept belongs to it once, not twice.",
    "": "Take alpha = 0 and weights of 1 first: then it is an ordinary fit. Then each of them.",
}
_Z = fixed([[1, 0], [0, 1], [1, 1], [0, 0], [1, 0], [1, 1]])
EXAMPLES = (
    PartsExample(
        "one output, alpha = 3",
        (_Z, fixed([4, 1, 9, 2, 6, 3]), fixed([0.5, 1, 2, 0.25, 1.5, 0.75]), 3.0),
        {"b": (), "beta": (2,)},
    ),
    PartsExample(
        "two outputs, alpha = 0.5",
        (
            fixed([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1], [1, 1, 1]], int),
            fixed([[3, -1], [7, 2], [2, 8], [1, -4], [9, 5]]),
            fixed([1, 0.5, 2, 3, 0.25]),
            0.5,
        ),
        {"b": (2,), "beta": (3, 2)},
    ),
    PartsExample(
        "one output, alpha = 0",
        (_Z, fixed([-3, 2, 5, 1, -1, 8]), fixed([2, 0.5, 0.25, 1, 0.5, 3]), 0.0),
        {"b": (), "beta": (2,)},
    ),
)


def check_weighted_ridge(weighted_ridge: Callable[..., Any]) -> None:
    """Judge the surrogates of one output and of several.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another surrogate.
    """
    found = cases_of_parts(weighted_ridge, EXAMPLES, TABLE, SENTENCES)
    judge(found, _HINTS, "the surrogate")
