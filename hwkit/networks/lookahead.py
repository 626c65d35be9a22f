"""Weights that look ahead: every few steps they go back to an average that follows them.

Zhang et al., "Lookahead optimizer: k steps forward, 1 step back", 2019. The average follows the
more slowly the further training has come (Jordan, "94% on CIFAR-10 in 3.29 seconds on a single
GPU", 2024, section 3.4).
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import tensorflow as tf

EVERY = 5
"""Steps from one going back to the next."""
LAST = 0.95**EVERY
"""Share of the average that stays at the last one."""


class Lookahead:
    """The averages of some weights.

    Args:
        weights: of the network.
        steps: of the whole training.
    """

    def __init__(self, weights: Sequence[keras.Variable], steps: int) -> None:
        self._weights = weights
        self._steps = steps
        self.averages = [tf.Variable(tf.identity(each.value)) for each in weights]

    def after(self, step: tf.Tensor) -> None:
        """Follow, and go back, if it is time to; ``step``, counted from 1, has just been made."""
        tf.cond(tf.equal(step % EVERY, 0), lambda: self._go_back(step), tf.no_op)

    def _go_back(self, step: tf.Tensor) -> tf.Operation:
        stays = LAST * tf.pow(tf.cast(step, tf.float32) / self._steps, 3)
        for average, weight in zip(self.averages, self._weights, strict=True):
            average.assign(stays * average + (1 - stays) * weight.value)
            weight.assign(average)
        return tf.no_op()
