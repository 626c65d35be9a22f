"""Heatmaps in exact pixels: relevance in colours, enlarged, with the outline of the input."""

from __future__ import annotations

import operator
from typing import SupportsIndex

import numpy as np
from matplotlib.colors import Colormap
from numpy.typing import ArrayLike
from skimage.feature import canny

from hwkit.heatmaps.colour_maps import colour_map
from hwkit.heatmaps.scale import full_colour, map_of, numbers
from hwkit.images.bounds import ImageBound, as_bound
from hwkit.visualization import SIGNED

SIGMA = 2 / 3  # pixels of the input; the toolbox blurs by 2 pixels after enlarging 3 times
_INK, _CHALK = (0, 0, 0), (200, 200, 200)
_MIDDLE_GREY = 0.179  # relative luminance at which black and white contrast equally (WCAG 2.1)


def heatmap(
    relevance: ArrayLike,
    cmap: str | Colormap = SIGNED,
    image: ArrayLike | None = None,
    *,
    outline: bool = True,
    scale: int = 3,
    sigma: float = SIGMA,
    limit: float | None = None,
) -> np.ndarray:
    """Relevance of one picture in colours, uint8 RGB ``(scale * h, scale * w, 3)``.

    Args:
        relevance: ``(h, w)``, or ``(h, w, c)``, whose channels are summed.
        cmap: see ``colour_map``.
        image: the input, ``(h, w)`` or ``(h, w, c)`` in any range of values.
        outline: draw the edges of ``image``, black on a light map and light grey on a dark one.
        scale: every pixel becomes a square of ``scale`` x ``scale`` pixels, unchanged in colour.
        sigma: of the outline; see the function ``outline``.
        limit: the relevance that gets full colour, what lies beyond gets it too; ``None`` for the
            picture's largest size.

    Raises:
        TypeError: not numbers.
        ValueError: relevance or image of a wrong shape, empty or not finite; an unknown map; scale
            below 1; sigma or limit not positive.
    """
    values = map_of(relevance)
    full = full_colour([values], shared=False)[0] if limit is None else limit
    if not (np.isfinite(full) and full > 0):
        raise ValueError(f"Expected a limit above 0, or None. Received: limit={limit}.")
    colours = colour_map(cmap)
    pixels = enlarge(rgb_bytes(colours((np.clip(values / full, -1, 1) + 1) / 2)), scale)
    if image is not None and outline:
        grey = _grey(image)
        if grey.shape != values.shape:
            raise ValueError(
                f"Expected an image of the size of its relevance, {values.shape}. Received: "
                f"{grey.shape}."
            )
        pixels[_edges(grey, scale, sigma)] = _INK if _is_light(colours) else _CHALK
    return pixels


def outline(image: ArrayLike, scale: int = 3, sigma: float = SIGMA) -> np.ndarray:
    """Where the edges of an image are, by Canny's detector: booleans ``(scale * h, scale * w)``.

    The edges are found in the enlarged image, so that they are thin lines beside its pixels.

    Args:
        image: ``(h, w)``, or ``(h, w, c)``, whose channels are averaged; in any range of values.
        scale: how often each pixel is repeated in both directions.
        sigma: standard deviation of the blur before edges are sought, in pixels of the image. Take
            1 to 3 for photos, where every leaf is an edge.

    Raises:
        TypeError: not numbers.
        ValueError: a wrong shape, empty or not finite; scale below 1; sigma not positive.

    Source: Canny 1986, as in scikit-image. A straight edge is drawn from an eighth of the image's
    contrast on, and half as strong where it hangs together with one.
    """
    return _edges(_grey(image), scale, sigma)


