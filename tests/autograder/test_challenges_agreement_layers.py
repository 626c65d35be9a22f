"""Expected values of guided backpropagation and DeepLIFT, worked out in other ways."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from answers import (
    agreement_wrong_a_backprop,
    agreement_wrong_a_deeplift,
    agreement_wrong_a_multiplier,
    agreement_wrong_a_relu,
)
from gallery import CHALLENGES
from local_transport import LocalTransport
from test_challenges import drawn

from autograder.challenges import agreement_activations
from autograder.inside.asks.agreement_layers import activation
from autograder.judge import judge

SEEDS = (3, 11, 2**40)
by_seed = pytest.mark.parametrize("seed", SEEDS)


def scores(layers: list[dict[str, Any]], x: Any, relu: Callable[[Any], Any]) -> Any:
    """The scores of a hidden network by TensorFlow's own operations, in float64."""
    import tensorflow as tf

    a = tf.cast(x, tf.float64)
    for index, given in enumerate(layers):
        w, b = (tf.constant(given[key], tf.float64) for key in ("w", "b"))
        a = relu(a) if index else a
        if given["shape"] is None:
            a = tf.reshape(a, (len(a), -1)) @ w + b
        else:
            a = tf.nn.conv2d(a, w, given["strides"], given["padding"].upper()) + b
    return a


def handed_down(layers: list[dict[str, Any]], x: np.ndarray, c: int, relu: Any) -> np.ndarray:
    """The gradient of the scores of c by TensorFlow, with this ReLU."""
    import tensorflow as tf

    inputs = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        score = tf.reduce_sum(scores(layers, inputs, relu)[:, c])
    return np.asarray(tape.gradient(score, inputs))


@by_seed
def test_what_a_relu_hands_back_number_by_number(seed: int) -> None:
    for case in drawn("guided_relu", seed):
        pairs = zip(*(case.inputs[key].ravel().tolist() for key in ("signal", "x")), strict=True)
        pairs = list(pairs)
        found = [s if min(s, z) > 0 else 0 for s, z in pairs]
        assert case.expected.ravel().tolist() == found
        signs = {(s > 0, z > 0) for s, z in pairs}
        gate = {(True, True), (True, False)}
        negative = {(True, True), (False, True), (False, False)}
        assert signs == (gate if case.aspect == "the gate" else negative)


@by_seed
def test_guided_backpropagation_by_a_gradient_of_its_own(seed: int) -> None:
    import tensorflow as tf

    @tf.custom_gradient
    def guided(z: Any) -> Any:
        return tf.nn.relu(z), lambda s: tf.where((s > 0) & (z > 0), s, tf.zeros_like(s))

    negative = 0
    for case in drawn("guided_backprop", seed):
        layers, x, c = (case.inputs[key] for key in ("layers", "x", "c"))
        np.testing.assert_allclose(case.expected, handed_down(layers, x, c, guided), atol=1e-12)
        gradient = case.wrong()["gradient"]
        np.testing.assert_allclose(gradient, handed_down(layers, x, c, tf.nn.relu), atol=1e-12)
        assert any(np.any(each["b"]) for each in layers) == (case.aspect == "biases")
        said = np.asarray(scores(layers, x, tf.nn.relu))
        assert c not in (0, said[0].argmax())
        assert (said[1:, c] > 0).all()
        negative += said[0, c] < 0
    assert negative == 2


@by_seed
def test_deeplift_adds_up_to_what_the_score_gains(seed: int) -> None:
    import tensorflow as tf

    several, alike = set(), 0
    for case in drawn("deeplift", seed):
        layers, x, r, c = (case.inputs[key] for key in ("layers", "x", "r", "c"))
        ends, starts = (np.asarray(scores(layers, each, tf.nn.relu))[:, c] for each in (x, r))
        sums = case.expected.reshape(len(x), -1).sum(axis=1)
        np.testing.assert_allclose(sums, ends - starts, atol=1e-9)
        assert any(np.any(each["b"]) for each in layers) == (case.aspect == "biases")
        several.add((len(x) > 1, len(r) > 1))
        alike += "divided by zero" in case.wrong()
    assert several == {(False, False), (True, False), (True, True)}
    assert alike == 1


def test_deeplift_is_that_of_the_package() -> None:
    from hwkit import DeepLIFT, Explanation

    for case in drawn("deeplift"):
        layers, x, r, c = (case.inputs[key] for key in ("layers", "x", "r", "c"))
        model = keras_model(layers)
        for index in range(len(r)):
            rows = slice(index, index + 1) if len(r) > 1 else slice(None)
            question = Explanation(model, DeepLIFT(baseline=r[index])).for_input().absolute(c)
            found = question.explain(x[rows]).attribution
            np.testing.assert_allclose(found, case.expected[rows], rtol=1e-3, atol=1e-4)


def keras_model(layers: list[dict[str, Any]]) -> Any:
    """A hidden network as Keras has it."""
    import keras

    first = layers[0]
    inputs = keras.Input(first["shape"] or first["w"].shape[:1])
    a = inputs
    for index, given in enumerate(layers):
        kind = None if index == len(layers) - 1 else "relu"
        if given["shape"] is None:
            a = keras.layers.Flatten()(a) if len(a.shape) > 2 else a
            layer = keras.layers.Dense(given["w"].shape[1], activation=kind)
        else:
            kernel = given["w"].shape
            layer = keras.layers.Conv2D(
                kernel[3], kernel[:2], given["strides"], given["padding"], activation=kind
            )
        a = layer(a)
        layer.set_weights([given["w"], given["b"]])
    return keras.Model(inputs, a)


