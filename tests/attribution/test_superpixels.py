"""Superpixels of pictures where they are plain to see."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import segmentation

from hwkit.attribution import superpixels


def halves() -> np.ndarray:
    """Left half red, right half blue."""
    picture = np.zeros((32, 32, 3))
    picture[:, :16, 0] = picture[:, 16:, 2] = 1
    return picture


def test_blocks_in_reading_order():
    found = superpixels.blocks(2, 3)(np.zeros((4, 6, 1)))
    assert found[::2, ::2].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert np.bincount(found.ravel()).tolist() == [4] * 6
    assert superpixels.blocks(4)(np.zeros((28, 28))).tolist() == [
        [row // 7 * 4 + column // 7 for column in range(28)] for row in range(28)
    ]


def test_blocks_of_a_size_that_does_not_divide():
    found = superpixels.blocks(3, 2)(np.zeros((10, 7, 3)))
    rows = np.bincount(found[:, 0])[::2]
    assert rows.sum() == 10 and set(rows) <= {3, 4}
    assert np.array_equal(np.unique(found), np.arange(6))


@pytest.mark.parametrize(
    "segment",
    [superpixels.quickshift(2, 6), superpixels.slic(8), superpixels.felzenszwalb(20)],
)
def test_no_superpixel_lies_on_both_sides_of_an_edge(segment):
    found = segment(halves())
    assert found.shape == (32, 32)
    assert np.array_equal(np.unique(found), np.arange(found.max() + 1))
    assert not set(found[:, :15].ravel()) & set(found[:, 17:].ravel())


def test_the_settings_are_the_original_ones():
    """Those of LimeImageExplainer for quickshift, of scikit-image for the rest."""
    picture = np.random.default_rng(0).uniform(size=(40, 40, 3))
    picture = np.cumsum(np.cumsum(picture - 0.5, axis=0), axis=1)
    picture = (picture - picture.min()) / np.ptp(picture)
    expected = segmentation.quickshift(picture, kernel_size=4, max_dist=200, ratio=0.2, rng=0)
    np.testing.assert_array_equal(superpixels.quickshift()(picture), expected)
    expected = segmentation.slic(picture, n_segments=50, start_label=0)
    np.testing.assert_array_equal(superpixels.slic()(picture), expected)
    expected = segmentation.felzenszwalb(picture)
    np.testing.assert_array_equal(superpixels.felzenszwalb()(picture), expected)


def test_a_grey_picture_is_one_of_three_equal_colours():
    grey = halves()[..., :1] * np.linspace(0, 1, 32)[:, np.newaxis, np.newaxis]
    segment = superpixels.quickshift(2, 6)
    np.testing.assert_array_equal(segment(grey), segment(np.repeat(grey, 3, axis=-1)))


def test_renumbered_closes_gaps_in_order():
    found = superpixels.renumbered(np.array([[7, 7], [-2, 30]]))
    assert found.tolist() == [[1, 1], [0, 2]]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: superpixels.blocks(0), "1 row and 1 column"),
        (lambda: superpixels.blocks(2, -1), "1 row and 1 column"),
        (lambda: superpixels.blocks(5)(np.zeros((4, 9, 3))), "at most 4 rows and 9 columns"),
        (lambda: superpixels.slic()(np.zeros((9, 9))), r"\(h, w, 3\) or \(h, w, 1\)"),
        (lambda: superpixels.quickshift()(np.zeros((9, 9, 4))), r"\(h, w, 3\) or \(h, w, 1\)"),
    ],
)
def test_what_is_refused(call, reason):
    with pytest.raises(ValueError, match=reason):
        call()
