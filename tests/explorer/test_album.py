"""Albums: what is shown is what the pictures are, and their code makes the same arrays."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hwkit.explorer.albums import (
    Album,
    ArrayAlbum,
    FileAlbum,
    PhotoAlbum,
    Picture,
    PictureAlbum,
    SceneAlbum,
    Uploads,
    album_of,
    as_pixels,
    class_named,
    quoted,
)
from hwkit.explorer.settings import Source
from hwkit.images.decode import PhotoError
from hwkit.images.frozen import frozen
from hwkit.images.parts import CLASSES
from hwkit.images.photos import read_folder, read_photo
from hwkit.images.splits import scenes

RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 256, (4, 40, 40, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def drawn() -> SceneAlbum:
    return SceneAlbum()


def run(picture: Picture, **names: object) -> np.ndarray:
    """What the picture's own code gives."""
    namespace: dict[str, object] = dict(names)
    exec("\n".join(picture.imports), namespace)
    return eval(picture.code, namespace)


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def noise(seed: int, side: int = 96) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


class TestScenes:
    def test_the_groups_are_the_classes(self, drawn):
        assert isinstance(drawn, Album)
        assert drawn.groups == CLASSES
        assert [drawn.class_of(group) for group in CLASSES] == list(CLASSES)
        assert {drawn.count(group) for group in CLASSES} == {12}

    def test_test_cars_come_before_the_others(self, drawn):
        shown = drawn.thumbnails("sports car")
        expected = [*frozen("test_sports_cars"), *frozen("sports_cars")[:9]]
        np.testing.assert_array_equal(shown, expected)

    @pytest.mark.parametrize(
        ("group", "index"), [("sports car", 1), ("sports car", 3), ("pelican", 11), ("daisy", 7)]
    )
    def test_a_picture_is_its_thumbnail_and_what_its_code_draws(self, drawn, group, index):
        picture = drawn.picture(Source(group, index))
        np.testing.assert_array_equal(picture.rgb, drawn.thumbnails(group)[index])
        np.testing.assert_array_equal(picture.rgb, picture.scene.image)
        np.testing.assert_array_equal(picture.rgb, run(picture))
        assert picture.title == f"{group} {index + 1}"

    def test_look_alikes_are_the_test_splits_first(self, drawn):
        expected = [scene.image for scene in scenes("test", "flamingo", per_class=12)]
        np.testing.assert_array_equal(drawn.thumbnails("flamingo"), expected)

    def test_a_part_is_left_out_and_still_listed(self, drawn):
        whole = Source("sports car", 0)
        bare = Source("sports car", 0, frozenset({"spoiler", "roof"}))
        assert {"roof", "spoiler", "window", "wheel"} <= set(drawn.picture(whole).scene.parts)
        picture = drawn.picture(bare)
        expected = drawn.picture(whole).scene.without("roof", "spoiler")
        np.testing.assert_array_equal(picture.rgb, expected.image)
        np.testing.assert_array_equal(picture.rgb, run(picture))
        assert not np.array_equal(picture.rgb, drawn.picture(whole).rgb)
        assert picture.title == "sports car 1 without roof and spoiler"
        assert "roof" not in picture.scene.parts

    def test_fewer_pictures_are_the_first_ones(self):
        few = SceneAlbum(per_class=2)
        assert [few.count(group) for group in ("sports car", "daisy")] == [2, 2]
        assert few.sources("daisy") == (Source("daisy", 0), Source("daisy", 1))
        assert SceneAlbum(per_class=100).count("starfish") == len(frozen("starfish"))

    def test_pictures_cannot_be_painted_over(self, drawn):
        for array in (drawn.picture(Source("daisy", 0)).rgb, drawn.thumbnails("starfish")[0]):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            (Source("cat", 0), r"Expected a group of pictures: starfish, .* Received: 'cat'"),
            (Source("daisy", 12), r"from 0 to 11: 'daisy' has 12 picture\(s\)\. Received: 12"),
            (Source("daisy", -1), "from 0 to 11"),
            (Source("starfish", 0, frozenset({"roof"})), "visible in the picture: arm, .*: roof"),
        ],
    )
    def test_what_there_is_not(self, drawn, source, message):
        with pytest.raises(ValueError, match=message):
            drawn.picture(source)

    def test_a_part_that_only_other_scenes_of_the_class_have_is_refused(self, drawn):
        cars = drawn.sources("convertible")
        plain = next(
            source for source in cars if "folded top" not in drawn.picture(source).scene.parts
        )
        with pytest.raises(ValueError, match="Received: folded top"):
            drawn.picture(Source("convertible", plain.index, frozenset({"folded top"})))

    def test_fewer_than_one_is_refused(self):
        with pytest.raises(ValueError, match="per_class=0"):
            SceneAlbum(per_class=0)


