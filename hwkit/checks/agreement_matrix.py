"""The check of ``agreement(maps)``: every two methods, over the pictures where they compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.table_parts import PartsExample, cases_of_parts
from hwkit.checks.tables import NOT_FINITE, fixed
from hwkit.checks.warned import no_warning

MEAN, DEVIATION, COUNTED = "mean", "deviation", "counted"
TABLE = """
two methods, three pictures: mean
    right         | 1 0.333333 0.333333 1
    mean maps     | 1 0.8 0.8 1
    one long row  | 1 0.484046 0.484046 1
    values        | 1 0.593861 0.593861 1
    median        | 1 0.8 0.8 1
    first row     | 1 0.8 0.8 1
    upper         | 1 0.333333 0 1
    diagonal 0    | 0 0.333333 0.333333 0
two methods, three pictures: deviation
    right         | 0 0.80829 0.80829 0
    values        | 0 0.650917 0.650917 0
    upper         | 0 0.80829 0 0
    variance      | 0 0.653333 0.653333 0
    ddof          | 0 0.659966 0.659966 0
    error of mean | 0 0.466667 0.466667 0
two methods, three pictures: counted
    right         | 3 3 3 3
    upper         | 3 3 0 3
    left out      | 0 0 0 0
three methods, four pictures: mean
    right         | 1 0.330647 0.401299 0.330647 1 -0.344969 0.401299 -0.344969 1
    sorted        | 1 -0.344969 0.401299 -0.344969 1 0.330647 0.401299 0.330647 1
    mean maps     | 1 0.46169 0.359092 0.46169 1 -0.2 0.359092 -0.2 1
    one long row  | 1 0.378482 0.266261 0.378482 1 -0.225058 0.266261 -0.225058 1
    values        | 1 0.300593 0.420572 0.300593 1 -0.368928 0.420572 -0.368928 1
    median        | 1 0.544737 0.502598 0.544737 1 -0.579546 0.502598 -0.579546 1
    first row     | 1 0.8 -0.3 0.8 1 -0.8 -0.3 -0.8 1
    upper         | 1 0.330647 0.401299 0 1 -0.344969 0 0 1
    diagonal 0    | 0 0.330647 0.401299 0.330647 0 -0.344969 0.401299 -0.344969 0
three methods, four pictures: deviation
    right         | 0 0.716757 0.559149 0.716757 0 0.664986 0.559149 0.664986 0
    sorted        | 0 0.664986 0.559149 0.664986 0 0.716757 0.559149 0.716757 0
    values        | 0 0.62169 0.480152 0.62169 0 0.582967 0.480152 0.582967 0
    upper         | 0 0.716757 0.559149 0 0 0.664986 0 0 0
    variance      | 0 0.513741 0.312647 0.513741 0 0.442206 0.312647 0.442206 0
    ddof          | 0 0.62073 0.484237 0.62073 0 0.575894 0.484237 0.575894 0
    error of mean | 0 0.358379 0.279574 0.358379 0 0.332493 0.279574 0.332493 0
three methods, four pictures: counted
    right         | 4 4 4 4 4 4 4 4 4
    upper         | 4 4 4 0 4 4 0 0 4
    left out      | 0 0 0 0 0 0 0 0 0
some pictures do not compare: mean
    right         | 1 0.4 -0.9 0.4 1 -0.5 -0.9 -0.5 1
    sorted        | 1 -0.5 -0.9 -0.5 1 0.4 -0.9 0.4 1
    mean maps     | 1 -0.316228 -0.316228 -0.316228 1 1 -0.316228 1 1
    one long row  | 1 0.227203 -0.382324 0.227203 1 0.130634 -0.382324 0.130634 1
    values        | 1 0.364551 -0.821452 0.364551 1 -0.153524 -0.821452 -0.153524 1
    first row     | nan nan nan nan 1 -0.4 nan -0.4 1
    upper         | 1 0.4 -0.9 0 1 -0.5 0 0 1
    diagonal 0    | 0 0.4 -0.9 0.4 0 -0.5 -0.9 -0.5 0
    NaN spreads   | nan nan nan nan nan nan nan nan nan
    zero          | 0.8 0.24 -0.36 0.24 0.8 -0.2 -0.36 -0.2 0.6
    complete      | 1 0.6 -1 0.6 1 -0.6 -1 -0.6 1
    of all        | 0.8 0.24 -0.36 0.24 0.8 -0.2 -0.36 -0.2 0.6
