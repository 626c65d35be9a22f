"""DeepLIFT by the reveal-cancel rule: the paper's examples and equations, Shapley values."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from deeplift_nets import dense, drawn, plain, random_weights
from keras import activations, layers

from hwkit import DeepLIFT, Explanation
from hwkit.attribution.relevance.reveal_cancel import shares
from hwkit.attribution.shapley import exact_shapley


def explained(model: keras.Model, x, rule: str = "reveal-cancel", **options) -> np.ndarray:
    question = Explanation(model, DeepLIFT(rule, **options)).for_input().absolute(0)
    return question.explain(np.asarray(x, np.float32)).attribution


def minimum() -> keras.Model:
    """min(a, b) = a - relu(a - b), as the paper has it in figure 3."""
    source = layers.Input((2,))
    over = layers.Dense(1, activation="relu")(source)
    model = keras.Model(source, layers.Dense(1)(layers.Concatenate()([source, over])))
    model.set_weights(
        [
            np.float32([[1], [-1]]),
            np.zeros(1, "f"),
            np.float32([[1], [0], [-1]]),
            np.zeros(1, "f"),
        ]
    )
    return model


@pytest.mark.parametrize("x", [[2, 5], [5, 2], [0.5, 40]])
def test_both_sides_of_a_minimum_count(x):
    """Section 3.5.3: half of it each, where the rescale rule says that one of them is all."""
    np.testing.assert_allclose(explained(minimum(), x), [min(x) / 2] * 2, rtol=1e-6)
    one_is_all = np.where(np.equal(x, min(x)), x, 0)
    np.testing.assert_allclose(explained(minimum(), x, "rescale"), one_is_all, atol=1e-5)


def test_what_cancels_is_seen():
    """relu(a - b) at (1, 1): nothing comes out, and yet a raised it and b took it away."""
    model = dense(([[1], [-1]], [0]), ([[1]], [0]))
    np.testing.assert_allclose(explained(model, [1, 1]), [0.5, -0.5], rtol=1e-6)
    assert explained(model, [1, 1]).sum() == 0


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "softplus", "gelu", "elu"])
def test_one_unit_of_two_inputs_has_exact_shapley_values(name):
    """Where one input raises and the other lowers, the parts are the two players."""
    model = dense(([[1.5], [-2.0]], [0.25]), ([[3]], [1]), activation=name)
    f = getattr(activations, name)
    r, x = np.float32([0.3, -0.2]), np.float32([1.1, 0.9])

    def game(Z: np.ndarray) -> np.ndarray:
        there = np.where(Z, x, r)
        return 3 * np.asarray(f(tf.constant(there @ np.float32([1.5, -2.0]) + 0.25)))

    found = explained(model, x, baseline=r)
    np.testing.assert_allclose(found, exact_shapley(game, 2), rtol=2e-5)
    other = explained(model, x, "rescale", baseline=r)
    assert np.abs(other - found).max() > 1e-3


def by_equations(model: keras.Model, x: np.ndarray, r: np.ndarray, f) -> np.ndarray:
    """Sections 3.5.1 and 3.5.3 number by number in float64, dense layers, one instance.

    The first pair of axes of every multiplier is (input, output) and the last says of which part
    of the input and of which part of the output: they are multiplied from the input on, the other
    way round than in the package.
    """
    weights = [np.asarray(each, np.float64) for each in model.get_weights()]
    x, r = x.astype(np.float64), r.astype(np.float64)
    parts = np.stack([np.maximum(x - r, 0), np.minimum(x - r, 0)], axis=1)
    chain = np.einsum("ij,pq->ipjq", np.eye(len(x)), np.eye(2))
    for place in range(0, len(weights), 2):
        kernel, bias = weights[place], weights[place + 1]
        m = np.zeros((len(x), 2, len(bias), 2))
        for i, change in enumerate(x - r):
            for j, w in enumerate(kernel[i]):
                way = w * change
                m[i, :, j, 0] = w * (0.5 if change == 0 else way > 0)
                m[i, :, j, 1] = w * (0.5 if change == 0 else way < 0)
        chain = np.einsum("aubv,bvcw->aucw", chain, m)
        parts = np.einsum("iu,iujv->jv", parts, m)
        x, r = x @ kernel + bias, r @ kernel + bias
        if place == len(weights) - 2:
            break
        up, down = parts.T
        both, alone = f(r + up + down), f(r)
        plus = (f(r + up) - alone) / 2 + (both - f(r + down)) / 2
        minus = (f(r + down) - alone) / 2 + (both - f(r + up)) / 2
        m = np.zeros((len(x), 2, len(x), 2))
        for j in range(len(x)):
            m[j, 0, j, 0] = plus[j] / up[j] if up[j] else 0
            m[j, 1, j, 1] = minus[j] / down[j] if down[j] else 0
        chain = np.einsum("aubv,bvcw->aucw", chain, m)
        parts, x, r = np.stack([plus, minus], axis=1), f(x), f(r)
        # Units that are off at both ends do not differ, by rounding neither.
        x = np.where(np.abs(x - r) < 1e-12, r, x)
    return chain.sum(axis=3)[:, :, 0]


@pytest.mark.parametrize("name", ["relu", "tanh", "softplus"])
def test_the_papers_equations(name):
    f = {
        "relu": lambda z: np.maximum(z, 0),
        "tanh": np.tanh,
        "softplus": lambda z: np.logaddexp(0, z),
    }[name]
    model = random_weights(plain(name), 4)
    (x,), (r,) = drawn(model, 1), drawn(model, 1, 2)
    m = by_equations(model, x, r, f)
    wanted = m[:, 0] * np.maximum(x - r, 0) + m[:, 1] * np.minimum(x - r, 0)
    found = explained(model, x, baseline=r)
    np.testing.assert_allclose(found, wanted, atol=1e-5 * np.abs(wanted).max())
    other = explained(model, x, "rescale", baseline=r)
    assert np.abs(other - found).max() > 1e-2 * np.abs(found).max()


def test_where_nothing_cancels_it_is_the_rescale_rule():
    model = random_weights(plain("softplus"))
    model.set_weights([np.abs(each) if each.ndim > 1 else each for each in model.get_weights()])
    x = np.abs(drawn(model, 3))
    found = explained(model, x)
    np.testing.assert_allclose(found, explained(model, x, "rescale"), rtol=1e-4)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "softplus", "elu"])
def test_shares_add_up_and_are_those_of_two_players(name):
    f = getattr(activations, name)
    rng = np.random.default_rng(5)
    r, up, down = (rng.normal(size=50).astype(np.float32) for _ in range(3))
    up, down = np.abs(up), -np.abs(down)

    def game(Z: np.ndarray) -> np.ndarray:
        ends = r + Z[:, :1] * up + Z[:, 1:] * down
        return np.asarray(f(tf.constant(ends.astype(np.float32))))

    ends = [f(tf.constant(each)) for each in (r, r + up + down)]
    plus, minus = shares(f, *map(tf.constant, (r, up, down)), *ends)
    np.testing.assert_allclose(plus + minus, ends[1] - ends[0], atol=1e-6)
    np.testing.assert_allclose(np.stack([plus, minus]), exact_shapley(game, 2), atol=1e-6)
    assert np.min(plus) > -1e-6 and np.max(minus) < 1e-6
