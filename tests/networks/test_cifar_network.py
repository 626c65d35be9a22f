"""The network of CIFAR-10: whitening, folding, its training on drawn pictures, relevance."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from killing import killed_after_one_epoch

from hwkit import LRP, Explanation
from hwkit.attribution.relevance import composites, rules
from hwkit.images.bounds import SIGNED
from hwkit.images.cifar import CIFAR_CLASSES
from hwkit.networks import class_names, load
from hwkit.networks.cifar import REGULARISER, PartlyIdentity, build, fold, whitening
from hwkit.networks.cifar_training import CifarRecipe, CifarTraining, shifted, with_hole
from hwkit.networks.folding import SUFFIX
from hwkit.networks.train import main

SMALL = CifarRecipe(widths=(4, 6, 8), epochs=3, batch=16)


def _drawn(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Noisy pictures whose class is their brightness, uint8, and labels."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    noise = rng.normal(0, 12, (count, 32, 32, 3))
    return np.clip(20 + 22 * labels[:, None, None, None] + noise, 0, 255).astype(np.uint8), labels


def _worn(widths: tuple[int, ...] = (4, 6, 8)) -> keras.Model:
    """A network as training could leave it: offsets and moments of its normalisations drawn."""
    trained = build(widths, seed=2, training=True)
    rng = np.random.default_rng(0)
    for layer in trained.layers:
        if layer.name.endswith(SUFFIX):
            size = layer.beta.shape
            layer.beta.assign(rng.normal(0, 0.5, size))
            layer.mean.assign(rng.normal(0, 0.5, size))
            layer.variance.assign(rng.uniform(0.5, 2, size))
    return trained


def test_the_layers_are_plain_and_their_outputs_as_said() -> None:
    model = build()
    kinds = {type(layer).__name__ for layer in model.layers}
    assert kinds == {"InputLayer", "Conv2D", "MaxPooling2D", "Flatten", "Dense"}
    sides = [layer.output.shape[1] for layer in model.layers if len(layer.output.shape) == 4]
    assert sides == [32, 31, 31, 15, 15, 15, 7, 7, 7, 3, 3, 1]
    weights = 2 * 2 * 3 * 24 + 24 + 320 * 10 + 10
    for before, after in ((24, 64), (64, 64), (64, 192), (192, 192), (192, 320), (320, 320)):
        weights += 9 * before * after + after
    assert model.count_params() == weights
    assert model.layers[-1].activation is keras.activations.linear
    np.testing.assert_array_equal(build(seed=1).get_weights()[2], build(seed=1).get_weights()[2])


def test_folding_keeps_the_scores_also_through_the_pooling() -> None:
    trained = _worn()
    x = np.random.default_rng(1).uniform(-1, 1, (6, 32, 32, 3)).astype(np.float32)
    before = np.asarray(trained(x, training=False))
    assert before.std(0).min() > 1e-3
    np.testing.assert_allclose(fold(trained)(x), before, atol=2e-5 * np.abs(before).max())


def test_scales_of_normalisations_are_not_trained() -> None:
    trained = build((4, 6, 8), training=True)
    names = [variable.path for variable in trained.trainable_variables]
    assert not any("gamma" in name or "whiten" in name for name in names)
    assert sum("beta" in name for name in names) == 6
    assert len(names) == 6 + 6 + 2


def test_whitened_patches_have_no_correlations() -> None:
    rng = np.random.default_rng(0)
    rough = rng.normal(0, 0.3, (50, 32, 32, 1)) + rng.normal(0, 0.05, (50, 32, 32, 3))
    smooth = (rough + np.roll(rough, 1, 1) + np.roll(rough, 1, 2)).astype(np.float32)
    kernel = whitening(smooth)
    assert kernel.shape == (2, 2, 3, 24)
    np.testing.assert_array_equal(kernel[..., 12:], -kernel[..., :12])
    apart = np.asarray(tf.nn.conv2d(smooth, kernel[..., :12], 2, "VALID")).reshape(-1, 12)
    found = np.cov(apart, rowvar=False, bias=True)
    off = found - np.diag(np.diag(found))
    np.testing.assert_allclose(off, 0, atol=1e-3)
    assert np.diag(found).max() < 1
    # Along a direction of variance v it leaves v / (v + r).
    patches = np.asarray(tf.nn.space_to_depth(smooth, 2)).reshape(-1, 12)
    variances = np.linalg.eigvalsh(np.cov(patches, rowvar=False, bias=True))
    expected = variances / (variances + REGULARISER)
    np.testing.assert_allclose(np.sort(np.diag(found)), np.sort(expected), rtol=1e-3)


def test_pictures_are_moved_and_reflected_at_the_edges() -> None:
    pictures = np.random.default_rng(0).normal(0, 1, (4, 32, 32, 3)).astype(np.float32)
    offsets = np.array([[0, 0], [2, -1], [-2, 2], [1, 0]])
    found = np.asarray(shifted(tf.constant(pictures), tf.constant(offsets, tf.int32), 2))
    np.testing.assert_array_equal(found[0], pictures[0])
    for k, (up, left) in enumerate(offsets):
        padded = np.pad(pictures[k], ((2, 2), (2, 2), (0, 0)), "reflect")
        expected = padded[2 + up : 34 + up, 2 + left : 34 + left]
        np.testing.assert_array_equal(found[k], expected)


def test_a_square_of_each_picture_is_grey_and_cut_off_at_the_edges() -> None:
    ones = tf.ones((4, 32, 32, 3))
    for side, first, last in ((8, -3, 4), (7, -3, 3)):
        centres = np.array([[10, 20], [0, 16], [31, 31], [5, 0]])
        found = np.asarray(with_hole(ones, tf.constant(centres, tf.int32), side))
        for picture, (row, column) in zip(found, centres, strict=True):
            expected = np.ones((32, 32, 3))
            rows = slice(max(0, row + first), row + last + 1)
            expected[rows, max(0, column + first) : column + last + 1] = 0
            np.testing.assert_array_equal(picture, expected)


def test_convolutions_begin_by_passing_on_what_they_are_given() -> None:
    x = np.random.default_rng(0).normal(size=(1, 5, 5, 3)).astype(np.float32)
    more = PartlyIdentity(4)((3, 3, 3, 7))
    found = np.asarray(tf.nn.conv2d(x, more, 1, "SAME"))
    np.testing.assert_allclose(found[..., :3], x, atol=1e-6)
    others = np.asarray(more)[..., 3:]
    assert 0.9 / np.sqrt(27) < np.abs(others).max() <= 1 / np.sqrt(27)
    np.testing.assert_array_equal(more, PartlyIdentity(4)((3, 3, 3, 7)))
    fewer = np.asarray(tf.nn.conv2d(x, PartlyIdentity(4)((3, 3, 3, 2)), 1, "SAME"))
    np.testing.assert_allclose(fewer, x[..., :2], atol=1e-6)


def test_offsets_of_normalisations_learn_faster(tmp_path: Path) -> None:
    pictures, labels = _drawn(16)
    moved = []
    for rate in (1.0, 16.0):
        recipe = replace(SMALL, offset_rate=rate, weight_decay=0.0)
        trainer = CifarTraining(recipe, pictures, tmp_path)
        before = [np.asarray(each) for each in trainer.model.trainable_variables]
        trainer._one_step(tf.constant(pictures), tf.constant(labels))
        after = trainer.model.trainable_variables
        moved.append([np.asarray(new) - old for old, new in zip(before, after, strict=True)])
    for slow, fast, variable in zip(*moved, trainer.model.trainable_variables, strict=True):
        factor = 16 if variable.name == "beta" else 1
        np.testing.assert_allclose(fast, factor * slow, rtol=1e-3, atol=1e-6)


def test_each_step_moves_anew_and_a_seed_decides_how(tmp_path: Path) -> None:
    pictures = _drawn(16)[0]
    first, again, other = (
        CifarTraining(replace(SMALL, seed=seed), pictures, tmp_path) for seed in (1, 1, 2)
    )
    one = np.asarray(first._inputs(pictures, tf.constant(7, tf.int64)))
    np.testing.assert_array_equal(one, again._inputs(pictures, tf.constant(7, tf.int64)))
    assert np.abs(one - first._inputs(pictures, tf.constant(8, tf.int64))).max() > 0.1
    assert np.abs(one - other._inputs(pictures, tf.constant(7, tf.int64))).max() > 0.1
    still = CifarTraining(replace(SMALL, shift=0, hidden=0), pictures, tmp_path)
    np.testing.assert_allclose(
        still._inputs(pictures, tf.constant(7, tf.int64)), SIGNED.from_rgb(pictures), atol=1e-6
    )


def test_in_two_epochs_each_picture_is_seen_both_ways(tmp_path: Path) -> None:
    pictures, labels = _drawn(64)
    trainer = CifarTraining(SMALL, pictures, tmp_path)
    ways: list[dict[int, bool]] = []
    for trainer.epoch in (0, 1, 2):
        rng = np.random.default_rng(trainer.epoch)
        ways.append({})
        for batch, _ in trainer._batches(pictures, labels, rng):
            for picture in batch:
                as_is = (pictures == picture).all((1, 2, 3))
                mirrored = (pictures[:, :, ::-1] == picture).all((1, 2, 3))
                assert as_is.sum() + mirrored.sum() == 1
                ways[-1][int(np.argmax(as_is | mirrored))] = bool(mirrored.any())
    assert len(ways[0]) == 64
    assert 10 < sum(ways[0].values()) < 54
    assert all(ways[1][k] is not ways[0][k] for k in range(64))
    assert ways[2] == ways[0]


def test_smoothed_labels_by_hand(tmp_path: Path) -> None:
    pictures, labels = _drawn(16)
    recipe = replace(SMALL, shift=0, hidden=0, label_smoothing=0.2)
    trainer = CifarTraining(recipe, pictures, tmp_path)
    logits = np.asarray(trainer.model(SIGNED.from_rgb(pictures), training=True), np.float64)
    loss, accuracy = trainer._one_step(tf.constant(pictures), tf.constant(labels))
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    expected = -0.8 * logs[np.arange(16), labels] - 0.2 * logs.mean(1)
    assert float(loss) == pytest.approx(expected.mean(), rel=1e-4)
    assert float(accuracy) == pytest.approx(np.mean(logits.argmax(1) == labels))


def test_a_killed_run_continues_as_if_nothing_had_happened(tmp_path: Path) -> None:
    examples = _drawn(64)
    straight = CifarTraining(SMALL, examples[0], tmp_path / "straight")
    straight.run(*examples)
    killed_after_one_epoch(CifarTraining(SMALL, examples[0], tmp_path / "killed"), *examples)
    resumed = CifarTraining(SMALL, examples[0], tmp_path / "killed")
    assert resumed.epoch == 1
    resumed.run(*examples)
    assert [record["loss"] for record in resumed.history] == pytest.approx(
        [record["loss"] for record in straight.history], rel=1e-3
    )
    whiten = straight.model.get_layer("whiten").kernel
    np.testing.assert_array_equal(whiten, whitening(SIGNED.from_rgb(examples[0])))


def test_the_command_learns_drawn_pictures_and_writes_what_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (x_train, y_train), (x_test, y_test) = _drawn(1280), _drawn(200, 1)
    np.savez(
        tmp_path / "cifar10.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test
    )
    monkeypatch.setenv("HWKIT_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    main(["cifar10", "--epochs", "3", "--seed", "5"])
    place = tmp_path / ".cache" / "cifar10-seed5"
    card = json.loads((place / "card.json").read_text(encoding="utf-8"))
    assert card["made by"] == "python -m hwkit.networks.train cifar10 --seed 5 --epochs 3"
    assert card["measured"]["fold error"] < 2e-5
    with zipfile.ZipFile(place / "cifar10.keras") as file:
        assert b"hwkit" not in file.read("config.json")  # Keras alone opens it
    model = load(place / "cifar10.keras")
    assert class_names(place / "cifar10.keras") == CIFAR_CLASSES
    found = np.asarray(model(SIGNED.from_rgb(x_test))).argmax(1)
    assert card["measured"]["test accuracy"] == pytest.approx(np.mean(found == y_test), abs=0.01)
    assert np.mean(found == y_test) > 0.2
    assert "data have none" in (place / "card.md").read_text(encoding="utf-8")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    "composite",
    [
        composites.epsilon_plus(0.0),
        composites.epsilon_gamma_box(-1, 1, epsilon=0.0),
        composites.uniform(rules.alpha_beta(2, 1)),
    ],
    ids=["epsilon-plus", "epsilon-gamma-box", "alpha-beta"],
)
def test_relevance_is_conserved_but_for_biases(composite: composites.Composite) -> None:
    model = fold(_worn())
    for layer in model.layers:
        if layer.weights:
            layer.bias.assign(np.zeros(layer.bias.shape))
    x = np.random.default_rng(1).uniform(-1, 1, (32, 32, 3)).astype(np.float32)
    scores = np.asarray(model(x[None]))[0]
    c = int(scores.argmax())
    found = Explanation(model, LRP(composite)).for_input().absolute(c).explain(x).attribution
    assert found.sum() == pytest.approx(scores[c], rel=1e-3)


def test_what_cannot_be_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, told in (
        ({"epochs": 0}, "epochs >= 1"),
        ({"shift": -1}, "shift from 0 to 31"),
        ({"hidden": 33}, "side 0 to 32"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
    ):
        with pytest.raises(ValueError, match=told):
            replace(SMALL, **wrong)
    with pytest.raises(ValueError, match="three positive widths"):
        build((4, 6))
    with pytest.raises(ValueError, match="at least one batch"):
        CifarTraining(SMALL, _drawn(15)[0], tmp_path)
    with pytest.raises(SystemExit):
        main(["cifar10", "--units", "3"])
    assert "--units is not for cifar10" in capsys.readouterr().err
