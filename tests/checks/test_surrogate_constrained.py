from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails
from gallery_tools import gallery
from scipy.linalg import null_space

from hwkit.checks import surrogate_constrained as module


def least(Z, y, weights):
    root = np.sqrt(weights)
    return np.linalg.lstsq(Z * root[:, None], y * root, rcond=None)[0]


def right(Z, y, weights, empty, full):
    """Among all that add up: equal parts, and steps in directions that change no sum."""
    start = np.full(Z.shape[1], (full - empty) / Z.shape[1])
    free = null_space(np.ones((1, Z.shape[1])))
    return start + free @ least(Z @ free, y - empty - Z @ start, weights)


def multiplier(Z, y, weights, empty, full):
    d = Z.shape[1]
    ones = np.ones((d, 1))
    heavy = (Z * weights[:, None]).T
    system = np.block([[heavy @ Z, ones], [ones.T, np.zeros((1, 1))]])
    return np.linalg.solve(system, np.append(heavy @ (y - empty), full - empty))[:d]


def without_constraint(Z, y, weights, empty, full):
    return least(Z, y - empty, weights)


def scaled(Z, y, weights, empty, full):
    phi = least(Z, y - empty, weights)
    return phi * (full - empty) / phi.sum()


def shifted(Z, y, weights, empty, full):
    phi = least(Z, y - empty, weights)
    return phi + (full - empty - phi.sum()) / len(phi)


def last_changed(Z, y, weights, empty, full):
    phi = least(Z, y - empty, weights)
    return np.append(phi[:-1], full - empty - phi[:-1].sum())


def substituted(Z, y, weights, empty, full, sign=-1, once=1, last=1):
    total = full - empty
    goal = y - empty - once * total * Z[:, -1]
    phi = least(Z[:, :-1] + sign * last * Z[:, -1:], goal, weights)
    return np.append(phi, total - phi.sum())


def own_intercept(Z, y, weights, empty, full):
    """The intercept is one more player, who is always there and outside the constraint."""
    d = Z.shape[1]
    start = np.append(np.full(d, (full - empty) / d), 0)
    design = np.column_stack([Z, np.ones(len(Z))])
    free = null_space(np.append(np.ones(d), 0)[None])
    return (start + free @ least(design @ free, y - design @ start, weights))[:-1]


MISTAKES = {
    "no constraint": without_constraint,
    "scaled": scaled,
    "shifted": shifted,
    "last changed": last_changed,
    "without the last": lambda Z, y, w, e, f: substituted(Z, y, w, e, f, last=0, once=0),
    "last turned": lambda Z, y, w, e, f: substituted(Z, y, w, e, f, sign=1),
    "y unchanged": lambda Z, y, w, e, f: substituted(Z, y, w, e, f, once=0),
    "Z unchanged": lambda Z, y, w, e, f: substituted(Z, y, w, e, f, last=0),
    "y turned": lambda Z, y, w, e, f: substituted(Z, y, w, e, f, once=-1),
    "empty in y": lambda Z, y, w, e, f: right(Z, y + e, w, e, f),
    "adds up to full": lambda Z, y, w, e, f: right(Z, y - e, w, 0, f),
    "no empty": lambda Z, y, w, e, f: right(Z, y, w, 0, f),
    "own intercept": own_intercept,
    "weights ignored": lambda Z, y, w, e, f: right(Z, y, np.ones(len(w)), e, f),
    "weights squared": lambda Z, y, w, e, f: right(Z, y, w**2, e, f),
    "weights rooted": lambda Z, y, w, e, f: right(Z, y, np.sqrt(w), e, f),
    "equal parts": lambda Z, y, w, e, f: np.full(Z.shape[1], (f - e) / Z.shape[1]),
}


def first_replaced(Z, y, weights, empty, full):
    total = full - empty
    others = (Z[:, 1:] - Z[:, :1]).astype(float)
    W = np.diag(weights)
    normal = others.T @ W @ others
    phi = np.linalg.inv(normal) @ others.T @ W @ (y - empty - total * Z[:, 0])
    return [total - sum(phi), *phi]


