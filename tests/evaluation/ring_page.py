"""A page with a ring of ink, and small networks that read it, for explainers that are judged."""

from __future__ import annotations

import keras
import numpy as np

SIDE = 12


def network(classes: int, seed: int) -> keras.Model:
    """Two hidden layers with rectifiers and biases, random weights."""
    keras.utils.set_random_seed(seed)
    source = keras.Input((SIDE, SIDE, 1))
    x = keras.layers.Flatten()(source)
    for units in (60, 30):
        bias = keras.initializers.RandomNormal(stddev=0.3)
        x = keras.layers.Dense(units, activation="relu", bias_initializer=bias)(x)
    return keras.Model(source, keras.layers.Dense(classes)(x))


def ring() -> np.ndarray:
    """The page ``(12, 12, 1)``: paper -1, ink 0.9."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inked = np.abs(np.hypot(rows - 5.5, columns - 6) - 3.5) < 1
    return np.where(inked, 0.9, -1.0).astype(np.float32)[..., np.newaxis]
