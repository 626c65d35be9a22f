"""The toolbox's layers from a Keras model that is a chain of layers which the toolbox has."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.network import nodes
from hwkit.networks.toolbox.modules import (
    Convolution,
    Flatten,
    Linear,
    MaxPool,
    Module,
    Rect,
    SoftMax,
    SumPool,
    Tanh,
)

if TYPE_CHECKING:
    import keras

_ACTIVATIONS: dict[str, list[Module]] = {
    "linear": [],
    "relu": [Rect()],
    "tanh": [Tanh()],
    "softmax": [SoftMax()],
}
# Layers that do nothing when a network predicts.
_SILENT = ("InputLayer", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout")
_MERGE = "fold it into the layer before it"


def from_keras(model: keras.Model) -> list[Module]:
    """The layers of a model, as the toolbox has them.

    Written are Dense, Conv2D and MaxPooling2D without padding, AveragePooling2D with the Rescaling
    by the square root of its window's size right after it (a SumPool), Flatten, relu, tanh and
    softmax, as layers or as a layer's activation. Layers for training only (Dropout) are left out.

    Raises:
        TypeError: no Keras model.
        ValueError: a model that is not built or no chain, or a layer that the toolbox does not
            have; names the layer and the way out.
    """
    modules: list[Module] = []
    pool: Any = None  # an AveragePooling2D whose Rescaling comes next
    for layer, rank in _chain(model):
        if pool is not None:
            modules.append(_sum_pool(pool, layer))
            pool = None
        elif type(layer).__name__ == "AveragePooling2D":
            pool = layer
        elif type(layer).__name__ not in _SILENT:
            found = _modules(layer)
            if rank != 2 and any(isinstance(each, Linear | SoftMax) for each in found):
                raise _refusal(layer, "the toolbox has it for rows of numbers; put Flatten before")
            modules += found
    if pool is not None:
        modules.append(_sum_pool(pool, None))
    return modules


def _chain(model: keras.Model) -> list[tuple[Any, int]]:
    """The model's layers from the input to the output, each with the rank of its output."""
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"Expected a Keras model. Received: {type(model).__name__}.")
    try:
        outputs = list(model.outputs)
    except (AttributeError, TypeError):  # a subclassed model, or a Sequential that is not built
        outputs = []
    if len(outputs) != 1:
        raise ValueError(
            f"Expected a built functional or Sequential model with one output. Received: "
            f"'{model.name}' with {len(outputs)}. Call it once on data, or build one model for "
            "each output."
        )
    found = list(nodes(outputs))
    for node in found:
        if len(node.input_tensors) > 1:
            raise ValueError(
                f"Expected a chain of layers. Received: '{node.operation.name}' in '{model.name}' "
                "joins several branches, for which the toolbox has no layer. Write a model "
                "without branches."
            )
    return [(node.operation, len(node.output_tensors[0].shape)) for node in reversed(found)]


def _modules(layer: Any) -> list[Module]:
    import keras

    kinds: dict[type, Callable[[Any], list[Module]]] = {
        keras.layers.Dense: _dense,
        keras.layers.Conv2D: _convolution,
        keras.layers.MaxPooling2D: _max_pool,
        keras.layers.Flatten: _flatten,
        keras.layers.Activation: _activation,
        keras.layers.ReLU: _relu,
        keras.layers.Softmax: _softmax,
    }
    kind = kinds.get(type(layer))
    if kind is None:
        ways = {
            keras.layers.BatchNormalization: _MERGE,
            keras.layers.Rescaling: _MERGE,
            keras.layers.GlobalAveragePooling2D: "use AveragePooling2D, Rescaling and Flatten",
            keras.layers.Reshape: "use Flatten",
        }
        names = ", ".join(each.__name__ for each in (*kinds, keras.layers.AveragePooling2D))
        raise _refusal(
            layer, f"the toolbox has no such layer; {ways.get(type(layer), f'use {names}')}"
        )
    return kind(layer)


def _dense(layer: Any) -> list[Module]:
    return [Linear(*_weights(layer)), *_activation(layer)]


def _convolution(layer: Any) -> list[Module]:
    _require_window(layer)
    _require(layer, layer.groups == 1, "use groups=1")
    _require(layer, tuple(layer.dilation_rate) == (1, 1), "use dilation_rate=1")
    stride = (int(layer.strides[0]), int(layer.strides[1]))
    return [Convolution(*_weights(layer), stride), *_activation(layer)]


def _max_pool(layer: Any) -> list[Module]:
    return [MaxPool(*_window(layer))]


def _sum_pool(pool: Any, after: Any) -> Module:
    size, stride = _window(pool)
    scale = math.sqrt(size[0] * size[1])
    fits = (
        type(after).__name__ == "Rescaling"
        and np.ndim(after.scale) == 0
        and np.ndim(after.offset) == 0
        and math.isclose(after.scale, scale, rel_tol=1e-7)
        and after.offset == 0
    )
    _require(
        pool,
        fits,
        "the toolbox has only the sum divided by the square root of the window's size: put "
        f"Rescaling({scale!r}) right after it, and divide the weights that follow by {scale:g}",
    )
    return SumPool(size, stride)


def _window(layer: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    _require_window(layer)
    height, width = layer.pool_size
    down, right = layer.strides
    return (int(height), int(width)), (int(down), int(right))


def _flatten(layer: Any) -> list[Module]:
    _require(layer, layer.data_format == "channels_last", 'use data_format="channels_last"')
    return [Flatten()]


def _activation(layer: Any) -> list[Module]:
    import keras

    name = getattr(layer.activation, "__name__", type(layer.activation).__name__)
    known = name in _ACTIVATIONS and layer.activation is keras.activations.get(name)
    _require(layer, known, f"activation '{name}': the toolbox has only relu, tanh and softmax")
    return _ACTIVATIONS[name]


def _relu(layer: Any) -> list[Module]:
    plain = layer.max_value is None and not layer.negative_slope and not layer.threshold
    _require(layer, plain, "the toolbox has only the plain rectifier: ReLU()")
    return [Rect()]


def _softmax(layer: Any) -> list[Module]:
    _require(layer, layer.axis in (-1, 1), "use axis=-1")
    return [SoftMax()]


def _require_window(layer: Any) -> None:
    _require(layer, layer.padding == "valid", 'the toolbox does not pad; use padding="valid"')
    _require(layer, layer.data_format == "channels_last", 'use data_format="channels_last"')


def _weights(layer: Any) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias as float64, which holds every number of the smaller types exactly."""
    plain = not getattr(layer, "lora_enabled", False) and not getattr(layer, "quantization_mode", 0)
    _require(layer, plain, "its weights are quantized or have a LoRA part; write the model before")
    arrays = [np.asarray(each).astype(np.float64) for each in layer.get_weights()]
    for each in arrays:
        if not np.isfinite(each).all():
            raise _refusal(layer, "it holds weights that are NaN or infinite; train it again")
    weights = arrays[0]
    return weights, arrays[1] if layer.use_bias else np.zeros(weights.shape[-1])


def _require(layer: Any, fits: bool, way_out: str) -> None:
    if not fits:
        raise _refusal(layer, way_out)


def _refusal(layer: Any, why: str) -> ValueError:
    return ValueError(
        f"The layer '{layer.name}' ({type(layer).__name__}) cannot be written for the toolbox: "
        f"{why}."
    )
