"""Where relevance starts: at the scores, or at a vector of one's own."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from hwkit import Explanation
from hwkit.attribution.lrp import LRP
from hwkit.attribution.relevance import rules
from hwkit.quantities import weighted

GAMMA = 0.5


@pytest.fixture(scope="module")
def net() -> keras.Model:
    source = layers.Input((4,))
    x = layers.Dense(6, activation="relu", name="hidden")(source)
    model = keras.Model(source, layers.Dense(3, name="scores")(x))
    rng = np.random.default_rng(5)
    model.set_weights([rng.normal(0, 1, w.shape) for w in model.get_weights()])
    return model


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(6).uniform(0, 1, (8, 4)).astype(np.float32)


def by_hand(net: keras.Model, x: np.ndarray, start: np.ndarray) -> np.ndarray:
    """LRP-0 in float64 from a given relevance of the scores ``(n, 3)``."""
    (w, b), (v, c) = (
        [np.asarray(each, np.float64) for each in net.get_layer(name).get_weights()]
        for name in ("hidden", "scores")
    )
    z = x.astype(np.float64) @ w + b
    a = np.maximum(z, 0)
    middle = a * ((start / (a @ v + c)) @ v.T)
    return x * ((middle / z) @ w.T)


def test_an_own_vector_is_handed_down_as_it_is(net, x):
    start = np.array([0.5, -2.0, 1.0])
    method = LRP(rules.zero(), start="derivative")
    found = Explanation(net, method).for_input().for_quantity(weighted(start)).explain(x)
    np.testing.assert_allclose(found.attribution, by_hand(net, x, start), rtol=2e-4, atol=1e-5)


def test_one_for_the_class_predicted(net, x):
    start = np.eye(3)[np.asarray(net(x)).argmax(axis=1)]
    method = LRP(rules.zero(), start="derivative")
    found = Explanation(net, method).for_input().predicted().explain(x)
    np.testing.assert_allclose(found.attribution, by_hand(net, x, start), rtol=2e-4, atol=1e-5)


def test_its_completeness_is_that_of_the_start(net, x):
    start = np.array([0.5, -2.0, 1.0])
    method = LRP(rules.zero(bias=False), start="derivative")
    found = Explanation(net, method).for_input().for_quantity(weighted(start)).explain(x)
    np.testing.assert_allclose(found.attribution.sum(axis=1), start.sum(), rtol=1e-3)
    assert found.completeness_error.max() < 1e-3
    lossy = LRP(rules.zero(), start="derivative")
    kept = Explanation(net, lossy).for_input().for_quantity(weighted(start)).explain(x)
    wanted = np.abs(kept.attribution.sum(axis=1) - start.sum()) / abs(start.sum())
    np.testing.assert_allclose(kept.completeness_error, wanted, rtol=1e-3, atol=1e-6)


def test_units_that_are_off_hand_down_what_they_are_given(net, x):
    """Of a rectified unit below zero, gamma prefers what speaks against it."""
    w, b = (np.asarray(each, np.float64) for each in net.get_layer("hidden").get_weights())
    down_w, down_b = w + GAMMA * np.minimum(w, 0), b + GAMMA * np.minimum(b, 0)
    up_w, up_b = w + GAMMA * np.maximum(w, 0), b + GAMMA * np.maximum(b, 0)
    z = x.astype(np.float64) @ w + b
    unit = int((z < 0).sum(axis=0).argmax())
    assert (z[:, unit] < 0).sum() >= 2
    off = z[:, [unit]] < 0
    of_off = x * down_w[:, unit] / (x @ down_w[:, unit] + down_b[unit])[:, np.newaxis]
    of_on = x * up_w[:, unit] / (x @ up_w[:, unit] + up_b[unit])[:, np.newaxis]
    method = LRP(rules.gamma(GAMMA), start="derivative")
    found = Explanation(net, method).for_input().channel("hidden", unit).explain(x)
    np.testing.assert_allclose(
        found.attribution, np.where(off, of_off, of_on), rtol=2e-4, atol=1e-5
    )


def test_other_starts_are_refused():
    with pytest.raises(ValueError, match="'score' or 'derivative'"):
        LRP(rules.zero(), start="ones")
