"""Heatmaps: the scale of relevance, exact pixels, and the outline of the input."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from skimage.feature import canny

from hwkit import heatmaps
from hwkit.heatmaps import heatmap, normalise, outline, pool_channels

BLACK, CHALK = (0, 0, 0), (200, 200, 200)


@pytest.fixture
def square() -> np.ndarray:
    """A white square of 8 x 8 in the middle of 16 x 16 black pixels."""
    image = np.zeros((16, 16))
    image[4:12, 4:12] = 1
    return image


def test_each_picture_by_its_own_largest_size():
    two = np.array([[[1.0, -4.0]], [[0.5, 0.25]]])
    np.testing.assert_array_equal(normalise(two), [[[0.25, -1]], [[1, 0.5]]])


def test_all_pictures_by_the_largest_size_of_any():
    two = np.array([[[1.0, -4.0]], [[0.5, 0.25]]])
    np.testing.assert_array_equal(normalise(two, shared=True), [[[0.25, -1]], [[0.125, 0.0625]]])


def test_one_picture_and_its_channels():
    np.testing.assert_array_equal(normalise(np.array([[2.0, -1.0]])), [[1, -0.5]])
    in_colour = np.array([[[1.0, 2.0, -1.0], [-3.0, 0.5, -1.5]]])  # sums 2 and -4
    np.testing.assert_array_equal(normalise(in_colour), [[0.5, -1]])
    np.testing.assert_array_equal(normalise(in_colour[np.newaxis]), [[[0.5, -1]]])


def test_pooling_channels_keeps_the_sum():
    relevance = np.random.default_rng(0).normal(size=(2, 5, 4, 7))
    pooled = pool_channels(relevance)
    assert pooled.shape == (2, 5, 4)
    np.testing.assert_allclose(pooled.sum(axis=(1, 2)), relevance.sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(pool_channels(relevance[0]), pooled[0])


@pytest.mark.parametrize("shared", [False, True])
def test_no_relevance_stays_zero(shared: bool):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = normalise(np.zeros((2, 3, 5)), shared)
    np.testing.assert_array_equal(found, np.zeros((2, 3, 5)))


def test_tiny_and_huge_relevance():
    for size in (5e-324, 1e-300, 1e300):
        np.testing.assert_array_equal(normalise(np.array([[size, -size]])), [[1, -1]])


def test_a_heatmap_worked_out_by_hand():
    relevance = np.array([[4.0, -4.0], [0.0, 1.0]])
    red, blue, grey, pale = (255, 0, 0), (0, 0, 255), (204, 204, 204), (217, 153, 153)
    expected = [
        [red, red, blue, blue],
        [red, red, blue, blue],
        [grey, grey, pale, pale],
        [grey, grey, pale, pale],
    ]
    found = heatmap(relevance, "gray-red", scale=2)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, expected)


def test_channels_are_summed_first():
    relevance = np.random.default_rng(1).normal(size=(3, 4, 6))
    np.testing.assert_array_equal(heatmap(relevance), heatmap(relevance.sum(axis=-1)))


def test_a_limit_sets_full_colour():
    relevance = np.array([[1.0, -8.0, 2.0]])
    found = heatmap(relevance, "blue-black-yellow", scale=1, limit=2.0)
    np.testing.assert_array_equal(found, [[(128, 128, 0), (0, 0, 255), (255, 255, 0)]])


def test_the_other_sign_swaps_red_and_blue():
    relevance = np.random.default_rng(2).normal(size=(9, 7))
    np.testing.assert_array_equal(
        heatmap(-relevance, "gray-red2"), heatmap(relevance, "gray-red2")[..., ::-1]
    )


@pytest.mark.parametrize(
    ("cmap", "middle"),
    [("gray-red", 204), ("gray-red2", 230), ("black-green", 0), ("seismic", 255)],
)
def test_no_relevance_has_the_colour_of_the_middle(cmap: str, middle: int):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = heatmap(np.zeros((2, 2)), cmap, scale=1)
    np.testing.assert_allclose(found, np.full((2, 2, 3), middle), atol=1)


def test_enlarging_repeats_pixels():
    small = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(heatmaps.enlarge(small, 3), np.kron(small, np.ones((3, 3))))


def _edges(line: np.ndarray, scale: int) -> list[int]:
    """Where edges cross a line of the outline: the borders of image pixels that they run along.

    A border lies between two pixels of the outline, of which Canny's detector takes one or both.
    """
    places = np.nonzero(line)[0]
    borders = np.round((places + 0.5) / scale).astype(int)
    assert (abs(places + 0.5 - borders * scale) == 0.5).all()
    return sorted(set(borders.tolist()))


@pytest.mark.parametrize("scale", [2, 3, 9])
def test_the_outline_of_a_square_is_its_border(square: np.ndarray, scale: int):
    found = outline(square, scale)
    rows, columns = np.nonzero(found)
    # How far an edge pixel's middle is from the middle of the picture, against half the side.
    middle = 8 * scale - 0.5
    away = np.maximum(abs(rows - middle), abs(columns - middle))
    # The blur rounds the corners off, by less than a pixel of the image.
    assert (abs(away - 4 * scale) <= 0.5 + 0.8 * scale).all()
    for line in (*found[6 * scale : 10 * scale], *found.T[6 * scale : 10 * scale]):
        assert _edges(line, scale) == [4, 12]  # away from the corners: one edge, and the other


def test_the_toolboxes_outline_at_its_scale():
    image = np.clip(np.random.default_rng(3).normal(size=(20, 20)).cumsum(axis=0), 0, 3)
    enlarged = np.kron(image / image.max(), np.ones((3, 3)))
    np.testing.assert_array_equal(outline(image, 3), canny(enlarged, sigma=2))


@pytest.mark.parametrize("scale", [3, 8])
@pytest.mark.parametrize("sigma", [2 / 3, 2.0])
def test_an_edge_counts_by_its_contrast_at_every_scale(scale: int, sigma: float):
    image = np.zeros((24, 60))
    image[:, 20:] = 1  # the full contrast
    for step, drawn in ((0.1, [20]), (0.15, [20, 40])):  # an eighth lies between
        image[:, 40:] = 1 - step
        assert _edges(outline(image, scale, sigma)[12 * scale], scale) == drawn


def test_the_range_of_an_image_does_not_matter(square: np.ndarray):
    expected = outline(square)
    for image in (255 * square, 2 * square - 1, (255 * square).astype(np.uint8), square > 0.5):
        np.testing.assert_array_equal(outline(image), expected)
    np.testing.assert_array_equal(outline(np.repeat(square[..., np.newaxis], 3, -1)), expected)


def test_a_plain_image_has_no_outline():
    assert not outline(np.full((6, 6), 0.5)).any()


@pytest.mark.parametrize(
    ("cmap", "ink"),
    [
        ("RdBu_r", BLACK),
        ("seismic", BLACK),
        ("gray-red", BLACK),
        ("gray-red2", BLACK),
        ("black-green", CHALK),
        ("black-firered", CHALK),
        ("blue-black-yellow", CHALK),
    ],
)
def test_the_outline_is_seen_on_its_map(square: np.ndarray, cmap: str, ink: tuple[int, ...]):
    relevance = np.random.default_rng(4).normal(size=square.shape)
    plain = heatmap(relevance, cmap, square, outline=False)
    np.testing.assert_array_equal(plain, heatmap(relevance, cmap))
    drawn, edges = heatmap(relevance, cmap, square), outline(square)
    assert edges.any() and (drawn[edges] == ink).all()
    np.testing.assert_array_equal(drawn[~edges], plain[~edges])


@pytest.mark.parametrize(
    ("relevance", "message"),
    [
        (np.array([[1.0, np.nan], [np.inf, 0.0]]), "2 of 4 pixels"),
        (np.full((1, 1, 3), 1e308), "1 of 1 pixels"),
        (np.zeros((0, 3)), "one pixel or more"),
        (np.zeros(784), r"shape \(784,\).*reshape\(-1, 28, 28\)"),
        (np.zeros((2, 28, 28, 1)), r"relevance\[i\]"),
        ([[1.0, 2.0], [3.0]], "one array"),
    ],
)
def test_relevance_that_cannot_be_shown(relevance, message: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=message):
            heatmap(relevance)


def test_what_is_not_numbers_is_refused():
    for values in (np.array([["a"]]), np.array([[1j]]), np.array([[None]])):
        with pytest.raises(TypeError, match="real numbers"):
            heatmap(values)
        with pytest.raises(TypeError, match="real numbers"):
            outline(values)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"scale": 0}, ValueError, "scale=0"),
        ({"scale": 1.5}, TypeError, "scale=1.5"),
        ({"limit": 0.0}, ValueError, "limit=0.0"),
        ({"limit": np.nan}, ValueError, "limit=nan"),
        ({"cmap": "gray-rad"}, ValueError, "gray-red"),
        ({"image": np.zeros((3, 2))}, ValueError, r"\(2, 2\). Received: \(3, 2\)"),
        ({"image": np.zeros(4)}, ValueError, "one image"),
        ({"image": np.full((2, 2), np.nan)}, ValueError, "finite"),
        ({"image": np.eye(2), "sigma": 0.0}, ValueError, "sigma=0.0"),
    ],
)
def test_wrong_arguments_of_a_heatmap(arguments, error, message: str):
    with pytest.raises(error, match=message):
        heatmap(np.eye(2), **arguments)


def test_flat_vectors_and_empty_lists_are_no_pictures():
    with pytest.raises(ValueError, match="empty list"):
        heatmaps.show([])
    with pytest.raises(ValueError, match=r"reshape\(-1, 28, 28\)"):
        heatmaps.show([np.zeros(784)])
    with pytest.raises(ValueError, match=r"\(h, w, c\)"):
        pool_channels(np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"shape \(1, 1, 1, 1, 1\)"):
        normalise(np.zeros((1, 1, 1, 1, 1)))
