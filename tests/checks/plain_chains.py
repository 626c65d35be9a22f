"""Chains of layers as matrices, worked out without hwkit: up to the scores, and down again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from plain_layers import PlainLayer


def relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0)


def same(z: np.ndarray) -> np.ndarray:
    return z


def plain(layer: Any) -> PlainLayer:
    return PlainLayer(np.float64(layer.w), np.float64(layer.b), layer.shape)


def flat(x: np.ndarray) -> np.ndarray:
    return np.float64(x).reshape(len(x), -1)


def up(
    layers: Sequence[Any],
    x: np.ndarray,
    bias: float = 1.0,
    activation: Callable[[np.ndarray], np.ndarray] = relu,
) -> list[np.ndarray]:
    """What each layer gives, before its ReLU; the last entry are the scores."""
    found, given = [], flat(x)
    for layer in map(plain, layers):
        found.append(given @ layer.matrix(layer.w) + bias * layer.outputs(layer.b))
        given = activation(found[-1])
    return found


def down(
    layers: Sequence[Any],
    signal: np.ndarray,
    hand_back: Callable[[int, np.ndarray], np.ndarray],
) -> np.ndarray:
    """A signal from the scores to the input; ``hand_back(k, signal)`` is hidden layer k's ReLU."""
    for number in reversed(range(len(layers))):
        layer = plain(layers[number])
        signal = signal @ layer.matrix(layer.w).T
        if number:
            signal = hand_back(number - 1, signal)
    return signal


def at(scores: np.ndarray, c: int, values: Any = 1.0) -> np.ndarray:
    """Zeros, but the values in column c."""
    found = np.zeros(scores.shape)
    found[:, c] = values
    return found
