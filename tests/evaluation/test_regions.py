"""Shares of an attribution in regions, and the picture's edges."""

import numpy as np
import pytest
from scipy import ndimage

from hwkit.evaluation.regions import edge_strength, part_shares, share_inside

STRENGTH = np.array([[1.0, -2], [3, 4]])
REGION = np.array([[True, True], [False, False]])


def test_the_share_counts_the_size_not_the_sign():
    assert share_inside(STRENGTH, REGION) == 3 / 10
    assert share_inside(STRENGTH, ~REGION) == 7 / 10
    assert share_inside(STRENGTH, np.zeros((2, 2), bool)) == 0


def test_several_pictures():
    shares = share_inside(np.stack([STRENGTH, np.zeros((2, 2))]), np.stack([REGION, REGION]))
    assert shares[0] == 3 / 10 and np.isnan(shares[1])


def test_parts():
    masks = {"roof": REGION, "wheel": np.array([[False, False], [True, False]])}
    assert part_shares(STRENGTH, masks) == {"roof": 0.3, "wheel": 0.3}


@pytest.mark.parametrize("shape", [(2, 3), (1, 2, 2), (4,)])
def test_shapes_must_agree(shape):
    with pytest.raises(ValueError, match=r"same shape \(h, w\).*pixel_influence"):
        share_inside(STRENGTH, np.ones(shape, bool))
    with pytest.raises(ValueError, match=r"same shape"):
        share_inside(np.ones((2, 2, 3, 1)), np.ones((2, 2, 3, 1), bool))


def test_edges_are_sobels_of_the_grey_picture():
    rgb = np.random.default_rng(0).uniform(size=(3, 9, 9, 3))
    grey = rgb.mean(axis=-1)
    # skimage's Sobel divides by 4 (the sum of one side) and by sqrt(2) for the two directions.
    expected = [
        np.hypot(ndimage.sobel(each, 0, mode="reflect"), ndimage.sobel(each, 1, mode="reflect"))
        for each in grey
    ]
    np.testing.assert_allclose(edge_strength(rgb), np.stack(expected) / 4 / np.sqrt(2), atol=1e-12)
    np.testing.assert_allclose(edge_strength(rgb[1]), edge_strength(rgb)[1])
