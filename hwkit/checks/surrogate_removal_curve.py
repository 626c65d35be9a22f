"""The check of ``removal_curve(predict, pictures, labels, maps, fractions, fill)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.checks.comparing import judge
from hwkit.checks.table_parts import PartsExample, cases_of_parts
from hwkit.checks.tables import fixed

TABLE = """
from nothing to everything: accuracies
    right           | 0 0.2 0.4 0.6
    reversed        | 0.6 0.4 0.2 0
    removed         | 0.6 0.6 0.4 0
    once            | 0 0 0 0
    zeros           | 0.6 0.4 0.4 0.6
    error rate      | 1 0.8 0.6 0.4
    hits            | 0 1 2 3
    percent         | 0 20 40 60
    agreement       | 0.4 0.4 0.8 1
    relative        | 0 0.333333 0.666667 1
    lowest score    | 0.4 0.6 0.6 0.2
    probability     | 0.182849 0.239802 0.398852 0.600724
from nothing to everything: area
    right           | 0.35
    reversed        | 0.25
    removed         | 0.375
    once            | 0
    zeros           | 0.475
    error rate      | 0.65
    hits            | 1.75
    percent         | 35
    agreement       | 0.7
    relative        | 0.583333
    lowest score    | 0.475
    probability     | 0.382557
    mean            | 0.3
    sum             | 1.2
    even            | 0.3
    left            | 0.25
    right end       | 0.45
    not halved      | 0.7
    of one          | 0.9
    turned          | -0.35
from a quarter to everything: accuracies
    right           | 0.333333 0.5 0.666667
    reversed        | 0.666667 0.5 0.333333
    removed         | 0.5 0.5 0
    once            | 0.333333 0.333333 0.333333
    zeros           | 0.5 0.666667 0.666667
    error rate      | 0.666667 0.5 0.333333
    hits            | 2 3 4
    percent         | 33.3333 50 66.6667
    agreement       | 0.333333 0.833333 1
    relative        | 0.5 0.75 1
    lowest score    | 0.5 0.333333 0.333333
    probability     | 0.337267 0.496016 0.621556
from a quarter to everything: area
    right           | 0.527778
    reversed        | 0.472222
    removed         | 0.333333
    once            | 0.333333
    zeros           | 0.638889
    error rate      | 0.472222
    hits            | 3.16667
    percent         | 52.7778
    agreement       | 0.805556
    relative        | 0.791667
    lowest score    | 0.361111
    probability     | 0.511405
    mean            | 0.5
    sum             | 1.5
    even            | 0.5
    left            | 0.444444
    right end       | 0.611111
    not divided     | 0.395833
    divided by last | 0.395833
    not halved      | 1.05556
    of one          | 1.33333
    turned          | -0.527778
from nothing to three quarters: accuracies
    right           | 0.2 0.6 0.8
    reversed        | 0.8 0.6 0.2
    removed         | 0.8 0.6 0.6
    once            | 0.2 0.2 0.2
    zeros           | 0 0.6 0.8
    error rate      | 0.8 0.4 0.2
    hits            | 1 3 4
    percent         | 20 60 80
    agreement       | 0.2 0.6 1
    relative        | 0.25 0.75 1
    lowest score    | 0.8 0 0
    probability     | 0.205073 0.616803 0.843233
from nothing to three quarters: area
    right           | 0.5
    reversed        | 0.6
    removed         | 0.666667
    once            | 0.2
    zeros           | 0.433333
    hits            | 2.5
    percent         | 50
    agreement       | 0.533333
    relative        | 0.625
    lowest score    | 0.266667
    probability     | 0.517298
    mean            | 0.533333
    sum             | 1.6
    even            | 0.55
    left            | 0.333333
    right end       | 0.666667
    not divided     | 0.375
    not halved      | 1
    of one          | 1.46667
    turned          | -0.5
