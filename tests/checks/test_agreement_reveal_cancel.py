from __future__ import annotations

from itertools import permutations

import numpy as np
import tensorflow as tf
from gallery_tools import gallery

from hwkit.checks import agreement_reveal_cancel as module


def right(r, plus, minus, f):
    """The mean over the orders in which the changes arrive."""
    shares = {"plus": np.zeros(np.shape(r)), "minus": np.zeros(np.shape(r))}
    changes = {"plus": plus, "minus": minus}
    for order in permutations(changes):
        here = np.array(r, float)
        for name in order:
            after = here + changes[name]
            shares[name] += (f(after) - f(here)) / 2
            here = after
    return shares["plus"], shares["minus"]


def first(r, p, m, f):
    return f(r + p) - f(r), f(r + m) - f(r)


def second(r, p, m, f):
    return f(r + p + m) - f(r + m), f(r + p + m) - f(r + p)


def rescale(r, p, m, f):
    ratio = (f(r + p + m) - f(r)) / (p + m)
    return ratio * p, ratio * m


def multipliers(r, p, m, f):
    plus, minus = right(r, p, m, f)
    return plus / np.where(p == 0, 1, p), minus / np.where(m == 0, 1, m)


def f_of_r(r, p, m, f):
    plus, minus = right(r, p, m, f)
    return plus + f(r) / 2, minus + f(r) / 2


def half(r, p, m, f):
    gained = f(r + p + m) - f(r)
    return gained / 2, gained / 2


def rest_only(r, p, m, f):
    plus, _ = right(r, p, m, f)
    return plus, f(r + p + m) - plus


MISTAKES = {
    "swapped": lambda *given: right(*given)[::-1],
    "rescale": rescale,
    "first": first,
    "second": second,
    "plus first": lambda *given: (first(*given)[0], second(*given)[1]),
    "minus first": lambda *given: (second(*given)[0], first(*given)[1]),
    "f of r": f_of_r,
    "from zero": lambda r, p, m, f: right(np.zeros_like(r), p, m, f),
    "alone": lambda r, p, m, f: first(np.zeros_like(r), p, m, f),
    "multipliers": multipliers,
    "half": half,
    "summed": lambda *given: [2 * share for share in right(*given)],
    "same": lambda *given: [right(*given)[0]] * 2,
    "turned minus": lambda *given: (right(*given)[0], -right(*given)[1]),
    "size of minus": lambda r, p, m, f: right(r, p, -m, f),
    "rest only": rest_only,
}


def four_values(r, plus, minus, f):
    start, end = f(r), f(r + plus + minus)
    up, low = f(r + plus), f(r + minus)
    return (up - start + end - low) / 2, (low - start + end - up) / 2


def the_rest(r, plus, minus, f):
    of_plus = 0.5 * (f(r + plus) - f(r)) + 0.5 * (f(r + plus + minus) - f(r + minus))
    return of_plus, f(r + plus + minus) - f(r) - of_plus


def as_array(r, plus, minus, f):
    return np.stack(four_values(r, plus, minus, f))


def by_one_function(r, plus, minus, f):
    def share(own, other):
        return np.mean([f(r + s * other + own) - f(r + s * other) for s in (0, 1)], axis=0)

    return [share(plus, minus), share(minus, plus)]


def number_by_number(r, plus, minus, f):
    found = np.zeros((2, *r.shape))
    for place in np.ndindex(r.shape):
        found[(slice(None), *place)] = four_values(r[place], plus[place], minus[place], f)
    return tuple(found.tolist())


def in_tensorflow(r, plus, minus, f):
    values = f(np.stack([r, r + plus, r + minus, r + plus + minus]))
    weights = tf.constant([[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]], tf.float64)
    return tf.tensordot(weights, tf.constant(values), 1)


def in_float32(r, plus, minus, f):
    return four_values(*(each.astype("float32") for each in (r, plus, minus)), f)


def in_place(r, plus, minus, f):
    found = four_values(r, plus, minus, f)
    r += plus
    return found


TestRevealCancel = gallery(
    "reveal_cancel",
    module,
    MISTAKES,
    [
        right,
        four_values,
        the_rest,
        as_array,
        by_one_function,
        number_by_number,
        in_tensorflow,
        in_float32,
    ],
    [
        (in_place, "has been changed"),
        (lambda r, p, m, f: four_values(r, p, m, f)[0], "received 3 things"),
        (lambda r, p, m, f: sum(four_values(r, p, m, f)), "received 3 things"),
        (lambda r, p, m, f: (four_values(r, p, m, f)[0], None), "share of minus is still empty"),
        (lambda r, p, m, f: f, "received ufunc"),
        (lambda r, p, m, f: (0, 0), "share of plus has shape (), expected (3,)"),
        (lambda r, p, m, f: four_values(r, p / 2, m, f), "share of plus differs in"),
        (lambda r, p, m, f: (four_values(r, p, m, f)[0], m), "share of minus differs in"),
        (lambda r, p, m, f: [share / 0 for share in four_values(r, p, m, f)], "NaN or infinity"),
        (lambda r, p, m: (p, m), "TypeError"),
    ],
)


def test_the_shares_add_up_to_what_was_gained():
    for example in module.EXAMPLES:
        r, plus, minus, f = example.arguments
        np.testing.assert_allclose(
            sum(right(r, plus, minus, f)), f(r + plus + minus) - f(r), atol=1e-12
        )
        assert (plus >= 0).all() and (minus <= 0).all()
