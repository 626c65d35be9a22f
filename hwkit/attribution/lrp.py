"""Layer-wise relevance propagation (Bach et al. 2015, PLOS ONE 10(7)): a score, handed down.

The relevance of the output is what the quantity of interest makes of it (the score of a class, say,
and nothing for the others). Each layer hands what it received down to its inputs, by a rule; what
arrives at the slice is the explanation. Its sum is the quantity, but for what biases kept.

    method = LRP(composites.epsilon_gamma_box(low, high))
    Explanation(model, method).for_input().absolute(3).explain(x).attribution
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hwkit.attribution.aumann_shapley import as_batch
from hwkit.attribution.method import PointMethod, derivative
from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.relevance import composites, rules
from hwkit.attribution.relevance.composites import Composite
from hwkit.attribution.relevance.from_keras import network_of
from hwkit.attribution.relevance.propagation import Propagation, Result
from hwkit.attribution.relevance.rules import Rule
from hwkit.attribution.relevance.steps import Add, Linear, Network
from hwkit.network import signature
from hwkit.quantities import Quantity

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True)
class Conservation:
    """What one layer did with the relevance that it received, for each instance.

    Attributes:
        layer: its name.
        received: the sum over its outputs ``(n,)``.
        passed: the sum over its inputs ``(n,)``.
        to_bias: what its bias kept ``(n,)``.
    """

    layer: str
    received: np.ndarray
    passed: np.ndarray
    to_bias: np.ndarray

    @property
    def missing(self) -> np.ndarray:
        """What was neither passed nor kept by the bias ``(n,)``: rounding, and epsilon's share."""
        return self.received - self.passed - self.to_bias


@dataclass(frozen=True)
class Trace:
    """The relevance of every layer.

    Attributes:
        outputs: the network's output ``(n, *output)``.
        relevance: by the name of the layer, of its output ``(n, *shape)``; the slice itself is
            called "input".
        layers: what each layer with weights, pool or sum did, from the last to the first.
    """

    outputs: np.ndarray
    relevance: dict[str, np.ndarray]
    layers: list[Conservation]


