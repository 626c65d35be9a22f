from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from plain_layers import divided, on_flat_layers
from written import assert_written, computed

from hwkit.checks import lrp_hand_down as module

QUESTION = "hand_down"
SAME, SQUARED = module._same, module._squared


@on_flat_layers
def right(layer, x, R, modify, epsilon):
    """Share by share."""
    w, b = modify(layer.matrix(layer.w)), modify(layer.outputs(layer.b))
    found = np.zeros(x.shape)
    for n, k in np.ndindex(R.shape):
        z = b[k] + sum(x[n, j] * w[j, k] for j in range(len(w)))
        denominator = z + epsilon if z >= 0 else z - epsilon
        if denominator != 0:
            found[n] += x[n] * w[:, k] / denominator * R[n, k]
    return found


def away(z, epsilon):
    return z + np.where(z >= 0, epsilon, -epsilon)


def mistake(*, up=None, bias=None, back=None, divide=None, last=np.multiply):
    """The four steps with some of them changed."""

    @on_flat_layers
    def solution(layer, x, R, modify, epsilon):
        w = layer.matrix((up or modify)(layer.w))
        z = x @ w + layer.outputs((bias or modify)(layer.b))
        s = divide(R, z, epsilon) if divide else divided(R, away(z, epsilon))
        return last(x, s @ layer.matrix((back or modify)(layer.w)).T)

    return solution


def by(denominator):
    return mistake(divide=lambda R, z, e: divided(R, denominator(z, e)))


MISTAKES = {
    "no bias": mistake(bias=np.zeros_like),
    "bias as it was": mistake(bias=SAME),
    "back as it was": mistake(back=SAME),
    "up as it was": mistake(up=SAME, bias=SAME),
    "weights up": mistake(up=SAME),
    "only bias": mistake(up=SAME, back=SAME),
    "not modified": mistake(up=SAME, bias=SAME, back=SAME),
    "no x": mistake(last=lambda x, c: c),
    "no R": mistake(divide=lambda R, z, e: divided(1, away(z, e))),
    "no division": mistake(divide=lambda R, z, e: R),
    "always added": by(lambda z, e: z + e),
    "subtracted": by(lambda z, e: away(z, -e)),
    "multiplied": by(lambda z, e: z * (1 + e)),
    "no epsilon": by(lambda z, e: z),
    "in both": mistake(divide=lambda R, z, e: divided(R + e, away(z, e))),
    "absolute z": by(lambda z, e: np.abs(z) + e),
    "nothing at 0": by(lambda z, e: z + e * np.sign(z)),
    "minus at 0": by(lambda z, e: z + np.where(z > 0, e, -e)),
    "one for zero": mistake(divide=lambda R, z, e: divided(R, away(z, e), 1)),
}


def test_the_numbers_are_what_their_names_say():
    assert_written(module, computed(module.examples(), right, MISTAKES))


def test_one_output_has_a_z_of_exactly_zero_and_parts_that_cancel():
    layer, x, R, *_ = module.examples()[-1].arguments
    z = layer.forward(x, layer.w) + layer.b
    assert (z == 0).tolist() == [[True, False, False, False]]
    assert (x[0] * layer.w[:, 0]).any() and R[0, 0] != 0


def four_steps(layer, x, R, modify, epsilon):
    w = modify(layer.w)
    z = layer.forward(x, w) + modify(layer.b)
    z = z + epsilon * np.where(z >= 0, 1, -1)
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return x * layer.backward(s, w)


def in_place(layer, x, R, modify, epsilon):
    z = layer.forward(x, modify(layer.w))
    z += modify(layer.b)
    z[z >= 0] += epsilon
    z[z < 0] -= epsilon
    s = np.zeros_like(z)
    s[z != 0] = R[z != 0] / z[z != 0]
    c = layer.backward(s, modify(layer.w))
    c *= x
    return c


def one_instance_at_a_time(layer, x, R, modify, epsilon):
    rows = [four_steps(layer, x[i : i + 1], R[i : i + 1], modify, epsilon) for i in range(len(x))]
    return np.concatenate(rows)


