"""Three explainers that all look like integrated gradients, of which one is.

One is an edge detector in disguise, one has a plausible bug. Two tests tell them apart:
completeness (Sundararajan et al. 2017, section 3) and the randomisation of the network's weights
(Adebayo et al. 2018, "Sanity checks for saliency maps", section 3.1).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from hwkit.evaluation.line_up import PixelSuspect, gains, integrated, line_up
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_SEED = "leino 2018"
_GRAIN = 2018


def suspects() -> dict[str, PixelSuspect]:
    """Explainers by name, "A", "B" and "C", in an order that no one can guess.

    Each takes a Keras model, an instance ``(h, w, 3)`` and a class index, and gives attributions
    ``(h, w, 3)``, float32, relative to a baseline of zeros.
    """
    return line_up((_along_score, _along_contours, _along_share), _SEED, PixelSuspect)


def randomised(model: keras.Model, seed: int = 0) -> keras.Model:
    """The same topology with its weights drawn anew: a network that knows nothing.

    Kernels are drawn from a normal distribution of the same spread as before, layer by layer, so
    that activations keep their size; vectors (biases, statistics of batch normalisation) are
    shuffled.
    """
    import keras

    rng = np.random.default_rng(seed)
    fresh = keras.models.clone_model(model)
    weights = []
    for array in model.get_weights():
        if array.ndim > 1:
            spread = np.sqrt(np.mean(np.square(array, dtype=np.float64)))
            weights.append(rng.normal(0, spread, array.shape).astype(array.dtype))
        else:
            weights.append(rng.permutation(array))
    fresh.set_weights(weights)
    return fresh


def _along_score(model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
    quantity = Quantity(((c, 1.0),), name=f"class {c}")
    return integrated(model, (np.zeros_like(instance), instance), quantity)


def _along_share(model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
    return integrated(model, (np.zeros_like(instance), instance), _share(c))


def _along_contours(model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
    strength = _grained_contours(instance)
    return strength * (gains(model, np.zeros_like(instance), instance)[c] / strength.sum())


def _grained_contours(instance: np.ndarray) -> np.ndarray:
    """Edges, made to look as ragged and as centred as gradients do; the sum is positive."""
    from skimage.filters import gaussian, sobel

    height, width, colours = instance.shape
    edges = np.stack([sobel(colour) for colour in np.moveaxis(instance, -1, 0)], axis=-1)
    edges = gaussian(edges.astype(np.float64), 1.5, channel_axis=-1)
    rim = np.concatenate(
        [instance[[0, -1]].reshape(-1, colours), instance[:, [0, -1]].reshape(-1, colours)]
    )
    contrast = np.linalg.norm(instance - np.median(rim, axis=0), axis=-1, keepdims=True)
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    window = np.exp(-(rows**2 + columns**2) * 2)[..., np.newaxis]
    strength = edges * contrast
    # An even floor, so that a picture without any edge still has a sum to be scaled.
    strength = (strength / max(float(strength.max()), 1e-9) + 1e-4) * window
    rng = np.random.default_rng(_GRAIN)
    grain = rng.gamma(0.6, size=instance.shape) * np.where(rng.random(instance.shape) < 0.3, -1, 1)
    ragged = strength * grain
    return ragged if ragged.sum() > 0.1 * np.abs(ragged).sum() else np.abs(ragged)


@cache
def _share(c: int) -> FunctionQuantity:
    def share(scores: tf.Tensor) -> tf.Tensor:
        import tensorflow as tf

        return tf.nn.softmax(scores)[:, c]

    return FunctionQuantity(share, name=f"class {c}")
