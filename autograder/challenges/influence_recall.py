"""The challenge of ``recall``: the share of a class that is found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases

_SHARE, _EXTREMES = "the share of a class that is found", "a class that is found always, or never"
_CLASSES = 4
_TOLERANCE = 1e-4
_LABEL_HINT = "Only instances whose label is c count."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        *(partial(_case, aspect=_SHARE, count=count) for count in (17, 23, 30, 41)),
        partial(_case, aspect=_EXTREMES, count=19, hits=0.0),
        partial(_case, aspect=_EXTREMES, count=21, hits=1.0),
    ]
    return draw_cases(makers, rng)


def _case(rng: np.random.Generator, aspect: str, count: int, hits: float | None = None) -> Case:
    while True:
        labels = rng.integers(0, _CLASSES, count)
        predicted = np.where(rng.random(count) < 0.5, labels, rng.integers(0, _CLASSES, count))
        c = int(rng.integers(0, _CLASSES))
        if hits == 0.0:
            predicted = np.where((labels == c) & (predicted == c), (c + 1) % _CLASSES, predicted)
        elif hits == 1.0:
            predicted = np.where(labels == c, c, predicted)
        counts = _counts(predicted, labels, c)
        # Every class is there and predicted; what is found is neither none nor all, unless asked.
        if (
            min(np.bincount(labels, minlength=_CLASSES)) < 2
            or min(np.bincount(predicted, minlength=_CLASSES)) < 2
        ):
            continue
        if hits is not None or 0 < counts[0] < counts[1]:
            break
    return Case(
        aspect,
        {"predicted": predicted, "labels": labels, "c": c},
        np.asarray(counts[0] / counts[1]),
        lambda: _wrong(predicted, labels, c),
        _TOLERANCE,
    )


def _counts(predicted: np.ndarray, labels: np.ndarray, c: int) -> tuple[int, int, int]:
    """Hits, instances of the class, and predictions of it."""
    pairs = list(zip(predicted.tolist(), labels.tolist(), strict=True))
    found = sum(1 for said, true in pairs if said == c and true == c)
    return found, sum(true == c for _, true in pairs), sum(said == c for said, _ in pairs)


def _wrong(predicted: np.ndarray, labels: np.ndarray, c: int) -> dict[str, np.ndarray]:
    hits, size, said = _counts(predicted, labels, c)
    total = len(labels)
    each = [_counts(predicted, labels, other) for other in range(_CLASSES)]
    recalls = [found / of for found, of, _ in each]
    wrong = {
        "precision": hits / said,
        "accuracy": float((predicted == labels).mean()),
        "false-positive rate": (said - hits) / (total - size),
        "true-negative rate": 1 - (said - hits) / (total - size),
        "F1 score": 2 * hits / (said + size),
        "intersection over union": hits / (said + size - hits),
        "number of hits": hits,
        "hits of all instances": hits / total,
        "predictions, not hits": said / size,
        "share that is missed": 1 - hits / size,
        "percentage": 100 * hits / size,
        "mean over classes": float(np.mean(recalls)),
        "next class": recalls[(c + 1) % _CLASSES],
        "class not used": recalls[0],
        "agreement about the class": float(((predicted == c) == (labels == c)).mean()),
        "whole division": hits // size,
    }
    return {name: np.asarray(float(value)) for name, value in wrong.items()}


_MISTAKES = (
    Mistake(
        "precision",
        "this is the precision: of those predicted as c, the share that is right.",
        "Recall divides by the number of instances whose LABEL is c.",
    ),
    Mistake("accuracy", "this is the accuracy over all classes; only class c is asked about."),
    Mistake(
        "false-positive rate",
        "this is the false-positive rate: the share of the OTHER classes that is called c.",
        _LABEL_HINT,
    ),
    Mistake(
        "true-negative rate",
        "this is the share of the OTHER classes that is rightly not called c.",
        _LABEL_HINT,
    ),
    Mistake("F1 score", "this is the F1 score, a mean of recall and precision."),
    Mistake(
        "intersection over union",
        "the hits are divided by all that are labelled OR predicted c.",
        _LABEL_HINT,
    ),
    Mistake("number of hits", "this is the number of hits; a share is asked for."),
    Mistake(
        "hits of all instances",
        "the hits are divided by all instances, not by those of class c.",
        _LABEL_HINT,
    ),
    Mistake(
        "predictions, not hits",
        "how often c is predicted is divided; only predictions that are right count.",
    ),
    Mistake("share that is missed", "this is the share that is missed, one minus the recall."),
    Mistake("percentage", "this is a percentage; a share from 0 to 1 is asked for."),
    Mistake("mean over classes", "this is the mean over all classes; one class is asked about."),
    Mistake("next class", "this is the recall of the class after c: one too many."),
    Mistake("class not used", "c is not used: this is always the recall of class 0."),
    Mistake(
        "agreement about the class",
        "instances of other classes that are not called c count as well.",
        _LABEL_HINT,
    ),
    Mistake("whole division", "the share is rounded down to a whole number.", "// and int() do."),
)

CHALLENGE = Challenge(
    question="recall",
    title="Recall",
    ask="recall",
    blanks=("recall",),
    aspects={_SHARE: 4.0, _EXTREMES: 1.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
