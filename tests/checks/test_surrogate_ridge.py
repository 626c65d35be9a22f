from __future__ import annotations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery
from sklearn.linear_model import Ridge

from hwkit.checks import surrogate_ridge as module


def solved(Z, y, weights, alpha, offset_penalty=0.0, right_weights=None):
    design = np.column_stack([np.ones(len(Z)), Z])
    penalty = np.diag([offset_penalty] + [alpha] * Z.shape[1])
    other = weights if right_weights is None else right_weights
    found = np.linalg.solve(
        design.T @ np.diag(weights) @ design + penalty, design.T @ np.diag(other) @ y
    )
    return found[0], found[1:]


def right(Z, y, weights, alpha):
    """From values of the loss alone: it is a parabola, so that steps of 1 give its slopes."""
    columns = [lowest(Z, output, weights, alpha) for output in y.reshape(len(y), -1).T]
    table = np.stack(columns, axis=1)
    return (table[0], table[1:]) if y.ndim == 2 else (table[0, 0], table[1:, 0])


def lowest(Z, y, weights, alpha):
    def loss(point):
        residuals = y - point[0] - Z @ point[1:]
        return np.sum(weights * residuals**2) + alpha * np.sum(point[1:] ** 2)

    steps = np.eye(Z.shape[1] + 1)
    here, near = loss(0 * steps[0]), np.array([loss(step) for step in steps])
    pairs = np.array([[loss(one + other) for one in steps] for other in steps])
    bend = pairs - near - near[:, None] + here
    return np.linalg.solve(bend, here - near + np.diag(bend) / 2)


def without_intercept(Z, y, weights, alpha):
    heavy = Z.T * weights
    beta = np.linalg.solve(heavy @ Z + alpha * np.eye(Z.shape[1]), heavy @ y)
    return 0 * beta[0], beta


def centred(Z, y, weights, alpha, by=None):
    """Means weighted by ``by``, the weights if it is not given."""
    by = weights if by is None else by
    mean_z, mean_y = np.average(Z, axis=0, weights=by), np.average(y, axis=0, weights=by)
    _, beta = without_intercept(Z - mean_z, y - mean_y, weights, alpha)
    return mean_y - mean_z @ beta, beta


def plain_intercept(Z, y, weights, alpha):
    _, beta = solved(Z, y, weights, alpha)
    return y.mean(axis=0) - Z.mean(axis=0) @ beta, beta


def first_output(Z, y, weights, alpha):
    b, beta = solved(Z, y, weights, alpha)
    return (b, beta) if y.ndim == 1 else (b[[0, 0]], beta[:, [0, 0]])


MISTAKES = {
    "weights ignored": lambda Z, y, w, a: solved(Z, y, np.ones(len(w)), a),
    "weights squared": lambda Z, y, w, a: solved(Z, y, w**2, a),
    "weights rooted": lambda Z, y, w, a: solved(Z, y, np.sqrt(w), a),
    "weights adding up": lambda Z, y, w, a: solved(Z, y, w / w.sum(), a),
    "weights once": lambda Z, y, w, a: solved(Z, y, w, a, right_weights=np.ones(len(w))),
    "weights on y": lambda Z, y, w, a: solved(Z, y, np.ones(len(w)), a, right_weights=w),
    "penalised": lambda Z, y, w, a: solved(Z, y, w, a, offset_penalty=a),
    "no intercept": without_intercept,
    "no alpha": lambda Z, y, w, a: solved(Z, y, w, 0),
    "alpha squared": lambda Z, y, w, a: solved(Z, y, w, a**2),
    "alpha rooted": lambda Z, y, w, a: solved(Z, y, w, np.sqrt(a)),
    "mean residual": lambda Z, y, w, a: solved(Z, y, w / len(w), a),
    "alpha shared": lambda Z, y, w, a: solved(Z, y, w, a / len(w)),
    "plain centre": lambda Z, y, w, a: centred(Z, y, w, a, np.ones(len(w))),
    "plain intercept": plain_intercept,
    "mean of y": lambda Z, y, w, a: (np.average(y, axis=0, weights=w), solved(Z, y, w, a)[1]),
    "first output": first_output,
    "beta turned": lambda Z, y, w, a: (solved(Z, y, w, a)[0], -solved(Z, y, w, a)[1]),
}


