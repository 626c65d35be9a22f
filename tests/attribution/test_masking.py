"""Which pixels are hidden together, and what is seen in their place."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from hwkit.attribution import superpixels
from hwkit.attribution.masking import Masking, fill_of
from hwkit.images.bounds import CAFFE, UNIT

PICTURE = np.random.default_rng(0).uniform(0, 1, (6, 8, 3)).astype(np.float32)
SEGMENTS = superpixels.blocks(2)(PICTURE)


def test_the_mean_colour_of_each_superpixel():
    found = fill_of(PICTURE, SEGMENTS)
    assert found.dtype == np.float32
    for number in range(4):
        inside = number == SEGMENTS
        expected = np.broadcast_to(PICTURE[inside].mean(axis=0), (12, 3))
        np.testing.assert_allclose(found[inside], expected, rtol=1e-6)


def test_a_blur_of_each_channel():
    found = fill_of(PICTURE, SEGMENTS, "blur", 1.5)
    for channel in range(3):
        expected = gaussian_filter(PICTURE[..., channel].astype(float), 1.5, mode="nearest")
        np.testing.assert_allclose(found[..., channel], expected, atol=1e-5)
    by_default = fill_of(PICTURE, SEGMENTS, "blur")
    np.testing.assert_allclose(by_default, fill_of(PICTURE, SEGMENTS, "blur", 6 / 8))


def test_a_number_a_colour_or_a_picture():
    assert (fill_of(PICTURE, SEGMENTS, -1) == -1).all()
    assert (fill_of(PICTURE, SEGMENTS, (1, 2, 3)) == [1, 2, 3]).all()
    other = PICTURE[::-1]
    np.testing.assert_array_equal(fill_of(PICTURE, SEGMENTS, other), other)


def test_a_function_sees_the_picture_in_its_colours():
    seen = []

    def segment(picture: np.ndarray) -> np.ndarray:
        seen.append(picture)
        return SEGMENTS * 5 - 3  # with gaps

    rgb = np.rint(PICTURE * 255).astype(np.uint8)
    segments, _ = Masking(segment, image_bound=CAFFE).of(CAFFE.from_rgb(rgb))
    np.testing.assert_allclose(seen[0] * 255, rgb, atol=1e-3)
    np.testing.assert_array_equal(segments, SEGMENTS)
    Masking(segment).of(PICTURE)  # all values from 0 to 1: plain to see
    np.testing.assert_array_equal(seen[1], PICTURE)


def test_without_colours_only_what_does_not_look_at_them():
    strange = PICTURE * 3 - 1
    with pytest.raises(ValueError, match="Expected image_bound.*from -0.9.* to 1.9.*'caffe'"):
        Masking(superpixels.quickshift()).of(strange)
    for segments in (SEGMENTS, superpixels.blocks(2)):
        masking = Masking(segments)
        np.testing.assert_array_equal(masking.of(strange)[0], SEGMENTS)
        assert masking.bound_of(strange) is None and masking.bound_of(PICTURE) is UNIT


@pytest.mark.parametrize(
    ("fill", "sigma", "error", "reason"),
    [
        ("median", None, ValueError, "'mean', 'blur'"),
        ("blur", 0.0, ValueError, "sigma above 0"),
        ((1.0, 2.0), None, ValueError, "a colour"),
        (PICTURE[:2], None, ValueError, "a picture"),
        (float("nan"), None, ValueError, "finite"),
        (None, None, TypeError, "numbers"),
    ],
)
def test_fills_that_are_refused(fill, sigma, error, reason):
    with pytest.raises(error, match=reason):
        fill_of(PICTURE, SEGMENTS, fill, sigma)


@pytest.mark.parametrize("segments", ["quickshift", SEGMENTS / 2, None])
def test_segments_that_are_refused(segments):
    with pytest.raises(TypeError, match="or a function such as superpixels.quickshift"):
        Masking(segments)
