"""Agreement of weights, where it can be counted by hand."""

from __future__ import annotations

import numpy as np
from scipy.stats import spearmanr

from hwkit.attribution.stability import Stability, rank_correlation


def of(*weights: list[float], top: int = 2) -> Stability:
    return Stability((0,), tuple(range(len(weights))), np.array(weights)[..., np.newaxis], top)


def test_the_same_order_and_the_opposite():
    assert of([1, 2, 3], [10, 20, 90]).order == 1
    assert of([1, 2, 3], [3, 2, 1]).order == -1
    np.testing.assert_allclose(of([1, 2, 3], [1, 2, 4], [3, 2, 1]).order, [(1 - 1 - 1) / 3])


def test_overlap_counts_the_largest_in_size():
    assert of([5, -4, 1, 0.1], [-4, 5, 0.1, 1]).overlap == 1
    assert of([5, -4, 1, 0.1], [5, 0.1, 1, -4]).overlap == 0.5
    three = of([5, -4, 1, 0.1], [5, 0.1, 1, -4], [0.1, 0.2, 5, 5])
    np.testing.assert_allclose(three.overlap, (0.5 + 0 + 0.5) / 3)


def test_overlap_of_superpixels_that_were_not_chosen():
    """A weight of 0 is not among the largest, however few there are."""
    assert of([5, 0, 0, 0], [0, 5, 0, 0]).overlap == 0
    assert of([5, 0, 0, 0], [5, 1, 0, 0]).overlap == 0.5
    assert np.isnan(of([0, 0, 0, 0], [5, 1, 0, 0]).overlap)


def test_mean_and_deviation_of_each_weight_and_label():
    values = np.random.default_rng(0).normal(size=(4, 5, 2))
    found = Stability((3, 8), (0, 1, 2, 3), values)
    np.testing.assert_allclose(found.mean, values.sum(axis=0) / 4)
    expected = np.sqrt(((values - values.mean(axis=0)) ** 2).sum(axis=0) / 3)
    np.testing.assert_allclose(found.deviation, expected)
    assert found.order.shape == found.overlap.shape == (2,)


def test_rank_correlation_is_scipys():
    one, other = np.random.default_rng(0).normal(size=(2, 30)).round(1)
    np.testing.assert_allclose(rank_correlation(one, other), spearmanr(one, other).statistic)
    assert np.isnan(rank_correlation(one, np.zeros(30)))
