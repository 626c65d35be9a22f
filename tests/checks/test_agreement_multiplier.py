from __future__ import annotations

import math

import numpy as np
import tensorflow as tf
from galleries import assert_fails
from gallery_tools import gallery

from hwkit.checks import agreement_multiplier as module

NEAR = 1e-6


def right(x, r, f, slope):
    """Number by number."""
    found = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        one, other = x[place], r[place]
        if abs(one - other) < NEAR:
            found[place] = slope(one)
        else:
            found[place] = (f(one) - f(other)) / (one - other)
    return found


def where_equal(instead, near=lambda x, r: np.abs(x - r) < NEAR):
    """The quotient, and something else where x and r count as equal."""

    def solution(x, r, f, slope):
        equal = near(x, r)
        quotient = (f(x) - f(r)) / np.where(equal, 1, x - r)
        return np.where(equal, instead(x, r, f, slope), quotient)

    return solution


def slope_of_x(x, r, f, slope):
    return slope(x)


MISTAKES = {
    "slope": slope_of_x,
    "from zero": lambda x, r, f, slope: f(x) / np.where(x == 0, 1, x),
    "only x by r": lambda x, r, f, slope: f(x) / np.where(x == r, 1, x - r),
    "numerator": lambda x, r, f, slope: f(x) - f(r),
    "turned": lambda x, r, f, slope: np.where(
        np.abs(x - r) < NEAR, slope(x), -right(x, r, f, slope)
    ),
    "f of difference": lambda x, r, f, slope: np.where(
        np.abs(x - r) < NEAR, slope(x), f(x - r) / np.where(x == r, 1, x - r)
    ),
    "mean slope": lambda x, r, f, slope: (slope(x) + slope(r)) / 2,
    "zero where equal": where_equal(lambda x, r, f, slope: 0),
    "one where equal": where_equal(lambda x, r, f, slope: 1),
    "f where equal": where_equal(lambda x, r, f, slope: f(x)),
    "slope of r": where_equal(lambda x, r, f, slope: slope(r)),
    "exactly": where_equal(slope_of_x, lambda x, r: x == r),
    "too wide": where_equal(slope_of_x, lambda x, r: np.abs(x - r) < 1e-3),
    "not absolute": where_equal(slope_of_x, lambda x, r: x - r < NEAR),
}


def upside_down(x, r, f, slope):
    equal = np.abs(x - r) < NEAR
    gained = f(x) - f(r)
    return np.where(equal, slope(x), (x - r) / np.where(gained == 0, 1, gained))


MISTAKES["upside down"] = upside_down


def with_where(x, r, f, slope):
    near = np.abs(x - r) < NEAR
    return np.where(near, slope(x), (f(x) - f(r)) / np.where(near, 1, x - r))


def with_divide(x, r, f, slope):
    d = x - r
    return np.divide(f(x) - f(r), d, out=slope(x) * 1.0, where=np.abs(d) >= NEAR)


def with_masks(x, r, f, slope):
    far = np.abs(x - r) >= 1e-6
    found = np.empty_like(x)
    found[far] = (f(x[far]) - f(r[far])) / (x[far] - r[far])
    found[~far] = slope(x[~far])
    return found


def in_silence(x, r, f, slope):
    with np.errstate(divide="ignore", invalid="ignore"):
        m = (f(x) - f(r)) / (x - r)
    return np.where(abs(x - r) < NEAR, slope(x), m)


def in_tensorflow(x, r, f, slope):
    d = tf.constant(x - r)
    quotient = tf.math.divide_no_nan(tf.constant(f(x) - f(r)), d)
    return tf.where(tf.abs(d) < NEAR, slope(x), quotient).numpy()


def in_float32(x, r, f, slope):
    return with_where(np.float32(x), np.float32(r), f, slope)


def as_lists(x, r, f, slope):
    found = []
    for one, other in zip(x.ravel(), r.ravel(), strict=True):
        near = math.isclose(one, other, rel_tol=0, abs_tol=0.999999e-6)
        found.append(slope(one) if near else (f(one) - f(other)) / (one - other))
    return np.reshape(found, x.shape).tolist()


def warns(x, r, f, slope):
    return np.where(np.abs(x - r) < NEAR, slope(x), (f(x) - f(r)) / (x - r))


def with_epsilon(x, r, f, slope):
    return (f(x) - f(r)) / (x - r + 1e-9)


def in_place(x, r, f, slope):
    found = with_where(x, r, f, slope)
    x -= r
    return found


TestMultiplier = gallery(
    "multiplier",
    module,
    MISTAKES,
    [
        right,
        with_where,
        with_divide,
        with_masks,
        in_silence,
        in_tensorflow,
        in_float32,
        as_lists,
    ],
    [
        (warns, "there is a warning: invalid value encountered in divide"),
        (with_epsilon, module.SENTENCES["zero where equal"]),
        (lambda x, r, f, slope: (f(x) - f(r)) / (x - r), "NaN or infinity"),
        (in_place, "has been changed"),
        (lambda x, r, f, slope: slope, "received function"),
        (lambda x, r, f, slope: with_where(x, r, f, slope).mean(), "shape (), expected (2, 3)"),
        (
            lambda x, r, f, slope: with_where(x, r, f, slope)[None],
            "shape (1, 2, 3), expected (2, 3)",
        ),
        (lambda x, r, f, slope: 1 + with_where(x, r, f, slope), "differs in"),
        (lambda x, r, f, slope: f(x) - f(r) / x - r, "differs in"),
        (lambda x, r, f: x, "TypeError"),
    ],
)


def test_a_warning_is_told_only_where_the_numbers_are_right():
    assert_fails(
        "multiplier",
        lambda x, r, f, slope: np.where(x == r, 0, (f(x) - f(r)) / (x - r)),
        module.SENTENCES["zero where equal"],
    )
