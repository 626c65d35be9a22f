"""Methods of one gradient, against TensorFlow's own gradients and a network worked by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from hwkit import Explanation
from hwkit.attribution.gradients import Deconvnet, GradientTimesInput, GuidedBackprop, Sensitivity
from hwkit.attribution.lrp import LRP
from hwkit.attribution.relevance import composites


def small(seed: int = 0) -> keras.Model:
    x = source = layers.Input((8, 8, 2))
    x = layers.Conv2D(4, 3, activation="relu", name="first")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(3, 2, name="second")(x)
    x = layers.ReLU()(x)
    model = keras.Model(source, layers.Dense(3)(layers.Flatten()(x)))
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=w.shape).astype(np.float32) for w in model.get_weights()])
    return model


@tf.custom_gradient
def guided(x):
    return tf.nn.relu(x), lambda signal: tf.where((x > 0) & (signal > 0), signal, 0.0)


@tf.custom_gradient
def deconvolved(x):
    return tf.nn.relu(x), lambda signal: tf.nn.relu(signal)


def with_relu(relu) -> keras.Model:
    """The small network with another function, which has the gradient that is wanted."""
    function = layers.Lambda(relu)
    x = source = layers.Input((8, 8, 2))
    x = function(layers.Conv2D(4, 3)(x))
    x = function(layers.Conv2D(3, 2)(layers.MaxPooling2D(2)(x)))
    model = keras.Model(source, layers.Dense(3)(layers.Flatten()(x)))
    model.set_weights(small().get_weights())
    return model


def gradient(model: keras.Model, x: np.ndarray, weights: list[float]) -> np.ndarray:
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = tf.reduce_sum(model(x) * tf.constant(weights, tf.float32))
    return tape.gradient(value, x).numpy()


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(5, 8, 8, 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("method", "relu"),
    [(GuidedBackprop(), guided), (Deconvnet(), deconvolved)],
    ids=["guided backprop", "deconvnet"],
)
def test_relus_with_a_rule_of_their_own(method, relu, x):
    """Against TensorFlow's own gradient through a function with that rule."""
    explanation = Explanation(small(), method)
    found = explanation.for_input().absolute(1).explain(x).attribution
    np.testing.assert_allclose(found, gradient(with_relu(relu), x, [0, 1, 0]), atol=1e-4)
    found = explanation.for_input().comparative(0, 2).explain(x[0]).attribution
    wanted = gradient(with_relu(relu), x[:1], [1, 0, -1])[0]
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert not np.allclose(wanted, gradient(small(), x[:1], [1, 0, -1])[0], atol=1e-2)


def test_sensitivity_and_gradient_times_input(x):
    model = small()
    plain = gradient(model, x, [0, 0, 1])
    of = {kind: Explanation(model, kind()) for kind in (Sensitivity, GradientTimesInput)}
    found = of[Sensitivity].for_input().absolute(2).explain(x)
    np.testing.assert_allclose(found.attribution, plain**2, rtol=1e-3, atol=1e-4)
    found = of[GradientTimesInput].for_input().absolute(2).explain(x)
    np.testing.assert_allclose(found.attribution, plain * x, rtol=1e-3, atol=1e-4)
    at_slice = of[GradientTimesInput].for_layer("second").absolute(2).explain(x[0])
    assert at_slice.attribution.shape == (2, 2, 3)


def test_gradient_times_input_adds_up_where_nothing_is_biased(x):
    model = small()
    for layer in model.layers:
        if hasattr(layer, "bias"):
            layer.bias.assign(tf.zeros_like(layer.bias))
    found = Explanation(model, GradientTimesInput()).for_input().absolute(0).explain(x)
    assert (found.completeness_error < 1e-4).all()


def test_a_relu_by_hand():
    """x = (1, 2): hidden (3, -1) with the weights 1 and -5 of the score behind it."""
    source = layers.Input((2,))
    hidden = layers.Dense(2, activation="relu")(source)
    model = keras.Model(source, layers.Dense(1)(hidden))
    model.set_weights(
        [
            np.float32([[1, 1], [1, -1]]),
            np.zeros(2, "f"),
            np.float32([[1], [-5]]),
            np.zeros(1, "f"),
        ]
    )
    answers = {}
    for x in ([1, 2], [2, 1]):  # hidden (3, -1) and (3, 1)
        for kind in (GuidedBackprop, Deconvnet, Sensitivity, GradientTimesInput):
            question = Explanation(model, kind()).for_input().absolute(0)
            answers[kind, x[0]] = question.explain(np.float32(x)).attribution.tolist()
    assert answers[GuidedBackprop, 1] == answers[GuidedBackprop, 2] == [1, 1]
    assert answers[Deconvnet, 1] == answers[Deconvnet, 2] == [1, 1]
    assert answers[Sensitivity, 1] == [1, 1] and answers[Sensitivity, 2] == [16, 36]
    assert answers[GradientTimesInput, 2] == [-8, 6]


def test_deep_taylor_keeps_the_score_where_no_bias_is_positive(x):
    model = small()
    for layer in model.layers:
        if hasattr(layer, "bias"):
            layer.bias.assign(-tf.abs(layer.bias) / 10)
    x = np.abs(x) + 0.5
    score = model.predict(x, verbose=0)[:, 0]
    x, score = x[score > 0], score[score > 0]
    assert len(x) > 1
    for composite in (composites.deep_taylor(0, 5), composites.deep_taylor()):
        found = Explanation(model, LRP(composite)).for_input().absolute(0).explain(x).attribution
        assert (found >= 0).all()
        np.testing.assert_allclose(found.sum(axis=(1, 2, 3)), score, rtol=1e-4)
    with pytest.raises(ValueError, match="Expected both bounds or none"):
        composites.deep_taylor(0)
