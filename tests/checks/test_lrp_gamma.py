from __future__ import annotations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import lrp_gamma as module

QUESTION = "gamma_weights"


def right(w, gamma):
    """Number by number."""
    found = w.copy()
    for index, value in np.ndenumerate(w):
        if value > 0:
            found[index] = (1 + gamma) * value
    return found


MISTAKES = {
    "only positive": lambda w, g: (1 + g) * np.maximum(w, 0),
    "all": lambda w, g: w + g * w,
    "negative": lambda w, g: w + g * np.minimum(w, 0),
    "gamma added": lambda w, g: w + g,
    "no gamma": lambda w, g: w + np.maximum(w, 0),
    "only addition": lambda w, g: g * np.maximum(w, 0),
    "subtracted": lambda w, g: w - g * np.maximum(w, 0),
    "absolute": lambda w, g: w + g * np.abs(w),
    "unchanged": lambda w, g: w.copy(),
    "cut": lambda w, g: np.maximum(w, 0),
    "twice": lambda w, g: w + (1 + g) * np.maximum(w, 0),
    "times gamma": lambda w, g: np.where(w > 0, g * w, w),
}


def in_place(w, gamma):
    w[w > 0] *= 1 + gamma
    return w


WRONG = [
    (in_place, "has been changed"),
    (lambda w, gamma: w[w > 0] * (1 + gamma), "shape"),
    (lambda w, gamma: right(w, gamma).ravel(), "shape (6,), expected (3, 2)"),
    (lambda w, gamma: right(w, gamma).T, "shape (2, 3)"),
    (lambda w, gamma: right(w, gamma).sum(), "shape ()"),
    (lambda w, gamma: right(w, gamma).round(), "differs in"),
    (lambda w, gamma: right(w, 0.25), "differs in"),
    (lambda w, gamma: right(w, gamma) / (w != 0), "NaN or infinity"),
    (lambda w, gamma: w + gamma * max(w, 0), "ValueError"),
    (lambda w, gamma: "w + gamma w+", "received str"),
    (lambda w: w, "TypeError"),
]


TestGammaWeights = gallery(
    QUESTION,
    module,
    MISTAKES,
    [
        right,
        lambda w, gamma: w + gamma * np.maximum(w, 0),
        lambda w, gamma: np.where(w > 0, w * (1 + gamma), w),
        lambda w, gamma: w * (1 + gamma * (w > 0)),
        lambda w, gamma: np.clip(w, None, 0) + np.clip(w, 0, None) * (1 + gamma),
        lambda w, gamma: tf.constant(w, tf.float32) + gamma * tf.nn.relu(tf.constant(w, "float32")),
        lambda w, gamma: (w + gamma * (w + np.abs(w)) / 2).tolist(),
    ],
    WRONG,
)
