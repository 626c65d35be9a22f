"""Gathers the steps of a network, layer by layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwkit.attribution.relevance.steps import Linear, Pass, Step

# Functions of each number by itself, and whether what they give is never negative.
_FUNCTIONS: dict[str, bool | None] = {
    "linear": None,
    "relu": True,
    "relu6": True,
    "sigmoid": True,
    "hard_sigmoid": True,
    "softplus": True,
    "exponential": True,
    "leaky_relu": None,
    "elu": None,
    "celu": None,
    "selu": None,
    "gelu": None,
    "silu": None,
    "hard_silu": None,
    "mish": None,
    "tanh": None,
    "softsign": None,
}


class Builder:
    """The steps so far, and the number of the next tensor.

    Args:
        inputs: how many the network has; their tensors have the first numbers.
    """

    def __init__(self, inputs: int) -> None:
        self.steps: list[Step] = []
        self._count = inputs

    def step(self, made: type[Step], name: str, sources: list[int], /, **traits: Any) -> int:
        """Append a step; the number of the tensor that it makes."""
        target = self._count
        self._count += 1
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

    def scale(self, layer: Any, sources: list[int], scale: Any, bias: Any) -> int:
        """A number for each channel, or for all, to multiply by, and one to add."""
        bias = np.asarray(bias, np.float32)
        return self.step(
            Linear,
            layer.name,
            sources,
            kind="scale",
            kernel=np.asarray(scale, np.float32),
            bias=bias if bias.any() else None,
        )

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


def refusal(layer: Any, reason: str, *, sources: int = 1) -> ValueError:
    """The error for a layer that relevance cannot be propagated through.

    Args:
        layer: the layer.
        reason: why not.
        sources: how many tensors it reads; relevance may pass it unchanged where it is one.
    """
    way_out = "Explain a slice behind it: for_layer(...)."
    if sources == 1:
        way_out = (
            "If relevance may pass it unchanged, as it does activations, say "
            f"pass_through=['{layer.name}']; otherwise explain a slice behind it: for_layer(...)."
        )
    return ValueError(
        f"Expected layers that relevance can be propagated through. Received: '{layer.name}' "
        f"({type(layer).__name__}), which {reason}. {way_out}"
    )
