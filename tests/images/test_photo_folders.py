"""Folders of photos: labels, order, refusals; and the real photos where they are there."""

import os
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hwkit.images.photos import PhotoError, read_folder, read_photo

SHADES = {"park_bench": 10, "sports_car": 90, "chainsaw": 200}


def save(path: Path, shade: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (40, 40), shade).save(path, format="PNG")
    return path


@pytest.fixture
def folder(tmp_path):
    """Three classes of one shade each, plus 0, 1, 2 in the order of the files' names."""
    for name, shade in SHADES.items():
        for k, file in enumerate(("a.png", "b.PNG", "c.Jpeg")):
            save(tmp_path / name / file, shade + k)
    save(tmp_path / ".hidden" / "a.png", 0)
    save(tmp_path / "chainsaw" / ".b.png", 0)
    (tmp_path / "index.csv").write_text("not a photo, and no class")
    return tmp_path


def shades(photos) -> list[int]:
    assert (photos.images == photos.images[:, :1, :1, :1]).all()
    return photos.images[:, 0, 0, 0].tolist()


def test_classes_labels_and_order(folder):
    photos = read_folder(folder, size=32, progress=False)
    assert photos.classes == ("chainsaw", "park_bench", "sports_car")
    assert photos.labels.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert shades(photos) == [200, 201, 202, 10, 11, 12, 90, 91, 92]
    assert [file.name for file in photos.files[:3]] == ["a.png", "b.PNG", "c.Jpeg"]
    assert photos.images.shape == (9, 32, 32, 3) and photos.images.dtype == np.uint8
    assert photos.refused == () and len(photos) == 9


