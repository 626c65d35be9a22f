"""The check of ``keep_top(pictures, maps, fraction, fill)``: only the important pixels stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
one picture, fraction 0.35
    right            | -9 -9 30 -9 50 -9
    lowest           | -9 20 -9 -9 -9 60
    removed          | 10 20 -9 40 -9 60
    share removed    | 10 -9 30 40 50 -9
    places           | -9 -9 -9 40 -9 60
    ties go          | -9 -9 -9 -9 50 -9
    rounded up       | -9 -9 30 40 50 -9
    absolute         | -9 20 -9 -9 50 -9
    zeros            | 0 0 30 0 50 0
    mask             | 0 0 1 0 1 0
    times map        | -9 -9 60 -9 200 -9
    unchanged        | 10 20 30 40 50 60
two pictures, the fill a colour
    right            | 1 2 -10 -20 5 6 -10 -20 -10 -20 23 24 -10 -20 27 28
    lowest           | -10 -20 3 4 -10 -20 7 8 21 22 -10 -20 25 26 -10 -20
    removed          | -10 -20 3 4 -10 -20 7 8 21 22 -10 -20 25 26 -10 -20
    places           | 1 2 -10 -20 -10 -20 7 8 21 22 -10 -20 -10 -20 27 28
    one order        | 1 2 3 4 5 6 7 8 -10 -20 -10 -20 -10 -20 -10 -20
    first map        | 1 2 -10 -20 5 6 -10 -20 21 22 -10 -20 25 26 -10 -20
    ties go          | 1 2 -10 -20 -10 -20 -10 -20 -10 -20 23 24 -10 -20 -10 -20
    channels counted | 1 2 3 4 5 6 7 8 21 22 23 24 25 26 27 28
    absolute         | 1 2 -10 -20 5 6 -10 -20 21 22 23 24 -10 -20 -10 -20
    turned           | 1 2 3 4 -10 -20 -10 -20 -10 -20 -10 -20 25 26 27 28
    zeros            | 1 2 0 0 5 6 0 0 0 0 23 24 0 0 27 28
    fill mean        | 1 2 -15 -15 5 6 -15 -15 -15 -15 23 24 -15 -15 27 28
    mask             | 1 1 0 0 1 1 0 0 0 0 1 1 0 0 1 1
    times map        | 9 18 -10 -20 40 48 -10 -20 -10 -20 92 96 -10 -20 54 56
    unchanged        | 1 2 3 4 5 6 7 8 21 22 23 24 25 26 27 28
equal values
    right            | 1 2 20 20 5 20 7 8 9 20 20 20
    lowest           | 1 20 3 4 20 20 7 8 9 20 20 20
    removed          | 20 20 3 4 20 6 20 20 20 10 11 12
    places           | 1 20 3 4 20 20 7 8 9 20 20 20
    one order        | 1 2 3 4 5 6 20 20 20 20 20 20
    first map        | 1 2 20 20 5 20 7 8 20 20 11 20
    ties stay        | 1 2 3 4 5 6 7 8 9 10 11 12
    ties go          | 20 2 20 20 5 20 20 20 20 20 20 20
    ties last        | 20 2 20 20 5 6 20 20 20 10 11 12
    columns first    | 1 2 20 20 5 20 7 8 20 10 20 20
    zeros            | 1 2 0 0 5 0 7 8 9 0 0 0
    mask             | 1 1 0 0 1 0 1 1 1 0 0 0
    times map        | 2 10 20 20 25 20 7 8 9 20 20 20
    unchanged        | 1 2 3 4 5 6 7 8 9 10 11 12
half a pixel, the fill pictures
    right            | 1 23 26 4 5 6 7 37 34 10
    lowest           | 21 2 3 4 24 32 31 8 9 10
    removed          | 21 2 3 25 24 32 31 8 9 39
    places           | 21 2 26 4 5 6 7 37 34 10
    one order        | 1 23 3 4 5 6 31 37 34 39
    first map        | 1 23 26 4 5 6 31 37 9 10
    ties go          | 1 23 26 25 5 6 7 37 34 39
    rounded down     | 1 23 26 25 5 6 7 37 34 39
    rounded to even  | 1 23 26 25 5 6 7 37 34 39
    absolute         | 1 2 26 25 5 32 31 8 9 10
    zeros            | 1 0 0 4 5 6 7 0 0 10
    fill mean        | 1 29.2 29.2 4 5 6 7 29.2 29.2 10
    first fill       | 1 23 26 4 5 6 7 26 25 10
    mask             | 1 0 0 1 1 1 1 0 0 1
    times map        | 3 23 26 8 30 -6 -14 37 34 -30
    unchanged        | 1 2 3 4 5 6 7 8 9 10
fraction 0
    right            | 7 7 7 7
    removed          | 1 2 3 4
    share removed    | 1 2 3 4
    ties stay        | 1 2 3 4
    ties go          | 1 7 3 4
    none means all   | 1 2 3 4
    zeros            | 0 0 0 0
    mask             | 0 0 0 0
    unchanged        | 1 2 3 4
fraction 1
    right            | 1 2 3 4
    removed          | 7 7 7 7
    share removed    | 7 7 7 7
    ties go          | 1 7 3 4
    mask             | 1 1 1 1
    times map        | 2 2 6 8
half a pixel that counts
    right            | 6 2 3
    lowest           | 1 2 6
    removed          | 1 6 6
    ties go          | 6 6 3
    rounded down     | 6 6 3
    zeros            | 0 2 3
    mask             | 0 1 1
    times map        | 6 1 2.25
    unchanged        | 1 2 3
"""
SENTENCES = {
    "lowest": "the pixels of lowest value stay; those of highest are to.",
    "removed": "the most important pixels are removed; they are to stay, and all others go.",
    "share removed": "the fraction is that of the pixels removed; it is that of those kept.",
    "places": "np.argsort gives places, from the highest on; it is used as if it gave ranks.",
    "one order": "the pixels of all pictures are ranked together; each picture has an order of its "
    "own.",
    "first map": "every picture uses the map of the first.",
    "ties stay": "all pixels that are as high as the last one stay; the number is to be exact.",
    "ties go": "all pixels that are as high as the last one go; the number is to be exact.",
    "ties last": "of pixels of equal value the last ones stay; the first in reading order are to.",
    "columns first": "of pixels of equal value the first in a column stay; read along the rows.",
    "rounded down": "the number of pixels is rounded down; round to the nearest.",
    "rounded up": "the number of pixels is rounded up; round to the nearest.",
    "rounded to even": "a half is rounded to the even number, as Python's round does; round it up.",
    "channels counted": "the number is a fraction of all numbers of the picture; channels are no "
    "pixels.",
    "none means all": "with fraction = 0 everything stays.",
    "absolute": "the sizes of the values are ranked; a map has a sign, and negative is low.",
    "turned": "rows and columns of the map are exchanged.",
    "zeros": "removed pixels are 0; the fill is to stand there.",
    "fill mean": "the mean of the fill hides; each pixel gets the fill's own value.",
    "first fill": "every picture gets the fill of the first.",
    "mask": "this only says which pixels stay; the pictures themselves are asked for.",
    "times map": "the pictures are multiplied by their maps; what stays is left as it is.",
    "unchanged": "nothing is removed: these are the pictures themselves.",
}
_HINTS = {
    SENTENCES["ties stay"]: "Choose places in an order, not values above a threshold.",
    SENTENCES["ties last"]: "np.argsort has an argument kind=; and turning an order round turns "
    "equal ones round, too.",
    SENTENCES["none means all"]: "order[-0:] is the whole order.",
    SENTENCES["rounded to even"]: "int(x + 0.5) rounds a half up.",
    "": "Take one picture: in which places are the highest values of its map?",
}
EXAMPLES = (
    Example(
        "one picture, fraction 0.35",
        (
            fixed([[[[10], [20], [30]], [[40], [50], [60]]]]),
            fixed([[[0.5, -3, 2], [1, 4, -1]]]),
            0.35,
            -9.0,
        ),
        (1, 2, 3, 1),
    ),
    Example(
        "two pictures, the fill a colour",
        (
            fixed(
                [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[21, 22], [23, 24]], [[25, 26], [27, 28]]]]
            ),
            fixed([[[9, 6], [8, 7]], [[-5, 4], [1, 2]]]),
            0.5,
            fixed([-10, -20]),
        ),
        (2, 2, 2, 2),
    ),
    Example(
        "equal values",
        (
            fixed([[[[1], [2], [3]], [[4], [5], [6]]], [[[7], [8], [9]], [[10], [11], [12]]]]),
            fixed([[[2, 5, 2], [2, 5, 2]], [[1, 1, 1], [1, 1, 1]]]),
            0.5,
            20.0,
        ),
        (2, 2, 3, 1),
    ),
    Example(
        "half a pixel, the fill pictures",
        (
            fixed([[[[1], [2], [3], [4], [5]]], [[[6], [7], [8], [9], [10]]]]),
            fixed([[[3, -7, 1, 2, 6]], [[-1, -2, -8, -4, -3]]]),
            0.5,
            fixed([[[[21], [23], [26], [25], [24]]], [[[32], [31], [37], [34], [39]]]]),
        ),
        (2, 1, 5, 1),
    ),
    Example(
        "fraction 0",
        (fixed([[[[1], [2]], [[3], [4]]]]), fixed([[[2, 1], [3, 4]]]), 0.0, 7.0),
        (1, 2, 2, 1),
    ),
    Example(
        "fraction 1",
        (fixed([[[[1], [2]], [[3], [4]]]]), fixed([[[2, 1], [2, 2]]]), 1.0, 7.0),
        (1, 2, 2, 1),
    ),
    Example(
        "half a pixel that counts",
        (fixed([[[[1]], [[2]], [[3]]]]), fixed([[[0.25], [0.5], [0.75]]]), 0.5, 6.0),
        (1, 3, 1, 1),
    ),
)


def check_keep_top(keep_top: Callable[..., Any]) -> None:
    """Judge which pixels stay, and what the others become.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other pictures.
    """
    what = "the array of pictures"
    judge(cases(keep_top, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
