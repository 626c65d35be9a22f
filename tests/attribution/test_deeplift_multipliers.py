"""The multipliers of activations against float64: where differences are small, beside kinks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import tensorflow as tf
from keras import activations, layers
from scipy import special

from hwkit.attribution.relevance.multipliers import multiplier

SMOOTH: dict[str, Callable] = {
    "tanh": np.tanh,
    "sigmoid": special.expit,
    "softplus": lambda x: np.logaddexp(0, x),
    "gelu": lambda x: x * special.erfc(-x / np.sqrt(2)) / 2,
    "silu": lambda x: x * special.expit(x),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)),
}
# Near zero these are the difference of two numbers near one, and their own rounding is larger.
ROUGH: dict[str, Callable] = {
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: 1.05070099 * np.where(x > 0, x, 1.67326324 * np.expm1(np.minimum(x, 0))),
}


def errors(name: str, difference: float, scale: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Of multipliers and of plain quotients in float32, against float64.

    Also the largest error of what is added up, in units in the last place of the largest number.
    """
    rng = np.random.default_rng(0)
    r = rng.normal(0, scale, 5000).astype(np.float32)
    x = (r + difference * rng.choice([-1, 1], 5000)).astype(np.float32)
    r, x = r[x != r], x[x != r]
    f = (SMOOTH | ROUGH)[name]
    exact = (f(x.astype(float)) - f(r.astype(float))) / (x.astype(float) - r.astype(float))
    function = getattr(activations, name)
    at_x, at_r = np.asarray(function(x)), np.asarray(function(r))
    error = np.abs(np.asarray(multiplier(function, tf.constant(x), tf.constant(r))) - exact)
    largest = np.max(np.abs([x, r, at_x, at_r]), axis=0)
    units = (error * np.abs(x - r) / largest).max() / np.finfo(np.float32).eps
    return error, np.abs((at_x - at_r) / (x - r) - exact), units


@pytest.mark.parametrize("scale", [1, 10])
@pytest.mark.parametrize("name", SMOOTH)
def test_right_where_differences_are_small(name, scale):
    for difference in np.logspace(-7, 0, 8):
        error, _, units = errors(name, difference, scale)
        assert error.mean() < 1e-6, difference
        assert units < 8, difference
    # A quotient is not.
    assert errors(name, 1e-6, scale)[1].mean() > 2e-3


@pytest.mark.parametrize("name", ROUGH)
def test_better_than_a_quotient_where_the_activation_itself_is_rough(name):
    for difference in (1e-6, 1e-4, 1e-2):
        error, plain, _ = errors(name, difference, 1.0)
        assert error.mean() < plain.mean() / 5, difference


@pytest.mark.parametrize(
    ("function", "exact"),
    [
        (activations.relu, lambda x: np.maximum(x, 0)),
        (layers.LeakyReLU(negative_slope=0.25), lambda x: np.where(x > 0, x, x / 4)),
        (activations.relu6, lambda x: np.clip(x, 0, 6)),
        (layers.ReLU(threshold=1.0), lambda x: np.where(x > 1, x, 0)),
    ],
    ids=["relu", "leaky", "relu6", "with a jump"],
)
def test_nothing_is_lost_beside_kinks_and_jumps(function, exact):
    """What is added up is what the activation gains, whatever the scale of the numbers."""
    rng = np.random.default_rng(1)
    size = 10.0 ** rng.uniform(-6, 1, 20_000)
    at = rng.choice([0, 1, 6], 20_000)
    x, r = ((at + rng.normal(size=20_000) * size).astype(np.float32) for _ in range(2))
    x, r = x[(x != 1) & (r != 1)], r[(x != 1) & (r != 1)]
    found = np.asarray(multiplier(function, tf.constant(x), tf.constant(r)))
    assert np.isfinite(found).all()
    x, r = x.astype(np.float64), r.astype(np.float64)
    off = np.abs(found * (x - r) - (exact(x) - exact(r)))
    assert (off <= 8 * np.finfo(np.float32).eps * np.maximum(np.abs(x), np.abs(r))).all()


def test_without_a_difference_it_is_the_derivative():
    x = tf.constant([-2.0, -0.5, 0.25, 30.0])
    found = np.asarray(multiplier(activations.tanh, x, x))
    np.testing.assert_allclose(found, 1 - np.tanh(np.asarray(x, float)) ** 2, atol=3e-7)
