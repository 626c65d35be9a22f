"""The frozen sets: drawn again byte for byte, and guarded by their checksums."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from hwkit.images import frozen as frozen_module
from hwkit.images.freeze import FROZEN_SETS, is_clear, main
from hwkit.images.frozen import frozen, frozen_scene, frozen_scenes
from hwkit.images.splits import SPLITS
from hwkit.paths import data_path


def test_all_files_are_drawn_again_byte_for_byte() -> None:
    assert main(["--check", "--out", str(data_path("test_data"))]) == 0


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    shutil.copytree(data_path("test_data"), tmp_path, dirs_exist_ok=True)
    pictures = np.load(tmp_path / "starfish.npy")
    pictures[0, 0, 0, 0] ^= 1
    np.save(tmp_path / "starfish.npy", pictures)
    assert main(["--check", "--out", str(tmp_path)]) == 1


@pytest.mark.parametrize("wanted", FROZEN_SETS, ids=lambda wanted: wanted.name)
def test_scenes_are_the_pictures(wanted) -> None:
    images, drawn = frozen(wanted.name), frozen_scenes(wanted.name)
    assert images.shape == (wanted.pictures, 96, 96, 3)
    np.testing.assert_array_equal(images, [scene.image for scene in drawn])
    assert {scene.class_name for scene in drawn} == {wanted.class_name}
    assert all(scene.seed in SPLITS[wanted.split].seeds for scene in drawn)


def test_one_scene_is_drawn_alone() -> None:
    for name, index in (("test_sports_cars", 2), ("chainsaw", 39)):
        scene = frozen_scene(name, index)
        np.testing.assert_array_equal(scene.image, frozen(name)[index])
    with pytest.raises(ValueError, match=r"from 0 to 2: test_sports_cars has 3"):
        frozen_scene("test_sports_cars", 3)
    with pytest.raises(ValueError, match="from 0 to 2"):
        frozen_scene("test_sports_cars", -1)


def test_the_three_sports_cars_are_clear_and_not_among_the_twenty() -> None:
    three, twenty = frozen_scenes("test_sports_cars"), frozen_scenes("sports_cars")
    assert all(is_clear(scene) for scene in three)
    assert not {scene.seed for scene in three} & {scene.seed for scene in twenty}


def test_damaged_and_unknown_sets_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="starfish, sports_cars"):
        frozen("cats")
    shutil.copytree(data_path("test_data"), tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(frozen_module, "data_path", lambda name: tmp_path)
    (tmp_path / "starfish.npy").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"freeze"):
        frozen("starfish")
    (tmp_path / "starfish.npy").unlink()
    with pytest.raises(FileNotFoundError, match="freeze"):
        frozen("starfish")
    (tmp_path / "card.json").unlink()
    with pytest.raises(FileNotFoundError, match="freeze"):
        frozen("starfish")
