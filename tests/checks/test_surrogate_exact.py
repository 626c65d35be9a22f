from __future__ import annotations

from itertools import combinations, permutations, product
from math import comb, factorial

import numpy as np
import pytest
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import surrogate_exact as module


def row(members, d):
    return np.isin(np.arange(d), list(members)).astype(int)


def right(value, d):
    """The mean over all orders in which players arrive."""
    known = {}

    def asked(members):
        key = frozenset(members)
        if key not in known:
            known[key] = float(value(row(key, d)[None])[0])
        return known[key]

    found = np.zeros(d)
    for order in permutations(range(d)):
        for place, player in enumerate(order):
            found[player] += asked(order[: place + 1]) - asked(order[:place])
    return found / factorial(d)


def added(value, d, share):
    """What each player adds, weighted by a share for the size of the coalition before."""
    found = np.zeros(d)
    for i in range(d):
        others = [j for j in range(d) if j != i]
        for size in range(d):
            for S in combinations(others, size):
                after, before = value(np.stack([row((*S, i), d), row(S, d)]))
                found[i] += share(size) * (after - before)
    return found


def by_sizes(value, d):
    return added(value, d, lambda s: 1 / (d * comb(d - 1, s)))


def ends(value, d):
    empty, full = value(np.array([[0] * d, [1] * d]))
    return empty, full


def alike(value, d):
    return added(value, d, lambda s: 2.0 ** (1 - d))


def scaled(values, total):
    return values * total / values.sum()


def without_empty(value):
    return lambda Z: np.where(np.any(Z, axis=1), value(Z), 0)


def last_to_come(value, d):
    return value(np.ones((d, d), int)) - value(1 - np.eye(d, dtype=int))


def one_order(value, d):
    return np.diff(value(np.tri(d + 1, d, -1)))


def not_subtracted(value, d):
    found = np.zeros(d)
    for Z in product([0, 1], repeat=d):
        for i in np.flatnonzero(Z):
            size = sum(Z) - 1
            found[i] += value(np.array([Z]))[0] / (d * comb(d - 1, size))
    return found


def one_size_too_many(value, d):
    return added(value, d, lambda s: factorial(s) * factorial(d - s) / factorial(d))


MISTAKES = {
    "all alike": alike,
    "all alike, scaled": lambda v, d: scaled(alike(v, d), np.diff(ends(v, d))),
    "empty is zero": lambda v, d: by_sizes(without_empty(v), d),
    "adds up to all": lambda v, d: scaled(by_sizes(v, d), ends(v, d)[1]),
    "summed": lambda v, d: d * by_sizes(v, d),
    "one size too many": one_size_too_many,
    "last to come": last_to_come,
    "alone": lambda v, d: v(np.eye(d)) - v(np.zeros((1, d))),
    "own value": lambda v, d: v(np.eye(d)),
    "one order": one_order,
    "last order": lambda v, d: one_order(lambda Z: v(np.asarray(Z)[:, ::-1]), d)[::-1],
    "added up": lambda v, d: added(v, d, lambda s: 1),
    "reversed": lambda v, d: by_sizes(v, d)[::-1],
    "not subtracted": not_subtracted,
    "equal parts": lambda v, d: np.repeat(np.diff(ends(v, d)) / d, d),
    "turned": lambda v, d: -by_sizes(v, d),
    "full is missing": lambda v, d: added(v, d, lambda s: (s < d - 1) / (d * comb(d - 1, s))),
    "empty is missing": lambda v, d: added(v, d, lambda s: (s > 0) / (d * comb(d - 1, s))),
}


def by_definition(value, d):
    Z = np.array(list(product([0, 1], repeat=d)))
    v = dict(zip(map(tuple, Z.tolist()), value(Z), strict=True))
    phi = [0.0] * d
    for S in v:
        for i in range(d):
            if not S[i]:
                share = factorial(sum(S)) * factorial(d - sum(S) - 1) / factorial(d)
                phi[i] += share * (v[(*S[:i], 1, *S[i + 1 :])] - v[S])
    return phi


