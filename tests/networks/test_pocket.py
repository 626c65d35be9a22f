"""The pocket network: VGG16's topology, exact folding, guarded weights, and an honest card."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from hwkit.images.bounds import CAFFE
from hwkit.images.parts import CLASSES
from hwkit.images.scenes import draw
from hwkit.images.splits import SPLITS
from hwkit.networks import load
from hwkit.networks.cards import predictions
from hwkit.networks.pocket import build, build_for_training, fold
from hwkit.networks.weights import load_weights, save_weights, sha256_of
from hwkit.paths import data_path

FOLDERS = {"pocket": "pocket", "pocket-second": "pocket/second"}


def test_topology_is_that_of_keras_applications_at_an_eighth_of_the_width() -> None:
    ours = build()
    theirs = keras.applications.VGG16(weights=None, input_shape=(96, 96, 3), classes=14)
    names = [layer.name for layer in theirs.layers]
    assert [layer.name for layer in ours.layers][1:] == names[1:]
    assert ours.layers[0].name.startswith("input_layer")
    for mine, full in zip(ours.layers[1:-1], theirs.layers[1:-1], strict=True):
        assert type(mine) is type(full)
        assert mine.output.shape[-1] * 8 == full.output.shape[-1]
    assert ours.layers[-1].activation is keras.activations.linear
    assert ours.count_params() == 795_830


def test_random_weights_are_the_same_every_time_and_differ_by_seed() -> None:
    first, again, other = (build(seed).get_weights()[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_folding_keeps_the_logits() -> None:
    trained = build_for_training(dropout=0.3)
    rng = np.random.default_rng(0)
    for layer in trained.layers:
        if layer.name.endswith("_norm"):
            shape = layer.get_weights()[0].shape
            scale, moment = rng.uniform(0.5, 1.5, shape), rng.uniform(0.5, 2.0, shape)
            layer.set_weights([scale, rng.normal(0, 0.3, shape), rng.normal(0, 0.3, shape), moment])
    images = CAFFE.from_rgb(rng.integers(0, 256, (4, 96, 96, 3), dtype=np.uint8))
    before = np.asarray(trained(images, training=False))
    after = np.asarray(fold(trained)(images, training=False))
    np.testing.assert_allclose(after, before, atol=2e-5 * np.abs(before).max())


def test_normalisation_is_that_of_keras() -> None:
    trained = build_for_training(dropout=0.0)
    ours = trained.get_layer("block1_conv1_norm")
    theirs = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3)
    x = np.random.default_rng(1).normal(2, 3, (6, 5, 5, 8)).astype(np.float32)
    theirs.build(x.shape)
    np.testing.assert_allclose(ours(x, training=True), theirs(x, training=True), atol=1e-4)
    moving = np.asarray(ours.mean)
    np.testing.assert_allclose(moving, np.asarray(theirs.moving_mean), atol=1e-5)
    flat = trained.get_layer("fc1_norm")
    rows = np.random.default_rng(2).normal(0, 1, (7, 512)).astype(np.float32)
    np.testing.assert_allclose(flat(rows), rows / math.sqrt(1.001), rtol=1e-4, atol=1e-6)


def test_weights_come_back_rounded_to_float16(tmp_path: Path) -> None:
    model, other = build(3), build(4)
    path = tmp_path / "weights.npz"
    save_weights(model, path)
    load_weights(other, path, sha256_of(path))
    for mine, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(theirs, mine.astype(np.float16).astype(np.float32))


def test_damaged_missing_and_foreign_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    with pytest.raises(FileNotFoundError, match=r"hwkit\.networks\.train"):
        load_weights(build(), path, "0")
    shutil.copy(data_path("models") / "pocket" / "weights.npz", path)
    checksum = sha256_of(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        load_weights(build(), path, checksum)
    np.savez(path, **{"fc1.kernel": np.zeros((2, 2), np.float16)})
    with pytest.raises(ValueError, match="another network"):
        load_weights(build(), path, sha256_of(path))


@pytest.mark.parametrize("name", FOLDERS)
def test_card_describes_the_file_and_meets_the_aim(name: str) -> None:
    folder = data_path("models") / FOLDERS[name]
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    weights = folder / card["file"]
    assert card["sha256"] == sha256_of(weights)
    assert card["bytes"] == weights.stat().st_size < 4_000_000
    assert card["recipe"]["images"] >= 17_000
    assert card["fold error"] < 2e-5
    assert abs(card["measured"]["accuracy lost by float16"]) < 0.002
    assert card["measured"]["test"]["accuracy"] >= (0.97 if name == "pocket" else 0.95)
    page = (folder / "card.md").read_text(encoding="utf-8")
    assert card["sha256"] in page
    assert f"{card['measured']['test']['accuracy']:.4f}" in page


@pytest.mark.parametrize("split", ["hard_validation", "hard_report"])
def test_hard_pictures_are_hard_but_no_class_swallows_the_others(split: str) -> None:
    card = json.loads((data_path("models") / "pocket" / "card.json").read_text(encoding="utf-8"))
    measured = card["measured"][split]
    for name in ("chainsaw", "bonnet", "park bench", "sloth bear", "pelican"):
        assert 0.4 <= measured["recall"][name] <= 0.8
    assert max(measured["share"].values()) < 2.5 / len(CLASSES)


@pytest.mark.parametrize("name", FOLDERS)
def test_fresh_pictures_confirm_the_card(name: str) -> None:
    card = json.loads(
        (data_path("models") / FOLDERS[name] / "card.json").read_text(encoding="utf-8")
    )
    first = max(split.seeds.stop for split in SPLITS.values())
    count = 30
    labels = np.repeat(np.arange(len(CLASSES)), count)
    images = np.stack([draw(k, first + i).image for i, k in enumerate(labels.tolist())])
    found = float(np.mean(predictions(load(name), images) == labels))
    claimed = card["measured"]["test"]["accuracy"]
    spread = math.sqrt(claimed * (1 - claimed) * (1 / len(labels) + 1 / 2800))
    print(f"{name}: the card says {claimed}, {len(labels)} fresh pictures say {found:.4f}")
    assert abs(found - claimed) < 4 * spread + 1 / len(labels)
