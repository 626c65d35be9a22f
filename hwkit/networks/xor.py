"""The exclusive or: points whose two bits are equal or different, and a network that tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

XOR_CLASSES = ("equal", "different")
NOISE = 0.1
UNITS = (3, 15, 15, 3)
"""Of the hidden layers, as in the LRP toolbox's script that trains it."""
TRAIN_POINTS, TEST_POINTS = 20_000, 10_000


def points(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points float32 (count, 2) and their classes int64 (count,), drawn as the toolbox draws them.

    Both bits are 0 or 1 with the same chance; then Gaussian noise of deviation 0.1 is added to
    each. Class 0: the bits are equal; class 1: they are different.
    """
    bits = rng.integers(0, 2, (count, 2))
    noisy = bits + NOISE * rng.standard_normal((count, 2))
    return noisy.astype(np.float32), (bits[:, 0] != bits[:, 1]).astype(np.int64)


def xor_sets() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The points that the network is trained on and their classes, and those for testing."""
    return (
        *points(TRAIN_POINTS, np.random.default_rng(0)),
        *points(TEST_POINTS, np.random.default_rng(1)),
    )


def build(seed: int = 0) -> keras.Model:
    """Tanh layers "hidden1" to "hidden4" of 3, 15, 15 and 3 units, and "score": (n, 2) to (n, 2).

    The weights are random, the same for the same seed; the output is linear.
    """
    import keras

    seeds = iter(range(1000 * seed, 1000 * seed + 1000))

    def start() -> keras.initializers.Initializer:
        return keras.initializers.GlorotUniform(next(seeds))

    entry = x = keras.Input((2,), name="input")
    for i, units in enumerate(UNITS, 1):
        x = keras.layers.Dense(
            units, activation="tanh", kernel_initializer=start(), name=f"hidden{i}"
        )(x)
    x = keras.layers.Dense(2, kernel_initializer=start(), name="score")(x)
    return keras.Model(entry, x, name="xor")
