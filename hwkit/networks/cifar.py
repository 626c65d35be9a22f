"""A network that reads CIFAR-10: convolutions, rectifiers and max-pooling, as VGG has them.

It takes float32 (n, 32, 32, 3) from -1 to 1 (`hwkit.images.cifar`) and gives ten scores, without
softmax. What makes it quick to train is from Jordan, "94% on CIFAR-10 in 3.29 seconds on a single
GPU", 2024: a first layer that whitens patches of 2 x 2 pixels and is not trained, pooling right
after the first convolution of a block, convolutions that begin by passing on what they are given,
normalisation without a scale. The normalisations are folded into the plain network that is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from hwkit.images.cifar import CIFAR_CLASSES, SHAPE
from hwkit.networks import folding

WIDTHS = (64, 192, 320)
"""Channels of the three blocks."""
PATCH = 2
WHITENED = 2 * SHAPE[-1] * PATCH**2
"""Channels of the first layer: each principal direction of patches, and its opposite."""
SCORES_DIVIDED = 9.0
"""In training, features are divided by so much before the scores, which keeps these small."""
REGULARISER = 5e-4
"""Is added to the variance of each direction, so that noise is not blown up."""


def build(widths: Sequence[int] = WIDTHS, *, seed: int = 0, training: bool = False) -> keras.Model:
    """The network with random weights, the same for the same seed.

    "whiten" (2 x 2), then blocks of "block1_conv1" (3 x 3), "block1_pool" (by 2) and "block1_conv2"
    (3 x 3), all with rectifiers, then "pool" (by 3), "flatten" and "score".

    Args:
        widths: channels of the blocks, of which there are three.
        seed: of the weights.
        training: as it is trained, with normalisation instead of biases (of a block's first
            convolution behind its pooling), and features divided before the score. `fold` makes
            the plain network of it.

    Raises:
        ValueError: another number of widths.
    """
    if len(widths) != 3 or min(widths) < 1:
        raise ValueError(f"Expected three positive widths. Received: widths={widths}.")
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))

    # The plain network's file is to open without this package.
    start = PartlyIdentity if training else keras.initializers.HeNormal

    def convolution(x: keras.KerasTensor, channels: int, name: str) -> keras.KerasTensor:
        return layers.Conv2D(
            channels,
            3,
            padding="same",
            use_bias=not training,
            activation=None if training else "relu",
            kernel_initializer=start(next(seeds)),
            name=name,
        )(x)

    def normalised(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
        return folding.normalised(x, name, scale=False, momentum=0.6) if training else x

    entry = keras.Input(SHAPE, name="input")
    x = layers.Conv2D(
        WHITENED,
        PATCH,
        activation="relu",
        kernel_initializer=keras.initializers.HeNormal(next(seeds)),
        trainable=False,
        name="whiten",
    )(entry)
    for block, channels in enumerate(widths, 1):
        x = convolution(x, channels, f"block{block}_conv1")
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = normalised(x, f"block{block}_conv1")
        x = normalised(convolution(x, channels, f"block{block}_conv2"), f"block{block}_conv2")
    x = layers.MaxPooling2D(3, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    if training:
        x = layers.Rescaling(1 / SCORES_DIVIDED, name="divided")(x)
    last = keras.initializers.GlorotUniform(next(seeds))
    x = layers.Dense(len(CIFAR_CLASSES), kernel_initializer=last, name="score")(x)
    return keras.Model(entry, x, name="cifar10")


class PartlyIdentity(keras.initializers.Initializer):
    """Convolutions that at first pass on their inputs, as far as there are outputs for them.

    Further outputs are random, uniform from -1 / sqrt(n) to 1 / sqrt(n) for filters of n numbers.

    Args:
        seed: of the random ones.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> tf.Tensor:
        """A kernel ``(*sizes, inputs, outputs)``."""
        *sizes, inputs, outputs = shape
        reach = 1 / np.sqrt(inputs * np.prod(sizes))
        kernel = np.random.default_rng(self.seed).uniform(-reach, reach, shape)
        passed = min(inputs, outputs)
        kernel[..., :passed] = 0
        middle = kernel[tuple(size // 2 for size in sizes)]
        np.fill_diagonal(middle[:, :passed], 1)
        return tf.constant(kernel, dtype or tf.float32)


def fold(trained: keras.Model) -> keras.Model:
    """The plain network that computes what the trained one does at inference."""
    widths = [trained.get_layer(f"block{k}_conv1").filters for k in (1, 2, 3)]
    return folding.fold(trained, build(widths), {"score": SCORES_DIVIDED})


def whitening(pictures: np.ndarray) -> np.ndarray:
    """The kernel (2, 2, 3, 24) of the first layer: what it gives has no correlations.

    The principal directions of the pictures' patches of 2 x 2 pixels, each divided by the deviation
    along it, and the same with the other sign, so that rectifiers lose nothing.

    Args:
        pictures: float32 (n, 32, 32, 3); their patches side by side are taken.
    """
    n, height, width, colours = pictures.shape
    grid = pictures.reshape(n, height // PATCH, PATCH, width // PATCH, PATCH, colours)
    patches = grid.transpose(0, 1, 3, 2, 4, 5).reshape(-1, PATCH**2 * colours).astype(np.float64)
    variances, directions = np.linalg.eigh(np.cov(patches, rowvar=False, bias=True))
    kernel = (directions / np.sqrt(variances + REGULARISER)).reshape(PATCH, PATCH, colours, -1)
    return np.concatenate([kernel, -kernel], -1).astype(np.float32)
