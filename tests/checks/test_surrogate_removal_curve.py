from __future__ import annotations

from itertools import pairwise

import numpy as np
import tensorflow as tf
from galleries import verdict
from gallery_tools import gallery
from scipy.integrate import trapezoid
from test_surrogate_keep_top import by_argsort as keep_top

from hwkit.checks import surrogate_removal_curve as module


def curve(predict, x, labels, maps, fractions, fill):
    """Picture by picture."""
    found = []
    for fraction in fractions:
        hits = 0
        for i, label in enumerate(labels):
            kept = keep_top(x[i : i + 1], maps[i : i + 1], fraction, fill)
            scores = predict(kept)[0].tolist()
            hits += scores.index(max(scores)) == label
        found.append(hits / len(labels))
    return np.array(found)


def area(accuracies, fractions):
    """Trapezoid by trapezoid."""
    total = 0.0
    for i in range(1, len(fractions)):
        total += (accuracies[i] + accuracies[i - 1]) / 2 * (fractions[i] - fractions[i - 1])
    return total / (fractions[-1] - fractions[0])


def right(*given):
    accuracies = curve(*given)
    return accuracies, area(accuracies, given[4])


def with_accuracies(change):
    """Other accuracies, and their right area."""

    def solution(predict, x, labels, maps, fractions, fill):
        found = np.asarray(change(predict, x, labels, maps, fractions, fill), float)
        return found, area(found, fractions)

    return solution


def with_area(change):
    def solution(*given):
        accuracies = curve(*given)
        return accuracies, change(accuracies, given[4])

    return solution


def agreement(predict, x, labels, *rest):
    return curve(predict, x, predict(x).argmax(axis=1), *rest)


def relative(predict, x, labels, *rest):
    return curve(predict, x, labels, *rest) / np.mean(predict(x).argmax(axis=1) == labels)


def probability(predict, x, labels, maps, fractions, fill):
    found = []
    for fraction in fractions:
        scores = predict(keep_top(x, maps, fraction, fill))
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        found.append(shares[np.arange(len(x)), labels].mean())
    return found


def removed(p, x, y, m, fractions, f):
    return curve(p, x, y, m, [1 - fraction for fraction in fractions], f)


MISTAKES = {
    "reversed": with_accuracies(lambda p, x, y, m, q, f: curve(p, x, y, m, q, f)[::-1]),
    "removed": with_accuracies(removed),
    "once": with_accuracies(lambda *given: np.repeat(curve(*given)[:1], len(given[4]))),
    "zeros": with_accuracies(lambda p, x, y, m, q, f: curve(p, x, y, m, q, 0)),
    "error rate": with_accuracies(lambda *given: 1 - curve(*given)),
    "hits": with_accuracies(lambda *given: len(given[2]) * curve(*given)),
    "percent": with_accuracies(lambda *given: 100 * curve(*given)),
    "agreement": with_accuracies(agreement),
    "relative": with_accuracies(relative),
    "lowest score": with_accuracies(lambda p, *rest: curve(lambda each: -p(each), *rest)),
    "probability": with_accuracies(probability),
    "mean": with_area(lambda a, q: a.mean()),
    "sum": with_area(lambda a, q: a.sum()),
    "even": with_area(lambda a, q: (a[1:] + a[:-1]).mean() / 2),
    "left": with_area(lambda a, q: a[:-1] @ np.diff(q) / (q[-1] - q[0])),
    "right end": with_area(lambda a, q: a[1:] @ np.diff(q) / (q[-1] - q[0])),
    "not divided": with_area(trapezoid),
    "divided by last": with_area(lambda a, q: trapezoid(a, q) / q[-1]),
    "not halved": with_area(lambda a, q: 2 * area(a, q)),
    "of one": with_area(lambda a, q: trapezoid(a) / (q[-1] - q[0])),
    "turned": with_area(lambda a, q: -area(a, q)),
}


def by_list(predict, pictures, labels, maps, fractions, fill):
    accuracies = [
        np.mean(np.argmax(predict(keep_top(pictures, maps, p, fill)), axis=1) == labels)
        for p in fractions
    ]
    return accuracies, trapezoid(accuracies, fractions) / (fractions[-1] - fractions[0])


