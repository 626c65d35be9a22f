"""Differently written right answers to masked, weighting_kernel, weighted_ridge, exact_shapley,
shapley_kernel and dummy_player."""

MASKED = (
    """
def masked(picture, segments, Z, fill):
    shown = np.asarray(Z, bool)[:, segments]
    return np.where(shown[..., np.newaxis], picture, fill)
""",
    # A loop over coalitions and superpixels.
    """
def masked(picture, segments, Z, fill):
    pictures = []
    for z in Z:
        new = picture.copy()
        for k in range(len(z)):
            if not z[k]:
                new[segments == k] = fill[segments == k]
        pictures.append(new)
    return np.array(pictures)
""",
    # A sum of masks of floats.
    """
def masked(picture, segments, Z, fill):
    d = np.shape(Z)[1]
    one_hot = (segments[..., None] == np.arange(d)).astype(float)
    m = np.einsum("nk,hwk->nhw", np.asarray(Z, float), one_hot)[..., None]
    return m * picture + (1 - m) * fill
""",
    # Every pixel.
    """
def masked(picture, segments, Z, fill):
    n, (h, w, c) = len(Z), picture.shape
    out = np.empty((n, h, w, c), picture.dtype)
    for i in range(n):
        for y in range(h):
            for x in range(w):
                out[i, y, x] = picture[y, x] if Z[i, segments[y, x]] else fill[y, x]
    return out
""",
    # Starts with the fill; lists of labels.
    """
def masked(picture, segments, Z, fill):
    out = np.repeat(fill[None], len(Z), axis=0)
    for i, row in enumerate(Z):
        keep = np.isin(segments, np.flatnonzero(row))
        out[i][keep] = picture[keep]
    return out
""",
    """
def masked(picture, segments, Z, fill):
    import tensorflow as tf
    shown = tf.gather(tf.cast(Z, tf.bool), segments, axis=1)[..., tf.newaxis]
    return tf.where(shown, picture, fill)
""",
    # What changes, added.
    """
def masked(picture, segments, Z, fill):
    hidden = 1 - np.take(Z.astype(int), segments, axis=1)
    change = fill - picture
    return [picture + hidden[i][:, :, None] * change for i in range(len(Z))]
""",
    """
def masked(picture, segments, Z, fill):
    flat, other = picture.reshape(-1, picture.shape[-1]), fill.reshape(-1, picture.shape[-1])
    labels = segments.ravel()
    rows = [[a if z[k] else b for a, b, k in zip(flat, other, labels)] for z in Z]
    return np.reshape(rows, (len(Z), *picture.shape))
""",
)

WEIGHTING_KERNEL = (
    """
def weighting_kernel(Z, width):
    D = 1 - np.sqrt(Z.mean(axis=1))
    return np.sqrt(np.exp(-D ** 2 / width ** 2))
""",
    # The root taken in the exponent.
    """
def weighting_kernel(Z, width):
    shown = np.sum(Z, axis=1)
    D = 1 - (shown / Z.shape[1]) ** 0.5
    return np.exp(-0.5 * (D / width) ** 2)
""",
    # As the lime package does.
    """
def weighting_kernel(Z, width):
    from sklearn.metrics import pairwise_distances
    D = pairwise_distances(Z, np.ones((1, Z.shape[1])), metric="cosine").ravel()
    return np.sqrt(np.exp(-(D ** 2) / width ** 2))
""",
    """
def weighting_kernel(Z, width):
    from scipy.spatial.distance import cdist
    D = cdist(Z, np.ones((1, Z.shape[1])), "cosine")[:, 0]
    D[np.isnan(D)] = 1
    return np.sqrt(np.exp(-D ** 2 / width ** 2))
""",
    # Row by row.
    """
def weighting_kernel(Z, width):
    from math import exp, sqrt
    weights = []
    for z in Z:
        size, d = sum(z), len(z)
        D = 1.0 if size == 0 else 1 - size / (sqrt(size) * sqrt(d))
        weights.append(sqrt(exp(-D * D / (width * width))))
    return weights
""",
    # Scalar product and lengths; a length of zero is replaced.
    """
def weighting_kernel(Z, width):
    ones = np.ones(Z.shape[1])
    lengths = np.linalg.norm(Z, axis=1) * np.linalg.norm(ones)
    cosine = np.divide(Z @ ones, lengths, out=np.zeros(len(Z)), where=lengths > 0)
    return np.exp(-(1 - cosine) ** 2 / width ** 2) ** 0.5
""",
    """
def weighting_kernel(Z, width):
    import tensorflow as tf
    rows = tf.math.l2_normalize(tf.cast(Z, tf.float32), axis=1)
    D = 1 - tf.reduce_sum(rows, axis=1) / tf.sqrt(float(Z.shape[1]))
    return tf.sqrt(tf.exp(-tf.square(D) / width ** 2))
""",
    # A table of the possible sizes, in float32.
    """
def weighting_kernel(Z, width):
    d = Z.shape[1]
    D = 1 - np.sqrt(np.arange(d + 1, dtype=np.float32) / np.float32(d))
    return np.sqrt(np.exp(-D ** 2 / np.float32(width) ** 2))[np.asarray(Z, int).sum(axis=1)]
""",
)

