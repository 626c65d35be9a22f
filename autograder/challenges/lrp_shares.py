"""What outputs share out among inputs, worked out from the contributions x_j w_jk themselves.

Numbers are drawn in eighths: their products and sums are exact in float32, so that a sum that is
zero is zero in whatever order it is added up.
"""

from __future__ import annotations

import numpy as np

_STEP = 1 / 8


def shared(parts: np.ndarray, total: np.ndarray, relevance: np.ndarray) -> np.ndarray:
    """Sums over k of parts_jk / total_k R_k ``(n, J)``; a total of zero hands out nothing.

    Args:
        parts: numerators ``(n, J, K)``.
        total: denominators ``(n, K)``.
        relevance: of the outputs ``(n, K)``.
    """
    handed = np.divide(relevance, total, out=np.zeros_like(relevance), where=total != 0)
    return np.asarray(np.einsum("njk,nk->nj", parts, handed))


def undefined(empty: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """NaN for inputs of an output that divides by zero, and zero for others ``(n, J)``.

    Args:
        empty: which outputs do ``(n, K)``.
        reach: not zero where an output has an input ``(J, K)``.
    """
    return np.where(empty.astype(float) @ (reach != 0).astype(float).T > 0, np.nan, 0.0)


def eighths(
    rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float
) -> np.ndarray:
    """Multiples of 1/8 from ``low`` to ``high``, none of them zero; float32."""
    numbers = in_eighths(rng.uniform(low, high, shape))
    return np.where(numbers == 0, np.float32(_STEP if high > 0 else -_STEP), numbers)


def in_eighths(numbers: np.ndarray) -> np.ndarray:
    """The nearest multiples of 1/8; float32."""
    return np.asarray(np.round(numbers / _STEP) * _STEP, np.float32)
