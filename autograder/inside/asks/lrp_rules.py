"""Asking functions of "lrp" about rules that divide, the start and the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.inside.asks import Ask, Names, Reference, blank, plain
from autograder.inside.asks.lrp_layers import layer
from hwkit.attribution.relevance import linear_maps
from hwkit.attribution.relevance.layer import LinearLayer
from hwkit.attribution.relevance.steps import Linear

_Rule = Callable[[LinearLayer, np.ndarray, np.ndarray], np.ndarray]
# Networks have fewer layers; a longer list is told by its first arrays.
_MOST_ARRAYS = 12


def alpha_beta(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """Relevance that the student's rule hands down through a layer."""
    return _handed(names, "alpha_beta", inputs, inputs["alpha"], inputs["beta"])


def box_rule(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The same for the rule of bounded inputs."""
    return _handed(names, "box_rule", inputs, inputs["low"], inputs["high"])


def start(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """The student's relevance at the output."""
    function = blank(names, "start")
    return plain(function(inputs["scores"], inputs["c"], **_versus(inputs)), "start")


def propagate(names: Names, inputs: dict[str, Any], reference: Reference) -> Any:
    """Relevance at every layer of a hidden network, by the student's loop and hidden rules."""
    function = blank(names, "propagate")
    layers = [placed(each) for each in inputs["layers"]]
    rules = [mixed(*each) for each in inputs["rules"]]
    answer = function(layers, rules, inputs["x"], inputs["c"])
    if isinstance(answer, (list, tuple, Iterator)):
        return {"relevances": [_array(each) for each in list(answer)[:_MOST_ARRAYS]]}
    return plain(answer, "propagate")


def placed(given: dict[str, Any]) -> LinearLayer:
    """A layer of a network; a dense one that receives maps flattens them first."""
    behind = tuple(given["behind"])
    if given["shape"] is not None or len(behind) == 1:
        return layer(given)

    def apply(x: Any, kernel: Any) -> Any:
        import tensorflow as tf

        return linear_maps.dense(tf.reshape(x, (len(x), -1)), kernel)

    step = Linear("dense", (0,), 1, "dense", apply, given["w"], given["b"])
    return LinearLayer.of_step(step, behind)


def mixed(first: float, second: float) -> _Rule:
    """A rule of no paper: what it hands down depends on the layer, on x and on R."""

    def rule(layer: LinearLayer, x: np.ndarray, R: np.ndarray) -> np.ndarray:
        plain_part = layer.backward(R, layer.w**2)
        return first * plain_part + second * x * layer.backward(R, layer.w**3)

    return rule


def _handed(names: Names, name: str, inputs: dict[str, Any], *parameters: Any) -> Any:
    rule = blank(names, name)
    return plain(rule(layer(inputs["layer"]), inputs["x"], inputs["R"], *parameters), name)


def _versus(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"versus": inputs["versus"]} if "versus" in inputs else {}


def _array(value: Any) -> Any:
    """An entry of a list as an array of numbers; an entry that is not there as what it is."""
    return {"received": "None"} if value is None else plain(value, "propagate")


ASKS: dict[str, Ask] = {each.__name__: each for each in (alpha_beta, box_rule, start, propagate)}
