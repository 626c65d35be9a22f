"""A dense layer whose weights are Gaussians: what is known about them, not one value each."""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf
from keras import ops


@keras.saving.register_keras_serializable("hwkit")
class VariationalDense(keras.layers.Layer):
    """A dense layer with a mean and a deviation of each weight and bias.

    Called for an answer, it is the dense layer of the means (`kernel` and `bias`), so that
    gradients, relevance propagation and everything else work as on any network;
    `hwkit.networks.variational.draws` answers with drawn weights. In training it draws what its
    outputs are before the activation, whose mean is that of the means and whose variance is x^2
    times the weights' variances: the local reparameterisation of Kingma, Salimans & Welling,
    "Variational dropout and the local reparameterization trick", 2015, section 2.2, whose gradients
    scatter less than those of drawn weights. It then adds its divergence from the prior to the
    model's losses (Blundell et al., 2015, eq. 1), in the closed form of Gaussians. A loss that is a
    mean over examples needs the divergence divided by the number of training examples.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        *,
        prior: float = 1.0,
        deviation: float = 0.05,
        divergence_factor: float = 1.0,
        kernel_initializer: Any = "he_normal",
        seed: int | None = None,
        **options: Any,
    ) -> None:
        """A layer for inputs (n, d).

        Args:
            units: how many outputs.
            activation: as of keras.layers.Dense.
            prior: deviation of the Gaussian around zero that weights and biases are drawn from
                before any example is seen.
            deviation: of each weight and bias at the beginning.
            divergence_factor: the divergence is multiplied by it before it is added to the losses;
                with model.fit, one over the number of training examples.
            kernel_initializer: of the means; those of biases begin at zero.
            seed: of the noise in training.
            options: of keras.layers.Layer.

        Raises:
            ValueError: no positive number of units, prior or deviation.
        """
        if units < 1 or not (prior > 0 and deviation > 0):
            raise ValueError(
                "Expected units >= 1, prior > 0 and deviation > 0. Received: "
                f"units={units}, prior={prior}, deviation={deviation}."
            )
        super().__init__(**options)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.use_bias = True
        self.prior, self.deviation = prior, deviation
        self.divergence_factor = divergence_factor
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.seed = seed
        self._noise = keras.random.SeedGenerator(seed)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the means (kernel, bias) and what their deviations are made of (rho)."""
        rho = keras.initializers.Constant(math.log(math.expm1(self.deviation)))
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(
            shape=shape, initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(shape=shape[1:], initializer="zeros", name="bias")
        self.kernel_rho = self.add_weight(shape=shape, initializer=rho, name="kernel_rho")
        self.bias_rho = self.add_weight(shape=shape[1:], initializer=rho, name="bias_rho")

    def call(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        """The outputs (n, units): of the means, or drawn in training."""
        z = ops.matmul(x, self.kernel) + self.bias
        if training:
            variance = ops.matmul(ops.square(x), ops.square(ops.softplus(self.kernel_rho)))
            variance += ops.square(ops.softplus(self.bias_rho))
            z += ops.sqrt(variance) * keras.random.normal(ops.shape(z), seed=self._noise)
            self.add_loss(self.divergence_factor * self.divergence())
        return self.activation(z)

    def divergence(self) -> tf.Tensor:
        """The Kullback-Leibler divergence of weights and biases from the prior, in nats.

        Of each: log(prior / deviation) + (deviation^2 + mean^2) / (2 prior^2) - 1/2.
        """
        total = 0.0
        for mean, rho in ((self.kernel, self.kernel_rho), (self.bias, self.bias_rho)):
            deviation = ops.softplus(rho) / self.prior
            squares = (ops.square(deviation) + ops.square(mean / self.prior)) / 2
            total += ops.sum(squares - ops.log(deviation) - 0.5)
        return total

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape of the outputs."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """What Keras writes into a .keras file."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "prior": self.prior,
            "deviation": self.deviation,
            "divergence_factor": self.divergence_factor,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "seed": self.seed,
        }
