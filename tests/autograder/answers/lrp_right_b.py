"""Correct answers to alpha_beta, box_rule, start and propagate, in many styles."""

ALPHA_BETA = (
    # Four passes, as the hint has it.
    """
def alpha_beta(layer, x, R, alpha, beta):
    xp, xn = np.maximum(x, 0), np.minimum(x, 0)
    wp, wn = np.maximum(layer.w, 0), np.minimum(layer.w, 0)
    bp, bn = np.maximum(layer.b, 0), np.minimum(layer.b, 0)
    zp = layer.forward(xp, wp) + layer.forward(xn, wn) + bp
    zn = layer.forward(xp, wn) + layer.forward(xn, wp) + bn
    factor_p = np.where(zn == 0, 1, alpha)
    factor_n = np.where(zp == 0, 1 if beta > 0 else 0, -beta)
    s = np.zeros_like(zp)
    s[zp > 0] = (factor_p * R)[zp > 0] / zp[zp > 0]
    t = np.zeros_like(zn)
    t[zn < 0] = (factor_n * R)[zn < 0] / zn[zn < 0]
    return xp * (layer.backward(s, wp) + layer.backward(t, wn)) + xn * (
        layer.backward(s, wn) + layer.backward(t, wp))
""",
    # Every contribution written out: the layer as a matrix.
    """
def alpha_beta(layer, x, R, alpha, beta):
    n, count = len(x), int(np.prod(x.shape[1:]))
    units = np.eye(count).reshape(count, *x.shape[1:])
    M = layer.forward(units, layer.w).reshape(count, -1)
    b = np.broadcast_to(layer.b, R.shape[1:]).ravel()
    r, found = R.reshape(n, -1), np.zeros((n, count))
    for i, row in enumerate(x.reshape(n, -1)):
        for k in range(M.shape[1]):
            q = row * M[:, k]
            up, down = q.clip(min=0), q.clip(max=0)
            total_up, total_down = up.sum() + max(b[k], 0), down.sum() + min(b[k], 0)
            if total_up and total_down:
                found[i] += (alpha * up / total_up - beta * down / total_down) * r[i, k]
            elif total_up:
                found[i] += up / total_up * r[i, k]
            elif total_down and beta:
                found[i] += down / total_down * r[i, k]
    return found.reshape(x.shape)
""",
    # Halves of sum and absolute sum.
    """
def alpha_beta(layer, x, R, alpha, beta):
    z = layer.forward(x, layer.w) + layer.b
    size = layer.forward(np.abs(x), np.abs(layer.w)) + np.abs(layer.b)
    up, down = (size + z) / 2, (z - size) / 2
    share_up = np.where(down == 0, 1.0, alpha) * R
    share_down = np.where(up == 0, float(beta != 0), -beta) * R
    with np.errstate(all="ignore"):
        s = np.where(up != 0, share_up / up, 0)
        t = np.where(down != 0, share_down / down, 0)
    plain = x * layer.backward((s + t) / 2, layer.w)
    return plain + np.abs(x) * layer.backward((s - t) / 2, np.abs(layer.w))
""",
    # What is not above is below.
    """
def alpha_beta(layer, x, R, alpha, beta):
    positive = lambda v: v * (v > 0)
    negative = lambda v: v * (v < 0)
    above = (layer.forward(positive(x), positive(layer.w))
             + layer.forward(negative(x), negative(layer.w)) + positive(layer.b))
    below = layer.forward(x, layer.w) + layer.b - above
    total = np.zeros(x.shape)
    for mine, other, w1, w2, factor in (
        (above, below, positive, negative, alpha), (below, above, negative, positive, -beta)
    ):
        if factor == 0:
            continue
        whole = np.where(other == 0, 1, factor)
        s = np.nan_to_num(np.divide(R * whole, mine, where=mine != 0, out=0 * mine))
        total += positive(x) * layer.backward(s, w1(layer.w))
        total += negative(x) * layer.backward(s, w2(layer.w))
    return total
""",
    # A tiny epsilon instead of a condition; double precision; tensors come out.
    """
import tensorflow as tf

def alpha_beta(layer, x, R, alpha, beta):
    x, R, w, b = (np.asarray(each, np.float64) for each in (x, R, layer.w, layer.b))
    def part(sign, other):
        pairs = [(tf.nn.relu(x), sign(w)), (-tf.nn.relu(-x), other(w))]
        z = sum(layer.forward(u.numpy(), v) for u, v in pairs) + sign(b)
        return pairs, z
    up, down = (lambda v: np.maximum(v, 0)), (lambda v: np.minimum(v, 0))
    one, two = part(up, down), part(down, up)
    factors = (np.where(two[1] == 0, 1, alpha), np.where(one[1] == 0, np.sign(beta), -beta))
    found = 0
    for (pairs, z), factor in zip((one, two), factors):
        s = factor * R / (z + np.where(z < 0, -1e-12, 1e-12))
        found = found + sum(u * layer.backward(s, v) for u, v in pairs)
    return found
""",
    # One instance at a time; a list comes out.
    """
def alpha_beta(layer, x, R, alpha, beta):
    found = []
    for one, relevance in zip(x, R):
        one, relevance = one[np.newaxis], relevance[np.newaxis]
        both = []
        for sign in (1, -1):
            u = [np.maximum(one, 0), np.minimum(one, 0)]
            v = [np.maximum(sign * layer.w, 0) * sign, np.minimum(sign * layer.w, 0) * sign]
            z = layer.forward(u[0], v[0]) + layer.forward(u[1], v[1])
            both.append((u, v, z + np.maximum(sign * layer.b, 0) * sign))
        total = np.zeros_like(one)
        for (u, v, z), (_, _, other), factor in zip(both, both[::-1], (alpha, -beta)):
            if factor:
                whole = np.where(other == 0, 1, factor)
                s = np.where(z == 0, 0, whole * relevance / np.where(z == 0, 1, z))
                total += u[0] * layer.backward(s, v[0]) + u[1] * layer.backward(s, v[1])
        found.append(total[0])
    return [each.tolist() for each in found]
""",
    # On the way back, the sign of an input decides which weights count.
    """
def alpha_beta(layer, x, R, alpha, beta):
    def share(first, second, b):
        z = layer.forward(x * (x > 0), first) + layer.forward(x * (x < 0), second) + b
        def hand(factors):
            s = factors * R / np.where(z == 0, np.inf, z)
            return np.where(x > 0, x * layer.backward(s, first), x * layer.backward(s, second))
        return z, hand
    w, b = layer.w, layer.b
    pos, hand_pos = share(np.clip(w, 0, None), np.clip(w, None, 0), np.clip(b, 0, None))
    neg, hand_neg = share(np.clip(w, None, 0), np.clip(w, 0, None), np.clip(b, None, 0))
    out = hand_pos(np.where(neg == 0, 1, alpha))
    return out + hand_neg(np.where(pos == 0, 1, -beta)) if beta else out
""",
)