@by_seed
def test_multipliers_number_by_number(seed: int) -> None:
    kinds = set()
    for case in drawn("multiplier", seed):
        name, *parameters = case.inputs["activation"]
        first, third = parameters or (0, 0)
        pairs = zip(case.inputs["x"].ravel(), case.inputs["r"].ravel(), strict=True)
        for (x, r), found in zip(pairs, case.expected.ravel(), strict=True):
            x, r = float(x), float(r)
            if name == "bent":  # as a polynomial, nothing is divided; r = x gives the slope
                start = x if abs(x - r) < 1e-6 else r
                assert found == pytest.approx(first + third * (x * x + x * start + start * start))
            elif abs(x - r) < 1e-6:
                assert found == (x > 0)
            else:
                assert found == pytest.approx((max(x, 0) - max(r, 0)) / (x - r))
            gap = abs(x - r)
            kinds.add((case.aspect, gap == 0, gap < 1e-6, gap < 1e-5))
            assert gap < 1e-5 or gap >= 0.25
    apart, equal = "x and r apart", "x and r equal"
    assert kinds == {
        (apart, False, False, False),
        (equal, True, True, True),
        (equal, False, True, True),
        (equal, False, False, True),
        (equal, False, False, False),
    }


@by_seed
def test_shares_are_means_over_both_orders(seed: int) -> None:
    functions = {
        "relu": lambda v: max(v, 0.0),
        "tanh": math.tanh,
        "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
        "softplus": lambda v: math.log1p(math.exp(v)),
    }
    used = set()
    for case in drawn("reveal_cancel", seed):
        (name,) = case.inputs["activation"]
        f = functions[name]
        rows = zip(
            *(case.inputs[key].ravel().tolist() for key in ("r", "plus", "minus")), strict=True
        )
        for (r, plus, minus), found in zip(rows, case.expected.ravel(), strict=True):
            assert plus > 0 > minus
            shares = {plus: 0.0, minus: 0.0}
            for order in itertools.permutations(shares):
                at = r
                for change in order:
                    shares[change] += (f(at + change) - f(at)) / 2
                    at += change
            if "add up" in case.aspect:
                assert found == pytest.approx(f(r + plus + minus) - f(r))
            else:
                assert found == pytest.approx(shares[plus if "plus" in case.aspect else minus])
        used.add((name, "add up" in case.aspect))
    assert used == {("relu", False), ("sigmoid", True), ("tanh", True), ("softplus", True)}


@pytest.mark.parametrize("name", ["RELU", "SIGMOID", "TANH", "SOFTPLUS", "bent"])
def test_activations_of_judge_and_box_are_the_same_with_their_slopes(name: str) -> None:
    made = getattr(agreement_activations, name)
    made = made(0.75, 1.5) if name == "bent" else made
    f, slope = activation(*made.sent)
    v = np.linspace(-3, 3, 41) + 0.01
    np.testing.assert_allclose(f(v), made.f(v), atol=1e-12)
    np.testing.assert_allclose(slope(v), made.slope(v), atol=1e-12)
    np.testing.assert_allclose(slope(v), (f(v + 1e-6) - f(v - 1e-6)) / 2e-6, atol=1e-6)
    for each in (f, slope):
        assert each(v.astype(np.float32)).dtype == np.float32
        assert np.shape(each(1.5)) == ()


def test_partial_credit_by_aspect() -> None:
    def lost(question: str, mistake: str) -> dict[str, float]:
        modules = (
            agreement_wrong_a_relu,
            agreement_wrong_a_backprop,
            agreement_wrong_a_multiplier,
            agreement_wrong_a_deeplift,
        )
        module = next(each for each in modules if hasattr(each, question.upper()))
        source = dict(getattr(module, question.upper()))[mistake]
        (result,) = judge([CHALLENGES[question]], 5, LocalTransport(source, "agreement")).results
        assert result.mistake == mistake
        return {each.name: each.max_points for each in result.aspects if not each.points}

    assert lost("guided_relu", "only the gate") == {"negative signals": 2}
    assert lost("guided_relu", "only the sign of the signal") == {"the gate": 2}
    assert lost("guided_relu", "changed in place") == {"the gate": 2}
    assert lost("guided_backprop", "bias forgotten") == {"biases": 2}
    several = {"convolution and several instances": 4}
    assert lost("guided_backprop", "first instance for all") == several
    assert lost("deeplift", "bias forgotten") == lost("deeplift", "reference without bias")
    assert lost("deeplift", "bias forgotten") == {"biases": 3}
    assert lost("deeplift", "first reference for all") == several
    assert lost("deeplift", "divided by zero") == several
    for name in ("zero where equal", "divided by zero", "right, with a warning"):
        assert lost("multiplier", name) == {"x and r equal": 3}
    assert lost("multiplier", "absolute value") == {"x and r apart": 3, "x and r equal": 3}
    assert lost("reveal_cancel", "share of minus turned") == {
        "the share of minus": 3,
        "they add up on curved activations": 1,
    }
    assert lost("reveal_cancel", "always a ReLU") == {"they add up on curved activations": 1}
    assert lost("reveal_cancel", "plus always first") == {
        "the share of plus": 3,
        "the share of minus": 3,
    }


def test_a_straight_line_tries_equal_numbers_alone() -> None:
    mixed = [case for case in drawn("multiplier") if case.inputs["activation"][-1] == 0]
    assert len(mixed) == 2
    for case in mixed:
        for name in ("f(x) by x", "slope of x", "slope of r", "f of the difference"):
            np.testing.assert_allclose(case.wrong()[name], case.expected, rtol=1e-12)
        far = case.inputs["x"] != case.inputs["r"]
        assert 0 < far.sum() < far.size
