from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from gallery_tools import unfinished

from hwkit.checks import surrogate_dummy as module

Z = np.array(list(product([0, 1], repeat=3)))


def lime(values):
    """All eight coalitions, width 0.25, alpha 1; normal equations."""
    y = np.array([values[one + 2 * two] for one, two, _ in Z])
    trust = np.exp(-((1 - np.sqrt(Z.mean(axis=1))) ** 2) / (2 * 0.25**2))
    design = np.column_stack([np.ones(8), Z])
    matrix = (design.T * trust) @ design + np.diag([0, 1, 1, 1])
    return np.linalg.solve(matrix, design.T @ (trust * y))[1:]


def share(values):
    weights = np.abs(lime(values))
    return weights[2] / weights.max() if weights.max() >= module.LEAST_WEIGHT else 0.0


def test_the_weights_are_those_of_lime():
    columns = [lime(column) for column in np.eye(4)]
    np.testing.assert_allclose(module.WEIGHTS, np.transpose(columns), rtol=0, atol=1e-9)
    values = np.random.default_rng(2).uniform(-1, 1, 4)
    np.testing.assert_allclose(module.WEIGHTS @ values, lime(values), atol=1e-9)


def by_search():
    tried = np.random.default_rng(0).uniform(-1, 1, (1000, 4))
    return tried[np.argmax([share(values) for values in tried])]


def on_a_grid():
    games = product([-1, -0.5, 0, 0.5, 1], repeat=4)
    return next(list(values) for values in games if share(values) >= 0.2)


@pytest.mark.parametrize(
    "solution",
    [
        by_search,
        on_a_grid,
        lambda: [-1, 1, 1, 1],
        lambda: (0, 0, 0, 1),
        lambda: (0, 0.5, 0.5, 1),
        lambda: np.array([0, 1, 1, 1], np.float32),
        lambda: tf.constant([1.0, -1.0, -1.0, -1.0]),
        lambda: [1 + 1e-9, 0, 0, -1],
        lambda: [max(one, two) for two in (-1, 1) for one in (-1, 1)],
    ],
)
def test_games_with_the_property_pass(solution):
    assert_passes("dummy_player", solution)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([0, 1, 1, 2], "2 in size; at most 1"),
        ([0, 100, -100, 0], "at most 1 is allowed"),
        ([0, 0, 0, 0], "the largest must be at least 0.05"),
        ([0.5, 0.5, 0.5, 0.5], "0.000; the largest must be at least 0.05"),
        ([0, 0, 0, 0.1], "the largest must be at least 0.05 in size"),
        ([0, 0.5, 0.1, 0.6], "the third gets 0.125 of the largest; at least 0.2"),
        ([0, 1, 0, 1], "of the largest; at least 0.2"),
        ([1, 0, 0, 1], "of the largest; at least 0.2"),
        ([-1, 1, 1, -1], "of the largest; at least 0.2"),
        ([np.nan, 1, 1, 1], "NaN or infinity"),
        ([0, np.inf, 1, 1], "NaN or infinity"),
        ([0, 1, 1], "shape (3,), expected (4,)"),
        ([-1, 1, 1, 1] * 2, "shape (8,), expected (4,)"),
        ([[-1, 1], [1, 1]], "shape (2, 2)"),
        (-1, "shape ()"),
        ("-1 1 1 1", "received str"),
        ({"none": -1, "both": 1}, "received dict"),
        (lambda Z: Z, "received function"),
    ],
)
def test_games_without_it_are_told_why(answer, words):
    assert_fails("dummy_player", lambda: answer, words)


def test_an_error_is_told():
    assert_fails("dummy_player", lambda: [1 / 0, 1, 1, 1], "ZeroDivisionError")


@pytest.mark.parametrize("blank", [unfinished, lambda: None, lambda: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict("dummy_player", blank)
