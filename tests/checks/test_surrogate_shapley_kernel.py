from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial, lgamma

import numpy as np
import tensorflow as tf
from gallery_tools import gallery
from scipy import special

from hwkit.checks import surrogate_shapley_kernel as module


def right(d, sizes):
    """By factorials, in fractions."""
    found = []
    for s in map(int, sizes):
        coalitions = Fraction(factorial(d), factorial(s) * factorial(d - s))
        found.append(float(Fraction(d - 1) / (coalitions * s * (d - s))))
    return np.array(found)


def choose(d, sizes):
    return special.comb(d, sizes)


def overflow(d, sizes):
    return np.array([(d - 1) / (comb(d, s) * s * (d - s)) for s in sizes])


def by_wrapped_factorials(d, sizes):
    upto = np.cumprod(np.maximum(np.arange(d + 1), 1))
    return (d - 1) / (upto[d] / upto[sizes] / upto[d - sizes] * sizes * (d - sizes))


def whole(d, sizes):
    return np.array([(d - 1) // (comb(d, int(s)) * int(s) * (d - int(s))) for s in sizes])


MISTAKES = {
    "no numerator": lambda d, s: 1 / (choose(d, s) * s * (d - s)),
    "d above": lambda d, s: d / (choose(d, s) * s * (d - s)),
    "no binomial": lambda d, s: (d - 1) / (s * (d - s)),
    "only binomial": lambda d, s: (d - 1) / choose(d, s),
    "only sizes": lambda d, s: 1 / (s * (d - s)),
    "multiplied": lambda d, s: (d - 1) * choose(d, s) / (s * (d - s)),
    "inverse": lambda d, s: choose(d, s) * s * (d - s) / (d - 1),
    "of the others": lambda d, s: (d - 1) / (choose(d - 1, s) * s * (d - s)),
    "with one": lambda d, s: (d - 1) / (choose(d - 1, s - 1) * s * (d - s)),
    "only shown": lambda d, s: (d - 1) / (choose(d, s) * s),
    "only hidden": lambda d, s: (d - 1) / (choose(d, s) * (d - s)),
    "shares": lambda d, s: 1 / (choose(d - 1, s) * d),
    "squared": lambda d, s: (d - 1) / (choose(d, s) * s * s),
    "whole": whole,
    "adds up": lambda d, s: right(d, s) / right(d, s).sum(),
    "first for all": lambda d, s: np.repeat(right(d, s[:1]), len(s)),
    "overflow": overflow,
    "factorials": by_wrapped_factorials,
}


def by_scipy(d, sizes):
    s = np.asarray(sizes, float)
    return (d - 1) / (special.comb(d, s) * s * (d - s))


def by_comb(d, sizes):
    return [(d - 1) / (comb(d, s) * s * (d - s)) for s in sizes.tolist()]


def by_logarithms(d, sizes):
    return [
        exp(np.log((d - 1) / s / (d - s)) - lgamma(d + 1) + lgamma(s + 1) + lgamma(d - s + 1))
        for s in sizes
    ]


def by_products(d, sizes):
    found = []
    for s in sizes:
        coalitions = 1.0
        for j in range(s):
            coalitions *= (d - j) / (j + 1)
        found.append((d - 1) / coalitions / s / (d - s))
    return np.array(found)


def by_factorials(d, sizes):
    def one(s):
        return (d - 1) * factorial(s - 1) * factorial(d - s - 1) / factorial(d)

    return np.vectorize(lambda s: one(int(s)), otypes=[float])(sizes)


def by_pascal(d, sizes):
    row = [1]
    for _ in range(d):
        row = [left + right for left, right in zip([0, *row], [*row, 0], strict=True)]
    return np.array([(d - 1) / (row[s] * int(s) * (d - int(s))) for s in sizes])


def in_tensorflow(d, sizes):
    s = tf.cast(sizes, tf.float64)
    total = tf.constant(d, tf.float64)
    lg = tf.math.lgamma
    return tf.exp(lg(s + 1) + lg(total - s + 1) - lg(total + 1)) * (d - 1) / (s * (total - s))


TestShapleyKernel = gallery(
    "shapley_kernel",
    module,
    MISTAKES,
    [
        right,
        by_scipy,
        by_comb,
        by_logarithms,
        by_products,
        by_factorials,
        by_pascal,
        in_tensorflow,
    ],
    [
        (lambda d, s: np.float32(np.prod(np.arange(1, d + 1))) / s, "differs in"),
        (lambda d, s: right(d, s) + 1e-15, "differs in 4 of 4 numbers"),
        (lambda d, s: right(d, np.arange(1, d)), "shape (3,), expected (4,)"),
        (lambda d, s: right(d, s)[0], "shape (), expected (4,)"),
        (lambda d, s: right(d, s)[:, None], "shape (4, 1)"),
        (lambda d, s: right(d, s) * 1.01, "differs in"),
        (lambda d, s: right(d, s).round(3), "differs in"),
        (lambda d, s: right(d, s) / (s != 2), "NaN or infinity"),
        (lambda d, s: comb(d, s), "TypeError"),
        (lambda d: d, "TypeError"),
        (lambda d, s: np.array([Fraction(1, d)] * len(s)), "received ndarray of object"),
        (lambda d, s: dict(zip(s.tolist(), right(d, s), strict=True)), "received dict"),
    ],
)
