"""What a user calls a world becomes a network with pictures, or a clear refusal."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from hwkit import load_world
from hwkit.explorer.subject import layers_of, subject_of
from hwkit.images.bounds import CAFFE, SIGNED, UNIT

layers = keras.layers


def network(softmax: bool = True, channels: int = 3, side: int | None = 16) -> keras.Model:
    image = keras.Input((side, side, channels), name="image")
    x = layers.Conv2D(4, 3, activation="relu", name="first")(image)
    x = layers.ZeroPadding2D(name="padding")(x)
    x = layers.Conv2D(5, 3, activation="relu", name="second")(x)
    x = layers.MaxPooling2D(name="pool")(x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    x = layers.Dense(6, activation="relu", name="hidden")(x)
    out = layers.Dense(3, activation="softmax" if softmax else None, name="out")(x)
    return keras.Model(image, out)


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (3, 16, 16, 3), dtype=np.uint8)


@pytest.mark.parametrize("softmax", [True, False])
def test_layers_are_those_with_neurons_of_their_own(softmax):
    assert layers_of(network(softmax)) == ("first", "second", "pool", "mean", "hidden")


def test_an_activation_at_the_end_is_not_a_slice_nor_what_it_takes():
    image = keras.Input((16, 16, 3))
    x = layers.Flatten()(layers.Conv2D(4, 3, name="conv")(image))
    model = keras.Model(image, layers.Activation("softmax")(layers.Dense(3, name="logits")(x)))
    assert layers_of(model) == ("conv",)


def test_the_pocket_world_is_there_by_name():
    subject = subject_of("pocket", None, None, None, None)
    world = load_world("pocket")
    assert subject.classes == world.classes
    assert subject.layer == "block4_conv1"
    assert subject.album.groups == world.classes
    np.testing.assert_array_equal(
        subject.bound.from_rgb(subject.album.picture(subject.album.sources("sports car")[0]).rgb),
        world.images("test_sports_cars")[0],
    )


def test_a_world_of_ones_own_is_taken():
    subject = subject_of(load_world("pocket"), None, None, None, "conv3_2")
    assert subject.layer == "block3_conv2"


def test_an_own_network_and_array(images):
    subject = subject_of(network(), images, ["cat", "dog", "cow"], "unit", None)
    assert (subject.classes, subject.bound) == (("cat", "dog", "cow"), UNIT)
    assert subject.layer == "second"
    assert subject.album.groups == ("pictures",)


def test_a_network_from_a_file(images, tmp_path):
    file = tmp_path / "mine.keras"
    network().save(file)
    file.with_suffix(".txt").write_text("cat\ndog\ncow\n")
    subject = subject_of(file, images, None, CAFFE, "hidden")
    assert subject.classes == ("cat", "dog", "cow")
    made: dict = {}
    exec(subject.network_code, made)
    assert (made["bound"], made["classes"]) == (CAFFE, ("cat", "dog", "cow"))
    x = CAFFE.from_rgb(images)
    np.testing.assert_allclose(made["model"](x), subject.model(x), rtol=1e-6)
    exec(subject_of(file, images, ["a", "b", "c"], CAFFE, None).network_code, made)
    assert made["classes"] == ("a", "b", "c")


def test_classes_without_names_are_numbered(images):
    assert subject_of(network(), images, None, "unit", None).classes[2] == "class 2"


def test_grey_pictures(images):
    subject = subject_of(network(channels=1), images[..., 0], None, "unit", None)
    assert subject.album.picture(subject.album.sources("pictures")[0]).rgb.shape == (16, 16, 3)


def test_a_network_of_digits_knows_how_it_takes_pictures():
    pictures = np.random.default_rng(0).integers(0, 256, (2, 28, 28), dtype=np.uint8)
    subject = subject_of("digits-lenet", pictures, None, None, "conv2")
    assert (subject.bound, subject.classes[9], subject.layer) == (SIGNED, "9", "conv2")
    with pytest.raises(ValueError, match="Expected image_bound"):
        subject_of("xor", pictures, None, None, None)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("poket", None, None, None, None), "Unknown network 'poket'"),
        ((42, None, None, None, None), r"Expected a world .* Received: 42 \(int\)"),
        (("pocket", None, ["a"], None, None), "no classes and no image_bound with the world"),
        (("pocket", None, None, None, "conv9_9"), "Expected the name of a layer"),
    ],
)
def test_what_cannot_be_explored_is_told(arguments, told):
    with pytest.raises((ValueError, TypeError), match=told):
        subject_of(*arguments)


def test_an_own_network_needs_its_bound_its_images_and_all_names(images):
    with pytest.raises(ValueError, match=r"Expected image_bound.* Received none"):
        subject_of(network(), images, None, None, None)
    with pytest.raises(ValueError, match=r"Expected images.* Received none"):
        subject_of(network(), None, None, "unit", None)
    with pytest.raises(ValueError, match=r"Expected 3 class names.* Received: 2"):
        subject_of(network(), images, ["cat", "dog"], "unit", None)


def test_a_network_without_a_fixed_size_is_refused(images):
    with pytest.raises(ValueError, match=r"square pictures.* \(None, None, 3\)"):
        subject_of(network(side=None), images, None, "unit", None)
