"""Loading networks by name and from files, with errors that say what to do."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from hwkit.images.parts import CLASSES
from hwkit.networks import class_names, load


def test_pocket_networks_differ_and_know_a_picture() -> None:
    first, second, untrained = load("pocket"), load("pocket-second"), load("pocket", weights=None)
    assert first.output_shape == second.output_shape == untrained.output_shape == (None, 14)
    kernels = [model.get_weights()[0] for model in (first, second, untrained)]
    assert np.abs(kernels[0] - kernels[1]).max() > 0.01
    assert np.abs(kernels[0] - kernels[2]).max() > 0.01
    assert class_names("pocket") == class_names("pocket-second") == CLASSES


def test_vgg16_without_weights_has_a_linear_output() -> None:
    model = load("vgg16", weights=None)
    assert model.layers[-1].activation is keras.activations.linear
    assert model.count_params() == 138_357_544


def test_vgg16_offline_says_where_to_put_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def offline(**options: object) -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(keras.applications, "VGG16", offline)
    with pytest.raises(FileNotFoundError, match=r"tf_kernels\.h5.*pocket") as caught:
        load("vgg16")
    assert str(tmp_path) in str(caught.value)


def test_imagenet_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    generic = class_names("vgg16")
    assert generic[817] == "sports car"
    assert generic[327] == "starfish"
    assert generic[0] == "class 0"
    (tmp_path / "models").mkdir()
    table = {str(i): [f"n{i}", f"thing_{i}"] for i in range(1000)}
    table["134"][1] = table["517"][1] = "crane"
    table["491"][1] = "chain_saw"
    (tmp_path / "models" / "imagenet_class_index.json").write_text(json.dumps(table))
    named = class_names("vgg16")
    assert named[0] == "thing 0"
    assert (named[134], named[517]) == ("crane 134", "crane 517")
    assert named[491] == "chainsaw"
    assert set(CLASSES) <= set(named)
    assert len(set(named)) == 1000


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="out")])
    path = tmp_path / "mine.keras"
    model.save(path)
    x = np.ones((1, 3), np.float32)
    np.testing.assert_allclose(load(path)(x), model(x), rtol=1e-6)
    assert class_names(path) == ("class 0", "class 1")
    (tmp_path / "mine.txt").write_text("yes\nno\n", encoding="utf-8")
    assert class_names(str(path)) == ("yes", "no")
    (tmp_path / "mine.txt").write_text("yes\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Expected 2 class names"):
        class_names(path)


def test_what_cannot_be_loaded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pocket, pocket-second, vgg16"):
        load("resnet")
    with pytest.raises(FileNotFoundError, match=r"no file"):
        load(tmp_path / "missing.keras")
    broken = tmp_path / "broken.keras"
    broken.write_bytes(b"not a zip")
    with pytest.raises(ValueError, match="zip archive"):
        load(broken)
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ValueError, match="Keras cannot read"):
        load(broken)
    with pytest.raises(ValueError, match="weights"):
        load("pocket", weights="imagenet")
    with pytest.raises(ValueError, match="Random weights"):
        load(tmp_path / "missing.keras", weights=None)