"""
SENTENCES = {
    "reversed": "the fractions are taken in the reversed order.",
    "removed": "the fraction is that of the pixels removed; it is that of those kept.",
    "once": "every fraction gives the accuracy of the first.",
    "zeros": "the fill is not passed on to keep_top.",
    "error rate": "this is the share of wrong predictions; the share of right ones is asked for.",
    "hits": "these are numbers of pictures; shares are asked for.",
    "percent": "these are percentages; shares from 0 to 1 are asked for.",
    "agreement": "predictions are compared with those for the whole pictures; compare with labels.",
    "relative": "the accuracies are divided by that of the whole pictures.",
    "lowest score": "the class of the lowest score is taken as the prediction.",
    "probability": "this is the probability of the label; the share of right predictions is asked "
    "for.",
    "mean": "the area is the mean of the accuracies; fractions may be unevenly spaced.",
    "sum": "the area is the sum of the accuracies; their distances count.",
    "even": "the area takes the fractions as evenly spaced.",
    "left": "the area is made of steps, each as high as at its left end; take trapezoids.",
    "right end": "the area is made of steps, each as high as at its right end; take trapezoids.",
    "not divided": "the area is not divided by the distance from the first fraction to the last.",
    "divided by last": "the area is divided by the last fraction; divide by the distance from the "
    "first to the last.",
    "not halved": "the trapezoids are twice as large: their height is the mean of two accuracies.",
    "of one": "the area takes the fractions as 1 apart.",
    "turned": "the area is negative: fractions ascend.",
}
_HINTS = {
    "": "Is keep_top right? Then take one fraction: keep, predict, compare with the labels.",
}


@dataclass(frozen=True, eq=False)
class TinyNetwork:
    """A function of pictures (n, 2, 2, 1): each class adds up the pixels with weights of its own.

    Attributes:
        weights: ``(4, classes)``.
    """

    weights: np.ndarray

    def __call__(self, pictures: Any) -> np.ndarray:
        """Scores ``(n, classes)``.

        Raises:
            ValueError: no such pictures.
        """
        batch = np.asarray(pictures, np.float64)
        if batch.ndim != 4 or batch.shape[1:] != (2, 2, 1):
            raise ValueError(f"predict expects pictures (n, 2, 2, 1). Received: {batch.shape}.")
        return batch.reshape(len(batch), 4) @ self.weights


def _example(
    label: str, pictures: Any, labels: Any, maps: Any, fractions: Any, fill: float
) -> PartsExample:
    def seen(numbers: Any, *channels: int) -> np.ndarray:
        return fixed(np.reshape(numbers, (len(labels), 2, 2, *channels)))

    network = TinyNetwork(fixed([[2, -1, 0], [-1, 3, 1], [0, 1, 2], [1, 0, -2]]))
    return PartsExample(
        label,
        (
            network,
            seen(pictures, 1),
            fixed(labels, int),
            seen(maps),
            fixed(fractions, np.float64),
            fill,
        ),
        {"accuracies": (len(fractions),), "area": ()},
    )


EXAMPLES = (
    _example(
        "from nothing to everything",
        [[2, 4, -1, 3], [2, -1, 0, 1], [-1, 0, -3, -3], [3, -3, 1, 4], [1, 2, 5, -3]],
        [1, 0, 0, 0, 1],
        [[3, -1, 1, -3], [1, 3, -1, -3], [1, -1, -3, 3], [-3, 3, -1, 1], [3, -1, 1, -3]],
        [0, 0.25, 0.5, 1],
        -1.0,
    ),
    _example(
        "from a quarter to everything",
        [
            [-2, 1, -1, 1],
            [1, 5, 4, -2],
            [0, -3, -1, 1],
            [-2, 5, 1, 4],
            [3, 5, -3, -1],
            [-2, 3, 1, 2],
        ],
        [1, 1, 1, 0, 1, 1],
        [
            [3, -3, 1, -1],
            [1, 3, -3, -1],
            [-1, -3, 3, 1],
            [-1, 1, 3, -3],
            [-1, 3, -3, 1],
            [-3, 1, 3, -1],
        ],
        [0.25, 0.5, 1],
        -2.0,
    ),
    _example(
        "from nothing to three quarters",
        [[1, -1, 1, -2], [0, -1, 1, -2], [2, 2, -2, -3], [-3, -3, -3, 1], [1, 5, 1, 4]],
        [2, 2, 2, 2, 1],
        [[-1, 3, -3, 1], [-3, 1, -1, 3], [1, -1, -3, 3], [3, -1, -3, 1], [3, -1, -3, 1]],
        [0, 0.5, 0.75],
        1.0,
    ),
)


def check_removal_curve(removal_curve: Callable[..., Any]) -> None:
    """Judge the accuracies and the area of several curves.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other numbers.
    """
    found = cases_of_parts(removal_curve, EXAMPLES, TABLE, SENTENCES)
    judge(found, _HINTS, "the curve", weak=True)
