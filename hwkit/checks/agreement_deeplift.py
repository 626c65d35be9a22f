"""The check of ``deeplift(layers, x, r, c)``: what the difference from the reference brought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.agreement_chains import (
    ONE_ROW,
    PICTURES,
    ROWS,
    SQUARE_ROW,
    picture_chain,
    square,
    with_biases,
    without_biases,
)
from hwkit.checks.comparing import judge
from hwkit.checks.tables import NOT_FINITE, Example, cases, fixed

TABLE = """
two dense layers without biases, c = 0
    right                  | -15.2833 -6.18667 6.47
    gradient x input       | -10.5 -3 8
    slope                  | -17.5 -6 6
    zero reference         | -10.5 -3 8
    times x                | -9.17 -3.09333 8.62667
    multipliers            | -6.11333 3.09333 4.31333
    negative               | 15.2833 6.18667 -6.47
    outputs                | -15 -10 4.5
    last ReLU              | -9.67944 -3.91822 4.09767
    everything             | -9.3 -4.48 15.78
    score                  | 84.0583 34.0267 -35.585
a reference for each instance, c = 1
    right                  | -2.5 -5.5 0 -0.954545 3.88636 25.5682
    gradient x input       | -2 -8 -5 6 -3 12
    slope                  | 2 -4 0 9 3 24
    zero reference         | -2 -8 -5 6 -3 12
    times x                | 2.5 -11 -8 -0.636364 -3.88636 12.7841
    multipliers            | 2.5 -5.5 8 -0.318182 -3.88636 8.52273
    negative               | 2.5 5.5 0 0.954545 -3.88636 -25.5682
    outputs                | -4 -6 0 6 5 36
    last ReLU              | 0 0 0 -0.502392 2.04545 13.4569
    everything             | -1.5 -2.25 0 -10.8409 -0.522727 30.6136
    score                  | 37.5 82.5 0 -14.3182 58.2955 383.523
    first reference        | -2.5 -5.5 0 0 0 22
two dense layers with biases, c = 1
    right                  | 4.7 8.85 -2.05 3.01462 7.84795 0.387427
    gradient x input       | -3.5 6 -2.5 -7 3 3.75
    slope                  | 7 9 -5 3.5 6 1.25
    zero reference         | -3.5 6 -2.5 -7 3 3.75
    times x                | -2.35 5.9 -1.025 -6.02924 3.92398 1.16228
    multipliers            | -2.35 2.95 1.025 -3.01462 3.92398 0.774854
    negative               | -4.7 -8.85 2.05 -3.01462 -7.84795 -0.387427
    outputs                | 9 15 -3 4.5 10 0.75
    last ReLU              | 1.22609 2.3087 -0.534783 0.736907 1.91839 0.0947044
    everything             | -2.45 7.8375 1.3625 -1.59357 3.5731 -0.104532
    score                  | 14.1 26.55 -6.15 8.2902 21.5819 1.06542
    no bias                | 0.2 6.6 2.2 0.5 6 -0.75
    reference without bias | 2.46 7.755 0.085 1.84286 6.91429 -0.121429
a hidden unit that receives the same
    right                  | 6.9 1.1 0
    gradient x input       | 9 2 0
    slope                  | 6 2 0
    zero reference         | 11.1429 0.857143 0
    times x                | 10.35 1.1 0
    multipliers            | 3.45 -1.1 -0.65
    negative               | -6.9 -1.1 0
    outputs                | 12 3.5 0
    everything             | 3.45 -1.95 0
    score                  | 62.1 9.9 0
    no bias                | 6 2 0
    reference without bias | 6 2 0
three dense layers with biases
    right                  | 14 -20
    gradient x input       | -2 2
    slope                  | 4 5
    zero reference         | -7 -8
    times x                | -7 -8
    multipliers            | -7 4
    negative               | -14 20
    outputs                | 24 -45
    last ReLU              | 3.5 -5
    everything             | 20 -35
    score                  | -63 90
    no bias                | 4 5
    reference without bias | 4 5
    no ReLU up             | 14.6 -17
    other ReLU             | 12 -45
