"""The check of ``hand_down(layer, x, R, modify, epsilon)``: the four steps of every rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hwkit.checks.comparing import judge
from hwkit.checks.lrp_layers import picture_layer, vector_layer
from hwkit.checks.tables import HUGE, NOT_FINITE, Example, cases, fixed

TABLE = """
dense, epsilon = 0
    right            | 4.38571 -0.957143 -3.06429 7.55 2.7 1.9
    no bias          | -9.22222 8.44444 5.77778 -1.93939 -3.90909 10.8485
    no x             | 4.38571 -0.478571 3.06429 -7.55 0.9 0.95
    no R             | 2.24286 -0.528571 0.292857 -2.55 -4.2 8.1
    no division      | 13.5 2 1 12 30 6
    absolute z       | 5.38571 -1.95714 -1.56429 5.55 14.7 -14.1
dense, epsilon = 0.5
    right            | 3.51313 -0.525253 -2.43636 5.20635 2.47619 1.84127
    no bias          | -6.16374 6.2022 3.85055 -1.49006 -2.64224 8.71553
    no x             | 3.51313 -0.262626 2.43636 -5.20635 0.825397 0.920635
    no R             | 1.86869 -0.347475 0.363636 -1.69841 -2.38095 5.46032
    no division      | 13.5 2 1 12 30 6
    always added     | 3.38615 -0.398268 -2.62684 6.53968 -5.52381 12.5079
    subtracted       | 5.84737 -1.75336 -4.10501 14.5564 2.97744 1.95489
    multiplied       | 2.92381 -0.638095 -2.04286 5.03333 1.8 1.26667
    no epsilon       | 4.38571 -0.957143 -3.06429 7.55 2.7 1.9
    in both          | 4.44747 -0.69899 -2.25455 4.35714 1.28571 4.57143
    absolute z       | 4.40202 -1.41414 -1.10303 3.87302 10.4762 -8.8254
dense, epsilon = 0.25, modify squares
    right            | 3.51268 1.84499 -2.66896 0.608668 1.49964 4.08556
    no bias          | 5.07233 2.38236 -2.66683 6.95154 -0.5199 -1.33171
    bias as it was   | 3.62487 1.45235 -0.837928 2.3303 0.959449 2.91481
    back as it was   | -0.404541 0.241666 -2.62921 0.812625 2.14525 -0.247505
    up as it was     | 13.2647 5.7251 -8.48875 13.0037 -5.60574 -18.105
    weights up       | 5.37637 4.22306 -6.53041 1.27468 -1.02446 -6.52542
    only bias        | 0.577882 1.66506 -1.38474 1.91202 -0.781057 5.71848
    not modified     | 3.90051 -0.711678 -2.71573 6.14519 2.5825 1.87088
    no x             | 3.51268 0.922496 2.66896 -0.608668 0.49988 2.04278
    no R             | -1.25868 -1.0438 5.93145 -1.11158 1.53982 2.54887
    no division      | 25.25 22 -9 0.5 24 74
    always added     | 3.96347 1.64182 -2.89753 0.608668 1.49964 4.08556
    subtracted       | 4.02857 1.75238 -2.93333 0.653771 1.54878 4.20179
    multiplied       | 2.99444 1.45556 -2.24444 0.504473 1.21905 3.31429
    no epsilon       | 3.74306 1.81944 -2.80556 0.630592 1.52381 4.14286
    in both          | 3.19801 1.58404 -1.1861 0.330774 1.8846 4.72277
    absolute z       | 0.242834 2.35293 0.759608 0.608668 1.49964 4.08556
convolution, epsilon = 0.5
    right            | 2.73504 0.226244 4.11765 1.82906 -6.99246 -2.54902
    no bias          | 2.7972 -1.92148 -3.89474 1.94406 1.46485 2.77193
    no x             | 1.36752 0.226244 -4.11765 -1.82906 -2.33082 -2.54902
    no R             | 0.17094 1.25189 2.11765 0.239316 -0.0693816 -1.21569
    no division      | 16 -3 -7 11 -24 3
    always added     | 2.73504 2.86154 12.1333 1.82906 -14.8513 -7.86667
    subtracted       | 3.32468 2.5645 12.1333 2.20779 -15.8649 -7.86667
    multiplied       | 2 0.5 4.08333 1.33333 -6.25 -2.58333
    no epsilon       | 3 0.75 6.125 2 -9.375 -3.875
    in both          | 2.82051 0.852187 5.17647 1.94872 -7.02715 -3.15686
    absolute z       | 2.73504 -1.96983 -4.11765 1.82906 -1.11011 2.54902
convolution, epsilon = 0, modify squares
    right            | 5.84615 0.849359 -6.03125 -6.67308 4.17067 2.69792
    no bias          | 7.81818 -1.68915 17.9677 -8.90909 -3.21994 -7.96774
    bias as it was   | 5.8 -0.691667 5.96875 -6.65 -0.10625 -2.63542
    back as it was   | 3.15385 -0.0849359 -2.03125 2.32692 -0.992788 1.30208
    up as it was     | 3 -6.5 18.125 -4 -13.875 -8.125
    weights up       | 3.6 -1.4 -3.475 -4.3 -3.075 1.475
    only bias        | 2.4 -0.75 -1.075 1.7 -0.375 0.925
    not modified     | 3 0.75 6.125 2 -9.375 -3.875
    no x             | 2.92308 0.849359 6.03125 6.67308 1.39022 2.69792
    no R             | 2.07692 1.05449 -3.03125 -2.28846 3.05529 1.36458
    no division      | 20 -9 -19 -25 18 9
