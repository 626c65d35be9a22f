from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict

from hwkit.checks import lrp_by_hand
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


def test_the_fingerprints_are_those_of_the_numbers():
    for entry, right in pair(A * u).items():
        places = [lrp_by_hand.fingerprint(f"{entry} {k}", each) for k, each in enumerate(right)]
        assert lrp_by_hand.RIGHT[entry] == tuple(places)
        assert lrp_by_hand.MISTAKES[entry] == {
            name: lrp_by_hand.fingerprint(entry, np.asarray(answer[entry]))
            for name, answer in MISTAKES.items()
            if entry == "input" or name not in ONLY_INPUT
        }
    assert set(lrp_by_hand.SENTENCES) == set(MISTAKES)


def test_every_mistake_leads_to_numbers_of_its_own():
    for entry, right in pair(A * u).items():
        answers = {name: answer[entry] for name, answer in MISTAKES.items()}
        if entry == "hidden":
            answers = {name: each for name, each in answers.items() if name not in ONLY_INPUT}
        answers["right"] = right
        for (one, first), (other, second) in combinations(answers.items(), 2):
            assert np.abs(np.subtract(first, second)).max() > 0.05, (one, other)


def test_the_numbers_do_not_stand_in_the_source():
    source = Path(lrp_by_hand.__file__).read_text(encoding="utf-8")
    for number in (*A * u, *RIGHT):
        if number:
            assert not re.search(rf"[^\w]{number:g}(?![\w.])", source), number


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
        lambda: {"hidden": [0, 9, -4], "input": [Fraction(-72, 3), Fraction(14)]},
        lambda: {**pair(A * u), "score": SCORE},
        lambda: pd.Series({name: pd.Series(values) for name, values in pair(A * u).items()}),
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
        ({"hidden": A * u, "input": [-24, 15]}, "not right in 1 of 2 numbers, first at [1]"),
        (
            {"hidden": A * u + [1, 0, 0], "input": RIGHT},
            "'hidden' is not right in 1 of 3 numbers, first at [0]",
        ),
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
