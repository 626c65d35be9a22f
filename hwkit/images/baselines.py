"""Baselines: pictures that stand for "nothing to see", where integrated gradients start.

Zeros (the default) are ImageNet's mean colour in Caffe's preprocessing; ``ImageBound.black`` is
black. A colour baseline is blind to pixels of its own colour; a blurred picture is blind to nothing
in particular, but keeps the large shapes.
"""

from __future__ import annotations

import numpy as np
from skimage.filters import gaussian


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
