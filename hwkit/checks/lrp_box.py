"""The check of ``box_rule(layer, x, R, low, high)``: the rule for inputs in a box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.lrp_layers import colour_layer, one_sided_layer, vector_layer
from hwkit.checks.tables import HUGE, NOT_FINITE, Example, cases, fixed

TABLE = """
dense, from -1 to 2
    right            | 3.06364 0.790909 1.14545 1.51743 1.38126 2.10131
    swapped          | 3.44231 0.75 0.807692 -0.10925 2.49654 2.61271
    added            | -0.545455 4.59091 0.954545 3.54935 1.38701 0.0636364
    low added        | 0.666667 1.27619 3.05714 0.136364 5.27273 -0.409091
    high added       | 8.07143 -1.78571 -1.28571 -3.43544 -0.731664 9.16711
    only low         | 7.11111 -2.66667 0.555556 0.1738 1.2782 3.548
    only high        | 7.30882 -0.764706 -1.54412 2.29574 -1.14286 2.84712
    no bounds        | -9.22222 8.44444 5.77778 3.13112 0 1.86888
    whole weights    | 0 2 3 0.749026 0.884416 3.36656
    no x             | 1.27662 1.71396 2.00942 1.52468 0.692208 2.78312
    with bias        | 1.92857 0.535714 1.07143 1.64595 1.19945 2.38271
    only below       | 2.13182 -0.472727 -0.0181818 0.260349 0 -2.53922
    only above       | -16.4444 3.66667 2.33333 1.23252 -3.55478 -2.07751
    not times bounds | 0 -0.236364 -0.0363636 0.781046 -2.08715 -0.846405
    whole weights back| 0 -0.236364 -0.0363636 0.781046 -2.08715 -0.846405
convolution, from -1 to 2
    right            | 0.808791 0.178022 -1.02857 1.04176 0.460227 0.931818 0.840909 0.767045
    swapped          | 0.134615 -0.259615 1.125 0 0.675 1.15 0.95 0.225
    added            | -0.923077 2.53846 0.276923 -0.892308 0.767857 0.857143 1.64286 -0.267857
    low added        | -0.210526 3.31579 -3.89474 1.78947 -0.625 2 0.5 1.125
    high added       | 6.4 -9 4 -0.4 1 -2 0.333333 1.66667
    only low         | 1.54386 -1.2807 -0.631579 1.36842 0.303571 1.21429 0.142857 1.33929
    only high        | 0.601852 0.902778 -1.70833 1.2037 0.416667 0.833333 1 0.75
    no bounds        | 1.86364 -1.29545 -1.84091 2.27273 0.25 0.5 0 2.25
    whole weights    | 0 3.54545 -8.18182 5.63636 1.25 0 2.5 -0.75
    no x             | 0.333333 0.833333 -0.666667 0.5 0.555556 0.944444 1.11111 0.388889
    with bias        | 0.678788 0.0545455 -1.09091 0.836364 0.430769 0.953846 0.876923 0.717949
    only below       | 0.575824 -0.402198 -0.573626 0.694505 0.0284091 0.193182 0 0.460227
    only above       | 2.63636 0.613636 -3.27273 3.40909 2.25 4 3.5 3.75
    not times bounds | 0 0.402198 -1.14725 0.347253 -0.0284091 0 0.284091 0.153409
    whole weights back| 0 0.402198 -1.14725 0.347253 -0.0284091 0 0.284091 0.153409
convolution, bounds of shape (2,)
    right            | 1.125 0.621711 -1.07566 0.328947 0.482143 1.03571 0.892857 0.589286
    swapped          | -0.413793 -0.434483 0.786207 1.06207 0.455357 1.03571 0.892857 0.616071
    added            | 3.41667 0.625 1.125 -4.16667 0.3 0.8 0.2 -0.3
    low added        | -1.5 3.43421 -3.51316 2.57895 -1.375 2.75 -0.25 1.875
    high added       | 7.16667 -7.25 0.75 0.333333 2.5 -4 1 1.5
    only low         | 2.16364 -0.845455 -0.790909 0.472727 0.375 1.25 0.25 1.125
    only high        | 0.6 1.18421 -1.56316 0.778947 0.25 1.25 0.75 0.75
    no bounds        | 1.86364 -1.29545 -1.84091 2.27273 0.25 0.5 0 2.25
    whole weights    | 1.33333 0.714286 0 -1.04762 0.85 1.8 0.7 -0.35
    no x             | 0.5 1.5 -1 0 0.833333 0.5 1.66667 0
    with bias        | 1 0.480392 -1.2451 0.196078 0.455357 1.10714 0.982143 0.616071
    only below       | 0.585526 -0.503289 -0.819079 0.328947 -0.0535714 0.607143 0 0.589286
    only above       | 4.5 3.20455 -1.43182 2.27273 2.75 3.5 2.5 2.25
    not times bounds | 0 0.503289 -1.63816 0.164474 0.0535714 0 0.678571 0.196429
    whole weights back| 1.17105 2.51645 0 -0.164474 -0.160714 -1.21429 -0.678571 -0.589286
    one for all      | 0.743137 0.161765 -0.791176 0.886275 0.486111 0.972222 0.861111 0.680556
    first for all    | 1.125 -0.669643 -0.498214 1.04286 0.419643 1.125 0.517857 0.9375
    turned channels  | 0.443137 -0.288235 -1.24118 2.08627 0.333333 0.75 0.75 1.16667
