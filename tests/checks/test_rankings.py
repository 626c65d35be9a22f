from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from galleries import assert_fails, assert_passes, verdict

from hwkit import ranking
from hwkit.checks import ranking_questions as tables

INSTANCE, CLASS, QUESTION = "top_neurons_of_instance", "top_neurons_of_class", "most_influential"


def order(scores):
    return tuple(int(i) for i in np.argsort(-np.asarray(scores), kind="stable"))


def test_the_orders_of_an_instance_are_what_their_names_say():
    maps = np.asarray(tables.MAP, float)
    flat = maps.reshape(-1, tables.CHANNELS)
    found = {
        "max": flat.max(0),
        "mean": flat.mean(0),
        "min": flat.min(0),
        "negative": -flat.min(0),
        "absolute max": np.abs(flat).max(0),
        "absolute mean": np.abs(flat).mean(0),
        "spread": flat.std(0),
        "corner": flat[0],
    }
    assert {name: order(scores) for name, scores in found.items()} == tables.MAP_ORDERS
    wrong = [o for name, o in tables.MAP_ORDERS.items() if name != "max"]
    assert tables.MAP_ORDERS["max"] not in wrong


@pytest.mark.parametrize("label", tables.class_tables())
def test_the_orders_of_a_class_are_what_their_names_say(label):
    maps, orders = tables.class_tables()[label]
    maps = maps.astype(float)
    strongest = maps.max(axis=(1, 2))
    found = {
        "mean of max": strongest.mean(0),
        "max of max": strongest.max(0),
        "mean of mean": maps.mean(axis=(0, 1, 2)),
        "max of mean map": maps.mean(0).max(axis=(0, 1)),
        "max of means": maps.mean(axis=(1, 2)).max(0),
        "absolute": np.abs(maps).max(axis=(1, 2)).mean(0),
        "median": np.median(strongest, axis=0),
        "first": strongest[0],
        "last": strongest[-1],
        "min": strongest.min(0),
    }
    assert {name: order(scores) for name, scores in found.items()} == orders


def test_every_mistake_of_a_class_shows_already_in_the_first_channels():
    tops = {
        name: tuple(orders[name][0] for _, orders in tables.class_tables().values())
        for name in tables.MAPS_ORDERS
    }
    assert len(set(tops.values())) == len(tops)


def loop(attribution, k):
    best = []
    for c in range(attribution.shape[-1]):
        best.append((max(attribution[..., c].ravel()), c))
    return [c for _, c in sorted(best, reverse=True)[:k]]


def sorted_builtin(attribution, k):
    strength = np.amax(attribution, axis=(0, 1)).tolist()
    return tuple(sorted(range(len(strength)), key=strength.__getitem__, reverse=True)[:k])


def from_the_end(attribution, k):
    return np.argsort(attribution.max(axis=(0, 1)))[::-1][:k]


def with_top_k(attribution, k):
    return tf.math.top_k(tf.reduce_max(attribution, axis=[0, 1]), k=k).indices


def reshaped(attribution, k):
    flat = attribution.reshape(-1, attribution.shape[-1]).astype(np.float64)
    return np.argsort(-flat.max(0))[:k].astype(np.int32)


def one_by_one(attribution, k):
    strength = attribution.max(0).max(0).copy()
    found = []
    for _ in range(k):
        found.append(int(np.argmax(strength)))
        strength[found[-1]] = -np.inf
    return found


@pytest.mark.parametrize(
    "solution",
    [loop, sorted_builtin, from_the_end, with_top_k, reshaped, one_by_one, ranking.top_neurons],
)
def test_right_rankings_of_an_instance_pass(solution):
    assert_passes(INSTANCE, solution)


def top(scores, k):
    return np.argsort(-scores)[:k]


