"""Is the attribution where it should be? Shares of an attribution inside known regions.

Where pictures are drawn, the truth about them is known: which pixels are the object, the roof, the
spoiler.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def share_inside(strength: np.ndarray, region: np.ndarray) -> np.ndarray | float:
    """Share of the strength (not its sign) that lies in a region.

    Args:
        strength: ``(h, w)`` or ``(n, h, w)``: for example
            ``visualization.pixel_influence(attribution)``.
        region: bool, the same shape.

    Returns:
        A number, or ``(n,)``; NaN where there is no strength at all.

    Raises:
        ValueError: shapes differ.
    """
    strength, region = np.abs(np.asarray(strength, np.float64)), np.asarray(region, bool)
    if strength.shape != region.shape or strength.ndim not in (2, 3):
        raise ValueError(
            "Expected strength and region of the same shape (h, w) or (n, h, w). Received: "
            f"{strength.shape} and {region.shape}. Attributions of colours are added up by "
            "visualization.pixel_influence."
        )
    total = strength.sum(axis=(-2, -1))
    inside = (strength * region).sum(axis=(-2, -1))
    share = np.divide(inside, total, out=np.full(np.shape(total), np.nan), where=total > 0)
    return float(share) if strength.ndim == 2 else share


def part_shares(strength: np.ndarray, masks: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Share of the strength ``(h, w)`` in each named part; parts are expected not to overlap."""
    return {name: float(share_inside(strength, mask)) for name, mask in masks.items()}


def edge_strength(rgb: np.ndarray) -> np.ndarray:
    """Sobel's edges ``(..., h, w)`` of RGB pictures in [0, 1], ``(..., h, w, 3)``.

    This is what an explainer would say that only sees edges.
    """
    from skimage.filters import sobel

    rgb = np.asarray(rgb)
    grey = rgb.mean(axis=-1)
    return sobel(grey) if grey.ndim == 2 else np.stack([sobel(each) for each in grey])
