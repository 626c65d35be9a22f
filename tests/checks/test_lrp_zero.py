from __future__ import annotations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import lrp_zero as module

QUESTION = "lrp_zero"


def right(x, w, b, R):
    """Share by share."""
    found = np.zeros(x.shape)
    for n, k in np.ndindex(R.shape):
        z = b[k] + sum(x[n, j] * w[j, k] for j in range(len(w)))
        if z != 0:
            for j in range(len(w)):
                found[n, j] += x[n, j] * w[j, k] / z * R[n, k]
    return found


def divided(R, z, instead=np.inf):
    """R / z; where z is 0, divided by ``instead``."""
    return R / np.where(z == 0, instead, z)


def parts(x, w):
    return np.einsum("nj,jk->njk", x, w)


def shared(numerators, z, R):
    return np.einsum("njk,nk->nj", numerators, divided(R, z))


def absolute_parts(x, w, b, R):
    sizes = np.abs(parts(x, w))
    return shared(sizes, sizes.sum(axis=1), R)


def positive_parts(x, w, b, R):
    positive = np.maximum(parts(x, w), 0)
    return shared(positive, positive.sum(axis=1) + np.maximum(b, 0), R)


def rescaled(x, w, b, R):
    found = right(x, w, b, R)
    return found * R.sum(axis=1, keepdims=True) / found.sum(axis=1, keepdims=True)


MISTAKES = {
    "no bias": lambda x, w, b, R: x * (divided(R, x @ w) @ w.T),
    "bias in inputs": lambda x, w, b, R: shared(parts(x, w) + b / len(w), x @ w + b, R),
    "rescaled": rescaled,
    "no x": lambda x, w, b, R: divided(R, x @ w + b) @ w.T,
    "no division": lambda x, w, b, R: x * (R @ w.T),
    "multiplied": lambda x, w, b, R: x * ((R * (x @ w + b)) @ w.T),
    "no relevance": lambda x, w, b, R: x * (divided(1, x @ w + b) @ w.T),
    "one denominator": lambda x, w, b, R: x * (R @ w.T) / np.sum(x @ w + b, axis=1, keepdims=True),
    "first instance": lambda x, w, b, R: x * (divided(R, (x @ w + b)[:1]) @ w.T),
    "first for all": lambda x, w, b, R: np.repeat(right(x, w, b, R)[:1], len(x), axis=0),
    "absolute parts": absolute_parts,
    "absolute": lambda x, w, b, R: np.abs(right(x, w, b, R)),
    "absolute z": lambda x, w, b, R: x * (divided(R, np.abs(x @ w + b)) @ w.T),
    "positive parts": positive_parts,
    "cut": lambda x, w, b, R: np.maximum(right(x, w, b, R), 0),
    "one for zero": lambda x, w, b, R: x * (divided(R, x @ w + b, 1) @ w.T),
}


def with_divide(x, w, b, R):
    z = x @ w + b
    return x * (np.divide(R, z, out=np.zeros_like(z), where=z != 0) @ w.T)


def with_einsum(x, w, b, R):
    z = np.einsum("nj,jk->nk", x, w) + b
    s = np.where(z == 0, 0, R / np.where(z == 0, 1, z))
    return np.einsum("nj,jk,nk->nj", x, w, s)


def one_by_one(x, w, b, R):
    rows = []
    for one, relevance in zip(x, R, strict=True):
        z = one.dot(w) + b
        shares = np.nan_to_num(one[:, None] * w / z, nan=0, posinf=0, neginf=0)
        rows.append(shares.dot(relevance))
    return rows


def in_float32(x, w, b, R):
    return with_divide(*(np.asarray(each, np.float32) for each in (x, w, b, R)))


def in_tensorflow(x, w, b, R):
    z = tf.matmul(x, w) + b
    return x * tf.matmul(tf.math.divide_no_nan(tf.constant(R), z), w, transpose_b=True)


def by_gradient(x, w, b, R):
    given = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        z = given @ w + b
        s = tf.stop_gradient(tf.math.divide_no_nan(tf.constant(R), z))
        total = tf.reduce_sum(z * s)
    return given * tape.gradient(total, given)


def with_a_mask(x, w, b, R):
    z = x @ w + b
    s = np.zeros(R.shape)
    s[z != 0] = R[z != 0] / z[z != 0]
    return (x[:, :, None] * w * s[:, None]).sum(2)


def in_place(x, w, b, R):
    R /= x @ w + b
    return x * (R @ w.T)


def tiny(x, w, b, R):
    z = x @ w + b
    return x * (R / np.where(z == 0, 1e-9, z) @ w.T)


WRONG = [
    (lambda x, w, b, R: x * (R / (x @ w + b) @ w.T), "NaN or infinity"),
    (tiny, "huge numbers"),
    (lambda x, w, b, R: x * (R / (x @ w + b + 0.01) @ w.T), "differs in"),
    (lambda x, w, b, R: x @ w + b, "shape (1, 2), expected (1, 3)"),
    (lambda x, w, b, R: with_divide(x, w, b, R).T, "shape (3, 1)"),
    (lambda x, w, b, R: with_divide(x, w, b, R)[0], "shape (3,)"),
    (lambda x, w, b, R: with_divide(x, w, b, R).sum(axis=0), "shape (3,)"),
    (lambda x, w, b, R: x * (R / (x @ w + b) @ w), "ValueError"),
    (lambda x, w, b, R: -with_divide(x, w, b, R), "differs in"),
    (lambda x, w, b, R: np.round(with_divide(x, w, b, R)), "differs in"),
    (lambda x, w, b, R: "x w R / z", "received str"),
    (in_place, "has been changed"),
    (lambda x, w, R: x, "TypeError"),
]


TestLrpZero = gallery(
    QUESTION,
    module,
    MISTAKES,
    [
        right,
        with_divide,
        with_einsum,
        one_by_one,
        in_float32,
        in_tensorflow,
        by_gradient,
        with_a_mask,
    ],
    WRONG,
)
