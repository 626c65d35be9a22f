"""Small chains of layers, with a ReLU after every layer but the last, and pictures for them."""

from __future__ import annotations

from functools import cache

import numpy as np

from hwkit.attribution.relevance.layer import LinearLayer
from hwkit.checks.lrp_layers import convolution_then_dense
from hwkit.checks.tables import fixed

ROWS = fixed([[1, 2, -1], [2, 1, 1.5]])
ONE_ROW = fixed([[1.5, -1, 2]])
SQUARE_ROW = fixed([[1, -2]])
PICTURES = fixed([[[[2], [1]], [[-1], [3]]], [[[1], [2]], [[2], [0.5]]]])


@cache
def without_biases() -> tuple[LinearLayer, ...]:
    """Three inputs, four hidden units, two scores."""
    return (
        LinearLayer.dense(fixed([[1, -2, 3, 0.5], [2, 1, -1, 1], [-1, 3, 2, -2]])),
        LinearLayer.dense(fixed([[1, -1], [2, 1], [-1, 2], [0.5, -2]])),
    )


@cache
def with_biases() -> tuple[LinearLayer, ...]:
    """Three inputs, three hidden units, two scores; its biases switch units on and off."""
    return (
        LinearLayer.dense(fixed([[1, -2, 1], [-2, 1, 2], [1, 1.5, -1]]), fixed([-2.5, 4, 2])),
        LinearLayer.dense(fixed([[2, -1], [-1.5, 2], [1, 0.5]]), fixed([1, -6])),
    )


@cache
def square() -> tuple[LinearLayer, ...]:
    """Two inputs, twice two hidden units, two scores."""
    return (
        LinearLayer.dense(fixed([[2, -2], [1, 2]]), fixed([1, 3])),
        LinearLayer.dense(fixed([[2, 2], [2, -1]]), fixed([1, 2])),
        LinearLayer.dense(fixed([[1.5, 1], [-2, -1]]), fixed([-1, -1])),
    )


@cache
def picture_chain() -> tuple[LinearLayer, ...]:
    """Pictures (2, 2, 1), a convolution to (2, 1, 2), and a dense layer with two scores."""
    kernel = np.reshape([2, -1, -1, 2], (1, 2, 1, 2))
    weights = [[1, -1], [2, 1], [-1, 2], [3, -2]]
    return convolution_then_dense((2, 2, 1), (kernel, [1, -2]), (weights, [2, -1]))
