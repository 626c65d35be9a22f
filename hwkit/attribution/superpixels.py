"""Superpixels: which pixels of a picture are shown or hidden together.

A segmentation is a function of a picture in [0, 1], ``(h, w, 3)`` RGB or ``(h, w, 1)`` grey, that
gives the number of each pixel's superpixel, ``(h, w)``, 0 to d - 1. Those of scikit-image stand
here with the settings of the original LIME where it has some; any function of one's own will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

Segmentation = Callable[[np.ndarray], np.ndarray]


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
