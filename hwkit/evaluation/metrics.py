"""How well a network tells one class from the rest: recall, precision, false positives, AUC.

Predictions are the classes of highest logit. ``margin`` is the class's logit minus the highest
other one, so that a class is predicted just where its margin is positive; adding a bias to the
class's logit moves that threshold.
"""

from __future__ import annotations

import numpy as np


def recall(predicted: np.ndarray, labels: np.ndarray, c: int) -> float:
    """Of the instances of class c, the share that is predicted as c.

    Raises:
        ValueError: no instance has label c, or the lengths differ.
    """
    predicted, labels = _same_length(predicted, labels)
    ### BEGIN SOLUTION influence: recall
    return float((predicted[_of_class(labels, c)] == c).mean())
    ### END SOLUTION


def precision(predicted: np.ndarray, labels: np.ndarray, c: int) -> float:
    """Of the instances predicted as c, the share whose label is c; NaN where none is predicted."""
    predicted, labels = _same_length(predicted, labels)
    chosen = predicted == c
    return float((labels[chosen] == c).mean()) if chosen.any() else float("nan")


def false_positive_rate(predicted: np.ndarray, labels: np.ndarray, c: int) -> float:
    """Of the instances of other classes, the share that is predicted as c.

    Raises:
        ValueError: every instance has label c.
    """
    predicted, labels = _same_length(predicted, labels)
    others = labels != c
    if not others.any():
        raise ValueError(
            f"Expected instances of other classes than {c}. Received: none, so there are no "
            "negatives."
        )
    return float((predicted[others] == c).mean())


def margin(logits: np.ndarray, c: int) -> np.ndarray:
    """Logit of class c minus the highest other logit, ``(n, classes)`` to ``(n,)``."""
    return logits[:, c] - np.delete(logits, c, axis=1).max(axis=1)


def auc(scores: np.ndarray, labels: np.ndarray, c: int) -> float:
    """Area under the ROC curve: how often an instance of c scores above one of another class.

    Ties count half.

    Raises:
        ValueError: no instance of class c, or none of another.
    """
    scores, labels = _same_length(scores, labels)
    positive = _of_class(labels, c)
    if positive.all():
        raise ValueError(
            f"Expected instances of other classes than {c}. Received: none, so there are no "
            "negatives."
        )
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]  # average rank of tied scores
    positives, negatives = positive.sum(), (~positive).sum()
    return float(
        (ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    )


def bias_for_rate(margins: np.ndarray, labels: np.ndarray, c: int, rate: float) -> float:
    """The bias on class c's logit that brings its false-positive rate up to ``rate``, not above.

    Args:
        margins: ``margin(logits, c)`` of the instances, ``(n,)``.
        labels: class indices ``(n,)``.
        c: the class.
        rate: wanted share of the other classes' instances that are predicted as c, 0 to 1.

    Raises:
        ValueError: a rate outside 0 to 1, or no instance of another class.
    """
    margins, labels = _same_length(margins, labels)
    others = np.sort(margins[labels != c])[::-1]
    if not len(others) or not 0 <= rate <= 1:
        raise ValueError(
            "Expected a rate from 0 to 1 and instances of other classes than "
            f"{c}. Received: rate={rate} and {len(others)} such instances."
        )
    allowed = int(np.floor(rate * len(others) + 1e-9))
    if allowed >= len(others):
        return float(-others[-1] + 1)
    # Between the last negative that may pass and the first that may not.
    above = others[allowed - 1] if allowed else others[0] + 2
    return float(-(above + others[allowed]) / 2)


def _same_length(first: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, labels = np.asarray(first), np.asarray(labels)
    if first.shape != labels.shape or first.ndim != 1:
        raise ValueError(
            f"Expected one prediction and one label for each instance, both (n,). "
            f"Received: shapes {first.shape} and {labels.shape}."
        )
    return first, labels


def _of_class(labels: np.ndarray, c: int) -> np.ndarray:
    chosen = labels == c
    if not chosen.any():
        raise ValueError(
            f"Expected instances of class {c}. Received: labels {sorted(set(labels.tolist()))}."
        )
    return chosen
