"""A Keras model as steps of relevance propagation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.attribution.relevance import linear_maps
from hwkit.attribution.relevance.merging import merged
from hwkit.attribution.relevance.steps import Add, Linear, Network, Pass, Route, Step

if TYPE_CHECKING:
    import keras

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
    "Concatenate",
)
_WINNERS = ("MaxPooling1D", "MaxPooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D")
_POOLS = (
    "AveragePooling1D",
    "AveragePooling2D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "UpSampling1D",
    "UpSampling2D",
)
_CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D")
_ACTIVATIONS = ("Activation", "ReLU", "LeakyReLU", "ELU", "PReLU")
# Functions of each number by itself, and whether what they give is never negative.
_FUNCTIONS: dict[str, bool | None] = {
    "linear": None,
    "relu": True,
    "relu6": True,
    "sigmoid": True,
    "hard_sigmoid": True,
    "softplus": True,
    "leaky_relu": None,
    "elu": None,
    "selu": None,
    "gelu": None,
    "silu": None,
    "tanh": None,
    "softsign": None,
}
_Handler = Callable[["_Builder", Any, list[int], Any], int]


def network_of(model: keras.Model, pass_through: Sequence[str] = ()) -> Network:
    """The steps of a model whose output is linear.

    Batch normalisation becomes part of the linear layer before it, where that feeds nothing else;
    elsewhere it scales each channel by itself.

    Args:
        model: functional or Sequential, with one output.
        pass_through: names of layers, or of their classes, that relevance is to pass unchanged.

    Raises:
        ValueError: a layer that relevance cannot be propagated through.
    """
    builder = _Builder(len(model.inputs), frozenset(pass_through))
    output = builder.add_model(model, list(range(len(model.inputs))))
    return merged(Network(len(model.inputs), tuple(builder.steps), output))


class _Builder:
    """Gathers steps, layer by layer."""

    def __init__(self, inputs: int, pass_through: frozenset[str]) -> None:
        self.steps: list[Step] = []
        self._count = inputs
        self._pass_through = pass_through

    def new(self) -> int:
        self._count += 1
        return self._count - 1

    def add_model(self, model: Any, sources: list[int]) -> int:
        """The steps of a model, also of one that is a layer of another one."""
        numbers = {id(t): n for t, n in zip(model.inputs, sources, strict=True)}
        for node in in_order(model):
            inputs = [numbers[id(tensor)] for tensor in node.input_tensors]
            if len(node.output_tensors) != 1:
                raise refusal(node.operation, "has several outputs")
            numbers[id(node.output_tensors[0])] = self._add(node, inputs)
        return numbers[id(model.outputs[0])]

    def _add(self, node: Any, sources: list[int]) -> int:
        layer = node.operation
        kind = type(layer).__name__
        if {layer.name, kind} & self._pass_through:
            return self.step(Pass, layer.name, sources, function=layer)
        if hasattr(layer, "outputs") and hasattr(layer, "layers"):
            return self.add_model(layer, sources)
        if kind in _NOTHING:
            return sources[0]
        if kind in _ROUTES or kind in _WINNERS:
            function = _joined(layer) if kind == "Concatenate" else layer
            return self.step(
                Route, layer.name, sources, function=function, keeps_box=kind in _ROUTES
            )
        if kind not in _HANDLERS:
            raise refusal(layer, f"is of a kind ({kind}) without a rule")
        return _HANDLERS[kind](self, layer, sources, node)

    def step(self, made: type[Step], name: str, sources: list[int], /, **traits: Any) -> int:
        """Append a step; the number of the tensor that it makes."""
        target = self.new()
        self.steps.append(made(name, tuple(sources), target, **traits))
        return target

    def linear(
        self,
        layer: Any,
        sources: list[int],
        kind: str,
        apply: Any,
        kernel: Any,
        channels: tuple[int, ...] = (-1,),
    ) -> int:
        """A layer with kernel and bias, and its activation."""
        bias = np.asarray(layer.bias) if getattr(layer, "use_bias", False) else None
        target = self.step(
            Linear,
            layer.name,
            sources,
            kind=kind,
            apply=apply,
            kernel=kernel,
            bias=bias,
            channels=channels,
        )
        return self.activation(layer, layer.activation, [target])

    def activation(self, layer: Any, function: Any, sources: list[int]) -> int:
        """An activation function; relevance passes it."""
        name = getattr(function, "__name__", type(function).__name__)
        if function is None or name == "linear":
            return sources[0]
        if name not in _FUNCTIONS:
            raise refusal(layer, f"has the activation {name}, which mixes numbers or is not known")
        return self.step(
            Pass,
            layer.name,
            sources,
            function=function,
            nonnegative=_FUNCTIONS[name],
            rectifies=name in ("relu", "relu6"),
        )


def in_order(model: Any) -> Iterator[Any]:
    """Every call of a layer between a model's inputs and its output, in the forward order."""
    known = {id(tensor) for tensor in model.inputs}
    waiting = [model.outputs[0]]
    while waiting:
        tensor = waiting[-1]
        history = tensor._keras_history
        node = history.operation._inbound_nodes[history.node_index]
        missing = [each for each in node.input_tensors if id(each) not in known]
        if id(tensor) in known:
            waiting.pop()
        elif missing:
            waiting.extend(missing)
        else:
            known |= {id(each) for each in node.output_tensors}
            waiting.pop()
            yield node


