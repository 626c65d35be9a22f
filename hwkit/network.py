"""Cut a Keras model at a layer, into a head (input to slice) and a tail (slice to output).

Influence-directed explanations (Leino et al. 2018, section 2) see a network f as g(h(x)): h
computes the slice and g the rest. Gradients are taken through the tail only, so that explaining a
slice never costs a pass down to the pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_PAPER_CONVOLUTION = re.compile(r"conv(\d+)_(\d+)$")
_PAPER_NAMES = {"fc6": "fc1", "fc7": "fc2", "fc8": "predictions"} | {
    f"pool{block}": f"block{block}_pool" for block in range(1, 6)
}
_PROBABILITIES = {"softmax", "sigmoid", "logsoftmax", "logsigmoid", "hardsigmoid", "sparsemax"}


@dataclass(frozen=True)
class Cut:
    """A network cut at a slice.

    Attributes:
        layer: name of the layer whose output is the slice; ``None`` when the slice is the input
            itself.
        stop: name of the layer whose output the tail computes; ``None`` for the network's (linear)
            output.
        head: model from instances ``(n, *input)`` to the slice ``(n, *slice)``; ``None`` when the
            slice is the input.
        tail: model from the slice to the output ``(n, *output)``. Where other branches lead around
            the slice (``bypassed``), it takes ``[instances, slice]`` instead, and what they carry
            is held at the instance.
        compiled: gradients of the tail that were compiled already, by quantity (see
            ``attribution.streaming``).
    """

    layer: str | None
    stop: str | None
    head: keras.Model | None
    tail: keras.Model
    bypassed: bool
    compiled: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def instance_shape(self) -> tuple[int | None, ...]:
        """Shape of one instance, without the batch axis."""
        model = self.tail if self.head is None else self.head
        return tuple(model.inputs[0].shape[1:])

    @property
    def slice_shape(self) -> tuple[int | None, ...]:
        """Shape of the slice, without the batch axis."""
        return tuple(self.tail.inputs[-1].shape[1:])

    def activations(self, instances: np.ndarray, batch: int = 32) -> np.ndarray:
        """The slice of a batch of instances, ``(n, *slice)``, float32."""
        instances = np.asarray(instances, np.float32)
        return instances if self.head is None else in_batches(self.head, instances, batch)


def in_batches(
    model: keras.Model, arrays: np.ndarray | list[np.ndarray], batch: int = 32
) -> np.ndarray:
    """The model's output for many inputs, ``batch`` at a time, as one float32 array.

    Unlike ``model.predict`` it neither prints nor compiles anything for a training loop.
    """
    import tensorflow as tf

    several = isinstance(arrays, list)
    inputs = arrays if several else [arrays]
    run = getattr(model, "_hwkit_forward", None)
    if run is None:
        run = tf.function(
            lambda *x: model(list(x) if len(x) > 1 else x[0], training=False),
            input_signature=signature(model),
            autograph=False,  # there is nothing for it to rewrite
        )
        model._hwkit_forward = run
    parts = [
        np.asarray(
            run(*(np.asarray(array[start : start + batch], np.float32) for array in inputs)),
            np.float32,
        )
        for start in range(0, len(inputs[0]), batch)
    ]
    if not parts:
        raise ValueError(
            "Expected at least one instance. Received an empty array: give one or more."
        )
    return np.concatenate(parts)


def signature(model: keras.Model) -> list[tf.TensorSpec]:
    """The model's inputs as TensorFlow specifications, for batches of any size."""
    import tensorflow as tf

    return [tf.TensorSpec([None, *tensor.shape[1:]], tf.float32) for tensor in model.inputs]