def all_at_once(predict, pictures, labels, maps, fractions, fill):
    kept = np.concatenate([keep_top(pictures, maps, p, fill) for p in fractions])
    hits = predict(kept).argmax(-1).reshape(len(fractions), -1) == labels
    accuracies = hits.mean(axis=1)
    q = np.asarray(fractions)
    middle = (accuracies[1:] + accuracies[:-1]) / 2
    return accuracies, np.average(middle, weights=np.diff(q))


def with_a_dictionary(predict, pictures, labels, maps, fractions, fill):
    found = {}
    for p in np.asarray(fractions).tolist():
        predicted = predict(keep_top(pictures, maps, p, fill)).argmax(axis=1)
        found[p] = (predicted == labels).sum() / labels.size
    points = sorted(found.items())
    total = sum((b - a) * (h + k) / 2 for (a, h), (b, k) in pairwise(points))
    return list(found.values()), float(total / (points[-1][0] - points[0][0]))


def in_tensorflow(predict, pictures, labels, maps, fractions, fill):
    rows = []
    for p in fractions:
        scores = tf.constant(predict(tf.constant(keep_top(pictures, maps, p, fill))))
        hits = tf.equal(tf.argmax(scores, axis=1), labels)
        rows.append(tf.reduce_mean(tf.cast(hits, tf.float32)))
    accuracies, q = tf.stack(rows), tf.cast(fractions, tf.float32)
    steps = q[1:] - q[:-1]
    return accuracies, tf.reduce_sum(
        steps * (accuracies[1:] + accuracies[:-1])
    ) / 2 / tf.reduce_sum(steps)


def two_sided(predict, pictures, labels, maps, fractions, fill):
    """The mean of the two sums of steps."""
    accuracies = curve(predict, pictures, labels, maps, fractions, fill)
    steps = np.diff(fractions) / np.ptp(fractions)
    return [accuracies, (steps @ accuracies[:-1] + steps @ accuracies[1:]) / 2]


def by_sklearn(predict, pictures, labels, maps, fractions, fill):
    from sklearn.metrics import accuracy_score, auc

    accuracies = np.zeros(len(fractions))
    for i, p in enumerate(fractions):
        scores = predict(keep_top(pictures, maps, p, fill))
        accuracies[i] = accuracy_score(labels, scores.argmax(axis=1))
    return accuracies, auc(fractions, accuracies) / (max(fractions) - min(fractions))


TestRemovalCurve = gallery(
    "removal_curve",
    module,
    MISTAKES,
    [right, by_list, all_at_once, with_a_dictionary, in_tensorflow, two_sided, by_sklearn],
    [
        (lambda *given: right(*given)[::-1], "the order is turned: (accuracies, area)"),
        (curve, "received 4 things"),
        (lambda *given: area(curve(*given), given[4]), "expected (accuracies, area), received"),
        (lambda *given: (curve(*given), curve(*given)), "area has shape (4,), expected ()"),
        (lambda *given: (curve(*given)[:-1], 0.5), "accuracies has shape (3,), expected (4,)"),
        (lambda *given: (curve(*given), None), "area is still empty"),
        (lambda *given: (curve(*given), np.nan), "contains NaN or infinity"),
        (lambda *given: (curve(*given), 0.123), "area is not right: you have 0.123"),
        (lambda *given: (curve(*given) + 0.01, 0.5), "accuracies differs in 4 of 4"),
        (lambda p, x, *rest: p(x[0]), "predict expects pictures (n, 2, 2, 1)"),
        (lambda p, x, y, m, q: (0, 0), "TypeError"),
        (lambda *given: "accuracies", "received str"),
    ],
)


def test_it_waits_for_keep_top():
    def keep_top(pictures, maps, fraction, fill):
        raise NotImplementedError

    def uses_it(predict, pictures, labels, maps, fractions, fill):
        return [predict(keep_top(pictures, maps, p, fill)) for p in fractions], 0

    said = verdict("removal_curve", uses_it)
    assert "waits for the blank 'Keep the important pixels' (keep_top)" in said, said
