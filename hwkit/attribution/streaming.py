"""Gradients of a quantity at many points of a slice, streamed through one compiled function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.network import Cut, in_batches, nodes, signature
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# A gradient keeps every activation of the tail, about as much again on the way back, and the
# convolutions' workspace.
_COPIES_PER_ACTIVATION = 3
_SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
_LARGEST_BATCH = _SIZES[-1]  # beyond this a CPU's caches lose more than the call overhead gains


@dataclass(frozen=True)
class Stream:
    """The gradients of one quantity through one cut.

    Attributes:
        cut: the network, cut at the slice.
        quantity: what is differentiated.
        memory: bytes that the gradients of one batch may take, about.
        dtype: "float32", or "bfloat16" for the tail's arithmetic (its weights stay float32).
        after_batch: called after each batch of gradients with the number of its points; what it
            raises ends the work.
    """

    cut: Cut
    quantity: Quantity | FunctionQuantity
    memory: int
    dtype: str = "float32"
    after_batch: Callable[[int], None] | None = field(default=None, compare=False)

    @property
    def batch(self) -> int:
        """How many points fit into the memory at once; at least one."""
        tail = self.cut.tail
        numbers = sum(
            int(np.prod([size or 64 for size in t.shape[1:]])) for t in _activations(tail)
        )
        width = 2 if self.dtype == "bfloat16" else 4
        return max(
            1, min(_LARGEST_BATCH, self.memory // (numbers * width * _COPIES_PER_ACTIVATION))
        )

    def values(
        self, points: np.ndarray, instances: np.ndarray | None = None, batch: int | None = None
    ) -> np.ndarray:
        """The quantity at points ``(n, *slice)``: ``(n,)``, float32.

        ``batch`` points at once; ``None`` for as many as gradients could be taken of.
        """
        inputs = [instances, points] if self.cut.bypassed and instances is not None else points
        outputs = in_batches(self.cut.tail, inputs, batch or self.batch)
        if isinstance(self.quantity, Quantity):
            weighted = outputs * self.quantity.weights(outputs.shape[1:])
            return weighted.reshape(len(weighted), -1).sum(axis=1)
        return np.asarray(_one_each(self.quantity, outputs))

    def gradients(self, points: np.ndarray, instances: np.ndarray | None = None) -> np.ndarray:
        """Gradient of the quantity at every point ``(n, *slice)``, in the same shape, float32."""
        run = self._function("points")
        weights = self.weights()
        parts = []
        for flat, real in batches(len(points), self.batch):
            inputs = [points[flat]]
            if self.cut.bypassed:
                inputs.insert(0, _same_length(instances, points)[flat])
            found = run(weights, *(np.asarray(each, np.float32) for each in inputs))
            parts.append(np.asarray(found)[:real])
            self._tell(real)
        return np.concatenate(parts)

    def sums(
        self,
        start: np.ndarray,
        end: np.ndarray,
        positions: np.ndarray,
        factors: np.ndarray,
        instances: np.ndarray,
    ) -> Iterator[tuple[slice, np.ndarray, int]]:
        """Weighted sums of gradients along straight lines, in batches.

        Every line ``i`` runs from ``start[i]`` to ``end[i]`` (both ``(n, *slice)``) and has its
        points at the same ``positions`` ``(m,)``. Yields ``(lines, partial, points)``: ``partial``
        of shape ``(len(lines), k, *slice)`` is to be added to the sums of ``factors[j] * gradient``
        of these lines for the k rows of ``factors`` ``(k, m)``.
        """
        ### BEGIN SOLUTION influence: get_attributions
        run = self._function("line")
        weights = self.weights()
        lines, count = len(start), len(positions)
        for flat, real in batches(lines * count, self.batch):
            line, node = np.divmod(flat, count)
            chosen = slice(int(line[0]), int(line[-1]) + 1)
            bypass = [instances[chosen]] if self.cut.bypassed else []
            weighed = np.where(np.arange(len(flat)) < real, factors[:, node], 0)
            partial = run(
                weights,
                (line - line[0]).astype(np.int32),
                positions[node].astype(np.float32),
                weighed.T.astype(np.float32),
                np.int32(chosen.stop - chosen.start),
                *(np.asarray(each, np.float32) for each in (start[chosen], end[chosen], *bypass)),
            )
            yield chosen, np.asarray(partial, np.float64), real
            self._tell(real)
        ### END SOLUTION

    def _tell(self, points: int) -> None:
        if self.after_batch is not None:
            self.after_batch(points)

    def weights(self) -> np.ndarray:
        """Those of a linear quantity, to broadcast against the output; of another one none."""
        if isinstance(self.quantity, Quantity):
            return self.quantity.weights(tuple(self.cut.tail.outputs[0].shape[1:]))
        return np.zeros(0, np.float32)

    def _function(self, kind: str) -> Callable[..., tf.Tensor]:
        """The compiled gradient of the tail; linear quantities share one, which takes weights."""
        own = None if isinstance(self.quantity, Quantity) else self.quantity
        weights_shape = self.weights().shape
        key = (kind, own, self.dtype, len(weights_shape))
        if key not in self.cut.compiled:
            tail = self.cut.tail if self.dtype == "float32" else _in_precision(self.cut, self.dtype)
            gradient = _gradient(tail, own)
            compile_ = _compile_points if kind == "points" else _compile_line
            # A function of one's own may have conditions that TensorFlow must rewrite; ours do not.
            autograph = own is not None
            self.cut.compiled[key] = compile_(gradient, weights_shape, signature(tail), autograph)
        return self.cut.compiled[key]


def batches(count: int, largest: int) -> Iterator[tuple[np.ndarray, int]]:
    """The indices 0 to ``count - 1`` in batches of few different sizes.

    Every size that a network meets costs its kernels anew: milliseconds at first, and memory for
    good. So a rest of any size is filled up, by its last index, to a size of the form 2^k or
    3 * 2^k; or divided, where that leaves fewer over than it would take to fill it up.

    Yields:
        Indices, and how many of them count; the others are only there to fill up.
    """
    first = 0
    while first < count:
        rest = min(count - first, largest)
        sizes = [size for size in _SIZES if size < largest] + [largest]
        above = next(size for size in sizes if size >= rest)
        below = max(size for size in sizes if size <= rest)
        size = above if above - rest <= rest - below else below
        real = min(size, rest)
        yield np.minimum(np.arange(first, first + size), first + real - 1), real
        first += real


def _gradient(tail: keras.Model, own: FunctionQuantity | None) -> Callable[..., tf.Tensor]:
    import tensorflow as tf

    def gradient(weights: tf.Tensor, points: tf.Tensor, instances: tf.Tensor | None) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            output = tail(points if instances is None else [instances, points], training=False)
            output = tf.cast(output, tf.float32)
            # Points do not influence one another, so the gradient of the sum holds every point's
            # own gradient.
            total = tf.reduce_sum(output * weights if own is None else _one_each(own, output))
        return tape.gradient(total, points, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    return gradient


def _compile_points(
    gradient: Callable[..., tf.Tensor],
    weights_shape: tuple[int, ...],
    inputs: list[tf.TensorSpec],
    autograph: bool,
) -> Callable[..., tf.Tensor]:
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec(weights_shape), *inputs], autograph=autograph)
    def run(weights: tf.Tensor, *inputs: tf.Tensor) -> tf.Tensor:
        return gradient(weights, inputs[-1], inputs[0] if len(inputs) == 2 else None)

    return run


def _compile_line(
    gradient: Callable[..., tf.Tensor],
    weights_shape: tuple[int, ...],
    inputs: list[tf.TensorSpec],
    autograph: bool,
) -> Callable[..., tf.Tensor]:
    ### BEGIN SOLUTION influence: get_attributions
    import tensorflow as tf

    *bypass_spec, points_spec = inputs

    # Shapes are fixed but for the number of points and lines, so that every size of batch meets the
    # same trace.
    @tf.function(
        input_signature=[
            tf.TensorSpec(weights_shape),
            tf.TensorSpec([None], tf.int32),
            tf.TensorSpec([None]),
            tf.TensorSpec([None, None]),
            tf.TensorSpec([], tf.int32),
            points_spec,
            points_spec,
            *bypass_spec,
        ],
        autograph=autograph,
    )
    def run(
        weights: tf.Tensor,
        line: tf.Tensor,
        node: tf.Tensor,
        factors: tf.Tensor,
        lines: tf.Tensor,
        start: tf.Tensor,
        end: tf.Tensor,
        *bypass: tf.Tensor,
    ) -> tf.Tensor:
        count = tf.shape(line)[0]
        upright = tf.concat([tf.shape(node), tf.ones(tf.rank(start) - 1, tf.int32)], 0)
        along = tf.reshape(node, upright)
        points = tf.gather(start, line) + along * tf.gather(end - start, line)
        gradients = gradient(weights, points, tf.gather(bypass[0], line) if bypass else None)
        # One matrix product sums every line's points: rows are (line, factor), columns are points.
        rows = tf.one_hot(line, lines, axis=0)[:, tf.newaxis, :] * tf.transpose(factors)[tf.newaxis]
        sums = tf.reshape(rows, (-1, count)) @ tf.reshape(gradients, (count, -1))
        return tf.reshape(sums, tf.concat([[lines, tf.shape(factors)[1]], tf.shape(start)[1:]], 0))

    return run
    ### END SOLUTION


def _one_each(quantity: FunctionQuantity, outputs: Any) -> tf.Tensor:
    """An own quantity's values, checked to be one for each point.

    Raises:
        ValueError: the function returned another shape.
    """
    import tensorflow as tf

    values = tf.convert_to_tensor(quantity.function(outputs))
    if values.shape.rank != 1:
        raise ValueError(
            f"Expected the quantity '{quantity.name}' to return one number for each point, shape "
            f"(n,). Received: shape {tuple(values.shape)} for outputs of shape "
            f"{tuple(outputs.shape)}. Reduce all axes but the first."
        )
    return values


def _in_precision(cut: Cut, dtype: str) -> keras.Model:
    """A twin of the tail that computes in this precision, with float32 weights."""
    import keras

    def twin(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        return type(layer).from_config(config | {"dtype": f"mixed_{dtype}"})

    copy = keras.models.clone_model(cut.tail, clone_function=twin)
    copy.set_weights(cut.tail.get_weights())
    return copy


def _activations(model: keras.Model) -> list[keras.KerasTensor]:
    return [tensor for node in nodes(model.outputs) for tensor in node.output_tensors]


def _same_length(instances: np.ndarray | None, points: np.ndarray) -> np.ndarray:
    if instances is None:
        raise ValueError(
            "Expected the instances as well: branches lead around this slice, and what they carry "
            "is held at the instance. Received: only points. Pass instances=, one for each point, "
            "or one for all."
        )
    return np.broadcast_to(instances, (len(points), *instances.shape[1:]))
