"""Correct answers to the constraint, the removal curve and the Bayesian draws, in many styles."""

CONSTRAINED_FIT = (
    # The last player substituted.
    """
def constrained_fit(Z, y, weights, empty, full):
    total = full - empty
    others = Z[:, :-1] - Z[:, -1:]
    heavy = others * weights[:, None]
    phi = np.linalg.solve(heavy.T @ others, heavy.T @ (y - empty - Z[:, -1] * total))
    return np.append(phi, total - phi.sum())
""",
    # A Lagrange multiplier.
    """
def constrained_fit(Z, y, weights, empty, full):
    d = Z.shape[1]
    W = np.diag(weights)
    system = np.block([[2 * Z.T @ W @ Z, np.ones((d, 1))], [np.ones((1, d)), np.zeros((1, 1))]])
    right = np.concatenate([2 * Z.T @ W @ (y - empty), [full - empty]])
    return np.linalg.solve(system, right)[:-1]
""",
    # The first player substituted, least squares on roots of the weights.
    """
def constrained_fit(Z, y, weights, empty, full):
    root = weights ** 0.5
    X = (Z[:, 1:].T - Z[:, 0]) * root
    t = root * (y - empty - (full - empty) * Z[:, 0])
    rest, *_ = np.linalg.lstsq(X.T, t, rcond=None)
    return [full - empty - sum(rest), *rest]
""",
    # Equal shares, and what deviates from them in the null space of the constraint.
    """
from scipy.linalg import null_space

def constrained_fit(Z, y, weights, empty, full):
    Z = np.asarray(Z, float)
    d = Z.shape[1]
    start = np.full(d, (full - empty) / d)
    N = null_space(np.ones((1, d)))
    A = Z @ N
    g = np.linalg.pinv((A.T * weights) @ A) @ (A.T * weights) @ (y - empty - Z @ start)
    return start + N @ g
""",
    # The free fit, moved onto the constraint along the inverse of the normal matrix.
    """
def constrained_fit(Z, y, weights, empty, full):
    A = np.einsum("ni,n,nj->ij", Z, weights, Z)
    inverse = np.linalg.inv(A)
    free = inverse @ np.einsum("ni,n,n->i", Z, weights, y - empty)
    along = inverse.sum(axis=1)
    return free + along * ((full - empty) - free.sum()) / along.sum()
""",
    # float32 throughout.
    """
def constrained_fit(Z, y, weights, empty, full):
    f = np.float32
    Z, y, weights = Z.astype(f), y.astype(f), weights.astype(f)
    total = f(full) - f(empty)
    X = Z[:, :-1] - Z[:, -1:]
    t = y - f(empty) - Z[:, -1] * total
    phi = np.linalg.solve(X.T @ (X * weights[:, None]), X.T @ (weights * t))
    return np.append(phi, total - phi.sum(dtype=f))
""",
    # TensorFlow in single precision.
    """
import tensorflow as tf

def constrained_fit(Z, y, weights, empty, full):
    Z, y = tf.cast(Z, tf.float32), tf.cast(y, tf.float32)
    root = tf.sqrt(tf.cast(weights, tf.float32))[:, None]
    X = (Z[:, :-1] - Z[:, -1:]) * root
    t = (y[:, None] - empty - (full - empty) * Z[:, -1:]) * root
    phi = tf.linalg.lstsq(X, t, fast=False)[:, 0]
    return tf.concat([phi, [full - empty - tf.reduce_sum(phi)]], axis=0)
""",
    # A solver for constrained minimisation on scaled weights, made exact by its last step.
    """
def constrained_fit(Z, y, weights, empty, full):
    w = weights / weights.sum()
    total, n = full - empty, len(y)
    rows = [np.sqrt(w[i]) * (Z[i, :-1] - Z[i, -1]) for i in range(n)]
    right = [np.sqrt(w[i]) * (y[i] - empty - Z[i, -1] * total) for i in range(n)]
    q, r = np.linalg.qr(np.array(rows))
    phi = np.linalg.solve(r, q.T @ np.array(right)).tolist()
    return phi + [total - sum(phi)]
""",
)

