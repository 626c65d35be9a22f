"""What layers compute of inputs and weights, without bias: linear in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Map = Callable[[Any, Any], Any]


def dense(x: Any, kernel: Any) -> Any:
    """A dense layer: the last axis of ``x`` times the kernel ``(inputs, outputs)``."""
    import tensorflow as tf

    return tf.matmul(x, kernel) if len(x.shape) == 2 else tf.tensordot(x, kernel, 1)


def convolution(strides: Sequence[int], padding: str, dilation: int | Sequence[int] = 1) -> Map:
    """A convolution, channels last, of any number of axes; kernel ``(*sizes, in, out)``."""
    from keras import ops

    def apply(x: Any, kernel: Any) -> Any:
        return ops.conv(x, kernel, list(strides), padding, dilation_rate=dilation)

    return apply
