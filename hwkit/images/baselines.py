"""Baselines: pictures that stand for "nothing to see", where integrated gradients start.

Zeros (the default) are ImageNet's mean colour in Caffe's preprocessing; ``ImageBound.black`` is
black. A colour baseline is blind to pixels of its own colour; a blurred picture is blind to nothing
in particular, but keeps the large shapes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from skimage.filters import gaussian

from hwkit.images.bounds import ImageBound

BaselineFunction = Callable[[np.ndarray], np.ndarray]
NAMES = ("blurred", "black", "grey")
"""The baselines that ``named`` knows."""


def blurred(instances: np.ndarray, sigma: float | None = None) -> np.ndarray:
    """The pictures, blurred until only broad patches of colour are left: a baseline function.

    Args:
        instances: ``(n, h, w, colours)`` in any preprocessing.
        sigma: standard deviation of the Gaussian in pixels; ``None`` for an eighth of the height.

    Returns:
        The same shape, float32. Pass the function itself: ``explain(instance, baseline=blurred)``.
    """
    sigma = instances.shape[1] / 8 if sigma is None else sigma
    return np.stack(
        [
            gaussian(each, sigma=sigma, channel_axis=-1, mode="nearest", preserve_range=True)
            for each in instances
        ]
    ).astype(np.float32)


def named(name: str, bound: ImageBound) -> BaselineFunction:
    """A baseline function by its name: from instances ``(n, h, w, 3)`` to the same shape, float32.

    Args:
        name: "blurred", "black" or "grey" (halfway between black and white).
        bound: how the network takes pictures.

    Raises:
        ValueError: another name.
    """
    if name == "blurred":
        return blurred
    if name not in NAMES:
        raise ValueError(f"Expected a baseline: {', '.join(NAMES)}. Received: {name!r}.")
    paint = bound.black if name == "black" else bound.grey
    return lambda instances: paint(np.shape(instances))
