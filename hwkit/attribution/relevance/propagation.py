"""Relevance, handed down through the steps of a network by the rules of a composite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hwkit.attribution.relevance.forward import Forward
from hwkit.attribution.relevance.rules import Fraction, Rule
from hwkit.attribution.relevance.steps import Add, Linear, Network, Pass, Route, Step

if TYPE_CHECKING:
    import tensorflow as tf

_ADD_STABLE = 1e-9


class Handed(NamedTuple):
    """What a linear step or a sum did with the relevance that it received, for each instance.

    Attributes:
        received: sum of the relevance of its outputs ``(n,)``.
        passed: sum of what its inputs got.
        to_bias: sum of what its bias kept.
    """

    received: Any
    passed: Any
    to_bias: Any


class Result(NamedTuple):
    """The relevance of every tensor.

    Attributes:
        outputs: the network's output ``(n, *output)``.
        relevance: by the number of the tensor, each ``(n, *shape)``.
        handed: by the number of the tensor that a step makes.
    """

    outputs: Any
    relevance: dict[int, Any]
    handed: dict[int, Handed]


class Propagation:
    """Propagates relevance through one network by one composite's rules.

    Args:
        network: its steps.
        rules: of each linear step, by the number of the tensor that it makes.

    Weights are prepared here, once; ``__call__`` may be compiled by ``tf.function``.
    """

    def __init__(self, network: Network, rules: Mapping[int, Rule]) -> None:
        self._network = network
        self._rules = rules
        self._forward = Forward(network)
        nonnegative, silent = network.nonnegative(), silent_below_zero(network, rules)
        self._linear = {
            step.target: _Prepared(
                step,
                rules[step.target],
                self._forward.kernels[step.target],
                self._forward.biases[step.target],
                nonnegative=step.sources[0] in nonnegative,
                silent=step.target in silent,
            )
            for step in network.steps
            if isinstance(step, Linear)
        }

    def __call__(
        self, inputs: tuple[tf.Tensor, ...], weights: Callable[[tf.Tensor], tf.Tensor]
    ) -> Result:
        """Relevance of every tensor.

        Args:
            inputs: the network's inputs, each ``(n, *input)``.
            weights: says for the output ``(n, *output)`` how much of each number is relevance at
                the start; what it returns broadcasts to the output.
        """
        tensors = self._forward(inputs)
        output = tensors[self._network.output]
        relevance: dict[int, Any] = {self._network.output: output * weights(output)}
        handed: dict[int, Handed] = {}
        boxes = self._boxes(inputs)
        for step in reversed(self._network.steps):
            if step.target not in relevance:
                continue  # the output does not depend on it
            received = relevance[step.target]
            shares, to_bias = self._shares(step, tensors, received, boxes)
            for source, share in zip(step.sources, shares, strict=True):
                relevance[source] = relevance[source] + share if source in relevance else share
            if isinstance(step, (Linear, Add)):
                passed = sum(_total(share) for share in shares)
                handed[step.target] = Handed(_total(received), passed, to_bias)
        return Result(output, relevance, handed)

    def _boxes(self, inputs: tuple[tf.Tensor, ...]) -> dict[int, tuple[tf.Tensor, tf.Tensor]]:
        """Lowest and highest values of the tensors that box rules read, by their numbers."""
        import tensorflow as tf

        found = {}
        for step in self._network.steps:
            rule = self._rules.get(step.target)
            if rule is not None and rule.box is not None:
                low, high = (
                    self._routed(
                        step.sources[0],
                        tf.broadcast_to(tf.constant(each, tf.float32), tf.shape(inputs[-1])),
                    )
                    for each in rule.box
                )
                found[step.target] = low, high
        return found

    def _routed(self, number: int, bound: tf.Tensor) -> tf.Tensor:
        """A bound of the input as a tensor between it and a first layer sees it."""
        last_input = self._network.inputs - 1
        if number == last_input:
            return bound
        step = next(each for each in self._network.steps if each.target == number)
        if not isinstance(step, Route) or not step.keeps_box or len(step.sources) != 1:
            raise ValueError(
                "Expected the box rule for a layer that sees the input, or the input padded, "
                f"cropped or reshaped. Received: one that reads '{step.name}'."
            )
        return step.function(self._routed(step.sources[0], bound))

    def _shares(
        self,
        step: Step,
        tensors: dict[int, tf.Tensor],
        received: tf.Tensor,
        boxes: dict[int, tuple[tf.Tensor, tf.Tensor]],
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """What each source of a step gets, and what its bias keeps."""
        import tensorflow as tf

        sources = [tensors[source] for source in step.sources]
        nothing = tf.zeros(tf.shape(received)[:1])
        if isinstance(step, Pass):
            return [received], nothing
        if isinstance(step, Route):
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(sources)
                routed = step.function(*sources)
            return tape.gradient(routed, sources, received), nothing
        if isinstance(step, Add):
            per_unit = received / _away_from_zero(tensors[step.target], _ADD_STABLE)
            return [source * per_unit for source in sources], nothing
        prepared = self._linear[step.target]
        share, to_bias = prepared.hand_down(
            sources[0], tensors[step.target], received, boxes.get(step.target)
        )
        return [share], to_bias


class _Prepared:
    """A linear step with the weights of its rule.

    Args:
        step: the step.
        rule: its rule.
        kernel: its weights as a tensor.
        bias: its bias as a tensor, or ``None``.
        nonnegative: its inputs are never below zero.
        silent: its outputs below zero never receive relevance.
    """

    def __init__(
        self, step: Linear, rule: Rule, kernel: Any, bias: Any, *, nonnegative: bool, silent: bool
    ) -> None:
        self._step = step
        self._rule = rule
        self._nonnegative = nonnegative
        self._kernel = kernel
        self._bias = bias
        self._fractions = [
            (fraction, self._terms(fraction), self._bias_of(fraction))
            for fraction in rule.fractions
            if not (silent and fraction.outputs == "negative")
        ]

    def _terms(self, fraction: Fraction) -> list[tuple[str, Any]]:
        """Inputs and weights of the terms that are not all zero."""
        import tensorflow as tf

        terms = []
        for term in fraction.terms:
            inputs: str = term.inputs
            if self._nonnegative and inputs in ("x+", "x-"):
                if inputs == "x-":
                    continue
                inputs = "x"
            weights = np.asarray(term.weights(self._step.kernel), np.float32)
            if weights is self._step.kernel or np.array_equal(weights, self._step.kernel):
                terms.append((inputs, self._kernel))
            elif weights.any():
                terms.append((inputs, tf.constant(weights)))
        return terms

    def _bias_of(self, fraction: Fraction) -> Any:
        import tensorflow as tf

        if fraction.bias is None or self._step.bias is None:
            return None
        bias = np.asarray(fraction.bias(self._step.bias), np.float32)
        if np.array_equal(bias, self._step.bias):
            return self._bias
        return tf.constant(bias) if bias.any() else None

    def hand_down(
        self,
        x: tf.Tensor,
        z: tf.Tensor,
        received: tf.Tensor,
        box: tuple[tf.Tensor, tf.Tensor] | None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What the inputs get ``(n, *input)``, and what the bias keeps ``(n,)``."""
        import tensorflow as tf

        parts = [self._part(x, z, terms, bias, box) for _, terms, bias in self._fractions]
        share, to_bias = tf.zeros_like(x), tf.zeros(tf.shape(x)[:1])
        for place, (fraction, _, bias) in enumerate(self._fractions):
            tape, inputs, outputs, denominator = parts[place]
            if denominator is None:
                continue
            factor = self._factor(fraction, place, [part[3] for part in parts])
            stable = _away_from_zero(denominator, self._rule.epsilon)
            per_unit = tf.math.divide_no_nan(received * _of_sign(fraction, z), stable) * factor
            for each, output in zip(inputs, outputs, strict=True):
                share += each * tape.gradient(output, each, per_unit)
            if bias is not None:
                to_bias += _total(per_unit * bias)
        return share, to_bias

    def _part(
        self,
        x: tf.Tensor,
        z: tf.Tensor,
        terms: list[tuple[str, Any]],
        bias: Any,
        box: tuple[tf.Tensor, tf.Tensor] | None,
    ) -> tuple[Any, list[tf.Tensor], list[tf.Tensor], Any]:
        """A fraction's tape, inputs and outputs of its terms, and denominator.

        The denominator is ``None`` where there is nothing to share with.
        """
        import tensorflow as tf

        if not terms:
            return None, [], [], bias
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            inputs = [_inputs(name, x, box) for name, _ in terms]
            tape.watch(inputs)
            outputs = [
                self._step.apply(each, weights)
                for each, (_, weights) in zip(inputs, terms, strict=True)
            ]
        (name, weights), *more = terms
        same_bias = bias is self._bias
        if name == "x" and weights is self._kernel and not more and same_bias:
            return tape, inputs, outputs, z  # the forward pass has it already
        denominator = sum(outputs[1:], start=outputs[0])
        return tape, inputs, outputs, denominator if bias is None else denominator + bias

    def _factor(self, fraction: Fraction, place: int, denominators: list[Any]) -> Any:
        """How much a fraction hands out; all of it where every other one is empty."""
        import tensorflow as tf

        others = [
            each
            for number, each in enumerate(denominators)
            if number != place and self._fractions[number][0].outputs == "all"
        ]
        if fraction.outputs != "all" or len(self._fractions) == 1:
            return float(fraction.factor)
        whole = float(sum(each.factor for each, _, _ in self._fractions))
        there = [each for each in others if each is not None]
        if not there:
            return whole
        empty = tf.reduce_all(tf.stack([tf.equal(each, 0) for each in there]), axis=0)
        return tf.where(empty, whole, float(fraction.factor))


