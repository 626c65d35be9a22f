from __future__ import annotations

import numpy as np
import pandas as pd
import tensorflow as tf
from gallery_tools import gallery
from scipy.stats import rankdata

from hwkit.checks import agreement_ranks as module


def right(values):
    """Value by value: how many are lower, and the middle of those that are equal."""
    found = np.zeros(len(values))
    for i, value in enumerate(values):
        lower = sum(1 for other in values if other < value)
        equal = sum(1 for other in values if other == value)
        found[i] = lower + sum(range(1, equal + 1)) / equal
    return found


def neighbours(values):
    """Each value and its next one in order, where they are equal."""
    order = np.argsort(values, kind="stable")
    found = np.arange(1.0, len(values) + 1)
    for i in range(len(values) - 1):
        if values[order[i]] == values[order[i + 1]]:
            found[i] = found[i + 1] = (found[i] + found[i + 1]) / 2
    return found[np.argsort(order, kind="stable")]


def positions(values):
    return np.argsort(values, kind="stable")


MISTAKES = {
    "from zero": lambda v: rankdata(v) - 1,
    "descending": lambda v: rankdata(-v),
    "argsort once": lambda v: positions(v) + 1,
    "argsort once, from zero": positions,
    "sorted": np.sort,
    "share": lambda v: rankdata(v) / len(v),
    "sizes": lambda v: rankdata(np.abs(v)),
    "ordinal": lambda v: positions(positions(v)) + 1,
    "lowest": lambda v: rankdata(v, "min"),
    "highest": lambda v: rankdata(v, "max"),
    "dense": lambda v: rankdata(v, "dense"),
    "neighbours": neighbours,
    "cut": lambda v: rankdata(v).astype(int),
    "rounded": lambda v: np.round(rankdata(v)),
}


def by_comparing(values):
    lower = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    return lower + (equal + 1) / 2


def by_groups(values):
    order = np.argsort(values)
    found = np.empty(len(values))
    found[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        found[values == value] = found[values == value].mean()
    return found


def by_unique(values):
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def by_searching(values):
    ordered = np.sort(values)
    below, upto = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return (below + upto + 1) / 2


def by_bincount(values):
    _, inverse = np.unique(values, return_inverse=True)
    ordinal = np.argsort(np.argsort(values)) + 1
    return (np.bincount(inverse, ordinal) / np.bincount(inverse))[inverse]


def in_tensorflow(values):
    v = tf.constant(values)
    signs = tf.sign(v[:, None] - v[None, :])
    return tf.reduce_sum(signs, axis=1) / 2 + (len(values) + 1) / 2


def by_runs(values):
    order, found, start = sorted(range(len(values)), key=lambda i: values[i]), {}, 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        found.update(dict.fromkeys(order[start:end], (start + 1 + end) / 2))
        start = end
    return [found[i] for i in range(len(values))]


def in_place(values):
    found = by_comparing(values)
    values.sort()
    return found


TestRanks = gallery(
    "ranks",
    module,
    MISTAKES,
    [
        right,
        rankdata,
        lambda values: pd.Series(values).rank().to_numpy(),
        by_comparing,
        by_groups,
        by_unique,
        by_searching,
        by_bincount,
        in_tensorflow,
        by_runs,
    ],
    [
        (in_place, "has been changed"),
        (lambda v: rankdata(v)[None], "shape (1, 7), expected (7,)"),
        (lambda v: rankdata(v)[1:], "shape (6,), expected (7,)"),
        (lambda v: rankdata(v).max(), "shape (), expected (7,)"),
        (lambda v: 2 * rankdata(v), "differs in"),
        (lambda v: rankdata(v) * np.nan, "NaN or infinity"),
        (lambda v: dict(enumerate(rankdata(v))), "received dict"),
        (lambda: [1], "TypeError"),
    ],
)
