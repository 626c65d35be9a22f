"""Relevance, handed down through the steps of a network by the rules of a composite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from hwkit.attribution.relevance.backward import backward
from hwkit.attribution.relevance.forward import Forward
from hwkit.attribution.relevance.handing_down import (
    ByFractions,
    ByFunction,
    away_from_zero,
    total,
)
from hwkit.attribution.relevance.rules import Rule
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
        from_scores: relevance starts as the output times what ``__call__``'s ``weights`` say;
            ``False``: as what they say.

    Weights are prepared here, once; ``__call__`` may be compiled by ``tf.function``, unless a rule
    is a function of the user's.
    """

    def __init__(
        self, network: Network, rules: Mapping[int, Rule], *, from_scores: bool = True
    ) -> None:
        self._network = network
        self._rules = rules
        self._from_scores = from_scores
        self._forward = Forward(network)
        nonnegative = network.nonnegative()
        silent = silent_below_zero(network, rules, from_scores=from_scores)
        self._linear: dict[int, ByFractions | ByFunction] = {}
        for step in network.steps:
            if not isinstance(step, Linear):
                continue
            rule = rules[step.target]
            if rule.function is not None:
                self._linear[step.target] = ByFunction(step, rule)
                continue
            self._linear[step.target] = ByFractions(
                step,
                rule,
                self._forward.kernels[step.target],
                self._forward.biases[step.target],
                nonnegative=step.sources[0] in nonnegative,
                silent=step.target in silent,
            )

    def __call__(
        self, inputs: tuple[tf.Tensor, ...], weights: Callable[[tf.Tensor], tf.Tensor]
    ) -> Result:
        """Relevance of every tensor.

        Args:
            inputs: the network's inputs, each ``(n, *input)``.
            weights: of the output ``(n, *output)`` at the start; what it returns broadcasts to it.
        """
        import tensorflow as tf

        tensors = self._forward(inputs)
        output = tensors[self._network.output]
        counted = output if self._from_scores else tf.ones_like(output)
        handed: dict[int, Handed] = {}
        boxes = self._boxes(inputs)

        def share(step: Step, received: tf.Tensor) -> list[tf.Tensor]:
            shares, to_bias = self._shares(step, tensors, received, boxes)
            if isinstance(step, (Linear, Add)):
                passed = sum(total(each) for each in shares)
                handed[step.target] = Handed(total(received), passed, to_bias)
            return shares

        relevance = backward(self._network, counted * weights(output), share)
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
            per_unit = received / away_from_zero(tensors[step.target], _ADD_STABLE)
            return [source * per_unit for source in sources], nothing
        prepared = self._linear[step.target]
        share, to_bias = prepared.hand_down(
            sources[0], tensors[step.target], received, boxes.get(step.target)
        )
        return [share], to_bias


def silent_below_zero(
    network: Network, rules: Mapping[int, Rule], *, from_scores: bool = True
) -> frozenset[int]:
    """Numbers of the tensors that receive no relevance where they are zero or below.

    These are what a ReLU reads whose own output receives none where it is zero: all that it
    feeds hands relevance down in proportion to it.

    Args:
        network: its steps.
        rules: of each linear step, by the number of the tensor that it makes.
        from_scores: whether the output receives none where it is zero.
    """
    proportional = {network.output} if from_scores else set()
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
        rule = rules[step.target]
        terms = [term for fraction in rule.fractions for term in fraction.terms]
        return rule.function is None and all(t.inputs in ("x", "x+", "x-") for t in terms)
    if isinstance(step, Pass) and not step.rectifies:
        return False
    return isinstance(step, Add) or step.target in proportional