WEIGHTED_RIDGE = (
    # A column of ones without a penalty.
    """
def weighted_ridge(Z, y, weights, alpha):
    X = np.column_stack([np.ones(len(Z)), Z])
    P = alpha * np.eye(X.shape[1])
    P[0, 0] = 0
    found = np.linalg.solve(X.T @ (weights[:, None] * X) + P, X.T @ np.diag(weights) @ y)
    return found[0], found[1:]
""",
    # Centred by weighted means.
    """
def weighted_ridge(Z, y, weights, alpha):
    mean_Z, mean_y = np.average(Z, axis=0, weights=weights), np.average(y, axis=0, weights=weights)
    A, r = Z - mean_Z, y - mean_y
    W = np.diag(weights)
    beta = np.linalg.inv(A.T @ W @ A + alpha * np.eye(A.shape[1])) @ A.T @ W @ r
    return mean_y - mean_Z @ beta, beta
""",
    # Rows for the penalty, square roots of the weights.
    """
def weighted_ridge(Z, y, weights, alpha):
    n, d = Z.shape
    several = np.reshape(y, (n, -1))
    root = np.sqrt(weights)[:, None]
    X = np.vstack([root * np.hstack([Z, np.ones((n, 1))]), alpha ** 0.5 * np.eye(d, d + 1)])
    t = np.vstack([root * several, np.zeros((d, several.shape[1]))])
    found = np.linalg.lstsq(X, t, rcond=None)[0]
    b, beta = found[-1], found[:-1]
    return (b, beta) if np.ndim(y) == 2 else (b[0], beta[:, 0])
""",
    """
def weighted_ridge(Z, y, weights, alpha):
    from sklearn.linear_model import Ridge
    model = Ridge(alpha=alpha, fit_intercept=True).fit(Z, y, sample_weight=weights)
    return model.intercept_, model.coef_.T
""",
    # One output after the other; numbers in a list.
    """
def weighted_ridge(Z, y, weights, alpha):
    if np.ndim(y) == 2:
        fits = [weighted_ridge(Z, column, weights, alpha) for column in y.T]
        return [b[0] for b, _ in fits], np.stack([beta for _, beta in fits], axis=1)
    d = Z.shape[1]
    left, right = np.zeros((d + 1, d + 1)), np.zeros(d + 1)
    for z, value, w in zip(Z, y, weights):
        x = np.append(z, 1.0)
        left += w * np.outer(x, x)
        right += w * value * x
    left[range(d), range(d)] += alpha
    found = np.linalg.solve(left, right)
    return [found[d:], list(found[:d])]
""",
    # In float32.
    """
def weighted_ridge(Z, y, weights, alpha):
    import tensorflow as tf
    X = tf.concat([tf.ones((len(Z), 1)), tf.cast(Z, tf.float32)], axis=1)
    w = tf.cast(weights, tf.float32)[:, tf.newaxis]
    t = tf.reshape(tf.cast(y, tf.float32), (len(Z), -1))
    P = tf.linalg.diag([0.0] + [float(alpha)] * Z.shape[1])
    found = tf.linalg.solve(tf.transpose(X) @ (w * X) + P, tf.transpose(X) @ (w * t))
    if np.ndim(y) == 1:
        return found[0, 0], found[1:, 0]
    return found[0], found[1:]
""",
    # The sum itself, minimised.
    """
def weighted_ridge(Z, y, weights, alpha):
    from scipy.optimize import minimize
    targets = np.reshape(y, (len(Z), -1))
    fits = []
    for t in targets.T:
        def loss(p):
            off = t - p[0] - Z @ p[1:]
            slope = -2 * np.append(np.sum(weights * off), Z.T @ (weights * off))
            slope[1:] += 2 * alpha * p[1:]
            return np.sum(weights * off ** 2) + alpha * np.sum(p[1:] ** 2), slope
        start = np.zeros(Z.shape[1] + 1)
        fits.append(minimize(loss, start, jac=True, options={"gtol": 1e-9}).x)
    found = np.transpose(fits)
    return (found[0], found[1:]) if np.ndim(y) == 2 else (found[0, 0], found[1:, 0])
""",
    # The intercept is taken out of the equations by hand.
    """
def weighted_ridge(Z, y, weights, alpha):
    Z, w = np.asarray(Z, float), weights / np.sum(weights)
    H = np.eye(len(w)) - np.outer(np.ones(len(w)), w)
    A, r = H @ Z, H @ y
    penalty = alpha / np.sum(weights) * np.eye(Z.shape[1])
    beta = np.linalg.solve((A.T * w) @ A + penalty, (A.T * w) @ r)
    b = w @ (y - Z @ beta)
    return b, beta
""",
)

