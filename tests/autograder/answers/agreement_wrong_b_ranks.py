"""Plausible wrong answers to ranks and spearman.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_FROM_SCIPY = """
from scipy.stats import rankdata

def ranks(values):
    return {0}
"""
RANKS = (
    (
        "equal values told apart",
        """
def ranks(values):
    return np.argsort(np.argsort(values)) + 1
""",
    ),
    (
        "equal values told apart",
        """
def ranks(values):
    order = sorted(range(len(values)), key=lambda i: (values[i], -i))
    found = np.zeros(len(values))
    found[order] = range(1, len(values) + 1)
    return found
""",
    ),
    (
        "ranks from 0",
        """
def ranks(values):
    return np.argsort(np.argsort(values))
""",
    ),
    ("ranks from 0", _FROM_SCIPY.format("rankdata(values) - 1")),
    ("order instead of ranks", _FROM_SCIPY.format("np.argsort(values) + 1")),
    ("order instead of ranks, from 0", _FROM_SCIPY.format("np.argsort(values)")),
    ("the highest has rank 1", _FROM_SCIPY.format("rankdata(-values)")),
    ("by size, without sign", _FROM_SCIPY.format("rankdata(np.abs(values))")),
    ("ranks in sorted order", _FROM_SCIPY.format("rankdata(np.sort(values))")),
    ("sorted values", _FROM_SCIPY.format("np.sort(values)")),
    ("values as they were", _FROM_SCIPY.format("values")),
    ("shares of m", _FROM_SCIPY.format("rankdata(values) / len(values)")),
    ("lowest rank for all", _FROM_SCIPY.format("rankdata(values, 'min')")),
    ("highest rank for all", _FROM_SCIPY.format("rankdata(values, 'max')")),
    ("no rank left out", _FROM_SCIPY.format("rankdata(values, 'dense')")),
    ("no rank left out", _FROM_SCIPY.format("np.unique(values, return_inverse=True)[1] + 1")),
    ("rounded down", _FROM_SCIPY.format("rankdata(values).astype(int)")),
    ("rounded up", _FROM_SCIPY.format("np.ceil(rankdata(values))")),
    (
        "ranks added up",
        """
def ranks(values):
    place = np.argsort(np.argsort(values)) + 1
    return np.array([place[values == v].sum() for v in values])
""",
    ),
    (
        "changed in place",
        """
def ranks(values):
    before = values.copy()
    values.sort()
    return np.array([np.flatnonzero(values == v).mean() + 1 for v in before])
""",
    ),
    (None, _FROM_SCIPY.format("rankdata(values) + 1")),
    (None, _FROM_SCIPY.format("rankdata(values).tolist()[:-1]")),
)

_SPEARMAN = """
from scipy.stats import kendalltau, rankdata

def down(maps):
    return rankdata(maps, axis=0)

def flat(maps):
    return rankdata(maps).reshape(maps.shape)

def apart(maps):
    return np.argsort(np.argsort(maps, axis=1, kind="stable"), axis=1)

def pearson(x, y):
    x, y = (each - each.mean(axis=-1, keepdims=True) for each in (x, y))
    below = np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))
    return (x * y).sum(axis=-1) / np.where(below > 0, below, np.nan)

def spearman(a, b):
    n, m = a.shape
    ra, rb = rankdata(a, axis=1), rankdata(b, axis=1)
    right = pearson(ra, rb)
    ca, cb = ra - ra.mean(axis=1, keepdims=True), rb - rb.mean(axis=1, keepdims=True)
    la, lb = np.linalg.norm(ca, axis=1), np.linalg.norm(cb, axis=1)
    with np.errstate(all="ignore"):
        return {0}
