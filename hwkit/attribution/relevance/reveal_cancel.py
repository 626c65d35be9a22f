"""DeepLIFT's reveal-cancel rule: what raises and what lowers, told apart (Shrikumar et al. 2017).

The rescale rule sees only what a number's inputs come to together: where they cancel, it gives them
nothing. Here every difference has a positive and a negative part. A linear step adds up separately
what raises and what lowers its output (section 3.5.1), and an activation gives each part its mean
effect, with the other part already there and without it (3.5.3): the Shapley values of two players.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from hwkit.attribution.relevance.backward import backward
from hwkit.attribution.relevance.forward import Forward
from hwkit.attribution.relevance.maxima import maximum
from hwkit.attribution.relevance.multipliers import mean_slope, quotient
from hwkit.attribution.relevance.steps import Add, Linear, Network, Pass, Route, Step

if TYPE_CHECKING:
    import tensorflow as tf


class Parts(NamedTuple):
    """A difference in two parts, or their multipliers.

    Attributes:
        plus: what is positive, or its multiplier.
        minus: what is negative, or its multiplier.
    """

    plus: Any
    minus: Any


class RevealCancel:
    """DeepLIFT with the linear and the reveal-cancel rule, through one network.

    Of a maximum, for which the paper has no rule, the output's difference has one part only: a
    rise is positive, a fall negative. Its multiplier goes to the winner by the rescale rule.

    Args:
        network: its steps.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._forward = Forward(network)

    def __call__(
        self,
        inputs: tuple[tf.Tensor, ...],
        references: tuple[tf.Tensor, ...],
        start: Callable[[tf.Tensor], tf.Tensor],
    ) -> tf.Tensor:
        """The attributions at the last input ``(n, *input)``.

        Args:
            inputs: the network's inputs, each ``(n, *input)``.
            references: of these, each ``(n or 1, *input)``.
            start: the multipliers of the output ``(n, *output)``; what it returns broadcasts to it.
        """
        ### BEGIN SOLUTION agreement
        import tensorflow as tf

        x, r = self._forward(inputs), self._forward(references)
        parts = {number: by_sign(x[number] - r[number]) for number in range(len(inputs))}
        for step in self._network.steps:
            parts[step.target] = self._onward(step, x, r, parts)

        def back(step: Step, received: Parts) -> list[Parts]:
            return self._back(step, x, r, parts, received)

        output = x[self._network.output]
        begun = tf.ones_like(output) * start(output)
        last = self._network.inputs - 1
        received = backward(self._network, Parts(begun, begun), back)[last]
        return received.plus * parts[last].plus + received.minus * parts[last].minus
        ### END SOLUTION

    ### BEGIN SOLUTION agreement
    def _onward(
        self, step: Step, x: dict[int, Any], r: dict[int, Any], parts: dict[int, Parts]
    ) -> Parts:
        """The parts of what a step makes."""
        sources = step.sources
        if isinstance(step, Pass):
            (source,) = sources
            at_x, at_r = (each[step.target] for each in (x, r))
            return shares(step.function, r[source], *parts[source], at_r, at_x)
        if isinstance(step, Route) and not step.chooses:
            return Parts(
                step.function(*(parts[source].plus for source in sources)),
                step.function(*(parts[source].minus for source in sources)),
            )
        if isinstance(step, Linear):
            up, down = self._by_sign_of_weights(step)
            change = by_sign(x[sources[0]] - r[sources[0]])
            return Parts(
                step.apply(change.plus, up) + step.apply(change.minus, down),
                step.apply(change.plus, down) + step.apply(change.minus, up),
            )
        if isinstance(step, Add):
            changes = [by_sign(x[source] - r[source]) for source in sources]
            return Parts(sum(each.plus for each in changes), sum(each.minus for each in changes))
        return by_sign(x[step.target] - r[step.target])

    def _back(
        self,
        step: Step,
        x: dict[int, Any],
        r: dict[int, Any],
        parts: dict[int, Parts],
        received: Parts,
    ) -> list[Parts]:
        """The multipliers of the parts of a step's sources."""
        at_x, at_r = ([each[source] for source in step.sources] for each in (x, r))
        if isinstance(step, Pass):
            (source,) = step.sources
            found = multipliers(step.function, at_x[0], at_r[0], parts[source], parts[step.target])
            return [Parts(received.plus * found.plus, received.minus * found.minus)]
        if isinstance(step, Route) and step.chooses:
            to_winners = maximum(step.function, at_x, at_r, received.plus, received.minus)
            return [Parts(each, each) for each in to_winners]
        if isinstance(step, Linear):
            risen, fallen = self._transposed(step, at_x[0], received)
        else:
            risen, fallen = (self._forward.gradient(step, at_x, each) for each in received)
        if isinstance(step, Route):
            return [Parts(*each) for each in zip(risen, fallen, strict=True)]
        chosen = map(of_sign, at_x, at_r, risen, fallen)
        return [Parts(each, each) for each in chosen]

    def _transposed(
        self, step: Linear, x: tf.Tensor, received: Parts
    ) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        """What an input gets that is above its reference, and what one gets that is below."""
        import tensorflow as tf

        up, down = self._by_sign_of_weights(step)
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            tape.watch(x)
            by_up, by_down = step.apply(x, up), step.apply(x, down)
        plus, minus = received
        return (
            [tape.gradient(by_up, x, plus) + tape.gradient(by_down, x, minus)],
            [tape.gradient(by_up, x, minus) + tape.gradient(by_down, x, plus)],
        )

    def _by_sign_of_weights(self, step: Linear) -> Parts:
        return by_sign(self._forward.kernels[step.target])