WRONG_INSTANCE = [
    (lambda a, k: top(a.mean((0, 1)), k), "by the mean"),
    (lambda a, k: top(a.sum((0, 1)), k), "by the mean"),
    (lambda a, k: top(a.min((0, 1)), k), "by the minimum"),
    (lambda a, k: np.argsort(a.min((0, 1)))[:k], "most negative"),
    (lambda a, k: top(np.abs(a).max((0, 1)), k), "absolute value"),
    (lambda a, k: top(np.abs(a).mean((0, 1)), k), "mean of absolute values"),
    (lambda a, k: top(a.std((0, 1)), k), "spread"),
    (lambda a, k: top(a[0, 0], k), "only one pixel"),
    (lambda a, k: np.argsort(a.max((0, 1)))[:k], "order is turned"),
    (lambda a, k: np.argsort(a.max((0, 1)))[-k:], "most influential of them comes last"),
    (lambda a, k: np.sort(a.max((0, 1)))[::-1][:k], "not whole numbers"),
    (lambda a, k: top(a.max((0, 1)), len(a[0, 0])), "k indices"),
    (lambda a, k: top(a.max((1, 2)), k), "k indices"),
    (lambda a, k: top(a.max((0, 1)), 1)[0], "shape ()"),
    (lambda a, k: top(a.max((0, 1)), k) + 1, "differs in"),
    (lambda a, k: top(a.max((0, 1)), k) + 4, "from 0 to 5"),
    (lambda a, k: np.argsort(-a.ravel())[:k], "from 0 to 5"),
    (lambda a, k: np.repeat(top(a.max((0, 1)), 1), k), "different"),
    (lambda a, k: top(np.maximum(a, 0).max((0, 1)), k), "differs in"),
    (lambda a, k: top(a.transpose(2, 0, 1).max((0, 1)), k), "differs in"),
    (lambda a, k: "2, 3, 4", "received str"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG_INSTANCE)
def test_wrong_rankings_of_an_instance_are_told_why(solution, words):
    assert_fails(INSTANCE, solution, words)


def class_loop(attributions, k):
    strength = np.zeros(attributions.shape[-1])
    for attribution in attributions:
        strength += attribution.max(axis=(0, 1)) / len(attributions)
    return list(np.argsort(-strength))[:k]


def class_sum(attributions, k):
    return top(attributions.max(axis=(1, 2)).sum(axis=0), k)


def class_tensorflow(attributions, k):
    strength = tf.reduce_mean(tf.reduce_max(attributions, axis=(1, 2)), axis=0)
    return tf.argsort(strength, direction="DESCENDING")[:k]


def class_reshaped(attributions, k):
    n, *_, c = attributions.shape
    return top(np.float64(attributions).reshape(n, -1, c).max(axis=1).mean(axis=0), k)


def class_einsum(attributions, k):
    strength = attributions.max(axis=(1, 2))
    return top(np.einsum("nc->c", strength), k)


def class_listed(attributions, k):
    strength = [float(np.mean([a[..., c].max() for a in attributions])) for c in range(6)]
    return sorted(range(6), key=lambda c: -strength[c])[:k]


@pytest.mark.parametrize(
    "solution",
    [
        class_loop,
        class_sum,
        class_tensorflow,
        class_reshaped,
        class_einsum,
        class_listed,
        ranking.top_neurons,
    ],
)
def test_right_rankings_of_a_class_pass(solution):
    assert_passes(CLASS, solution)


WRONG_CLASS = [
    (lambda a, k: top(a.mean(0).max((0, 1)), k), "averaged over the instances before"),
    (lambda a, k: top(a.mean((0, 1, 2)), k), "by the mean of the map"),
    (lambda a, k: top(a.max((0, 1, 2)), k), "a maximum is taken over the instances"),
    (lambda a, k: top(a.mean((1, 2)).max(0), k), "largest mean"),
    (lambda a, k: top(np.abs(a).max((1, 2)).mean(0), k), "absolute value"),
    (lambda a, k: top(np.median(a.max((1, 2)), 0), k), "median"),
    (lambda a, k: top(a.max((1, 2)).min(0), k), "minimum over the instances"),
    (lambda a, k: top(a[0].max((0, 1)), k), "only the first instance"),
    (lambda a, k: top(a[-1].max((0, 1)), k), "only the last instance"),
    (lambda a, k: np.argsort(a.max((1, 2)).mean(0))[:k], "order is turned"),
    (lambda a, k: np.argsort(a.max((1, 2)).mean(0))[-k:], "comes last"),
    (lambda a, k: np.argsort(-a.max((1, 2)))[:, :k], "k indices"),
    (lambda a, k: top(a.max((0, 1)).mean(0), k), "differs in"),
    (lambda a, k: np.argsort(-a.max((1, 2)).mean(0)), "k indices"),
    (lambda a, k: top(a.max((2, 3)).mean(0), k), "k indices"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG_CLASS)
def test_wrong_rankings_of_a_class_are_told_why(solution, words):
    assert_fails(CLASS, solution, words)


def ask_at_once(question, instances):
    return class_sum(question.explain(instances, False).attribution, 1)[0]


def ask_one_by_one(question, instances):
    found = [question.explain(each, ignore_difference_term=False).attribution for each in instances]
    return int(class_loop(np.stack(found), 1)[0])


def ask_as_float(question, instances):
    return float(ask_at_once(question, instances))


def ask_with_argmax(question, instances):
    strength = question.explain(instances, False, None).attribution.max((1, 2)).mean(0)
    return strength.argmax()


def ask_in_tensorflow(question, instances):
    return class_tensorflow(question.explain(instances, False).attribution, 1)[0]


def ask_by_keyword(question, instances):
    data = question.explain(instance=instances, ignore_difference_term=False)
    return np.array(class_listed(data.attribution, 1)[0])


@pytest.mark.parametrize(
    "solution",
    [
        ask_at_once,
        ask_one_by_one,
        ask_as_float,
        ask_with_argmax,
        ask_in_tensorflow,
        ask_by_keyword,
    ],
)
def test_right_most_influential_neurons_pass(solution):
    assert_passes(QUESTION, solution)


def asked(question, instances, **changes):
    return question.explain(instances, **{"ignore_difference_term": False, **changes}).attribution


WRONG_QUESTION = [
    (lambda q, x: class_sum(asked(q, x, ignore_difference_term=True), 1)[0], "difference term"),
    (lambda q, x: class_sum(asked(q, x), 6)[-1], "least influential"),
    (lambda q, x: class_sum(asked(q, x), 1), "shape (1,)"),
    (lambda q, x: class_sum(asked(q, x), 3), "shape (3,)"),
    (lambda q, x: asked(q, x).mean((0, 1, 2)).argmax(), "by the mean of the map"),
    (lambda q, x: asked(q, x).mean(0).max((0, 1)).argmax(), "averaged over the instances before"),
    (lambda q, x: asked(q, x).max((0, 1, 2)).argmax(), "over the instances"),
    (lambda q, x: asked(q, x[0]).max((0, 1)).argmax(), "only the first instance"),
    (lambda q, x: np.abs(asked(q, x)).max((1, 2)).mean(0).argmax(), "absolute value"),
    (lambda q, x: asked(q, x).max((1, 2)).mean(0).max(), "a whole number below 6"),
    (lambda q, x: asked(q, x).argmax(), "a whole number below 6"),
    (lambda q, x: class_sum(q.explain(x), 1)[0], "AttributeError"),
    (lambda q, x: asked(q, x + 7), "ValueError: Expected the instances that were passed in"),
]


@pytest.mark.parametrize(("solution", "words"), WRONG_QUESTION)
def test_wrong_most_influential_neurons_are_told_why(solution, words):
    assert_fails(QUESTION, solution, words)


def empty(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("question", [INSTANCE, CLASS, QUESTION])
def test_an_empty_blank_is_not_attempted(question):
    assert "not attempted yet" in verdict(question, empty)
