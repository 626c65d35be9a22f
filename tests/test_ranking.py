"""Rankings of channels, by hand."""

import numpy as np
import pytest

from hwkit.ranking import class_influence, neuron_influence, ranked, top_neurons


@pytest.fixture
def maps() -> np.ndarray:
    """Two instances, maps of 2 x 2, three channels."""
    first = [[[1, 5, 0], [2, -9, 0]], [[3, -9, 0], [4, -9, 0]]]
    second = [[[0, 1, 9], [0, 1, 0]], [[0, 1, 0], [0, 1, -9]]]
    return np.array([first, second], float)


def test_a_neuron_is_a_channel_and_its_influence_the_maps_maximum(maps):
    np.testing.assert_array_equal(neuron_influence(maps[0]), [4, 5, 0])
    np.testing.assert_array_equal(neuron_influence(maps), [[4, 5, 0], [0, 1, 9]])
    np.testing.assert_array_equal(neuron_influence(maps, "mean"), [[2.5, -5.5, 0], [0, 1, 0]])
    np.testing.assert_array_equal(neuron_influence(maps, "min"), [[1, -9, 0], [0, 1, -9]])


def test_a_dense_layers_neurons_are_themselves():
    scores = np.array([[1.0, -3], [4, 2]])
    np.testing.assert_array_equal(neuron_influence(scores), scores)
    np.testing.assert_array_equal(neuron_influence(scores[0], "mean"), scores[0])
    np.testing.assert_array_equal(top_neurons(scores, 1), [0])  # (n, c): means 2.5 and -0.5
    np.testing.assert_array_equal(top_neurons(scores[1], 2), [0, 1])


def test_a_class_combines_its_instances(maps):
    np.testing.assert_array_equal(class_influence(maps), [2, 3, 4.5])
    np.testing.assert_array_equal(class_influence(maps, combine="max"), [4, 5, 9])
    three = np.concatenate([maps, np.full((1, 2, 2, 3), 0.5)])
    np.testing.assert_array_equal(class_influence(three, combine="median"), [0.5, 1, 0.5])
    np.testing.assert_array_equal(class_influence(maps, by="mean"), [1.25, -2.25, 0])


def test_the_most_influential_come_first(maps):
    np.testing.assert_array_equal(top_neurons(maps[0], 2), [1, 0])
    np.testing.assert_array_equal(top_neurons(maps[0], 3, by="mean"), [0, 2, 1])
    np.testing.assert_array_equal(top_neurons(maps, 3), [2, 1, 0])
    np.testing.assert_array_equal(top_neurons(maps, 1, by="mean"), [0])
    np.testing.assert_array_equal(top_neurons(maps, 3, combine="max"), [2, 1, 0])


def test_equal_scores_keep_the_order_of_their_indices():
    np.testing.assert_array_equal(ranked([1, 2, 2, 1, 2]), [1, 2, 4, 0, 3])


def test_the_sign_counts():
    np.testing.assert_array_equal(ranked([-5.0, 1.0, -7.0]), [1, 0, 2])


@pytest.mark.parametrize("k", [0, 4, -1])
def test_as_many_as_there_are_channels(maps, k):
    with pytest.raises(ValueError, match=rf"k from 1 to 3, .*k={k}"):
        top_neurons(maps, k)


def test_what_is_refused(maps):
    with pytest.raises(ValueError, match=r"'max', 'mean' or 'min'.*'sum'"):
        neuron_influence(maps, "sum")
    with pytest.raises(ValueError, match=r"'mean', 'median' or 'max'.*'sum'"):
        class_influence(maps, combine="sum")
    for shape in ((), (1, 2, 2, 2, 3)):
        with pytest.raises(ValueError, match=r"\(h, w, c\) or \(n, h, w, c\)"):
            neuron_influence(np.zeros(shape))
    with pytest.raises(ValueError, match=r"several instances.*\(2, 2, 3\).*neuron_influence"):
        class_influence(maps[0])
