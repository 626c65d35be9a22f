"""Pictures of inputs, sheets of many pictures, their files, and figures of heatmaps."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from hwkit import heatmaps
from hwkit.heatmaps import heatmap, input_picture, save, tile


@pytest.fixture(autouse=True)
def _no_figure_is_left_open():
    before = plt.get_fignums()
    yield
    assert plt.get_fignums() == before


@pytest.fixture
def square() -> np.ndarray:
    """A white square of 8 x 8 in the middle of 16 x 16 black pixels."""
    image = np.zeros((16, 16))
    image[4:12, 4:12] = 1
    return image


def test_a_digit_is_ink_on_paper():
    found = input_picture(np.array([[0.0, 1.0], [0.2, 0.6]]), scale=1)
    np.testing.assert_array_equal(found[..., 0], [[255, 0], [204, 102]])
    assert (found == found[..., :1]).all()
    signed = input_picture(np.array([[[-1.0], [1.0]]]), 2, "signed")
    np.testing.assert_array_equal(signed[..., 2], [[255, 255, 0, 0], [255, 255, 0, 0]])


def test_a_photo_keeps_its_colours():
    photo = np.random.default_rng(5).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    np.testing.assert_array_equal(input_picture(photo, 1, "bytes"), photo)


def test_a_sheet_worked_out_by_hand():
    red, lime, blue, gap = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)
    pictures = [np.full((1, 1, 3), each, np.uint8) for each in (red, lime, blue)]
    expected = [[red, gap, lime], [gap, gap, gap], [blue, gap, gap]]
    found = tile(pictures, columns=2, gap=1, colour="black")
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(tile(pictures, gap=0), [[red, lime, blue]])


def test_256_pictures_make_a_square():
    assert tile([np.zeros((2, 2, 3))] * 256, gap=1).shape == (47, 47, 3)


@pytest.mark.parametrize("name", ["sheet.png", "sheet.TIFF", "sheet.bmp"])
def test_a_file_keeps_every_pixel(tmp_path: Path, name: str):
    picture = np.random.default_rng(6).integers(0, 256, (5, 4, 3), dtype=np.uint8)
    (tmp_path / name).write_bytes(b"of before")
    assert save(picture, tmp_path / name) == tmp_path / name
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / name)), picture)


def test_a_file_of_floating_point_colours(tmp_path: Path):
    written = save(np.array([[[0.0, 0.5, 1.0]]]), str(tmp_path / "one.png"))
    np.testing.assert_array_equal(np.asarray(Image.open(written)), [[[0, 128, 255]]])


def _pictures(figure) -> list[np.ndarray]:
    return [np.asarray(image.get_array()) for axis in figure.axes for image in axis.images]


def _bar(figure):
    return next(axis for axis in figure.axes if axis.get_label() == "<colorbar>")


def test_a_figure_in_shares_of_each_picture():
    relevance = np.array([[[1.0, -4.0]], [[0.5, 0.25]]])
    figure = heatmaps.show(relevance, titles=["a", "b"], cmap="gray-red", caption="two")
    for found, each in zip(_pictures(figure), relevance, strict=True):
        np.testing.assert_array_equal(found, heatmap(each, "gray-red", scale=64))
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "for"]
    assert figure.get_suptitle() == "two"
    bar = _bar(figure)
    assert bar.get_ylim() == (-1, 1)
    assert bar.get_ylabel() == "relevance\n(share of each picture's largest)"
    assert bar.get_xlabel() == "against"


def test_a_figure_on_one_scale_says_its_unit():
    relevance = np.array([[[1.0, -4.0]], [[0.5, 0.25]]])
    figure = heatmaps.show(relevance, shared=True)
    for found, each in zip(_pictures(figure), relevance, strict=True):
        np.testing.assert_array_equal(found, heatmap(each, scale=64, limit=4.0))
    assert _bar(figure).get_ylim() == (-4, 4)
    assert _bar(figure).get_ylabel() == "relevance\n(logit)"


def test_inputs_stand_above_their_heatmaps(square: np.ndarray):
    images = np.stack([square, 1 - square, square.T, square])[..., np.newaxis]
    relevance = np.random.default_rng(7).normal(size=(4, 16, 16, 1))
    figure = heatmaps.show(relevance, images, list("abcd"), columns=3)
    panels = np.array([axis for axis in figure.axes if axis is not _bar(figure)]).reshape(4, 3)
    places = [(0, 0), (0, 1), (0, 2), (2, 0)]
    for place, (row, column) in enumerate(places):
        above, below = panels[row, column], panels[row + 1, column]
        assert (above.get_title(), below.get_title()) == ("abcd"[place], "")
        np.testing.assert_array_equal(above.images[0].get_array(), input_picture(images[place]))
        np.testing.assert_array_equal(
            below.images[0].get_array(), heatmap(relevance[place], image=images[place], scale=8)
        )
    assert not any(axis.images for axis in panels[2:, 1:].flat)


def test_one_picture_alone_and_pictures_of_different_sizes(square: np.ndarray):
    one = heatmaps.show(square - 0.5, square)
    assert len(_pictures(one)) == 2  # the input and the heatmap
    photo = np.random.default_rng(8).random((6, 5, 3))
    assert len(_pictures(heatmaps.show(photo - 0.5, photo))) == 2
    several = heatmaps.show([square - 0.5, photo - 0.5], [square, photo])
    assert len(_pictures(several)) == 4


def test_rows_of_a_figure_are_of_one_length():
    relevance = np.random.default_rng(9).normal(size=(10, 5, 5))
    columns = {axis.get_subplotspec().colspan.start for axis in heatmaps.show(relevance).axes[:10]}
    assert columns == set(range(5))


def test_wrong_inputs_of_a_picture():
    with pytest.raises(ValueError, match=r"\(h, w, 3\). Received: shape \(2, 2, 2\)"):
        input_picture(np.zeros((2, 2, 2)))
    with pytest.raises(ValueError, match="one low and one high"):
        input_picture(np.zeros((2, 2)), image_bound="caffe")
    with pytest.raises(ValueError, match="image bound"):
        input_picture(np.zeros((2, 2)), image_bound="bright")


@pytest.mark.parametrize(
    ("pictures", "arguments", "message"),
    [
        ([], {}, "Received: none"),
        ([np.zeros((2, 2, 3)), np.zeros((2, 3, 3))], {}, r"\(2, 2\), \(2, 3\)"),
        ([np.zeros((2, 2))], {}, r"shape \(2, 2\)"),
        ([np.full((2, 2, 3), 1.5)], {}, r"1.5 to 1.5.*heatmap\(\)"),
        ([np.full((2, 2, 3), np.nan)], {}, r"in \[0, 1\]"),
        ([np.zeros((2, 2, 3))], {"columns": 0}, "columns=0"),
        ([np.zeros((2, 2, 3))], {"gap": -1}, "gap=-1"),
        ([np.zeros((2, 2, 3))], {"colour": "ultra"}, "ultra"),
    ],
)
def test_sheets_that_cannot_be_made(pictures, arguments, message: str):
    with pytest.raises(ValueError, match=message):
        tile(pictures, **arguments)


def test_files_that_are_not_written(tmp_path: Path):
    picture = np.zeros((2, 2, 3), np.uint8)
    for name in ("sheet.jpg", "sheet", "sheet.xyz"):
        with pytest.raises(ValueError, match=r"\.png.*Received: .*sheet"):
            save(picture, tmp_path / name)
    with pytest.raises(FileNotFoundError, match="folder .*absent"):
        save(picture, tmp_path / "absent" / "sheet.png")
    with pytest.raises(TypeError, match="int64"):
        save(picture.astype(np.int64), tmp_path / "sheet.png")
    assert list(tmp_path.iterdir()) == []


def test_figures_that_cannot_be_made():
    two = np.zeros((2, 5, 5))
    with pytest.raises(ValueError, match="2 images.*Received: 3"):
        heatmaps.show(two, np.zeros((3, 5, 5)))
    with pytest.raises(ValueError, match="2 titles.*Received: 1"):
        heatmaps.show(two, titles=["a"])
    with pytest.raises(ValueError, match="columns=0"):
        heatmaps.show(two, columns=0)
    with pytest.raises(ValueError, match=r"size of its relevance, \(5, 5\)"):
        heatmaps.show(two, np.zeros((2, 4, 4)))


def test_the_examples_of_the_page_run_and_write_its_pictures(tmp_path: Path, monkeypatch):
    pytest.importorskip("sklearn", reason="the page's digits are scikit-learn's")
    docs = Path(__file__).parent.parent / "docs"
    page = (docs / "heatmaps.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "heatmaps.md", "exec"), names)
    for name in re.findall(r"\]\(pictures/(\S+)\)", page):
        written, shown = Image.open(name).convert("RGB"), Image.open(docs / "pictures" / name)
        # Fonts may differ, the digits and their colours do not.
        np.testing.assert_allclose(written.size, shown.size, rtol=0.03)
        drawn, kept = (
            np.asarray(each.convert("RGB").resize((40, 30)), float) for each in (written, shown)
        )
        assert abs(drawn - kept).mean() < 8
    sheet = np.asarray(Image.open("sheet.png"))
    assert sheet.shape == (2 * 84 + 2, 10 * 84 + 9 * 2, 3)
