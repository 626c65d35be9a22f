"""Weights that are Gaussians: closed forms, draws by hand, uncertainty, files, relevance."""

from __future__ import annotations

import math
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, stats

from hwkit import LRP, Explanation
from hwkit.attribution.relevance import composites
from hwkit.networks.variational import (
    drawn_network,
    draws,
    predictive,
    predictive_scores,
    sample_weights,
    uncertainty,
)
from hwkit.networks.variational_dense import VariationalDense


def _layer(prior: float = 0.7, **options: object) -> VariationalDense:
    layer = VariationalDense(3, prior=prior, seed=4, **options)
    layer.build((None, 5))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(0, 1, w.shape) for w in layer.weights])
    return layer


def _model(seed: int = 0) -> keras.Model:
    entry = keras.Input((4, 4, 1))
    x = keras.layers.Conv2D(2, 3, activation="relu", name="conv")(entry)
    x = keras.layers.Flatten()(x)
    x = VariationalDense(6, "relu", deviation=0.3, seed=seed, name="hidden")(x)
    model = keras.Model(entry, VariationalDense(3, deviation=0.2, seed=seed, name="score")(x))
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        layer.set_weights([rng.normal(0, 0.5, w.shape) for w in layer.weights])
    return model


def _pictures(count: int) -> np.ndarray:
    return np.random.default_rng(9).normal(0, 1, (count, 4, 4, 1)).astype(np.float32)


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(np.asarray(logits, np.float64))
    return odds / odds.sum(-1, keepdims=True)


def test_the_divergence_is_the_integral_that_defines_it() -> None:
    layer = _layer(prior=0.7)
    kernel, bias, kernel_rho, bias_rho = layer.get_weights()
    means = np.concatenate([kernel.ravel(), bias])
    deviations = np.log1p(np.exp(np.concatenate([kernel_rho.ravel(), bias_rho]), dtype=np.float64))
    total = 0.0
    for mean, deviation in zip(means, deviations, strict=True):
        ours, prior = stats.norm(mean, deviation), stats.norm(0, 0.7)
        total += integrate.quad(
            lambda w, p=ours, q=prior: p.pdf(w) * (p.logpdf(w) - q.logpdf(w)),
            mean - 12 * deviation,
            mean + 12 * deviation,
        )[0]
    assert float(layer.divergence()) == pytest.approx(total, rel=1e-4)
    equal = _layer(prior=0.7)
    rho = np.log(np.expm1(0.7))
    equal.set_weights([np.zeros((5, 3)), np.zeros(3), np.full((5, 3), rho), np.full(3, rho)])
    assert float(equal.divergence()) == pytest.approx(0, abs=1e-4)


def test_the_loss_is_the_scaled_divergence_and_only_in_training() -> None:
    layer = _layer(divergence_factor=0.25)
    x = np.ones((2, 5), np.float32)
    layer(x)
    assert layer.losses == []
    layer(x, training=True)
    assert float(layer.losses[0]) == pytest.approx(float(layer.divergence()) / 4, rel=1e-6)


def test_without_training_it_is_the_dense_layer_of_the_means() -> None:
    layer = _layer()
    x = np.random.default_rng(1).normal(0, 1, (7, 5)).astype(np.float32)
    kernel, bias = layer.get_weights()[:2]
    np.testing.assert_allclose(layer(x), x @ kernel + bias, rtol=1e-5, atol=1e-5)


def test_outputs_in_training_scatter_as_those_of_drawn_weights() -> None:
    layer = _layer()
    x = np.random.default_rng(1).normal(0, 1, (1, 5)).astype(np.float32)
    drawn = np.asarray(layer(np.repeat(x, 200_000, 0), training=True))
    kernel, bias, kernel_rho, bias_rho = layer.get_weights()
    rng = np.random.default_rng(2)
    kernels = rng.normal(kernel, np.log1p(np.exp(kernel_rho)), (50_000, 5, 3))
    biases = rng.normal(bias, np.log1p(np.exp(bias_rho)), (50_000, 3))
    expected = np.einsum("d,sdk->sk", x[0], kernels) + biases
    deviation = expected.std(0)
    np.testing.assert_allclose(drawn.std(0), deviation, rtol=0.02)
    np.testing.assert_allclose(drawn.mean(0), expected.mean(0), atol=0.02 * deviation.max())


def test_gradients_reach_means_and_deviations() -> None:
    layer = _layer()
    x = tf.ones((4, 5))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x, training=True) ** 2) + layer.losses[0]
    gradients = tape.gradient(loss, layer.trainable_variables)
    assert len(gradients) == 4
    assert all(np.abs(gradient).min() > 0 for gradient in gradients)


def test_sampled_weights_have_the_deviation_of_rho() -> None:
    mean, rho = np.array([0.0, 1.0, -2.0, 5.0]), np.array([0.0, -30.0, 500.0, 2.0])
    ones = np.ones((2, 4)) * [[1], [-1]]
    expected = np.array([math.log(2), math.exp(-30), 500.0, math.log1p(math.exp(2))])
    found = sample_weights(np.zeros(4), rho, ones)
    np.testing.assert_allclose(found, [expected, -expected], rtol=1e-6)
    np.testing.assert_array_equal(sample_weights(mean, rho, np.zeros(4)), mean)


def test_predictive_is_the_mean_and_spread_of_probabilities() -> None:
    logits = np.random.default_rng(0).normal(0, 2, (6, 4, 3))
    probabilities = _softmax(logits)
    mean, spread = predictive(logits)
    np.testing.assert_allclose(mean, probabilities.mean(0), rtol=1e-9)
    np.testing.assert_allclose(spread, probabilities.std(0), rtol=1e-9)
    mean, spread = predictive(np.array([[[1000.0, 0, -1000]], [[0, 1000.0, -1000]]]))
    np.testing.assert_allclose(mean, [[0.5, 0.5, 0]])
    np.testing.assert_allclose(spread, [[0.5, 0.5, 0]])


