"""Each rule on each kind of layer, against its formula on the layer's matrix."""

from __future__ import annotations

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from hwkit.attribution.relevance import rules
from hwkit.attribution.relevance.composites import Composite, uniform
from hwkit.attribution.relevance.from_keras import network_of
from hwkit.attribution.relevance.propagation import Propagation, Result
from hwkit.attribution.relevance.rules import Rule

LAYERS = {
    "dense": (lambda: layers.Dense(4), (6,)),
    "dense on rows": (lambda: layers.Dense(4), (3, 5)),
    "conv1d": (lambda: layers.Conv1D(3, 3, strides=2, padding="same"), (7, 2)),
    "conv2d": (lambda: layers.Conv2D(3, 3, strides=2, padding="same"), (6, 5, 2)),
    "dilated": (lambda: layers.Conv2D(2, 2, dilation_rate=2), (5, 5, 2)),
    "depthwise": (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), (5, 5, 2)),
    "transposed": (lambda: layers.Conv2DTranspose(2, 3, strides=2, padding="same"), (3, 3, 2)),
}
LOW, HIGH = -3.0, 2.5


def built(make, shape: tuple[int, ...], seed: int = 0) -> keras.Model:
    """A model of one layer, with weights and biases drawn at random."""
    source = layers.Input(shape)
    model = keras.Model(source, make()(source))
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=w.shape).astype(np.float32) for w in model.get_weights()])
    return model


def propagate(model: keras.Model, rule: Rule, x: np.ndarray, start: np.ndarray) -> Result:
    """Relevance from the given relevance of the output ``(n, *output)``."""
    network = network_of(model)
    run = Propagation(network, uniform(rule).rules_of(network))
    return run((tf.constant(x),), lambda output: start / output)