_KEEP_TOP = """
def keep_top(pictures, maps, fraction, fill):
    n = len(pictures)
    count = int(fraction * maps[0].size + 0.5)
    order = np.argsort(-maps.reshape(n, -1), axis=1, kind="stable")
    kept = np.zeros(order.shape, bool)
    np.put_along_axis(kept, order[:, :count], True, axis=1)
    return np.where(kept.reshape(maps.shape)[..., None], pictures, fill)
"""
KEEP_TOP = (
    _KEEP_TOP,
    # A loop over pictures that writes into copies of the fill.
    """
def keep_top(pictures, maps, fraction, fill):
    out = np.array(np.broadcast_to(fill, pictures.shape), dtype=pictures.dtype)
    h, w = maps.shape[1:]
    k = int(fraction * h * w + 0.5)
    for i in range(len(pictures)):
        best = np.argsort(-maps[i].ravel(), kind="stable")[:k]
        rows, columns = np.unravel_index(best, (h, w))
        out[i, rows, columns] = pictures[i, rows, columns]
    return out
""",
    # Plain Python, sorted by value and place.
    """
def keep_top(pictures, maps, fraction, fill):
    n, h, w, c = pictures.shape
    fill = np.broadcast_to(fill, pictures.shape)
    found = []
    for p, m, f in zip(pictures, maps, fill):
        places = sorted(((i, j) for i in range(h) for j in range(w)), key=lambda at: (-m[at], at))
        keep = set(places[: int(fraction * h * w + 0.5)])
        rows = [[(p if (i, j) in keep else f)[i, j] for j in range(w)] for i in range(h)]
        found.append(np.array(rows).tolist())
    return found
""",
    # Ranks by sorting twice; arithmetic instead of a choice.
    """
def keep_top(pictures, maps, fraction, fill):
    flat = maps.reshape(len(maps), -1)
    ranks = (-flat).argsort(axis=1, kind="mergesort").argsort(axis=1, kind="stable")
    mask = (ranks < np.floor(fraction * flat.shape[1] + 0.5)).astype(np.float32)
    mask = mask.reshape(maps.shape)[..., np.newaxis]
    return mask * pictures + (1 - mask) * fill
""",
    # The lowest are filled: from the end of an ascending order in which later ones come first.
    """
def keep_top(pictures, maps, fraction, fill):
    out = pictures.copy()
    fill = np.zeros_like(pictures) + np.asarray(fill, pictures.dtype)
    size = maps[0].size
    gone = size - int(fraction * size + 0.5)
    for one, m, f in zip(out, maps, fill):
        backwards = m.ravel()[::-1]
        lowest = size - 1 - np.argsort(backwards, kind="stable")[:gone]
        c = one.shape[-1]
        one.reshape(-1, c)[lowest] = f.reshape(-1, c)[lowest]
    return out
""",
    # A threshold, and as many of the equal ones as are missing.
    """
def keep_top(pictures, maps, fraction, fill):
    n, size = len(maps), maps[0].size
    k = int(fraction * size + 0.5)
    kept = np.zeros((n, size), dtype=bool)
    for i, values in enumerate(maps.reshape(n, size)):
        if k:
            at = np.partition(values, size - k)[size - k]
            kept[i] = values > at
            equal = np.flatnonzero(values == at)
            kept[i, equal[: k - kept[i].sum()]] = True
    return np.where(kept.reshape(*maps.shape, 1), pictures, fill)
""",
    # TensorFlow's top_k, which prefers the lower index.
    """
import tensorflow as tf

def keep_top(pictures, maps, fraction, fill):
    n, h, w = maps.shape
    k = int(fraction * h * w + 0.5)
    best = tf.math.top_k(maps.reshape(n, h * w), k=k).indices
    mask = tf.reduce_max(tf.concat([tf.one_hot(best, h * w), tf.zeros((n, 1, h * w))], 1), axis=1)
    return tf.where(tf.reshape(mask, (n, h, w, 1)) > 0, pictures, tf.cast(fill, tf.float32))
""",
    # lexsort by place and value.
    """
def keep_top(pictures, maps, fraction, fill):
    def one(picture, m, f):
        values = m.ravel().astype(float)
        order = np.lexsort((range(values.size), -values))
        keep = np.isin(np.arange(values.size), order[: int(0.5 + fraction * values.size)])
        return np.where(keep.reshape(m.shape)[:, :, None], picture, f)
    fills = np.broadcast_to(np.asarray(fill), pictures.shape)
    return np.stack([one(*each) for each in zip(pictures, maps, fills)])
""",
)

