"""Plausible wrong answers to agreement.

Each is a pair of the mistake that should be named and the source; ``None`` for a mistake that no
typical one explains.
"""

_AGREEMENT = """
from scipy.stats import rankdata

def pearson(a, b):
    a, b = (each - each.mean(axis=1, keepdims=True) for each in (a, b))
    below = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return (a * b).sum(axis=1) / np.where(below > 0, below, np.nan)

def spearman(a, b):
    return pearson(rankdata(a, axis=1), rankdata(b, axis=1))

def over(correlations, ddof=1):
    k = len(correlations)
    mean, deviation, counted = np.full((k, k), np.nan), np.full((k, k), np.nan), np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            c = correlations[i][j][~np.isnan(correlations[i][j])]
            counted[i, j] = len(c)
            if len(c):
                mean[i, j] = c.mean()
            if len(c) > ddof:
                deviation[i, j] = c.std(ddof=ddof)
    return mean, deviation, counted

def every_two(maps, function=spearman):
    return np.array([[function(a, b) for b in maps] for a in maps])

def agreement(maps):
    names, maps = list(maps), list(maps.values())
    c = every_two(maps)
    k, n = len(c), c.shape[2]
    one = np.eye(k)
    mean, deviation, counted = over(c)
    with np.errstate(all="ignore"):
{0}
"""


def _body(source: str) -> str:
    return _AGREEMENT.format("\n".join("        " + line for line in source.splitlines()))


_SORTED = """
order = np.argsort(names)
return tuple(each[order][:, order] for each in (mean, deviation, counted))
"""
_MEAN_MAPS = """
of_means = every_two([each.mean(axis=0)[None] for each in maps])
return of_means[:, :, 0], deviation, counted
"""
_ONE_ROW = """
in_one = every_two([each.reshape(1, -1) for each in maps])
return in_one[:, :, 0], deviation, counted
"""
_MEDIAN = """
kept = [[x[~np.isnan(x)] for x in row] for row in c]
return [[np.median(x) if len(x) else np.nan for x in row] for row in kept], deviation, counted
"""
_FISHER = """
z = over(np.arctanh(np.where(one[..., None] > 0, 0, c)))[0]
return np.where(one > 0, 1, np.tanh(z)), deviation, counted
"""
_SINGLE_IS_0 = """
deviation[counted < 2] = 0
return mean, deviation, counted
"""
_COMPLETE = """
kept = ~np.isnan(c).any(axis=(0, 1))
return over(c[:, :, kept])
"""
_WARNED = """
import warnings
np.seterr(all="warn")
return np.nanmean(c, axis=2), np.nanstd(c, axis=2, ddof=1), (~np.isnan(c)).sum(axis=2)
"""
_PLAIN = "return c.mean(axis=2), c.std(axis=2, ddof=1), {0}"
AGREEMENT = (
    ("diagonal of 0", _body("return mean * (1 - one), deviation, counted")),
    ("upper triangle only", _body("return np.triu(mean), np.triu(deviation), np.triu(counted)")),
    ("lower triangle only", _body("return np.tril(mean), np.tril(deviation), np.tril(counted)")),
    ("methods in another order", _body(_SORTED)),
    ("mean and deviation exchanged", _body("return deviation, mean, counted")),
    (
        "mean over everything",
        _body("return np.full((k, k), mean[~np.isnan(mean)].mean()), deviation, counted"),
    ),
    ("correlations of mean maps", _body(_MEAN_MAPS)),
    ("all pictures in one row", _body(_ONE_ROW)),
    ("pixels instead of pictures", _body("return over(every_two([each.T for each in maps]))")),
    ("values instead of ranks", _body("return over(every_two(maps, pearson))")),
    ("size of correlations", _body("return over(np.abs(c))")),
    ("correlations squared", _body("return over(c**2)")),
    ("median instead of mean", _body(_MEDIAN)),
    ("sum instead of mean", _body("return np.nansum(c, axis=2), deviation, counted")),
    ("mean of Fisher's z", _body(_FISHER)),
    ("first picture only", _body("return c[:, :, 0], deviation, counted")),
    ("divided by n", _body("return over(c, ddof=0)")),
    ("variance", _body("return mean, deviation**2, counted")),
    ("standard error", _body("return mean, deviation / np.sqrt(counted), counted")),
    (
        "standard error, divided by n",
        _body("return mean, over(c, ddof=0)[1] / np.sqrt(counted), counted"),
    ),
    (
        "deviation over everything",
        _body("return mean, np.full((k, k), c[~np.isnan(c)].std(ddof=1)), counted"),
    ),
    ("deviation of 0 for one picture", _body(_SINGLE_IS_0)),
    ("NaN in the tables", _body(_PLAIN.format("counted"))),
    ("NaN in the tables, every row counted", _body(_PLAIN.format("np.full((k, k), n)"))),
    ("NaN in the deviations", _body("return mean, c.std(axis=2, ddof=1), counted")),
    ("undefined as 0", _body("return np.nansum(c, axis=2) / n, deviation, counted")),
    ("undefined as 0, every row counted", _body("return over(np.nan_to_num(c))")),
    ("undefined as 1", _body("return over(np.where(np.isnan(c), 1, c))")),
    ("every row counted", _body("return mean, deviation, np.full((k, k), n)")),
    ("undefined ones counted", _body("return mean, deviation, np.isnan(c).sum(axis=2)")),
    ("left out for all methods", _body(_COMPLETE)),
    (
        "diagonal counts every row",
        _body("return mean, deviation, np.where(one > 0, n, counted)"),
    ),
    ("mean of nothing is 0", _body("return np.nan_to_num(mean), deviation, counted")),
    ("right, with a warning", _body(_WARNED)),
    ("no three tables", _body("return mean")),
    ("no three tables", _body("return mean, deviation")),
    ("tables of other shapes", _body("return mean, deviation, n")),
    (None, _body("return mean + 0.1, deviation, counted")),
    (None, _body("return mean, deviation, counted - 1")),
)
