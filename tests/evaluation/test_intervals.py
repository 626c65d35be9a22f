"""Intervals, against scipy's and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hwkit.evaluation import intervals
from hwkit.evaluation.intervals import Interval, bootstrap, of_runs, paired_difference, wilson


def hits(right: int, count: int) -> np.ndarray:
    return np.arange(count) < right


@pytest.mark.parametrize(("right", "count"), [(0, 1), (0, 40), (1, 3), (57, 100), (1962, 2000)])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_is_scipys(right, count, level):
    for wanted in (right, count - right):
        found = wilson(hits(wanted, count), level)
        true = stats.binomtest(wanted, count).proportion_ci(level, method="wilson")
        assert found.estimate == wanted / count
        assert (found.low, found.high) == pytest.approx((true.low, true.high), abs=1e-12)


def test_wilson_by_hand():
    # z = 1.959964: (0.5 + z^2 / 20) / (1 + z^2 / 10) = 0.5, half its width is z / 2 / sqrt(10+z^2).
    found = wilson(hits(5, 10))
    half = 1.959964 / 2 / np.sqrt(10 + 1.959964**2)
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)
    assert str(found) == "0.500 (0.237 to 0.763)"
    assert wilson(hits(0, 7)).low == 0 and wilson(hits(7, 7)).high == 1


@pytest.mark.parametrize("ours", ["percentile", "bca"])
def test_bootstrap_is_scipys_but_for_the_draws(ours):
    values = np.random.default_rng(0).gamma(0.4, size=60)  # skewed, so that the methods differ
    found = bootstrap(values, method=ours, draws=20_000)
    true = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method={"bca": "BCa"}.get(ours, ours), rng=5
    ).confidence_interval
    width = true.high - true.low
    assert found.estimate == values.mean()
    assert found.low == pytest.approx(true.low, abs=0.02 * width)
    assert found.high == pytest.approx(true.high, abs=0.02 * width)


def test_bca_corrects_by_more_than_the_draws_vary():
    values = np.random.default_rng(0).gamma(0.4, size=60)
    plain, corrected = (bootstrap(values, method=each) for each in ("percentile", "bca"))
    width = plain.high - plain.low
    assert corrected.low > plain.low + 0.05 * width
    assert corrected.high > plain.high + 0.05 * width


def test_bootstrap_covers_as_often_as_it_says():
    rng = np.random.default_rng(3)
    found = [bootstrap(rng.normal(2, 1, 80), draws=400, seed=k) for k in range(400)]
    covered = np.mean([each.low <= 2 <= each.high for each in found])
    assert 0.91 < covered < 0.98  # 0.95, less a little for the small sample


def test_a_seed_decides_and_chunks_do_not_leak(monkeypatch):
    values = np.random.default_rng(1).normal(size=50)
    first = bootstrap(values, seed=4)
    assert first == bootstrap(values, seed=4) != bootstrap(values, seed=5)
    monkeypatch.setattr(intervals, "_CHUNK", 120)  # two draws at once
    small = bootstrap(values, draws=999, seed=4)
    assert small.low == pytest.approx(first.low, abs=0.05)


def test_pairs_are_surer_than_two_intervals():
    rng = np.random.default_rng(2)
    hard = rng.normal(0, 1, 300)
    one, other = hard + 0.1 + rng.normal(0, 0.05, 300), hard
    found = paired_difference(one, other)
    assert found.low > 0.09 and found.high < 0.11
    assert found == bootstrap(one - other)
    apart = bootstrap(one), bootstrap(other)
    assert apart[0].low < apart[1].high  # alone, they would tell nothing


def test_a_mean_without_spread_has_no_width():
    for method in ("percentile", "bca"):
        assert bootstrap(np.full(9, 0.25), method=method) == Interval(0.25, 0.25, 0.25)


def test_five_runs_are_students():
    runs = [0.981, 0.979, 0.984, 0.983, 0.978]
    true = stats.ttest_1samp(runs, 0).confidence_interval(0.9)
    found = of_runs(runs, 0.9)
    assert (found.low, found.high) == pytest.approx((true.low, true.high))
    in_percent = found * 100
    assert in_percent.low == pytest.approx(100 * true.low) and in_percent.estimate > 98
    assert (found * -1).low == pytest.approx(-true.high)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: wilson([]), "1 or more"),
        (lambda: wilson([0.5, 1]), "true or false"),
        (lambda: wilson([1, 0], 95), "between 0 and 1"),
        (lambda: bootstrap([1.0]), "2 or more"),
        (lambda: bootstrap([1.0, np.nan]), "not all finite"),
        (lambda: bootstrap([1.0, 2.0], method="basic"), "Expected the method"),
        (lambda: bootstrap([[1.0, 2.0]]), "shape"),
        (lambda: paired_difference([1, 2], [1, 2, 3]), "2 and 3"),
        (lambda: of_runs([1.0]), "2 or more"),
    ],
)
def test_what_cannot_be_is_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()