some pictures do not compare: deviation
    right         | 0 0.2 0.141421 0.2 0 0.141421 0.141421 0.141421 0
    sorted        | 0 0.141421 0.141421 0.141421 0 0.2 0.141421 0.2 0
    values        | 0 0.427921 0.252504 0.427921 0 0.147695 0.252504 0.147695 0
    upper         | 0 0.2 0.141421 0 0 0.141421 0 0 0
    variance      | 0 0.04 0.02 0.04 0 0.02 0.02 0.02 0
    ddof          | 0 0.163299 0.1 0.163299 0 0.1 0.1 0.1 0
    error of mean | 0 0.11547 0.1 0.11547 0 0.1 0.1 0.1 0
    NaN spreads   | nan nan nan nan nan nan nan nan nan
    zero          | 0.447214 0.260768 0.497996 0.260768 0.447214 0.282843 0.497996 0.282843 0.547723
    complete      | nan nan nan nan nan nan nan nan nan
some pictures do not compare: counted
    right         | 4 3 2 3 4 2 2 2 3
    sorted        | 3 2 2 2 4 3 2 3 4
    upper         | 4 3 2 0 4 2 0 0 3
    zero          | 5 5 5 5 5 5 5 5 5
    complete      | 1 1 1 1 1 1 1 1 1
    all counted   | 5 5 5 5 5 5 5 5 5
    left out      | 1 2 3 2 1 3 3 3 2
two methods that compare nowhere, two that compare once: mean
    right         | 1 nan -0.5 nan 1 -0.5 -0.5 -0.5 1
    sorted        | 1 -0.5 -0.5 -0.5 1 nan -0.5 nan 1
    mean maps     | 1 0 0.5 0 1 -0.866025 0.5 -0.866025 1
    one long row  | 1 0 -0.206202 0 1 -0.368994 -0.206202 -0.368994 1
    values        | 1 nan -0.654654 nan 1 -0.401907 -0.654654 -0.401907 1
    first row     | nan nan nan nan 1 -0.5 nan -0.5 1
    upper         | 1 nan -0.5 0 1 -0.5 0 0 1
    diagonal 0    | 0 nan -0.5 nan 0 -0.5 -0.5 -0.5 0
    NaN spreads   | nan nan nan nan nan nan nan nan nan
    zero          | 0.5 0 -0.125 0 0.5 -0.25 -0.125 -0.25 0.75
    complete      | nan nan nan nan nan nan nan nan nan
    of all        | 0.5 nan -0.125 nan 0.5 -0.25 -0.125 -0.25 0.75
    nothing is 0  | 1 0 -0.5 0 1 -0.5 -0.5 -0.5 1
two methods that compare nowhere, two that compare once: deviation
    right         | 0 nan nan nan 0 0 nan 0 0
    sorted        | 0 nan 0 nan 0 nan 0 nan 0
    values        | 0 nan nan nan 0 0.228699 nan 0.228699 0
    upper         | 0 nan nan 0 0 0 0 0 0
    NaN spreads   | nan nan nan nan nan nan nan nan nan
    zero          | 0.57735 0 0.25 0 0.57735 0.288675 0.25 0.288675 0.5
    complete      | nan nan nan nan nan nan nan nan nan
    single is 0   | 0 nan 0 nan 0 0 0 0 0
    few are 0     | 0 0 0 0 0 0 0 0 0
two methods that compare nowhere, two that compare once: counted
    right         | 2 0 1 0 2 2 1 2 3
    sorted        | 3 1 2 1 2 0 2 0 2
    upper         | 2 0 1 0 2 2 0 0 3
    zero          | 4 4 4 4 4 4 4 4 4
    complete      | 0 0 0 0 0 0 0 0 0
    all counted   | 4 4 4 4 4 4 4 4 4
    left out      | 2 4 3 4 2 2 3 2 1