def in_float32(layer, x, R, modify, epsilon):
    w, b = (modify(np.asarray(each, np.float32)) for each in (layer.w, layer.b))
    z = layer.forward(x.astype("float32"), w) + b
    sign = np.sign(z)
    sign[sign == 0] = 1
    z = z + np.float32(epsilon) * sign
    s = np.nan_to_num(R.astype("float32") / z, nan=0, posinf=0, neginf=0)
    return x.astype("float32") * layer.backward(s, w)


def in_tensorflow(layer, x, R, modify, epsilon):
    w = modify(layer.w)
    z = tf.constant(layer.forward(x, w)) + modify(layer.b)
    z = tf.where(z >= 0, z + epsilon, z - epsilon)
    return x * layer.backward(tf.math.divide_no_nan(tf.constant(R), z).numpy(), w)


def with_a_mask(layer, x, R, modify, epsilon):
    w, b = modify(layer.w), modify(layer.b)
    z = layer.forward(x, w) + b
    denominator = z + epsilon * ((z >= 0) * 2.0 - 1)
    empty = denominator == 0
    return layer.backward(np.where(empty, 0, R / (denominator + empty)), w) * x


@pytest.mark.parametrize(
    "solution",
    [
        right,
        four_steps,
        in_place,
        one_instance_at_a_time,
        in_float32,
        in_tensorflow,
        with_a_mask,
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_right_solutions_pass(solution):
    assert_passes(QUESTION, solution)


@pytest.mark.parametrize("name", MISTAKES)
def test_typical_mistakes_are_named(name):
    assert_fails(QUESTION, MISTAKES[name], module.SENTENCES[name])


def raw_sign(layer, x, R, modify, epsilon):
    z = layer.forward(x, modify(layer.w)) + modify(layer.b)
    return x * layer.backward(R / (z + epsilon * np.sign(z)), modify(layer.w))


def no_guard(layer, x, R, modify, epsilon):
    z = layer.forward(x, modify(layer.w)) + modify(layer.b)
    return x * layer.backward(R / (z + epsilon * np.where(z >= 0, 1, -1)), modify(layer.w))


def tiny(layer, x, R, modify, epsilon):
    return four_steps(layer, x, R, modify, epsilon or 1e-12)


def only_dense(layer, x, R, modify, epsilon):
    z = x @ modify(layer.w) + modify(layer.b)
    return x * (divided(R, away(z, epsilon)) @ modify(layer.w).T)


def changes_weights(layer, x, R, modify, epsilon):
    layer.w[:] = modify(layer.w)
    return four_steps(layer, x, R, SAME, epsilon)


def changes_relevance(layer, x, R, modify, epsilon):
    z = layer.forward(x, modify(layer.w)) + modify(layer.b)
    R /= away(z, epsilon)
    return x * layer.backward(R, modify(layer.w))


def outputs(layer, x, R, modify, epsilon):
    return layer.forward(x, modify(layer.w)) + modify(layer.b)


WRONG = [
    (raw_sign, "NaN or infinity"),
    (no_guard, "NaN or infinity"),
    (tiny, "huge numbers"),
    (only_dense, "ValueError"),
    (changes_weights, "read-only"),
    (changes_relevance, "has been changed"),
    (outputs, "shape (2, 4), expected (2, 3)"),
    (lambda *given: four_steps(*given).sum(axis=0), "shape (3,)"),
    (lambda *given: four_steps(*given)[..., None], "shape (2, 3, 1)"),
    (lambda *given: four_steps(*given) * 2, "differs in"),
    (lambda *given: -four_steps(*given), "differs in"),
    (lambda *given: np.abs(four_steps(*given)), "differs in"),
    (
        lambda layer, x, R, modify, epsilon: layer.backward(x, layer.w),
        "ValueError: Expected outputs",
    ),
    (lambda layer, x, R: x, "TypeError"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_other_wrong_solutions_are_told_why(solution, words):
    assert_fails(QUESTION, solution, words)


def unfinished(layer, x, R, modify, epsilon):
    raise NotImplementedError


@pytest.mark.parametrize("blank", [unfinished, lambda *given: None, lambda *given: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict(QUESTION, blank)
