from __future__ import annotations

from itertools import combinations_with_replacement, product

import numpy as np
import pandas as pd
from galleries import assert_fails, verdict
from gallery_tools import gallery
from scipy import stats

from hwkit.checks import agreement_matrix as module


def spearman(a, b):
    found = np.full(len(a), np.nan)
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if np.ptp(x) and np.ptp(y):
            found[i] = stats.spearmanr(x, y).statistic
    return found


def matrix(entry, maps):
    """(mean, deviation, counted) of what ``entry`` makes of two methods' maps."""
    found = np.array([[entry(a, b) for b in maps.values()] for a in maps.values()], float)
    return found[..., 0], found[..., 1], found[..., 2].astype(int)


def of(values):
    """Mean, deviation and number of correlations, in plain Python."""
    kept = [each for each in values.tolist() if each == each]
    count = len(kept)
    if not count:
        return np.nan, np.nan, 0
    mean = sum(kept) / count
    if count < 2:
        return mean, np.nan, count
    return mean, (sum((each - mean) ** 2 for each in kept) / (count - 1)) ** 0.5, count


def right(maps):
    return matrix(lambda a, b: of(spearman(a, b)), maps)


def pair(change):
    """Something made of the correlations of two methods, in place of the right numbers."""
    return lambda maps: matrix(lambda a, b: change(spearman(a, b)), maps)


def after(change):
    """Something made of the right answer and of how many pictures there are."""
    return lambda maps: change(*right(maps), len(next(iter(maps.values()))))


def quietly(function):
    def solution(maps):
        with np.errstate(all="ignore"):
            return function(maps)

    return solution


def one_row(join):
    """One correlation for each pair, of maps that are joined to one row."""

    def solution(maps):
        mean, _, _ = right({name: join(each)[None] for name, each in maps.items()})
        _, deviation, counted = right(maps)
        return mean, deviation, counted

    return solution


def pearson(a, b):
    found = np.full(len(a), np.nan)
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if np.ptp(x) and np.ptp(y):
            found[i] = np.corrcoef(x, y)[0, 1]
    return found


def in_order(maps):
    return right({name: maps[name] for name in sorted(maps)})


def complete(maps):
    kept = [all(np.ptp(each[i]) for each in maps.values()) for i in range(len(maps["lrp"]))]
    return right({name: each[kept] for name, each in maps.items()})


def whole(values):
    """NaN spreads, as np.mean and np.std let it; counted is right."""
    count = int(np.isfinite(values).sum())
    return values.mean(), values.std(ddof=1) if len(values) > 1 else np.nan, count


def by(mean=None, deviation=None, counted=None):
    """The right numbers of two methods, but for one part made of the defined correlations."""

    def entry(values):
        parts, kept = list(of(values)), values[np.isfinite(values)]
        for place, part in enumerate((mean, deviation, counted)):
            if part and len(kept) > (place == 1):
                parts[place] = part(kept)
        return parts

    return pair(entry)


def upper(mean, deviation, counted, n):
    return np.triu(mean), np.triu(deviation), np.triu(counted)


def diagonal(mean, deviation, counted, n):
    return mean * (1 - np.eye(len(mean))), deviation, counted


def of_all(mean, deviation, counted, n):
    return mean * counted / n, deviation, counted


MISTAKES = {
    "sorted": in_order,
    "mean maps": one_row(lambda maps: maps.mean(axis=0)),
    "one long row": one_row(np.ravel),
    "values": lambda maps: matrix(lambda a, b: of(pearson(a, b)), maps),
    "median": by(mean=np.median),
    "first row": pair(lambda values: (values[0], *of(values)[1:])),
    "upper": after(upper),
    "diagonal 0": after(diagonal),
    "variance": after(lambda mean, deviation, counted, n: (mean, deviation**2, counted)),
    "ddof": by(deviation=np.std),
    "error of mean": after(lambda m, d, counted, n: (m, d / np.sqrt(counted), counted)),
    "NaN spreads": pair(whole),
    "zero": pair(lambda values: of(np.nan_to_num(values))),
    "complete": quietly(complete),
    "all counted": after(lambda m, d, counted, n: (m, d, np.full(m.shape, n))),
    "left out": after(lambda m, d, counted, n: (m, d, n - counted)),
    "of all": after(of_all),
    "single is 0": after(lambda m, d, counted, n: (m, np.where(counted == 1, 0, d), counted)),
    "few are 0": after(lambda m, d, counted, n: (m, np.where(counted < 2, 0, d), counted)),
    "nothing is 0": after(lambda m, d, counted, n: (np.nan_to_num(m), d, counted)),
}


