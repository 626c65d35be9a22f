from __future__ import annotations

import numpy as np
import pandas as pd
import tensorflow as tf
from galleries import verdict
from gallery_tools import gallery
from scipy import stats

from hwkit.checks import agreement_spearman as module


def rows(function):
    """The same for each row: a function of two rows."""
    return lambda a, b: np.array([function(x, y) for x, y in zip(a, b, strict=True)], float)


def constant(x, y):
    return np.ptp(x) == 0 or np.ptp(y) == 0


@rows
def right(x, y):
    """Row by row, with sums."""
    if constant(x, y):
        return np.nan
    u, v = stats.rankdata(x), stats.rankdata(y)
    u, v = u - u.mean(), v - v.mean()
    return (u * v).sum() / np.sqrt((u**2).sum() * (v**2).sum())


def on_ranks(function, rank=stats.rankdata, rank_b=None):
    """Something of the ranks of two rows; NaN where a row has one value."""
    other = rank_b or rank
    return rows(lambda x, y: np.nan if constant(x, y) else function(rank(x), other(y)))


def correlation(x, y):
    with np.errstate(all="ignore"):
        return np.corrcoef(x, y)[0, 1]


def covariance(u, v):
    return np.mean((u - u.mean()) * (v - v.mean()))


def all_rows(a, b):
    ranked = [stats.rankdata(each).reshape(each.shape) for each in (a, b)]
    return on_ranks(correlation, rank=lambda row: row)(*ranked)


def formula(u, v):
    return 1 - 6 * np.sum((u - v) ** 2) / (len(u) * (len(u) ** 2 - 1))


def ordinal(row):
    return stats.rankdata(row, "ordinal")


MISTAKES = {
    "values": on_ranks(correlation, rank=lambda row: row),
    "all rows": all_rows,
    "covariance": on_ranks(covariance),
    "variances": on_ranks(lambda u, v: covariance(u, v) / (u.var() * v.var())),
    "ddof": on_ranks(lambda u, v: correlation(u, v) * len(u) / (len(u) - 1)),
    "not centred": on_ranks(lambda u, v: (u @ v) / np.sqrt((u @ u) * (v @ v))),
    "size": lambda a, b: np.abs(right(a, b)),
    "squared": lambda a, b: right(a, b) ** 2,
    "sizes": on_ranks(correlation, rank=lambda row: stats.rankdata(np.abs(row))),
    "one of both": on_ranks(correlation, rank_b=lambda row: row),
    "first row": lambda a, b: np.repeat(right(a[:1], b[:1]), len(a)),
    "kendall": rows(lambda x, y: stats.kendalltau(x, y).statistic),
    "formula": on_ranks(formula),
    "ordinal": rows(lambda x, y: correlation(ordinal(x), ordinal(y))),
    "zero": lambda a, b: np.nan_to_num(right(a, b)),
    "one": lambda a, b: np.where(np.isnan(right(a, b)), 1, right(a, b)),
}


@rows
def by_scipy(x, y):
    return np.nan if constant(x, y) else stats.spearmanr(x, y).statistic


def in_silence(a, b):
    with np.errstate(invalid="ignore", divide="ignore"):
        return [
            np.corrcoef(stats.rankdata(x), stats.rankdata(y))[0, 1]
            for x, y in zip(a, b, strict=True)
        ]


def centred(values):
    ranked = stats.rankdata(values, axis=1)
    return ranked - ranked.mean(axis=1, keepdims=True)


def all_at_once(a, b):
    u, v = centred(a), centred(b)
    size = np.sqrt((u**2).sum(axis=1) * (v**2).sum(axis=1))
    found = np.full(len(a), np.nan)
    np.divide((u * v).sum(axis=1), size, out=found, where=size > 0)
    return found


def standardised(a, b):
    u, v = centred(a), centred(b)
    spread_u, spread_v = u.std(axis=1), v.std(axis=1)
    defined = (spread_u > 0) & (spread_v > 0)
    divisor = np.where(defined, spread_u * spread_v, 1)
    return np.where(defined, (u * v).mean(axis=1) / divisor, np.nan)


def by_pandas(a, b):
    one, other = (pd.DataFrame(each.T).rank() for each in (a, b))
    with np.errstate(all="ignore"):
        return one.corrwith(other).to_numpy()


def in_tensorflow(a, b):
    u, v = tf.constant(centred(a)), tf.constant(centred(b))
    return tf.einsum("nm,nm->n", u, v) / (tf.norm(u, axis=1) * tf.norm(v, axis=1))


def by_cosine(a, b):
    u, v = centred(a), centred(b)
    keep = u.any(axis=1) & v.any(axis=1)
    found = np.full(len(a), np.nan)
    u, v = (each[keep] / np.linalg.norm(each[keep], axis=1, keepdims=True) for each in (u, v))
    found[keep] = np.einsum("nm,nm->n", u, v)
    return found.astype("float32")


def by_list(a, b):
    return [float(each) for each in right(a, b)]


def warns(a, b):
    u, v = centred(a), centred(b)
    return (u * v).sum(axis=1) / np.sqrt((u**2).sum(axis=1) * (v**2).sum(axis=1))


def in_place(a, b):
    found = right(a, b)
    a.sort(axis=1)
    return found


def all_undefined(a, b):
    found = right(a, b)
    return found if np.isfinite(found).all() else np.full(len(a), np.nan)


TestSpearman = gallery(
    "spearman",
    module,
    MISTAKES,
    [
        right,
        by_scipy,
        in_silence,
        all_at_once,
        standardised,
        by_pandas,
        in_tensorflow,
        by_cosine,
        by_list,
    ],
    [
        (warns, "there is a warning: invalid value"),
        (rows(lambda x, y: stats.spearmanr(x, y).statistic), "there is a warning: An input array"),
        (in_place, "has been changed"),
        (all_undefined, "NaN or infinity"),
        (lambda a, b: right(a, b).mean(), "shape (), expected (2,)"),
        (lambda a, b: right(a.T, b.T), "shape (5,), expected (2,)"),
        (lambda a, b: np.corrcoef(centred(a), centred(b)), "shape (4, 4), expected (2,)"),
        (lambda a, b: stats.spearmanr(a[0], b[0]).statistic, "shape (), expected (2,)"),
        (lambda a, b: right(a, b)[:, None], "shape (2, 1)"),
        (lambda a, b: 1 - right(a, b), "differs in"),
        (lambda a, b: right(a, -b), "differs in"),
        (lambda a: a, "TypeError"),
    ],
    undefined=True,
)


def test_it_waits_for_the_ranks():
    def ranks(values):
        raise NotImplementedError

    said = verdict("spearman", lambda a, b: correlation(ranks(a[0]), ranks(b[0])))
    assert said.startswith("[waiting]")
    assert "waits for the blank 'Ranks' (ranks)" in said