def of_sign(x: tf.Tensor, r: tf.Tensor, risen: tf.Tensor, fallen: tf.Tensor) -> tf.Tensor:
    """One where x is above r, the other where it is below, and their mean where they are equal."""
    import tensorflow as tf

    return tf.where(x > r, risen, tf.where(x < r, fallen, (risen + fallen) / 2))


def multipliers(
    function: Callable[[Any], tf.Tensor], x: tf.Tensor, r: tf.Tensor, before: Parts, behind: Parts
) -> Parts:
    """What an activation makes of each unit of both parts.

    Args:
        function: the activation.
        x: what it received ``(n, *shape)``.
        r: what it receives from the reference ``(n or 1, *shape)``.
        before: the parts of its input's difference.
        behind: of its output's.
    """
    numbers = (x, r, function(x), function(r), *before)
    found = []
    for part, share in zip(before, behind, strict=True):
        alone = mean_slope(function, r, r + part)
        with_other = mean_slope(function, x - part, x)
        found.append(quotient(share, part, (alone + with_other) / 2, numbers))
    return Parts(*found)

    ### END SOLUTION


def by_sign(tensor: tf.Tensor) -> Parts:
    """The positive and the negative part of each number."""
    import tensorflow as tf

    return Parts(tf.maximum(tensor, 0.0), tf.minimum(tensor, 0.0))


def shares(
    function: Callable[[Any], tf.Tensor],
    r: tf.Tensor,
    plus: tf.Tensor,
    minus: tf.Tensor,
    at_r: tf.Tensor,
    at_x: tf.Tensor,
) -> Parts:
    """What the positive and the negative part of an input's difference do to an activation.

    Args:
        function: the activation.
        r: its input at the reference.
        plus: the positive part of the input's difference.
        minus: the negative part.
        at_r: the activation at the reference.
        at_x: with both parts.

    Returns:
        Shares that add up to ``at_x - at_r``.
    """
    ### BEGIN SOLUTION agreement: reveal_cancel
    with_plus, with_minus = function(r + plus), function(r + minus)
    return Parts(
        (with_plus - at_r + at_x - with_minus) / 2, (with_minus - at_r + at_x - with_plus) / 2
    )
    ### END SOLUTION