def test_classes_are_chosen_by_name_and_limited(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        photos = read_folder(folder, ["Sports Car", "chain-saw"], size=32, limit=2, progress=False)
    assert photos.classes == ("Sports Car", "chain-saw")
    assert shades(photos) == [90, 91, 200, 201]
    assert shades_of(photos, "chain-saw") == [200, 201]
    with pytest.raises(ValueError, match="one of Sports Car, chain-saw"):
        photos.of("bonnet")


def shades_of(photos, name) -> list[int]:
    return photos.of(name)[:, 0, 0, 0].tolist()


def test_what_cannot_be_read_is_named_in_one_warning(folder):
    (folder / "chainsaw" / "aa.png").write_bytes(b"nonsense")
    (folder / "sports_car" / "notes.txt").write_text("hello")
    save(folder / "stray.png", 5)
    with pytest.warns(UserWarning, match="3 file") as caught:
        photos = read_folder(folder, size=32, limit=2, progress=False)
    assert len(caught) == 1
    message = str(caught[0].message)
    for name, why in {
        "aa.png": "not an image",
        "notes.txt": "not named like a photo",
        "stray.png": "beside the class folders",
    }.items():
        (reason,) = [reason for file, reason in photos.refused if Path(file).name == name]
        assert why in reason and name in message and reason in message
    # The limit counts what could be read.
    assert shades(photos) == [200, 201, 10, 11, 90, 91]
    assert caught[0].filename == __file__


def test_on_error_raise_stops_at_the_file(folder):
    (folder / "chainsaw" / "aa.png").write_bytes(b"nonsense")
    with pytest.raises(PhotoError, match=r"aa\.png.*not an image"):
        read_folder(folder, progress=False, on_error="raise")
    (folder / "chainsaw" / "aa.png").unlink()
    (folder / "chainsaw" / "b.txt").write_text("hello")
    with pytest.raises(PhotoError, match=r"b\.txt.*not named like a photo"):
        read_folder(folder, progress=False, on_error="raise")


def test_a_long_list_of_refusals_is_shortened_in_the_warning_only(folder):
    for k in range(30):
        (folder / "chainsaw" / f"z{k:02}.png").write_bytes(b"nonsense")
    with pytest.warns(UserWarning, match="and 10 more"):
        photos = read_folder(folder, size=32, progress=False)
    assert len(photos.refused) == 30


def test_a_class_without_a_readable_photo_is_told(folder):
    (folder / "bonnet").mkdir()
    with pytest.warns(UserWarning, match="No photo could be read for: bonnet"):
        photos = read_folder(folder, size=32, progress=False)
    assert photos.classes[0] == "bonnet" and 0 not in photos.labels


def test_subfolders_belong_to_their_class(folder):
    save(folder / "chainsaw" / "more" / "d.png", 203)
    save(folder / "chainsaw" / ".cache" / "e.png", 0)
    photos = read_folder(folder, ["chainsaw"], size=32, progress=False)
    assert shades(photos) == [200, 201, 202, 203]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_links_in_a_circle_are_not_followed(folder):
    (folder / "chainsaw" / "again").symlink_to(folder / "chainsaw", target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "chainsaw" / "gone.png").symlink_to(folder / "nowhere.png")
    with pytest.warns(UserWarning, match="3 file"):
        photos = read_folder(folder, size=32, progress=False)
    assert len(photos) == 9 and "loop" not in photos.classes
    reasons = {Path(file).name: reason for file, reason in photos.refused}
    assert "not followed" in reasons["again"]
    assert "back to a folder that holds it" in reasons["loop"]
    assert "no file" in reasons["gone.png"]


def test_a_linked_class_folder_elsewhere_is_read(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    save(elsewhere / "a.png", 33)
    (folder / "bonnet").symlink_to(elsewhere, target_is_directory=True)
    photos = read_folder(folder, ["bonnet"], size=32, progress=False)
    assert shades(photos) == [33]


def test_wrong_folders_and_arguments(folder, tmp_path_factory):
    with pytest.raises(FileNotFoundError, match=r"nowhere does not exist"):
        read_folder(folder / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"index\.csv is a file"):
        read_folder(folder / "index.csv")
    with pytest.raises(FileNotFoundError, match=r"'park bank'.*park_bench"):
        read_folder(folder, ["park bank"])
    with pytest.raises(ValueError, match=r"no subfolder, 3 photo\(s\)"):
        read_folder(folder / "chainsaw")
    with pytest.raises(ValueError, match="twice"):
        read_folder(folder, ["chainsaw", "chainsaw"])
    with pytest.raises(ValueError, match="list of at least one"):
        read_folder(folder, "chainsaw")
    with pytest.raises(ValueError, match="limit must be at least 1"):
        read_folder(folder, limit=0)
    with pytest.raises(ValueError, match="on_error"):
        read_folder(folder, on_error="ignore")
    (folder / "sports car").mkdir()
    with pytest.raises(ValueError, match="several folders"):
        read_folder(folder, ["SPORTS CAR"])
    empty = tmp_path_factory.mktemp("empty")
    (empty / "chainsaw").mkdir()
    with pytest.raises(ValueError, match="No photo could be read"):
        read_folder(empty, progress=False)


# Real photos ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    base = os.environ.get("HWKIT_DATA")
    if not base or not (Path(base) / "photos").is_dir():
        pytest.skip("HWKIT_DATA is not set to a folder with photos/")
    return Path(base) / "photos"


@pytest.fixture(scope="module")
def all_real(real):
    return read_folder(real, progress=False, on_error="raise")


def test_every_real_photo_is_read(real, all_real):
    listed = (real / "index.csv").read_text().splitlines()[1:]
    assert len(all_real) == len(listed) == 238
    counts = dict(zip(all_real.classes, np.bincount(all_real.labels), strict=True))
    for name in counts:
        assert counts[name] == sum(line.startswith(f"{name},") for line in listed)
    assert len(np.unique(all_real.images.reshape(238, -1)[:, ::97], axis=0)) == 238


def test_real_photos_match_keras(real, all_real):
    load_img = pytest.importorskip("keras").utils.load_img
    for k in range(0, 238, 17):
        with Image.open(all_real.files[k]) as image:
            width, height = image.size
        short = min(width, height)
        scaled = (int(256 * height / short), int(256 * width / short))
        whole = np.asarray(
            load_img(all_real.files[k], target_size=scaled, interpolation="bilinear")
        )
        top, left = (round((side - 224) / 2) for side in scaled)
        expected = whole[top : top + 224, left : left + 224]
        np.testing.assert_array_equal(all_real.images[k], expected)


def test_real_photos_match_an_independent_resize(real, all_real):
    """scikit-image smooths with a Gaussian instead of widening the triangle: alike, not equal."""
    resize = pytest.importorskip("skimage.transform").resize
    for k in range(5, 238, 40):
        with Image.open(all_real.files[k]) as image:
            pixels = np.asarray(image.convert("RGB")) / 255
        height, width, _ = pixels.shape
        short = min(height, width)
        scaled = (int(256 * height / short), int(256 * width / short))
        whole = resize(pixels, scaled, anti_aliasing=True)
        top, left = (round((side - 224) / 2) for side in scaled)
        expected = whole[top : top + 224, left : left + 224] * 255
        aligned = abs(all_real.images[k] - expected).mean()
        for axis in (0, 1):
            for step in (-2, 2):
                shifted = np.roll(expected, step, axis=axis)
                assert aligned < 0.75 * abs(all_real.images[k] - shifted).mean()


def test_read_photo_and_read_folder_agree(all_real):
    np.testing.assert_array_equal(read_photo(all_real.files[100]), all_real.images[100])
