"""Weighted ridge regression with an intercept, and how well it fits: LIME's simple model."""

from __future__ import annotations

import numpy as np


def weighted_ridge(
    Z: np.ndarray, y: np.ndarray, weights: np.ndarray, alpha: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Minimise sum_i w_i (y_i - b - Z_i beta)^2 + alpha |beta|^2; b is not penalised.

    Args:
        Z: ``(n, d)``.
        y: ``(n,)``, or ``(n, k)`` for k regressions at once.
        weights: ``(n,)``, none below 0.
        alpha: 0 for least squares.

    Returns:
        The intercept b, a number or ``(k,)``, and beta, ``(d,)`` or ``(d, k)``; float64.

    Raises:
        ValueError: shapes that do not fit, values that are not finite, weights below 0 or all 0,
            alpha below 0, or an alpha of 0 where beta is not determined.
    """
    Z, y, weights = _checked(Z, y, weights)
    if not alpha >= 0:
        raise ValueError(f"Expected alpha of 0 or more. Received: alpha={alpha}.")
    ### BEGIN SOLUTION surrogates: weighted_ridge
    columns, targets = unweighted(Z, y, weights)
    gram = columns.T @ columns
    if alpha == 0 and np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        raise ValueError(
            f"Expected {len(gram)} columns that are independent of one another and of a constant. "
            f"Received: only {np.linalg.matrix_rank(gram, hermitian=True)} that are, and alpha=0. "
            "Take alpha above 0, or more rows."
        )
    beta = np.linalg.solve(gram + alpha * np.eye(len(gram)), columns.T @ targets)
    intercept = np.average(y - Z @ beta, axis=0, weights=weights)
    return intercept, beta
    ### END SOLUTION


def unweighted(Z: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns and targets, of the same shapes, whose plain regression is the weighted one of these.

    They need no weights and no intercept any more.
    """
    ### BEGIN SOLUTION surrogates: weighted_ridge
    columns, targets = (each - np.average(each, axis=0, weights=weights) for each in (Z, y))
    roots = np.sqrt(weights)
    return columns * roots[:, np.newaxis], (targets.T * roots).T
    ### END SOLUTION


def r_squared(y: np.ndarray, prediction: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share of the weighted variance of y that is predicted: R^2, at most 1.

    Args:
        y: ``(n,)`` or ``(n, k)``.
        prediction: of the same shape.
        weights: ``(n,)``.

    Returns:
        A number or ``(k,)``; NaN where y does not vary, so that there is nothing to predict.
    """
    y, prediction = np.asarray(y, np.float64), np.asarray(prediction, np.float64)
    mean = np.average(y, axis=0, weights=weights)
    spread = np.average((y - mean) ** 2, axis=0, weights=weights)
    left = np.average((y - prediction) ** 2, axis=0, weights=weights)
    # Numbers that only differ by rounding do not vary.
    varies = spread > (8 * np.finfo(np.float64).eps * np.abs(y).max(axis=0)) ** 2
    return np.where(varies, 1 - left / np.where(varies, spread, 1), np.nan)[()]


def _checked(
    Z: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    Z, y = np.asarray(Z, np.float64), np.asarray(y, np.float64)
    weights = np.asarray(weights, np.float64)
    fits = Z.ndim == 2 and y.ndim in (1, 2) and len(Z) == len(y) and weights.shape == (len(Z),)
    if not fits or not Z.size:
        raise ValueError(
            "Expected Z (n, d), y (n,) or (n, k) and weights (n,) of the same n. Received: shapes "
            f"{Z.shape}, {y.shape} and {weights.shape}."
        )
    if not all(np.isfinite(each).all() for each in (Z, y, weights)):
        raise ValueError("Expected finite numbers. Received: NaN or infinity.")
    if weights.min() < 0 or not weights.any():
        raise ValueError(
            "Expected weights of 0 or more, not all 0. Received: weights from "
            f"{weights.min():g} to {weights.max():g}."
        )
    return Z, y, weights
