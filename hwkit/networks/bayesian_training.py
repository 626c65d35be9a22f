"""The training of a Bayesian network: fits the examples, and leaves the prior only for a reason."""

from __future__ import annotations

import tensorflow as tf

from hwkit.networks.small_training import SmallTraining


class BayesianTraining(SmallTraining):
    """A network of variational layers under training.

    The loss of a batch is the mean cross-entropy under drawn weights plus the divergence from the
    prior over the number of training examples: the evidence's lower bound for one example, less its
    sign (Blundell et al., 2015, eq. 2 and 8). The divergence's factor rises from 0, so that the
    network learns something before it is asked to forget what it does not need (Sonderby et al.,
    "Ladder variational autoencoders", 2016, section 2.3).
    """

    def _penalty(self, step: tf.Tensor) -> tf.Tensor:
        warm = self.recipe.annealing * self._steps * self._epochs
        rise = tf.minimum(1.0, tf.cast(step + 1, tf.float32) / max(warm, 1))
        return tf.add_n(self.model.losses) * rise * self.recipe.divergence / self._examples