"""
SPEARMAN = (
    ("values instead of ranks", _SPEARMAN.format("pearson(a, b)")),
    ("only a ranked", _SPEARMAN.format("pearson(ra, b)")),
    ("only b ranked", _SPEARMAN.format("pearson(a, rb)")),
    ("ranked over all rows together", _SPEARMAN.format("pearson(flat(a), flat(b))")),
    ("ranked down the columns", _SPEARMAN.format("pearson(down(a), down(b))")),
    ("columns instead of rows", _SPEARMAN.format("pearson(down(a).T, down(b).T)")),
    ("equal values told apart", _SPEARMAN.format("pearson(apart(a), apart(b))")),
    (
        "order instead of ranks",
        _SPEARMAN.format("pearson(*(np.argsort(each, 1, 'stable') for each in (a, b)))"),
    ),
    (
        "formula for values without ties",
        _SPEARMAN.format("1 - 6 * ((ra - rb) ** 2).sum(1) / (m * (m**2 - 1))"),
    ),
    ("covariance", _SPEARMAN.format("(ca * cb).mean(axis=1)")),
    ("covariance with m - 1", _SPEARMAN.format("(ca * cb).sum(axis=1) / (m - 1)")),
    ("square root forgotten", _SPEARMAN.format("(ca * cb).sum(axis=1) / (la * lb) ** 2")),
    (
        "square root forgotten of variances",
        _SPEARMAN.format("(ca * cb).mean(axis=1) / (ra.var(axis=1) * rb.var(axis=1))"),
    ),
    ("divided by the variance of a", _SPEARMAN.format("(ca * cb).sum(axis=1) / la**2")),
    ("divided by the variance of b", _SPEARMAN.format("(ca * cb).sum(axis=1) / lb**2")),
    (
        "means not subtracted",
        _SPEARMAN.format("(ra * rb).sum(1) / np.sqrt((ra**2).sum(1) * (rb**2).sum(1))"),
    ),
    (
        "pairs in the same order",
        _SPEARMAN.format("np.array([kendalltau(x, y)[0] for x, y in zip(a, b)])"),
    ),
    ("rows against every row", _SPEARMAN.format("np.corrcoef(ra, rb)[:n, n:]")),
    ("size only", _SPEARMAN.format("np.abs(right)")),
    ("squared", _SPEARMAN.format("right**2")),
    ("sign turned", _SPEARMAN.format("pearson(ra, rankdata(-b, axis=1))")),
    (
        "m and m - 1 mixed",
        _SPEARMAN.format("(ca * cb).sum(1) / (m - 1) / ra.std(axis=1) / rb.std(axis=1)"),
    ),
    ("m - 1 and m mixed", _SPEARMAN.format("right * (m - 1) / m")),
    ("mean over rows", _SPEARMAN.format("np.nanmean(right)")),
    ("first row for all", _SPEARMAN.format("np.full(n, right[0])")),
    ("constant rows as 0", _SPEARMAN.format("np.nan_to_num(right)")),
    ("constant rows as 0", _SPEARMAN.format("(ca * cb).sum(axis=1) / (la * lb + 1e-9)")),
    ("constant rows as 1", _SPEARMAN.format("np.where(np.isnan(right), 1, right)")),
    (
        "undefined only where both are constant",
        _SPEARMAN.format("np.where((la == 0) != (lb == 0), 0, right)"),
    ),
    ("constant rows left out", _SPEARMAN.format("right[~np.isnan(right)]")),
    (
        "right, with a warning",
        """
from scipy.stats import rankdata

def spearman(a, b):
    ra, rb = (rankdata(each, axis=1) - (a.shape[1] + 1) / 2 for each in (a, b))
    return (ra * rb).sum(1) / np.sqrt((ra**2).sum(1) * (rb**2).sum(1))
""",
    ),
    (
        "right, with a warning",
        """
from scipy.stats import spearmanr

def spearman(a, b):
    return np.array([spearmanr(x, y).statistic for x, y in zip(a, b)])
""",
    ),
    (None, _SPEARMAN.format("right + 0.1")),
    (None, _SPEARMAN.format("np.where(np.isnan(right), np.inf, right)")),
)
