"""A Keras model of stock layers from the toolbox's layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.networks.toolbox.modules import (
    Convolution,
    Flatten,
    Linear,
    MaxPool,
    Module,
    Rect,
    Shape,
    SoftMax,
    SumPool,
    Tanh,
    input_shape_of,
    output_shapes,
)

if TYPE_CHECKING:
    import keras

_ACTIVATIONS = {Rect: "relu", Tanh: "tanh", SoftMax: "softmax"}
DTYPES = ("float32", "float64")


def to_keras(
    modules: Sequence[Module],
    input_shape: Shape | None = None,
    dtype: str = "float32",
    name: str | None = None,
) -> keras.Model:
    """The network as a functional Keras model, its output as the last layer leaves it.

    Activations are layers of their own. A SumPool, which divides by the square root of its
    window's size, becomes an AveragePooling2D and a Rescaling by that square root.

    Args:
        modules: the layers.
        input_shape: shape of one input; ``None`` where the first Linear tells it.
        dtype: "float32", to which the file's float64 numbers are rounded, or "float64".
        name: the model's name.

    Raises:
        ValueError: layers that do not fit together, an input shape that is missing, another dtype,
            or weights too large for float32.
    """
    shape = check(input_shape, dtype) or input_shape_of(modules)
    output_shapes(modules, shape)
    weights = _cast(modules, dtype)
    import keras

    inputs = outputs = keras.Input(shape, dtype=dtype, name="input")
    layers = []
    for number, module in enumerate(modules, 1):
        for layer in _layers(module, f"{type(module).__name__.lower()}_{number}", dtype):
            outputs = layer(outputs)
            layers.append(layer)
    model = keras.Model(inputs, outputs, name=name)
    for layer, values in zip((each for each in layers if each.weights), weights, strict=True):
        layer.set_weights(values)
    return model


def check(input_shape: Shape | None, dtype: str) -> Shape | None:
    """The shape of one input as a tuple of ints, where one is given.

    Raises:
        ValueError: no shape, or another dtype than those of ``to_keras``.
    """
    if dtype not in DTYPES:
        raise ValueError(f"Expected dtype 'float32' or 'float64'. Received: dtype={dtype!r}.")
    if input_shape is None:
        return None
    shape = tuple(input_shape)
    whole = all(isinstance(side, int | np.integer) and side > 0 for side in shape)
    if not shape or not whole:
        raise ValueError(
            "Expected the shape of one input in whole numbers, (m,) or (height, width, depth). "
            f"Received: input_shape={input_shape!r}."
        )
    return tuple(int(side) for side in shape)


def _cast(modules: Sequence[Module], dtype: str) -> list[list[np.ndarray]]:
    """Weights and biases of the layers that have them."""
    found = []
    for number, module in enumerate(modules, 1):
        if isinstance(module, Linear | Convolution):
            with np.errstate(over="ignore"):
                arrays = [each.astype(dtype) for each in (module.weights, module.bias)]
            if not all(np.isfinite(each).all() for each in arrays):
                raise ValueError(
                    f"layer {number} ({module.title}): its numbers are too large for {dtype}; "
                    'read it with dtype="float64"'
                )
            found.append(arrays)
    return found


def _layers(module: Module, name: str, dtype: str) -> list[keras.layers.Layer]:
    import keras

    named: dict[str, Any] = {"name": name, "dtype": dtype}
    last: dict[str, Any] = {"data_format": "channels_last"}
    match module:
        case Linear():
            return [keras.layers.Dense(module.weights.shape[1], **named)]
        case Convolution():
            height, width, _, filters = module.weights.shape
            size, steps = (height, width), module.stride
            return [keras.layers.Conv2D(filters, size, steps, **named, **last)]
        case MaxPool():
            return [keras.layers.MaxPooling2D(module.pool, module.stride, **named, **last)]
        case SumPool():
            average = keras.layers.AveragePooling2D(module.pool, module.stride, **named, **last)
            # numpy's square root: Keras rounds a Python float to float32, also in float64 models.
            scale = np.sqrt(module.pool[0] * module.pool[1])
            return [average, keras.layers.Rescaling(scale, name=f"{name}_scale", dtype=dtype)]
        case Flatten():
            return [keras.layers.Flatten(**named, **last)]
        case _:
            return [keras.layers.Activation(_ACTIVATIONS[type(module)], **named)]