EXACT_SHAPLEY = (
    # The definition, a coalition at a time.
    """
def exact_shapley(value, d):
    from itertools import combinations
    from math import factorial
    phi = np.zeros(d)
    for i in range(d):
        others = [j for j in range(d) if j != i]
        for s in range(d):
            for S in combinations(others, s):
                z = np.zeros((1, d))
                z[0, list(S)] = 1
                without = value(z)[0]
                z[0, i] = 1
                phi[i] += factorial(s) * factorial(d - s - 1) / factorial(d) * (
                    value(z)[0] - without)
    return phi
""",
    # All coalitions in one call.
    """
def exact_shapley(value, d):
    from math import comb
    Z = (np.arange(2 ** d)[:, None] >> np.arange(d)) & 1
    v, sizes = value(Z), Z.sum(axis=1)
    phi = []
    for i in range(d):
        out = np.flatnonzero(Z[:, i] == 0)
        w = np.array([1 / (d * comb(d - 1, s)) for s in sizes[out]])
        phi.append(w @ (v[out + 2 ** i] - v[out]))
    return np.array(phi)
""",
    # The mean over all orders.
    """
def exact_shapley(value, d):
    from itertools import permutations
    known, total, count = {}, [0.0] * d, 0

    def v(members):
        if members not in known:
            known[members] = float(value(np.array([[j in members for j in range(d)]]))[0])
        return known[members]

    for order in permutations(range(d)):
        count += 1
        members = frozenset()
        for player in order:
            joined = members | {player}
            total[player] += v(joined) - v(members)
            members = joined
    return [each / count for each in total]
""",
    # A matrix of weights of all values.
    """
def exact_shapley(value, d):
    from itertools import product
    from math import factorial
    Z = np.array(list(product([0, 1], repeat=d)))
    s = Z.sum(axis=1)
    f = np.array([factorial(k) for k in range(d + 1)], float)
    joined = f[np.maximum(s - 1, 0)] * f[d - s] / f[d]
    apart = f[s] * f[np.maximum(d - s - 1, 0)] / f[d]
    return np.where(Z == 1, joined[:, None], -apart[:, None]).T @ value(Z)
""",
    # What every coalition adds to those within it is shared evenly.
    """
def exact_shapley(value, d):
    Z = (np.arange(2 ** d)[:, None] // 2 ** np.arange(d)) % 2
    dividends = value(Z.astype(bool)).astype(float)
    for i in range(d):
        with_i = Z[:, i] == 1
        dividends[with_i] -= dividends[np.flatnonzero(with_i) - 2 ** i]
    return (Z * (dividends / np.maximum(Z.sum(axis=1), 1))[:, None]).sum(axis=0)
""",
    # Chances between 0 and 1, integrated by a rule that is exact for polynomials.
    """
def exact_shapley(value, d):
    nodes, weights = np.polynomial.legendre.leggauss(d)
    Z = np.array([[int(c) for c in np.binary_repr(k, d)] for k in range(2 ** d)])
    v, phi = value(Z), np.zeros(d)
    for t, w in zip((nodes + 1) / 2, weights / 2):
        chance = np.where(Z == 1, t, 1 - t)
        for i in range(d):
            others = np.delete(chance, i, axis=1).prod(axis=1)
            phi[i] += w * np.sum(others * v * (2 * Z[:, i] - 1))
    return phi
""",
    # Least squares with Shapley's kernel, and the constraint.
    """
def exact_shapley(value, d):
    from math import comb
    Z = ((np.arange(2 ** d)[:, None] >> np.arange(d)) & 1).astype(float)
    v = value(Z)
    inner, gain = Z[1:-1], v[-1] - v[0]
    s = inner.sum(axis=1)
    w = np.array([(d - 1) / (comb(d, int(k)) * k * (d - k)) for k in s])
    A = np.zeros((d + 1, d + 1))
    A[:d, :d] = (inner.T * w) @ inner
    A[:d, d] = A[d, :d] = 1
    right = np.append((inner.T * w) @ (v[1:-1] - v[0]), gain)
    return np.linalg.lstsq(A, right, rcond=None)[0][:d]
""",
    # The potential: the value of a game is the sum of what its potential loses by each player.
    """
def exact_shapley(value, d):
    from functools import lru_cache

    @lru_cache(None)
    def potential(S):
        if not S:
            return 0.0
        v = value([[int(j in S) for j in range(d)], [0] * d])
        return (v[0] - v[1] + sum(potential(S - {i}) for i in S)) / len(S)

    everybody = frozenset(range(d))
    return np.array([potential(everybody) - potential(everybody - {i}) for i in range(d)])
""",
)

