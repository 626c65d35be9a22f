from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from gallery_tools import unfinished

from hwkit.checks import agreement_opposed as module


def gradient_x_input(x, W, b, v):
    """By automatic differentiation."""
    given = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(given)
        score = tf.tensordot(
            tf.constant(v, tf.float64), tf.nn.relu(tf.linalg.matvec(W, given) + b), 1
        )
    return (given * tape.gradient(score, given)).numpy()


def rescale(x, W, b, v):
    """Unit by unit: what the unit gained, in proportion to what each pixel brought it."""
    found = np.zeros(3)
    for unit in range(3):
        brought = W[unit] * x
        if brought.sum():
            gained = max(brought.sum() + b[unit], 0) - max(b[unit], 0)
            found += v[unit] * gained * brought / brought.sum()
    return found


def opposed(parts):
    """Whether a construction has the property."""
    one, other = gradient_x_input(*parts), rescale(*parts)
    apart = min(np.diff(np.sort(each)).min() for each in (one, other))
    order = np.argsort(one)
    return apart >= module.APART and (np.diff(other[order]) < 0).all()


def arrays(x, W, b, v):
    return tuple(np.asarray(each, float) for each in (x, W, b, v))


def by_biases():
    return arrays([3, 2, 1], np.eye(3), [-2.9, -1.8, -0.5], [1, 1, 1])


def by_signs():
    return arrays([1, 1, 1], np.diag([3, 2, 1]), [-2.8, -1.5, -0.3], [1, 1, 1])


def with_negative_weights():
    return arrays([-3, 2, 1], np.diag([-1, 1, 1]), [-2.9, -1.8, -0.5], np.ones(3))


def mixed():
    rng = np.random.default_rng(5)
    while True:
        parts = (rng.uniform(0.5, 4, 3), rng.normal(0, 1.5, (3, 3)), rng.normal(0, 2, 3))
        x, W, b = parts
        candidate = (x, np.clip(W, -5, 5), np.clip(b, -5, 5), rng.uniform(-4, 4, 3))
        if opposed(candidate):
            return candidate


def a_unit_that_goes_off():
    """One unit is on at 0 and off at x: no gradient, but a difference."""
    return arrays([1, 1, 1], np.diag([-4, 2, 1]), [3, -1.5, 1], [1, 1, -1])


def as_lists():
    return [each.tolist() for each in by_biases()]


def in_tensorflow():
    return tuple(tf.constant(each, tf.float32) for each in by_biases())


def opposite_signs():
    return arrays([3, 2, 1], np.eye(3), [-2.9, -1.8, -0.5], [-1, -1, -1])


RIGHT = [
    by_biases,
    by_signs,
    with_negative_weights,
    mixed,
    as_lists,
    in_tensorflow,
    opposite_signs,
]


@pytest.mark.parametrize("solution", RIGHT)
def test_constructions_with_the_property_pass(solution):
    assert opposed([np.float64(each) for each in solution()])
    assert_passes("opposed", solution)


def test_the_check_agrees_with_other_computations():
    """Of random constructions off the kinks exactly those pass that have the property."""
    rng = np.random.default_rng(11)
    seen = set()
    for _ in range(1000):
        parts = tuple(rng.uniform(-3, 3, shape) for shape in (3, (3, 3), 3, 3))
        if min(np.abs(parts[1] @ parts[0] + parts[2]).min(), np.abs(parts[2]).min()) < 0.01:
            continue
        expected = opposed(parts)
        seen.add(expected)
        said = verdict("opposed", lambda parts=parts: parts)
        assert said.startswith("[passed]" if expected else "[not right yet]"), (parts, said)
    assert seen == {True, False}


X, W, B, V = by_biases()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((X, W, B), "expected (x, W, b, v), received 3 things"),
        (X, "received 3 things"),
        ((X, W, B, None), "v is still empty"),
        ((X[:2], W, B, V), "x has shape (2,), expected (3,)"),
        ((X, W.ravel(), B, V), "W has shape (9,), expected (3, 3)"),
        ((X, W, B, "one"), "expected an array of numbers as v"),
        ((X, W, B, [1, np.nan, 1]), "v contains NaN or infinity"),
        ((2 * X, W, B, V), "a number of x is 6 in size; at most 5 is allowed"),
        ((X, W, [-2.9, -1.8, -5.5], V), "a number of b is 5.5 in size"),
        ((X, W, [-3, -1.8, -0.5], V), "hidden unit 0 receives 0 at x"),
        ((X, W, [-2.9, 0, -0.5], V), "hidden unit 1 receives 0 at 0"),
        ((X, np.zeros((3, 3)), B, V), "gradient x input gives the pixels 0, 0, 0"),
        (([2, 2, 1], W, [-1.9, -1.8, -0.5], V), "gradient x input gives the pixels 2, 2, 1"),
        ((X, W, [-2.9, -1.5, -0.5], V), "DeepLIFT gives the pixels 0.1, 0.5, 0.5"),
        ((X, W, [1, 1, 1], V), "gradient x input 0 > 1 > 2, DeepLIFT 0 > 1 > 2"),
        ((X, W, [-2.9, -0.8, -0.5], V), "gradient x input 0 > 1 > 2, DeepLIFT 1 > 2 > 0"),
        ((X, W, [-0.9, -0.8, -0.5], -V), "the orders are not opposite"),
        ({"x": X, "W": W, "b": B, "v": V}, "received dict"),
        (lambda z: z, "received function"),
    ],
)
def test_constructions_without_it_are_told_why(answer, words):
    assert_fails("opposed", lambda: answer, words)


def test_an_error_is_told():
    assert_fails("opposed", lambda: (X, W, B, 1 // 0), "ZeroDivisionError")


@pytest.mark.parametrize("blank", [unfinished, lambda: None, lambda: ..., None, ...])
def test_an_empty_blank_is_not_attempted(blank):
    assert "not attempted yet" in verdict("opposed", blank)
