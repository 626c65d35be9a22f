"""The shell program: version, help, and the messages of ``hwkit explain``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run

import hwkit
from hwkit import cli
from hwkit.commands import explain
from hwkit.images import bounds

PETS = ("cat", "tabby_cat", "dog", "polar bear")


@pytest.fixture(scope="module")
def pet_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of four classes on 32 x 32 pictures, in a file."""
    import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((32, 32, 3)),
            layers.Conv2D(6, 3, activation="relu", name="edges"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(4, name="scores"),
        ]
    )
    file = tmp_path_factory.mktemp("network") / "pets.keras"
    model.save(file)
    return file


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of 50 x 40 pixels of noise."""
    file = tmp_path / "picture.png"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file)
    return file


def test_version_is_the_packages(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"hwkit {hwkit.__version__}\n"


@pytest.mark.parametrize("command", ["demo", "lab", "doctor", "explain", "agree"])
def test_help_lists_every_command(monkeypatch, capsys, command: str):
    assert run(monkeypatch, "--help") == 0
    assert f" {command} " in capsys.readouterr().out


class TestClass:
    def test_is_found_by_name_whatever_its_case_and_joints(self):
        assert explain.find_class("Tabby Cat", PETS, 4) == "tabby_cat"
        assert explain.find_class("polar-bear", PETS, 4) == "polar bear"

    def test_is_found_by_index(self):
        assert explain.find_class("2", PETS, 4) == "dog"
        assert explain.find_class("817", (), 1000) == "class 817"

    def test_whose_name_is_a_number_goes_before_an_index(self):
        assert explain.find_class("1", ("1", "0"), 2) == "1"

    def test_that_is_misspelt_lists_near_ones(self):
        with pytest.raises(ValueError, match=r"Received: 'taby cat'\. Did you mean 'tabby_cat'"):
            explain.find_class("taby cat", PETS, 4)

    def test_that_resembles_none_lists_all(self):
        with pytest.raises(ValueError, match="Choose one of cat, tabby_cat, dog, polar bear"):
            explain.find_class("zzz", PETS, 4)

    def test_index_beyond_the_outputs_is_refused(self):
        with pytest.raises(ValueError, match="Received: '4'"):
            explain.find_class("4", PETS, 4)

    def test_names_that_do_not_fit_the_outputs_are_refused(self):
        with pytest.raises(ValueError, match=r"Expected 5 class names.*Received: 4"):
            explain.complete_names(PETS, 5)


class TestBound:
    @pytest.mark.parametrize("network", ["pocket", "pocket-second", "vgg16"])
    def test_of_the_courses_networks_is_caffes(self, network: str):
        assert explain.choose_bound(network, None) is bounds.CAFFE

    @pytest.mark.parametrize("name", explain.BOUNDS)
    def test_can_be_named(self, name: str):
        assert explain.choose_bound("own.keras", name) is getattr(bounds, name.upper())

    def test_of_an_own_network_must_be_named(self):
        with pytest.raises(ValueError, match=r"--image-bound caffe\|unit\|signed\|bytes"):
            explain.choose_bound("own.keras", None)

    def test_that_is_misspelt_names_the_near_one(self):
        with pytest.raises(ValueError, match=r"Received: 'sined'\. Did you mean signed"):
            explain.choose_bound("own.keras", "sined")


class TestPicture:
    def test_of_the_networks_size_is_taken_pixel_by_pixel(self, tmp_path: Path):
        pixels = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "exact.png")
        read = explain.read_picture(str(tmp_path / "exact.png"), _Network((None, 32, 32, 3)))
        np.testing.assert_array_equal(read, pixels)

    def test_of_another_size_is_read_as_a_photo(self, picture: Path):
        from hwkit.images.photos import read_photo

        read = explain.read_picture(str(picture), _Network((None, 32, 32, 3)))
        np.testing.assert_array_equal(read, read_photo(picture, size=32))

    @pytest.mark.parametrize("shape", [(None, 32, 48, 3), (None, 32, 32, 1), (None, 784)])
    def test_is_refused_for_networks_that_take_no_square_rgb(self, picture: Path, shape: tuple):
        with pytest.raises(ValueError, match="square RGB pictures"):
            explain.read_picture(str(picture), _Network(shape))


class _Network:
    def __init__(self, shape: tuple) -> None:
        self.input_shape = shape


class TestExplain:
    """Each user error gives exit status 2 and one message without a traceback."""

    def refused(self, monkeypatch, capsys, *arguments: object) -> str:
        assert run(monkeypatch, "explain", *arguments) == 2
        message = capsys.readouterr().err
        assert "Traceback" not in message
        return message

    def own(self, network: Path) -> list[object]:
        return ["--network", network, "--image-bound", "unit"]

    def test_writes_a_picture(self, monkeypatch, tmp_path, picture, pet_network):
        out = tmp_path / "out.png"
        names = tmp_path / "names.txt"
        names.write_text("\n".join(PETS) + "\n")
        options = [*self.own(pet_network), "--layer", "edges", "--top", 2, "--classes", names]
        options += ["--class", "dog", "--versus", "tabby cat", "-o", out]
        assert run(monkeypatch, "explain", picture, *options) == 0
        drawn = np.asarray(Image.open(out).convert("L"))
        assert min(drawn.shape) > 200
        assert drawn.std() > 5, "the picture is blank"

    def test_missing_file(self, monkeypatch, capsys, pet_network):
        message = self.refused(
            monkeypatch, capsys, "none.png", "--class", 1, *self.own(pet_network)
        )
        assert "none.png" in message

    def test_file_that_is_no_image(self, monkeypatch, capsys, tmp_path, pet_network):
        file = tmp_path / "letter.png"
        file.write_text("Dear reader")
        message = self.refused(monkeypatch, capsys, file, "--class", 1, *self.own(pet_network))
        assert "letter.png" in message

    def test_unknown_layer_names_the_layers(self, monkeypatch, capsys, picture, pet_network):
        options = ["--class", 1, "--layer", "edgse", *self.own(pet_network)]
        message = self.refused(monkeypatch, capsys, picture, *options)
        assert "edgse" in message
        assert "edges" in message

    def test_unknown_class_names_near_ones(self, monkeypatch, capsys, tmp_path):
        pixels = np.zeros((96, 96, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "black.png")
        options = ["--class", "sport car", "--network", "pocket"]
        message = self.refused(monkeypatch, capsys, tmp_path / "black.png", *options)
        assert "'sports car'" in message

    def test_missing_network(self, monkeypatch, capsys, picture):
        options = ["--network", "absent.keras", "--image-bound", "unit", "--class", 1]
        assert "absent.keras" in self.refused(monkeypatch, capsys, picture, *options)

    def test_picture_format_that_cannot_be_written(self, monkeypatch, capsys, picture):
        message = self.refused(monkeypatch, capsys, picture, "--class", 1, "-o", "out.doc")
        assert ".png" in message
        assert "out.doc" in message

    def test_folder_that_is_not_there(self, monkeypatch, capsys, picture, tmp_path):
        place = tmp_path / "absent" / "out.png"
        message = self.refused(monkeypatch, capsys, picture, "--class", 1, "-o", place)
        assert "Make it first" in message

    def test_forgotten_class(self, monkeypatch, capsys, picture):
        assert "--class" in self.refused(monkeypatch, capsys, picture)


def test_traceback_can_be_asked_for(monkeypatch, picture):
    monkeypatch.setattr(
        sys, "argv", ["hwkit", "explain", str(picture), "--class", "1", "-o", "x.y"]
    )
    monkeypatch.setitem(os.environ, "HWKIT_TRACEBACK", "1")
    with pytest.raises(ValueError, match=r"Received: x\.y"):
        cli.main()
