"""Which superpixels LIME's simple model may use: few are easier to read than all.

The ways have the names and the meaning that the lime package gives them, and choose the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from hwkit.attribution.ridge import unweighted, weighted_ridge

Selection = Literal["auto", "forward", "highest_weights", "lasso_path", "none"]
FEW = 6  # up to so many, "auto" chooses forward
_ALPHA = 0.01  # of the ridge regression whose weights are ranked


def select(
    Z: np.ndarray, y: np.ndarray, weights: np.ndarray, count: int, how: Selection = "auto"
) -> np.ndarray:
    """The numbers of the superpixels to be used, in the order in which they were chosen.

    Args:
        Z: coalitions ``(n, d)``.
        y: what the network says of them ``(n,)``.
        weights: how much each counts ``(n,)``.
        count: how many may be used, at most.
        how: "forward": one after the other, each the one that raises R^2 most beside those chosen.
            "highest_weights": the largest in size of a ridge regression (alpha 0.01) on all.
            "lasso_path": those that the lasso still uses where it first uses no more than
            ``count``, coming from no penalty; these may be fewer. "none": all, whatever ``count``
            says. "auto": forward up to 6, else highest_weights.

    Raises:
        ValueError: another way, or a count below 1.
    """
    require(how)
    if count < 1:
        raise ValueError(f"Expected 1 superpixel or more to be used. Received: {count}.")
    players = Z.shape[1]
    if how == "none":
        return np.arange(players)
    if how == "auto":
        how = "forward" if count <= FEW else "highest_weights"
    return _WAYS[how](np.asarray(Z, np.float64), y, weights, min(count, players))


def require(how: str) -> None:
    """Refuse what is no way to choose superpixels.

    Raises:
        ValueError: it is none.
    """
    if how not in ("auto", "none", *_WAYS):
        raise ValueError(
            f"Expected the selection {', '.join(['auto', *_WAYS])} or none. Received: {how!r}."
        )


def _forward(Z: np.ndarray, y: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """Columns are kept orthogonal to those chosen, and so nothing is ever fitted again.

    Of such a column, R^2 rises by the square of its correlation with the target.
    """
    columns, target = unweighted(Z, y, weights)
    alone = (columns**2).sum(axis=0)
    chosen: list[int] = []
    for _ in range(count):
        sizes = (columns**2).sum(axis=0)
        # A column that those chosen make up (but for rounding) explains nothing more.
        new = sizes > 1e-12 * alone
        gains = np.where(new, (target @ columns) ** 2 / np.where(new, sizes, 1), 0.0)
        gains[chosen] = -1.0
        best = int(gains.argmax())
        chosen.append(best)
        if new[best]:
            direction = columns[:, best] / np.sqrt(sizes[best])
            columns = columns - np.outer(direction, direction @ columns)
    return np.array(chosen)


def _highest_weights(Z: np.ndarray, y: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    _, beta = weighted_ridge(Z, y, weights, _ALPHA)
    return np.argsort(-np.abs(beta), kind="stable")[:count]


def _lasso_path(Z: np.ndarray, y: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    from sklearn.linear_model import lars_path

    columns, target = unweighted(Z, y, weights)
    _, _, path = lars_path(columns, target, method="lasso")
    used = np.arange(Z.shape[1])
    for beta in path.T[:0:-1]:  # from no penalty to the largest, where all are 0
        used = beta.nonzero()[0]
        if len(used) <= count:
            break
    return used


_WAYS: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]] = {
    "forward": _forward,
    "highest_weights": _highest_weights,
    "lasso_path": _lasso_path,
}
