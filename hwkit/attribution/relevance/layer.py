"""A linear layer as rules of relevance see it: weights, bias, a way forward and a way back.

>>> layer = LinearLayer.dense(w, b)
>>> z = layer.forward(x, layer.w) + layer.b
>>> c = layer.backward(R / z, layer.w)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.attribution.relevance import linear_maps
from hwkit.attribution.relevance.forward import Forward
from hwkit.attribution.relevance.from_keras import network_of
from hwkit.attribution.relevance.linear_maps import Map
from hwkit.attribution.relevance.steps import Linear, Network, Pass, Route
from hwkit.network import cut

if TYPE_CHECKING:
    import keras

_CHAIN = (
    "Expected a chain of dense and convolution layers, with activations, padding or Flatten "
    "between them. Received: "
)


@dataclass(frozen=True, eq=False)
class LinearLayer:
    """A layer that computes z = forward(x, w) + b.

    Attributes:
        w: its weights, which cannot be written to: ``(inputs, outputs)`` of a dense layer,
            ``(height, width, in, out)`` of a convolution.
        b: its bias, which cannot be written to and broadcasts to the outputs; zeros where there is
            none.
        shape: of one input.
        name: in messages.
    """

    w: np.ndarray = field(repr=False)
    b: np.ndarray = field(repr=False)
    shape: tuple[int, ...]
    _map: Map = field(repr=False)
    name: str = "layer"

    def __post_init__(self) -> None:
        for name in ("w", "b"):  # rules make new weights of these and must not change them
            fixed = getattr(self, name).view()
            fixed.flags.writeable = False
            object.__setattr__(self, name, fixed)

    @classmethod
    def dense(cls, w: np.ndarray, b: np.ndarray | None = None) -> LinearLayer:
        """A dense layer.

        Args:
            w: ``(inputs, outputs)``.
            b: ``(outputs,)``.

        Raises:
            ValueError: another shape.
        """
        weights, bias = _weights_and_bias(w, b, 2, "(inputs, outputs)")
        return cls(weights, bias, weights.shape[:1], linear_maps.dense, "dense")

    @classmethod
    def convolution(
        cls,
        w: np.ndarray,
        b: np.ndarray | None = None,
        *,
        shape: Sequence[int],
        strides: int | tuple[int, int] = 1,
        padding: str = "valid",
    ) -> LinearLayer:
        """A convolution of pictures.

        Args:
            w: ``(height, width, in, out)``.
            b: ``(out,)``.
            shape: of one input, ``(height, width, in)``.
            strides: steps down and right, or one number for both.
            padding: "valid" (none) or "same".

        Raises:
            ValueError: another shape, or another padding.
        """
        weights, bias = _weights_and_bias(w, b, 4, "(height, width, in, out)")
        if len(shape) != 3 or shape[2] != weights.shape[2]:
            raise ValueError(
                f"Expected the shape of one input, (height, width, {weights.shape[2]}), as the "
                f"weights {weights.shape} take it. Received: {tuple(shape)}."
            )
        if padding not in ("valid", "same"):
            raise ValueError(f"Expected padding 'valid' or 'same'. Received: {padding!r}.")
        steps = (strides, strides) if isinstance(strides, int) else tuple(strides)
        apply = linear_maps.convolution(steps, padding)
        return cls(weights, bias, tuple(shape), apply, "convolution")

    @classmethod
    def of_step(cls, step: Linear, shape: Sequence[int]) -> LinearLayer:
        """The layer that a step of a network computes, whose inputs have this shape."""
        bias = step.bias
        if bias is None and step.weighted:
            outputs = np.prod([step.kernel.shape[axis] for axis in step.channels], dtype=int)
            bias = np.zeros(outputs, step.kernel.dtype)
        elif bias is None:
            bias = np.zeros_like(step.kernel)
        return cls(step.kernel, bias, tuple(shape), step.apply, step.name)

    def forward(self, x: np.ndarray, w: np.ndarray) -> np.ndarray:
        """What the layer makes of inputs and weights, without the bias; linear in both.

        Args:
            x: ``(n, *inputs)``.
            w: weights in the shape of the layer's own.

        Returns:
            ``(n, *outputs)``; float32, or float64 where one of the arguments is.

        Raises:
            ValueError: another shape.
        """
        x, w = self._arrays(x, w)
        if x.shape[1:] != self.shape:
            raise ValueError(
                f"Expected inputs of shape (n, {_sizes(self.shape)}) for '{self.name}'. Received: "
                f"{x.shape}."
            )
        return np.array(self._map(x, w))  # a tensor's own array cannot be written to

    def backward(self, s: np.ndarray, w: np.ndarray) -> np.ndarray:
        """The transposed of ``forward``: what outputs give back to the inputs.

        Of a dense layer this is ``s @ w.T``.

        Args:
            s: ``(n, *outputs)``.
            w: weights in the shape of the layer's own.

        Returns:
            ``(n, *inputs)``; float32, or float64 where one of the arguments is.

        Raises:
            ValueError: another shape.
        """
        import tensorflow as tf

        s, w = self._arrays(s, w)
        x = tf.zeros((len(s), *self.shape), w.dtype)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            z = self._map(x, w)
        if s.shape != z.shape:
            raise ValueError(
                f"Expected outputs of shape (n, {_sizes(z.shape[1:])}) for '{self.name}'. "
                f"Received: {s.shape}."
            )
        return np.array(tape.gradient(z, x, tf.constant(s)))

    def _arrays(self, values: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both as arrays of one floating type."""
        values, w = np.asarray(values), np.asarray(w)
        dtype = np.result_type(values, w, np.float32)
        values, w = values.astype(dtype, copy=False), w.astype(dtype, copy=False)
        if w.shape != self.w.shape:
            raise ValueError(
                f"Expected weights of shape {self.w.shape} for '{self.name}'. Received: {w.shape}."
            )
        if not values.ndim:
            raise ValueError(
                f"Expected an array with a row for each instance for '{self.name}'. Received: one "
                "number."
            )
        return values, w


