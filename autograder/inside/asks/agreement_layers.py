"""Asking functions of "agreement" about what layers and activations hand back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, heard, plain, several
from autograder.inside.asks.lrp_layers import bent
from autograder.inside.asks.lrp_rules import placed

_Function = Callable[[Any], np.ndarray]


def guided_relu(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """What the student's ReLU hands back, and what has become of what was given."""
    function = blank(names, "guided_relu")
    found = plain(function(inputs["signal"], inputs["x"]), "guided_relu")
    return {**inputs, "handed": found}


def guided_backprop(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """What arrives at the inputs of a hidden network by the student's loop."""
    function = blank(names, "guided_backprop")
    layers = [placed(each) for each in inputs["layers"]]
    return plain(function(layers, inputs["x"], inputs["c"]), "guided_backprop")


def multiplier(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's multipliers of a hidden activation, and what was warned of meanwhile."""
    f, slope = activation(*inputs["activation"])
    function = blank(names, "multiplier")
    answer, warned = heard(function, inputs["x"], inputs["r"], f, slope)
    return {"multiplier": plain(answer, "multiplier"), "warned": warned}


def deeplift(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's attributions in a hidden network."""
    function = blank(names, "deeplift")
    layers = [placed(each) for each in inputs["layers"]]
    return plain(function(layers, inputs["x"], inputs["r"], inputs["c"]), "deeplift")


def reveal_cancel(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's shares of what raised and what lowered an activation."""
    function = blank(names, "reveal_cancel")
    f, _ = activation(*inputs["activation"])
    answer = function(inputs["r"], inputs["plus"], inputs["minus"], f)
    return several(answer, ("plus", "minus"), "reveal_cancel")


def activation(name: str, *parameters: float) -> tuple[_Function, _Function]:
    """A function of arrays and its derivative, as the notebook passes activations."""
    if name == "bent":
        first, third = parameters
        return bent(first, third), lambda v: first + 3 * third * v**2
    return _ACTIVATIONS[name]


def _sigmoid(v: Any) -> np.ndarray:
    return np.exp(-np.logaddexp(0, -np.asarray(v)))


_ACTIVATIONS: dict[str, tuple[_Function, _Function]] = {
    "relu": (lambda v: np.maximum(v, 0), lambda v: np.heaviside(v, 0)),
    "sigmoid": (_sigmoid, lambda v: _sigmoid(v) * _sigmoid(-np.asarray(v))),
    "tanh": (np.tanh, lambda v: 1 - np.tanh(v) ** 2),
    "softplus": (lambda v: np.logaddexp(0, v), _sigmoid),
}

ASKS: dict[str, Ask] = {
    each.__name__: each
    for each in (guided_relu, guided_backprop, multiplier, deeplift, reveal_cancel)
}
