"""Batch normalisation for training, and how it becomes part of the layers before it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

SUFFIX = "_norm"
"""A normalisation is called as the layer that it normalises, and so."""


def normalised(x: keras.KerasTensor, name: str, **options: Any) -> keras.KerasTensor:
    """The output of the bias-free linear layer of that name, normalised and rectified.

    The options are those of FusedBatchNormalization.
    """
    x = FusedBatchNormalization(name=f"{name}{SUFFIX}", **options)(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)


def fold(
    trained: keras.Model, plain: keras.Model, divided_by: Mapping[str, float] | None = None
) -> keras.Model:
    """Give a plain network the weights with which it computes what the trained one does.

    A normalisation gamma (x - mean) / sqrt(variance + eps) + beta after a bias-free linear layer W
    is the linear layer a W with bias beta - a mean, where a = gamma / sqrt(variance + eps). Between
    them there may be max-pooling, which lets pass what grows with its input, so long as gamma is
    positive.

    Args:
        trained: at inference; its layers with weights are called as those of the plain one.
        plain: the same linear layers with biases, and no normalisation.
        divided_by: what the trained network divides the inputs of a layer by, by its name.

    Returns:
        The plain network.
    """
    norms = {
        layer.name.removesuffix(SUFFIX): layer
        for layer in trained.layers
        if layer.name.endswith(SUFFIX)
    }
    for layer in plain.layers:
        if not layer.weights:
            continue
        weights = [np.asarray(w, np.float64) for w in trained.get_layer(layer.name).get_weights()]
        if layer.name in norms:
            norm = norms[layer.name]
            gamma, beta, mean, variance = (
                np.asarray(w, np.float64) for w in (norm.gamma, norm.beta, norm.mean, norm.variance)
            )
            factor = gamma / np.sqrt(variance + norm.epsilon)
            weights = [weights[0] * factor, beta - factor * mean]
        weights[0] = weights[0] / (divided_by or {}).get(layer.name, 1.0)
        layer.set_weights([w.astype(np.float32) for w in weights])
    return plain


def fold_error(trained: keras.Model, folded: keras.Model, inputs: np.ndarray) -> float:
    """The largest difference of a logit between two networks, relative to the largest logit."""
    before = np.asarray(trained(inputs, training=False))
    after = np.asarray(folded(inputs, training=False))
    return float(np.abs(before - after).max() / np.abs(before).max())


class FusedBatchNormalization(keras.layers.Layer):
    """Batch normalisation over the last axis by TensorFlow's fused kernel.

    Keras's own layer computes the same from several operations; on two cores the fused one trains
    about half as long. The input is (n, h, w, c) or (n, c).
    """

    epsilon = 1e-3

    def __init__(self, *, scale: bool = True, momentum: float = 0.9, **options: Any) -> None:
        """A normalisation.

        Args:
            scale: learn gamma; otherwise it stays 1.
            momentum: share of the moving moments that a step of training keeps.
            options: of keras.layers.Layer.
        """
        super().__init__(**options)
        self.scale, self.momentum = scale, momentum

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create scale, offset and moving moments."""
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(
            shape=shape, initializer="ones", trainable=self.scale, name="gamma"
        )
        self.beta = self.add_weight(shape=shape, initializer="zeros", name="beta")
        self.mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
        self.variance = self.add_weight(
            shape=shape, initializer="ones", trainable=False, name="variance"
        )

    def call(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Normalise with the batch's moments in training, with the moving ones otherwise."""
        flat = len(x.shape) == 2
        maps = x[:, None, None, :] if flat else x
        if training:
            maps, mean, variance = tf.compat.v1.nn.fused_batch_norm(
                maps, self.gamma.value, self.beta.value, epsilon=self.epsilon, is_training=True
            )
            for moving, batch in ((self.mean, mean), (self.variance, variance)):
                moving.assign(self.momentum * moving.value + (1 - self.momentum) * batch)
        else:
            maps, _, _ = tf.compat.v1.nn.fused_batch_norm(
                maps,
                self.gamma.value,
                self.beta.value,
                mean=self.mean.value,
                variance=self.variance.value,
                epsilon=self.epsilon,
                is_training=False,
            )
        return maps[:, 0, 0, :] if flat else maps
