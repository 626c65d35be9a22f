"""DeepLIFT's rescale rule: what a difference from the reference is worth (Shrikumar et al. 2017).

The multiplier of a number says how much of the output's difference from the reference comes from
each unit of the number's own difference; it is to differences what a derivative is to infinitely
small ones, and obeys the same chain rule (section 3.2). Linear steps hand multipliers back as they
hand gradients back (3.5.1); activations by the rescale rule (3.5.2).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.attribution.relevance.backward import backward
from hwkit.attribution.relevance.forward import Forward
from hwkit.attribution.relevance.maxima import maximum
from hwkit.attribution.relevance.steps import Network, Pass, Route, Step

if TYPE_CHECKING:
    import tensorflow as tf

# A gain in float32 is uncertain by some units in the last place of the largest number behind it
# (found: up to 2.7, of sigmoid and softplus; see tests/attribution/test_deeplift_multipliers.py).
_UNITS = 4 * float(np.finfo(np.float32).eps)


class Rescale:
    """DeepLIFT with the linear and the rescale rule, through one network.

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
        ### BEGIN SOLUTION agreement: deeplift
        import tensorflow as tf

        x, r = self._forward(inputs), self._forward(references)

        def back(step: Step, received: tf.Tensor) -> list[tf.Tensor]:
            at_x, at_r = ([each[source] for source in step.sources] for each in (x, r))
            if isinstance(step, Pass):
                return [received * multiplier(step.function, at_x[0], at_r[0])]
            if isinstance(step, Route) and step.chooses:
                return maximum(step.function, at_x, at_r, received, received)
            return self._forward.gradient(step, at_x, received)

        output = x[self._network.output]
        received = backward(self._network, tf.ones_like(output) * start(output), back)
        last = self._network.inputs - 1
        return received[last] * (x[last] - r[last])
        ### END SOLUTION


def multiplier(function: Callable[[Any], tf.Tensor], x: tf.Tensor, r: tf.Tensor) -> tf.Tensor:
    """The rescale rule of an activation: what it gains, by what its input differs.

    Args:
        function: the activation.
        x: what it received ``(n, *shape)``.
        r: what it receives from the reference ``(n or 1, *shape)``.
    """
    ### BEGIN SOLUTION agreement: multiplier
    at_x, at_r = function(x), function(r)
    mean = mean_slope(function, r, x)
    return quotient(at_x - at_r, x - r, mean, (x, r, at_x, at_r))
    ### END SOLUTION


def quotient(
    gain: tf.Tensor, difference: tf.Tensor, mean: tf.Tensor, of: tuple[tf.Tensor, ...]
) -> tf.Tensor:
    """The gain for each unit of a difference.

    Where the mean slope explains the gain but for rounding, it is taken instead: a quotient of two
    small differences is mostly noise. So no threshold for the differences has to be chosen, and
    what is added up is wrong by rounding at most, also beside a kink.

    Args:
        gain: of a function.
        difference: of its argument.
        mean: of the function's derivative on the way.
        of: the numbers whose rounding the gain may hold.
    """
    ### BEGIN SOLUTION agreement: multiplier
    import tensorflow as tf

    largest = reduce(tf.maximum, map(tf.abs, of))
    explained = tf.abs(gain - mean * difference) <= _UNITS * largest
    same = tf.equal(difference, 0)
    return tf.where(explained | same, mean, tf.math.divide_no_nan(gain, difference))
    ### END SOLUTION


def mean_slope(function: Callable[[Any], tf.Tensor], start: tf.Tensor, end: tf.Tensor) -> tf.Tensor:
    """The mean derivative of a function of each number by itself, at Gauss's two points."""
    ### BEGIN SOLUTION agreement: multiplier
    import tensorflow as tf

    half = (end - start) / 2
    away = half / np.float32(np.sqrt(3))
    total = 0.0
    for at in (start + half - away, start + half + away):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(at)
            values = function(at)
        total += tape.gradient(values, at)
    return total / 2
    ### END SOLUTION