a z of 0, epsilon = 0.5
    right            | 10.1829 -9.87429 -3.17714
    no bias          | -5.26316 5.78947 3.57895
    no x             | 5.09143 9.87429 -3.17714
    no R             | 5.12286 -3.13429 -1.69714
    no division      | -6 -13 -12
    always added     | 8.64 -7.76 0.48
    subtracted       | -15.4435 16.2261 12.4522
    multiplied       | -1.55556 1.88889 2.66667
    no epsilon       | -2.33333 2.83333 4
    in both          | 12.7443 -11.4414 -4.02571
    absolute z       | 11.8971 -14.4457 -9.46286
    nothing at 0     | -1.81714 2.12571 2.82286
    minus at 0       | -13.8171 14.1257 8.82286
a z of 0, epsilon = 0
    right            | -2.33333 2.83333 4
    no bias          | -7.33333 8.27778 5.05556
    no x             | -1.16667 -2.83333 4
    no R             | 1.16667 1.08333 0.5
    no division      | -6 -13 -12
    absolute z       | 0.333333 -3.16667 -4.66667
    one for zero     | 3.66667 -3.16667 1
"""
SENTENCES = {
    "no bias": "the bias is missing in z.",
    "bias as it was": "the bias is not modified; step 1 needs the modified bias.",
    "back as it was": "the way back uses layer.w; it needs the modified weights.",
    "up as it was": "the way forward uses layer.w and layer.b; it needs the modified ones.",
    "weights up": "the way forward uses layer.w; it needs the modified weights.",
    "only bias": "only the bias is modified; the weights are to be, too.",
    "not modified": "modify is not used.",
    "no x": "x is missing: the last step multiplies by it.",
    "no R": "R is not used: every output hands out 1.",
    "no division": "nothing is divided by z: R itself goes back.",
    "always added": "epsilon is added also where z is negative; there it must lead away from 0.",
    "subtracted": "epsilon is subtracted: it leads towards 0 instead of away from it.",
    "multiplied": "z is multiplied by 1 + epsilon; epsilon is to be added to it.",
    "no epsilon": "epsilon is not used.",
    "in both": "epsilon is added to R as well; it belongs in the denominator only.",
    "absolute z": "the sign of z is lost: the denominator is negative where z is.",
    "nothing at 0": "where z is 0 nothing is handed out although epsilon is not 0: the sign of 0 "
    "counts as +1.",
    "minus at 0": "the sign of 0 counts as +1, not as -1.",
    "one for zero": "where the denominator is 0 you divide by 1 instead; such an output hands out "
    "nothing.",
}
_SIGN = "np.sign(0) is 0; np.where(z >= 0, 1, -1) is 1 there."
_HINTS = {
    SENTENCES["always added"]: "z + epsilon sign(z).",
    SENTENCES["nothing at 0"]: _SIGN,
    NOT_FINITE: f"{_SIGN} And with epsilon = 0 a denominator can be 0.",
    HUGE: "np.divide has the arguments out= and where=; nothing small needs to be added.",
    "": "Go through the four steps one by one: forward, divide, backward, times x.",
}
_ROWS = fixed([[1, 2, -1], [-1, 3, 2]])
_ROWS_R = fixed([[2, -1, 3, 1], [1, 4, -2, 2]])
_PICTURE = fixed([[[[2], [1], [-1]], [[-1], [3], [1]]]])
_PICTURE_R = fixed([[[[3, -2], [1, 2]]]])
# Its first output has a z of exactly 0.
_CANCELS = fixed([[2, -1, 1]])
_CANCELS_R = fixed([[3, 1, -2, 4]])


def _same(w: np.ndarray) -> np.ndarray:
    return w


def _squared(w: np.ndarray) -> np.ndarray:
    return w * w


def examples() -> tuple[Example, ...]:
    """What the student's function is called with."""
    dense, picture = vector_layer(), picture_layer()
    return (
        Example("dense, epsilon = 0", (dense, _ROWS, _ROWS_R, _same, 0.0), (2, 3)),
        Example("dense, epsilon = 0.5", (dense, _ROWS, _ROWS_R, _same, 0.5), (2, 3)),
        Example(
            "dense, epsilon = 0.25, modify squares",
            (dense, _ROWS, _ROWS_R, _squared, 0.25),
            (2, 3),
        ),
        Example(
            "convolution, epsilon = 0.5",
            (picture, _PICTURE, _PICTURE_R, _same, 0.5),
            (1, 2, 3, 1),
        ),
        Example(
            "convolution, epsilon = 0, modify squares",
            (picture, _PICTURE, _PICTURE_R, _squared, 0.0),
            (1, 2, 3, 1),
        ),
        Example("a z of 0, epsilon = 0.5", (dense, _CANCELS, _CANCELS_R, _same, 0.5), (1, 3)),
        Example("a z of 0, epsilon = 0", (dense, _CANCELS, _CANCELS_R, _same, 0.0), (1, 3)),
    )


def check_hand_down(hand_down: Callable[..., Any]) -> None:
    """Judge the relevance of the inputs of a dense layer and of a convolution.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other relevance.
    """
    what = "the relevance"
    judge(cases(hand_down, examples(), TABLE, SENTENCES, what, huge=HUGE), _HINTS, what)
