from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict
from sklearn import metrics as sklearn_metrics

from hwkit import compression
from hwkit.checks.compressing import INFLUENCE, KEPT, RECALLS, STRONGEST
from hwkit.evaluation import metrics


def test_the_kept_channels_are_the_extremes():
    for (top, bottom), kept in KEPT.items():
        dropped = [INFLUENCE[i] for i in range(6) if i not in kept]
        highest = sorted(INFLUENCE)[6 - top :]
        lowest = sorted(INFLUENCE)[:bottom]
        assert sorted(INFLUENCE[i] for i in kept) == sorted(lowest + highest)
        assert len(dropped) == 6 - top - bottom
    assert sorted(np.abs(INFLUENCE), reverse=True) == [abs(INFLUENCE[i]) for i in STRONGEST]


def test_the_measures_are_those_of_scikit_learn():
    for predicted, labels, c, values in RECALLS:
        truth, said = np.equal(labels, c), np.equal(predicted, c)
        assert values["recall"] == pytest.approx(sklearn_metrics.recall_score(truth, said))
        assert values["f1"] == pytest.approx(
            sklearn_metrics.f1_score(truth, said, zero_division=0.0)
        )
        assert values["accuracy"] == pytest.approx(
            sklearn_metrics.accuracy_score(labels, predicted)
        )
        precision = sklearn_metrics.precision_score(truth, said, zero_division=np.nan)
        assert values["precision"] == pytest.approx(precision, nan_ok=True)
        assert values["false positives"] == pytest.approx(said[~truth].mean())
        assert values["hits"] == (truth & said).sum()
        assert values["of all"] == pytest.approx((truth & said).mean())
        assert values["of predicted"] == pytest.approx(said.sum() / truth.sum())
        assert values["missed"] == pytest.approx(1 - values["recall"])


def mask_of(influence, top, bottom):
    order = np.argsort(-influence)
    mask = np.zeros(len(influence), bool)
    mask[order[:top]] = True
    mask[order[len(order) - bottom :]] = True
    return mask


def by_mask(activations, influence, top, bottom):
    return activations * mask_of(influence, top, bottom)


def by_copy(activations, influence, top, bottom):
    out = np.zeros_like(activations)
    order = np.argsort(influence)
    keep = np.concatenate([order[:bottom], order[len(order) - top :]])
    out[..., keep] = activations[..., keep]
    return out


def by_loop(activations, influence, top, bottom):
    order = sorted(range(len(influence)), key=lambda c: influence[c])
    out = activations.astype(np.float64)
    for c in order[bottom : len(order) - top]:
        out[..., c] = 0
    return out


def by_where(activations, influence, top, bottom):
    rank = np.argsort(np.argsort(-influence))
    keep = (rank < top) | (rank >= len(influence) - bottom)
    return np.where(keep, activations, 0)


def in_tensorflow(activations, influence, top, bottom):
    high = tf.math.top_k(influence, top).indices
    low = tf.math.top_k(-influence, bottom).indices
    mask = tf.reduce_sum(tf.one_hot(tf.concat([high, low], 0), len(influence)), axis=0)
    return tf.constant(activations) * mask


def by_einsum(activations, influence, top, bottom):
    return np.einsum("...c,c->...c", activations, mask_of(influence, top, bottom).astype(float))


def as_list(activations, influence, top, bottom):
    return by_mask(activations, influence, top, bottom).tolist()


@pytest.mark.parametrize(
    "solution",
    [
        by_mask,
        by_copy,
        by_loop,
        by_where,
        in_tensorflow,
        by_einsum,
        as_list,
        compression.keep_influential,
    ],
)
def test_right_compressions_pass(solution):
    assert_passes("compress", solution)


def in_place(activations, influence, top, bottom):
    activations[..., ~mask_of(influence, top, bottom)] = 0
    return activations


def bottom_zero_keeps_all(activations, influence, top, bottom):
    order = np.argsort(-influence)
    mask = np.zeros(len(influence), bool)
    mask[order[:top]] = True
    mask[order[-bottom:]] = True
    return activations * mask


def by_size(activations, influence, top, bottom):
    order = np.argsort(-np.abs(influence))
    mask = np.zeros(len(influence), bool)
    mask[order[: top + bottom]] = True
    return activations * mask


def by_place(activations, influence, top, bottom):
    mask = np.zeros(len(influence), bool)
    mask[:top] = True
    mask[len(mask) - bottom :] = True
    return activations * mask


def to_the_mean(activations, influence, top, bottom):
    mean = activations.mean(axis=tuple(range(activations.ndim - 1)))
    return np.where(mask_of(influence, top, bottom), activations, mean)


