"""Shuffled weights, and how far maps move with them."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

from hwkit.evaluation.randomisation import layers_from_the_top, map_changes, shuffled
from hwkit.evaluation.regions import edge_strength


@pytest.fixture(scope="module")
def net() -> keras.Model:
    keras.utils.set_random_seed(4)
    source = keras.Input((12, 12, 1))
    x = keras.layers.Conv2D(4, 3, activation="relu", name="first")(source)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.Flatten()(x)
    model = keras.Model(source, keras.layers.Dense(3, name="scores")(x))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=array.shape) for array in model.get_weights()]
    weights[5] = np.square(weights[5]) + 0.5  # the variances
    model.set_weights(weights)
    return model


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(5, 12, 12, 1)).astype(np.float32)


def gradients(model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    import tensorflow as tf

    given = tf.constant(pictures)
    with tf.GradientTape() as tape:
        tape.watch(given)
        score = model(given)[:, 1]
    return tape.gradient(score, given).numpy()[..., 0]


def test_every_array_keeps_its_numbers_and_loses_their_order(net):
    before = [array.copy() for array in net.get_weights()]
    other = shuffled(net, seed=7)
    for was, still, now in zip(before, net.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(was, still)
        np.testing.assert_array_equal(np.sort(was, axis=None), np.sort(now, axis=None))
        assert was.shape == now.shape and was.dtype == now.dtype
    kernel, moved = before[0], other.get_weights()[0]
    # Across all axes of the array, not only the first one.
    assert not np.array_equal(np.sort(kernel[..., 0], axis=None), np.sort(moved[..., 0], axis=None))
    assert np.mean(before[-2] == other.get_weights()[-2]) < 0.05


def test_a_seed_decides_the_orders_and_named_layers_get_the_same_ones(net):
    whole = shuffled(net, seed=3).get_weights()
    again = shuffled(net, seed=3).get_weights()
    other = shuffled(net, seed=4).get_weights()
    assert all(np.array_equal(*pair) for pair in zip(whole, again, strict=True))
    assert not np.array_equal(whole[0], other[0])
    top = shuffled(net, seed=3, layers=["scores"]).get_weights()
    original = net.get_weights()
    for place, array in enumerate(top):
        wanted = whole if place >= len(top) - 2 else original
        np.testing.assert_array_equal(array, wanted[place])


def test_the_cascade_goes_from_the_output_down(net, pictures):
    assert layers_from_the_top(net) == ("scores", "norm", "first")
    seen = []

    def explain(model: keras.Model, given: np.ndarray) -> np.ndarray:
        seen.append(model.get_weights())
        return gradients(model, given)

    changes = map_changes(explain, net, pictures, seed=2)
    assert [change.layers for change in changes] == [
        ("scores",),
        ("scores", "norm"),
        ("scores", "norm", "first"),
    ]
    full = shuffled(net, seed=2).get_weights()
    assert all(np.array_equal(*pair) for pair in zip(seen[-1], full, strict=True))
    # Numbers as scipy has them.
    there, here = gradients(shuffled(net, 2), pictures), gradients(net, pictures)
    for k in range(len(pictures)):
        for found, change in ((changes[-1].rank, lambda x: x), (changes[-1].rank_of_sizes, np.abs)):
            true = spearmanr(change(here[k]).ravel(), change(there[k]).ravel()).statistic
            assert found[k] == pytest.approx(true, abs=1e-12)


def test_what_does_not_look_at_the_network_stays(net, pictures):
    def edges(_: keras.Model, given: np.ndarray) -> np.ndarray:
        return edge_strength(np.repeat(given, 3, axis=-1))

    for blind, true in zip(
        map_changes(edges, net, pictures), map_changes(gradients, net, pictures), strict=True
    ):
        for name in ("rank", "rank_of_sizes", "similarity"):
            np.testing.assert_allclose(getattr(blind, name), 1)
            assert getattr(true, name).mean() < 0.6


def test_a_sign_that_turns_is_seen_by_the_one_and_not_by_the_other(net, pictures):
    turned = iter([1, -1])
    (change,) = map_changes(
        lambda _, given: next(turned) * given[..., 0], net, pictures, layers=["first"]
    )
    np.testing.assert_allclose(change.rank, -1)
    np.testing.assert_allclose(change.rank_of_sizes, 1)
    np.testing.assert_allclose(change.similarity, 1)


def test_what_has_no_answer_is_nan(net, pictures):
    (change,) = map_changes(
        lambda _, given: np.zeros(given.shape[:3]), net, pictures, layers=["first"]
    )
    assert np.isnan([change.rank, change.rank_of_sizes, change.similarity]).all()


def test_what_cannot_be_is_refused(net, pictures):
    with pytest.raises(ValueError, match="nothing to shuffle"):
        shuffled(net, layers=[3])
    with pytest.raises(ValueError, match="name of a layer"):
        shuffled(net, layers=["third"])
    with pytest.raises(ValueError, match="Expected maps"):
        map_changes(lambda _, given: given, net, pictures)
    with pytest.raises(ValueError, match="finite"):
        map_changes(lambda _, given: given[..., 0] * np.nan, net, pictures)
