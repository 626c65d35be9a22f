from __future__ import annotations

import math

import numpy as np
import tensorflow as tf
from gallery_tools import gallery
from scipy.spatial.distance import cosine

from hwkit.checks import surrogate_kernel as module


def distances(Z):
    """Row by row, by the angle's own definition."""
    found = []
    for row in Z:
        lengths = math.sqrt(sum(row * row)) * math.sqrt(len(row))
        found.append(1 - sum(row) / lengths if lengths else 1.0)
    return np.array(found)


def weights(distance, width):
    return np.sqrt(np.exp(-(distance**2) / width**2))


def right(Z, width):
    return weights(distances(Z), width)


def emptied(instead):
    return lambda Z, w: np.where(Z.any(axis=1), right(Z, w), instead)


MISTAKES = {
    "width": lambda Z, w: np.sqrt(np.exp(-(distances(Z) ** 2) / w)),
    "no width": lambda Z, w: weights(distances(Z), 1),
    "times width": lambda Z, w: weights(distances(Z), 1 / w),
    "no root": lambda Z, w: right(Z, w) ** 2,
    "root twice": lambda Z, w: np.sqrt(right(Z, w)),
    "growing": lambda Z, w: np.sqrt(np.exp(distances(Z) ** 2 / w**2)),
    "distance": lambda Z, w: distances(Z),
    "no square": lambda Z, w: np.sqrt(np.exp(-distances(Z) / w**2)),
    "fraction": lambda Z, w: weights(1 - Z.mean(axis=1), w),
    "euclidean": lambda Z, w: weights(np.linalg.norm(Z - 1, axis=1), w),
    "similarity": lambda Z, w: weights(1 - distances(Z), w),
    "from empty": lambda Z, w: weights(np.linalg.norm(Z, axis=1), w),
    "one norm": lambda Z, w: weights(1 - np.sqrt(Z.sum(axis=1)), w),
    "no norm": lambda Z, w: weights(1 - Z.sum(axis=1), w),
    "share shown": lambda Z, w: weights(Z.mean(axis=1), w),
    "counts": lambda Z, w: weights(1 - 1 / Z.shape[1] * Z.any(axis=1), w),
    "empty is near": emptied(1),
    "empty is nothing": emptied(0),
    "adds up": lambda Z, w: right(Z, w) / right(Z, w).sum(),
    "first for all": lambda Z, w: np.repeat(right(Z, w)[:1], len(Z)),
}


def by_counting(Z, width):
    D = 1 - np.sqrt(np.asarray(Z).sum(axis=1) / Z.shape[1])
    return np.exp(-(D**2) / (2 * width**2))


def by_norms(Z, width):
    norms = np.linalg.norm(Z, axis=1) * np.linalg.norm(np.ones(Z.shape[1]))
    cosines = np.divide(Z @ np.ones(Z.shape[1]), norms, out=np.zeros(len(Z)), where=norms > 0)
    return np.sqrt(np.exp(-((1 - cosines) ** 2) / width**2))


def by_sklearn(Z, width):
    from sklearn.metrics import pairwise_distances

    D = pairwise_distances(Z, np.ones((1, Z.shape[1])), metric="cosine").ravel()
    return np.sqrt(np.exp(-(D**2) / width**2))


def by_scipy(Z, width):
    return [
        math.exp(-((cosine(row, np.ones(len(row))) if row.any() else 1) ** 2) / width**2 / 2)
        for row in Z
    ]


def in_tensorflow(Z, width):
    shown = tf.cast(Z, tf.float32)
    unit = tf.math.l2_normalize(shown, axis=1)
    D = 1 - tf.reduce_sum(unit * tf.math.l2_normalize(tf.ones_like(shown), axis=1), axis=1)
    return tf.sqrt(tf.exp(-(D**2) / width**2))


def with_a_mask(Z, width):
    D = np.ones(len(Z))
    k = (Z == 1).sum(1)
    some = k > 0
    D[some] -= k[some] / (np.sqrt(k[some]) * np.sqrt(Z.shape[1]))
    return np.exp(-((D / width) ** 2)) ** 0.5


def without_care(Z, width):
    lengths = np.linalg.norm(Z, axis=1) * np.sqrt(Z.shape[1])
    return weights(1 - Z.sum(axis=1) / lengths, width)


TestWeightingKernel = gallery(
    "weighting_kernel",
    module,
    MISTAKES,
    [right, by_counting, by_norms, by_sklearn, by_scipy, in_tensorflow, with_a_mask],
    [
        (without_care, "NaN or infinity"),
        (lambda Z, w: right(Z, w)[:, None], "shape (4, 1), expected (4,)"),
        (lambda Z, w: right(Z, w)[0], "shape (), expected (4,)"),
        (lambda Z, w: np.outer(right(Z, w), right(Z, w)), "shape (4, 4)"),
        (lambda Z, w: right(Z, 0.25), "differs in"),
        (lambda Z, w: np.round(right(Z, w), 1), "differs in"),
        (lambda Z, w: 1 - right(Z, w), "differs in"),
        (lambda Z, w: Z @ np.ones(3), "ValueError"),
        (lambda Z: Z.mean(axis=1), "TypeError"),
        (lambda Z, w: {"weights": right(Z, w)}, "received dict"),
    ],
)
