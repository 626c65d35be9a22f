"""Coalitions as the hidden challenges of "surrogates" draw them."""

from __future__ import annotations

import numpy as np


def coalitions(rng: np.random.Generator, count: int, players: int) -> np.ndarray:
    """Rows of 0 and 1, int64 ``(count, players)``; in each, some are shown and some hidden."""
    found = rng.integers(2, size=(count, players))
    while True:
        alike = np.flatnonzero(found.min(axis=1) == found.max(axis=1))
        if not len(alike):
            return found
        found[alike] = rng.integers(2, size=(len(alike), players))
