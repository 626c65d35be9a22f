"""How far two rankings are alike: Spearman's correlation, Kendall's, and the top that they share.

Every function takes several pairs at once: rows ``(n, m)`` of n pairs of m values, and gives one
number for each row. A row in which one side has a single value ranks nothing: its number is NaN,
without a warning, for the caller to count. ``where`` ``(n, m)`` says which values of a row count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def average_ranks(values: ArrayLike, where: ArrayLike | None = None) -> np.ndarray:
    """Ranks along the last axis, from 1 (the lowest); equal values share the mean of their ranks.

    Args:
        values: ``(..., m)``, finite.
        where: which values are ranked, broadcasts to them; the others get rank 0.

    Raises:
        ValueError: NaN or infinity.
    """
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    numbers = _finite(values)
    if where is None:
        return np.asarray(rankdata(numbers, axis=-1), np.float64)
    chosen = np.broadcast_to(np.asarray(where, bool), numbers.shape)
    # Behind all others, what does not count changes no rank.
    ranks = np.asarray(rankdata(np.where(chosen, numbers, np.inf), axis=-1), np.float64)
    return np.where(chosen, ranks, 0.0)


def rank_correlations(maps: ArrayLike, where: ArrayLike | None = None) -> np.ndarray:
    """Spearman's correlation of every two of k rankings, ranked once each.

    Args:
        maps: ``(k, n, m)``: k rankings of each of n things.
        where: which values count ``(n, m)``; ``None`` for all.

    Returns:
        ``(n, k, k)``, symmetric, 1 on the diagonal; NaN where a ranking has a single value.

    Raises:
        ValueError: NaN or infinity, or another shape.
    """
    values = _finite(maps)
    if values.ndim != 3:
        raise ValueError(f"Expected rankings (k, n, m). Received: shape {values.shape}.")
    shape = values.shape[1:]
    chosen = np.ones(shape, bool) if where is None else np.asarray(where, bool)
    if chosen.shape != shape:
        raise ValueError(f"Expected where of shape {shape}. Received: {chosen.shape}.")
    # Shared or not, ranks from 1 to c have the mean (c + 1) / 2.
    middle = (chosen.sum(axis=-1, keepdims=True) + 1) / 2
    away = np.where(chosen, average_ranks(values, None if where is None else chosen) - middle, 0)
    rows = np.moveaxis(away, 0, 1)
    # Sums of quarters are exact, so that equal orders get 1 and opposite ones -1, to the last bit.
    products = rows @ rows.swapaxes(1, 2)
    squares = np.diagonal(products, axis1=1, axis2=2)
    scale = np.sqrt(squares[:, :, np.newaxis] * squares[:, np.newaxis])
    found = np.divide(products, scale, out=np.full(scale.shape, np.nan), where=scale > 0)
    return np.clip(found, -1, 1)


def spearman(a: ArrayLike, b: ArrayLike, where: ArrayLike | None = None) -> np.ndarray:
    """Spearman's correlation of each row: Pearson's of the ranks, ties sharing theirs.

    Args:
        a: ``(n, m)``.
        b: ``(n, m)``.
        where: which values count ``(n, m)``; ``None`` for all.

    Returns:
        ``(n,)``, from -1 to 1; NaN where a row of a or b has a single value.

    Raises:
        ValueError: other shapes, NaN or infinity.
    """
    return rank_correlations(np.stack(_pair(a, b)), where)[:, 0, 1]


def kendall(a: ArrayLike, b: ArrayLike, where: ArrayLike | None = None) -> np.ndarray:
    """Kendall's tau-b of each row, which corrects for ties: by scipy, one row after the other.

    Arguments, result and errors are those of ``spearman``.
    """
    from scipy.stats import kendalltau

    one, other, chosen = _rows(a, b, where)
    found = np.full(len(one), np.nan)
    for row in np.flatnonzero(_ranks_something(one, chosen) & _ranks_something(other, chosen)):
        counted = chosen[row]
        found[row] = kendalltau(one[row, counted], other[row, counted]).statistic
    return found


def top_k_overlap(
    a: ArrayLike, b: ArrayLike, fraction: float = 0.1, where: ArrayLike | None = None
) -> np.ndarray:
    """The share of the highest values that the two sides of each row have in common.

    Where equal values compete for the last places, each gets an equal part of them: what is counted
    is the overlap to be expected if both sides drew lots. So ties earn what chance earns, and a
    ranking with ties at the border shares less than all with itself.

    Args:
        a: ``(n, m)``.
        b: ``(n, m)``.
        fraction: how many of the m values are the top, above 0 and up to 1; one value at least.
        where: which values count ``(n, m)``; the fraction is of these.

    Returns:
        ``(n,)``, from 0 to 1; NaN where a row of a or b has a single value.

    Raises:
        ValueError: other shapes, NaN or infinity, a fraction out of its range.
    """
    if not 0 < fraction <= 1:
        raise ValueError(f"Expected a fraction above 0, up to 1. Received: {fraction}.")
    one, other, chosen = _rows(a, b, where)
    top = np.maximum(1, np.rint(fraction * chosen.sum(axis=1)).astype(int))
    shared = (_places(one, top, chosen) * _places(other, top, chosen)).sum(axis=1) / top
    defined = _ranks_something(one, chosen) & _ranks_something(other, chosen)
    return np.where(defined, shared, np.nan)


def _places(values: np.ndarray, top: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """How much of a place among the ``top`` ``(n,)`` highest each value has, from 0 to 1."""
    ranked = np.where(chosen, values, -np.inf)
    last = np.take_along_axis(np.sort(ranked, axis=1), values.shape[1] - top[:, np.newaxis], axis=1)
    inside, tied = chosen & (ranked > last), chosen & (ranked == last)
    left = top[:, np.newaxis] - inside.sum(axis=1, keepdims=True)
    return inside + tied * (left / np.maximum(1, tied.sum(axis=1, keepdims=True)))


def _ranks_something(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Whether two values or more of a row differ ``(n,)``."""
    high = np.where(chosen, values, -np.inf).max(axis=1)
    low = np.where(chosen, values, np.inf).min(axis=1)
    return np.asarray(high > low)


def _rows(
    a: ArrayLike, b: ArrayLike, where: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    one, other = map(_finite, _pair(a, b))
    chosen = np.ones(one.shape, bool) if where is None else np.asarray(where, bool)
    if chosen.shape != one.shape:
        raise ValueError(f"Expected where of shape {one.shape}. Received: {chosen.shape}.")
    return one, other, chosen


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    one, other = np.asarray(a), np.asarray(b)
    if one.ndim != 2 or one.shape != other.shape or not one.size:
        raise ValueError(
            "Expected two arrays (n, m) of one shape. Received: shapes "
            f"{one.shape} and {other.shape}. Maps (n, h, w) take it with .reshape(len(maps), -1)."
        )
    return one, other


def _finite(values: ArrayLike) -> np.ndarray:
    numbers = np.asarray(values)
    if numbers.dtype.kind not in "biuf" or not np.isfinite(numbers).all():
        raise ValueError(
            f"Expected finite numbers to rank. Received: dtype {numbers.dtype}, or NaN or infinity "
            "among them."
        )
    return numbers.astype(np.float64)
