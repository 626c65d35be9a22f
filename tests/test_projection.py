"""A neuron in pixels: on a linear network the answer is the kernel times the difference."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from hwkit import AumannShapley, Explanation
from hwkit.projection import project


@pytest.fixture(scope="module")
def explanation() -> Explanation:
    """Channel k of "conv" is (k + 1) times colour k."""
    image = keras.Input((6, 6, 3))
    conv = keras.layers.Conv2D(3, 1, use_bias=False, name="conv")(image)
    scores = keras.layers.Dense(2, name="out")(keras.layers.GlobalAveragePooling2D()(conv))
    model = keras.Model(image, scores)
    model.get_layer("conv").set_weights([np.diag([1.0, 2.0, 3.0])[None, None]])
    return Explanation(model, AumannShapley(3))


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(6, 6, 3)).astype(np.float32)


def test_every_place_counts_alike_without_a_focus(explanation, picture):
    found = project(explanation, "conv", 1, picture, baseline=0.0)
    expected = np.zeros_like(picture)
    expected[..., 1] = 2 * picture[..., 1]
    np.testing.assert_allclose(found.attribution, expected, rtol=1e-6)


def test_the_focus_says_how_much_a_place_counts(explanation, picture):
    focus = np.arange(36, dtype=np.float32).reshape(6, 6)
    found = project(explanation, "conv", 2, picture, focus, baseline=0.0)
    expected = np.zeros_like(picture)
    expected[..., 2] = 3 * focus * picture[..., 2]
    np.testing.assert_allclose(found.attribution, expected, rtol=1e-6)


def test_starts_at_the_blurred_picture_unless_told_otherwise(explanation):
    flat = np.full((6, 6, 3), 7.0, np.float32)  # blurring changes nothing, so nothing is attributed
    assert np.abs(project(explanation, "conv", 0, flat).attribution).max() < 1e-5


def test_a_focus_of_another_shape_is_refused(explanation, picture):
    with pytest.raises(ValueError, match=r"Expected a focus of the shape of the map, \(6, 6\)"):
        project(explanation, "conv", 0, picture, np.ones((3, 3)))
