"""The check of ``multiplier(x, r, f, slope)``: the slope between the reference and the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hwkit.checks.agreement_activations import (
    leaky,
    leaky_slope,
    relu,
    sigmoid,
    softplus,
    step,
    tanh_slope,
)
from hwkit.checks.comparing import judge
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed
from hwkit.checks.warned import no_warning

TABLE = """
tanh, apart
    right            | 0.942714 0.815808 0.359999 0.688901 0.575207 0.334607
    slope            | 0.786448 0.419974 0.180707 0.940015 0.0706508 0.786448
    from zero        | 0.924234 0.761594 0.603432 0.979675 0.482014 0.924234
    only x by r      | 0.616156 0.507729 1.20686 -0.326558 0.321343 -0.308078
    numerator        | 0.707036 -1.22371 0.269999 -0.516675 1.72562 0.50191
    upside down      | 1.06077 1.22578 2.77778 1.45159 1.7385 2.98858
    turned           | -0.942714 -0.815808 -0.359999 -0.688901 -0.575207 -0.334607
    f of difference  | 0.846865 0.603432 0.846865 0.846865 0.331685 0.603432
    mean slope       | 0.863231 0.603211 0.388646 0.679995 0.245313 0.428549
    not absolute     | 0.942714 0.419974 0.359999 0.940015 0.575207 0.334607
a ReLU, apart
    right            | 0.75 0.666667 1 0 0.5
    slope            | 1 0 1 0 1
    from zero        | 1 0 1 0 1
    only x by r      | 0.75 0 1.33333 0 0.5
    numerator        | 3 -2 1.5 0 4
    upside down      | 1.33333 1.5 1 -1.5 2
    turned           | -0.75 -0.666667 -1 0 -0.5
    f of difference  | 1 0 1 0 1
    mean slope       | 0.5 0.5 1 0 0.5
    not absolute     | 0.75 0 1 0 0.5
a leaky ReLU, two of four equal
    right            | 1 0.4375 0.8125 0.25
    slope            | 1 0.25 1 0.25
    from zero        | 1 0.25 1 0.25
    only x by r      | 2 0.1875 0.75 -0.25
    numerator        | 0 -1.75 1.625 0
    upside down      | 1 2.28571 1.23077 0.25
    turned           | 1 -0.4375 -0.8125 0.25
    f of difference  | 1 0.25 1 0.25
    mean slope       | 1 0.625 0.625 0.25
    zero where equal | 0 0.4375 0.8125 0
    one where equal  | 1 0.4375 0.8125 1
    f where equal    | 2 0.4375 0.8125 -0.25
    not absolute     | 1 0.25 0.8125 0.25
softplus, all equal
    right            | 0.622459 0.268941 0.880797 0.562177
    from zero        | 1.94815 -0.313262 1.06346 3.30376
    only x by r      | 0.974077 0.313262 2.12693 0.825939
    numerator        | 0 0 0 0
    zero where equal | 0 0 0 0
    one where equal  | 1 1 1 1
    f where equal    | 0.974077 0.313262 2.12693 0.825939
a ReLU, 8e-7 apart, and 5e-6 and more
    right            | 1 0 0.6 0.75 0.4
    slope            | 1 0 1 0 1
    from zero        | 1 0 1 0 1
    only x by r      | 0.625 0 0.6 0 0.4
    numerator        | 5e-07 -5e-07 3e-06 -0.0003 0.004
    upside down      | 1 0 1.66667 1.33333 2.5
    turned           | 1 0 -0.6 -0.75 -0.4
    f of difference  | 1 0 1 0 1
    mean slope       | 0.5 0.5 0.5 0.5 0.5
    zero where equal | 0 0 0.6 0.75 0.4
    one where equal  | 1 1 0.6 0.75 0.4
    f where equal    | 5e-07 0 0.6 0.75 0.4
    slope of r       | 0 1 0.6 0.75 0.4
    exactly          | 0.625 0.625 0.6 0.75 0.4
    too wide         | 1 0 1 0 0.4
    not absolute     | 1 0 0.6 0 0.4
"""
SENTENCES = {
    "slope": "this is the slope at x everywhere; it is asked for only where x and r are equal.",
    "from zero": "this is f(x) / x: the reference r is not used.",
    "only x by r": "f(r) is not subtracted.",
    "numerator": "this is the difference of the outputs; it is to be divided by that of the "
    "inputs.",
    "upside down": "the fraction is upside down.",
    "turned": "the sign is turned: x - r below, f(x) - f(r) above.",
    "f of difference": "f is taken of x - r; take f(x) - f(r).",
    "mean slope": "this is the mean of two slopes; where x and r differ, their outputs count.",
    "zero where equal": "where x and r are equal you give 0; slope(x) is asked for.",
    "one where equal": "where x and r are equal you give 1; slope(x) is asked for.",
    "f where equal": "where x and r are equal you give f(x); slope(x) is asked for.",
    "slope of r": "where x and r are nearly equal you take the slope at r; take it at x.",
    "exactly": "numbers that differ by less than 1e-6 count as equal, too.",
    "too wide": "numbers that differ by 1e-6 or more do not count as equal.",
    "not absolute": "r may also be larger than x: x - r below 1e-6 does not say that they are "
    "equal.",
}
_EQUAL = "Divide by 1 where x and r are equal, and put slope(x) there afterwards."
_HINTS = {
    SENTENCES["zero where equal"]: "Nothing small needs to be added to the denominator.",
    NOT_FINITE: _EQUAL,
    "": "Take one number: how far does f move from r to x, and how far is it from r to x?",
}
EXAMPLES = (
    Example(
        "tanh, apart",
        (
            fixed([[0.5, -1, 1.5], [0.25, 2, -0.5]], float),
            fixed([[-0.25, 0.5, 0.75], [1, -1, -2]], float),
            np.tanh,
            tanh_slope,
        ),
        (2, 3),
    ),
    Example(
        "a ReLU, apart",
        (fixed([3, -1, 2, -2, 4], float), fixed([-1, 2, 0.5, -0.5, -4], float), relu, step),
        (5,),
    ),
    Example(
        "a leaky ReLU, two of four equal",
        (
            fixed([2, -3, 1.5, -1], float),
            fixed([2, 1, -0.5, -1], float),
            leaky,
            leaky_slope,
        ),
        (4,),
    ),
    Example(
        "softplus, all equal",
        (
            fixed([[[[0.5], [-1]], [[2], [0.25]]]], float),
            fixed([[[[0.5], [-1]], [[2], [0.25]]]], float),
            softplus,
            sigmoid,
        ),
        (1, 2, 2, 1),
    ),
    Example(
        "a ReLU, 8e-7 apart, and 5e-6 and more",
        (
            fixed([5e-7, -3e-7, 3e-6, -1e-4, 4e-3], float),
            fixed([-3e-7, 5e-7, -2e-6, 3e-4, -6e-3], float),
            relu,
            step,
        ),
        (5,),
    ),
)


def check_multiplier(multiplier: Callable[..., Any]) -> None:
    """Judge the multipliers of several activations, also where x and r are equal.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other multipliers, or a warning.
    """
    what = "the multiplier"
    with no_warning(f"np.where works out both sides everywhere. {_EQUAL}"):
        judge(cases(multiplier, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