def input_picture(
    image: ArrayLike,
    scale: int = 3,
    image_bound: ImageBound | str | tuple[float, float] = "unit",
) -> np.ndarray:
    """The input itself beside its heatmap, uint8 RGB ``(scale * h, scale * w, 3)``.

    Args:
        image: ``(h, w)`` or ``(h, w, 1)``, drawn in dark ink on white paper as the toolbox does
            (full value is black), or colours ``(h, w, 3)``.
        scale: how often each pixel is repeated in both directions.
        image_bound: what black and full colour are in the image; see ``AttributionMask.visualize``.

    Raises:
        TypeError: not numbers.
        ValueError: a wrong shape, empty or not finite; an unknown bound; scale below 1.
    """
    values = _picture(image)
    if values.ndim == 3 and values.shape[-1] == 1:
        values = values[..., 0]
    if values.ndim == 3 and values.shape[-1] != 3:
        raise ValueError(
            f"Expected a grey image (h, w) or colours (h, w, 3). Received: shape {values.shape}."
        )
    bound = as_bound(image_bound)
    if values.ndim == 3:
        return enlarge(rgb_bytes(bound.to_rgb(values)), scale)
    if np.size(bound.low) > 1 or bound.order != "rgb":
        raise ValueError(
            "Expected one low and one high value as the bound of a grey image, such as 'unit' or "
            f"(low, high). Received: {image_bound!r}."
        )
    ink = bound.to_rgb(values)
    return enlarge(rgb_bytes(np.repeat(1 - ink[..., np.newaxis], 3, axis=-1)), scale)


def enlarge(picture: np.ndarray, scale: int) -> np.ndarray:
    """Every pixel of ``(h, w, ...)`` repeated ``scale`` times in both directions, never blended.

    Raises:
        TypeError: scale is no whole number.
        ValueError: scale below 1.
    """
    times = _whole(scale)
    return np.repeat(np.repeat(picture, times, axis=0), times, axis=1)


def rgb_bytes(colours: np.ndarray) -> np.ndarray:
    """RGB or RGBA in [0, 1] as RGB of 0 to 255, rounded (matplotlib's own ``bytes`` truncates)."""
    return np.rint(colours[..., :3] * 255).astype(np.uint8)


def _edges(grey: np.ndarray, scale: int, sigma: float) -> np.ndarray:
    times = _whole(scale)
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError(f"Expected sigma above 0. Received: sigma={sigma}.")
    low, high = grey.min(), grey.max()
    if low == high:
        return np.zeros((grey.shape[0] * times, grey.shape[1] * times), dtype=bool)
    contrast = (grey - low) / (high - low)
    blur = sigma * times
    # A blurred edge is as much flatter as the blur is wide, and so must the thresholds be lower.
    # At a blur of 2 pixels these are scikit-image's own, 0.1 and 0.2, which the toolbox uses.
    weak, strong = 0.2 / blur, 0.4 / blur
    found: np.ndarray = canny(enlarge(contrast, times), blur, weak, strong)
    return found


def _grey(image: ArrayLike) -> np.ndarray:
    values = _picture(image)
    grey: np.ndarray = values.mean(axis=-1) if values.ndim == 3 else values
    return grey


def _picture(image: ArrayLike) -> np.ndarray:
    values = numbers(image, "an image")
    if values.ndim not in (2, 3):
        raise ValueError(
            f"Expected one image, (h, w) or (h, w, c). Received: shape {values.shape}."
        )
    if not np.isfinite(values).all():
        raise ValueError("Expected an image of finite values. Received: infinite ones or NaN.")
    return values


def _is_light(colours: Colormap) -> bool:
    """Whether black stands out more from the colour of relevance 0 than white does."""
    red, green, blue, _ = np.asarray(colours(0.5))
    rgb = np.array([red, green, blue])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return bool(linear @ [0.2126, 0.7152, 0.0722] > _MIDDLE_GREY)


def _whole(scale: SupportsIndex) -> int:
    try:
        times = operator.index(scale)
    except TypeError as error:
        raise TypeError(f"Expected a whole number as scale. Received: scale={scale!r}.") from error
    if times < 1:
        raise ValueError(f"Expected a scale of 1 or more. Received: scale={scale}.")
    return times