def by_formula(Z, y, weights, empty, full):
    """The free fit, moved the shortest way in the metric of the fit."""
    A = np.linalg.inv(Z.T @ np.diag(weights) @ Z)
    free = A @ Z.T @ (weights * (y - empty))
    ones = np.ones(len(A))
    return free + A @ ones * (full - empty - free.sum()) / (ones @ A @ ones)


def in_tensorflow(Z, y, weights, empty, full):
    Z = tf.cast(Z, tf.float64)
    total = full - empty
    root = tf.sqrt(tf.constant(weights))[:, None]
    others = (Z[:, :-1] - Z[:, -1:]) * root
    goal = (tf.constant(y) - empty - total * Z[:, -1])[:, None] * root
    phi = tf.linalg.lstsq(others, goal, fast=False)[:, 0]
    return tf.concat([phi, [total - tf.reduce_sum(phi)]], axis=0)


def in_float32(Z, y, weights, empty, full):
    Z, y, weights = (np.float32(each) for each in (Z, y, weights))
    return substituted(Z, y, weights, np.float32(empty), np.float32(full))


def by_scipy(Z, y, weights, empty, full):
    from scipy.optimize import minimize

    def loss(phi):
        residuals = y - empty - Z @ phi
        return weights @ residuals**2, -2 * Z.T @ (weights * residuals)

    start = np.full(Z.shape[1], (full - empty) / Z.shape[1])
    adds_up = {"type": "eq", "fun": lambda phi: phi.sum() - (full - empty)}
    options = {"ftol": 1e-14, "maxiter": 1000}
    return minimize(loss, start, jac=True, constraints=adds_up, options=options).x


def large_weight(size):
    def solution(Z, y, weights, empty, full):
        rows = np.concatenate([Z, np.ones((1, Z.shape[1]))])
        return least(rows, np.append(y - empty, full - empty), np.append(weights, size))

    return solution


TestConstrainedFit = gallery(
    "constrained_fit",
    module,
    MISTAKES,
    [
        right,
        multiplier,
        substituted,
        first_replaced,
        by_formula,
        in_tensorflow,
        in_float32,
        by_scipy,
    ],
    [
        (lambda Z, y, w, e, f: right(Z, y, w, e, f)[:-1], "phi has shape (2,), expected (3,)"),
        (lambda Z, y, w, e, f: right(Z, y, w, e, f)[:, None], "shape (3, 1)"),
        (lambda Z, y, w, e, f: (e, right(Z, y, w, e, f)), "received tuple"),
        (lambda Z, y, w, e, f: np.append(e, right(Z, y, w, e, f)), "shape (4,)"),
        (lambda Z, y, w, e, f: right(Z, y, w, e, f) * 1.01, module.NOT_EXACT),
        (lambda Z, y, w, e, f: right(Z, y, w, e, f).round(1), "phi differs in"),
        (lambda Z, y, w, e, f: right(Z, y, w, e, f) / 0, "NaN or infinity"),
        (lambda Z, y, w, e, f: np.linalg.inv(Z), "LinAlgError"),
        (lambda Z, y, w, e, f: right(Z, y, w, e, f)[::-1], "phi differs in"),
        (lambda Z, y, w, e: y, "TypeError"),
    ],
)


@pytest.mark.parametrize("size", [1e3, 1e4, 1e5, 1e6])
def test_a_large_weight_for_the_constraint_is_not_exact(size):
    assert_fails("constrained_fit", large_weight(size), module.NOT_EXACT)


def test_with_all_coalitions_and_their_kernel_it_gives_shapley_values():
    from test_surrogate_exact import right as exact

    from hwkit.checks.surrogate_exact import EXAMPLES

    for example in EXAMPLES:
        game, d = example.arguments
        if d > 1:
            Z = np.array([z for z in product([0, 1], repeat=d) if 0 < sum(z) < d])
            sizes = Z.sum(axis=1)
            weights = np.array([(d - 1) / comb(d, s) / s / (d - s) for s in sizes])
            ends = game(np.array([[0] * d, [1] * d]))
            np.testing.assert_allclose(right(Z, game(Z), weights, *ends), exact(game, d))