def linear_layers(model: keras.Model) -> list[LinearLayer]:
    """The dense and convolution layers of a model, from the first to the last.

    Padding and Flatten are part of the layer that follows them: a dense layer behind a Flatten
    takes inputs ``(n, height, width, channels)``. Batch normalisation is part of the layer before
    it. Activations are not in the list, nor is a softmax at the end.

    Raises:
        ValueError: a model that is no chain of such layers; the first other layer is named.
    """
    import tensorflow as tf

    network = network_of(cut(model).tail)
    _require_chain(network)
    tensors = Forward(network)((tf.zeros((1, *model.inputs[0].shape[1:])),))
    found: list[LinearLayer] = []
    routes: list[Route] = []
    start = 0  # the number of the tensor that the next layer takes
    for step in network.steps:
        if isinstance(step, Linear):
            shape = tuple(tensors[start].shape[1:])
            found.append(LinearLayer.of_step(_after(routes, step), shape))
            routes = []
        if isinstance(step, Route):
            routes.append(step)
        elif not routes:
            start = step.target
        elif np.prod(tensors[start].shape) != np.prod(tensors[step.target].shape):
            raise ValueError(f"{_CHAIN}'{step.name}', an activation of what is padded or cropped.")
    if routes or not found:
        last = routes[-1].name if routes else "no such layer"
        raise ValueError(f"{_CHAIN}'{last}' at the end. End with a dense or convolution layer.")
    return found


def _require_chain(network: Network) -> None:
    """Refuse a network that is not linear layers with activations and padding between them."""
    last = 0
    for step in network.steps:
        if step.sources != (last,):
            raise ValueError(f"{_CHAIN}'{step.name}', where branches part or meet.")
        moves = isinstance(step, Route) and step.keeps_box
        if not (moves or isinstance(step, Pass) or (isinstance(step, Linear) and step.weighted)):
            kind = step.kind if isinstance(step, Linear) else "maximum pooling"
            raise ValueError(f"{_CHAIN}'{step.name}' ({kind}).")
        last = step.target


def _after(routes: Sequence[Route], step: Linear) -> Linear:
    """A linear step whose inputs are moved first."""
    moved = tuple(route.function for route in routes)
    if not moved:
        return step

    def apply(x: Any, kernel: Any) -> Any:
        for function in moved:
            x = function(x)
        return step.apply(x, kernel)

    return replace(step, apply=apply)


def _weights_and_bias(
    w: np.ndarray, b: np.ndarray | None, axes: int, layout: str
) -> tuple[np.ndarray, np.ndarray]:
    weights = np.asarray(w)
    weights = weights.astype(np.result_type(weights, np.float32), copy=False)
    if weights.ndim != axes:
        raise ValueError(f"Expected weights {layout}. Received: shape {weights.shape}.")
    bias = np.zeros(weights.shape[-1], weights.dtype) if b is None else np.asarray(b)
    if bias.shape != weights.shape[-1:]:
        raise ValueError(
            f"Expected a bias for each of the {weights.shape[-1]} outputs. Received: shape "
            f"{bias.shape}."
        )
    return weights, bias.astype(np.result_type(bias, np.float32), copy=False)


def _sizes(shape: Sequence[int]) -> str:
    return ", ".join(map(str, shape)) + ("," if not len(shape) else "")