def cut(model: keras.Model, layer: str | int | None = None, stop: str | int | None = None) -> Cut:
    """Cut a model at the output of ``layer`` (``None``: its input), up to the output of ``stop``.

    Args:
        model: a built functional or Sequential model with one input and one output.
        layer: layer name ("block4_conv1"), the name it has in the VGG paper ("conv4_1") or its
            index in ``model.layers``.
        stop: the same for the layer that the tail ends with; ``None`` for the network's linear
            output (a softmax is replaced by its logits, see ``linear_output``).

    Raises:
        ValueError: unknown, shared or many-output layer; several inputs; a slice that the tail does
            not depend on.
    """
    import keras

    _require_one_input(model)
    source = model.inputs[0]
    target = None if stop is None else layer_output(model, stop)
    if target is None or (len(model.outputs) == 1 and target is model.outputs[0]):
        target = linear_output(model)
    stop_name = None if stop is None else find_layer(model, stop).name
    if layer is None:
        return Cut(None, stop_name, None, keras.Model(source, target), bypassed=False)
    name = find_layer(model, layer).name
    middle = layer_output(model, name)
    reached = _sources(target, blocked=middle)
    if id(middle) not in reached:
        raise ValueError(
            f"Expected a slice that comes before '{stop_name or 'the output'}' of '{model.name}'. "
            f"Received: layer='{name}', which does not lead there. Choose an earlier layer."
        )
    bypassed = id(source) in reached
    if middle is source:
        return Cut(name, stop_name, None, keras.Model(source, target), bypassed=False)
    if middle is target:  # nothing is left to compute, which keras.Model does not allow
        target = keras.layers.Identity()(middle)
    tail = keras.Model([source, middle] if bypassed else middle, target)
    return Cut(name, stop_name, keras.Model(source, middle), tail, bypassed)


def find_layer(model: keras.Model, layer: str | int) -> keras.layers.Layer:
    """The layer with this name, name in the VGG paper or index in ``model.layers``.

    The paper's names are "conv4_1", "pool5", "fc6" and the like.

    Raises:
        ValueError: no such layer; near names are listed. TypeError: neither a name nor an index.
    """
    if isinstance(layer, (int, np.integer)) and not isinstance(layer, bool):
        if not -len(model.layers) <= layer < len(model.layers):
            raise ValueError(
                f"Expected a layer index from 0 to {len(model.layers) - 1} for '{model.name}'. "
                f"Received: {layer}."
            )
        return model.layers[int(layer)]
    if not isinstance(layer, str):
        raise TypeError(
            f"Expected a layer's name or index. Received: {layer!r} ({type(layer).__name__})."
        )
    by_name = {each.name: each for each in model.layers}
    paper = _PAPER_CONVOLUTION.match(layer)
    alias = f"block{paper[1]}_conv{paper[2]}" if paper else _PAPER_NAMES.get(layer, layer)
    for name in (layer, alias):
        if name in by_name:
            return by_name[name]
    near = get_close_matches(layer, by_name, n=3, cutoff=0.5) or list(by_name)[:12]
    raise ValueError(
        f"Expected the name of a layer of '{model.name}'. Received: '{layer}'. "
        f"Did you mean {', '.join(near)}? [layer.name for layer in model.layers] lists all."
    )


def layer_output(model: keras.Model, layer: str | int) -> keras.KerasTensor:
    """The one symbolic output of a layer inside this model.

    Raises:
        ValueError: the layer is used more than once in the model (shared), or has several outputs.
    """
    found = find_layer(model, layer)
    outputs = {id(node): node for node in nodes(model.outputs) if node.operation is found}
    if len(outputs) != 1:
        raise ValueError(
            f"Expected a layer that '{model.name}' uses once. Received: '{found.name}', used "
            f"{len(outputs)} times, so that its output has no single meaning. Choose the layer "
            "after the place that you mean."
        )
    (node,) = outputs.values()
    if len(node.output_tensors) != 1:
        raise ValueError(
            f"Expected a layer with one output. Received: '{found.name}' with "
            f"{len(node.output_tensors)}. Choose a layer that reads the output you mean."
        )
    return node.output_tensors[0]


