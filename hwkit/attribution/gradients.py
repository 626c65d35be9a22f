"""Explanations made of one gradient: sensitivity, gradient times input, guided backprop, deconvnet.

sensitivity             (dQ/dz_j)^2            Gevrey et al. 2003; Simonyan et al. 2013
gradient times input    z_j dQ/dz_j            the simple Taylor decomposition at zero
deconvnet               a signal goes back through a ReLU where the signal is positive
                                               Zeiler & Fergus 2014
guided backprop         ... where the signal and the ReLU's input both are
                                               Springenberg et al. 2015, figure 1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.attribution.aumann_shapley import as_batch
from hwkit.attribution.method import PointMethod, derivative
from hwkit.attribution.relevance.backward import backward
from hwkit.attribution.relevance.forward import Forward
from hwkit.attribution.relevance.from_keras import network_of
from hwkit.attribution.relevance.steps import Network, Pass, Step
from hwkit.network import signature
from hwkit.quantities import Quantity

if TYPE_CHECKING:
    import tensorflow as tf


class _OfGradient(PointMethod):
    """A method that makes something of the gradient by the slice."""

    def get_attributions(self, instance: np.ndarray) -> np.ndarray:
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        slices = self.stream.cut.activations(batch)
        gradients = self.stream.gradients(slices, batch if self.stream.cut.bypassed else None)
        attribution = self._made_of(gradients, slices)
        return attribution[0] if single else attribution

    get_attributions.__doc__ = PointMethod.get_attributions.__doc__

    def _made_of(self, gradients: np.ndarray, slices: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Sensitivity(_OfGradient):
    """How much the quantity answers to a change: the squared gradient. Says nothing of signs."""

    def _made_of(self, gradients: np.ndarray, slices: np.ndarray) -> np.ndarray:
        return np.square(gradients)


class GradientTimesInput(_OfGradient):
    """The gradient times the slice's own value: the simple Taylor decomposition."""

    def _made_of(self, gradients: np.ndarray, slices: np.ndarray) -> np.ndarray:
        return gradients * slices


class _ThroughReLU(PointMethod):
    """A gradient with a rule of its own for ReLUs.

    Args:
        pass_through: names of layers, or of their classes, that the signal is to pass unchanged.
        memory: bytes that one batch may take, about.
    """

    def __init__(self, *, pass_through: Sequence[str] = (), memory: int = 512 * 2**20) -> None:
        super().__init__(memory)
        self.pass_through = tuple(pass_through)

    def get_attributions(self, instance: np.ndarray) -> np.ndarray:
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        found = self._run(self._prepared(), batch)
        signals = np.concatenate([np.asarray(signal)[:real] for signal, real in found])
        return signals[0] if single else signals

    get_attributions.__doc__ = PointMethod.get_attributions.__doc__

    def _back(self, signal: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
        """The signal behind a ReLU with the input x, of the signal before it."""
        raise NotImplementedError

    def _prepared(self) -> Callable[..., Any]:
        """The compiled backward pass, made once for each cut."""
        import tensorflow as tf

        cut, quantity = self.stream.cut, self.stream.quantity
        own = None if isinstance(quantity, Quantity) else quantity
        key = (type(self), self.pass_through, own)
        if key not in cut.compiled:
            network = network_of(cut.tail, self.pass_through)
            forward = Forward(network)
            weights = tf.TensorSpec(None, tf.float32)

            @tf.function(input_signature=[weights, *signature(cut.tail)], autograph=False)
            def run(weights: tf.Tensor, *inputs: tf.Tensor) -> tf.Tensor:
                start = partial(derivative, quantity, weights)
                return _backward(network, forward, inputs, start, self._back)

            cut.compiled[key] = run
        compiled: Callable[..., Any] = cut.compiled[key]
        return compiled


class Deconvnet(_ThroughReLU):
    """The deconvnet: only positive signals go back through a ReLU, whatever its input was."""

    def _back(self, signal: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
        import tensorflow as tf

        return tf.maximum(signal, 0.0)


class GuidedBackprop(_ThroughReLU):
    """Guided backpropagation: only positive signals, and only where the ReLU let something pass."""

    def _back(self, signal: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
        ### BEGIN SOLUTION agreement: guided_relu
        import tensorflow as tf

        return tf.where(x > 0, tf.maximum(signal, 0.0), 0.0)
        ### END SOLUTION


def _backward(
    network: Network,
    forward: Forward,
    inputs: tuple[tf.Tensor, ...],
    start: Callable[[tf.Tensor], tf.Tensor],
    back: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
) -> tf.Tensor:
    """The signal at the last input, as a gradient but for the ReLUs."""
    import tensorflow as tf

    tensors = forward(inputs)

    def share(step: Step, signal: tf.Tensor) -> list[tf.Tensor]:
        sources = [tensors[each] for each in step.sources]
        if isinstance(step, Pass) and step.rectifies:
            return [back(signal, sources[0])]
        return forward.gradient(step, sources, signal)

    output = tensors[network.output]
    signals = backward(network, tf.ones_like(output) * start(output), share)
    return signals[network.inputs - 1]
