"""A Keras model as steps of relevance propagation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from hwkit.attribution.relevance.building import Builder, refusal
from hwkit.attribution.relevance.keras_layers import HANDLERS
from hwkit.attribution.relevance.merging import merged
from hwkit.attribution.relevance.steps import Network, Pass

if TYPE_CHECKING:
    import keras


def network_of(model: keras.Model, pass_through: Collection[str] = ()) -> Network:
    """The steps of a model whose output is linear.

    Batch normalisation becomes part of the linear layer before it, where that feeds nothing else;
    elsewhere it scales each channel by itself.

    Args:
        model: functional or Sequential, with one output.
        pass_through: names of layers, or of their classes, that relevance is to pass unchanged.

    Raises:
        ValueError: a layer that relevance cannot be propagated through.
    """
    inputs = len(model.inputs)
    builder = Builder(inputs)
    output = _add_model(builder, model, list(range(inputs)), frozenset(pass_through))
    return merged(Network(inputs, tuple(builder.steps), output))


def _add_model(
    builder: Builder, model: Any, sources: list[int], pass_through: frozenset[str]
) -> int:
    """The steps of a model, also of one that is a layer of another one."""
    numbers = {id(t): n for t, n in zip(model.inputs, sources, strict=True)}
    for node in in_order(model):
        inputs = [numbers[id(tensor)] for tensor in node.input_tensors]
        if len(node.output_tensors) != 1:
            raise refusal(node.operation, "has several outputs")
        numbers[id(node.output_tensors[0])] = _add_layer(builder, node, inputs, pass_through)
    return numbers[id(model.outputs[0])]


def _add_layer(
    builder: Builder, node: Any, sources: list[int], pass_through: frozenset[str]
) -> int:
    layer = node.operation
    kind = type(layer).__name__
    if {layer.name, kind} & pass_through and len(sources) == 1:
        return builder.step(Pass, layer.name, sources, function=layer)
    if hasattr(layer, "outputs") and hasattr(layer, "layers"):
        return _add_model(builder, layer, sources, pass_through)
    if kind not in HANDLERS:
        raise refusal(layer, f"is of a kind ({kind}) without a rule", sources=len(sources))
    return HANDLERS[kind](builder, layer, sources, node)


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