def refusal(layer: Any, reason: str) -> ValueError:
    """The error for a layer that relevance cannot be propagated through."""
    return ValueError(
        f"Expected layers that relevance can be propagated through. Received: '{layer.name}' "
        f"({type(layer).__name__}), which {reason}. If relevance may pass it unchanged, as it does "
        f"activations, say pass_through=['{layer.name}']; otherwise explain a slice behind it: "
        "for_layer(...)."
    )


def _joined(layer: Any) -> Callable[..., Any]:
    return lambda *tensors: layer(list(tensors))


def _dense(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.linear(layer, sources, "dense", linear_maps.dense, np.asarray(layer.kernel))


def _conv(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
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


def _depthwise(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
    _channels_last(layer)
    return builder.linear(
        layer, sources, "conv", _depthwise_of(layer), np.asarray(layer.kernel), (-2, -1)
    )


def _depthwise_of(layer: Any) -> Callable[[Any, Any], Any]:
    from keras import ops

    return lambda x, kernel: ops.depthwise_conv(
        x, kernel, layer.strides, layer.padding, dilation_rate=layer.dilation_rate
    )


def _separable(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
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


def _transposed(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
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


def _normalization(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
    axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]
    if axis not in (-1, len(node.input_tensors[0].shape) - 1):
        raise refusal(layer, f"normalises axis {axis}, not the last one")
    scale = 1 / np.sqrt(np.asarray(layer.moving_variance) + layer.epsilon)
    if layer.scale:
        scale = scale * np.asarray(layer.gamma)
    bias = -np.asarray(layer.moving_mean) * scale
    if layer.center:
        bias = bias + np.asarray(layer.beta)
    return _scaled(builder, layer, sources, scale, bias)


def _rescaling(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
    return _scaled(builder, layer, sources, layer.scale, layer.offset)


def _scaled(builder: _Builder, layer: Any, sources: list[int], scale: Any, bias: Any) -> int:
    bias = np.asarray(bias, np.float32)
    return builder.step(
        Linear,
        layer.name,
        sources,
        kind="scale",
        kernel=np.asarray(scale, np.float32),
        bias=bias if bias.any() else None,
    )


def _arithmetic(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
    """A sum of tensors, or a tensor and a constant."""
    kind = type(layer).__name__
    constants = [each for each in node.arguments.args if not _is_symbolic(each)]
    if not constants and kind == "Add":
        return builder.step(Add, layer.name, sources)
    if len(constants) != 1 or len(sources) != 1:
        raise refusal(layer, "combines tensors in another way than by adding them")
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
    return _scaled(builder, layer, sources, *scale_and_bias)


def _is_symbolic(value: Any) -> bool:
    import keras

    if isinstance(value, (list, tuple)):
        return any(isinstance(each, keras.KerasTensor) for each in value)
    return isinstance(value, keras.KerasTensor)


def _average(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
    return builder.step(
        Linear,
        layer.name,
        sources,
        kind="pool",
        apply=lambda x, kernel: layer(x) * kernel,
        kernel=np.ones((), np.float32),
    )


def _activation(builder: _Builder, layer: Any, sources: list[int], node: Any) -> int:
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


_HANDLERS: dict[str, _Handler] = {
    "Dense": _dense,
    "DepthwiseConv1D": _depthwise,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv1D": _separable,
    "SeparableConv2D": _separable,
    "Conv1DTranspose": _transposed,
    "Conv2DTranspose": _transposed,
    "BatchNormalization": _normalization,
    "Rescaling": _rescaling,
    **dict.fromkeys(_CONVOLUTIONS, _conv),
    **dict.fromkeys(_POOLS, _average),
    **dict.fromkeys(_ACTIVATIONS, _activation),
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Divide", "TrueDivide"), _arithmetic),
}
