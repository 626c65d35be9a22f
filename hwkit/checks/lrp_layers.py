"""Linear layers so small that what their rules hand down can be written down."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from hwkit.attribution.relevance.layer import LinearLayer, linear_layers
from hwkit.checks.tables import fixed


@cache
def vector_layer() -> LinearLayer:
    """Three inputs, four outputs."""
    w = [[1, -2, 3, 0.5], [2, 1, -1, 1], [-1, 3, 2, -2]]
    return LinearLayer.dense(fixed(w), fixed([1, -1, 3, 0.5]))


@cache
def picture_layer() -> LinearLayer:
    """Pictures (2, 3, 1), outputs (1, 2, 2)."""
    w = np.reshape([2, -1, 1, 3, -3, 1, -1, 2], (2, 2, 1, 2))
    return LinearLayer.convolution(fixed(w), fixed([1, -2]), shape=(2, 3, 1))


@cache
def colour_layer() -> LinearLayer:
    """Pictures of two channels (2, 2, 2), outputs (2, 1, 2)."""
    w = np.reshape([2, -1, -2, 3, 1, -3, 2, 1], (1, 2, 2, 2))
    return LinearLayer.convolution(fixed(w), fixed([2, -1]), shape=(2, 2, 2))


@cache
def one_sided_layer() -> LinearLayer:
    """Three inputs and five outputs, for inputs of 0 or more.

    What speaks for and against an output, in this order: only for; only against; neither; both;
    inputs for it, and its bias against it.
    """
    w = [[1, -2, 0, 2, 3], [2, -1, 0, -3, 1], [3, -1, 0, 1, 2]]
    return LinearLayer.dense(fixed(w), fixed([0, -1, 0, 1, -2]))


@cache
def picture_chain() -> tuple[LinearLayer, ...]:
    """Pictures (2, 3, 1), a convolution to (1, 2, 2), and a dense layer with two outputs."""
    kernel = np.reshape([2, -1, 1, 3, -3, 1, -1, 2], (2, 2, 1, 2))
    weights = [[1, -1], [2, 1], [-1, 2], [3, -2]]
    return convolution_then_dense((2, 3, 1), (kernel, [1, -2]), (weights, [2, -1]))


def convolution_then_dense(
    shape: tuple[int, int, int], convolution: tuple[Any, Any], dense: tuple[Any, Any]
) -> tuple[LinearLayer, ...]:
    """A convolution and a dense layer behind it.

    Args:
        shape: of one picture.
        convolution: weights ``(height, width, in, out)`` and bias of the first layer.
        dense: weights and bias of the second, which takes what the first gives in one row.
    """
    import keras

    kernel, weights = np.asarray(convolution[0]), np.asarray(dense[0])
    source = keras.Input(shape)
    hidden = keras.layers.Conv2D(kernel.shape[3], kernel.shape[:2], activation="relu")(source)
    scores = keras.layers.Dense(weights.shape[1])(keras.layers.Flatten()(hidden))
    model = keras.Model(source, scores)
    model.set_weights([np.asarray(each) for each in (*convolution, *dense)])
    return tuple(linear_layers(model))