def by_bits(value, d):
    places = np.arange(2**d)
    Z = (places[:, None] >> np.arange(d)) & 1
    v, sizes = value(Z == 1), Z.sum(axis=1)
    found = []
    for i in range(d):
        without = places[Z[:, i] == 0]
        shares = np.array([1 / (d * comb(d - 1, s)) for s in sizes[without]])
        found.append(shares @ (v[without | 1 << i] - v[without]))
    return np.array(found, np.float32)


def by_dividends(value, d):
    """Each coalition's own surplus goes to its members in equal parts."""
    found, surplus = np.zeros(d), {}
    for size in range(d + 1):
        for S in combinations(range(d), size):
            smaller = (T for k in range(size) for T in combinations(S, k))
            surplus[S] = value([row(S, d)])[0] - sum(surplus[T] for T in smaller)
            for i in S:
                found[i] += surplus[S] / size
    return found


def by_one_matrix(value, d):
    Z = np.array(list(product([False, True], repeat=d)))
    sizes = Z.sum(axis=1)
    with_i = np.array([1 / (d * comb(d - 1, s - 1)) if s else 0 for s in sizes])
    without_i = np.array([1 / (d * comb(d - 1, s)) if s < d else 0 for s in sizes])
    return np.where(Z, with_i[:, None], -without_i[:, None]).T @ value(Z)


def in_tensorflow(value, d):
    Z = tf.constant(list(product([0.0, 1.0], repeat=d)), tf.float64)
    v = tf.constant(value(Z.numpy()))
    sizes = tf.reduce_sum(Z, axis=1, keepdims=True)
    here = sizes - Z  # how many others are in the coalition
    shares = tf.exp(
        tf.math.lgamma(here + 1)
        + tf.math.lgamma(d - here)
        - tf.math.lgamma(tf.constant(d + 1.0, tf.float64))
    )
    return tf.reduce_sum(shares * (2 * Z - 1) * v[:, None], axis=0)


def recursive(value, d):
    found = np.zeros(d)

    def arrive(here, share):
        left = [i for i in range(d) if i not in here]
        for i in left:
            found[i] += share / len(left) * np.diff(value([row(here, d), row([*here, i], d)]))[0]
            arrive([*here, i], share / len(left))

    arrive([], 1.0)
    return found


TestExactShapley = gallery(
    "exact_shapley",
    module,
    MISTAKES,
    [
        right,
        by_sizes,
        by_definition,
        by_bits,
        by_dividends,
        by_one_matrix,
        in_tensorflow,
        recursive,
    ],
    [
        (lambda v, d: by_sizes(lambda Z: v(Z[0]), d), "value expects coalitions (m, 2)"),
        (lambda v, d: v(2 * np.eye(d)), "coalitions of 0 and 1"),
        (lambda v, d: v([()]), "Received: shape (1, 0)"),
        (lambda v, d: by_sizes(v, d).sum(), "shape (), expected (2,)"),
        (lambda v, d: v(np.array(list(product([0, 1], repeat=d)))), "shape (4,), expected (2,)"),
        (lambda v, d: by_sizes(v, d)[:, None], "shape (2, 1)"),
        (lambda v, d: by_sizes(v, d) + 0.1, "differs in"),
        (lambda v, d: np.round(by_sizes(v, d)), "differs in"),
        (lambda v, d: by_sizes(v, d) / 0, "NaN or infinity"),
        (lambda v, d: dict(enumerate(by_sizes(v, d))), "received dict"),
        (lambda v: v(np.eye(2)), "TypeError"),
    ],
)


def test_a_game_is_read_player_by_player():
    game = module.Game(np.arange(8.0))
    assert game.players == 3
    assert game([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1]]).tolist() == [0, 1, 2, 4, 5]
    with pytest.raises(ValueError, match="other numbers"):
        game([[0.5, 1, 1]])
