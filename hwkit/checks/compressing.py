"""The checks of ``compress`` and ``recall``, against tables written down by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hwkit.checks import nets
from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.student_code import call

CHANNELS = 6
INFLUENCE = (0.4, -0.9, 1.3, -0.2, 0.7, -1.5)
# Which channels stay, by (top, bottom).
KEPT: dict[tuple[int, int], tuple[int, ...]] = {
    (0, 0): (),
    (1, 0): (2,),
    (2, 0): (2, 4),
    (3, 0): (0, 2, 4),
    (0, 1): (5,),
    (0, 2): (1, 5),
    (0, 3): (1, 3, 5),
    (1, 1): (2, 5),
    (2, 1): (2, 4, 5),
    (1, 2): (1, 2, 5),
    (3, 3): (0, 1, 2, 3, 4, 5),
}
STRONGEST = (5, 2, 1, 4, 0, 3)  # by the influence's absolute value
_INVERTED = "the mask is inverted: the influential channels are set to zero, the others stay."
_EVERYTHING = "with bottom = 0 every channel stays."
_SWAPPED = "top and bottom are swapped: top counts the most positive, bottom the most negative."
_COMPRESS_HINTS = {
    _EVERYTHING: "order[-0:] is the whole list. Count from its start instead.",
    _SWAPPED: "np.argsort sorts from the smallest to the largest.",
    "": "Print which channels stay for top=1, bottom=0.",
}
_PRECISION = "this is the precision: of those predicted as c, the share that is right."
_RECALL_HINTS = {
    _PRECISION: "Recall divides by the number of instances whose LABEL is c.",
    "": "Only instances whose label is c count.",
}
# Predicted classes, labels, c and what different measures say.
RECALLS: tuple[tuple[tuple[int, ...], tuple[int, ...], int, dict[str, float]], ...] = (
    (
        (1, 1, 1, 0, 1, 1, 2, 2, 0, 0),
        (1, 1, 1, 1, 0, 0, 2, 2, 2, 2),
        1,
        {
            "recall": 3 / 4,
            "precision": 3 / 5,
            "accuracy": 5 / 10,
            "false positives": 2 / 6,
            "f1": 2 / 3,
            "hits": 3,
            "of all": 3 / 10,
            "of predicted": 5 / 4,
            "missed": 1 / 4,
        },
    ),
    (
        (0, 2, 2, 3, 2, 2, 2, 0, 1),
        (2, 2, 0, 3, 3, 2, 0, 2, 1),
        2,
        {
            "recall": 2 / 4,
            "precision": 2 / 5,
            "accuracy": 4 / 9,
            "false positives": 3 / 5,
            "f1": 4 / 9,
            "hits": 2,
            "of all": 2 / 9,
            "of predicted": 5 / 4,
            "missed": 2 / 4,
        },
    ),
    (
        (0, 0, 0, 0, 0),
        (3, 3, 0, 3, 0),
        3,
        {
            "recall": 0.0,
            "precision": float("nan"),
            "accuracy": 2 / 5,
            "false positives": 0.0,
            "f1": 0.0,
            "hits": 0,
            "of all": 0.0,
            "of predicted": 0.0,
            "missed": 1.0,
        },
    ),
    (
        (0, 4, 0, 0),
        (0, 4, 0, 4),
        0,
        {
            "recall": 1.0,
            "precision": 2 / 3,
            "accuracy": 3 / 4,
            "false positives": 1 / 2,
            "f1": 4 / 5,
            "hits": 2,
            "of all": 2 / 4,
            "of predicted": 3 / 2,
            "missed": 0.0,
        },
    ),
)
_RECALL_SENTENCES = {
    "precision": _PRECISION,
    "accuracy": "this is the accuracy over all classes; only class c is asked about.",
    "false positives": "this is the false-positive rate: the share of the OTHER classes called c.",
    "f1": "this is the F1 score, a mean of recall and precision.",
    "hits": "this is the number of hits; the share of the class's instances is asked for.",
    "of all": "the hits are divided by all instances, not by those of class c.",
    "of predicted": "how often c is predicted is divided; only predictions that are right count.",
    "missed": "this is the share that is missed, one minus what is asked for.",
}


def check_compress(compress: Callable[..., Any]) -> None:
    """Judge which channels stay, for slices of convolution and dense layers.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other channels or values.
    """
    judge(_compress_cases(compress), _COMPRESS_HINTS, "the compressed slice", weak=True)


def check_recall(recall: Callable[..., Any]) -> None:
    """Judge the recall of several sets.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another number.
    """
    judge(_recall_cases(recall), _RECALL_HINTS, "the recall", weak=True)


def _compress_cases(compress: Callable[..., Any]) -> Iterator[Case]:
    influence = np.asarray(INFLUENCE, np.float32)
    for (top, bottom), shape in (
        ((2, 1), (2, 2, 3, CHANNELS)),
        ((1, 2), (2, 2, 3, CHANNELS)),
        ((1, 2), (4, CHANNELS)),
        ((2, 0), (2, 2, 3, CHANNELS)),
        ((0, 2), (2, 2, 3, CHANNELS)),
        ((1, 1), (1, 2, 2, CHANNELS)),
        ((3, 3), (3, CHANNELS)),
        ((0, 0), (3, CHANNELS)),
    ):
        label = f"top = {top}, bottom = {bottom}, activations of shape {shape}"
        activations = (nets.wave(shape, top) + 1.5).astype(np.float32)
        answer = call(compress, activations, influence, top, bottom, case=label)
        found = numbers(answer, shape, "the compressed slice", label)
        yield Case(
            label,
            found,
            activations * _mask(KEPT[top, bottom]),
            _compress_mistakes(activations, influence, top, bottom),
        )


def _compress_mistakes(
    activations: np.ndarray, influence: np.ndarray, top: int, bottom: int
) -> dict[str, np.ndarray]:
    keep = _mask(KEPT[top, bottom])
    mean = activations.mean(axis=tuple(range(activations.ndim - 1)))
    positions = (*range(top), *range(CHANNELS - bottom, CHANNELS))
    return {
        _INVERTED: activations * (1 - keep),
        _EVERYTHING: activations if bottom == 0 else activations * keep,
        _SWAPPED: activations * _mask(KEPT[bottom, top]),
        "an absolute value is taken: most positive and most negative are counted apart.": (
            activations * _mask(STRONGEST[: top + bottom])
        ),
        "only the top channels stay; the bottom ones are missing.": activations
        * _mask(KEPT[top, 0]),
        "only the bottom channels stay; the top ones are missing.": activations
        * _mask(KEPT[0, bottom]),
        "the first and last channels stay, whatever their influence is.": activations
        * _mask(positions),
        "nothing is set to zero: the slice comes back as it was.": activations,
        "this is the mask of the channels that stay, not the slice.": np.broadcast_to(
            keep, activations.shape
        ),
        "the channels that stay are multiplied by their influence; they stay as they are.": (
            activations * keep * influence
        ),
        "the other channels are set to their mean; zero is asked for.": activations * keep
        + mean * (1 - keep),
    }


def _recall_cases(recall: Callable[..., Any]) -> Iterator[Case]:
    for predicted, labels, c, measures in RECALLS:
        label = f"{len(labels)} instances, class {c}"
        answer = call(recall, np.asarray(predicted), np.asarray(labels), c, case=label)
        found = numbers(answer, (), "the recall", label)
        mistakes = {
            sentence: np.asarray(float(measures[name]))
            for name, sentence in _RECALL_SENTENCES.items()
        }
        mistakes["this is a percentage; a share from 0 to 1 is asked for."] = np.asarray(
            100.0 * measures["recall"]
        )
        yield Case(label, found, np.asarray(float(measures["recall"])), mistakes)


def _mask(channels: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(CHANNELS, np.float32)
    mask[list(channels)] = 1
    return mask
