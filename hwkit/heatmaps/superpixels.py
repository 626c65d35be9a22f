"""Superpixels in exact pixels: where they lie, and how much each speaks for a label."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import Colormap
from numpy.typing import ArrayLike

from hwkit.heatmaps.colour_maps import colour_map
from hwkit.heatmaps.drawing import enlarge, rgb_bytes
from hwkit.heatmaps.scale import numbers
from hwkit.visualization import SIGNED

_GROUND = 0.35  # how much of the grey picture is seen through the colours
_LINE = 3  # a line is as wide as this part of a pixel, or as one enlarged pixel


def outlined(picture: ArrayLike, segments: np.ndarray, scale: int = 3) -> np.ndarray:
    """A picture with the borders of its superpixels, uint8 RGB ``(scale * h, scale * w, 3)``.

    Each border is a black line beside a white one, so that it is seen on any ground.

    Args:
        picture: RGB ``(h, w, 3)``, uint8 or numbers in [0, 1].
        segments: the number of each pixel's superpixel ``(h, w)``.
        scale: every pixel becomes a square of ``scale`` x ``scale`` pixels; 3 or more keeps the
            lines thinner than the picture's own pixels.

    Raises:
        TypeError: not numbers, or a scale that is not whole.
        ValueError: shapes that do not fit, scale below 1.
    """
    return _bordered(_colours(picture, segments), segments, scale)


def tinted(
    picture: ArrayLike,
    segments: np.ndarray,
    weights: ArrayLike,
    cmap: str | Colormap = SIGNED,
    *,
    limit: float | None = None,
    scale: int = 3,
    borders: bool = True,
) -> np.ndarray:
    """The picture in grey, each superpixel in the colour of its weight: red for, blue against.

    Args:
        picture: RGB ``(h, w, 3)``, uint8 or numbers in [0, 1].
        segments: the number of each pixel's superpixel ``(h, w)``, 0 to d - 1.
        weights: of the superpixels ``(d,)``.
        cmap: see ``colour_map``.
        limit: the weight that gets full colour, what lies beyond gets it too; ``None`` for the
            largest size.
        scale: every pixel becomes a square of ``scale`` x ``scale`` pixels.
        borders: draw the borders of the superpixels.

    Returns:
        uint8 RGB ``(scale * h, scale * w, 3)``.

    Raises:
        TypeError: not numbers, or a scale that is not whole.
        ValueError: shapes that do not fit, weights that are not finite or not one for each
            superpixel, an unknown map, scale below 1, or a limit not above 0.
    """
    colours = _colours(picture, segments)
    values = numbers(weights, "weights")
    if values.shape != (int(np.max(segments)) + 1,) or not np.isfinite(values).all():
        raise ValueError(
            f"Expected a finite weight for each of {int(np.max(segments)) + 1} superpixels. "
            f"Received: shape {values.shape}."
        )
    full = float(np.abs(values).max() or 1.0) if limit is None else limit
    if not full > 0:
        raise ValueError(f"Expected a limit above 0, or None. Received: limit={limit}.")
    tint = colour_map(cmap)((np.clip(values / full, -1, 1) + 1) / 2)[:, :3][segments]
    grey = colours.mean(axis=-1, keepdims=True)
    mixed = _GROUND * grey + (1 - _GROUND) * tint
    return _bordered(mixed, segments, scale) if borders else enlarge(rgb_bytes(mixed), scale)


def _bordered(picture: np.ndarray, segments: np.ndarray, scale: int) -> np.ndarray:
    """Enlarged, with a black line before each border and a white one behind it."""
    pixels, numbers = enlarge(rgb_bytes(picture), scale), enlarge(np.asarray(segments), scale)
    below, right = numbers[1:] != numbers[:-1], numbers[:, 1:] != numbers[:, :-1]
    wide = range(max(1, scale // _LINE))
    for step in wide:
        pixels[1 + step :][below[: len(below) - step]] = 255
        pixels[:, 1 + step :][right[:, : right.shape[1] - step]] = 255
    for step in wide:  # black last, so that it is never broken
        pixels[: len(below) - step][below[step:]] = 0
        pixels[:, : right.shape[1] - step][right[:, step:]] = 0
    return pixels


def _colours(picture: ArrayLike, segments: np.ndarray) -> np.ndarray:
    """The picture as RGB in [0, 1], of the size of its superpixels."""
    values = numbers(picture, "a picture")
    if values.ndim != 3 or values.shape[-1] != 3 or values.shape[:2] != np.shape(segments):
        raise ValueError(
            "Expected an RGB picture (h, w, 3) and the numbers of its superpixels (h, w). "
            f"Received: shapes {values.shape} and {np.shape(segments)}."
        )
    return values / 255 if np.asarray(picture).dtype == np.uint8 else np.clip(values, 0, 1)
