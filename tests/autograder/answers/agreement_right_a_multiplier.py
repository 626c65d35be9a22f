"""Correct answers to multiplier and reveal_cancel, in many styles."""

MULTIPLIER = (
    # Divided by one where the two are equal.
    """
def multiplier(x, r, f, slope):
    difference = x - r
    same = np.abs(difference) < 1e-6
    return np.where(same, slope(x), (f(x) - f(r)) / np.where(same, 1, difference))
""",
    # np.divide where it can be divided.
    """
def multiplier(x, r, f, slope):
    far = np.abs(x - r) >= 1e-6
    return np.divide(f(x) - f(r), x - r, out=np.array(slope(x) * np.ones_like(x)), where=far)
""",
    # No warning while dividing by zero.
    """
def multiplier(x, r, f, slope):
    with np.errstate(all="ignore"):
        quotient = (f(x) - f(r)) / (x - r)
    return np.where(np.abs(x - r) < 1e-6, slope(x), quotient)
""",
    # Two halves of one array, in double precision.
    """
def multiplier(x, r, f, slope):
    x, r = np.asarray(x, float), np.asarray(r, float)
    m = np.array(slope(x), dtype=float)
    apart = ~(abs(x - r) < 1e-6)
    m[apart] = (f(x[apart]) - f(r[apart])) / (x[apart] - r[apart])
    return m
""",
    # Number by number; nested lists come out.
    """
def multiplier(x, r, f, slope):
    if np.ndim(x):
        return [multiplier(one, other, f, slope) for one, other in zip(x, r)]
    gap = x - r
    return float(slope(x) if abs(gap) < 1e-6 else (f(x) - f(r)) / gap)
""",
    # Tensors come out.
    """
import tensorflow as tf

def multiplier(x, r, f, slope):
    gap = tf.constant(x - r)
    change = tf.constant(f(x) - f(r), gap.dtype)
    near = tf.abs(gap) < 1e-6
    quotient = change / tf.where(near, tf.ones_like(gap), gap)
    return tf.where(near, tf.cast(slope(x), gap.dtype), quotient)
""",
    # np.select on both conditions.
    """
def multiplier(x, r, f, slope):
    near = np.isclose(x, r, rtol=0, atol=1e-6)
    moved = x + near * 1.0
    return np.select([near, ~near], [slope(x), (f(x) - f(r)) / (moved - r)])
""",
)

REVEAL_CANCEL = (
    # The formula of the paper.
    """
def reveal_cancel(r, plus, minus, f):
    p = (f(r + plus) - f(r) + f(r + plus + minus) - f(r + minus)) / 2
    m = (f(r + minus) - f(r) + f(r + plus + minus) - f(r + plus)) / 2
    return p, m
""",
    # A game of two players, over both orders.
    """
from itertools import permutations

def reveal_cancel(r, plus, minus, f):
    total = {"plus": 0, "minus": 0}
    changes = {"plus": plus, "minus": minus}
    for order in permutations(changes):
        at = np.array(r)
        for player in order:
            total[player] = total[player] + f(at + changes[player]) - f(at)
            at = at + changes[player]
    return total["plus"] / 2, total["minus"] / 2
""",
    # The second share is the rest.
    """
def reveal_cancel(r, plus, minus, f):
    start, end = f(r), f(r + plus + minus)
    first = 0.5 * (f(r + plus) - start) + 0.5 * (end - f(r + minus))
    return [first, end - start - first]
""",
    # One share by a function that is called twice.
    """
def reveal_cancel(r, plus, minus, f):
    def share(mine, other):
        return np.mean([f(r + mine) - f(r), f(r + mine + other) - f(r + other)], axis=0)
    return share(plus, minus), share(minus, plus)
""",
    # Corners of a square; one array of both comes out.
    """
def reveal_cancel(r, plus, minus, f):
    v = f(np.stack([r, r + minus, r + plus, r + plus + minus]).astype(np.float64))
    up = (v[2] - v[0] + v[3] - v[1]) / 2
    down = (v[1] - v[0] + v[3] - v[2]) / 2
    return np.stack([up, down])
""",
    # Means of f instead of means of differences; tensors come out.
    """
import tensorflow as tf

def reveal_cancel(r, plus, minus, f):
    with_plus = (f(r + plus) + f(r + plus + minus)) / 2
    without_plus = (f(r) + f(r + minus)) / 2
    with_minus = (f(r + minus) + f(r + plus + minus)) / 2
    without_minus = (f(r) + f(r + plus)) / 2
    return tf.constant(with_plus - without_plus), tf.constant(with_minus - without_minus)
""",
    # By the exact Shapley weights of coalitions.
    """
from math import factorial

def reveal_cancel(r, plus, minus, f):
    players, out = (plus, minus), []
    for i in (0, 1):
        other = players[1 - i]
        share = 0
        for size in (0, 1):
            weight = factorial(size) * factorial(2 - size - 1) / factorial(2)
            share = share + weight * (f(r + size * other + players[i]) - f(r + size * other))
        out.append(share.tolist())
    return tuple(out)
""",
)
