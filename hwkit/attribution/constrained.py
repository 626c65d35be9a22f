"""Weighted least squares in which the weights of all players sum to a given number exactly."""

from __future__ import annotations

import numpy as np


def constrained_fit(
    Z: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    empty: float | np.ndarray,
    full: float | np.ndarray,
) -> np.ndarray:
    """Minimise sum_i w_i (y_i - empty - Z_i phi)^2 subject to sum_j phi_j = full - empty.

    With all coalitions and Shapley kernel weights, phi are the Shapley values (Charnes et al. 1988;
    Lundberg and Lee 2017).

    Args:
        Z: coalitions ``(n, d)``, neither the empty nor the full one.
        y: what they are worth ``(n,)``, or ``(n, k)`` for k fits at once.
        weights: ``(n,)``, none below 0.
        empty: what nobody is worth, a number or ``(k,)``.
        full: what all are worth, a number or ``(k,)``.

    Returns:
        phi, ``(d,)`` or ``(d, k)``, float64. Where the coalitions leave it open, the one nearest to
        equal shares.

    Raises:
        ValueError: shapes that do not fit, values that are not finite, weights below 0.
    """
    Z, y, weights = (np.asarray(each, np.float64) for each in (Z, y, weights))
    empty, full = np.asarray(empty, np.float64), np.asarray(full, np.float64)
    _require(Z, y, weights, empty, full)
    ### BEGIN SOLUTION surrogates: constrained_fit
    share = (full - empty) / Z.shape[1]
    left = y - empty - np.multiply.outer(Z.sum(axis=1), share)
    return share + constrained_map(Z, weights) @ left
    ### END SOLUTION


def constrained_map(Z: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How the fit depends on each answer: the derivative of phi by y, ``(d, n)``.

    Args:
        Z: coalitions ``(n, d)``.
        weights: ``(n,)``.
    """
    ### BEGIN SOLUTION surrogates: constrained_fit
    # Of deviations from equal shares, which sum to 0, a row only sees what differs from its mean.
    Z = np.asarray(Z, np.float64)
    centred = Z - Z.mean(axis=1, keepdims=True)
    weighted = centred.T * weights
    return np.linalg.pinv(weighted @ centred, rcond=1e-12, hermitian=True) @ weighted
    ### END SOLUTION


def _require(
    Z: np.ndarray, y: np.ndarray, weights: np.ndarray, empty: np.ndarray, full: np.ndarray
) -> None:
    fits = Z.ndim == 2 and y.ndim in (1, 2) and len(Z) == len(y) and weights.shape == (len(Z),)
    of_ends = all(each.shape in ((), y.shape[1:]) for each in (empty, full))
    if not fits or not of_ends or not Z.shape[1]:
        raise ValueError(
            "Expected Z (n, d), y (n,) or (n, k), weights (n,), empty and full numbers or (k,). "
            f"Received: shapes {Z.shape}, {y.shape}, {weights.shape}, {empty.shape} and "
            f"{full.shape}."
        )
    if not all(np.isfinite(each).all() for each in (Z, y, weights, empty, full)):
        raise ValueError("Expected finite numbers. Received: NaN or infinity.")
    if (weights < 0).any():
        raise ValueError(f"Expected weights of 0 or more. Received: {weights.min():g}.")
