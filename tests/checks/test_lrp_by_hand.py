from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict

from hwkit.checks import lrp_by_hand
from hwkit.checks.lrp_tables import read
from hwkit.checks.toy_net import TOY

x, V, c, u = TOY.x, TOY.V, TOY.c, TOY.u
PARTS = x[:, None] * V
Z = PARTS.sum(axis=0) + c
ON = Z > 0
A = Z * ON
SCORE = A @ u


def shares(hidden, parts=PARTS, z=Z):
    """Relevance of the inputs, by an explicit loop."""
    found = np.zeros(2)
    for j in range(2):
        for k in range(3):
            if hidden[k] != 0:
                found[j] += parts[j, k] / z[k] * hidden[k]
    return found


def pair(hidden, inputs=None):
    return {"hidden": hidden, "input": shares(hidden) if inputs is None else inputs}


def positive_parts():
    positive = np.maximum(PARTS, 0)
    return shares(A * u, positive, positive.sum(axis=0) + np.maximum(c, 0))


def absolute_parts():
    return shares(A * u, np.abs(PARTS), np.abs(PARTS).sum(axis=0))


RIGHT = shares(A * u)
ONLY_INPUT = {
    "bias in inputs": shares(A * u, z=Z - c),
    "bias in halves": shares(A * u, PARTS + c / 2),
    "no x": V @ (ON * u),
    "rescaled": RIGHT * SCORE / RIGHT.sum(),
    "equal": [SCORE / 2, SCORE / 2],
    "absolute parts": absolute_parts(),
    "positive parts": positive_parts(),
    "absolute input": np.abs(RIGHT),
    "swapped": RIGHT[::-1],
}
WITHOUT_BIAS = np.maximum(Z - c, 0)
MISTAKES = {
    "no ReLU": pair(Z * u),
    "no bias": pair(WITHOUT_BIAS * u, shares(WITHOUT_BIAS * u, z=Z - c)),
    "no activation": pair(ON * u),
    "weights": pair(u),
    "absolute": pair(np.abs(A * u)),
    "shares": pair(A * u / SCORE),
    "activations": pair(A),
    "all equal": pair([SCORE / 3] * 3),
    **{name: pair(A * u, inputs) for name, inputs in ONLY_INPUT.items()},
}


def test_the_numbers_are_what_their_names_say():
    found = {name: {"right": right} for name, right in pair(A * u).items()}
    for name, answer in MISTAKES.items():
        found["input"][name] = answer["input"]
        if name not in ONLY_INPUT:
            found["hidden"][name] = answer["hidden"]
    written = read(lrp_by_hand.TABLE)
    assert {label: set(block) for label, block in written.items()} == {
        label: set(block) for label, block in found.items()
    }
    for label, block in written.items():
        for name, values in block.items():
            np.testing.assert_allclose(values, found[label][name], atol=1e-6, err_msg=name)


def test_every_mistake_leads_to_numbers_of_its_own():
    for block in read(lrp_by_hand.TABLE).values():
        for (one, first), (other, second) in combinations(block.items(), 2):
            assert np.abs(first - second).max() > 0.05, (one, other)


def in_float32():
    z = TOY.x.astype("float32") @ TOY.V.astype("float32") + TOY.c.astype("float32")
    hidden = np.maximum(z, 0) * TOY.u.astype("float32")
    return {"input": TOY.x * (TOY.V @ (hidden / z)), "hidden": hidden}


def by_gradient():
    point = tf.constant(TOY.x)
    with tf.GradientTape() as tape:
        tape.watch(point)
        a = tf.nn.relu(tf.linalg.matvec(TOY.V.T, point) + TOY.c)
        score = tf.reduce_sum(a * TOY.u)
    return {"hidden": a * TOY.u, "input": point * tape.gradient(score, point)}


@pytest.mark.parametrize(
    "solution",
    [
        lambda: {"hidden": [0, 9, -4], "input": [-24, 14]},
        lambda: {"hidden": (0.0, 9.0, -4.0), "input": (-6 / 3 * 9 + 6 / 4 * -4, 12 - -2)},
        lambda: pair(A * u),
        lambda: {"hidden": np.array([0, 9, -4]), "input": np.array([-24, 14], np.int64)},
        lambda: {"hidden": [0, 9, -4], "input": [float(Fraction(-72, 3)), float(Fraction(14))]},
        in_float32,
        by_gradient,
    ],
)
def test_right_answers_pass(solution):
    assert_passes("by_hand", solution)


@pytest.mark.parametrize("name", MISTAKES)
def test_typical_mistakes_are_named(name):
    assert_fails("by_hand", lambda: MISTAKES[name], lrp_by_hand.SENTENCES[name])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"hidden": A * u, "input": [-24, 15]}, "differs in 1 of 2 numbers, first at [1]"),
        ({"hidden": A * u + [1, 0, 0], "input": RIGHT}, "first at [0], where you have 1 (hidden)"),
        ({"hidden": A, "input": RIGHT}, lrp_by_hand.SENTENCES["activations"]),
        ({"hidden": A * u, "input": [np.nan, 14]}, "NaN or infinity"),
        ({"hidden": [9, -4], "input": RIGHT}, "'hidden' has shape (2,), expected (3,)"),
        ({"hidden": A * u, "input": -10}, "'input' has shape ()"),
        ({"hidden": A * u}, "the entries 'hidden' and 'input', received: 'hidden'"),
        ({"hidden": A * u, "inputs": RIGHT}, "received: 'hidden', 'inputs'"),
        ({"hidden": A * u, "input": None}, "the entry 'input' is still empty"),
        ({"hidden": A * u, "input": "-24, 14"}, "received str"),
        ([A * u, RIGHT], "received list"),
    ],
)
def test_other_wrong_answers_are_told_why(answer, words):
    assert_fails("by_hand", lambda: answer, words)


def unfinished():
    raise NotImplementedError


@pytest.mark.parametrize(
    "blank", [unfinished, lambda: None, lambda: {"hidden": ..., "input": None}, None, ...]
)
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict("by_hand", blank)
