"""The highest pixels of maps, as questions about them agree on."""

from __future__ import annotations

import numpy as np


def counted(fraction: float, pixels: int) -> int:
    """How many of the pixels a fraction is: rounded, a half upwards."""
    return int(fraction * pixels + 0.5)


def top_pixels(maps: np.ndarray, count: int) -> np.ndarray:
    """Where the ``count`` highest pixels of each map are; of equal ones the first in reading order.

    Args:
        maps: ``(n, ...)``.
        count: for each map.

    Returns:
        Booleans of the same shape.
    """
    flat = maps.reshape(len(maps), -1)
    kept = np.zeros(flat.shape, bool)
    for row, values in zip(kept, flat, strict=True):
        row[np.lexsort((np.arange(values.size), -values))[:count]] = True
    return kept.reshape(maps.shape)
