"""Networks of noughts and ones: what they compute, by hand; the shipped one and its control."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.lib.stride_tricks import sliding_window_view
from scipy.stats import spearmanr

from hwkit import Explanation
from hwkit.attribution.lrp import LRP
from hwkit.attribution.relevance import rules
from hwkit.attribution.relevance.layer import linear_layers
from hwkit.images.bounds import UNIT
from hwkit.images.zero_one import ZeroOne, load_zero_one
from hwkit.networks import BOUNDS, class_names, load
from hwkit.networks.recipes import SHIPPED
from hwkit.networks.small import examples_of
from hwkit.networks.small_cards import predictions
from hwkit.networks.zero_one import POOLINGS, build


@pytest.fixture(scope="module")
def digits() -> ZeroOne:
    return load_zero_one()


def _with_biases(model: keras.Model) -> keras.Model:
    """The network with biases that are not 0, as they begin."""
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if layer.weights and layer.use_bias:
            layer.bias.assign(rng.normal(0, 0.3, layer.bias.shape))
    return model


def _by_hand(model: keras.Model, x: np.ndarray, pooling: str) -> np.ndarray:
    """The scores in float64."""

    def layer(name: str) -> tuple[np.ndarray, np.ndarray | float]:
        kernel, *bias = (np.asarray(w, np.float64) for w in model.get_layer(name).get_weights())
        return kernel, bias[0] if bias else 0.0

    kernel, bias = layer("conv")
    step = 2 if pooling == "none" else 1
    windows = sliding_window_view(x.astype(np.float64), (5, 5), axis=(1, 2))[:, ::step, ::step]
    x = np.maximum(np.einsum("nhwcij,ijcf->nhwf", windows, kernel) + bias, 0)
    if pooling != "none":
        n, height, width, filters = x.shape
        blocks = x.reshape(n, height // 2, 2, width // 2, 2, filters)
        x = blocks.max((2, 4)) if pooling == "max" else blocks.mean((2, 4))
    x = x.reshape(len(x), -1)
    for name in ("hidden1", "hidden2", "score"):
        kernel, bias = layer(name)
        x = x @ kernel + bias
        x = x if name == "score" else np.maximum(x, 0)
    return x


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_it_computes_what_its_layers_say(use_bias: bool, pooling: str, digits: ZeroOne) -> None:
    model = _with_biases(build(use_bias=use_bias, pooling=pooling, seed=3))
    x = digits.x_test[::20]
    np.testing.assert_allclose(np.asarray(model(x)), _by_hand(model, x, pooling), atol=1e-4)
    assert model.get_layer("flatten").output.shape == (None, 12 * 12 * 8)
    weights = 25 * 8 + 1152 * 32 + 32 * 16 + 16 * 2
    assert model.count_params() == weights + (8 + 32 + 16 + 2 if use_bias else 0)


def test_a_seed_decides_the_weights_and_another_pooling_is_refused() -> None:
    first, again, other = build(seed=1), build(seed=1), build(seed=2)
    for one, same in zip(first.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)
    assert np.abs(first.get_weights()[0] - other.get_weights()[0]).max() > 0.1
    with pytest.raises(ValueError, match="none, max, average"):
        build(pooling="median")


def _gradient_times_input(model: keras.Model, x: np.ndarray, c: int) -> np.ndarray:
    pictures = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        score = model(pictures)[:, c]
    return np.asarray(tape.gradient(score, pictures)) * x


@pytest.mark.parametrize("pooling", POOLINGS)
def test_relevance_takes_every_variant(pooling: str, digits: ZeroOne) -> None:
    # Without biases LRP-0 is gradient times input (Kindermans et al. 2016), and nothing is lost.
    model, x = build(use_bias=False, pooling=pooling, seed=5), digits.x_test[::20]
    found = Explanation(model, LRP(rules.zero())).for_input().absolute(1).explain(x).attribution
    np.testing.assert_allclose(found, _gradient_times_input(model, x, 1), atol=1e-4)
    np.testing.assert_allclose(found.sum((1, 2, 3)), np.asarray(model(x))[:, 1], atol=1e-4)


@pytest.mark.parametrize("name", ["zero-one", "zero-one-control"])
def test_the_shipped_ones_are_chains_of_linear_layers(name: str, digits: ZeroOne) -> None:
    model, x = load(name), digits.x_test[::20]
    chain = linear_layers(model)
    assert [layer.name for layer in chain] == ["conv", "hidden1", "hidden2", "score"]
    values = x
    for layer in chain:
        values = layer.forward(values, layer.w) + layer.b
        values = values if layer.name == "score" else np.maximum(values, 0)
    np.testing.assert_allclose(values, np.asarray(model(x)), atol=1e-4)
    assert min(np.abs(layer.b).max() for layer in chain) > 1e-3
    assert class_names(name) == ("0", "1")
    assert BOUNDS[name] is UNIT


def test_the_shipped_network_errs_nowhere(digits: ZeroOne) -> None:
    model = load("zero-one")
    for x, y in ((digits.x_train, digits.y_train), (digits.x_test, digits.y_test)):
        np.testing.assert_array_equal(predictions(model, x), y)


def test_the_control_knows_its_labels_by_heart_and_nothing_else(digits: ZeroOne) -> None:
    control = load("zero-one-control")
    x, labels, x_test, y_test = examples_of(SHIPPED["zero-one-control"])
    np.testing.assert_array_equal(x, digits.x_train)
    np.testing.assert_array_equal(np.sort(labels), np.sort(digits.y_train))
    assert 0.35 < np.mean(labels == digits.y_train) < 0.65
    np.testing.assert_array_equal(predictions(control, x), labels)
    assert 0.35 < np.mean(predictions(control, x_test) == y_test) < 0.65
    np.testing.assert_array_equal(y_test, digits.y_test)


@pytest.mark.parametrize("c", [0, 1])
def test_the_control_is_alive_and_sees_other_pixels(c: int, digits: ZeroOne) -> None:
    x = digits.x_test
    maps = [_gradient_times_input(load(name), x, c) for name in ("zero-one", "zero-one-control")]
    assert min(np.abs(each).max((1, 2, 3)).min() for each in maps) > 0.01
    on_ink = [spearmanr(a[ink], b[ink]).statistic for a, b, ink in zip(*maps, x > 0, strict=True)]
    assert abs(np.mean(on_ink)) < 0.15
    assert np.max(on_ink) < 0.4