"""
SENTENCES = {
    "sorted": "the methods are sorted by name; their order in maps is asked for.",
    "mean maps": "this correlates the mean maps; correlate picture by picture, then take the mean.",
    "one long row": "all pictures are put into one long row; correlate picture by picture.",
    "values": "these are correlations of the values; spearman is asked for.",
    "median": "this is the median; the mean is asked for.",
    "first row": "only the first picture counts here; all are to.",
    "upper": "one triangle of the matrix is empty; it is symmetric.",
    "diagonal 0": "the diagonal of the mean is 0; a method agrees with itself.",
    "variance": "this is the variance; its root is asked for.",
    "ddof": "the deviation divides by how many were counted; divide by one less.",
    "error of mean": "this is the standard error of the mean; the standard deviation is asked for.",
    "NaN spreads": "an undefined correlation makes the whole entry NaN; leave it out, and "
    "take the mean of the others.",
    "zero": "undefined correlations count as 0; leave them out.",
    "complete": "a picture is left out for all methods as soon as two of them do not compare; "
    "leave it out only for these two.",
    "all counted": "counted says how many pictures there are; how many were used is asked for.",
    "left out": "counted says how many pictures were left out; how many were used is asked for.",
    "of all": "the sum is divided by the number of all pictures; divide by how many were counted.",
    "single is 0": "one correlation has no deviation: NaN, not 0.",
    "few are 0": "fewer than two correlations have no deviation: NaN, not 0.",
    "nothing is 0": "where nothing was counted there is no mean: NaN, not 0.",
}
_EMPTY = "Ask how many correlations there are before you take their mean and their deviation."
_HINTS = {
    SENTENCES["ddof"]: "np.std has the argument ddof=.",
    NOT_FINITE: "np.isfinite says which correlations are defined.",
    "": "Is spearman right? Then take two methods: a correlation for each picture, then the mean.",
}
_PARTS = (MEAN, DEVIATION, COUNTED)


def _example(label: str, maps: dict[str, Any]) -> PartsExample:
    shape = (len(maps), len(maps))
    arrays = {name: fixed(rows) for name, rows in maps.items()}
    return PartsExample(label, (arrays,), dict.fromkeys(_PARTS, shape))


EXAMPLES = (
    _example(
        "two methods, three pictures",
        {
            "lrp": [[1, 2, 9, -4], [3, 1, 0, -6], [2, 9, 5, -7]],
            "deeplift": [[2, 1, 8, -3], [1, -5, 9, 2], [1, 5, 6, -8]],
        },
    ),
    _example(
        "three methods, four pictures",
        {
            "saliency": [[3, 0, 20, 4, 7], [5, 2, 1, 1, 6], [2, 8, 3, 0, 1], [1, 4, 6, 9, 2]],
            "lrp": [[4, 1, 7, 2, 9], [-3, 2, 2, 0, 5], [9, 0, 1, 3, 3], [2, 3, 5, 12, 1]],
            "deeplift": [[1, 6, 2, 8, -9], [4, -4, 3, 0, 1], [1, 5, 4, 0, 2], [-7, 2, 8, 5, 3]],
        },
    ),
    _example(
        "some pictures do not compare",
        {
            "saliency": [[0, 0, 0, 0], [1, 5, 2, 3], [4, 0, 9, 1], [2, 1, 6, 3], [3, 1, 2, 7]],
            "lrp": [[1, 4, 2, 3], [2, 3, 1, 9], [5, 5, 5, 5], [6, 0, 2, 1], [1, 3, 2, 8]],
            "blank": [[3, 1, 2, 7], [6, 2, 5, 4], [1, 7, 2, 3], [0, 0, 0, 0], [2, 2, 2, 2]],
        },
    ),
    _example(
        "two methods that compare nowhere, two that compare once",
        {
            "ones": [[1, 1, 1], [1, 1, 1], [2, 3, 1], [1, 2, 5]],
            "twos": [[3, 1, 2], [1, 4, 2], [2, 2, 2], [2, 2, 2]],
            "lrp": [[0, 1, 4], [2, 0, 5], [4, 1, 3], [0, 0, 0]],
        },
    ),
)


def check_agreement(agreement: Callable[..., Any]) -> None:
    """Judge mean, deviation and count of small tables, also where rows do not compare.

    Raises:
        NotAttemptedError: a blank is empty. WrongAnswerError: other numbers, or a warning.
    """
    with no_warning(_EMPTY):
        judge(cases_of_parts(agreement, EXAMPLES, TABLE, SENTENCES), _HINTS, "the agreement")