BOX_RULE = (
    # Three terms forward and back.
    """
def box_rule(layer, x, R, low, high):
    l, h = np.zeros_like(x) + low, np.zeros_like(x) + high
    wp, wn = np.maximum(0, layer.w), np.minimum(0, layer.w)
    z = layer.forward(x, layer.w) - layer.forward(l, wp) - layer.forward(h, wn)
    s = np.divide(R, z, out=np.zeros_like(z), where=z != 0)
    return (x * layer.backward(s, layer.w) - l * layer.backward(s, wp)
            - h * layer.backward(s, wn))
""",
    # Two terms: how far each input is from its bounds.
    """
def box_rule(layer, x, R, low, high):
    above, below = x - low, x - high
    wp = layer.w * (layer.w > 0)
    wn = layer.w - wp
    z = layer.forward(above, wp) + layer.forward(below, wn)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.nan_to_num(R / z, nan=0.0, posinf=0.0, neginf=0.0)
    return above * layer.backward(s, wp) + below * layer.backward(s, wn)
""",
    # Every contribution written out.
    """
def box_rule(layer, x, R, low, high):
    n, count = len(x), int(np.prod(x.shape[1:]))
    M = layer.forward(np.eye(count).reshape(count, *x.shape[1:]), layer.w).reshape(count, -1)
    l = np.broadcast_to(low, x.shape).reshape(n, count, 1)
    h = np.broadcast_to(high, x.shape).reshape(n, count, 1)
    q = x.reshape(n, count, 1) * M - l * np.maximum(M, 0) - h * np.minimum(M, 0)
    z = q.sum(axis=1, keepdims=True)
    share = np.where(z == 0, 0, q / np.where(z == 0, 1, z))
    return np.einsum("njk,nk->nj", share, R.reshape(n, -1)).reshape(x.shape)
""",
    # Double precision and a tiny epsilon.
    """
def box_rule(layer, x, R, low, high):
    x, R, w = (np.array(each, dtype=np.float64) for each in (x, R, layer.w))
    low, high = (np.ones(x.shape) * bound for bound in (low, high))
    parts = [(x, w), (-low, np.clip(w, 0, None)), (-high, np.clip(w, None, 0))]
    z = sum(layer.forward(u, v) for u, v in parts)
    s = R / (z + 1e-12)
    return sum(u * layer.backward(s, v) for u, v in parts)
""",
    # One instance at a time.
    """
def box_rule(layer, x, R, low, high):
    out = []
    for i in range(x.shape[0]):
        xi = x[i : i + 1]
        lo, hi = np.full_like(xi, low), np.full_like(xi, high)
        w_plus = np.where(layer.w > 0, layer.w, 0)
        w_minus = np.where(layer.w < 0, layer.w, 0)
        z = (layer.forward(xi, layer.w) - layer.forward(lo, w_plus)
             - layer.forward(hi, w_minus))
        s = np.zeros(z.shape)
        s[z != 0] = R[i : i + 1][z != 0] / z[z != 0]
        c = layer.backward(s, layer.w)
        out.append((xi * c - lo * layer.backward(s, w_plus) - hi * layer.backward(s, w_minus))[0])
    return out
""",
    # TensorFlow's arithmetic.
    """
import tensorflow as tf

def box_rule(layer, x, R, low, high):
    l = tf.zeros_like(x) + tf.cast(low, tf.float32)
    h = tf.zeros_like(x) + tf.cast(high, tf.float32)
    w = tf.constant(layer.w)
    up, down = tf.nn.relu(w), -tf.nn.relu(-w)
    z = (layer.forward(x, w.numpy()) - layer.forward(l.numpy(), up.numpy())
         - layer.forward(h.numpy(), down.numpy()))
    s = tf.math.divide_no_nan(R, z).numpy()
    c, cp, cn = (layer.backward(s, each.numpy()) for each in (w, up, down))
    return x * c - l * cp - h * cn
""",
    # The middle of the box and half its width.
    """
def box_rule(layer, x, R, low, high):
    middle = (np.asarray(low) + np.asarray(high)) / 2
    half = np.broadcast_to(high - middle, x.shape)
    size = np.abs(layer.w)
    z = layer.forward(x - middle, layer.w) + layer.forward(half, size)
    s = np.where(np.abs(z) > 1e-9, R / np.where(np.abs(z) > 1e-9, z, 1), 0)
    return (x - middle) * layer.backward(s, layer.w) + half * layer.backward(s, size)
""",
)