class TestArrays:
    def test_bytes_are_taken_as_they_are(self):
        album = album_of(BYTES, 40, ("cat", "dog"))
        assert isinstance(album, Album)
        assert album.groups == ("pictures",) and album.count("pictures") == 4
        assert album.class_of("pictures") is None
        picture = album.picture(Source("pictures", 2))
        assert (picture.title, picture.imports, picture.code) == ("pictures 3", (), "images[2]")
        np.testing.assert_array_equal(picture.rgb, BYTES[2])
        np.testing.assert_array_equal(run(picture, images=BYTES), picture.rgb)
        np.testing.assert_array_equal(album.thumbnails("pictures"), BYTES)
        assert picture.scene is None

    @pytest.mark.parametrize(
        ("images", "expected"),
        [
            (BYTES / 255, BYTES),
            (BYTES.astype(np.float32), BYTES),
            (BYTES.astype(np.int64), BYTES),
            (BYTES[..., 0], np.repeat(BYTES[..., :1], 3, axis=-1)),
            (BYTES[..., :1] / 255, np.repeat(BYTES[..., :1], 3, axis=-1)),
            (list(BYTES), BYTES),
            (np.zeros((2, 40, 40, 3)), np.zeros((2, 40, 40, 3), np.uint8)),
        ],
        ids=["unit", "floats", "int64", "grey", "grey-axis", "list", "all black"],
    )
    def test_kinds_of_arrays(self, images, expected):
        album = album_of(images, 40)
        for index in range(len(images)):
            picture = album.picture(Source("pictures", index))
            assert picture.rgb.dtype == np.uint8
            np.testing.assert_array_equal(picture.rgb, expected[index])
            np.testing.assert_array_equal(run(picture, images=images), expected[index])

    def test_other_sizes_are_cropped_as_photos_are(self, tmp_path):
        Image.fromarray(BYTES[1]).save(tmp_path / "a.png")
        picture = album_of(BYTES, 36).picture(Source("pictures", 1))
        np.testing.assert_array_equal(picture.rgb, read_photo(tmp_path / "a.png", 36))
        np.testing.assert_array_equal(run(picture, images=BYTES), picture.rgb)

    def test_small_pictures_suit_small_networks(self):
        assert as_pixels(BYTES[:, :18, :20], 16).shape == (4, 16, 16, 3)
        with pytest.raises(PhotoError, match=r"images\[0\]: has 20 x 18 pixels, expected at least"):
            as_pixels(BYTES[:, :18, :20], 96)

    def test_groups_by_name(self):
        groups = {"sports_cars": BYTES[:3], 'the "other"': BYTES[3:] / 255}
        album = album_of(groups, 40, ("convertible", "sports car"))
        assert album.groups == ("sports_cars", 'the "other"')
        assert album.class_of("sports_cars") == "sports car"
        assert album.class_of('the "other"') is None
        for group, index, row in (("sports_cars", 2, 2), ('the "other"', 0, 3)):
            picture = album.picture(Source(group, index))
            np.testing.assert_array_equal(picture.rgb, BYTES[row])
            np.testing.assert_array_equal(run(picture, images=groups), BYTES[row])

    def test_names_become_titles(self):
        album = ArrayAlbum(BYTES, names=["a", "b", "c", "d"])
        assert album.picture(Source("pictures", 3)).title == "d"
        with pytest.raises(ValueError, match=r"Expected 4 names.*Received: 1"):
            ArrayAlbum(BYTES, names=["a"])
        with pytest.raises(ValueError, match="a mapping, whose groups are named"):
            ArrayAlbum({"a": BYTES}, names=["a", "b", "c", "d"])

    def test_a_file_of_arrays(self, tmp_path):
        np.save(tmp_path / "mine.npy", BYTES)
        picture = album_of(tmp_path / "mine.npy", 40).picture(Source("pictures", 3))
        np.testing.assert_array_equal(picture.rgb, BYTES[3])
        np.testing.assert_array_equal(run(picture), BYTES[3])

    def test_large_pictures_have_small_thumbnails(self):
        halves = np.zeros((1, 192, 192, 3), np.uint8)
        halves[:, :, 96:] = 200
        (small,) = album_of(halves, 192).thumbnails("pictures")
        assert small.shape == (96, 96, 3) and small.dtype == np.uint8
        assert (small[:, :48] == 0).all() and (small[:, 48:] == 200).all()

    @pytest.mark.parametrize(
        ("images", "error", "message"),
        [
            (BYTES[0], ValueError, r"shape \(40, 40, 3\).*images\[np\.newaxis\]"),
            (BYTES[:0], ValueError, "holds none"),
            ([], ValueError, "holds none"),
            (np.float32(3), TypeError, "an array"),
            (np.array(3.0), ValueError, "holds none"),
            (np.zeros((2, 40, 40, 4)), ValueError, r"Received: of shape \(2, 40, 40, 4\)"),
            (np.zeros((2, 0, 40, 3)), ValueError, r"of shape \(2, 0, 40, 3\)"),
            ([BYTES[0], BYTES[0, 0, 0]], ValueError, r"one of shape \(3,\)"),
            (BYTES > 100, TypeError, "Received: bool"),
            (np.full((2, 8, 8, 3), np.nan), ValueError, "NaN or infinity"),
            (BYTES - 120.0, ValueError, r"from -120 to 135\. .*bound\.to_rgb\(images\)"),
            (BYTES * 2.0, ValueError, "from 0 to 510"),
            (BYTES / 100, ValueError, "from 0 to 2.55, which may be either"),
            (np.ones((2, 40, 40, 3), int), ValueError, "whole numbers that may be either"),
            (None, TypeError, "Received: NoneType"),
            (["a.png", 3], TypeError, "a list of int, str"),
            ({}, ValueError, "at least one picture"),
            ({"a": BYTES, "b": []}, ValueError, r'images\["b"\], which holds none'),
            ({3: BYTES}, TypeError, "by their names. Received: 3"),
        ],
    )
    def test_what_is_refused(self, images, error, message):
        with pytest.raises(error, match=message):
            album_of(images, 40)

    def test_pictures_of_several_sizes_need_a_size(self):
        mixed = [BYTES[0], BYTES[1, :36, :36]]
        with pytest.raises(ValueError, match=r"of one size.*\(36, 36, 3\), \(40, 40, 3\)"):
            as_pixels(mixed)
        assert as_pixels(mixed, 36).shape == (2, 36, 36, 3)

    def test_a_group_without_a_picture_is_refused(self):
        picture = Picture(BYTES[0], "a", (), "a")
        with pytest.raises(ValueError, match="in every group. Received none in b"):
            PictureAlbum({"a": [picture], "b": []})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for group, count in {"sports_car": 3, "chain saw": 2, "cats": 1}.items():
        (tmp_path / "photos" / group).mkdir(parents=True)
        for i in range(count):
            pixels = noise(len(group) + i, 96 if i else 120)
            Image.fromarray(pixels).save(tmp_path / "photos" / group / f"{i} it's.png")
    return tmp_path / "photos"


