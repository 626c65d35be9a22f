"""Worlds: the network, its classes and the homework's pictures, drawn or photographed."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from hwkit import load_world, networks
from hwkit.images.bounds import CAFFE
from hwkit.worlds import SETS, TABLE_CLASSES


@pytest.fixture(scope="module")
def pocket():
    return load_world("pocket")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Folders of one-coloured photos; the colour says which photo it is."""
    for folder, count in {"sports_car": 8, "Convertible": 4, "chain_saw": 5, "starfish": 1}.items():
        (tmp_path / folder).mkdir()
        for i in range(count):
            Image.new("RGB", (40, 40), (10 * i, 0, 0)).save(tmp_path / folder / f"{i}.png")
    return tmp_path


@pytest.fixture
def photo_world(photos: Path, monkeypatch: pytest.MonkeyPatch):
    image = keras.Input((32, 32, 3))
    out = keras.layers.Dense(4)(keras.layers.GlobalAveragePooling2D()(image))
    names = ("starfish", "sports car", "convertible", "chainsaw")
    monkeypatch.setattr(networks, "load", lambda name: keras.Model(image, out))
    monkeypatch.setattr(networks, "class_names", lambda name: names)
    return load_world("vgg16", photos)


def reds(world, instances: np.ndarray) -> list[int]:
    """Which photos these are, by their colour."""
    return [round(red / 10) for red in world.bound.to_rgb(instances)[:, 0, 0, 0] * 255]


def test_pocket_pictures_and_scenes_are_the_same(pocket):
    for name in SETS:
        images, scenes = pocket.images(name), pocket.scenes(name)
        assert len(images) == len(scenes) >= 3
        np.testing.assert_allclose(images[0], CAFFE.from_rgb(scenes[0].image))
        assert {scene.class_name for scene in scenes} == {SETS[name]}


def test_pocket_halves_are_hard_balanced_and_share_no_picture(pocket):
    (chosen, labels), (reported, _) = (
        pocket.labelled(part, 2) for part in ("validation", "report")
    )
    assert np.bincount(labels).tolist() == [2] * len(pocket.classes)
    assert not {each.tobytes() for each in chosen} & {each.tobytes() for each in reported}


def test_table_classes_are_those_of_the_handout(pocket):
    assert TABLE_CLASSES == ("chainsaw", "bonnet", "park bench", "sloth bear", "pelican")
    assert [pocket.classes[pocket.index(name)] for name in TABLE_CLASSES] == list(TABLE_CLASSES)


def test_photos_are_told_by_folder_whatever_its_spelling(photo_world):
    assert reds(photo_world, photo_world.images("convertibles")) == [0, 1, 2, 3]
    assert reds(photo_world, photo_world.images("chainsaw")) == [0, 1, 2, 3, 4]


def test_test_photos_are_not_among_those_that_are_ranked(photo_world):
    assert reds(photo_world, photo_world.images("sports_cars")) == [0, 1, 2, 3, 4]
    assert reds(photo_world, photo_world.images("test_sports_cars")) == [5, 6, 7]


def test_photo_halves_alternate_and_leave_single_photos_out(photo_world):
    chosen, labels = photo_world.labelled("validation")
    assert sorted(set(labels)) == [1, 2, 3]  # one starfish cannot be halved
    assert reds(photo_world, chosen[labels == 3]) == [0, 2, 4]
    reported, labels = photo_world.labelled("report")
    assert reds(photo_world, reported[labels == 3]) == [1, 3]


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda w: w.index("sport car"), ValueError, "Did you mean sports car"),
        (lambda w: w.images("cars"), ValueError, "sports_cars"),
        (lambda w: w.labelled("test"), ValueError, "'validation' or 'report'"),
        (lambda w: w.scenes("starfish"), ValueError, "no known parts"),
        (lambda w: w.images("pelican"), FileNotFoundError, "Make pelican/"),
    ],
)
def test_wrong_requests_say_what_to_do(photo_world, ask, error, message):
    with pytest.raises(error, match=message):
        ask(photo_world)


def test_unknown_worlds_and_missing_photos_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "load", lambda name: None)
    monkeypatch.setattr(networks, "class_names", lambda name: ("a",))
    with pytest.raises(ValueError, match="'pocket' or 'vgg16'"):
        load_world("imagenet")
    with pytest.raises(ValueError, match="draws its pictures"):
        load_world("pocket", tmp_path)
    with pytest.raises(FileNotFoundError, match="folder of photos"):
        load_world("vgg16", tmp_path / "none")
    with pytest.raises(FileNotFoundError, match="a world without any"):
        load_world("vgg16").images("starfish")
