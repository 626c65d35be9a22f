"""Calibration: bins by hand, forecasts that are right by construction, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from hwkit.evaluation.calibration import expected_calibration_error


def test_bins_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.55, 0.45], [0.4, 0.6]])
    labels = np.array([0, 0, 0, 1, 1])
    # Two bins: all are in the upper one. Five: (0.4, 0.6] has 0.55 wrong and 0.6 right, (0.6, 0.8]
    # 0.8 wrong and 0.7 right, (0.8, 1] 0.9 right.
    assert expected_calibration_error(probabilities, labels, 2) == pytest.approx(
        abs(3 - (0.9 + 0.8 + 0.7 + 0.55 + 0.6)) / 5
    )
    assert expected_calibration_error(probabilities, labels, 5) == pytest.approx(
        (abs(1 - 1.15) + abs(1 - 1.5) + abs(1 - 0.9)) / 5
    )


def test_honest_forecasts_have_next_to_none_and_boasting_ones_what_they_boast() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 1, 100_000)
    labels = (rng.random(len(p)) > p).astype(int)
    assert expected_calibration_error(np.stack([p, 1 - p], 1), labels) < 0.01
    sure = np.tile([1.0, 0.0], (len(p), 1))
    assert expected_calibration_error(sure, labels) == pytest.approx(0.25, abs=0.01)


def test_what_cannot_be_is_refused() -> None:
    for probabilities, labels in (
        (np.ones((3, 2)), np.zeros(4)),
        (np.ones(3), np.zeros(3)),
        (np.ones((0, 2)), np.zeros(0)),
    ):
        with pytest.raises(ValueError, match=r"\(n, classes\)"):
            expected_calibration_error(probabilities, labels)
    with pytest.raises(ValueError, match="bins >= 1"):
        expected_calibration_error(np.ones((3, 2)), np.zeros(3), 0)
