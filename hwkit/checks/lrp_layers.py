"""Linear layers so small that what their rules hand down can be written down."""

from __future__ import annotations

from functools import cache

import numpy as np

from hwkit.attribution.relevance.layer import LinearLayer
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
