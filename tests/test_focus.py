"""A channel read where it matters: the focus of a quantity."""

import keras
import numpy as np
import pytest

from hwkit import AumannShapley, Explanation
from hwkit.quantities import channel


@pytest.fixture(scope="module")
def explanation() -> Explanation:
    image = keras.Input((4, 4, 1))
    doubled = keras.layers.Conv2D(2, 1, use_bias=False, name="scaled")(image)
    out = keras.layers.Dense(1)(keras.layers.Flatten()(doubled))
    model = keras.Model(image, out)
    model.get_layer("scaled").set_weights([np.array([[[[2.0, -3.0]]]], np.float32)])
    return Explanation(model, AumannShapley(2))


def test_projection_is_the_channels_slope_times_the_focus(explanation):
    image = np.arange(16, dtype=np.float32).reshape(4, 4, 1)
    focus = np.zeros((4, 4), np.float32)
    focus[1, 2], focus[3, 0] = 1.0, 0.5
    found = explanation.for_input().channel("scaled", 1, focus).explain(image, False)
    np.testing.assert_allclose(found.attribution[..., 0], -3 * focus * image[..., 0])


def test_full_focus_is_the_sum_over_the_map(explanation):
    image = np.ones((4, 4, 1), np.float32)
    plain = explanation.for_input().channel("scaled", 0).explain(image)
    full = explanation.for_input().channel("scaled", 0, np.ones((4, 4))).explain(image)
    np.testing.assert_array_equal(plain.attribution, full.attribution)


def test_focus_of_another_shape_is_refused(explanation):
    with pytest.raises(ValueError, match=r"focus of the shape of the map, \(4, 4\)"):
        channel("scaled", 0, np.ones((2, 2))).weights((4, 4, 2))
