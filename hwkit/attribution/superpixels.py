"""Superpixels: which pixels of a picture are shown or hidden together.

A segmentation is a function of a picture in [0, 1], ``(h, w, 3)`` RGB or ``(h, w, 1)`` grey, that
gives the number of each pixel's superpixel, ``(h, w)``, 0 to d - 1. Those of scikit-image stand
here with the settings of the original LIME where it has some; any function of one's own will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hwkit.images.baselines import blurred

Segmentation = Callable[[np.ndarray], np.ndarray]
Fill = str | float | tuple[float, ...] | np.ndarray


@dataclass(frozen=True)
class Blocks:
    """Rectangles of equal size, as nearly as the picture's size allows, in reading order.

    Attributes:
        rows: of blocks.
        columns: of blocks.
        blind: does not look at the colours, and so needs no bound of them.
    """

    rows: int
    columns: int
    blind: ClassVar[bool] = True

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """The number of each pixel's block ``(h, w)``, of a picture ``(h, w, ...)``.

        Raises:
            ValueError: more blocks than pixels in a row.
        """
        height, width = np.shape(picture)[:2]
        if self.rows > height or self.columns > width:
            raise ValueError(
                f"Expected at most {height} rows and {width} columns of blocks in a picture of "
                f"that size. Received: {self.rows} and {self.columns}."
            )
        row = np.arange(height)[:, np.newaxis] * self.rows // height
        return row * self.columns + np.arange(width) * self.columns // width


def blocks(rows: int, columns: int | None = None) -> Blocks:
    """Rectangles in so many rows and columns; as many columns as rows, unless they are given.

    Raises:
        ValueError: fewer than 1.
    """
    columns = rows if columns is None else columns
    if rows < 1 or columns < 1:
        raise ValueError(
            f"Expected 1 row and 1 column of blocks or more. Received: {rows} and {columns}."
        )
    return Blocks(rows, columns)


def quickshift(
    kernel_size: float = 4, max_dist: float = 200, ratio: float = 0.2, seed: int = 0
) -> Segmentation:
    """Patches of like colour, of any shape (Vedaldi and Soatto 2008): the original LIME's choice.

    Args:
        kernel_size: width of the Gaussian in pixels; larger ones make fewer superpixels.
        max_dist: how far apart pixels of one superpixel may lie; larger ones make fewer.
        ratio: from 0 to 1, how much colour counts beside the place.
        seed: decides between pixels that are as good as equal.
    """

    def segment(picture: np.ndarray) -> np.ndarray:
        from skimage import segmentation

        found = segmentation.quickshift(
            _colours(picture), kernel_size=kernel_size, max_dist=max_dist, ratio=ratio, rng=seed
        )
        return renumbered(found)

    return segment


def slic(n_segments: int = 50, compactness: float = 10, sigma: float = 0) -> Segmentation:
    """Compact patches of about equal size, by k-means of colour and place (Achanta et al. 2012).

    Args:
        n_segments: about how many.
        compactness: how much the place counts beside the colour.
        sigma: of a Gaussian blur before, in pixels.
    """

    def segment(picture: np.ndarray) -> np.ndarray:
        from skimage import segmentation

        found = segmentation.slic(
            _colours(picture), n_segments=n_segments, compactness=compactness, sigma=sigma
        )
        return renumbered(found)

    return segment


def felzenszwalb(scale: float = 1, sigma: float = 0.8, min_size: int = 20) -> Segmentation:
    """Patches without edges inside, small and large (Felzenszwalb and Huttenlocher 2004).

    Args:
        scale: larger ones make fewer and larger superpixels; take 100 or more for photos.
        sigma: of a Gaussian blur before, in pixels.
        min_size: pixels that a superpixel has at least.
    """

    def segment(picture: np.ndarray) -> np.ndarray:
        from skimage import segmentation

        found = segmentation.felzenszwalb(
            _colours(picture), scale=scale, sigma=sigma, min_size=min_size
        )
        return renumbered(found)

    return segment


def renumbered(segments: np.ndarray) -> np.ndarray:
    """Superpixels numbered from 0 without gaps, in the order of the numbers that they had."""
    _, numbers = np.unique(segments, return_inverse=True)
    return numbers.reshape(np.shape(segments))


def fill_of(
    picture: np.ndarray, segments: np.ndarray, fill: Fill = "mean", sigma: float | None = None
) -> np.ndarray:
    """What is seen in place of hidden superpixels, in the picture's shape, float32.

    Args:
        picture: ``(h, w, c)``, as the network takes it.
        segments: the number of each pixel's superpixel, ``(h, w)``, 0 to d - 1.
        fill: "mean": of each superpixel its mean colour. "blur": the picture blurred by a Gaussian.
            A number or a colour ``(c,)`` in the network's units, or a picture ``(h, w, c)``.
        sigma: of the blur, in pixels; ``None`` for an eighth of the height.

    Raises:
        TypeError: not numbers. ValueError: another word, shape or sigma; NaN or infinity.
    """
    picture = np.asarray(picture, np.float32)
    if isinstance(fill, str):
        if fill == "mean":
            return _means(picture, segments)
        if fill == "blur":
            if sigma is not None and not sigma > 0:
                raise ValueError(f"Expected sigma above 0, or None. Received: sigma={sigma}.")
            return blurred(picture[np.newaxis], sigma)[0]
        raise ValueError(
            "Expected the fill 'mean', 'blur', a number, a colour or a picture. Received: "
            f"{fill!r}."
        )
    given: Any = np.asarray(fill)
    if given.dtype.kind not in "fiub":
        raise TypeError(f"Expected a fill of numbers. Received: dtype {given.dtype}.")
    if given.shape not in ((), (1,), picture.shape[-1:], picture.shape):
        raise ValueError(
            f"Expected a number, a colour {picture.shape[-1:]} or a picture {picture.shape} as "
            f"fill. Received: shape {given.shape}."
        )
    if not np.isfinite(given).all():
        raise ValueError("Expected finite numbers. Received: a fill with NaN or infinity.")
    return np.broadcast_to(given, picture.shape).astype(np.float32)


def _means(picture: np.ndarray, segments: np.ndarray) -> np.ndarray:
    labels = segments.ravel()
    count = np.bincount(labels)
    colours = [
        np.bincount(labels, weights=channel.astype(np.float64)) / count
        for channel in picture.reshape(-1, picture.shape[-1]).T
    ]
    return np.stack(colours, axis=-1)[segments].astype(np.float32)


def _colours(picture: np.ndarray) -> np.ndarray:
    """A grey picture as three equal colours; one in colours unchanged.

    Raises:
        ValueError: neither of these.
    """
    picture = np.asarray(picture)
    if picture.ndim != 3 or picture.shape[-1] not in (1, 3):
        raise ValueError(
            f"Expected a picture (h, w, 3) or (h, w, 1). Received: shape {picture.shape}."
        )
    return np.repeat(picture, 3, axis=-1) if picture.shape[-1] == 1 else picture
