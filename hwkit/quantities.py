"""Quantities of interest: what number about a network is explained (Leino et al. 2018, 2.1).

A quantity reads the tail's output ``(n, *output)`` and gives one number for each of the n points.
Most are linear in the output; those say so by their weights, so that one compiled gradient serves
all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Quantity:
    """A linear quantity: the sum of ``weights * output`` over one layer's output.

    Attributes:
        terms: pairs of an index into the output's last axis and its factor.
        layer: the layer whose output is read; ``None`` for the network's linear output.
        name: in words, for titles.
        focus: how much each place of the output's map counts, ``(h, w)``; ``None``: all the same.
    """

    terms: tuple[tuple[int, float], ...]
    layer: str | int | None = None
    name: str = ""
    focus: np.ndarray | None = field(default=None, compare=False, repr=False)

    def weights(self, shape: tuple[int, ...]) -> np.ndarray:
        """The factors, float32, to broadcast against an output of this shape ``(*output)``.

        Raises:
            ValueError: an index that the output does not have, or a focus of another shape.
        """
        weights = np.zeros(shape[-1], np.float32)
        for index, factor in self.terms:
            if not 0 <= index < shape[-1]:
                raise ValueError(
                    f"Expected an index from 0 to {shape[-1] - 1}: the output has {shape[-1]}. "
                    f"Received: {index} in the quantity '{self.name}'."
                )
            weights[index] += factor
        if self.focus is None:
            return weights
        focus = np.asarray(self.focus, np.float32)
        if focus.shape != shape[:-1]:
            raise ValueError(
                f"Expected a focus of the shape of the map, {shape[:-1]}. Received: {focus.shape}."
            )
        return focus[..., np.newaxis] * weights


@dataclass(frozen=True)
class FunctionQuantity:
    """Any differentiable quantity.

    Attributes:
        function: maps a TensorFlow tensor ``(n, *output)`` to ``(n,)``.
        layer: the layer whose output it reads; ``None`` for the network's linear output.
        name: in words, for titles.
    """

    function: Callable[[Any], Any]
    layer: str | int | None = None
    name: str = "own quantity"


def absolute(index: int) -> Quantity:
    """The score of one class: Q = f_c."""
    index = _index(index, "class")
    ### BEGIN SOLUTION influence: absolute
    return Quantity(((index, 1.0),), name=f"class {index}")
    ### END SOLUTION


def comparative(index: int, versus: int) -> Quantity:
    """How much more one class scores than another: Q = f_c1 - f_c2."""
    index, versus = _index(index, "class"), _index(versus, "class")
    if index == versus:
        raise ValueError(
            f"Expected two different classes. Received: {index} twice, whose difference is always "
            "zero."
        )
    ### BEGIN SOLUTION influence: comparative
    return Quantity(((index, 1.0), (versus, -1.0)), name=f"class {index} minus class {versus}")
    ### END SOLUTION


def predicted() -> FunctionQuantity:
    """The score of the class that the network says, of each instance its own: Q = max_c f_c.

    Methods that follow a path meet the highest score at each point of it.
    """
    return FunctionQuantity(_highest, name="predicted class")


def _highest(output: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_max(tf.reshape(output, (tf.shape(output)[0], -1)), axis=1)


def probability(index: int) -> FunctionQuantity:
    """The probability of one class, the softmax of all scores: what the original LIME explains.

    It falls when another class rises, and where it is near 1 nothing seems to matter; ``absolute``
    has neither of these.
    """
    index = _index(index, "class")
    return FunctionQuantity(_probability_of(index), name=f"probability of class {index}")


@cache
def _probability_of(index: int) -> Callable[[Any], Any]:
    def probability(output: Any) -> Any:
        import tensorflow as tf

        if not 0 <= index < output.shape[-1]:
            raise ValueError(
                f"Expected a class from 0 to {output.shape[-1] - 1}: the output has "
                f"{output.shape[-1]}. Received: {index}."
            )
        return tf.nn.softmax(output, axis=-1)[..., index]

    return probability


def weighted(factors: Sequence[float] | np.ndarray) -> Quantity:
    """Any sum of scores: Q = sum_c factors_c f_c.

    Raises:
        ValueError: not one finite number for each class.
    """
    array = np.asarray(factors, np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(
            "Expected one finite factor for each class, (classes,). Received: shape "
            f"{array.shape}{'' if np.isfinite(array).all() else ' with NaN or infinity'}."
        )
    return Quantity(tuple(enumerate(array.tolist())), name="weighted scores")


def channel(layer: str | int, index: int, focus: np.ndarray | None = None) -> Quantity:
    """The activation of a channel ("neuron" of a convolution layer), summed over its map.

    With ``focus`` ``(h, w)``, the places count as much as it says: with the channel's attribution
    map for a question, the quantity is what the channel does *for that question*.
    """
    index = _index(index, "channel")
    return Quantity(((index, 1.0),), layer=layer, name=f"{layer} channel {index}", focus=focus)


def channel_maximum(layer: str | int, index: int) -> FunctionQuantity:
    """The largest activation in a channel's map."""
    index = _index(index, "channel")
    return FunctionQuantity(_largest_of(index), layer, f"{layer} channel {index}, maximum")


@cache  # equal quantities must be equal objects, so that their compiled gradient is found again
def _largest_of(index: int) -> Callable[[Any], Any]:
    def largest(output: Any) -> Any:
        import tensorflow as tf

        return tf.reduce_max(tf.reshape(output[..., index], (tf.shape(output)[0], -1)), axis=1)

    return largest


def _index(index: int, what: str) -> int:
    if isinstance(index, bool) or not isinstance(index, (int, np.integer)):
        raise TypeError(
            f"Expected the index of a {what}, a whole number. Received: {index!r} "
            f"({type(index).__name__}). world.index('name') gives the index of a class by its name."
        )
    return int(index)