WRONG_COMPRESS = [
    (lambda a, i, t, b: a * ~mask_of(i, t, b), "mask is inverted"),
    (lambda a, i, t, b: a * mask_of(i, b, t), "swapped"),
    (lambda a, i, t, b: a * mask_of(-i, t, b), "swapped"),
    (by_size, "absolute value"),
    (lambda a, i, t, b: a * mask_of(i, t, 0), "the bottom ones are missing"),
    (lambda a, i, t, b: a * mask_of(i, 0, b), "the top ones are missing"),
    (by_place, "whatever their influence is"),
    (lambda a, i, t, b: a, "as it was"),
    (lambda a, i, t, b: mask_of(i, t, b) + 0 * a, "this is the mask"),
    (lambda a, i, t, b: a * mask_of(i, t, b) * i, "multiplied by their influence"),
    (to_the_mean, "set to their mean"),
    (bottom_zero_keeps_all, "bottom = 0"),
    (in_place, "has been changed"),
    (lambda a, i, t, b: a[..., mask_of(i, t, b)], "has shape"),
    (lambda a, i, t, b: mask_of(i, t, b), "has shape (6,)"),
    (lambda a, i, t, b: np.moveaxis(a, -1, 1) * 1.0, "channels come last"),
    (lambda a, i, t, b: (a.T * mask_of(i, t, b)).T, "ValueError"),
    (lambda a, i, t, b: a * mask_of(i, t + 1, b), "differs in"),
    (lambda a, i, t, b: a * mask_of(a.mean(tuple(range(a.ndim - 1))), t, b), "differs in"),
    (lambda a, i, t, b: 0 * a, "differs in"),
    (lambda a, i, t, b: a * mask_of(i, t, b)[:, None], "ValueError"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG_COMPRESS)
def test_wrong_compressions_are_told_why(solution, words):
    assert_fails("compress", solution, words)


def counted(predicted, labels, c):
    hits = sum(1 for p, y in zip(predicted, labels, strict=True) if p == y == c)
    return hits / sum(1 for y in labels if y == c)


RIGHT_RECALLS = [
    counted,
    lambda p, y, c: np.mean(p[y == c] == c),
    lambda p, y, c: ((p == c) & (y == c)).sum() / (y == c).sum(),
    lambda p, y, c: tf.reduce_mean(tf.cast(tf.constant(p)[y == c] == c, tf.float64)),
    lambda p, y, c: sklearn_metrics.recall_score(y == c, p == c),
    lambda p, y, c: float(np.average(p == c, weights=y == c)),
    lambda p, y, c: 1 - np.mean(p[np.flatnonzero(y == c)] != c),
    lambda p, y, c: np.array(counted(p.tolist(), y.tolist(), c), np.float32),
    metrics.recall,
]


@pytest.mark.parametrize("solution", RIGHT_RECALLS)
def test_right_recalls_pass(solution):
    assert_passes("recall", solution)


WRONG_RECALLS = [
    (lambda p, y, c: np.mean(y[p == c] == c), "this is the precision"),
    (lambda p, y, c: ((p == c) & (y == c)).sum() / (p == c).sum(), "this is the precision"),
    (lambda p, y, c: np.mean(p == y), "this is the accuracy"),
    (lambda p, y, c: np.mean(p[y != c] == c), "false-positive rate"),
    (
        lambda p, y, c: sklearn_metrics.f1_score(y == c, p == c, zero_division=0.0),
        "F1 score",
    ),
    (lambda p, y, c: ((p == c) & (y == c)).sum(), "number of hits"),
    (lambda p, y, c: ((p == c) & (y == c)).mean(), "divided by all instances"),
    (lambda p, y, c: (p == c).sum() / (y == c).sum(), "only predictions that are right"),
    (lambda p, y, c: np.mean(p[y == c] != c), "share that is missed"),
    (lambda p, y, c: 100 * np.mean(p[y == c] == c), "percentage"),
    (lambda p, y, c: p[y == c] == c, "has shape (4,)"),
    (lambda p, y, c: [np.mean(p[y == k] == k) for k in set(y)], "has shape (3,)"),
    (lambda p, y, c: "75 %", "received str"),
    (lambda p, y, c: 1.0, "is not right"),
    (lambda p, y, c: round(counted(p, y, c)), ""),
    (lambda p, y, c: counted(p, y, 1), ""),
]


@pytest.mark.parametrize(("solution", "words"), WRONG_RECALLS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
def test_wrong_recalls_are_told_why(solution, words):
    assert_fails("recall", solution, words)


def test_an_empty_blank_is_not_attempted():
    assert "not attempted yet" in verdict("compress", lambda a, i, t, b: None)
    assert "not attempted yet" in verdict("recall", lambda p, y, c: ...)
