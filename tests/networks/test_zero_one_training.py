"""Training on noughts and ones: what it reaches, that it can be repeated, and refusals."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hwkit.images.zero_one import ZeroOne, load_zero_one
from hwkit.networks import load
from hwkit.networks.recipes import SHIPPED, ZeroOneRecipe
from hwkit.networks.small import training_labels
from hwkit.networks.small_cards import data_of, predictions
from hwkit.networks.small_training import SmallTraining
from hwkit.networks.zero_one_training import train_zero_one


@pytest.fixture(scope="module")
def digits() -> ZeroOne:
    return load_zero_one()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("use_bias", "pooling"), [(True, "none"), (False, "none"), (True, "max"), (True, "average")]
)
def test_two_epochs_suffice(use_bias: bool, pooling: str, seed: int, digits: ZeroOne) -> None:
    model, history = train_zero_one(
        digits, use_bias=use_bias, pooling=pooling, seed=seed, progress=False
    )
    assert len(history) == 2
    found = np.asarray(model(digits.x_test)).argmax(1)
    assert history[-1]["test accuracy"] == np.mean(found == digits.y_test) >= 0.98
    assert ("pool" in {layer.name for layer in model.layers}) == (pooling != "none")
    assert model.get_layer("hidden1").use_bias is use_bias


def test_two_epochs_suffice_on_real_mnist() -> None:
    folder = os.environ.get("HWKIT_DATA")
    if not folder or not Path(folder, "mnist.npz").is_file():
        pytest.skip("HWKIT_DATA names no folder with mnist.npz")
    _, history = train_zero_one("mnist", progress=False)
    assert history[-1]["test accuracy"] > 0.995


def test_a_seed_repeats_and_is_that_of_the_shipped_network(digits: ZeroOne) -> None:
    model, history = train_zero_one(digits, progress=False)
    again, same = train_zero_one("bundled", progress=False)
    assert [record["loss"] for record in same] == pytest.approx(
        [record["loss"] for record in history], rel=1e-3
    )
    other = train_zero_one(digits, seed=2, progress=False)[0]
    for ours, theirs, elses, shipped in zip(
        *(net.get_weights() for net in (model, again, other, load("zero-one"))), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
        np.testing.assert_allclose(ours, shipped, atol=2e-3)
        assert np.abs(ours - elses).max() > 4e-3


def test_shuffled_labels_can_only_be_learned_by_heart(digits: ZeroOne) -> None:
    few = replace(digits, x_train=digits.x_train[:40], y_train=digits.y_train[:40])
    model, history = train_zero_one(few, shuffled_labels=True, epochs=120, progress=False)
    labels = training_labels(ZeroOneRecipe(shuffled_labels=True), few.y_train)
    assert 0.2 < np.mean(labels == few.y_train) < 0.8
    np.testing.assert_array_equal(predictions(model, few.x_train), labels)
    assert history[-1]["accuracy"] == 1
    assert history[-1]["test accuracy"] < 0.8


def test_labels_are_shuffled_by_the_seed() -> None:
    labels = np.repeat([0, 1], 50)
    first, again, other = (
        training_labels(ZeroOneRecipe(shuffled_labels=True, seed=seed), labels)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (np.bincount(first) == 50).all()
    np.testing.assert_array_equal(labels, np.repeat([0, 1], 50))
    assert training_labels(ZeroOneRecipe(), labels) is labels


def test_a_paused_training_goes_on_as_if_nothing_had_happened(digits: ZeroOne) -> None:
    straight, paused = (SmallTraining(ZeroOneRecipe(epochs=3), 260, None) for _ in range(2))
    straight.run(digits.x_train, digits.y_train, progress=False)
    for until, epoch in ((0, 0), (1, 1), (1, 1), (2, 2), (9, 3)):
        paused.run(digits.x_train, digits.y_train, progress=False, until=until)
        assert paused.epoch == epoch
    for ours, theirs in zip(paused.model.get_weights(), straight.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_the_bar_shows_the_epochs(digits: ZeroOne, capsys: pytest.CaptureFixture[str]) -> None:
    train_zero_one(digits, epochs=1)
    shown = capsys.readouterr().err
    assert "1/1" in shown
    assert "test accuracy=" in shown
    train_zero_one(digits, epochs=1, progress=False)
    assert capsys.readouterr().err == ""


def test_the_card_tells_what_the_control_was_trained_with() -> None:
    assert "labels were shuffled" in data_of(SHIPPED["zero-one-control"])
    assert "labels were shuffled" not in data_of(SHIPPED["zero-one"])
    assert data_of(SHIPPED["digits"]).startswith("hwkit.images.bundled_digits")


def test_what_cannot_be_is_refused(digits: ZeroOne) -> None:
    for wrong, told in (
        ({"data": "fashion"}, "Expected data bundled or mnist"),
        ({"dropout": 0.2}, "dropout, shift, turn and stretch 0"),
        ({"shift": 1.0}, "dropout, shift, turn and stretch 0"),
        ({"pooling": "min"}, "none, max, average"),
        ({"units": (3,)}, "none, for its layers are fixed"),
        ({"epochs": 0}, "epochs >= 1"),
    ):
        with pytest.raises(ValueError, match=told):
            ZeroOneRecipe(**wrong)
    with pytest.raises(TypeError, match=r"ZeroOne\(name.*Received: ndarray"):
        train_zero_one(digits.x_train)
    with pytest.raises(ValueError, match="Expected a set: bundled, mnist"):
        train_zero_one("letters")
    with pytest.raises(ValueError, match="epochs >= 1"):
        train_zero_one(digits, epochs=0)
    with pytest.raises(ValueError, match="at least one batch"):
        train_zero_one(replace(digits, x_train=digits.x_train[:7], y_train=digits.y_train[:7]))
