"""The pocket network: VGG16's topology and layer names at an eighth of the width.

Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015
(configuration D), with keras.applications' layer names and a linear output. It takes what
keras.applications.vgg16.preprocess_input gives: BGR less the ImageNet means. The network that is
trained normalises batches and scales its input; both are folded into the plain network that is
shipped.
"""

from __future__ import annotations

import keras
from keras import layers

from hwkit.images.parts import CLASSES
from hwkit.networks import folding

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
            x = folding.normalised(x, f"block{block}_conv{i}")
        x = layers.MaxPooling2D(2, strides=2, name=f"block{block}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc1", "fc2"):
        x = layers.Dense(DENSE_UNITS, use_bias=False, kernel_initializer="he_normal", name=name)(x)
        x = folding.normalised(x, name)
        x = layers.Dropout(dropout, name=f"{name}_dropout")(x)
    x = layers.Dense(len(CLASSES), name="predictions")(x)
    return keras.Model(entry, x, name="pocket_training")


def fold(trained: keras.Model) -> keras.Model:
    """The plain network that computes what the trained one does at inference."""
    return folding.fold(trained, build(), {"block1_conv1": INPUT_SCALE})
