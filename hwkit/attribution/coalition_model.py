"""A smooth model of a game, whose own Shapley values are known in closed form.

Kernel ridge regression on the differences between coalitions and their complements, with the kernel
sinh(3 t), where t = x.x'/d and x is 1 for who takes part and -1 for who does not. Its linear part
is left unpenalised, so that only interactions are shrunk. What it predicts well need not be learned
from the sample any more: regression-adjusted estimates of Shapley values (Witter, Liu and Musco
2025).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Results hardly depend on either (docs/methods/kernel_shap.md).
SHARPNESS, RIDGE = 3.0, 0.03
MOST_PAIRS = 2048  # that it is fitted to: the time grows with their cube
_EXACT = 1e-10  # in place of the ridge, for the pair of all and nobody
_ROWS = 1000  # predicted at once
_NODES = 32  # exact to the last digit: the integrand is as smooth as exp(3 t)


@dataclass(frozen=True)
class Model:
    """What a smooth model says of a game.

    Attributes:
        values: its Shapley values ``(d, outputs)``.
        left: what the pairs' differences are beyond its own ``(m, outputs)``.
        surprise: the same, where each pair is predicted from the others only.
    """

    values: np.ndarray
    left: np.ndarray
    surprise: np.ndarray


def fit(shown: np.ndarray, halves: np.ndarray, gain: np.ndarray) -> Model:
    """Fit the model to half the differences between coalitions and their complements.

    Args:
        shown: one of each pair ``(m, d)``.
        halves: (worth - worth of the complement) / 2, ``(m, outputs)``.
        gain: the worth of all less that of nobody ``(outputs,)``.
    """
    players = shown.shape[1]
    signs = np.where(shown, 1.0, -1.0)
    used = min(len(signs), MOST_PAIRS)
    x = np.concatenate([signs[:used], np.ones((1, players))])
    y = np.concatenate([halves[:used], gain[np.newaxis] / 2])
    ridge = np.append(np.full(used, RIDGE), _EXACT)
    inverse = np.linalg.inv(_kernel(x, x) + np.diag(ridge))
    reached = inverse @ x
    slope_of = np.linalg.pinv(x.T @ reached, rcond=1e-12, hermitian=True) @ reached.T
    projected = inverse - reached @ slope_of
    slope, bumps = slope_of @ y, projected @ y
    left = [ridge[:used, np.newaxis] * bumps[:used]]
    for start in range(used, len(signs), _ROWS):
        rows = slice(start, start + _ROWS)
        left.append(halves[rows] - signs[rows] @ slope - _kernel(signs[rows], x) @ bumps)
    free = np.maximum(np.diag(projected), _EXACT * np.diag(inverse))
    apart = bumps / free[:, np.newaxis]
    values = 2 * slope + _kernel_values(x > 0).T @ bumps
    return Model(values, np.concatenate(left), np.concatenate([apart[:used], *left[1:]]))


def _kernel(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.sinh(SHARPNESS * (x @ centres.T) / x.shape[1]) / np.sinh(SHARPNESS)


def _kernel_values(shown: np.ndarray) -> np.ndarray:
    """The Shapley values of the kernel around each of some coalitions, ``(n, d)``.

    Even parts have none, so they are those of exp(3 t), a product over the players: the integral
    over q of its derivative by a player where all others take part with probability q (Owen 1972).
    """
    ### BEGIN SOLUTION surrogates
    players = shown.shape[1]
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    q, weights = (nodes + 1) / 2, weights / 2
    up, down = np.exp(SHARPNESS / players), np.exp(-SHARPNESS / players)
    within, outside = q * up + (1 - q) * down, q * down + (1 - q) * up
    members = shown.sum(axis=1, keepdims=True)
    product = within**members * outside ** (players - members)
    of_member, of_other = (product / each @ weights for each in (within, outside))
    step = (up - down) / np.sinh(SHARPNESS)
    return step * np.where(shown, of_member[:, np.newaxis], -of_other[:, np.newaxis])
    ### END SOLUTION
