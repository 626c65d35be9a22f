"""Borders and colours of superpixels, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest

from hwkit import heatmaps

PICTURE = np.full((2, 3, 3), 0.5)
SEGMENTS = np.array([[0, 0, 1], [0, 0, 1]])


def test_a_border_is_a_black_line_beside_a_white_one():
    drawn = heatmaps.outlined(PICTURE, SEGMENTS, scale=3)
    assert drawn.shape == (6, 9, 3) and drawn.dtype == np.uint8
    assert drawn[0, :, 0].tolist() == [128] * 5 + [0, 255] + [128] * 2
    assert (drawn == drawn[:1]).all()
    turned = heatmaps.outlined(PICTURE.transpose(1, 0, 2), SEGMENTS.T, scale=3)
    np.testing.assert_array_equal(turned, drawn.transpose(1, 0, 2))


def test_borders_grow_with_the_pixels():
    drawn = heatmaps.outlined(PICTURE, SEGMENTS, scale=8)
    assert drawn[0, :, 1].tolist() == [128] * 14 + [0, 0, 255, 255] + [128] * 6


def test_one_superpixel_has_no_border_and_bytes_are_colours_too():
    drawn = heatmaps.outlined(np.full((2, 3, 3), 128, np.uint8), np.zeros((2, 3), int), scale=1)
    assert (drawn == 128).all()


def test_weights_are_red_for_and_blue_against_and_grey_where_nothing():
    segments = np.array([[0, 1, 2]])
    drawn = heatmaps.tinted(np.full((1, 3, 3), 0.5), segments, [2.0, 0.0, -2.0], borders=False)
    red, none, blue = drawn[0, ::3].astype(int)
    assert red[0] > red[2] + 40 and blue[2] > blue[0] + 40 and np.ptp(none) <= 3
    half = heatmaps.tinted(np.zeros((1, 3, 3)), segments, [1.0, 0.0, 0.0], borders=False)
    limited = heatmaps.tinted(
        np.zeros((1, 3, 3)), segments, [1.0, 0.0, 0.0], borders=False, limit=2.0
    )
    assert half[0, 0, 1] < limited[0, 0, 1]  # a smaller share of full colour is lighter
    assert (heatmaps.tinted(PICTURE, SEGMENTS, [1.0, 2.0]) == 0).any()  # borders, unless not


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: heatmaps.outlined(PICTURE[..., :1], SEGMENTS), "RGB picture"),
        (lambda: heatmaps.outlined(PICTURE, SEGMENTS.T), "RGB picture"),
        (lambda: heatmaps.outlined(PICTURE, SEGMENTS, scale=0), "scale of 1"),
        (lambda: heatmaps.tinted(PICTURE, SEGMENTS, [1.0]), "each of 2 superpixels"),
        (lambda: heatmaps.tinted(PICTURE, SEGMENTS, [1.0, np.nan]), "finite weight"),
        (lambda: heatmaps.tinted(PICTURE, SEGMENTS, [1.0, 2.0], limit=0.0), "limit above 0"),
    ],
)
def test_what_is_refused(call, reason):
    with pytest.raises(ValueError, match=reason):
        call()
