"""Rank correlations against scipy's, against counting by hand, and where they are not defined."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import kendalltau, rankdata, spearmanr

from hwkit.attribution.rank_correlation import (
    average_ranks,
    kendall,
    rank_correlations,
    spearman,
    top_k_overlap,
)


@pytest.fixture(params=[1000, 4], ids=["few ties", "many ties"])
def pairs(request) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    first = rng.integers(0, request.param, (20, 60)) / 7
    second = first * rng.normal(size=(20, 1)) + rng.integers(0, request.param, (20, 60)) / 7
    return first, second


def test_spearman_is_scipys_with_ties(pairs):
    expected = [spearmanr(*rows).statistic for rows in zip(*pairs, strict=True)]
    np.testing.assert_allclose(spearman(*pairs), expected, rtol=0, atol=1e-12)


def test_kendall_is_scipys(pairs):
    expected = [kendalltau(*rows).statistic for rows in zip(*pairs, strict=True)]
    np.testing.assert_allclose(kendall(*pairs), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("measure", "expected"), [(spearman, spearmanr), (kendall, kendalltau)], ids=["rho", "tau"]
)
def test_values_that_do_not_count_are_as_if_they_were_not_there(pairs, measure, expected):
    where = np.random.default_rng(2).uniform(size=pairs[0].shape) < 0.4
    found = measure(*pairs, where)
    alone = [expected(a[row], b[row]).statistic for a, b, row in zip(*pairs, where, strict=True)]
    np.testing.assert_allclose(found, alone, rtol=0, atol=1e-12)


def test_every_two_of_several_at_once(pairs):
    maps = np.stack([*pairs, pairs[0] ** 3, -pairs[1]])
    found = rank_correlations(maps)
    assert found.shape == (20, 4, 4)
    np.testing.assert_array_equal(found, found.swapaxes(1, 2))
    np.testing.assert_array_equal(found[:, range(4), range(4)], 1)
    np.testing.assert_array_equal(found[:, 0, 2], 1)
    np.testing.assert_array_equal(found[:, 1, 3], -1)
    np.testing.assert_array_equal(found[:, 0, 1], spearman(*pairs))


def test_ranks_share_their_mean():
    np.testing.assert_array_equal(average_ranks([3, 1, 3, 2]), [3.5, 1, 3.5, 2])
    where = [True, True, False, True]
    np.testing.assert_array_equal(average_ranks([3, 1, 3, 2], where), [3, 1, 0, 2])
    values = np.random.default_rng(0).integers(0, 5, (3, 4, 9))
    np.testing.assert_array_equal(average_ranks(values), rankdata(values, axis=2))


@pytest.mark.parametrize("measure", [spearman, kendall, top_k_overlap])
def test_a_single_value_ranks_nothing_and_says_so_without_a_warning(measure):
    a = np.array([[1.0, 2, 3], [2, 2, 2], [1, 2, 3], [1, 1, 2]])
    b = np.array([[1.0, 2, 3], [1, 2, 3], [0, 0, 0], [1, 2, 3]])
    where = np.array([[True] * 3] * 3 + [[True, True, False]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure(a, b, where=where)
        none = measure(a[:1], b[:1], where=np.zeros((1, 3), bool))
    np.testing.assert_array_equal(np.isnan(found), [False, True, True, True])
    assert found[0] == 1 and np.isnan(none)


def test_overlap_counted_by_hand():
    a, b = [[5.0, 4, 3, 2, 1, 0]], [[5.0, 0, 4, 1, 2, 3]]
    assert top_k_overlap(a, b, 1 / 2) == 2 / 3  # {0, 1, 2} and {0, 2, 5}
    assert top_k_overlap(a, b, 1 / 6) == 1 and top_k_overlap(a, b, 1) == 1
    assert top_k_overlap(a, b, 0.01) == 1  # one value at least
    where = [[False, True, True, True, True, True]]
    assert top_k_overlap(a, b, 0.4, where) == 1 / 2  # {1, 2} and {2, 5}


def test_overlap_of_ties_is_that_of_drawing_lots():
    rng = np.random.default_rng(5)
    a, b = rng.integers(0, 3, (2, 1, 30)).astype(float)
    drawn = []
    for _ in range(4000):
        tops = [
            set(np.lexsort((rng.uniform(size=30), -values[0]))[:12].tolist()) for values in (a, b)
        ]
        drawn.append(len(tops[0] & tops[1]) / 12)
    assert top_k_overlap(a, b, 0.4)[0] == pytest.approx(np.mean(drawn), abs=0.01)


def test_wrong_arguments_are_told():
    rows = np.zeros((2, 3))
    with pytest.raises(ValueError, match=r"two arrays \(n, m\)"):
        spearman(rows, rows[:1])
    with pytest.raises(ValueError, match="finite"):
        spearman(rows + np.nan, rows)
    with pytest.raises(ValueError, match="fraction"):
        top_k_overlap(rows, rows, 0)
    with pytest.raises(ValueError, match="where"):
        kendall(rows, rows, rows[:1] > 0)
