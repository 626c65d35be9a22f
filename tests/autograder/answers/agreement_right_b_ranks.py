"""Correct answers to ranks and spearman, in many styles."""

RANKS = (
    # Counting, one value at a time.
    """
def ranks(values):
    return np.array([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])
""",
    # scipy.
    """
from scipy.stats import rankdata

def ranks(values):
    return rankdata(values)
""",
    # Ordinal ranks, then their mean within each group.
    """
def ranks(values):
    ordinal = np.empty(len(values))
    ordinal[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    _, group = np.unique(values, return_inverse=True)
    return (np.bincount(group, ordinal) / np.bincount(group))[group]
""",
    # Between the two sides of a sorted search.
    """
def ranks(values):
    ordered = np.sort(values)
    left = np.searchsorted(ordered, values, side="left")
    right = np.searchsorted(ordered, values, side="right")
    return (left + right + 1) / 2
""",
    # Plain Python, walking through groups.
    """
def ranks(values):
    values = [float(v) for v in values]
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            found[place] = (start + end) / 2 + 1
        start = end + 1
    return found
""",
    # pandas.
    """
import pandas as pd

def ranks(values):
    return pd.Series(values).rank()
""",
    # All comparisons at once, in single precision.
    """
def ranks(values):
    difference = values[:, None] - values[None, :]
    half = np.float32(0.5)
    return (np.sign(difference).sum(axis=1, dtype=np.float32) + len(values) + 1) * half
""",
    # TensorFlow.
    """
import tensorflow as tf

def ranks(values):
    v = tf.convert_to_tensor(values)
    below = tf.reduce_sum(tf.cast(v[:, None] > v[None, :], tf.float32), axis=1)
    same = tf.reduce_sum(tf.cast(v[:, None] == v[None, :], tf.float32), axis=1)
    return below + (same + 1) / 2
""",
)

_RANKS = """
def ranks(values):
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]
"""
SPEARMAN = (
    # All rows at once.
    _RANKS
    + """
def spearman(a, b):
    ra, rb = (np.array([ranks(row) for row in each]) for each in (a, b))
    ra -= ra.mean(axis=1, keepdims=True)
    rb -= rb.mean(axis=1, keepdims=True)
    below = np.sqrt((ra**2).sum(axis=1) * (rb**2).sum(axis=1))
    below[below == 0] = np.nan
    return (ra * rb).sum(axis=1) / below
""",
    # Row by row, np.corrcoef where there is an order.
    _RANKS
    + """
def spearman(a, b):
    found = []
    for x, y in zip(a, b):
        if len(set(x.tolist())) == 1 or len(set(y.tolist())) == 1:
            found.append(float("nan"))
        else:
            found.append(np.corrcoef(ranks(x), ranks(y))[0, 1])
    return found
""",
    # Standard scores; the warning kept silent.
    _RANKS
    + """
def spearman(a, b):
    def scores(maps):
        r = np.apply_along_axis(ranks, 1, maps)
        return (r - r.mean(1)[:, None]) / r.std(1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (scores(a) * scores(b)).mean(axis=1)
""",
    # scipy, where it is defined.
    """
from scipy.stats import spearmanr

def spearman(a, b):
    out = np.full(len(a), np.nan)
    for i in range(len(a)):
        if np.ptp(a[i]) > 0 and np.ptp(b[i]) > 0:
            out[i] = spearmanr(a[i], b[i]).statistic
    return out
""",
    # Single precision throughout.
    _RANKS
    + """
def spearman(a, b):
    f = np.float32
    ra = np.stack([ranks(row).astype(f) for row in a])
    rb = np.stack([ranks(row).astype(f) for row in b])
    middle = f((a.shape[1] + 1) / 2)
    ra, rb = ra - middle, rb - middle
    above = np.einsum("nm,nm->n", ra, rb)
    va, vb = (ra * ra).sum(axis=1, dtype=f), (rb * rb).sum(axis=1, dtype=f)
    defined = (va > 0) & (vb > 0)
    out = np.full(len(a), np.nan, f)
    np.divide(above, np.sqrt(va) * np.sqrt(vb), out=out, where=defined)
    return out
""",
    # Covariance over both standard deviations, all three with m - 1.
    _RANKS
    + """
def spearman(a, b):
    def one(x, y):
        rx, ry = ranks(x), ranks(y)
        sx, sy = np.std(rx, ddof=1), np.std(ry, ddof=1)
        return np.cov(rx, ry)[0, 1] / (sx * sy) if sx * sy else np.nan
    return np.array([one(x, y) for x, y in zip(a, b)])
""",
    # The formula with squares of differences, corrected for ties.
    _RANKS
    + """
def spearman(a, b):
    m = a.shape[1]
    whole = (m**3 - m) / 12

    def tied(row):
        _, counts = np.unique(row, return_counts=True)
        return (counts**3 - counts).sum() / 12

    found = []
    for x, y in zip(a, b):
        d = ((ranks(x) - ranks(y)) ** 2).sum()
        sx, sy = whole - tied(x), whole - tied(y)
        found.append((sx + sy - d) / (2 * (sx * sy) ** 0.5) if sx and sy else np.nan)
    return np.asarray(found)
""",
    # A library's own warning, kept silent where it is expected.
    """
import warnings
from scipy.stats import spearmanr

def spearman(a, b):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array([spearmanr(x, y)[0] for x, y in zip(a, b)])
""",
)
