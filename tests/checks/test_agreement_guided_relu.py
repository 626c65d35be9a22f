from __future__ import annotations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import agreement_guided_relu as module


def right(signal, x):
    """Number by number."""
    found = np.zeros(signal.shape)
    for place in np.ndindex(signal.shape):
        if signal[place] > 0 and x[place] > 0:
            found[place] = signal[place]
    return found


MISTAKES = {
    "plain": lambda s, x: np.where(x > 0, s, 0),
    "signal only": lambda s, x: np.maximum(s, 0),
    "forward": lambda s, x: right(x, s),
    "gate": lambda s, x: (s > 0) & (x > 0),
    "times x": lambda s, x: np.maximum(s, 0) * np.maximum(x, 0),
    "either": lambda s, x: s * ((s > 0) | (x > 0)),
    "same sign": lambda s, x: s * (s * x > 0),
    "relu of product": lambda s, x: np.maximum(s * x, 0),
    "absolute": lambda s, x: np.abs(s) * (x > 0),
    "turned": lambda s, x: s * ((s < 0) & (x > 0)),
    "closed": lambda s, x: s * ((s > 0) & (x < 0)),
    "smaller": lambda s, x: np.maximum(np.minimum(s, x), 0),
    "unchanged": lambda s, x: s.copy(),
}


def with_where(signal, x):
    return np.where((signal > 0) & (x > 0), signal, 0)


def with_masks(signal, x):
    return signal * (signal > 0) * (x > 0)


def relu_twice(signal, x):
    return np.maximum(signal * np.heaviside(x, 0), 0)


def with_copies(signal, x):
    found = signal.copy()
    found[signal <= 0] = 0
    found[x <= 0] = 0
    return found


def in_tensorflow(signal, x):
    return tf.nn.relu(signal) * tf.cast(x > 0, signal.dtype)


def by_gradient(signal, x):
    v = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(v)
        y = tf.nn.relu(v)
    return tape.gradient(y, v, tf.nn.relu(tf.constant(signal))).numpy()


def as_lists(signal, x):
    pairs = zip(signal.ravel().tolist(), x.ravel().tolist(), strict=True)
    return np.reshape([s if min(s, x) > 0 else 0 for s, x in pairs], x.shape).tolist()


def open_at_zero(signal, x):
    return np.clip(signal, 0, None) * (x >= 0)


def in_place(signal, x):
    signal[(signal < 0) | (x < 0)] = 0
    return signal


TestGuidedRelu = gallery(
    "guided_relu",
    module,
    MISTAKES,
    [
        right,
        with_where,
        with_masks,
        relu_twice,
        with_copies,
        in_tensorflow,
        by_gradient,
        as_lists,
        open_at_zero,
    ],
    [
        (in_place, "has been changed"),
        (lambda s, x: with_where(s, x).sum(), "shape (), expected (4,)"),
        (lambda s, x: s[(s > 0) & (x > 0)], "shape (1,), expected (4,)"),
        (lambda s, x: (s > 0) & (x > 0) and s, "ValueError"),
        (lambda s, x: 2 * with_where(s, x), "differs in"),
        (lambda s, x: with_where(s, x - 1), "differs in"),
        (lambda s, x: np.where((s > 0) & (x > 0), s, np.nan), "NaN or infinity"),
        (lambda s: s, "TypeError"),
        (lambda s, x: "positive", "received str"),
    ],
)