def linear_output(model: keras.Model) -> keras.KerasTensor:
    """The model's output before any softmax or sigmoid: the logits (handout, section 3.1).

    A unit of a softmax falls when another class rises, so classes could not be reasoned about one
    by one.

    Raises:
        ValueError: several outputs, or an output that is a probability of which the logits cannot
            be found.
    """
    if len(model.outputs) != 1:
        raise ValueError(
            f"Expected a model with one output. Received: '{model.name}' with "
            f"{len(model.outputs)}. Build keras.Model(model.input, model.outputs[i]) for the one "
            "to be explained."
        )
    output = model.outputs[0]
    operation = output._keras_history.operation
    activation = _activation_name(operation)
    if activation in _PROBABILITIES:
        if not hasattr(operation, "activation") or type(operation).__name__ == "Activation":
            return _producer(output).input_tensors[0]
        if hasattr(operation, "kernel"):
            return _without_activation(operation, _producer(output).input_tensors[0])
    linear = activation == "linear" and hasattr(operation, "kernel")
    if not linear and (_ends_in_probabilities(operation) or _looks_like_probabilities(model)):
        raise ValueError(
            f"Expected linear outputs (logits). Received: '{model.name}', whose outputs are "
            f"probabilities made by '{operation.name}', which hwkit cannot take off. Build the "
            "model with its logits as the output."
        )
    return output


def _activation_name(operation: Any) -> str:
    """What an operation does last: the name of its activation or, if it has none, its own."""
    activation = getattr(operation, "activation", operation)
    name = getattr(activation, "__name__", type(activation).__name__)
    return name.lower().replace("_", "").removesuffix("v2")  # tf.nn.softmax calls itself softmax_v2


def _ends_in_probabilities(operation: Any) -> bool:
    """Whether an operation that cannot be taken apart ends in probabilities, also a model in it."""
    while getattr(operation, "outputs", None):  # a model that is used as a layer
        operation = operation.outputs[0]._keras_history.operation
    return _activation_name(operation) in _PROBABILITIES


def _without_activation(layer: keras.layers.Layer, source: keras.KerasTensor) -> keras.KerasTensor:
    config = layer.get_config() | {"activation": "linear"}
    twin = type(layer).from_config(config)
    output = twin(source)
    twin.set_weights(layer.get_weights())
    return output


def _looks_like_probabilities(model: keras.Model) -> bool:
    """Whether outputs for random inputs, or their exponentials, sum to one: a hidden softmax."""
    shape = [size or 64 for size in model.inputs[0].shape[1:]]
    instances = np.random.default_rng(0).normal(0, 50, (3, *shape)).astype(np.float32)
    outputs = in_batches(model, instances).reshape(3, -1, model.outputs[0].shape[-1] or 1)
    return any(
        len(values[0]) > 1 and values.min() >= 0 and np.allclose(values.sum(axis=1), 1, atol=1e-3)
        for each in (outputs, np.exp(np.minimum(outputs, 1)))
        for values in (each.reshape(-1, each.shape[-1]), each.reshape(3, -1))
    )


def _require_one_input(model: keras.Model) -> None:
    try:
        inputs = model.inputs
    except AttributeError:  # a subclassed model never has them
        inputs = None
    if not inputs:
        raise ValueError(
            "Expected a built functional or Sequential model. Received: "
            f"'{getattr(model, 'name', model)}', whose layers are not known. Call it once on data "
            "(Sequential), or build it with the functional API."
        )
    if len(inputs) != 1:
        raise ValueError(
            f"Expected a model with one input. Received: '{model.name}' with {len(inputs)}: "
            f"{[tensor.name for tensor in inputs]}. Wrap it in a model that fixes the other inputs."
        )


def _producer(tensor: keras.KerasTensor) -> Any:
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def nodes(tensors: list[keras.KerasTensor]) -> Iterator[Any]:
    """Every call of an operation on the way to these tensors, each once."""
    seen: set[int] = set()
    waiting = list(tensors)
    while waiting:
        node = _producer(waiting.pop())
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting.extend(node.input_tensors)


def _sources(target: keras.KerasTensor, blocked: keras.KerasTensor) -> set[int]:
    """Ids of all tensors behind ``target``, where the walk back stops at ``blocked``."""
    seen: set[int] = set()
    waiting = [target]
    while waiting:
        tensor = waiting.pop()
        if id(tensor) not in seen:
            seen.add(id(tensor))
            if tensor is not blocked:
                waiting.extend(_producer(tensor).input_tensors)
    return seen