def silent_below_zero(network: Network, rules: Mapping[int, Rule]) -> frozenset[int]:
    """Numbers of the tensors that receive no relevance where they are zero or below.

    These are what a ReLU reads whose own output receives none where it is zero: all that it
    feeds hands relevance down in proportion to it.
    """
    proportional = {network.output}
    readers: dict[int, list[Step]] = {}
    for step in network.steps:
        for source in step.sources:
            readers.setdefault(source, []).append(step)
    for step in reversed(network.steps):
        for source in step.sources:
            if source != network.output and all(
                _in_proportion(reader, rules, proportional) for reader in readers[source]
            ):
                proportional.add(source)
    return frozenset(
        source
        for source, steps in readers.items()
        if source != network.output
        and all(
            isinstance(step, Pass) and step.rectifies and step.target in proportional
            for step in steps
        )
    )


def _in_proportion(step: Step, rules: Mapping[int, Rule], proportional: set[int]) -> bool:
    """Whether a step hands nothing to an input that is zero."""
    if isinstance(step, Linear):
        fractions = rules[step.target].fractions
        return all(t.inputs in ("x", "x+", "x-") for f in fractions for t in f.terms)
    if isinstance(step, Pass) and not step.rectifies:
        return False
    return isinstance(step, Add) or step.target in proportional


