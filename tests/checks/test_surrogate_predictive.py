from __future__ import annotations

import math

import keras
import numpy as np
import tensorflow as tf
from gallery_tools import gallery
from scipy import special

from hwkit.checks import surrogate_predictive as module


def probabilities(logits):
    """Each as one over a sum of ratios."""
    found = np.zeros(logits.shape)
    for draw, picture, k in np.ndindex(logits.shape):
        row = logits[draw, picture]
        found[draw, picture, k] = 1 / sum(math.exp(min(other - row[k], 700)) for other in row)
    return found


def moments(p):
    """By hand."""
    mean = sum(p) / len(p)
    return mean, np.sqrt(sum((each - mean) ** 2 for each in p) / len(p))


def right(logits):
    return moments(probabilities(logits))


def with_mean(change):
    return lambda logits: (change(logits), right(logits)[1])


def with_spread(change):
    return lambda logits: (right(logits)[0], change(probabilities(logits)))


def of(p):
    return np.mean(p, axis=0), np.std(p, axis=0)


def cut_off(logits):
    raised = np.exp(np.clip(logits, -80, 80))
    return of(raised / raised.sum(axis=-1, keepdims=True))


def over_classes(p):
    return np.repeat(p.mean(axis=0).std(axis=-1)[..., None], p.shape[-1], axis=-1)


MISTAKES = {
    "softmax of mean": with_mean(lambda logits: probabilities(logits.mean(axis=0)[None])[0]),
    "mean of logits": with_mean(lambda logits: logits.mean(axis=0)),
    "first draw": with_mean(lambda logits: probabilities(logits)[0]),
    "sum": with_mean(lambda logits: probabilities(logits).sum(axis=0)),
    "median": with_mean(lambda logits: np.median(probabilities(logits), axis=0)),
    "over draws": lambda logits: of(special.softmax(logits, axis=0)),
    "over pictures": lambda logits: of(special.softmax(logits, axis=1)),
    "votes": lambda logits: of(logits == logits.max(axis=-1, keepdims=True)),
    "sigmoid": lambda logits: of(special.expit(logits)),
    "logarithm": lambda logits: of(special.log_softmax(logits, axis=-1)),
    "all at once": lambda logits: of(special.softmax(logits)),
    "spread of logits": lambda logits: (right(logits)[0], logits.std(axis=0)),
    "one draw less": with_spread(lambda p: p.std(axis=0, ddof=1)),
    "variance": with_spread(lambda p: p.var(axis=0)),
    "standard error": with_spread(lambda p: p.std(axis=0) / np.sqrt(len(p))),
    "mean deviation": with_spread(lambda p: np.abs(p - p.mean(axis=0)).mean(axis=0)),
    "over classes": with_spread(over_classes),
    "swapped": lambda logits: right(logits)[::-1],
    "cut off": cut_off,
}


def by_scipy(logits):
    p = special.softmax(logits, axis=-1)
    return p.mean(axis=0), p.std(axis=0)


def by_keras(logits):
    p = keras.ops.softmax(logits)
    return keras.ops.mean(p, axis=0), keras.ops.std(p, axis=0)


def by_tensorflow(logits):
    p = tf.nn.softmax(tf.constant(logits))
    mean, variance = tf.nn.moments(p, axes=0)
    return mean.numpy(), np.sqrt(variance)


def by_numpy(logits):
    raised = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = raised / raised.sum(axis=2)[..., None]
    return p.mean(0), np.sqrt(((p - p.mean(0)) ** 2).mean(0))


def by_squares(logits):
    p = special.softmax(np.float64(logits), axis=2)
    mean = np.einsum("snk->nk", p) / len(p)
    return np.stack([mean, np.sqrt(np.maximum(np.mean(p**2, axis=0) - mean**2, 0))])


def by_logarithms(logits):
    p = np.exp(logits - special.logsumexp(logits, axis=-1, keepdims=True))
    return list(np.average(p, axis=0)), p.std(axis=0, ddof=0).tolist()


def picture_by_picture(logits):
    means, spreads = [], []
    for i in range(logits.shape[1]):
        rows = [special.softmax(draw[i]) for draw in logits]
        means.append(np.mean(rows, axis=0))
        spreads.append(np.std(rows, axis=0))
    return np.array(means), np.array(spreads)


def without_care(logits):
    raised = np.exp(logits)
    return of(raised / raised.sum(axis=-1, keepdims=True))


def one_maximum(logits):
    raised = np.exp(logits - logits.max())
    return of(raised / raised.sum(axis=-1, keepdims=True))


TestPredictive = gallery(
    "predictive",
    module,
    MISTAKES,
    [
        right,
        by_scipy,
        by_keras,
        by_tensorflow,
        by_numpy,
        by_squares,
        by_logarithms,
        picture_by_picture,
    ],
    [
        (without_care, "NaN or infinity"),
        (one_maximum, "NaN or infinity"),
        (lambda logits: by_scipy(logits)[0], "mean has shape (3,), expected (2, 3)"),
        (lambda logits: (by_scipy(logits)[0].max(axis=1), 0), "mean has shape (2,), expected (2,"),
        (lambda logits: (special.softmax(logits, axis=2), 0), "mean has shape (3, 2, 3)"),
        (lambda logits: (by_scipy(logits)[0], special.softmax(logits, -1).std()), "spread has sha"),
        (lambda logits: (*by_scipy(logits), 0), "received 3 things"),
        (lambda logits: (by_scipy(logits)[0], None), "spread is still empty"),
        (lambda logits: (by_scipy(logits)[0], 0.1 + by_scipy(logits)[1]), "spread differs in"),
        (lambda logits: (by_scipy(logits)[0].round(1), by_scipy(logits)[1]), "mean differs in"),
        (lambda logits: {"mean": 1, "spread": 2}, "received dict"),
        (lambda logits: special.softmax(logits, axis=3), "AxisError"),
        (lambda: (0, 0), "TypeError"),
    ],
)
