"""How a picture is hidden in part: which pixels together, and what is seen in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.attribution.superpixel_game import as_segments
from hwkit.attribution.superpixels import Segmentation, renumbered
from hwkit.images.baselines import blurred
from hwkit.images.bounds import UNIT, ImageBound

Fill = str | float | tuple[float, ...] | np.ndarray


@dataclass(frozen=True, eq=False)
class Masking:
    """Superpixels and their fill, for any picture.

    Attributes:
        segments: the number of each pixel's superpixel ``(h, w)``, or a function of the picture in
            [0, 1] that gives them; gaps in its numbers are closed.
        fill: as of ``fill_of``, and so is ``sigma``.
        sigma: of the blur, in pixels.
        image_bound: what black and full colour are in the picture, for segments that are a
            function; ``None``: 0 and 1, where all values lie between these.

    Raises:
        TypeError: segments that are neither numbers nor a function.
    """

    segments: np.ndarray | Segmentation
    fill: Fill = "mean"
    sigma: float | None = None
    image_bound: ImageBound | None = None

    def __post_init__(self) -> None:
        if not callable(self.segments) and np.asarray(self.segments).dtype.kind not in "iu":
            raise TypeError(
                "Expected the number of each pixel's superpixel (h, w), or a function such as "
                f"superpixels.quickshift(). Received: {self.segments!r}."
            )

    def of(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A picture's superpixels ``(h, w)`` and its fill ``(h, w, c)``.

        Raises:
            ValueError: no image bound where one is needed, segments that do not fit the picture,
                or as ``fill_of``.
        """
        if callable(self.segments):
            segments = renumbered(self.segments(self._in_colours(picture)))
        else:
            segments = self.segments
        segments = as_segments(segments, picture.shape[:2])
        return segments, fill_of(picture, segments, self.fill, self.sigma)

    def bound_of(self, picture: np.ndarray) -> ImageBound | None:
        """The image bound, given or plain to see; else ``None``."""
        plain = picture.min() >= 0 and picture.max() <= 1
        return UNIT if self.image_bound is None and plain else self.image_bound

    def _in_colours(self, picture: np.ndarray) -> np.ndarray:
        """The picture in [0, 1], RGB or grey, for a segmentation to look at."""
        bound = self.bound_of(picture)
        if bound is None and getattr(self.segments, "blind", False):
            return picture
        if bound is None:
            raise ValueError(
                "Expected image_bound, to show the picture to a segmentation in its colours. "
                f"Received: none, and values from {picture.min():g} to {picture.max():g}. Pass "
                "image_bound=... to the method: 'caffe' for VGG16 and the pocket network, "
                "'signed', 'bytes' or (low, high)."
            )
        return bound.to_rgb(picture)


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
