from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict

from hwkit.checks.lrp_cancelling import _relevance
from hwkit.checks.toy_net import TOY


def lrp_zero(x):
    """LRP-0 of the toy network, by explicit shares."""
    z = x @ TOY.V + TOY.c
    found = np.zeros(2)
    for k in np.flatnonzero(z > 0):
        found += x * TOY.V[:, k] / z[k] * (z[k] * TOY.u[k])
    return found


def test_the_relevance_is_that_of_lrp_0():
    for x in np.random.default_rng(3).uniform(-10, 10, (200, 2)):
        np.testing.assert_allclose(_relevance(x), lrp_zero(x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(_relevance(TOY.x), [-24, 14])


def by_search():
    tried = np.random.default_rng(0).uniform(-10, 10, (2000, 2))
    ratios = [np.abs(lrp_zero(x)).sum() / max(TOY.score(x), 0.1) for x in tried]
    ratios = np.where(TOY.score(tried) >= 0.1, ratios, 0)
    return tried[np.argmax(ratios)]


def on_a_grid():
    grid = np.arange(-6, 7)
    return next(
        [p, q]
        for p in grid
        for q in grid
        if TOY.score(np.array([p, q])) >= 0.1
        and np.abs(lrp_zero(np.array([p, q]))).sum() > 10.5 * TOY.score(np.array([p, q]))
    )


@pytest.mark.parametrize(
    "solution",
    [
        by_search,
        on_a_grid,
        lambda: (6, 5),
        lambda: (2.3, -3.5),  # a score of 0.1, but for rounding
        lambda: [5.0, 4.0],
        lambda: np.array([4, 3], np.float32),
        lambda: tf.constant([3.0, -5.0]),
    ],
)
def test_inputs_with_the_property_pass(solution):
    assert_passes("cancelling", solution)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (TOY.x, "7.6 times the score"),
        ([0, 0], "0 times the score"),
        ([10, 0], "-20; at least 0.1"),
        ([5, 10], "90 in absolute value, 2 times the score 45"),
        ([12, 10], "12 in size; at most 10"),
        ([-1e9, 1e9], "in size; at most 10"),
        ([np.nan, 1], "NaN or infinity"),
        ([np.inf, 1], "NaN or infinity"),
        ([4, 3, 0], "shape (3,), expected (2,)"),
        ([[4, 3]], "shape (1, 2), expected (2,)"),
        (4, "shape ()"),
        ("4, 3", "received str"),
        ({"x": 4, "y": 3}, "received dict"),
    ],
)
def test_inputs_without_it_are_told_why(answer, words):
    assert_fails("cancelling", lambda: answer, words)


def divides():
    return [1 / 0, 2]


def unfinished():
    raise NotImplementedError


def test_an_error_is_told():
    assert_fails("cancelling", divides, "ZeroDivisionError")


@pytest.mark.parametrize("blank", [unfinished, lambda: None, lambda: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict("cancelling", blank)