START = (
    """
def start(scores, c, versus=None):
    R = np.zeros_like(scores)
    R[:, c] = scores[:, c]
    if versus is not None:
        R[:, versus] = -scores[:, versus]
    return R
""",
    """
def start(scores, c, versus=None):
    mask = np.eye(scores.shape[1])[c]
    if versus is not None:
        mask = mask - np.eye(scores.shape[1])[versus]
    return mask * scores
""",
    """
def start(scores, c, versus=None):
    return [[s if i == c else -s if i == versus else 0.0 for i, s in enumerate(row)]
            for row in scores.tolist()]
""",
    """
import tensorflow as tf

def start(scores, c, versus=None):
    classes = scores.shape[-1]
    sign = tf.one_hot(c, classes) - (tf.one_hot(versus, classes) if versus is not None else 0)
    return tf.constant(scores) * sign
""",
    """
def start(scores, c, versus=None):
    index = np.arange(scores.shape[1])
    found = np.where(index == c, scores, 0)
    return found if versus is None else np.where(index == versus, -scores, found)
""",
    """
def start(scores, c, versus=None):
    for column in range(scores.shape[1]):
        if column == c:
            continue
        scores[:, column] *= -1 if column == versus else 0     # works on what came in
    return scores
""",
    """
def start(scores, c, versus=None):
    if versus is None:
        return scores @ np.diag(np.eye(scores.shape[1])[c])
    return start(scores, c) - start(scores, versus)
""",
    """
import pandas as pd

def start(scores, c, versus=None):
    table = pd.DataFrame(0.0, index=range(len(scores)), columns=range(scores.shape[1]))
    table[c] = scores[:, c]
    if versus is not None:
        table[versus] = -scores[:, versus]
    return table
""",
)

