"""Maps that are drawn alike to some degree, and how alike the ranks in their rows are."""

from __future__ import annotations

import numpy as np


def correlated(rng: np.random.Generator, count: int, rows: int, pixels: int) -> np.ndarray:
    """Maps of ``count`` methods ``(count, rows, pixels)``, float32, skewed, without ties.

    They share something in each row, in a strength that is drawn; in some with opposite signs.
    """
    shared = rng.normal(size=(rows, pixels))
    strength = rng.uniform(0.6, 0.95, (count, rows, 1))
    strength *= np.resize([1, -1, 1], (1, rows, 1)) ** np.arange(count).reshape(-1, 1, 1)
    own = rng.normal(size=(count, rows, pixels))
    mixed = strength * shared + np.sqrt(1 - strength**2) * own
    return np.asarray((np.sign(mixed) * np.abs(mixed) ** 1.8).astype(np.float32))


def row_ranks(maps: np.ndarray) -> np.ndarray:
    """Ranks ``(n, m)`` from 1 within each row; equal values share the mean of theirs."""
    order = np.argsort(maps, axis=1)
    ordered = np.take_along_axis(maps, order, axis=1)
    places = np.arange(maps.shape[1])
    differs = ordered[:, 1:] != ordered[:, :-1]
    edge = np.ones((len(maps), 1), bool)
    first = np.maximum.accumulate(np.where(np.hstack([edge, differs]), places, 0), axis=1)
    last = np.where(np.hstack([differs, edge]), places, places[-1])
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(maps.shape)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, axis=1)
    return ranks


def row_correlations(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Pearson's correlation ``(n,)`` of each row of a with that of b; NaN where one is constant."""
    defined = (np.ptp(a, axis=1) > 0) & (np.ptp(b, axis=1) > 0)
    ca, cb = (each - each.mean(axis=1, keepdims=True) for each in (a, b))
    lengths = np.where(defined, np.linalg.norm(ca, axis=1) * np.linalg.norm(cb, axis=1), np.nan)
    return np.asarray((ca * cb).sum(axis=1) / lengths)
