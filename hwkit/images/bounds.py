"""How a network's inputs and the colours of a picture correspond: bounds and channel order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class ImageBound:
    """The values that stand for black and for full colour in a network's input.

    Attributes:
        low: value of a black pixel: a number, or one for each channel in the network's order.
        high: value of a pixel of full brightness, in the same form.
        order: order of the network's channels.
    """

    low: float | tuple[float, ...]
    high: float | tuple[float, ...]
    order: Literal["rgb", "bgr"] = "rgb"

    def __post_init__(self) -> None:
        if self.order not in ("rgb", "bgr"):
            raise ValueError(f"Expected order 'rgb' or 'bgr'. Received: order={self.order!r}.")
        if not np.all(np.asarray(self.high) > np.asarray(self.low)):
            raise ValueError(
                f"Expected high above low. Received: low={self.low}, high={self.high}."
            )

    def from_rgb(self, pixels: np.ndarray) -> np.ndarray:
        """RGB pictures, 0 to 255 ``(..., h, w, 3)``, as float32 inputs of the network."""
        pixels = np.asarray(pixels, np.float32)
        if self.order == "bgr":
            pixels = pixels[..., ::-1]
        low, high = np.asarray(self.low, np.float32), np.asarray(self.high, np.float32)
        return pixels * ((high - low) / np.float32(255)) + low

    def to_rgb(self, instances: np.ndarray) -> np.ndarray:
        """Inputs of the network as float32 RGB in [0, 1], clipped to the bounds."""
        low, high = np.asarray(self.low, np.float32), np.asarray(self.high, np.float32)
        colours = (np.asarray(instances, np.float32) - low) / (high - low)
        return np.clip(colours[..., ::-1] if self.order == "bgr" else colours, 0, 1)

    def black(self, shape: tuple[int, ...]) -> np.ndarray:
        """A black picture of this shape, as the network takes it: a common baseline."""
        return np.broadcast_to(np.asarray(self.low, np.float32), shape).copy()

    def grey(self, shape: tuple[int, ...]) -> np.ndarray:
        """A picture of this shape in the grey halfway between black and white, as ``black``."""
        middle = (np.asarray(self.low, np.float64) + np.asarray(self.high, np.float64)) / 2
        return np.broadcast_to(middle.astype(np.float32), shape).copy()


_MEAN_BGR = (103.939, 116.779, 123.68)  # ImageNet's mean colour, as Caffe's VGG subtracts it
CAFFE = ImageBound(
    tuple(-mean for mean in _MEAN_BGR), tuple(255 - mean for mean in _MEAN_BGR), "bgr"
)
BYTES = ImageBound(0, 255)
UNIT = ImageBound(0, 1)
SIGNED = ImageBound(-1, 1)
NAMED = {"caffe": CAFFE, "bytes": BYTES, "unit": UNIT, "signed": SIGNED}


def as_bound(bound: ImageBound | str | tuple[float, float]) -> ImageBound:
    """An ``ImageBound`` from one, from its name ("caffe", "bytes", ...) or from ``(low, high)``.

    Raises:
        ValueError: none of these.
    """
    if isinstance(bound, ImageBound):
        return bound
    if isinstance(bound, str) and bound in NAMED:
        return NAMED[bound]
    if isinstance(bound, tuple) and len(bound) == 2:
        return ImageBound(float(bound[0]), float(bound[1]))
    raise ValueError(
        f"Expected an image bound: (low, high), an ImageBound or one of {sorted(NAMED)}. Received: "
        f"{bound!r}."
    )
