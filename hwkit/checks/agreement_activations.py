"""Activations with their slopes, as checks pass them to what students wrote."""

from __future__ import annotations

import numpy as np


def relu(z: np.ndarray) -> np.ndarray:
    """The ReLU: z where it is positive, else 0."""
    return np.maximum(z, 0)


def step(z: np.ndarray) -> np.ndarray:
    """The slope of the ReLU."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def leaky(z: np.ndarray) -> np.ndarray:
    """The leaky ReLU: z where it is positive, else a quarter of it."""
    return np.maximum(z, 0.25 * np.asarray(z))


def leaky_slope(z: np.ndarray) -> np.ndarray:
    """The slope of the leaky ReLU."""
    return np.where(np.asarray(z) > 0, 1.0, 0.25)


def tanh_slope(z: np.ndarray) -> np.ndarray:
    """The slope of the hyperbolic tangent."""
    return 1 - np.tanh(z) ** 2


def softplus(z: np.ndarray) -> np.ndarray:
    """log(1 + exp(z))."""
    return np.logaddexp(0, z)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), which is the slope of softplus."""
    return np.exp(-np.logaddexp(0, -np.asarray(z)))
