"""Pictures to a network's inputs and back."""

import keras
import numpy as np
import pytest

from hwkit.images.bounds import BYTES, CAFFE, SIGNED, UNIT, ImageBound, as_bound

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)


def test_caffe_is_vgg16s_preprocessing():
    expected = keras.applications.vgg16.preprocess_input(PIXELS.astype(np.float32))
    np.testing.assert_allclose(CAFFE.from_rgb(PIXELS), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("bound", "black", "white"),
    [
        (UNIT, [0, 0, 0], [1, 1, 1]),
        (SIGNED, [-1, -1, -1], [1, 1, 1]),
        (BYTES, [0, 0, 0], [255, 255, 255]),
        (CAFFE, [-103.939, -116.779, -123.68], [151.061, 138.221, 131.32]),
    ],
)
def test_black_and_white(bound, black, white):
    np.testing.assert_allclose(bound.from_rgb(np.zeros((1, 1, 3))).ravel(), black, rtol=1e-6)
    np.testing.assert_allclose(bound.from_rgb(np.full((1, 1, 3), 255)).ravel(), white, rtol=1e-6)
    np.testing.assert_allclose(bound.black((2, 1, 3)), np.tile(black, (2, 1, 1)), rtol=1e-6)


@pytest.mark.parametrize(
    "bound",
    [UNIT, SIGNED, BYTES, CAFFE, ImageBound((-1, -2, -3), (4.0, 5, 6)), ImageBound(-5, 9, "bgr")],
)
def test_there_and_back(bound):
    instances = bound.from_rgb(PIXELS)
    assert instances.dtype == np.float32 and instances.shape == PIXELS.shape
    np.testing.assert_allclose(bound.to_rgb(instances), PIXELS / 255, atol=1e-5)


def test_the_order_of_the_channels():
    red = np.array([[[200, 10, 0]]])
    np.testing.assert_allclose(ImageBound(0, 255, "bgr").from_rgb(red).ravel(), [0, 10, 200])
    np.testing.assert_allclose(ImageBound(0, 255).from_rgb(red).ravel(), [200, 10, 0])
    # Bounds of each channel are in the network's order: here blue first.
    bound = ImageBound((0, 0, 0), (1, 2, 4), "bgr")
    white = np.full((1, 1, 3), 255)
    np.testing.assert_allclose(bound.from_rgb(white).ravel(), [1, 2, 4])
    np.testing.assert_allclose(bound.to_rgb(np.array([[[0, 1, 4.0]]])).ravel(), [1, 0.5, 0])


def test_what_lies_outside_is_clipped():
    np.testing.assert_array_equal(UNIT.to_rgb(np.array([-3.0, 0.5, 7.0])), [0, 0.5, 1])


def test_bounds_by_name_and_pair():
    assert as_bound("caffe") is CAFFE and as_bound(UNIT) is UNIT
    assert as_bound((-1, 1)) == SIGNED
    for name, bound in (("unit", UNIT), ("signed", SIGNED), ("bytes", BYTES)):
        assert as_bound(name) is bound


@pytest.mark.parametrize("bound", ["imagenet", (0, 1, 2), 255, None])
def test_no_bounds(bound):
    with pytest.raises(ValueError, match=r"\(low, high\), an ImageBound or one of \['bytes', 'caf"):
        as_bound(bound)


def test_impossible_bounds():
    with pytest.raises(ValueError, match=r"high above low. Received: low=1, high=0"):
        ImageBound(1, 0)
    with pytest.raises(ValueError, match="high above low"):
        ImageBound((0, 0, 0), (1, 0, 1))
    with pytest.raises(ValueError, match="'rgb' or 'bgr'"):
        ImageBound(0, 1, "grb")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bound", "grey"),
    [
        (UNIT, [0.5, 0.5, 0.5]),
        (SIGNED, [0, 0, 0]),
        (BYTES, [127.5, 127.5, 127.5]),
        (CAFFE, [127.5 - 103.939, 127.5 - 116.779, 127.5 - 123.68]),
    ],
)
def test_grey_is_halfway_between_black_and_white(bound, grey):
    painted = bound.grey((2, 1, 3))
    assert painted.dtype == np.float32
    np.testing.assert_allclose(painted, np.tile(grey, (2, 1, 1)), rtol=1e-5)
    np.testing.assert_allclose(bound.to_rgb(painted), 0.5, atol=1e-6)