def one_triangle(maps):
    k = len(maps)
    arrays = list(maps.values())
    mean, deviation = np.full((k, k), np.nan), np.full((k, k), np.nan)
    counted = np.zeros((k, k), int)
    for i, j in combinations_with_replacement(range(k), 2):
        values = spearman(arrays[i], arrays[j])
        values = values[~np.isnan(values)]
        counted[i, j] = counted[j, i] = len(values)
        if len(values):
            mean[i, j] = mean[j, i] = values.mean()
        if len(values) > 1:
            deviation[i, j] = deviation[j, i] = values.std(ddof=1)
    return mean, deviation, counted


def by_pandas(maps):
    columns = {
        (i, j): pd.Series(spearman(a, b))
        for (i, a), (j, b) in product(enumerate(maps.values()), repeat=2)
    }
    k = len(maps)
    table = pd.DataFrame(columns)
    return tuple(
        each.to_numpy().reshape(k, k) for each in (table.mean(), table.std(), table.count())
    )


def by_sums(maps):
    arrays = list(maps.values())
    rho = np.array([[spearman(a, b) for b in arrays] for a in arrays])
    known = np.isfinite(rho)
    counted = known.sum(axis=-1)
    total = np.where(known, rho, 0).sum(axis=-1)
    mean = np.divide(total, counted, out=np.full(total.shape, np.nan), where=counted > 0)
    squares = np.where(known, (rho - mean[..., None]) ** 2, 0).sum(axis=-1)
    variance = np.divide(squares, counted - 1, out=np.full(total.shape, np.nan), where=counted > 1)
    return mean, np.sqrt(variance), counted


def by_masked_arrays(maps):
    arrays = list(maps.values())
    rho = np.ma.masked_invalid([[spearman(a, b) for b in arrays] for a in arrays])
    mean, deviation = rho.mean(axis=2).filled(np.nan), rho.std(axis=2, ddof=1)
    return mean, np.ma.filled(deviation, np.nan), rho.count(axis=2)


def by_names(maps):
    found = {key: of(spearman(maps[key[0]], maps[key[1]])) for key in product(maps, maps)}
    return tuple([[found[one, other][part] for other in maps] for one in maps] for part in range(3))


def with_floats(maps):
    mean, deviation, counted = one_triangle(maps)
    return mean.astype("float32"), deviation.astype("float32"), counted.astype(float)


def own_diagonal(maps):
    """The diagonal is written down."""
    mean, deviation, counted = one_triangle(maps)
    np.fill_diagonal(mean, 1.0)
    np.fill_diagonal(deviation, 0.0)
    return mean, deviation, counted


def warns(maps):
    rho = np.array([[spearman(a, b) for b in maps.values()] for a in maps.values()])
    return np.nanmean(rho, axis=2), np.nanstd(rho, axis=2, ddof=1), np.isfinite(rho).sum(axis=2)


def pops(maps):
    found = one_triangle(maps)
    maps.popitem()
    return found


def in_place(maps):
    found = one_triangle(maps)
    for each in maps.values():
        each *= 2
    return found


TestAgreement = gallery(
    "agreement",
    module,
    MISTAKES,
    [
        right,
        one_triangle,
        by_pandas,
        by_sums,
        by_masked_arrays,
        by_names,
        with_floats,
        own_diagonal,
    ],
    [
        (warns, "there is a warning: Mean of empty slice"),
        (pops, "a dictionary that was passed in has been changed"),
        (in_place, "an array that was passed in has been changed"),
        (lambda maps: right(maps)[:2], "expected (mean, deviation, counted), received 2 things"),
        (lambda maps: right(maps)[0], "received 2 things"),
        (lambda maps: {"mean": 1}, "received dict"),
        (lambda maps: (*right(maps)[:2], None), "counted is still empty"),
        (lambda maps: (*right(maps)[:2], 3), "counted has shape (), expected (2, 2)"),
        (lambda maps: [each.ravel() for each in right(maps)], "mean has shape (4,)"),
        (lambda maps: (right(maps)[0] + 0.1, *right(maps)[1:]), "mean differs in"),
        (lambda maps: (right(maps)[0], right(maps)[1] + 0.1, right(maps)[2]), "deviation differs"),
        (lambda maps: (*right(maps)[:2], right(maps)[2] + 1), "counted differs in"),
        (lambda: 1, "TypeError"),
    ],
    undefined=True,
)


def test_it_waits_for_spearman():
    def spearman(a, b):
        raise NotImplementedError

    said = verdict("agreement", lambda maps: spearman(*list(maps.values())[:2]))
    assert said.startswith("[waiting]")
    assert "waits for the blank 'Spearman's correlation' (spearman)" in said


def test_a_warning_is_told_only_where_the_numbers_are_right():
    assert_fails("agreement", MISTAKES["ddof"], module.SENTENCES["ddof"])
