"""VGG16 with random weights, the same in every library, channels last as Keras has them."""

from __future__ import annotations

import numpy as np

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
DENSE = (4096, 4096, 1000)
LOW, HIGH = -124.0, 152.0  # of the pixels, less the means that VGG16 takes away
CLASS = 3


def weights() -> list[tuple[np.ndarray, np.ndarray]]:
    """Kernel and bias of each layer; signals neither grow nor fade (He et al. 2015)."""
    rng = np.random.default_rng(0)
    found, before = [], 3
    shapes: list[tuple[int, ...]] = []
    for channels in [each for block in BLOCKS for each in block]:
        shapes.append((3, 3, before, channels))
        before = channels
    before *= 7 * 7
    for units in DENSE:
        shapes.append((before, units))
        before = units
    for shape in shapes:
        kernel = rng.standard_normal(shape, np.float32) * np.float32(
            np.sqrt(2 / np.prod(shape[:-1]))
        )
        found.append((kernel, 0.1 * rng.standard_normal(shape[-1], np.float32)))
    return found


def images(count: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(LOW, HIGH, (count, 224, 224, 3)).astype(np.float32)