def longer_rows(Z, y, weights, alpha):
    """Ordinary least squares, with the penalty as more rows."""
    root = np.sqrt(weights)
    top = np.column_stack([root, Z * root[:, None]])
    bottom = np.column_stack([np.zeros(Z.shape[1]), np.sqrt(alpha) * np.eye(Z.shape[1])])
    goal = np.concatenate([(y.T * root).T, np.zeros((Z.shape[1], *y.shape[1:]))])
    found = np.linalg.lstsq(np.concatenate([top, bottom]), goal, rcond=None)[0]
    return found[0], found[1:]


def by_sklearn(Z, y, weights, alpha):
    model = Ridge(alpha=alpha, solver="cholesky").fit(Z, y, sample_weight=weights)
    return model.intercept_, model.coef_.T


def output_by_output(Z, y, weights, alpha):
    if y.ndim == 1:
        return solved(Z, y, weights, alpha)
    fits = [solved(Z, column, weights, alpha) for column in y.T]
    return [b for b, _ in fits], np.stack([beta for _, beta in fits], axis=1)


def with_lists_of_one(Z, y, weights, alpha):
    b, beta = solved(Z, y, weights, alpha)
    return np.atleast_1d(b), beta


def by_inverse(Z, y, weights, alpha):
    design = np.hstack([Z, np.ones((len(Z), 1))])
    W = np.diag(weights)
    penalty = alpha * np.eye(design.shape[1])
    penalty[-1, -1] = 0
    *beta, b = np.linalg.inv(design.T @ W @ design + penalty) @ design.T @ W @ y
    return b, beta


def in_tensorflow(Z, y, weights, alpha):
    Z, y, w = (tf.cast(each, tf.float64) for each in (Z, y, weights))
    many = y if len(y.shape) == 2 else y[:, None]
    mean_z = tf.reduce_sum(w[:, None] * Z, axis=0) / tf.reduce_sum(w)
    mean_y = tf.reduce_sum(w[:, None] * many, axis=0) / tf.reduce_sum(w)
    heavy = (Z - mean_z) * w[:, None]
    matrix = tf.matmul(heavy, Z - mean_z, transpose_a=True)
    matrix += alpha * tf.eye(Z.shape[1], dtype=tf.float64)
    beta = tf.linalg.solve(matrix, tf.matmul(heavy, many - mean_y, transpose_a=True))
    b = mean_y - tf.linalg.matvec(beta, mean_z, transpose_a=True)
    return (b, beta) if len(y.shape) == 2 else (b[0], beta[:, 0])


def in_float32(Z, y, weights, alpha):
    return centred(*(np.float32(each) for each in (Z, y, weights)), np.float32(alpha))


TestWeightedRidge = gallery(
    "weighted_ridge",
    module,
    MISTAKES,
    [
        right,
        solved,
        centred,
        longer_rows,
        by_sklearn,
        output_by_output,
        with_lists_of_one,
        by_inverse,
        in_tensorflow,
        in_float32,
    ],
    [
        (lambda Z, y, w, a: solved(Z, y, w, a)[::-1], "the order is turned: (b, beta)"),
        (lambda Z, y, w, a: solved(Z, y, w, a)[1], "beta has shape (), expected (2,)"),
        (lambda Z, y, w, a: np.hstack(solved(Z, y, w, a)), "received 3 things"),
        (lambda Z, y, w, a: solved(Z, y, w, a)[0], "expected (b, beta), received float64"),
        (lambda Z, y, w, a: (*solved(Z, y, w, a), 0.9), "received 3 things"),
        (lambda Z, y, w, a: ("b", "beta"), "received str"),
        (lambda Z, y, w, a: "b beta", "expected (b, beta), received str"),
        (lambda Z, y, w, a: {"b": 1, "beta": [1, 2]}, "received dict"),
        (lambda Z, y, w, a: (None, solved(Z, y, w, a)[1]), "b is still empty"),
        (lambda Z, y, w, a: (solved(Z, y, w, a)[0], np.nan * Z[0]), "NaN or infinity"),
        (lambda Z, y, w, a: ([0.0, 1.0], Z[0]), "b has shape (2,), expected ()"),
        (lambda Z, y, w, a: (0.0, Z), "beta has shape (6, 2), expected (2,)"),
        (lambda Z, y, w, a: solved(Z, y[:, 0], w, a), "IndexError"),
        (lambda Z, y, w, a: solved(Z, y, w, 2 * a), "b is not right: you have"),
        (lambda Z, y, w, a: (solved(Z, y, w, a)[0], 1 + solved(Z, y, w, a)[1]), "beta differs in"),
        (lambda Z, y, w: solved(Z, y, w, 1), "TypeError"),
    ],
)
