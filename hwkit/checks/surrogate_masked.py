"""The check of ``masked(picture, segments, Z, fill)``: pictures of which only some parts show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
one coalition, each pixel a superpixel
    right          | 50 2 3 4
    swapped        | 1 60 70 90
    all fill       | 50 60 70 90
    labels         | 50 2 70 4
    pixels         | 1 2 70 4
    one superpixel | 50 2 70 90
    off by one     | 1 2 70 4
    fill number    | 67.5 2 3 4
    own colour     | 2.5 2 3 4
    zeros          | 0 2 3 4
    added          | 50 62 73 94
    unchanged      | 1 2 3 4
    mask           | 0 1 1 1
one coalition, True and False
    right          | 1 2 50 4 80 90
    swapped        | 20 30 3 70 5 6
    labels         | 1 2 3 70 5 6
    one superpixel | 1 2 50 70 80 90
    off by one     | 1 2 3 70 5 6
    fill number    | 1 2 56.6667 4 56.6667 56.6667
    fill colour    | 1 2 20 4 20 20
    own colour     | 1 2 3.5 4 3.5 3.5
    zeros          | 1 2 0 4 0 0
    added          | 21 32 50 74 80 90
    unchanged      | 1 2 3 4 5 6
    mask           | 1 1 0 1 0 0
several coalitions, 0 and 1, two channels
    right          | 1 2 50 40 70 60 80 90 20 30 3 4 5 6 7 8 1 2 3 4 70 60 80 90
    swapped        | 20 30 3 4 5 6 7 8 1 2 50 40 70 60 80 90 20 30 50 40 5 6 7 8
    all fill       | 20 30 50 40 70 60 80 90 20 30 50 40 70 60 80 90 20 30 50 40 70 60 80 90
    labels         | 1 2 3 4 70 60 80 90 1 2 3 4 70 60 80 90 1 2 3 4 70 60 80 90
    first for all  | 1 2 50 40 70 60 80 90 1 2 50 40 70 60 80 90 1 2 50 40 70 60 80 90
    last for all   | 1 2 3 4 70 60 80 90 1 2 3 4 70 60 80 90 1 2 3 4 70 60 80 90
    hidden before  | 1 2 50 40 70 60 80 90 20 30 50 40 70 60 80 90 20 30 50 40 70 60 80 90
    one superpixel | 1 2 50 40 70 60 80 90 20 30 3 4 70 60 80 90 1 2 50 40 70 60 80 90
    off by one     | 20 30 3 4 70 60 80 90 1 2 50 40 5 6 7 8 20 30 3 4 5 6 7 8
    turned         | 1 2 50 40 70 60 80 90 20 30 3 4 5 6 7 8 1 2 50 40 5 6 80 90
    fill number    | 1 2 55 55 55 55 55 55 55 55 3 4 5 6 7 8 1 2 3 4 55 55 55 55
    fill colour    | 1 2 20 30 20 30 20 30 20 30 3 4 5 6 7 8 1 2 3 4 20 30 20 30
    own colour     | 1 2 4 5 4 5 4 5 4 5 3 4 5 6 7 8 1 2 3 4 4 5 4 5
    zeros          | 1 2 0 0 0 0 0 0 0 0 3 4 5 6 7 8 1 2 3 4 0 0 0 0
    first channel  | 1 2 50 4 70 6 80 8 20 2 3 4 5 6 7 8 1 2 3 4 70 6 80 8
    added          | 21 32 50 40 70 60 80 90 20 30 53 44 75 66 87 98 21 32 53 44 70 60 80 90
    unchanged      | 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8
    mask           | 1 1 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 0 0 0 0
all shown, all hidden
    right          | 2 4 3 0.5 0 0.25
    swapped        | 0.5 0 0.25 2 4 3
    labels         | 2 0 0.25 0.5 4 0.25
    first for all  | 2 4 3 2 4 3
    last for all   | 0.5 0 0.25 0.5 0 0.25
    one superpixel | 0.5 4 0.25 0.5 4 0.25
    fill number    | 2 4 3 0.25 0.25 0.25
    fill colour    | 2 4 3 0.5 0.5 0.5
    own colour     | 2 4 3 3 3 3
    zeros          | 2 4 3 0 0 0
    added          | 2.5 4 3.25 0.5 0 0.25
    unchanged      | 2 4 3 2 4 3
    mask           | 1 1 1 0 0 0
"""
SENTENCES = {
    "swapped": "picture and fill are swapped: a superpixel shows where Z has a 1.",
    "all fill": "everything is fill: ~ turns True and False round, but not the numbers 0 and 1.",
    "labels": "the entries of a row of Z are taken for labels; entry k says whether superpixel k "
    "shows.",
    "pixels": "the entries of Z are taken for pixels; they belong to superpixels, and segments "
    "says where these lie.",
    "first for all": "every picture is made from the first coalition.",
    "last for all": "every picture is made from the last coalition.",
    "hidden before": "what one coalition hides stays hidden in the next: begin each with a new "
    "copy.",
    "one superpixel": "each row shows only its first superpixel; a row may show several.",
    "off by one": "the labels are off by one: superpixel k belongs to column k, from 0.",
    "turned": "rows and columns of segments are exchanged.",
    "fill number": "one number hides all pixels; each hidden one gets what the fill has there.",
    "fill colour": "one colour hides all pixels; each hidden one gets what the fill has there.",
    "own colour": "the picture's mean colour hides; the fill that is passed in is asked for.",
    "zeros": "hidden pixels are 0; the fill is to stand there.",
    "first channel": "only the first channel is hidden; a superpixel hides all of them.",
    "added": "the fill is added everywhere; it belongs only where the picture is hidden.",
    "unchanged": "nothing is hidden: this is the picture itself.",
    "mask": "this only says where the picture shows; the pictures themselves are asked for.",
}
_HINTS = {
    "": "For one coalition first: which pixels does it show? NumPy can look up the whole map of "
    "labels at once.",
}
EXAMPLES = (
    Example(
        "one coalition, each pixel a superpixel",
        (
            fixed([[[1], [2]], [[3], [4]]]),
            fixed([[2, 0], [3, 1]], int),
            fixed([[1, 1, 0, 1]], int),
            fixed([[[50], [60]], [[70], [90]]]),
        ),
        (1, 2, 2, 1),
    ),
    Example(
        "one coalition, True and False",
        (
            fixed([[[1], [2], [3]], [[4], [5], [6]]]),
            fixed([[0, 0, 1], [2, 1, 1]], int),
            fixed([[1, 0, 1]], bool),
            fixed([[[20], [30], [50]], [[70], [80], [90]]]),
        ),
        (1, 2, 3, 1),
    ),
    Example(
        "several coalitions, 0 and 1, two channels",
        (
            fixed([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
            fixed([[0, 1], [2, 2]], int),
            fixed([[1, 0, 0], [0, 1, 1], [1, 1, 0]], int),
            fixed([[[20, 30], [50, 40]], [[70, 60], [80, 90]]]),
        ),
        (3, 2, 2, 2),
    ),
    Example(
        "all shown, all hidden",
        (
            fixed([[[2], [4], [3]]]),
            fixed([[1, 0, 2]], int),
            fixed([[1, 1, 1], [0, 0, 0]], bool),
            fixed([[[0.5], [0], [0.25]]]),
        ),
        (2, 1, 3, 1),
    ),
)


def check_masked(masked: Callable[..., Any]) -> None:
    """Judge the pictures of several coalitions.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other pictures.
    """
    what = "the array of pictures"
    judge(cases(masked, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