REMOVAL_CURVE = (
    _KEEP_TOP
    + """
def removal_curve(predict, pictures, labels, maps, fractions, fill):
    accuracies = np.array([
        np.mean(predict(keep_top(pictures, maps, f, fill)).argmax(axis=1) == labels)
        for f in fractions
    ])
    steps = np.diff(fractions)
    area = np.sum((accuracies[1:] + accuracies[:-1]) / 2 * steps) / (fractions[-1] - fractions[0])
    return accuracies, area
""",
    # NumPy's trapezoid rule; a list of Python numbers.
    _KEEP_TOP
    + """
def removal_curve(predict, pictures, labels, maps, fractions, fill):
    accuracies = []
    for fraction in fractions:
        scores = predict(keep_top(pictures, maps, fraction, fill))
        accuracies.append(float((np.argmax(scores, 1) == labels).mean()))
    trapezoid = getattr(np, "trapezoid", None) or np.trapz
    return accuracies, trapezoid(accuracies, fractions) / (max(fractions) - min(fractions))
""",
    # One picture at a time, hits counted.
    _KEEP_TOP
    + """
def removal_curve(predict, pictures, labels, maps, fractions, fill):
    whole = np.broadcast_to(fill, pictures.shape)
    accuracies = np.zeros(len(fractions))
    for k, fraction in enumerate(fractions):
        for i in range(len(pictures)):
            one = keep_top(pictures[i : i + 1], maps[i : i + 1], fraction, whole[i : i + 1])
            if int(predict(one)[0].argmax()) == labels[i]:
                accuracies[k] += 1 / len(pictures)
    area = 0.0
    for k in range(1, len(fractions)):
        area += (fractions[k] - fractions[k - 1]) * (accuracies[k] + accuracies[k - 1]) / 2
    return [accuracies, area / (fractions[-1] - fractions[0])]
""",
    # All fractions in one call of the network; SciPy's rule.
    _KEEP_TOP
    + """
from scipy.integrate import trapezoid

def removal_curve(predict, pictures, labels, maps, fractions, fill):
    kept = np.concatenate([keep_top(pictures, maps, f, fill) for f in fractions])
    seen = predict(kept).reshape(len(fractions), len(labels), -1).argmax(axis=-1)
    accuracies = (seen == labels[None]).mean(axis=1)
    return accuracies, trapezoid(y=accuracies, x=fractions) / np.ptp(fractions)
""",
    # Without keep_top, in batches of three; float32.
    """
def removal_curve(predict, pictures, labels, maps, fractions, fill):
    n = len(maps)
    ranks = np.argsort(np.argsort(-maps.reshape(n, -1), axis=1, kind="stable"), axis=1)
    ranks = ranks.reshape(maps.shape)
    found = []
    for fraction in fractions:
        mask = ranks < int(fraction * maps[0].size + 0.5)
        shown = np.where(mask[..., None], pictures, fill).astype(np.float32)
        scores = np.concatenate([predict(shown[i : i + 3]) for i in range(0, n, 3)])
        found.append(np.float32(np.mean(scores.argmax(1) == labels)))
    a, x = np.array(found, np.float32), np.asarray(fractions, np.float32)
    weights = np.zeros_like(x)
    weights[1:] += np.diff(x) / 2
    weights[:-1] += np.diff(x) / 2
    return a, np.float32(weights @ a / weights.sum())
""",
    # TensorFlow's accuracy; tensors come out.
    _KEEP_TOP
    + """
import tensorflow as tf

def removal_curve(predict, pictures, labels, maps, fractions, fill):
    a = tf.stack([
        tf.reduce_mean(tf.keras.metrics.sparse_categorical_accuracy(
            labels, predict(keep_top(pictures, maps, fraction, fill))))
        for fraction in fractions
    ])
    x = tf.cast(fractions, a.dtype)
    return a, tf.reduce_sum((a[1:] + a[:-1]) * (x[1:] - x[:-1])) / 2 / (x[-1] - x[0])
""",
    # By keywords, from the last fraction to the first.
    _KEEP_TOP
    + """
def removal_curve(predict, pictures, labels, maps, fractions, fill):
    accuracy = {}
    for fraction in sorted(fractions, reverse=True):
        kept = keep_top(pictures=pictures, maps=maps, fraction=fraction, fill=fill)
        accuracy[fraction] = np.count_nonzero(predict(kept).argmax(-1) == labels) / len(labels)
    a = [accuracy[fraction] for fraction in fractions]
    left, right = np.array(a[:-1]), np.array(a[1:])
    share = np.diff(fractions) / np.diff(fractions).sum()
    return tuple(a), ((left @ share) + (right @ share)) / 2
""",
)

