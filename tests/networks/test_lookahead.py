"""Weights that go back to an average of theirs every few steps."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from hwkit.networks.lookahead import EVERY, LAST, Lookahead


@pytest.mark.parametrize("compiled", [False, True])
def test_weights_go_back_every_few_steps_ever_less_far(compiled: bool) -> None:
    steps = 4 * EVERY
    weight = keras.Variable(np.array([1.0, -2.0], np.float32))
    lookahead = Lookahead([weight], steps)

    def one(step: tf.Tensor) -> None:
        weight.assign_add([1.0, 0.5])
        lookahead.after(step)

    run = tf.function(one) if compiled else one
    expected = average = np.array([1.0, -2.0])
    for step in range(1, steps + 1):
        expected = np.add(expected, [1.0, 0.5])
        if step % EVERY == 0:
            stays = LAST * (step / steps) ** 3
            expected = average = stays * average + (1 - stays) * expected
        run(tf.constant(step, tf.int64))
        np.testing.assert_allclose(np.asarray(weight), expected, rtol=1e-6)
        np.testing.assert_allclose(np.asarray(lookahead.averages[0]), average, rtol=1e-6)
