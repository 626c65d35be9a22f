"""The figure of one picture: its panels name what they show."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from hwkit.explain_image import explain_image
from hwkit.images.bounds import UNIT

CLASSES = ("red", "green", "blue", "grey")


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Channel k of "conv" is colour k; class k is the sum of channel k; a softmax ends it."""
    image = keras.Input((8, 8, 3))
    conv = keras.layers.Conv2D(3, 1, use_bias=False, name="conv")(image)
    pooled = keras.layers.GlobalAveragePooling2D()(conv)
    model = keras.Model(image, keras.layers.Dense(4, activation="softmax", name="out")(pooled))
    model.get_layer("conv").set_weights([np.eye(3, dtype=np.float32)[None, None]])
    model.get_layer("out").set_weights([np.eye(3, 4, dtype=np.float32), np.zeros(4, np.float32)])
    return model


@pytest.fixture
def picture() -> np.ndarray:
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[:4, :, 0] = 200
    picture[4:, :, 1] = 100
    return picture


def titles(figure) -> list[str]:
    return [axis.get_title() for axis in figure.axes if axis.get_title()]


def test_names_the_neuron_of_the_class(model, picture):
    figure = explain_image(picture, model, UNIT, CLASSES, "green", layer="conv", top=1)
    assert figure.get_suptitle() == "What speaks for green?"
    assert any(title.startswith("conv neuron 1\n") for title in titles(figure))


def test_comparison_is_named_and_both_classes_are_shown(model, picture):
    figure = explain_image(
        picture, model, UNIT, CLASSES, "green", versus="blue", layer="conv", top=2
    )
    assert figure.get_suptitle() == "What speaks for green rather than blue?"
    scores = next(axis for axis in figure.axes if axis.get_xlabel() == "logit")
    shown = [label.get_text() for label in scores.get_yticklabels()]
    assert {"green", "blue"} <= set(shown)
    assert scores.patches[shown.index("red")].get_width() == pytest.approx(100 / 255, rel=1e-4)