denominators that are 0
    right            | 1.5 1.75 0.75
    swapped          | 0.5 0.5 1
    added            | 0.5 0.5 1
    low added        | 1.33333 1.25 1.41667
    high added       | 0 0 0
    only high        | 0.666667 3.25 1.08333
    no bounds        | 1.33333 1.25 1.41667
    whole weights    | 1.33333 1.25 1.41667
    no x             | 1.66667 1.75 1.58333
    with bias        | 1.71429 1.71429 0.857143
    only below       | 0.416667 0.875 0.208333
    only above       | 3 1.5 1.5
    not times bounds | 0.833333 1.75 0.416667
    whole weights back| 0.416667 0.875 0.208333
"""
SENTENCES = {
    "swapped": "low and high are swapped, or w+ and w-.",
    "added": "the terms of the bounds are added; both are subtracted.",
    "low added": "the term of low is added; both are subtracted.",
    "high added": "the term of high is added; both are subtracted.",
    "only low": "the term of high is missing.",
    "only high": "the term of low is missing.",
    "no bounds": "the bounds are not used: this is LRP-0 without bias.",
    "whole weights": "the bounds meet all weights; low belongs to w+, high to w-.",
    "no x": "the term x w is missing.",
    "with bias": "the bias is in the denominator; with this rule it takes no share.",
    "only below": "the bounds are in the denominator only; the numerator has all three terms.",
    "only above": "the bounds are in the numerator only; the denominator has all three terms.",
    "not times bounds": "on the way back the terms of the bounds are not multiplied by the bounds.",
    "whole weights back": "on the way back the bounds meet all weights; low belongs to w+, high to "
    "w-.",
    "one for all": "low and high are one number for all channels here; each has bounds of its own.",
    "first for all": "the bounds of the first channel are used for all.",
    "turned channels": "the bounds are not those of their channels: channels come last.",
}
_HINTS = {
    SENTENCES["only below"]: "Three passes forward, one division, three passes backward.",
    SENTENCES["only above"]: "Three passes forward, one division, three passes backward.",
    NOT_FINITE: "np.divide has the arguments out= and where=.",
    HUGE: "np.divide has the arguments out= and where=; nothing small needs to be added.",
    "": "First bring low and high to the shape of x. Then three passes forward, one division, "
    "three passes backward, each with its own weights.",
}
_ROWS = fixed([[1, 2, -1], [-0.5, 0, 1.5]])
_ROWS_R = fixed([[2, -1, 3, 1], [1, 4, -2, 2]])
_PICTURE = fixed([[[[1, 0.5], [-1, 2]], [[0.5, 1], [0, 1.5]]]])
_PICTURE_R = fixed([[[[3, -2]], [[1, 2]]]])
# Its first output only has weights above 0, and every input is at its lowest.
_LOWEST = fixed([[-1, -1, -1]])
_LOWEST_R = fixed([[2, 3, 4, 1, -1]])


def examples() -> tuple[Example, ...]:
    """What the student's function is called with."""
    dense = (vector_layer(), _ROWS, _ROWS_R)
    picture = (colour_layer(), _PICTURE, _PICTURE_R)
    lowest = (one_sided_layer(), _LOWEST, _LOWEST_R)
    channels = fixed([-2, 0]), fixed([1, 3])
    return (
        Example("dense, from -1 to 2", (*dense, -1.0, 2.0), (2, 3)),
        Example("convolution, from -1 to 2", (*picture, -1.0, 2.0), (1, 2, 2, 2)),
        Example("convolution, bounds of shape (2,)", (*picture, *channels), (1, 2, 2, 2)),
        Example("denominators that are 0", (*lowest, -1.0, 1.0), (1, 3)),
    )


def check_box_rule(box_rule: Callable[..., Any]) -> None:
    """Judge the relevance of the inputs of dense layers and of a convolution.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other relevance.
    """
    what = "the relevance"
    judge(cases(box_rule, examples(), TABLE, SENTENCES, what, huge=HUGE), _HINTS, what)
