"""The Bayesian network of digits: its training, its command, its shipped weights and card."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from killing import killed_after_one_epoch

from hwkit import LRP, Explanation
from hwkit.attribution.relevance import composites, rules
from hwkit.images.digits import Digits, load_digits
from hwkit.networks import load
from hwkit.networks.bayesian import build
from hwkit.networks.bayesian_training import BayesianTraining
from hwkit.networks.recipes import SHIPPED, TRAINABLE, BayesianRecipe, SmallRecipe
from hwkit.networks.train import main
from hwkit.networks.variational import draws, predictive, uncertainty
from hwkit.paths import data_path

SMALL = BayesianRecipe(units=(9,), epochs=4, batch=16, divergence=0.5)


@pytest.fixture(scope="module")
def digits() -> Digits:
    return load_digits()


def test_without_draws_it_is_the_network_of_the_means(digits: Digits) -> None:
    model = load("digits-bayesian")
    x = (digits.x_test[:40].reshape(40, -1).astype(np.float64) + 1) / 2  # paper is 0, ink 1
    kernel, bias = model.get_layer("hidden1").get_weights()[:2]
    hidden = np.maximum(x @ kernel + bias, 0)
    kernel, bias = model.get_layer("score").get_weights()[:2]
    np.testing.assert_allclose(
        np.asarray(model(digits.x_test[:40])), hidden @ kernel + bias, rtol=1e-4, atol=1e-4
    )
    assert build((30, 20)).count_params() == 2 * (785 * 30 + 31 * 20 + 21 * 10)


def test_the_penalty_is_the_share_of_the_divergence_and_rises(tmp_path: Path) -> None:
    trainer = BayesianTraining(SMALL, 64, tmp_path)  # 4 steps an epoch, 16 in all, 8 of rising
    trainer.model(np.zeros((1, 28, 28, 1), np.float32), training=True)
    divergence = sum(float(layer.divergence()) for layer in trainer.model.layers[3:])
    for step, rise in ((0, 1 / 8), (3, 1 / 2), (7, 1), (15, 1)):
        penalty = float(trainer._penalty(tf.constant(step, tf.int64)))
        assert penalty == pytest.approx(0.5 * divergence * rise / 64, rel=1e-5)


def test_a_killed_run_continues_as_if_nothing_had_happened(tmp_path: Path, digits: Digits) -> None:
    examples = digits.x_train[:64], digits.y_train[:64]
    straight = BayesianTraining(SMALL, 64, tmp_path / "straight")
    straight.run(*examples)
    killed_after_one_epoch(BayesianTraining(SMALL, 64, tmp_path / "killed"), *examples)
    resumed = BayesianTraining(SMALL, 64, tmp_path / "killed")
    assert resumed.epoch == 1
    resumed.run(*examples)
    for ours, theirs in zip(resumed.model.get_weights(), straight.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
    other = BayesianTraining(replace(SMALL, seed=2), 64, tmp_path / "other")
    other.run(*examples)
    first = other.model.get_weights()[0]
    assert np.abs(first - straight.model.get_weights()[0]).max() > 0.01


def test_the_prior_holds_what_the_examples_leave_open(tmp_path: Path, digits: Digits) -> None:
    """No picture has ink in the corner: its weights are drawn to the prior, mean and deviation."""
    recipe = replace(
        SMALL, epochs=60, divergence=0.02, annealing=0.0, learning_rate=1e-2, deviation=0.08
    )
    trainer = BayesianTraining(replace(recipe, shift=0.0, turn=0.0), 64, tmp_path)
    trainer.run(digits.x_train[:64], digits.y_train[:64])
    kernel, _, rho, _ = trainer.model.get_layer("hidden1").get_weights()
    corner, middle = 0, 14 * 28 + 14
    deviation = np.log1p(np.exp(rho))
    np.testing.assert_allclose(deviation[corner], recipe.prior, rtol=1e-3)
    assert np.abs(kernel[corner]).max() < 1e-3 * recipe.prior
    assert deviation[middle].mean() < 0.9 * recipe.prior
    assert np.abs(kernel[middle]).mean() > 0.3 * recipe.prior


def test_the_command_trains_and_writes_what_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits: Digits
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["digits-bayesian", "--units", "40", "--epochs", "6"])
    place = tmp_path / ".cache" / "digits-bayesian-40-seed1"
    card = json.loads((place / "card.json").read_text(encoding="utf-8"))
    model = load(place / "digits-bayesian.keras")
    found = predictive(draws(model, digits.x_test, 100))[0].argmax(1)
    accuracy = np.mean(found == digits.y_test)
    assert accuracy > 0.6
    assert card["measured"]["predictive accuracy"] == pytest.approx(accuracy, abs=0.01)
    assert f"**{card['measured']['predictive accuracy']:.4f}**" in (place / "card.md").read_text()


def test_relevance_is_conserved_but_for_biases(digits: Digits) -> None:
    model = build((30,), seed=3)
    for layer in model.layers[3:]:
        layer.bias.assign(np.zeros(layer.bias.shape))
    method = LRP(composites.uniform(rules.epsilon(1e-7)))
    found = Explanation(model, method).for_input().absolute(4).explain(digits.x_test[0])
    # (x + 1) / 2 has a bias of its own, of which relevance to x keeps nothing where x is -1.
    ink = keras.Model(model.get_layer("flatten").output, model.output)
    inside = Explanation(ink, method).for_input().absolute(4)
    x = (digits.x_test[0].reshape(-1) + 1) / 2
    score = float(np.asarray(model(digits.x_test[:1]))[0, 4])
    assert inside.explain(x).attribution.sum() == pytest.approx(score, rel=1e-3)
    assert np.abs(found.attribution[digits.x_test[0] == -1]).max() < 1e-5


def test_recipes_that_cannot_be_are_refused() -> None:
    for wrong, told in (
        ({"kind": "rectifier"}, "Expected a kind: bayesian"),
        ({"units": ()}, "positive numbers"),
        ({"dropout": 0.1}, "dropout=0"),
        ({"weight_decay": 0.1}, "weight_decay=0"),
        ({"prior": 0.0}, "prior > 0"),
        ({"deviation": -1.0}, "deviation > 0"),
        ({"divergence": -1.0}, "divergence >= 0"),
        ({"annealing": 1.5}, "annealing from 0 to 1"),
    ):
        with pytest.raises(ValueError, match=told):
            replace(SMALL, **wrong)
    with pytest.raises(ValueError, match="Expected a kind: rectifier"):
        SmallRecipe("bayesian")


def test_the_shipped_network_is_unsure_where_it_should_be(digits: Digits) -> None:
    card = json.loads((data_path("models") / "digits-bayesian" / "card.json").read_text("utf-8"))
    assert card["bytes"] < 1_000_000
    measured = card["measured"]
    found = uncertainty(draws(load("digits-bayesian"), digits.x_test, measured["draws"]))
    right = found.mean.argmax(1) == digits.y_test
    assert right.mean() >= 0.97
    assert measured["predictive accuracy"] == pytest.approx(right.mean(), abs=2.1e-3)
    assert found.epistemic[~right].mean() > 2 * found.epistemic[right].mean()
    assert measured["uncertainty"]["right"]["epistemic"] == pytest.approx(
        found.epistemic[right].mean(), rel=0.02
    )
    away = np.roll(digits.x_test[:100], (9, 9), (1, 2))  # ink where no digit had any
    assert uncertainty(draws(load("digits-bayesian"), away, 50)).epistemic.mean() > (
        3 * found.epistemic.mean()
    )
    assert measured["calibration error of the predictive"] < 0.1


def test_the_recipe_of_mnist_learns_real_mnist(tmp_path: Path) -> None:
    """A tenth of the pictures and three epochs; the whole recipe's figures are in the docs."""
    folder = os.environ.get("HWKIT_DATA")
    if not folder or not Path(folder, "mnist.npz").is_file():
        pytest.skip("HWKIT_DATA names no folder with mnist.npz")
    mnist = load_digits("mnist")
    recipe = replace(TRAINABLE["mnist-bayesian"], batch=32, epochs=3, divergence=0.01)
    trainer = BayesianTraining(recipe, 6000, tmp_path)
    trainer.run(mnist.x_train[::10], mnist.y_train[::10])
    found = predictive(draws(trainer.model, mnist.x_test[::5], 20))[0].argmax(1)
    assert np.mean(found == mnist.y_test[::5]) > 0.88
    assert isinstance(SHIPPED["digits-bayesian"], BayesianRecipe)