class TestFiles:
    CLASSES = ("chainsaw", "sports car", "pelican")

    def test_class_folders_become_groups(self, folder):
        album = album_of(str(folder), 96, self.CLASSES)
        assert isinstance(album, Album)
        assert album.groups == ("cats", "chain saw", "sports_car")
        assert [album.class_of(group) for group in album.groups] == [None, "chainsaw", "sports car"]
        assert [album.count(group) for group in album.groups] == [1, 2, 3]

    def test_files_of_the_networks_size_stay_as_they_are(self, folder):
        album = album_of(folder, 96)
        exact, larger = (album.picture(Source("sports_car", i)) for i in (1, 0))
        np.testing.assert_array_equal(exact.rgb, noise(len("sports_car") + 1))
        np.testing.assert_array_equal(larger.rgb, read_photo(folder / "sports_car/0 it's.png", 96))
        assert exact.title == "1 it's.png"
        for picture in (exact, larger):
            np.testing.assert_array_equal(run(picture), picture.rgb)

    def test_a_folder_without_folders_is_one_group(self, folder):
        album = album_of(folder / "sports_car", 96, self.CLASSES)
        assert album.groups == ("sports_car",) and album.class_of("sports_car") == "sports car"

    def test_files_and_folders_together(self, folder):
        files = [folder / "cats" / "0 it's.png", folder / "chain saw"]
        album = album_of(files, 96)
        assert album.groups == ("pictures", "chain saw")
        assert album.picture(Source("pictures", 0)).title == "0 it's.png"

    def test_only_the_first_of_a_folder_are_read(self, folder):
        assert FileAlbum([folder], 96, from_each=2).count("sports_car") == 2

    def test_damaged_files_are_told(self, folder):
        (folder / "cats" / "damaged.png").write_bytes(b"no picture")
        (folder / "cats" / "notes.txt").write_text("no picture either")
        (folder / "cats" / "gone.png").symlink_to(folder / "nowhere.png")
        with pytest.warns(UserWarning, match=r"3 file\(s\).*") as told:
            album = album_of(folder, 96)
        assert "gone.png: is a link to a file that is not there" in str(told[0].message)
        assert "damaged.png: is not an image" in str(told[0].message)
        assert "notes.txt: is not named like a photo" in str(told[0].message)
        assert album.count("cats") == 1
        with pytest.raises(PhotoError, match="damaged.png"):
            album_of([folder / "cats" / "damaged.png"], 96)

    def test_what_is_not_there(self, folder, tmp_path):
        with pytest.raises(FileNotFoundError, match="no file"):
            album_of(folder / "none.png", 96)
        (tmp_path / "empty").mkdir()
        with pytest.raises(ValueError, match="No picture could be read from .*empty"):
            album_of(tmp_path / "empty", 96)
        with pytest.raises(ValueError, match="the names of files or folders"):
            album_of("", 96)

    def test_too_many_files_are_refused_before_they_are_read(self, tmp_path):
        for i in range(2001):
            (tmp_path / f"{i}.png").touch()
        with pytest.raises(ValueError, match="at most 2000 files. Received: 2001"):
            FileAlbum([tmp_path], 96, from_each=3000)

    def test_a_set_of_photos(self, folder):
        photos = read_folder(folder, ["Sports Car", "cats"], size=64, progress=False)
        album = album_of(photos, 64, self.CLASSES)
        assert isinstance(album, PhotoAlbum) and album.groups == ("Sports Car", "cats")
        assert album.class_of("Sports Car") == "sports car"
        picture = album.picture(Source("Sports Car", 1))
        np.testing.assert_array_equal(picture.rgb, photos.of("Sports Car")[1])
        np.testing.assert_array_equal(run(picture), picture.rgb)
        with pytest.raises(ValueError, match=r"96 x 96 pixels. Received: 64 x 64"):
            album_of(photos, 96)

    def test_nothing_can_be_left_out_of_a_photo(self, folder):
        with pytest.raises(ValueError, match="only drawn pictures"):
            album_of(folder, 96).picture(Source("cats", 0, frozenset({"roof"})))