def _inputs(name: str, x: tf.Tensor, box: tuple[tf.Tensor, tf.Tensor] | None) -> tf.Tensor:
    import tensorflow as tf

    if box is not None and name in ("low", "high"):
        return tf.identity(box[name == "high"])
    return {
        "x": lambda: tf.identity(x),
        "x+": lambda: tf.maximum(x, 0.0),
        "x-": lambda: tf.minimum(x, 0.0),
        "1": lambda: tf.ones_like(x),
    }[name]()


def _of_sign(fraction: Fraction, z: tf.Tensor) -> Any:
    import tensorflow as tf

    if fraction.outputs == "all":
        return 1.0
    chosen = z > 0 if fraction.outputs == "positive" else z < 0
    return tf.cast(chosen, tf.float32)


def _away_from_zero(z: tf.Tensor, epsilon: float) -> tf.Tensor:
    """The sum z + epsilon sign(z), where the sign of zero counts as positive."""
    import tensorflow as tf

    return z if not epsilon else z + tf.where(z >= 0, epsilon, -epsilon)


def _total(tensor: tf.Tensor) -> tf.Tensor:
    """The sum of each instance's numbers: ``(n,)``."""
    import tensorflow as tf

    return tf.reduce_sum(tf.reshape(tensor, (tf.shape(tensor)[0], -1)), axis=1)