def test_uncertainty_is_told_apart() -> None:
    sure, torn = 60.0, 0.0
    logits = np.array(
        [
            [[sure, 0, 0], [torn, torn, torn], [sure, 0, 0]],
            [[sure, 0, 0], [torn, torn, torn], [0, sure, 0]],
        ]
    )
    found = uncertainty(logits)  # agreed and sure, agreed and torn, each sure of another class
    np.testing.assert_allclose(found.entropy, [0, math.log(3), math.log(2)], atol=1e-12)
    np.testing.assert_allclose(found.aleatoric, [0, math.log(3), 0], atol=1e-12)
    np.testing.assert_allclose(found.epistemic, [0, 0, math.log(2)], atol=1e-12)
    logits = np.random.default_rng(3).normal(0, 2, (5, 8, 4))
    found = uncertainty(logits)
    p = _softmax(logits)
    # Mutual information as the mean divergence of the draws from their mean, another way round.
    divergence = np.mean([stats.entropy(each, p.mean(0), axis=1) for each in p], axis=0)
    np.testing.assert_allclose(found.epistemic, divergence, rtol=1e-9)
    np.testing.assert_allclose(found.entropy, stats.entropy(p.mean(0), axis=1), rtol=1e-9)


def test_draws_are_those_of_the_same_networks_for_every_picture() -> None:
    model, pictures = _model(), _pictures(11)
    found = draws(model, pictures, samples=4, seed=3, batch=4)
    assert found.shape == (4, 11, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(draws(model, pictures[5:6], 4, 3), found[:, 5:6], atol=1e-5)
    np.testing.assert_array_equal(draws(model, pictures, 2, 3, batch=4), found[:2])
    assert np.abs(draws(model, pictures, 4, 4) - found).max() > 0.1
    for k in range(4):
        plain = drawn_network(model, seed=3, draw=k)
        assert not any(isinstance(layer, VariationalDense) for layer in plain.layers)
        np.testing.assert_allclose(plain(pictures), found[k], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(
        predictive_scores(model, 4, 3)(pictures), _softmax(found).mean(0), rtol=1e-4, atol=1e-6
    )


def test_drawn_weights_have_the_means_and_deviations_of_the_layer() -> None:
    model = _model()
    kernel, bias, kernel_rho, bias_rho = model.get_layer("score").get_weights()
    drawn = [drawn_network(model, 1, k).get_layer("score").get_weights() for k in range(150)]
    for values, mean, rho in (
        (np.stack([w for w, _ in drawn]), kernel, kernel_rho),
        (np.stack([b for _, b in drawn]), bias, bias_rho),
    ):
        standard = (values - mean) / np.log1p(np.exp(rho))
        assert np.abs(standard.mean()) < 5 / math.sqrt(standard.size)
        assert standard.std() == pytest.approx(1, abs=5 / math.sqrt(2 * standard.size))


def test_draws_follow_weights_that_change_and_leave_the_model_alone() -> None:
    model, pictures = _model(), _pictures(3)
    before = np.asarray(model(pictures))
    first = draws(model, pictures, 2)
    np.testing.assert_array_equal(model(pictures), before)
    model.get_layer("score").bias.assign_add([1.0, 2.0, 3.0])
    moved = np.broadcast_to(np.array([1, 2, 3]), first.shape)
    np.testing.assert_allclose(draws(model, pictures, 2) - first, moved, atol=1e-4)


def test_a_keras_file_holds_it_all(tmp_path: Path) -> None:
    model, pictures = _model(), _pictures(5)
    model.save(tmp_path / "bayesian.keras")
    again = keras.models.load_model(tmp_path / "bayesian.keras")
    np.testing.assert_allclose(draws(again, pictures, 3), draws(model, pictures, 3), atol=1e-5)
    assert again.get_layer("score").get_config() == model.get_layer("score").get_config()


def test_relevance_goes_through_the_network_of_the_means() -> None:
    model, pictures = _model(), _pictures(1)
    plain = drawn_network(model)
    for ours, theirs in zip(plain.layers, model.layers, strict=True):
        ours.set_weights(theirs.get_weights()[:2])

    def relevance(network: keras.Model) -> np.ndarray:
        method = LRP(composites.epsilon_plus(1e-6))
        return Explanation(network, method).for_input().absolute(1).explain(pictures[0]).attribution

    found = relevance(model)
    assert np.abs(found).max() > 0.01
    np.testing.assert_allclose(found, relevance(plain), rtol=1e-4, atol=1e-6)


def test_what_cannot_be_is_refused() -> None:
    model = _model()
    with pytest.raises(ValueError, match="at least one sample"):
        draws(model, _pictures(2), 0)
    with pytest.raises(ValueError, match="at least one sample"):
        draws(model, _pictures(0))
    with pytest.raises(ValueError, match="has none"):
        draws(drawn_network(model), _pictures(2))
    for logits in (np.zeros((3, 4)), np.zeros((0, 4, 3))):
        for function in (predictive, uncertainty):
            with pytest.raises(ValueError, match=r"\(samples, n, classes\)"):
                function(logits)
    for wrong in ({"units": 0}, {"units": 2, "prior": 0}, {"units": 2, "deviation": -1}):
        with pytest.raises(ValueError, match="prior > 0"):
            VariationalDense(**wrong)