def matrix_of(model: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """The layer as a matrix ``(inputs, outputs)`` and a bias ``(outputs,)``, float64."""
    shape = model.input_shape[1:]
    origin = tf.zeros((1, *shape))
    with tf.GradientTape() as tape:
        tape.watch(origin)
        output = model(origin)
    jacobian = tape.jacobian(output, origin).numpy()
    outputs = int(np.prod(output.shape[1:]))
    return jacobian.reshape(outputs, -1).T.astype(np.float64), output.numpy().ravel()


@cache
def layer_and_matrix(kind: str) -> tuple[keras.Model, np.ndarray, np.ndarray]:
    model = built(*LAYERS[kind])
    return model, *matrix_of(model)


def positive(a):
    return np.maximum(a, 0)


def negative(a):
    return np.minimum(a, 0)


def shared(parts: np.ndarray, kept: np.ndarray | float, start: np.ndarray) -> np.ndarray:
    """Relevance in proportion to parts ``(inputs, outputs)``, where the bias keeps some."""
    whole = parts.sum(axis=0) + kept
    per_unit = np.divide(start, whole, out=np.zeros_like(whole), where=whole != 0)
    return parts @ per_unit


def expected(name: str, w: np.ndarray, b: np.ndarray, x: np.ndarray, start: np.ndarray):
    """The formula for one instance, written out on the matrix."""
    c = x[:, np.newaxis] * w
    z = c.sum(axis=0) + b
    if name == "zero":
        return shared(c, b, start)
    if name == "zero, no bias":
        return shared(c, 0, start)
    if name == "epsilon":
        return c @ (start / (z + 0.3 * np.where(z >= 0, 1, -1)))
    if name == "gamma":
        up = shared(c + 0.5 * positive(c), b + 0.5 * positive(b), np.where(z > 0, start, 0))
        down = shared(c + 0.5 * negative(c), b + 0.5 * negative(b), np.where(z < 0, start, 0))
        return up + down
    if name == "alpha-beta":
        for_it, against = positive(c), negative(c)
        one = for_it.sum(axis=0) + positive(b)
        other = against.sum(axis=0) + negative(b)
        alpha = np.where(other == 0, 1, 3)
        beta = np.where(one == 0, -1, 2)
        return shared(for_it, positive(b), alpha * start) - shared(
            against, negative(b), beta * start
        )
    if name == "z+":
        return shared(positive(c), 0, start)
    connected = w != 0  # random weights are never zero where there is a connection
    if name == "flat":
        return shared(connected.astype(float), 0, start)
    if name == "w^2":
        return shared(w**2, 0, start)
    return shared(c - LOW * positive(w) - HIGH * negative(w), 0, start)


RULES = {
    "zero": rules.zero(),
    "zero, no bias": rules.zero(bias=False),
    "epsilon": rules.epsilon(0.3),
    "gamma": rules.gamma(0.5),
    "alpha-beta": rules.alpha_beta(3, 2),
    "z+": rules.z_plus(),
    "flat": rules.flat(),
    "w^2": rules.w_squared(),
    "z^B": rules.z_box(LOW, HIGH),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("inputs", ["any", "positive"])
def test_a_rule_is_its_formula(name, kind, inputs):
    model, w, b = layer_and_matrix(kind)
    shape = model.input_shape[1:]
    rng = np.random.default_rng(1)
    x = rng.uniform(LOW if inputs == "any" else 0.1, HIGH, (3, *shape)).astype(np.float32)
    start = rng.normal(size=(3, *model.output_shape[1:])).astype(np.float32)
    start *= np.abs(model(x)) > 0.1  # LRP-0 divides by it: near zero, what counts is the rounding
    found = propagate(model, RULES[name], x, start).relevance[0].numpy()
    for place in range(3):
        wanted = expected(name, w, b, x[place].ravel().astype(float), start[place].ravel())
        scale = np.abs(wanted).max()
        np.testing.assert_allclose(found[place].ravel() / scale, wanted / scale, atol=1e-5)


@pytest.mark.parametrize("name", RULES)
def test_what_is_received_is_passed_or_kept_by_the_bias(name):
    model = built(*LAYERS["conv2d"])
    rng = np.random.default_rng(2)
    x = rng.uniform(LOW, HIGH, (4, 6, 5, 2)).astype(np.float32)
    start = rng.normal(size=(4, *model.output_shape[1:])).astype(np.float32)
    ((handed,),) = [propagate(model, RULES[name], x, start).handed.values()]
    missing = np.asarray(handed.received - handed.passed - handed.to_bias)
    size = np.abs(start).reshape(4, -1).sum(axis=1)
    if name == "epsilon":
        assert (np.abs(missing) > 1e-3 * size).all()  # what epsilon is for
    else:
        assert (np.abs(missing) < 1e-4 * size).all()
    assert np.any(handed.to_bias) == (name in ("zero", "epsilon", "gamma", "alpha-beta"))


def single(weights: list[float], bias: float) -> keras.Model:
    model = built(lambda: layers.Dense(1), (len(weights),))
    model.set_weights([np.array(weights, np.float32)[:, np.newaxis], np.float32([bias])])
    return model


@pytest.mark.parametrize(
    ("weights", "bias", "x", "alpha", "wanted"),
    [
        # z = 1 - 1 - 1 = -1: the positive part is 1, the negative one 1 and the bias's 1.
        ([1, -1], -1, [1, 1], 1, [1, 0]),
        ([1, -1], -1, [1, 1], 2, [2, -0.5]),
        # Nothing is negative (or positive): what there is shares the whole, once.
        ([1, 3], 0, [1, 1], 2, [0.25, 0.75]),
        ([-1, -3], 0, [1, 1], 2, [0.25, 0.75]),
        ([-1, -3], 0, [-1, 1], 2, [2, -1]),
        ([1, 3], 1, [1, 1], 2, [0.2, 0.6]),
        # Only the bias is negative, and keeps -1.
        ([1, 3], -1, [1, 1], 2, [0.5, 1.5]),
        # Nothing at all speaks for or against: there is nobody to give it to.
        ([1, 3], 0, [0, 0], 2, [0, 0]),
    ],
)
def test_alpha_beta_by_hand(weights, bias, x, alpha, wanted):
    model = single(weights, bias)
    network = network_of(model)
    run = Propagation(network, uniform(rules.alpha_beta(alpha, alpha - 1)).rules_of(network))
    z = float(np.dot(weights, x) + bias)
    found = run((tf.constant([x], tf.float32),), lambda output: 1 / z if z else 1.0)
    np.testing.assert_allclose(found.relevance[0][0], wanted, atol=1e-6)


def test_a_box_of_channels_meets_padding_as_the_network_does():
    """Beyond the border there is no pixel, so none there gets relevance."""
    source = layers.Input((4, 4, 3))
    model = keras.Model(source, layers.Conv2D(2, 3)(layers.ZeroPadding2D(1)(source)))
    same = built(lambda: layers.Conv2D(2, 3, padding="same"), (4, 4, 3))
    model.set_weights(same.get_weights())
    low, high = np.array([-1, -2, -3.0]), np.array([1, 0.5, 2.0])
    x = np.random.default_rng(3).uniform(low, high, (2, 4, 4, 3)).astype(np.float32)
    start = np.ones((2, 4, 4, 2), np.float32)
    rule = rules.z_box(low, high)
    padded = propagate(model, rule, x, start).relevance[0]
    np.testing.assert_allclose(padded, propagate(same, rule, x, start).relevance[0], atol=1e-5)
    np.testing.assert_allclose(padded.numpy().sum(), start.sum(), rtol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rules.alpha_beta(2, 2), "alpha - beta = 1 .*alpha=2, beta=2"),
        (lambda: rules.alpha_beta(0.5, -0.5), "beta >= 0"),
        (lambda: rules.epsilon(-1), "epsilon of 0 or more. Received: -1"),
        (lambda: rules.epsilon(float("nan")), "Received: nan"),
        (lambda: rules.gamma(-0.1), "gamma of 0 or more"),
        (lambda: rules.z_box(1, 0), "low below high. Received: low=1, high=0"),
        (lambda: Composite(rules.zero(), {"convolution": rules.flat()}), "Received: convolution"),
    ],
)
def test_what_is_no_rule(make, message):
    with pytest.raises(ValueError, match=message):
        make()
