"""Quantities of interest: their weights, their names, and what is refused."""

import numpy as np
import pytest
import tensorflow as tf

from hwkit.quantities import (
    Quantity,
    absolute,
    channel,
    channel_maximum,
    comparative,
    predicted,
    probability,
    weighted,
)


def test_weights_of_the_quantities():
    np.testing.assert_array_equal(absolute(2).weights((4,)), [0, 0, 1, 0])
    np.testing.assert_array_equal(comparative(0, 3).weights((4,)), [1, 0, 0, -1])
    np.testing.assert_array_equal(channel("conv", 1).weights((5, 5, 3)), [0, 1, 0])
    assert absolute(2).weights((4,)).dtype == np.float32


def test_terms_of_the_same_index_add_up():
    np.testing.assert_array_equal(Quantity(((1, 2.0), (1, 0.5))).weights((2,)), [0, 2.5])


def test_names_say_what_is_asked():
    assert absolute(np.int64(7)).name == "class 7"
    assert comparative(1, 2).name == "class 1 minus class 2"
    assert channel("conv4_1", 17).name == "conv4_1 channel 17"
    assert "maximum" in channel_maximum("conv4_1", 17).name
    assert channel("conv4_1", 17).layer == "conv4_1" and absolute(7).layer is None


def test_the_maximum_of_a_channel():
    output = np.zeros((2, 3, 3, 2), np.float32)
    output[0, 1, 2, 1], output[1, 0, 0, 1], output[..., 0] = 5, -1, 9
    output[1, 2, 2, 1] = 0.5
    got = channel_maximum("conv", 1).function(tf.constant(output))
    np.testing.assert_array_equal(got, [5, 0.5])
    dense = channel_maximum("fc1", 0).function(tf.constant([[3.0, 4.0]]))
    np.testing.assert_array_equal(dense, [3])


def test_equal_quantities_are_equal():
    assert absolute(3) == absolute(3) and hash(absolute(3)) == hash(absolute(3))
    assert channel_maximum("conv", 1) == channel_maximum("conv", 1)
    assert channel_maximum("conv", 1) != channel_maximum("conv", 2)


@pytest.mark.parametrize("index", [4, 14, -1])
def test_an_index_that_the_output_does_not_have(index):
    with pytest.raises(ValueError, match=rf"index from 0 to 3.*Received: {index}.*class {index}"):
        absolute(index).weights((4,))


@pytest.mark.parametrize("index", ["starfish", 1.0, None, True])
def test_a_class_is_given_by_its_index(index):
    for make in (absolute, lambda i: comparative(0, i), lambda i: comparative(i, 0)):
        with pytest.raises(TypeError, match=r"index of a class.*world.index"):
            make(index)
    with pytest.raises(TypeError, match=r"index of a channel"):
        channel("conv", index)
    with pytest.raises(TypeError, match=r"index of a channel"):
        channel_maximum("conv", index)


def test_a_class_is_not_compared_with_itself():
    with pytest.raises(ValueError, match=r"two different classes.*5 twice"):
        comparative(5, 5)


def test_the_predicted_class_is_each_instances_own():
    scores = np.array([[1.0, 5.0, 2.0], [-1.0, -3.0, -2.0]], np.float32)
    with tf.GradientTape() as tape:
        output = tf.constant(scores)
        tape.watch(output)
        values = predicted().function(output)
    np.testing.assert_array_equal(values, [5, -1])
    np.testing.assert_array_equal(tape.gradient(values, output), [[0, 1, 0], [1, 0, 0]])
    assert predicted() == predicted(), "equal quantities share a compiled gradient"


def test_own_factors_weigh_the_scores():
    np.testing.assert_array_equal(weighted([0.5, 0, -2]).weights((3,)), [0.5, 0, -2])
    for wrong in ([[1, 2]], [1, np.nan]):
        with pytest.raises(ValueError, match="one finite factor for each class"):
            weighted(wrong)


def test_the_probability_of_a_class():
    scores = np.log(np.array([[1, 2, 5], [3, 3, 3]], np.float32)) + 70
    np.testing.assert_allclose(probability(1).function(tf.constant(scores)), [2 / 8, 1 / 3], 1e-5)
    assert probability(1).name == "probability of class 1"
    assert probability(1) == probability(1) != probability(2)
    with pytest.raises(ValueError, match="a class from 0 to 2"):
        probability(3).function(tf.constant(scores))
    with pytest.raises(TypeError, match="index of a class"):
        probability("3")
