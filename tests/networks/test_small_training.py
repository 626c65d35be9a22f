"""Training of the small networks: changes of pictures, resuming, recipes, and the command."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from killing import killed_after_one_epoch
from scipy import ndimage

from hwkit.images.digits import load_digits
from hwkit.networks import load
from hwkit.networks.recipes import SHIPPED, SmallRecipe
from hwkit.networks.small_cards import predictions
from hwkit.networks.small_training import SmallTraining, transformed
from hwkit.networks.train import main

SMALL = SmallRecipe("rectifier", units=(9,), epochs=3, batch=16, dropout=0.5)


def _examples() -> tuple[np.ndarray, np.ndarray]:
    digits = load_digits()
    return digits.x_train[:64], digits.y_train[:64]


def test_pictures_are_changed_as_scipy_changes_them() -> None:
    pictures = load_digits().x_test[:4]
    shifts = np.array([[2, -1], [0, 0], [1.5, 0.5], [0, 0]], np.float32)
    angles = np.array([0, 0.3, -0.2, 0], np.float32)
    sizes = np.array([[1, 1], [1, 1], [1.1, 0.9], [1, 1]], np.float32)
    found = np.asarray(transformed(pictures, shifts, angles, sizes))
    np.testing.assert_allclose(found[3], pictures[3], atol=1e-5)
    np.testing.assert_allclose(found[0, :-1, 2:], pictures[0, 1:, :-2], atol=1e-5)
    for k, picture in enumerate(pictures[..., 0]):
        # Forward, a point (row, column) less the middle is stretched, turned and moved.
        cos, sin = np.cos(angles[k]), np.sin(angles[k])
        forward = np.array([[cos, sin], [-sin, cos]]) @ np.diag(sizes[k, ::-1])
        back = np.linalg.inv(forward)
        offset = 13.5 - back @ (13.5 + shifts[k, ::-1])
        expected = ndimage.affine_transform(picture, back, offset, order=1, cval=-1)
        np.testing.assert_allclose(found[k, ..., 0], expected, atol=1e-4)


def test_each_epoch_changes_a_picture_anew_and_a_seed_decides_how(tmp_path: Path) -> None:
    pictures = tf.constant(np.repeat(load_digits().x_test[:1], 16, 0))
    first, again, other = (
        SmallTraining(replace(SMALL, seed=seed), 64, tmp_path) for seed in (1, 1, 2)
    )
    one = np.asarray(first._inputs(pictures, tf.constant(7, tf.int64)))
    np.testing.assert_array_equal(one, again._inputs(pictures, tf.constant(7, tf.int64)))
    assert np.abs(one - first._inputs(pictures, tf.constant(8, tf.int64))).max() > 0.5
    assert np.abs(one - other._inputs(pictures, tf.constant(7, tf.int64))).max() > 0.5
    assert np.abs(one[0] - one[1]).max() > 0.5
    still = SmallTraining(replace(SMALL, shift=0.0, turn=0.0, stretch=0.0), 64, tmp_path)
    np.testing.assert_array_equal(still._inputs(pictures, tf.constant(7, tf.int64)), pictures)


def test_a_killed_run_continues_as_if_nothing_had_happened(tmp_path: Path) -> None:
    examples = _examples()
    straight = SmallTraining(SMALL, 64, tmp_path / "straight")
    straight.run(*examples)
    killed_after_one_epoch(SmallTraining(SMALL, 64, tmp_path / "killed"), *examples)
    resumed = SmallTraining(SMALL, 64, tmp_path / "killed")
    assert resumed.epoch == 1
    resumed.run(*examples)
    assert [record["loss"] for record in resumed.history] == pytest.approx(
        [record["loss"] for record in straight.history], rel=1e-4
    )
    for ours, theirs in zip(resumed.model.get_weights(), straight.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="another recipe"):
        SmallTraining(replace(SMALL, turn=3.0), 64, tmp_path / "killed")


def test_recipes_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for wrong, told in (
        ({"kind": "rectifer"}, "Expected a kind"),
        ({"data": "xor"}, "bundled or mnist or fashion"),
        ({"kind": "xor", "units": ()}, "Expected data xor"),
        ({"units": ()}, "positive numbers"),
        ({"units": (3, 0)}, "positive numbers"),
        ({"kind": "lenet"}, "none, for its layers are fixed"),
        ({"epochs": 0}, "epochs >= 1"),
        ({"seed": -1}, "seed >= 0"),
    ):
        with pytest.raises(ValueError, match=told):
            replace(SMALL, **wrong)
    with pytest.raises(ValueError, match="at least one batch"):
        SmallTraining(SMALL, 15, tmp_path)


def test_the_command_trains_continues_and_writes_what_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["digits-tanh", "--units", "12", "--epochs", "2", "--seed", "4"]
    main(command)
    place = tmp_path / ".cache" / "digits-tanh-12-seed4"  # not models/: no recipe of the course
    card = json.loads((place / "card.json").read_text(encoding="utf-8"))
    assert card["made by"] == (
        "python -m hwkit.networks.train digits-tanh --seed 4 --epochs 2 --units 12"
    )
    assert card["recipe"]["units"] == [12]
    digits = load_digits()
    accuracy = np.mean(
        predictions(load(place / "digits-tanh.keras"), digits.x_test) == digits.y_test
    )
    assert accuracy > 0.3
    assert card["measured"]["test accuracy"] == pytest.approx(accuracy, abs=0.01)
    weights = (place / "weights.npz").read_bytes()
    main(command)
    assert "continuing after epoch 2 of 2" in capsys.readouterr().out
    assert (place / "weights.npz").read_bytes() == weights
    assert not (tmp_path / "models").exists()


def test_the_command_refuses_options_of_other_networks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for wrong in (
        ["pocket", "--units", "3"],
        ["pocket", "--data", "mnist"],
        ["digits", "--images", "28"],
        ["digit"],
    ):
        with pytest.raises(SystemExit):
            main(wrong)
    assert "--images is not for digits. Leave it out." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["xor", "--data", "mnist"])
    assert "Expected data xor" in capsys.readouterr().err


def test_recipes_learn_real_mnist(tmp_path: Path) -> None:
    """A tenth of the pictures and two epochs; the whole recipe's figures are in the docs."""
    folder = os.environ.get("HWKIT_DATA")
    if not folder or not Path(folder, "mnist.npz").is_file():
        pytest.skip("HWKIT_DATA names no folder with mnist.npz")
    digits = load_digits("mnist")
    recipe = replace(SHIPPED["digits-lenet"], data="mnist", epochs=2)
    trainer = SmallTraining(recipe, 6000, tmp_path)
    trainer.run(digits.x_train[::10], digits.y_train[::10])
    assert np.mean(predictions(trainer.model, digits.x_test) == digits.y_test) > 0.93