SHAPLEY_KERNEL = (
    """
def shapley_kernel(d, sizes):
    from math import comb
    return np.array([(d - 1) / (comb(d, int(s)) * int(s) * (d - int(s))) for s in sizes])
""",
    """
def shapley_kernel(d, sizes):
    from scipy.special import comb
    return (d - 1) / (comb(d, sizes) * sizes * (d - sizes))
""",
    # Factorials of floats.
    """
def shapley_kernel(d, sizes):
    f = np.cumprod(np.concatenate([[1.0], np.arange(1.0, d + 1)]))
    return (d - 1) * f[sizes] * f[d - sizes] / f[d] / (sizes * (d - sizes))
""",
    # Logarithms.
    """
def shapley_kernel(d, sizes):
    from scipy.special import gammaln
    s = np.asarray(sizes, float)
    log_c = gammaln(d + 1) - gammaln(s + 1) - gammaln(d - s + 1)
    return np.exp(np.log(d - 1) - log_c - np.log(s) - np.log(d - s))
""",
    # The beta function.
    """
def shapley_kernel(d, sizes):
    from scipy.special import beta
    return (d - 1) * (d + 1) * beta(sizes + 1, d - sizes + 1) / (sizes * (d - sizes))
""",
    """
def shapley_kernel(d, sizes):
    from fractions import Fraction
    from math import factorial as f
    def weight(s):
        return float(Fraction((d - 1) * f(s) * f(d - s), f(d) * s * (d - s)))
    return [weight(s) for s in sizes.tolist()]
""",
    # Pascal's triangle.
    """
def shapley_kernel(d, sizes):
    row = [1]
    for _ in range(d):
        row = [a + b for a, b in zip([0] + row, row + [0])]
    table = {s: (d - 1) / (row[s] * s * (d - s)) for s in range(1, d)}
    return np.array([table[s] for s in list(sizes)])
""",
    # Logarithms in float32.
    """
def shapley_kernel(d, sizes):
    import tensorflow as tf
    s = tf.cast(sizes, tf.float32)
    f = tf.math.lgamma
    log_c = f(d + 1.0) - f(s + 1) - f(d - s + 1)
    return (d - 1) / (tf.exp(log_c) * s * (d - s))
""",
)

_SEARCH = """
def dummy_player():
    Z = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
    D = 1 - np.sqrt(Z.mean(axis=1))
    w = np.sqrt(np.exp(-D ** 2 / 0.25 ** 2))
    X = np.column_stack([np.ones(8), Z])
    P = np.diag([0, 1, 1, 1])
    rng = np.random.default_rng(0)
    while True:
        v = rng.uniform(-1, 1, 4)
        y = [v[i + 2 * j] for i, j, _ in Z]
        beta = np.linalg.solve((X.T * w) @ X + P, (X.T * w) @ y)[1:]
        if abs(beta[2]) > 0.2 * np.abs(beta).max() > 0.2 * 0.05:
            return v
"""

DUMMY_PLAYER = (
    "def dummy_player():\n    return [-1, 1, 1, 1]",
    "dummy_player = lambda: (1.0, -1.0, -1.0, -1.0)",
    "def dummy_player():\n    return np.array([0, 0, 0, 1])",
    "def dummy_player():\n    return np.float32([-0.5, 0.1, 0.1, 0.7])",
    _SEARCH,
    """
def dummy_player():
    import tensorflow as tf
    return tf.constant([1.0, 0.0, 0.0, 0.0])
""",
    # A game of two players, asked for its values.
    """
def dummy_player():
    def v(one, two, three=False):
        return 1.0 if one or two else -1.0
    return [v(False, False), v(True, False), v(False, True), v(True, True)]
""",
)
