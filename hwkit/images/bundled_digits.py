"""scikit-learn's bundled digits, made to look like MNIST's: at hand everywhere, without a download.

1,797 real digits, handwritten by 13 people, 8 x 8 pixels with 17 shades: the test part of the UCI
set "Optical recognition of handwritten digits" (Alpaydin & Kaynak, 1998, CC BY 4.0). Which of the
people wrote a digit is not known, so the same hands wrote the training and the test part.
"""

from __future__ import annotations

import numpy as np

SIDE = 28
BOX = 20
"""A digit is drawn into a box of this side, as MNIST's are."""
TEST_PER_CLASS = 50
SPLIT_SEED = 0

_SHADES = 16
_FINE = 160
"""Side of the enlarged picture whose ink is counted, 8 x 8 points for each pixel of the box."""
_FAINT, _FULL = 0.35, 0.65
"""Interpolated ink below the first is paper, above the second ink; grey between."""


def bundled_digits() -> tuple[np.ndarray, np.ndarray]:
    """All digits in scikit-learn's order: bytes (1797, 28, 28), paper 0, ink 255, and labels.

    Each is enlarged by a cubic spline to 160 x 160 points, where a soft threshold draws the edge of
    the pen's stroke, and averaged down to 20 x 20 pixels. Like MNIST's, it then moves by whole
    pixels until its centre of mass is nearest to the centre of the 28 x 28 pixels, but never out of
    the picture.
    """
    from sklearn.datasets import load_digits

    small, labels = load_digits(return_X_y=True)
    spline = _spline()
    return (
        np.stack([_centred(_enlarged(each, spline)) for each in small.reshape(-1, 8, 8)]),
        labels.astype(np.int64),
    )


def split(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the training and of the test part: 50 of each class, drawn by a fixed seed."""
    rng = np.random.default_rng(SPLIT_SEED)
    test = np.sort(
        np.concatenate(
            [rng.permutation(np.flatnonzero(labels == k))[:TEST_PER_CLASS] for k in range(10)]
        )
    )
    return np.setdiff1d(np.arange(len(labels)), test), test


def _spline() -> np.ndarray:
    """The matrix (160, 8) that enlarges a column of 8 pixels by a cubic spline, zero outside."""
    from scipy import ndimage  # type: ignore[import-untyped]

    columns = [
        ndimage.zoom(unit, _FINE / 8, order=3, mode="grid-constant", grid_mode=True)
        for unit in np.eye(8)
    ]
    return np.stack(columns, axis=1)


def _enlarged(small: np.ndarray, spline: np.ndarray) -> np.ndarray:
    """Bytes (20, 20) from 8 x 8 shades."""
    fine = spline @ (small / _SHADES) @ spline.T
    ink = np.clip((fine - _FAINT) / (_FULL - _FAINT), 0, 1)
    points = _FINE // BOX
    return np.rint(255 * ink.reshape(BOX, points, BOX, points).mean((1, 3))).astype(np.uint8)


def _centred(box: np.ndarray) -> np.ndarray:
    """The box in a picture of 28 x 28, its centre of mass as near to the centre as it gets."""
    margin = SIDE - BOX
    mass = box / box.sum(dtype=np.float64)
    positions = np.arange(BOX) + 0.5
    centre = np.array([mass.sum(1) @ positions, mass.sum(0) @ positions])
    top, left = np.clip(np.rint(SIDE / 2 - centre), 0, margin).astype(int)
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[top : top + BOX, left : left + BOX] = box
    return picture
