"""Whether probabilities mean what they say: of pictures called so with 80%, 80% should be so."""

from __future__ import annotations

import numpy as np


def expected_calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 15
) -> float:
    """How far confidence and accuracy are apart, on average over the pictures.

    Guo et al., "On calibration of modern neural networks", 2017, eq. 3: pictures go into bins of
    equal width by the probability of their most probable class; in each bin the share that is right
    is compared with the mean of those probabilities.

    Args:
        probabilities: (n, classes).
        labels: the right classes, (n,).
        bins: how many.

    Returns:
        A number from 0 to 1; 0 is best.

    Raises:
        ValueError: other shapes, no pictures, or fewer than one bin.
    """
    probabilities, labels = np.asarray(probabilities), np.asarray(labels)
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not len(labels):
        raise ValueError(
            "Expected probabilities (n, classes) and labels (n,) of at least one picture. "
            f"Received: shapes {probabilities.shape} and {labels.shape}."
        )
    if bins < 1:
        raise ValueError(f"Expected bins >= 1. Received: bins={bins}.")
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)  # (0, 1/bins], ...
    gaps = np.bincount(place, right - confidence, bins)
    return float(np.abs(gaps).sum() / len(labels))
