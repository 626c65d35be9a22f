"""A network that reads digits and knows what it does not know: its weights are Gaussians."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from hwkit.images.digits import HIGH, LOW
from hwkit.networks.digits import CLASSES, SHAPE
from hwkit.networks.variational_dense import VariationalDense


def build(
    units: Sequence[int] = (200,), *, prior: float = 0.1, deviation: float = 0.02, seed: int = 0
) -> keras.Model:
    """Layers "ink", "flatten", variational "hidden1", "hidden2", ... with rectifiers, and "score".

    "ink" makes paper 0 and ink 1. A pixel that is paper in all pictures then teaches a weight
    nothing, which stays as uncertain as the prior, and ink there later shows it; were paper -1, the
    weights of such pixels would share what is known of the bias.

    Called as it is, the model is the network of the weights' means, with linear output, the same
    for the same seed; `hwkit.networks.variational.draws` asks it with drawn weights.

    Args:
        units: of the hidden layers.
        prior: deviation of the weights before training, around zero.
        deviation: of each weight at the beginning.
        seed: of the means and of the noise in training.
    """
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))
    entry = keras.Input(SHAPE, name="input")
    x = keras.layers.Rescaling(1 / (HIGH - LOW), -LOW / (HIGH - LOW), name="ink")(entry)
    x = keras.layers.Flatten(name="flatten")(x)
    for i, count in enumerate((*units, CLASSES), 1):
        hidden = i <= len(units)
        start = keras.initializers.HeNormal if hidden else keras.initializers.GlorotUniform
        x = VariationalDense(
            count,
            "relu" if hidden else None,
            prior=prior,
            deviation=deviation,
            kernel_initializer=start(next(seeds)),
            seed=next(seeds),
            name=f"hidden{i}" if hidden else "score",
        )(x)
    return keras.Model(entry, x, name="digits_bayesian")
