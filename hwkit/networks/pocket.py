"""The pocket network: VGG16's topology and layer names at an eighth of the width.

Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015
(configuration D), with keras.applications' layer names and a linear output. It takes what
keras.applications.vgg16.preprocess_input gives: BGR less the ImageNet means. The network that is
trained normalises batches and scales its input; both are folded into the plain network that is
shipped.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from hwkit.images.parts import CLASSES

SIDE = 96
BLOCKS = ((8, 2), (16, 2), (32, 3), (64, 3), (64, 3))
"""Channels and convolutions of the five blocks."""
DENSE_UNITS = 512
INPUT_SCALE = 60.0
"""The trained network divides its input by this, about the standard deviation of the pictures."""


def build(seed: int = 0) -> keras.Model:
    """The plain network, random weights: input float32 (n, 96, 96, 3), logits (n, 14)."""
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))

    def start() -> keras.initializers.Initializer:
        return keras.initializers.HeNormal(seed=next(seeds))

    entry = x = keras.Input((SIDE, SIDE, 3), name="input_layer")
    for block, (channels, count) in enumerate(BLOCKS, 1):
        for i in range(1, count + 1):
            name = f"block{block}_conv{i}"
            x = layers.Conv2D(
                channels,
                3,
                padding="same",
                activation="relu",
                kernel_initializer=start(),
                name=name,
            )(x)
        x = layers.MaxPooling2D(2, strides=2, name=f"block{block}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc1", "fc2"):
        x = layers.Dense(DENSE_UNITS, activation="relu", kernel_initializer=start(), name=name)(x)
    x = layers.Dense(len(CLASSES), kernel_initializer=start(), name="predictions")(x)
    return keras.Model(entry, x, name="pocket")


def build_for_training(dropout: float) -> keras.Model:
    """The same topology with scaled input, batch normalisation and dropout on fc1 and fc2."""
    entry = x = keras.Input((SIDE, SIDE, 3), name="input_layer")
    x = layers.Rescaling(1 / INPUT_SCALE, name="input_scale")(x)
    for block, (channels, count) in enumerate(BLOCKS, 1):
        for i in range(1, count + 1):
            x = layers.Conv2D(
                channels,
                3,
                padding="same",
                use_bias=False,
                kernel_initializer="he_normal",
                name=f"block{block}_conv{i}",
            )(x)
            x = _normalised(x, f"block{block}_conv{i}")
        x = layers.MaxPooling2D(2, strides=2, name=f"block{block}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc1", "fc2"):
        x = layers.Dense(DENSE_UNITS, use_bias=False, kernel_initializer="he_normal", name=name)(x)
        x = _normalised(x, name)
        x = layers.Dropout(dropout, name=f"{name}_dropout")(x)
    x = layers.Dense(len(CLASSES), name="predictions")(x)
    return keras.Model(entry, x, name="pocket_training")


def _normalised(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    x = FusedBatchNormalization(name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def fold(trained: keras.Model) -> keras.Model:
    """The plain network that computes what the trained one does at inference.

    A normalisation gamma (x - mean) / sqrt(variance + eps) + beta after a bias-free linear layer W
    is the linear layer a W with bias beta - a mean, where a = gamma / sqrt(variance + eps).
    """
    plain = build()
    norms = {
        layer.name.removesuffix("_norm"): layer
        for layer in trained.layers
        if layer.name.endswith("_norm")
    }
    for layer in plain.layers:
        if not layer.weights:
            continue
        weights = [np.asarray(w, np.float64) for w in trained.get_layer(layer.name).get_weights()]
        if layer.name in norms:
            norm = norms[layer.name]
            gamma, beta, mean, variance = (np.asarray(w, np.float64) for w in norm.get_weights())
            factor = gamma / np.sqrt(variance + norm.epsilon)
            weights = [weights[0] * factor, beta - factor * mean]
        if layer.name == "block1_conv1":
            weights[0] = weights[0] / INPUT_SCALE
        layer.set_weights([w.astype(np.float32) for w in weights])
    return plain


class FusedBatchNormalization(layers.Layer):
    """Batch normalisation over the last axis by TensorFlow's fused kernel.

    Keras's own layer computes the same from several operations; on two cores the fused one trains
    about half as long. The input is (n, h, w, c) or (n, c).
    """

    epsilon = 1e-3
    momentum = 0.9

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create scale, offset and moving moments."""
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape=shape, initializer="ones", name="gamma")
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
