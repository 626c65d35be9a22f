from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from plain_layers import divided, on_flat_layers
from written import assert_written, computed

from hwkit.checks import lrp_box as module

QUESTION = "box_rule"


def up(values):
    return np.maximum(values, 0)


def down(values):
    return np.minimum(values, 0)


def with_flat_bounds(formula):
    """A rule of a formula (w, b, x, R, low, high), all of these flat, the bounds as x."""

    def rule(layer, x, R, low, high):
        bounds = [np.broadcast_to(each, x.shape).reshape(len(x), -1) for each in (low, high)]

        @on_flat_layers
        def flat(plain, x, R):
            return formula(plain.matrix(plain.w), plain.outputs(plain.b), x, R, *bounds)

        return flat(layer, x, R)

    return rule


@with_flat_bounds
def right(w, b, x, R, low, high):
    """Share by share."""
    found = np.zeros(x.shape)
    for n, k in np.ndindex(R.shape):
        parts = []
        for j in range(len(w)):
            bound = low[n, j] if w[j, k] > 0 else high[n, j]
            parts.append((x[n, j] - bound) * w[j, k])
        if sum(parts) != 0:
            found[n] += np.array(parts) / sum(parts) * R[n, k]
    return found


def numerators(w, x, low, high, factors=(1, -1, -1), weights=(up, down)):
    inputs = zip(factors, (x, low, high), (w, weights[0](w), weights[1](w)), strict=True)
    return sum(f * each[:, :, None] * v for f, each, v in inputs)


def shares(parts, R, below=None):
    below = parts.sum(axis=1) if below is None else below
    return np.einsum("njk,nk->nj", parts, divided(R, below))


def mistake(factors=(1, -1, -1), weights=(up, down)):
    """The rule with other factors or weights of its three terms."""

    @with_flat_bounds
    def solution(w, b, x, R, low, high):
        return shares(numerators(w, x, low, high, factors, weights), R)

    return solution


@with_flat_bounds
def with_bias(w, b, x, R, low, high):
    parts = numerators(w, x, low, high)
    return shares(parts, R, parts.sum(axis=1) + b)


@with_flat_bounds
def only_below(w, b, x, R, low, high):
    return shares(x[:, :, None] * w, R, numerators(w, x, low, high).sum(axis=1))


@with_flat_bounds
def only_above(w, b, x, R, low, high):
    return shares(numerators(w, x, low, high), R, x @ w)


@with_flat_bounds
def not_times_bounds(w, b, x, R, low, high):
    below = numerators(w, x, low, high).sum(axis=1)
    return shares((x - 1)[:, :, None] * w, R, below)


@with_flat_bounds
def whole_weights_back(w, b, x, R, low, high):
    below = numerators(w, x, low, high).sum(axis=1)
    return shares((x - low - high)[:, :, None] * w, R, below)


def turned_channels(layer, x, R, low, high):
    return right(layer, x, R, np.flip(low), np.flip(high))


MISTAKES = {
    "swapped": mistake(weights=(down, up)),
    "added": mistake((1, 1, 1)),
    "low added": mistake((1, 1, -1)),
    "high added": mistake((1, -1, 1)),
    "only low": mistake((1, -1, 0)),
    "only high": mistake((1, 0, -1)),
    "no bounds": mistake((1, 0, 0)),
    "whole weights": mistake(weights=(lambda w: w, lambda w: w)),
    "no x": mistake((0, -1, -1)),
    "with bias": with_bias,
    "only below": only_below,
    "only above": only_above,
    "not times bounds": not_times_bounds,
    "whole weights back": whole_weights_back,
    "one for all": lambda layer, x, R, low, high: right(layer, x, R, np.min(low), np.max(high)),
    "first for all": lambda layer, x, R, low, high: right(
        layer, x, R, np.ravel(low)[0], np.ravel(high)[0]
    ),
    "turned channels": turned_channels,
}


def test_the_numbers_are_what_their_names_say():
    assert_written(module, computed(module.examples(), right, MISTAKES))


def three_passes(layer, x, R, low, high):
    low, high = (np.broadcast_to(np.asarray(each, x.dtype), x.shape) for each in (low, high))
    w, v = up(layer.w), down(layer.w)
    z = layer.forward(x, layer.w) - layer.forward(low, w) - layer.forward(high, v)
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return x * layer.backward(s, layer.w) - low * layer.backward(s, w) - high * layer.backward(s, v)