a convolution, then a dense layer
    right                  | 3 -2 5.62963 12.1204 0.818182 -0.818182 -2 0.25
    gradient x input       | 4 -1 3 18 0 6 -4 0.5
    slope                  | 3 -2 6 16.5 0 9 -2 0.25
    zero reference         | 4 -1 2.54286 13.4571 1.33333 0.666667 -4 0.5
    times x                | 4 -1 2.81481 13.2222 1.63636 -0.545455 -4 0.5
    multipliers            | 2 -1 -2.81481 4.40741 1.63636 -0.272727 -2 1
    negative               | -3 2 -5.62963 -12.1204 -0.818182 0.818182 2 -0.25
    outputs                | 3 -2 10 19.25 0 9 -2 0.25
    everything             | 0 0 -0.296296 2.5463 -0.272727 3.27273 2 -0.25
    score                  | 63 -42 118.222 254.528 0.409091 -0.409091 -1 0.125
    no bias                | 3 -2 6.63704 16.113 0.454545 3.54545 -2 0.25
    reference without bias | 3 -2 6.67194 15.837 0.714286 0.428571 -2 0.25
"""
SENTENCES = {
    "gradient x input": "this is gradient x input; the reference is not used.",
    "slope": "the ReLUs hand down their slope at x; the multiplier is asked for.",
    "zero reference": "the reference is taken as 0; use r.",
    "times x": "the multipliers are multiplied by x; multiply by x - r.",
    "multipliers": "these are the multipliers; the attributions are (x - r) times these.",
    "negative": "the sign is turned: x - r, not r - x.",
    "outputs": "the multipliers compare what comes out of the ReLUs; they need what goes in.",
    "last ReLU": "there is a ReLU behind the last layer; a score may be negative.",
    "everything": "the signal starts with 1 for every class; it starts at c alone.",
    "score": "the signal starts with the score of c; it starts with 1.",
    "no bias": "the biases are missing on the way up.",
    "reference without bias": "the biases are missing on the way up of the reference.",
    "no ReLU up": "the ReLUs between the layers are missing on the way up.",
    "other ReLU": "the ReLUs are taken in the wrong order: going down, the last one comes first.",
    "first reference": "all pictures are compared with the first reference; here each has its own.",
}
_HINTS = {
    SENTENCES["other ReLU"]: "Keep what each ReLU receives in a list, and go through it from the "
    "end.",
    NOT_FINITE: "A hidden unit may receive the same from picture and reference; multiplier is made "
    "for that.",
    "": "Is multiplier right? Then look at the sums: they are f_c(x) - f_c(r), for each picture.",
}
_ROW_OF_R = fixed([[-1, 1, 0.5]])
_BIASED_R = fixed([[3, -1, 1]])
# A unit receives the same from these two.
_LEVEL_X, _LEVEL_R = fixed([[3, -1, 0]]), fixed([[1, 0, 0]])
_ROWS_OF_R = fixed([[2, 1, -1], [-1, 2, -1.5]])
_SQUARE_R = fixed([[3, 3]])
_PICTURE_R = fixed([[[[0.5], [-1]], [[1], [0.25]]]])


def examples() -> tuple[Example, ...]:
    """What the student's function is called with."""
    plain, biased = list(without_biases()), list(with_biases())
    pictures = list(picture_chain())
    return (
        Example("two dense layers without biases, c = 0", (plain, ONE_ROW, _ROW_OF_R, 0), (1, 3)),
        Example("a reference for each instance, c = 1", (plain, ROWS, _ROWS_OF_R, 1), (2, 3)),
        Example("two dense layers with biases, c = 1", (biased, ROWS, _BIASED_R, 1), (2, 3)),
        Example("a hidden unit that receives the same", (biased, _LEVEL_X, _LEVEL_R, 0), (1, 3)),
        Example(
            "three dense layers with biases", (list(square()), SQUARE_ROW, _SQUARE_R, 0), (1, 2)
        ),
        Example(
            "a convolution, then a dense layer",
            (pictures, PICTURES, _PICTURE_R, 0),
            (2, 2, 2, 1),
        ),
    )


def check_deeplift(deeplift: Callable[..., Any]) -> None:
    """Judge attributions in small chains, with one reference and with several.

    Raises:
        NotAttemptedError: a blank is empty. WrongAnswerError: other attributions.
    """
    what = "the attribution"
    judge(cases(deeplift, examples(), TABLE, SENTENCES, what), _HINTS, what)
