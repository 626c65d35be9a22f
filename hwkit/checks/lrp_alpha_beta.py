"""The check of ``alpha_beta(layer, x, R, alpha, beta)``: for and against, handed out separately."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.lrp_layers import one_sided_layer, picture_layer, vector_layer
from hwkit.checks.tables import HUGE, NOT_FINITE, Example, cases, fixed

TABLE = """
dense, inputs above 0, alpha = 2, beta = 1
    right            | 3.91667 0.2 -2.7 -2.67857 5.14286 2.85714
    swapped          | 2.95833 -4.4 -5.85 -6.48214 5.57143 -3.07143
    added            | 2.58333 6.2 3.3 4.17857 1.14286 8.85714
    no factors       | 2.29167 -1.4 -2.85 -3.05357 3.57143 -0.0714286
    1 and 0          | 1.625 1.6 0.15 0.375 1.57143 2.92857
    only for         | 3.25 3.2 0.3 0.75 3.14286 5.85714
    only against     | 0.666667 -3 -3 -3.42857 2 -3
    no bias          | 5.8 1 -1.8 -3.16923 5.54286 2.62637
    whole bias       | 3.58333 7.66667 -1.33333 -2.67857 2.33333 2.71429
    one denominator  | 3.8 6.2 1.4 -6.9 -3.13333 -8.56667
    no x             | 4.41667 -0.5 -3 -2.66667 7 2
    no x at the end  | 3.91667 0.1 -2.7 -0.892857 5.14286 1.42857
dense, inputs of both signs, alpha = 1.5, beta = 0.5
    right            | 4.56181 -1.22527 0.0714286 3.96667 2.91825 0.811508
    swapped          | 2.30632 -4.27747 -3.19048 -0.9 1.26905 -3.1369
    added            | 4.7761 1.81044 3.28571 5.63333 2.69603 3.36706
    no factors       | 3.75549 -2.6978 -1.2381 1.53333 2.09365 -1.1627
    1 and 0          | 3.32692 0.230769 1.33333 3.2 1.87143 1.39286
    2 and 1          | 6.22527 -2.60989 -0.761905 4.73333 3.96508 0.230159
    only for         | 4.99038 0.346154 2 4.8 2.80714 2.08929
    only against     | -0.428571 -1.57143 -1.92857 -0.833333 0.111111 -1.27778
    only x above 0   | 3.64286 0 0 0 9 0
    by weights       | 12.2411 -6.21429 -5.03571 -15.2667 7 6.3
    no bias          | 5.79755 -1.12692 0.329371 1.96667 2.97778 0.0555556
    whole bias       | 5.20467 -2.61813 -3.78571 4 3.27381 0.922619
    one denominator  | 6.77143 1.02857 2.9381 25.9 8.86667 9.48333
    no x             | 3.14583 0.375 -1.5 -1.33333 4.75 2.25
    no x at the end  | 1.5206 1.22527 -0.0357143 -1.98333 2.91825 -0.811508
    parts are lost   | 5.20467 -1.11813 0.714286 3.96667 2.91825 0.811508
    nothing for      | 5.20467 -1.11813 0.714286 3.96667 2.91825 0.811508
    turned           | 5.41896 -1.08242 0.928571 3.96667 2.91825 0.811508
    inputs only      | 4.56181 -1.22527 0.0714286 1.96667 2.58492 0.144841
convolution, alpha = 2, beta = 1
    right            | 5.37143 1.2619 -0.75 -1.85714 -2.46429 0.444444
    swapped          | 3.54286 1.02381 -1.5 -2.85714 -4.28571 -1.11111
    added            | 4.22857 0.738095 0.75 0.714286 1.60714 2.22222
    no factors       | 2.97143 0.761905 -0.75 -1.57143 -2.25 -0.222222
    1 and 0          | 2.4 0.5 0 -0.285714 -0.214286 0.666667
    only for         | 4.8 1 0 -0.571429 -0.428571 1.33333
    only against     | 0.571429 0.261905 -0.75 -1.28571 -2.03571 -0.888889
    only x above 0   | 5.8 0 0 -2.07143 -1.92857 0
    by weights       | 7 5.5 4 -2.5 -11.7857 4.28571
    no bias          | 6.8 1.60476 -0.940476 -1.85714 -2.46429 0.857143
    whole bias       | 5.37143 2.17532 -0.757576 -2.3 -1.11818 0.444444
    one denominator  | -12 -2.52222 -1.31111 -4.5 -7.9 -2.04444
    no x             | 3.66667 -0.166667 2.5 -2.91667 -2.16667 1.08333
    no x at the end  | 2.68571 -1.2619 0.75 -1.85714 -0.821429 -0.222222
empty parts, alpha = 3, beta = 2
    right            | 1.46429 -0.857143 1.14286 13.4247 -3.37403 4.18268
    swapped          | -2.35714 -4.57143 -0.0714286 5.65887 -6.67662 -0.126696
    added            | 2.96429 6.14286 3.14286 12.3883 3.63506 1.10996
    no factors       | -0.678571 -1.28571 0.214286 3.12944 -2.28831 0.0366522
    1 and 0          | 0.321429 0.714286 0.714286 3.72944 -0.188312 0.236652
    2 and 1          | 1.39286 0.428571 1.17857 8.87706 -1.73117 2.30967
    only for         | 0.464286 0.142857 0.642857 12.8247 0.525974 3.98268
    only against     | 1 -1 0.5 0.6 -3.9 0.2
    no bias          | 3.02143 -0.0857143 2.06429 7.56277 -4.0772 1.51443
    whole bias       | -2.05 -4.6 -0.7 13.2318 -5.49545 4.29697
    one denominator  | -3.55 -5.2 -1.45 17.0318 2.80455 5.56364
    no x             | 1.53333 -1.23333 1.35 10.4 -2.3 5.2
    no x at the end  | 1.46429 -0.428571 1.14286 4.47489 -3.37403 2.09134
    parts are lost   | -1.03571 -1.85714 1.14286 9.98831 -4.76494 0.309957
    nothing for      | -1.53571 -3.85714 -0.357143 11.6247 -3.67403 3.58268
    nothing against  | 1.96429 1.14286 2.64286 11.7883 -4.46494 0.909957
    turned           | -0.535714 -2.85714 0.142857 12.2247 -3.57403 3.78268
    inputs only      | 2.32143 -0.285714 1.71429 6.9961 -4.08831 1.32554
