"""Rules that are functions of the user's: as the built-in ones, and what they may get wrong."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from hwkit import LRP, Explanation, networks
from hwkit.attribution.relevance import composites, rules
from hwkit.attribution.relevance.composites import Composite
from hwkit.attribution.relevance.rules import own
from hwkit.images.bounds import CAFFE
from hwkit.images.scenes import draw

LOW, HIGH = -150.0, 160.0


def hand_down(layer, x, R, modify, epsilon):
    w, b = modify(layer.w), modify(layer.b)
    z = layer.forward(x, w) + b
    z = z + epsilon * np.where(z >= 0, 1, -1)
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return x * layer.backward(s, w)


def epsilon_rule(layer, x, R):
    return hand_down(layer, x, R, lambda w: w, 0.25)


def gamma_rule(layer, x, R):
    return hand_down(layer, x, R, lambda w: w + 0.5 * np.maximum(w, 0), 0)


def box_rule(layer, x, R):
    low, high = np.full_like(x, LOW), np.full_like(x, HIGH)
    up, down = np.maximum(layer.w, 0), np.minimum(layer.w, 0)
    z = layer.forward(x, layer.w) - layer.forward(low, up) - layer.forward(high, down)
    s = R / z
    c = layer.backward(s, layer.w)
    return x * c - low * layer.backward(s, up) - high * layer.backward(s, down)


OWN = Composite(own(epsilon_rule), {"conv": own(gamma_rule)}, own(box_rule, "my box"))
BUILT_IN = composites.epsilon_gamma_box(LOW, HIGH, epsilon=0.25, gamma=0.5)


def close(found: np.ndarray, wanted: np.ndarray, tolerance: float = 1e-5) -> None:
    scale = np.abs(wanted).max()
    assert scale > 0
    np.testing.assert_allclose(found / scale, wanted / scale, atol=tolerance)


def test_on_the_pocket_network_they_are_the_built_in_ones():
    model = networks.load("pocket")
    x = CAFFE.from_rgb(np.stack([draw("sports car", 1, size=96).image] * 2))
    x[1] = x[1, ::-1]
    found, wanted = (
        Explanation(model, LRP(each)).for_input().comparative(1, 2).explain(x).attribution
        for each in (OWN, BUILT_IN)
    )
    close(found, wanted)


def dense(seed: int = 0, **hidden) -> keras.Model:
    model = keras.Sequential(
        [
            layers.Input((6,)),
            layers.Dense(8, activation="relu", name="low"),
            layers.Dense(7, name="middle", **hidden),
            layers.ReLU(),
            layers.Dense(3, name="top", activation="softmax"),
        ]
    )
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
    return model


X = np.random.default_rng(1).uniform(0.1, 2, (4, 6)).astype(np.float32)


@pytest.mark.parametrize(
    ("function", "rule"),
    [(epsilon_rule, rules.epsilon(0.25)), (gamma_rule, rules.gamma(0.5))],
)
def test_on_a_dense_network_they_are_the_built_in_ones(function, rule):
    model = dense()
    found, wanted = (
        Explanation(model, LRP(each)).for_input().absolute(2).explain(X).attribution
        for each in (own(function), rule)
    )
    close(found, wanted)


def test_one_layer_by_name_and_slices():
    model = dense()
    mixed = Composite(rules.epsilon(0.25), layers={"middle": own(epsilon_rule)})
    for slice_name in ("low", "middle"):
        found, wanted = (
            Explanation(model, LRP(each)).for_layer(slice_name).absolute(0).explain(X).attribution
            for each in (mixed, rules.epsilon(0.25))
        )
        close(found, wanted)


def evenly(layer, x, R):
    """The same for every input, also for those that are off."""
    return np.ones_like(x) * R.sum(axis=1, keepdims=True) / x.shape[1]


def test_below_an_own_rule_what_is_off_may_have_relevance():
    """Then gamma hands it down by its second formula, for z < 0 (written out here)."""
    model = dense()
    composite = Composite(rules.gamma(0.5), layers={"top": own(evenly), "low": own(epsilon_rule)})
    method = Explanation(model, LRP(composite)).for_layer("low").absolute(0).method
    found = method.get_attributions(X)
    a, w, b = method.stream.cut.activations(X), *model.get_layer("middle").get_weights()
    score = method.stream.values(a)
    z = a @ w + b
    assert (z < 0).any(axis=1).all()
    received = np.repeat(score[:, np.newaxis] / 7, 7, axis=1)

    def share(v, c, of):
        s = np.where(of, received / (a @ v + c), 0)
        return a * (s @ v.T)

    def up(v):
        return v + 0.5 * np.maximum(v, 0)

    def down(v):
        return v + 0.5 * np.minimum(v, 0)

    close(found, share(up(w), up(b), z > 0) + share(down(w), down(b), z < 0))


def test_what_is_not_handed_on_is_missing_in_the_trace():
    model = dense()
    half = Composite(rules.zero(bias=False), layers={"low": own(lambda *a: 0.5 * evenly(*a))})
    traced = Explanation(model, LRP(half)).for_input().absolute(1).method.trace(X)
    low = traced.layers[-1]
    assert low.layer == "low"
    np.testing.assert_allclose(low.missing, low.received / 2, rtol=1e-4)
    np.testing.assert_allclose(low.passed, low.received / 2, rtol=1e-4)
    assert not low.to_bias.any()
    np.testing.assert_allclose(traced.relevance["input"].sum(axis=1), low.passed, rtol=1e-4)


def test_pools_and_scales_take_own_rules_too():
    model = keras.Sequential(
        [
            layers.Input((4, 4, 2)),
            layers.AveragePooling2D(2),
            layers.Rescaling(3.0, 1.0),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    rng = np.random.default_rng(2)
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    x = rng.uniform(0.5, 1, (3, 4, 4, 2)).astype(np.float32)
    function, rule = own(epsilon_rule), rules.epsilon(0.25)
    found, wanted = (
        Explanation(model, LRP(Composite(each, {"pool": each, "scale": each})))
        .for_input()
        .absolute(0)
        .explain(x)
        .attribution
        for each in (function, rule)
    )
    close(found, wanted)


def test_functions_get_copies():
    def careless(layer, x, R):
        share = epsilon_rule(layer, x, R)
        x *= 0
        R *= 0
        return share

    model = dense()
    found, wanted = (
        Explanation(model, LRP(each)).for_input().absolute(2).method.trace(X)
        for each in (own(careless), rules.epsilon(0.25))
    )
    for name in ("input", "low", "middle", "top"):
        close(found.relevance[name], wanted.relevance[name])


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda layer, x, R: R, r"shape \(4, 6\).*rule 'mine' at layer 'low'.*shape \(4, 8\)"),
        (lambda layer, x, R: x / 0, r"'low'. Received: 24 of 24 numbers are NaN or infinite"),
        (lambda layer, x, R: None, "'low'. Received: NoneType"),
        (lambda layer, x, R: x * 1j, "'low'. Received: ndarray"),
        (lambda layer, x, R: x.sum(), r"'low'. Received: shape \(\)"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_what_is_no_relevance_is_told(function, message):
    composite = Composite(rules.zero(), layers={"low": own(function, "mine")})
    with pytest.raises(ValueError, match=message):
        Explanation(dense(), LRP(composite)).for_input().absolute(0).explain(X)


def test_errors_of_the_function_come_through():
    def unfinished(layer, x, R):
        raise NotImplementedError("write me")

    with pytest.raises(NotImplementedError, match="write me"):
        Explanation(dense(), LRP(own(unfinished))).for_input().absolute(0).explain(X)

    def writes(layer, x, R):
        layer.w[layer.w < 0] = 0

    with pytest.raises(ValueError, match="read-only"):
        Explanation(dense(), LRP(own(writes))).for_input().absolute(0).explain(X)
    with pytest.raises(TypeError, match=r"Expected a function\(layer, x, R\).*Received: 'gamma'"):
        own("gamma")
