"""The check of ``spearman(a, b)``: how far two methods put the pixels of each picture in one order.

Where a row has one value only there is no order, and NaN is right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed
from hwkit.checks.warned import no_warning

TABLE = """
all values different
    right       | 0.8 -0.2
    values      | 0.435264 -0.121605
    all rows    | 0.827039 -0.303746
    covariance  | 1.6 -0.4
    variances   | 0.4 -0.1
    ddof        | 1 -0.25
    not centred | 0.963636 0.781818
    size        | 0.8 0.2
    squared     | 0.64 0.04
    sizes       | 0.1 -0.2
    one of both | 0.778931 0.0895099
    first row   | 0.8 0.8
    kendall     | 0.6 -0.2
one row, all values different
    right       | -0.314286
    values      | -0.0322036
    covariance  | -0.916667
    variances   | -0.107755
    ddof        | -0.377143
    not centred | 0.747253
    size        | 0.314286
    squared     | 0.0987755
    sizes       | -0.898645
    one of both | -0.386278
    kendall     | -0.333333
equal values
    right       | 0.491869 -0.469697 -0.393496
    values      | 0.502665 -0.311015 -0.363913
    all rows    | 0.381887 -0.159803 -0.403331
    covariance  | 1.25 -1.29167 -1
    variances   | 0.193548 -0.170799 -0.154839
    ddof        | 0.590243 -0.563636 -0.472195
    not centred | 0.91268 0.730556 0.760566
    size        | 0.491869 0.469697 0.393496
    squared     | 0.241935 0.220615 0.154839
    sizes       | 0.491869 -0.439394 -0.163956
    one of both | 0.385854 -0.284944 -0.417365
    first row   | 0.491869 0.491869 0.491869
    kendall     | 0.435194 -0.384615 -0.348155
    formula     | 0.557143 -0.385714 -0.214286
    ordinal     | 0.714286 -0.428571 -0.428571
rows with one value only
    right       | nan nan nan 0.4
    values      | nan nan nan 0.272949
    all rows    | nan nan nan 0.0731658
    covariance  | nan nan nan 0.5
    variances   | nan nan nan 0.32
    ddof        | nan nan nan 0.533333
    not centred | nan nan nan 0.9
    squared     | nan nan nan 0.16
    sizes       | nan nan nan 0.8
    one of both | nan nan nan 0.646537
    first row   | nan nan nan nan
    kendall     | nan nan nan 0.333333
    ordinal     | 1 0.8 1 0.4
    zero        | 0 0 0 0.4
    one         | 1 1 1 0.4
"""
SENTENCES = {
    "values": "this is the correlation of the values; that of their ranks is asked for.",
    "all rows": "the ranks are taken over the whole array; each row has its own.",
    "covariance": "this is the covariance of the ranks; divide by both standard deviations.",
    "variances": "the covariance is divided by the variances; divide by the standard deviations.",
    "ddof": "the covariance divides by m - 1 and the standard deviations by m, or the other way "
    "round.",
    "not centred": "the means of the ranks are not subtracted.",
    "size": "the sign is lost: methods may also put pixels in opposite order.",
    "squared": "this is the square of the correlation.",
    "sizes": "the values are ranked by their sizes; their signs count.",
    "one of both": "the values of b are not ranked; both are to be.",
    "first row": "every row gets the correlation of the first.",
    "kendall": "this is Kendall's correlation, which counts pairs.",
    "formula": "this formula with the squares of differences holds only where no values are equal.",
    "ordinal": "equal values get different ranks; they share the mean of theirs.",
    "zero": "where a row has one value only, the correlation is undefined: NaN, not 0.",
    "one": "where a row has one value only, the correlation is undefined: NaN, not 1.",
}
_UNDEFINED = "Find the rows with one value only first, and divide by 1 there."
_HINTS = {
    SENTENCES["formula"]: "Take Pearson's correlation of the ranks.",
    SENTENCES["zero"]: "0 would say that the two orders have nothing to do with each other.",
    NOT_FINITE: "Only rows in which a or b has one value are undefined.",
    "": "Is ranks right? Then take one row: rank both, subtract the means, multiply, divide.",
}
EXAMPLES = (
    Example(
        "all values different",
        (
            fixed([[1, 8, 3, -2, 40], [2, -1, 0.5, -3, 9]]),
            fixed([[2, 9, 1, -30, 5], [30, 4, -7, 8, -1]]),
        ),
        (2,),
    ),
    Example(
        "one row, all values different",
        (fixed([[0.5, -6, 2, 1, -1, 3]]), fixed([[5, 0.25, -2, 4, 7, 1]])),
        (1,),
    ),
    Example(
        "equal values",
        (
            fixed([[0, 0, 3, 9, 0, 4], [1, 1, 2, 2, 7, -5], [-1, 3, 3, 3, 0, 8]]),
            fixed([[0, 5, 5, 6, 0, 0], [2, -4, -4, 0.5, 0.5, 3], [4, 4, 0, -2, 0, 0]]),
        ),
        (3,),
    ),
    Example(
        "rows with one value only",
        (
            fixed([[2, 2, 2, 2], [1, -5, 3, 4], [0, 0, 0, 0], [3, -7, 2, 5]]),
            fixed([[1, 2, 3, 4], [0, 0, 0, 0], [1, 1, 1, 1], [2, 3, -1, 9]]),
        ),
        (4,),
    ),
)


def check_spearman(spearman: Callable[..., Any]) -> None:
    """Judge the correlations of small tables, also where there is none.

    Raises:
        NotAttemptedError: a blank is empty. WrongAnswerError: other correlations, or a warning.
    """
    what = "the correlation"
    with no_warning(_UNDEFINED):
        judge(cases(spearman, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
