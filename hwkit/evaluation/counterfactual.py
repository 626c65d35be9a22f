"""What would the network say if a part were not there? Drawn scenes let one try it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hwkit.images.bounds import ImageBound
from hwkit.network import in_batches

if TYPE_CHECKING:
    import keras

    from hwkit.images.scenes import Scene


def predictions_without(
    model: keras.Model, scenes: Sequence[Scene], parts: Collection[str], bound: ImageBound
) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the scenes as they are, and redrawn without the named parts.

    All else is the same to the pixel.

    Args:
        model: a network with linear output for pictures of the scenes' size.
        scenes: n scenes.
        parts: names of parts, for example ``("roof", "spoiler")``; what hangs on them goes too.
        bound: how the network takes pictures.

    Returns:
        Two arrays ``(n, classes)``: before and after.
    """
    before = bound.from_rgb(np.stack([scene.image for scene in scenes]))
    after = bound.from_rgb(np.stack([scene.without(*parts).image for scene in scenes]))
    return in_batches(model, before), in_batches(model, after)
