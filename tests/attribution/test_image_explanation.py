"""Pictures and masks of given weights; tests/peers/test_lime.py compares them with lime's."""

from __future__ import annotations

import numpy as np
import pytest

from hwkit.attribution.image_explanation import ImageExplanation
from hwkit.images.bounds import CAFFE, UNIT, ImageBound

SEGMENTS = np.array([[0, 0, 1], [2, 3, 1]])
WEIGHTS = np.array([[0.5, 0.0], [-2.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
RGB = np.arange(18).reshape(2, 3, 3) / 20


def explanation(picture: np.ndarray = RGB, bound: ImageBound | None = UNIT) -> ImageExplanation:
    return ImageExplanation(picture, SEGMENTS, (7, 4), WEIGHTS, None, bound)


def shown(**arguments) -> tuple[np.ndarray, list[list[int]]]:
    picture, mask = explanation().image_and_mask(**arguments)
    return picture, mask.tolist()


def test_weights_by_label():
    assert explanation().weights().tolist() == [0.5, -2, 1, 0]
    assert explanation().weights(4).tolist() == [0, 1, 0, 0]
    assert explanation().ranked() == [(1, -2.0), (2, 1.0), (0, 0.5)]  # what is 0 was not chosen
    with pytest.raises(ValueError, match=r"explained: 7, 4\. Received: 3"):
        explanation().weights(3)


def test_the_density_adds_up():
    found = explanation().density()
    assert found.shape == (2, 3, 3)
    np.testing.assert_allclose(found[0, 0], 0.5 / 6)  # two pixels of three colours
    np.testing.assert_allclose(found[1, 0], 1 / 3)
    np.testing.assert_allclose(found.sum(), -0.5)


def test_masks_of_one_sign():
    picture, mask = shown()
    assert mask == [[1, 1, 0], [1, 0, 0]]
    np.testing.assert_allclose(picture, RGB, atol=1e-7)
    assert shown(num_features=1)[1] == [[0, 0, 0], [1, 0, 0]]
    assert shown(min_weight=0.5)[1] == [[0, 0, 0], [1, 0, 0]]
    negative = {"positive_only": False, "negative_only": True}
    picture, mask = shown(**negative, hide_rest=True)
    assert mask == [[0, 0, 1], [0, 0, 1]]
    assert (picture[:, :2] == 0).all()
    np.testing.assert_allclose(picture[:, 2], RGB[:, 2], atol=1e-7)
    assert shown(label=4, **negative)[1] == [[0] * 3] * 2


def test_masks_of_both_signs_are_painted():
    picture, mask = shown(positive_only=False, num_features=2)
    assert mask == [[0, 0, -1], [1, 0, -1]]
    expected = RGB.copy()
    expected[:, 2, 0] = expected[1, 0, 1] = RGB.max()  # red against, green for
    np.testing.assert_allclose(picture, expected, atol=1e-7)
    assert shown(positive_only=False, num_features=2, min_weight=1.5)[1] == [[0, 0, -1]] * 2


def test_the_picture_in_its_colours():
    rgb = np.rint(RGB * 255).astype(np.uint8)
    found = explanation(CAFFE.from_rgb(rgb), CAFFE).image_and_mask()[0]
    np.testing.assert_allclose(found * 255, rgb, atol=1e-3)
    grey = explanation(RGB[..., :1]).image_and_mask(positive_only=False)[0]
    assert grey.shape == (2, 3, 3) and grey[0, 2, 0] == grey.max() > grey[0, 2, 1]
    with pytest.raises(ValueError, match="Expected image_bound"):
        explanation(bound=None).image_and_mask()
    assert explanation(bound=None).density().sum() == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"negative_only": True}, "positive_only or negative_only. Received: both"),
        ({"num_features": 0}, "num_features of 1"),
        ({"min_weight": -0.1}, "min_weight of 0"),
        ({"min_weight": float("nan")}, "min_weight of 0"),
        ({"label": 1}, "label that was explained"),
    ],
)
def test_arguments_that_contradict(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        explanation().image_and_mask(**arguments)