empty parts, alpha = 1, beta = 0
    right            | 0.321429 0.714286 0.714286 3.72944 -0.188312 0.236652
    swapped          | -1 -2 -0.5 -0.6 -2.1 -0.2
    no factors       | -0.678571 -1.28571 0.214286 3.12944 -2.28831 0.0366522
    2 and 1          | 1.39286 0.428571 1.17857 8.87706 -1.73117 2.30967
    only against     | 0 0 0 0 0 0
    no bias          | 0.488095 0.714286 0.797619 3.8961 -0.188312 0.292208
    whole bias       | 0.15 0.6 0.6 4.26515 -0.128788 0.474747
    one denominator  | -1.35 0.6 -0.15 4.93182 -0.128788 0.69697
    no x             | 0.333333 0.5 0.916667 3 -0.166667 0.666667
    no x at the end  | 0.321429 0.357143 0.714286 1.24315 -0.188312 0.118326
    beta 0           | 1.32143 1.71429 1.21429 4.32944 -0.0883117 0.436652
"""
SENTENCES = {
    "swapped": "alpha and beta are swapped.",
    "added": "the second part is added; what speaks against an output is subtracted.",
    "no factors": "alpha and beta are not used.",
    "1 and 0": "alpha and beta are not used: this is what alpha = 1 and beta = 0 hand out.",
    "2 and 1": "alpha and beta are not used: this is what alpha = 2 and beta = 1 hand out.",
    "only for": "the second part is missing: what speaks against an output is not handed out.",
    "only against": "the first part is missing: what speaks for an output is not handed out.",
    "only x above 0": "inputs below zero get nothing: (x w)+ is x+ w+ and x- w- together.",
    "by weights": "the parts are divided by the sign of the weight; it is the sign of the "
    "contribution x w that decides.",
    "no bias": "the bias is missing in the denominators.",
    "whole bias": "the whole bias is in both denominators; each has its own part of it, b+ or b-.",
    "one denominator": "both parts are divided by z; each has a denominator of its own.",
    "no x": "x is missing: contributions are x w.",
    "no x at the end": "x is missing in the numerators.",
    "parts are lost": "where one part is empty, the other hands out alpha R or -beta R; there it "
    "is to hand out R itself.",
    "nothing for": "where nothing speaks for an output, what speaks against it is to hand out R "
    "itself.",
    "nothing against": "where nothing speaks against an output, what speaks for it is to hand out "
    "R itself.",
    "turned": "where nothing speaks for an output, -R is handed out; it is to be R.",
    "inputs only": "a part is not empty where its denominator holds only the bias.",
    "beta 0": "with beta = 0 the second part hands out nothing, also where the first is empty.",
}
_HINTS = {
    SENTENCES["by weights"]: "So each part takes two passes forward and two backward.",
    SENTENCES["only x above 0"]: "So each part takes two passes forward and two backward.",
    NOT_FINITE: "np.divide has the arguments out= and where=.",
    HUGE: "np.divide has the arguments out= and where=; nothing small needs to be added.",
    "": "First the two denominators, then the two factors, then the way back of each part.",
}
_ABOVE = fixed([[1, 2, 1], [3, 1, 2]])
_MIXED = fixed([[3, -1, -2], [-2, 1, -1]])
_R = fixed([[2, -1, 3, 1], [1, 4, -2, 2]])
_ONE_SIDED_R = fixed([[2, 3, 4, 1, -1], [-3, 1, -2, 2, 5]])
_PICTURE = fixed([[[[2], [-1], [-1]], [[1], [3], [-2]]]])
_PICTURE_R = fixed([[[[3, -2], [1, 2]]]])


def examples() -> tuple[Example, ...]:
    """What the student's function is called with."""
    above, mixed = (vector_layer(), _ABOVE, _R), (vector_layer(), _MIXED, _R)
    picture = (picture_layer(), _PICTURE, _PICTURE_R)
    one_sided = (one_sided_layer(), _ABOVE, _ONE_SIDED_R)
    return (
        Example("dense, inputs above 0, alpha = 2, beta = 1", (*above, 2.0, 1.0), (2, 3)),
        Example("dense, inputs of both signs, alpha = 1.5, beta = 0.5", (*mixed, 1.5, 0.5), (2, 3)),
        Example("convolution, alpha = 2, beta = 1", (*picture, 2, 1), (1, 2, 3, 1)),
        Example("empty parts, alpha = 3, beta = 2", (*one_sided, 3, 2), (2, 3)),
        Example("empty parts, alpha = 1, beta = 0", (*one_sided, 1, 0), (2, 3)),
    )


def check_alpha_beta(alpha_beta: Callable[..., Any]) -> None:
    """Judge the relevance of the inputs of dense layers and of a convolution.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other relevance.
    """
    what = "the relevance"
    judge(cases(alpha_beta, examples(), TABLE, SENTENCES, what, huge=HUGE), _HINTS, what)