SAMPLE_WEIGHTS = (
    """
def sample_weights(mean, rho, noise):
    return mean + np.logaddexp(0, rho) * noise
""",
    # In two parts, so that exp never overflows.
    """
def sample_weights(mean, rho, noise):
    deviation = np.maximum(rho, 0) + np.log1p(np.exp(-np.abs(rho)))
    return mean + deviation * noise
""",
    # A choice by size.
    """
def sample_weights(mean, rho, noise):
    with np.errstate(over="ignore"):
        deviation = np.where(rho > 20, rho, np.log1p(np.exp(rho)))
    return deviation * noise + mean
""",
    # TensorFlow's softplus in float32.
    """
import tensorflow as tf

def sample_weights(mean, rho, noise):
    return tf.add(mean, tf.math.softplus(tf.cast(rho, tf.float32)) * noise)
""",
    # One number at a time.
    """
import math

def sample_weights(mean, rho, noise):
    def softplus(r):
        return r + math.log1p(math.exp(-r)) if r > 0 else math.log1p(math.exp(r))
    deviation = np.array([softplus(float(r)) for r in np.ravel(rho)]).reshape(np.shape(rho))
    return (np.asarray(mean, float) + deviation * np.asarray(noise, float)).tolist()
""",
    # In double precision exp(500) is finite.
    """
def sample_weights(mean, rho, noise):
    mean, rho, noise = (np.array(each, dtype=np.float64) for each in (mean, rho, noise))
    noise *= np.log1p(np.exp(rho))
    noise += mean
    return noise
""",
    # Sample by sample where there are samples; SciPy.
    """
from scipy.special import logsumexp

def sample_weights(mean, rho, noise):
    if noise.ndim > mean.ndim:
        return np.stack([sample_weights(mean, rho, each) for each in noise])
    deviation = logsumexp(np.stack([np.zeros_like(rho), rho]), axis=0)
    return mean + deviation * noise
""",
    # Keras.
    """
import keras

def sample_weights(mean, rho, noise):
    return keras.ops.convert_to_numpy(mean + keras.activations.softplus(rho) * noise)
""",
)

PREDICTIVE = (
    """
def predictive(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    return p.mean(axis=0), p.std(axis=0)
""",
    # SciPy's softmax.
    """
from scipy.special import softmax

def predictive(logits):
    p = softmax(logits, axis=2)
    mean = np.mean(p, axis=0)
    return mean, np.sqrt(np.mean((p - mean) ** 2, axis=0))
""",
    # TensorFlow; tensors come out.
    """
import tensorflow as tf

def predictive(logits):
    p = tf.nn.softmax(logits)
    return tf.reduce_mean(p, 0), tf.math.reduce_std(p, 0)
""",
    # Sums and squares in float32, draw by draw.
    """
def predictive(logits):
    total = square = 0
    for one in np.asarray(logits, np.float32):
        z = one - one.max(axis=1)[:, None]
        p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
        total, square = total + p, square + p**2
    mean = total / len(logits)
    return mean, np.sqrt(np.maximum(square / len(logits) - mean**2, 0))
""",
    # Instance by instance; lists come out.
    """
def predictive(logits):
    mean, spread = [], []
    for i in range(logits.shape[1]):
        rows = []
        for row in logits[:, i].astype(float):
            top = max(row)
            e = [np.exp(each - top) for each in row]
            rows.append([each / sum(e) for each in e])
        mean.append(np.mean(rows, 0).tolist())
        spread.append(np.std(rows, 0).tolist())
    return [mean, spread]
""",
    # One array of both.
    """
def predictive(logits):
    logits = np.float64(logits)
    logs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    return np.stack([np.exp(logs).mean(0), np.exp(logs).std(0)])
""",
    # Ratios of two classes.
    """
def predictive(logits):
    with np.errstate(over="ignore"):
        gaps = logits[..., None, :] - logits[..., :, None]
        p = 1 / np.exp(gaps.astype(np.float64)).sum(axis=-1)
    return p.mean(axis=0), np.std(p, axis=0)
""",
    # Keras's softmax in single precision, pandas for the rest.
    """
import keras
import pandas as pd

def predictive(logits):
    p = np.asarray(keras.ops.softmax(logits, axis=-1))
    samples, n, classes = p.shape
    table = pd.DataFrame(p.reshape(samples, -1))
    return tuple(np.asarray(each).reshape(n, classes) for each in (table.mean(), table.std(ddof=0)))
""",
)