_START = """
def start(scores, c, versus=None):
    R = np.zeros_like(scores)
    R[:, c] = scores[:, c]
    if versus is not None:
        R[:, versus] = -scores[:, versus]
    return R
"""

PROPAGATE = (
    # Up with a list, down with indices.
    _START
    + """
def propagate(layers, rules, x, c):
    a = [x]
    for i, layer in enumerate(layers):
        z = layer.forward(a[i], layer.w) + layer.b
        a.append(z if i == len(layers) - 1 else np.maximum(z, 0))
    R = [None] * (len(layers) + 1)
    R[-1] = start(a[-1], c)
    for i in range(len(layers) - 1, -1, -1):
        R[i] = rules[i](layers[i], a[i], R[i + 1])
    return R
""",
    # Recursion.
    _START
    + """
def propagate(layers, rules, x, c):
    (layer, *above), (rule, *others) = layers, rules
    z = layer.forward(x, layer.w) + layer.b
    if not above:
        R = start(z, c)
        return [rule(layer, x, R), R]
    upper = propagate(above, others, np.maximum(z, 0), c)
    return [rule(layer, x, upper[0]), *upper]
""",
    # The ReLU before the layers, but the first.
    """
def propagate(layers, rules, x, c):
    received, z = [], x
    for number, layer in enumerate(layers):
        received.append(z.clip(min=0) if number else z)
        z = layer.b + layer.forward(received[-1], layer.w)
    relevance = np.zeros_like(z)
    relevance[:, c] = z[:, c]
    found = [relevance]
    for triple in reversed(list(zip(rules, layers, received))):
        rule, layer, a = triple
        found.append(rule(layer, a, found[-1]))
    return found[::-1]
""",
    # A tuple of what a generator gives, versus named.
    _START
    + """
def propagate(layers, rules, x, c):
    def down():
        a = [np.array(x, np.float64)]
        for layer in layers[:-1]:
            z = layer.forward(a[-1], layer.w) + layer.b
            a.append(np.where(z > 0, z, 0))
        R = start(layers[-1].forward(a[-1], layers[-1].w) + layers[-1].b, c, versus=None)
        yield R
        while a:
            R = rules[len(a) - 1](layers[len(a) - 1], a.pop(), R)
            yield R
    return tuple(down())[::-1]
""",
    # An iterator comes out.
    _START
    + """
from collections import deque

def propagate(layers, rules, x, c):
    inputs, out = [x], deque()
    for layer in layers:
        inputs.append(np.maximum(layer.forward(inputs[-1], layer.w) + layer.b, 0))
    last = layers[-1]
    R = start(last.forward(inputs[-2], last.w) + last.b, c=c)
    out.appendleft(R)
    for layer, rule, a in zip(layers[::-1], rules[::-1], inputs[-2::-1]):
        R = rule(layer, a, R)
        out.appendleft(R)
    return iter(out)
""",
    # TensorFlow's ReLU and tensors in the list.
    """
import tensorflow as tf

def propagate(layers, rules, x, c):
    activations = [tf.constant(x)]
    for layer in layers:
        z = layer.forward(activations[-1].numpy(), layer.w) + layer.b
        activations.append(tf.nn.relu(z) if layer is not layers[-1] else tf.constant(z))
    scores = activations.pop()
    R = scores * tf.one_hot(c, scores.shape[1])
    found = [R]
    for i in reversed(range(len(layers))):
        R = tf.constant(rules[i](layers[i], activations[i].numpy(), R.numpy()))
        found = [R] + found
    return found
""",
    # A dictionary of relevances on the way.
    _START
    + """
def propagate(layers, rules, x, c):
    depth = len(layers)
    a = {0: x}
    for i in range(depth):
        a[i + 1] = layers[i].forward(a[i], layers[i].w) + layers[i].b
        if i + 1 < depth:
            a[i + 1] = (a[i + 1] + np.abs(a[i + 1])) / 2
    R = {depth: start(a[depth], c)}
    for i in sorted(range(depth), reverse=True):
        R[i] = rules[i](layers[i], a[i], R[i + 1])
    return [R[i].tolist() for i in range(depth + 1)]
""",
)
