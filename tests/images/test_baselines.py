"""Blurred baselines."""

import numpy as np
import pytest
from scipy import ndimage

from hwkit.images.baselines import NAMES, blurred, named
from hwkit.images.bounds import CAFFE, UNIT

PICTURES = np.random.default_rng(0).normal(50, 20, (2, 24, 32, 3)).astype(np.float32)


def test_each_colour_is_blurred_by_itself_and_pictures_do_not_mix():
    got = blurred(PICTURES, sigma=2.0)
    assert got.dtype == np.float32 and got.shape == PICTURES.shape
    for picture, result in zip(PICTURES, got, strict=True):
        for colour in range(3):
            expected = ndimage.gaussian_filter(picture[..., colour], 2.0, mode="nearest")
            np.testing.assert_allclose(result[..., colour], expected, rtol=1e-4)


def test_by_default_only_broad_patches_are_left():
    got = blurred(PICTURES)
    np.testing.assert_allclose(got, blurred(PICTURES, sigma=3.0))  # an eighth of the height
    assert got.std() < 0.2 * PICTURES.std()
    np.testing.assert_allclose(got.mean(), PICTURES.mean(), rtol=0.02)


def test_a_picture_of_one_colour_stays():
    flat = np.full((1, 16, 16, 3), -7.5, np.float32)
    np.testing.assert_allclose(blurred(flat), flat, rtol=1e-5)


def test_the_pictures_themselves_are_not_changed():
    before = PICTURES.copy()
    blurred(PICTURES)
    np.testing.assert_array_equal(PICTURES, before)


def test_named_baselines_show_what_they_are_called():
    assert NAMES == ("blurred", "black", "grey")
    black, grey = named("black", CAFFE)(PICTURES), named("grey", CAFFE)(PICTURES)
    assert black.shape == grey.shape == PICTURES.shape
    assert black.dtype == grey.dtype == np.float32
    np.testing.assert_allclose(black[1, 3, 4], [-103.939, -116.779, -123.68])
    np.testing.assert_allclose(grey[1, 3, 4], black[0, 0, 0] + 127.5, rtol=1e-5)
    np.testing.assert_array_equal(named("blurred", UNIT)(PICTURES), blurred(PICTURES))


def test_other_baselines_are_refused():
    with pytest.raises(ValueError, match=r"blurred, black, grey\. Received: 'white'"):
        named("white", UNIT)
