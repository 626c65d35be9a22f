"""The steps of each kind of Keras layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from hwkit.attribution.relevance import linear_maps
from hwkit.attribution.relevance.building import Builder, refusal
from hwkit.attribution.relevance.steps import Add, Linear, Pass, Route

# Takes the builder, the layer, the numbers of the tensors that it reads and the node of its call;
# gives the number of the tensor that it makes. A step uses a layer's ``call`` where own rules may
# reach it: unlike the layer itself it keeps float64.
Handler = Callable[[Builder, Any, list[int], Any], int]


def _nothing(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    return sources[0]


def _route(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.step(Route, layer.name, sources, function=layer.call)


def _of_list(layer: Any) -> Callable[..., Any]:
    return lambda *tensors: layer(list(tensors))


def _concatenation(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.step(Route, layer.name, sources, function=_of_list(layer))


def _winner(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.step(Route, layer.name, sources, function=layer, keeps_box=False)


def _maximum(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    """Of tensors: a layer takes a list of them, ``keras.ops.maximum`` takes two."""
    given = node.arguments.args
    if not all(_is_symbolic(each) for each in given):
        raise refusal(layer, "takes the maximum of a tensor and a constant")
    function = _of_list(layer) if isinstance(given[0], (list, tuple)) else layer
    return builder.step(Route, layer.name, sources, function=function, keeps_box=False)


def _dense(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.linear(layer, sources, "dense", linear_maps.dense, np.asarray(layer.kernel))


def _conv(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    from keras import ops

    _channels_last(layer)
    causal = layer.padding == "causal"
    if causal:  # padded on the left only, before a convolution without padding
        before = layer.dilation_rate[0] * (layer.kernel_size[0] - 1)
        pad = partial(ops.pad, pad_width=[(0, 0), (before, 0), (0, 0)])
        sources = [builder.step(Route, layer.name, sources, function=pad)]
    padding = "valid" if causal else layer.padding
    apply = linear_maps.convolution(layer.strides, padding, layer.dilation_rate)
    return builder.linear(layer, sources, "conv", apply, np.asarray(layer.kernel))


def _depthwise(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    _channels_last(layer)
    return builder.linear(
        layer, sources, "conv", _depthwise_of(layer), np.asarray(layer.kernel), (-2, -1)
    )


def _depthwise_of(layer: Any) -> Callable[[Any, Any], Any]:
    from keras import ops

    return lambda x, kernel: ops.depthwise_conv(
        x, kernel, layer.strides, layer.padding, dilation_rate=layer.dilation_rate
    )


def _separable(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    from keras import ops

    _channels_last(layer)
    middle = builder.step(
        Linear,
        layer.name,
        sources,
        kind="conv",
        apply=_depthwise_of(layer),
        kernel=np.asarray(layer.depthwise_kernel),
    )

    def apply(x: Any, kernel: Any) -> Any:
        return ops.conv(x, kernel)

    return builder.linear(layer, [middle], "conv", apply, np.asarray(layer.pointwise_kernel))


def _transposed(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    from keras import ops

    _channels_last(layer)

    def apply(x: Any, kernel: Any) -> Any:
        return ops.conv_transpose(
            x,
            kernel,
            list(layer.strides),
            layer.padding,
            output_padding=layer.output_padding,
            dilation_rate=layer.dilation_rate,
        )

    return builder.linear(layer, sources, "conv", apply, np.asarray(layer.kernel), (-2,))


def _channels_last(layer: Any) -> None:
    if layer.data_format != "channels_last":
        raise refusal(layer, "has its channels first")


def _normalization(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]
    if axis not in (-1, len(node.input_tensors[0].shape) - 1):
        raise refusal(layer, f"normalises axis {axis}, not the last one")
    scale = 1 / np.sqrt(np.asarray(layer.moving_variance) + layer.epsilon)
    if layer.scale:
        scale = scale * np.asarray(layer.gamma)
    bias = -np.asarray(layer.moving_mean) * scale
    if layer.center:
        bias = bias + np.asarray(layer.beta)
    return builder.scale(layer, sources, scale, bias)


def _rescaling(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.scale(layer, sources, layer.scale, layer.offset)


def _arithmetic(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    """A sum of tensors, or a tensor and a constant."""
    kind = type(layer).__name__
    constants = [each for each in node.arguments.args if not _is_symbolic(each)]
    if not constants and kind == "Add":
        return builder.step(Add, layer.name, sources)
    if len(constants) != 1 or len(sources) != 1:
        reason = "combines tensors in another way than by adding them"
        raise refusal(layer, reason, sources=len(sources))
    value = np.asarray(constants[0], np.float32)
    first = _is_symbolic(node.arguments.args[0])
    scale_and_bias = {
        "Add": (1, value),
        "Subtract": (1, -value) if first else (-1, value),
        "Multiply": (value, 0),
        "Divide": (1 / value, 0) if first else None,
        "TrueDivide": (1 / value, 0) if first else None,
    }[kind]
    if scale_and_bias is None or value.ndim > 1:
        raise refusal(layer, "is not linear, or has a constant that is not one for each channel")
    return builder.scale(layer, sources, *scale_and_bias)


def _is_symbolic(value: Any) -> bool:
    import keras

    if isinstance(value, (list, tuple)):
        return any(isinstance(each, keras.KerasTensor) for each in value)
    return isinstance(value, keras.KerasTensor)


def _average(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    """Means, and what else is linear without weights of its own.

    Of a window of fixed size: a sum, times one over the size, which is the kernel.
    """
    size = int(np.prod(getattr(layer, "pool_size", 1)))
    return builder.step(
        Linear,
        layer.name,
        sources,
        kind="pool",
        apply=lambda x, kernel: layer.call(x) * (kernel * size),
        kernel=np.asarray(1 / size, np.float32),
    )


def _activation(builder: Builder, layer: Any, sources: list[int], node: Any) -> int:
    if type(layer).__name__ == "Activation":
        return builder.activation(layer, layer.activation, sources)
    never = type(layer).__name__ == "ReLU" and not layer.negative_slope
    return builder.step(
        Pass,
        layer.name,
        sources,
        function=layer,
        nonnegative=True if never else None,
        rectifies=never and not layer.threshold,
    )


_NOTHING = (
    "Dropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
    "ActivityRegularization",
    "Identity",
    "InputLayer",
)
_ROUTES = (
    "Flatten",
    "Reshape",
    "Permute",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "Cropping1D",
    "Cropping2D",
)
_WINNERS = ("MaxPooling1D", "MaxPooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D")
_AVERAGES = (
    "AveragePooling1D",
    "AveragePooling2D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "UpSampling1D",
    "UpSampling2D",
)
HANDLERS: dict[str, Handler] = {
    "Dense": _dense,
    "VariationalDense": _dense,  # that of the means (hwkit.networks.variational_dense)
    "DepthwiseConv1D": _depthwise,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv1D": _separable,
    "SeparableConv2D": _separable,
    "Conv1DTranspose": _transposed,
    "Conv2DTranspose": _transposed,
    "BatchNormalization": _normalization,
    "Rescaling": _rescaling,
    "Concatenate": _concatenation,
    "Maximum": _maximum,
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _conv),
    **dict.fromkeys(("Activation", "ReLU", "LeakyReLU", "ELU", "PReLU"), _activation),
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Divide", "TrueDivide"), _arithmetic),
    **dict.fromkeys(_NOTHING, _nothing),
    **dict.fromkeys(_ROUTES, _route),
    **dict.fromkeys(_WINNERS, _winner),
    **dict.fromkeys(_AVERAGES, _average),
}