def two_passes(layer, x, R, low, high):
    """(x - low) w+ + (x - high) w-."""
    w, v = up(layer.w), down(layer.w)
    z = layer.forward(x - low, w) + layer.forward(x - high, v)
    s = np.where(z == 0, 0, R / np.where(z == 0, 1, z))
    return (x - low) * layer.backward(s, w) + (x - high) * layer.backward(s, v)


def with_zeros_plus(layer, x, R, low, high):
    bottom, top = np.zeros_like(x) + low, np.zeros_like(x) + high
    z = layer.forward(x, layer.w)
    z -= layer.forward(bottom, layer.w * (layer.w > 0))
    z -= layer.forward(top, layer.w * (layer.w < 0))
    s = np.nan_to_num(R / z, nan=0.0, posinf=0.0, neginf=0.0)
    found = x * layer.backward(s, layer.w)
    found -= bottom * layer.backward(s, layer.w * (layer.w > 0))
    found -= top * layer.backward(s, layer.w * (layer.w < 0))
    return found


def with_full(layer, x, R, low, high):
    bottom, top = np.empty(x.shape), np.empty(x.shape)
    bottom[...], top[...] = low, high
    return three_passes(layer, x, R, bottom, top)


def one_instance_at_a_time(layer, x, R, low, high):
    return np.stack(
        [three_passes(layer, x[i : i + 1], R[i : i + 1], low, high)[0] for i in range(len(x))]
    )


def in_float32(layer, x, R, low, high):
    x, R = x.astype("float32"), R.astype("float32")
    return three_passes(layer, x, R, np.float32(low), np.float32(high))


def in_tensorflow(layer, x, R, low, high):
    bottom, top = (tf.ones_like(x) * each for each in (low, high))
    w, v = tf.nn.relu(layer.w), -tf.nn.relu(-layer.w)
    z = layer.forward(x, layer.w) - layer.forward(bottom, w)
    z = z - layer.forward(top, v)
    s = tf.math.divide_no_nan(tf.constant(R), z)
    back = [layer.backward(s, each) for each in (layer.w, w, v)]
    return x * back[0] - bottom * back[1] - top * back[2]


@pytest.mark.parametrize(
    "solution",
    [
        right,
        three_passes,
        two_passes,
        with_zeros_plus,
        with_full,
        one_instance_at_a_time,
        in_float32,
        in_tensorflow,
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_right_solutions_pass(solution):
    assert_passes(QUESTION, solution)


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_typical_mistakes_are_named(name):
    assert_fails(QUESTION, MISTAKES[name], module.SENTENCES[name])


def no_guard(layer, x, R, low, high):
    w, v = up(layer.w), down(layer.w)
    z = layer.forward(x - low, w) + layer.forward(x - high, v)
    return (x - low) * layer.backward(R / z, w) + (x - high) * layer.backward(R / z, v)


def bounds_as_they_come(layer, x, R, low, high):
    return layer.forward(x, layer.w) - layer.forward(low, up(layer.w))


WRONG = [
    (no_guard, "NaN or infinity"),
    (bounds_as_they_come, "ValueError"),
    (lambda *given: three_passes(*given) * 2, "differs in"),
    (lambda *given: -three_passes(*given), "differs in"),
    (lambda *given: np.abs(three_passes(*given)), "differs in"),
    (lambda *given: np.clip(three_passes(*given), *given[3:]), "differs in"),
    (lambda *given: three_passes(*given).sum(axis=-1), "shape (2,)"),
    (lambda layer, x, R, low, high: layer.forward(x, layer.w), "shape (2, 4)"),
    (lambda layer, x, R, low, high: (x - low) @ layer.w, "shape (2, 4)"),
    (lambda layer, x, R, low, high: three_passes(layer, x, R, -1.0, 2.0), "bounds of shape (2,)"),
    (lambda layer, x, R: x, "TypeError"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_other_wrong_solutions_are_told_why(solution, words):
    assert_fails(QUESTION, solution, words)


def unfinished(layer, x, R, low, high):
    raise NotImplementedError


@pytest.mark.parametrize("blank", [unfinished, lambda *given: None, lambda *given: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict(QUESTION, blank)