class LRP(PointMethod):
    """Layer-wise relevance propagation at any slice, for any quantity of interest.

    Args:
        composite: which rule for which layer; a single rule is for all layers with weights.
        pass_through: names of layers, or of their classes, that relevance is to pass unchanged.
        start: the relevance of the output: "score", the output times the quantity's derivative by
            it (of a class its score, of a difference of classes also the other's negative score),
            or "derivative", this derivative alone (of a class 1; ``quantities.weighted`` is a
            start vector of one's own).
        memory: bytes that one batch may take, about; the result never depends on it.

    Raises:
        TypeError: neither a composite nor a rule. ValueError: another start.
    """

    def __init__(
        self,
        composite: Composite | Rule | None = None,
        *,
        pass_through: Sequence[str] = (),
        start: Literal["score", "derivative"] = "score",
        memory: int = 512 * 2**20,
    ) -> None:
        super().__init__(memory)
        # The last instances and the relevance that began at their outputs, summed.
        self._begun: tuple[np.ndarray | None, np.ndarray] = None, np.zeros(0)
        if composite is None:
            composite = rules.epsilon()
        if isinstance(composite, Rule):
            composite = composites.uniform(composite)
        if not isinstance(composite, Composite):
            raise TypeError(
                "Expected a rule, such as rules.epsilon(0.01), or a composite, such as "
                f"composites.epsilon_plus(). Received: {composite!r}."
            )
        if start not in ("score", "derivative"):
            raise ValueError(f"Expected start 'score' or 'derivative'. Received: {start!r}.")
        self.composite = composite
        self.pass_through = tuple(pass_through)
        self.start = start

    def get_attributions(self, instance: np.ndarray) -> np.ndarray:
        """The relevance of every element of the slice.

        Args:
            instance: one instance ``(*input)`` or several ``(n, *input)``.

        Returns:
            Relevance in the shape of the slice, ``(*slice)`` or ``(n, *slice)``, float32.

        Raises:
            ValueError: an instance of the wrong shape, or with NaN or infinity; a layer that
                relevance cannot be propagated through.
        """
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        network, run = self._prepared(everything=False)
        parts, sums = [], []
        for result, real in self._run(run, batch):
            parts.append(np.asarray(result.relevance[network.inputs - 1])[:real])
            sums.append(_sums(np.asarray(result.relevance[network.output])[:real]))
        self._begun = batch, np.concatenate(sums)
        relevance = np.concatenate(parts)
        return relevance[0] if single else relevance

    def completeness_error(self, instances: np.ndarray, attribution: np.ndarray) -> np.ndarray:
        """Relative difference between the sums of the relevance at the end and at the start.

        Args:
            instances: ``(n, *input)``.
            attribution: of these, ``(n, *slice)``.
        """
        if self.start == "score" and not isinstance(self.stream.quantity, Quantity):
            return super().completeness_error(instances, attribution)
        known, _ = self._begun  # where these instances came last, nothing is computed again
        if known is None or not np.array_equal(known, instances):
            self.get_attributions(instances)
        begun = self._begun[1]
        return relative_l1(np.abs(_sums(attribution) - begun), begun)

    def trace(self, instance: np.ndarray) -> Trace:
        """The relevance of all layers between the slice and the output, and where it went.

        Args:
            instance: one instance ``(*input)`` or several ``(n, *input)``.

        Raises:
            ValueError: as ``get_attributions``.
        """
        batch, _ = as_batch(instance, self.stream.cut.instance_shape)
        network, run = self._prepared(everything=True)
        found = [(result, real) for result, real in self._run(run, batch)]

        def joined(pick: Callable[[Result], Any]) -> np.ndarray:
            return np.concatenate([np.asarray(pick(result))[:real] for result, real in found])

        names = {step.target: step.name for step in network.steps} | {network.inputs - 1: "input"}
        reached = found[0][0].relevance
        layers = [
            Conservation(
                step.name,
                *(
                    joined(lambda result, t=step.target, p=place: result.handed[t][p])  # type: ignore[misc]
                    for place in range(3)
                ),
            )
            for step in reversed(network.steps)
            if isinstance(step, (Linear, Add)) and step.target in reached
        ]
        relevance = {
            name: joined(lambda result, number=number: result.relevance[number])  # type: ignore[misc]
            for number, name in names.items()
            if number in reached
        }
        return Trace(joined(lambda result: result.outputs), relevance, layers)

    def _prepared(self, *, everything: bool) -> tuple[Network, Callable[..., Result]]:
        """The network's steps and the compiled propagation, made once for each cut."""
        import tensorflow as tf

        cut, quantity = self.stream.cut, self.stream.quantity
        own = None if isinstance(quantity, Quantity) else quantity
        key = ("lrp", id(self.composite), self.pass_through, self.start, own, everything)
        if key not in cut.compiled:
            network = network_of(cut.tail, self.pass_through)
            chosen = self.composite.rules_of(network, of_input=cut.layer is None)
            propagation = Propagation(network, chosen, from_scores=self.start == "score")

            def run(weights: tf.Tensor, *inputs: tf.Tensor) -> Result:
                given = tuple(map(tf.convert_to_tensor, inputs))
                result = propagation(given, partial(derivative, quantity, weights))
                if everything:
                    return result
                ends = (network.inputs - 1, network.output)
                return Result(result.outputs, {at: result.relevance[at] for at in ends}, {})

            if all(rule.function is None for rule in chosen.values()):
                weights = tf.TensorSpec(None, tf.float32)
                run = tf.function(
                    run, input_signature=[weights, *signature(cut.tail)], autograph=False
                )
            # The composite is kept, too, so that its id stays its own.
            cut.compiled[key] = network, run, self.composite
        network, run, _ = cut.compiled[key]
        return network, run


def _sums(relevance: np.ndarray) -> np.ndarray:
    """The sum of each instance's numbers ``(n,)``, float64."""
    return relevance.reshape(len(relevance), -1).sum(axis=1, dtype=np.float64)
