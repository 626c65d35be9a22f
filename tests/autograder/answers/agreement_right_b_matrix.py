"""Correct answers to agreement, in many styles."""

_SPEARMAN = """
from scipy.stats import rankdata

def spearman(a, b):
    ra, rb = (rankdata(each, axis=1) - (a.shape[1] + 1) / 2 for each in (a, b))
    below = np.sqrt((ra**2).sum(axis=1) * (rb**2).sum(axis=1))
    below[below == 0] = np.nan
    return (ra * rb).sum(axis=1) / below
"""
AGREEMENT = (
    # Two loops; what is defined, pair by pair.
    _SPEARMAN
    + """
def agreement(maps):
    k = len(maps)
    mean, deviation = np.full((2, k, k), np.nan)
    counted = np.zeros((k, k), int)
    for i, a in enumerate(maps.values()):
        for j, b in enumerate(maps.values()):
            found = spearman(a, b)
            found = found[~np.isnan(found)]
            counted[i, j] = len(found)
            if len(found) > 0:
                mean[i, j] = found.mean()
            if len(found) > 1:
                deviation[i, j] = found.std(ddof=1)
    return mean, deviation, counted
""",
    # All correlations in one array; numpy's functions for NaN, their warnings kept silent.
    _SPEARMAN
    + """
import warnings

def agreement(maps):
    all_maps = list(maps.values())
    c = np.array([[spearman(a, b) for b in all_maps] for a in all_maps])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(c, axis=2), np.nanstd(c, axis=2, ddof=1), (~np.isnan(c)).sum(axis=2)
""",
    # Sums and sums of squares; one stacked array.
    _SPEARMAN
    + """
def agreement(maps):
    names = list(maps)
    c = np.stack([[spearman(maps[i], maps[j]) for j in names] for i in names])
    there = np.isfinite(c)
    n = there.sum(-1)
    total = np.where(there, c, 0).sum(-1)
    mean = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
    off = np.where(there, c - mean[..., None], 0)
    variance = np.divide((off**2).sum(-1), n - 1, out=np.full(n.shape, np.nan), where=n > 1)
    return np.stack([mean, np.sqrt(variance), n])
""",
    # pandas, whose mean and std leave NaN out.
    _SPEARMAN
    + """
import pandas as pd

def agreement(maps):
    pairs = {(i, j): spearman(maps[i], maps[j]) for i in maps for j in maps}
    table = pd.DataFrame(pairs)
    names = list(maps)
    found = table.mean(), table.std(), table.count()
    return [each.unstack().reindex(index=names, columns=names) for each in found]
""",
    # The upper half, mirrored; the diagonal by hand.
    _SPEARMAN
    + """
def agreement(maps):
    values = list(maps.values())
    k, n = len(values), len(values[0])
    mean, deviation, counted = np.eye(k), np.zeros((k, k)), np.zeros((k, k), int)
    for i in range(k):
        counted[i, i] = (~np.isnan(spearman(values[i], values[i]))).sum()
        for j in range(i + 1, k):
            c = [x for x in spearman(values[i], values[j]) if x == x]
            counted[i, j] = counted[j, i] = len(c)
            m = sum(c) / len(c) if c else float("nan")
            mean[i, j] = mean[j, i] = m
            s = (sum((x - m) ** 2 for x in c) / (len(c) - 1)) ** 0.5 if len(c) > 1 else np.nan
            deviation[i, j] = deviation[j, i] = s
    return mean, deviation, counted
""",
    # Lists of lists, from the standard library.
    _SPEARMAN
    + """
import statistics

def agreement(maps):
    def of(a, b):
        return [float(x) for x in spearman(a, b) if not np.isnan(x)]

    table = [[of(a, b) for b in maps.values()] for a in maps.values()]
    mean = [[statistics.mean(c) if c else np.nan for c in row] for row in table]
    deviation = [[statistics.stdev(c) if len(c) > 1 else np.nan for c in row] for row in table]
    return mean, deviation, [[len(c) for c in row] for row in table]
""",
    # Masked arrays in single precision.
    _SPEARMAN
    + """
def agreement(maps):
    maps = [m.astype(np.float32) for m in maps.values()]
    c = np.array([[spearman(a, b) for b in maps] for a in maps], np.float32)
    c = np.ma.masked_invalid(c)
    deviation = c.std(axis=2, ddof=1).filled(np.nan)
    return c.mean(axis=2).filled(np.nan), deviation, c.count(axis=2)
""",
)