class TestUploads:
    @pytest.fixture
    def uploads(self) -> Uploads:
        return Uploads(SceneAlbum(per_class=2), 96, largest=3)

    def test_the_group_comes_with_the_first_picture(self, uploads):
        assert isinstance(uploads, Album) and uploads.groups == CLASSES
        source = uploads.add("mine.png", png(noise(0)))
        assert source == Source("my pictures", 0)
        assert uploads.groups == (*CLASSES, "my pictures")
        assert uploads.class_of("my pictures") is None
        assert uploads.count("my pictures") == 1
        np.testing.assert_array_equal(uploads.thumbnails("my pictures"), [noise(0)])

    def test_a_file_is_read_and_its_code_reads_it(self, uploads, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for name, pixels in (("exact.png", noise(1)), ("larger one's.png", noise(2, 130))):
            Path(name).write_bytes(png(pixels))
            picture = uploads.picture(uploads.add(name, memoryview(png(pixels))))
            np.testing.assert_array_equal(picture.rgb, run(picture))
            assert picture.title == name
            if len(pixels) == 96:
                np.testing.assert_array_equal(picture.rgb, pixels)

    def test_the_same_bytes_are_the_same_picture(self, uploads):
        first, other = (uploads.add("a.png", png(noise(seed))) for seed in (0, 1))
        assert uploads.add("b.png", png(noise(0))) == first != other
        assert uploads.count("my pictures") == 2

    def test_the_oldest_go_and_their_places_stay_empty(self, uploads):
        sources = [uploads.add(f"{seed}.png", png(noise(seed))) for seed in range(5)]
        assert len(set(sources)) == 5
        assert uploads.sources("my pictures") == tuple(sources[2:])
        np.testing.assert_array_equal(
            uploads.thumbnails("my pictures"), [noise(2), noise(3), noise(4)]
        )
        np.testing.assert_array_equal(uploads.picture(sources[4]).rgb, noise(4))
        with pytest.raises(ValueError, match=r"index 2, 3, 4\. Received: 1\. Upload it again"):
            uploads.picture(sources[1])
        again = uploads.add("0.png", png(noise(0)))
        assert again not in sources
        np.testing.assert_array_equal(uploads.picture(again).rgb, noise(0))

    def test_what_is_no_picture_is_refused_and_nothing_changes(self, uploads):
        for data, message in (
            (b"", "is empty"),
            (b"%PDF-1.7", "PDF"),
            (png(noise(0))[:500], "cut"),
        ):
            with pytest.raises(PhotoError, match=f"mine.png: .*{message}"):
                uploads.add("mine.png", data)
        assert uploads.groups == CLASSES
        with pytest.raises(ValueError, match="Received: 'my pictures'"):
            uploads.picture(Source("my pictures", 0))

    def test_all_else_is_the_albums(self, uploads):
        uploads.add("mine.png", png(noise(0)))
        album, car = SceneAlbum(per_class=2), Source("sports car", 1)
        np.testing.assert_array_equal(uploads.picture(car).rgb, album.picture(car).rgb)
        assert uploads.count("daisy") == 2 and uploads.class_of("daisy") == "daisy"
        assert uploads.sources("daisy") == album.sources("daisy")
        np.testing.assert_array_equal(uploads.picture(car).rgb, album.picture(car).rgb)
        np.testing.assert_array_equal(uploads.thumbnails("daisy"), album.thumbnails("daisy"))
        with pytest.raises(ValueError, match="'cat'"):
            uploads.count("cat")

    def test_a_group_of_that_name_is_refused(self):
        with pytest.raises(ValueError, match="another name"):
            Uploads(album_of({"my pictures": BYTES}, 40), 40)
        with pytest.raises(ValueError, match="at least one picture. Received: 0"):
            Uploads(album_of(BYTES, 40), 40, largest=0)


def test_classes_are_told_by_their_folders_names():
    classes = ("Chainsaw", "sports car")
    assert class_named("chain-saw", classes) == "Chainsaw"
    assert class_named("test_sports_cars", classes) == "sports car"
    assert class_named("sports cart", classes) is None
    assert class_named("sports car", ()) is None


@pytest.mark.parametrize("text", ["plain", "it's", 'a "b"', "both \" and '", "back\\slash", "ü\n"])
def test_quoted_text_reads_back(text):
    assert eval(quoted(text)) == text
    assert quoted("plain") == '"plain"'


def test_no_warning_where_all_can_be_read(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        album_of(folder, 96)
