"""What the judge computes in place of a student's other blanks; their inputs come from the box."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.challenges.surrogate_ranking import counted, top_pixels

_MOST_NUMBERS = 2**16


def keep_top(pictures: Any, maps: Any, fraction: Any, fill: Any) -> np.ndarray:
    """The pictures with ``fill`` outside the pixels of highest value of each map.

    Raises:
        ValueError: no finite pictures ``(n, h, w, c)`` with maps ``(n, h, w)``, no fraction from 0
            to 1, or a fill that does not broadcast to the pictures.
    """
    pictures, maps = finite_numbers(pictures), finite_numbers(maps)
    fraction, fill = finite_numbers(fraction), finite_numbers(fill)
    if pictures.ndim != 4 or maps.shape != pictures.shape[:3]:
        raise ValueError("Expected pictures (n, h, w, c) and maps (n, h, w). Received: others.")
    if fraction.shape or not 0 <= float(fraction) <= 1:
        raise ValueError("Expected a fraction from 0 to 1. Received: something else.")
    try:
        fill = np.broadcast_to(fill, pictures.shape)
    except ValueError:
        raise ValueError("Expected a fill that broadcasts to pictures. Received: none.") from None
    kept = top_pixels(maps, counted(float(fraction), maps[0].size))
    return np.where(kept[..., np.newaxis], pictures, fill)


def finite_numbers(value: Any) -> np.ndarray:
    """An array that may be computed with, in a floating-point type.

    Raises:
        ValueError: no array of numbers and no number, too many of them, or not finite.
    """
    if type(value) in (bool, int, float) and abs(value) < 2**63:
        value = np.asarray(value)
    if (
        not isinstance(value, np.ndarray)
        or value.dtype.kind not in "biuf"
        or not 0 < value.size <= _MOST_NUMBERS
        or not np.isfinite(value).all()
    ):
        raise ValueError("Expected an array of finite numbers. Received: something else.")
    return value if value.dtype.kind == "f" else value.astype(np.float64)
