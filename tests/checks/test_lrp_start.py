from __future__ import annotations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import lrp_start as module

QUESTION = "start"


def right(scores, c, versus=None):
    """Number by number."""
    found = [[0.0] * len(row) for row in scores]
    for n, row in enumerate(scores):
        found[n][c] = row[c]
        if versus is not None:
            found[n][versus] = -row[versus]
    return np.array(found)


def at(scores, places):
    """Zeros, but these columns."""
    found = np.zeros_like(scores)
    for column, values in places.items():
        found[:, column] = values
    return found


def softmax(scores):
    raised = np.exp(scores)
    return raised / raised.sum(axis=1, keepdims=True)


def highest(s, c, versus=None):
    found = np.where(s == s.max(axis=1, keepdims=True), s, 0)
    return found if versus is None else found + at(s, {versus: -s[:, versus]})


def swapped(s, c, versus=None):
    return right(s, c) if versus is None else right(s, versus, c)


def same_score(s, c, versus=None):
    return right(s, c) if versus is None else at(s, {c: s[:, c], versus: -s[:, c]})


def at_c(s, c, versus=None):
    return right(s, c) if versus is None else at(s, {c: s[:, c] - s[:, versus]})


def only_versus(s, c, versus=None):
    return right(s, c) if versus is None else at(s, {versus: -s[:, versus]})


MISTAKES = {
    "everything": lambda s, c, v=None: s.copy(),
    "ones": lambda s, c, v=None: right(np.ones_like(s), c, v),
    "probability": lambda s, c, v=None: right(softmax(s), c, v),
    "cut": lambda s, c, v=None: right(np.maximum(s, 0), c, v),
    "absolute": lambda s, c, v=None: right(np.abs(s), c, v),
    "highest": highest,
    "minus c": lambda s, c, v=None: -right(s, c, v),
    "no versus": lambda s, c, v=None: right(s, c),
    "falsy versus": lambda s, c, v=None: right(s, c, v if v else None),
    "added": lambda s, c, v=None: np.where(right(s, c, v) != 0, s, 0),
    "at c": at_c,
    "same score": same_score,
    "only versus": only_versus,
    "swapped": swapped,
}


def with_weights(scores, c, versus=None):
    weights = np.zeros(scores.shape[1])
    weights[c] = 1
    if versus is not None:
        weights[versus] -= 1
    return scores * weights


def with_one_hot(scores, c, versus=None):
    mask = np.eye(scores.shape[-1])[c]
    return scores * (mask if versus is None else mask - np.eye(scores.shape[-1])[versus])


def in_tensorflow(scores, c, versus=None):
    s = tf.constant(scores, tf.float32)
    weights = tf.one_hot(c, s.shape[1])
    if versus is not None:
        weights -= tf.one_hot(versus, s.shape[1])
    return s * weights


def with_copies(scores, c, versus=None):
    found = scores.copy()
    others = [k for k in range(scores.shape[1]) if k not in (c, versus)]
    found[:, others] = 0
    if versus is not None:
        found[:, versus] *= -1
    return found


def with_where(scores, c, versus=None):
    column = np.arange(scores.shape[1])
    return np.where(column == c, scores, np.where(column == versus, -scores, 0))


def by_gradient(scores, c, versus=None):
    s = tf.constant(scores)
    with tf.GradientTape() as tape:
        tape.watch(s)
        f = s[:, c] if versus is None else s[:, c] - s[:, versus]
    return (s * tape.gradient(f, s)).numpy()


def in_place(scores, c, versus=None):
    scores[:, np.arange(scores.shape[1]) != c] = 0
    return scores


WRONG = [
    (in_place, "has been changed"),
    (lambda s, c, versus=None: s[:, c], "shape (2,), expected (2, 4)"),
    (lambda s, c, versus=None: s[:, [c]], "shape (2, 1)"),
    (lambda s, c, versus=None: right(s, c, versus)[0], "shape (4,)"),
    (lambda s, c, versus=None: right(s, c, versus).sum(), "shape ()"),
    (lambda s, c, versus=None: right(s, c, versus).T, "shape (4, 2)"),
    (lambda s, c, versus=None: right(np.log(s), c, versus), "NaN or infinity"),
    (lambda s, c, versus=None: right(s, c - 1, versus), "differs in"),
    (lambda s, c, versus=None: right(s, c, versus) / 2, "differs in"),
    (lambda s, c, versus=None: right(s, c + 9, versus), "IndexError"),
    (lambda s, c: right(s, c), "TypeError"),
    (lambda s, c, versus=None: {c: s[:, c]}, "received dict"),
]


TestStart = gallery(
    QUESTION,
    module,
    MISTAKES,
    [right, with_weights, with_one_hot, in_tensorflow, with_copies, with_where, by_gradient],
    WRONG,
)
