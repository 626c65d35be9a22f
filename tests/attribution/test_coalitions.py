"""Which coalitions a budget buys: what must be there, and that the sample is not lopsided."""

from math import comb

import numpy as np
import pytest

from hwkit.attribution import coalitions
from hwkit.attribution.shapley import all_coalitions, shapley_kernel

CASES = [
    (2, 2),
    (3, 6),
    (5, 20),
    (8, 100),
    (10, 1022),
    (13, 500),
    (49, 196),
    (49, 1000),
    (49, 9000),
]


def both(pairs: coalitions.Pairs) -> np.ndarray:
    return pairs.with_complements()


@pytest.mark.parametrize(("players", "samples"), CASES)
def test_pairs_of_different_coalitions_within_the_budget(players, samples):
    asked = both(coalitions.draw(players, samples, seed=3))
    assert samples - 2 < len(asked) <= samples
    assert asked.dtype == bool
    np.testing.assert_array_equal(asked[::2], ~asked[1::2])
    assert len(np.unique(asked, axis=0)) == len(asked)
    assert asked.any(axis=1).all() and not asked.all(axis=1).any()


def test_no_pair_is_drawn_twice_where_complements_have_the_same_size():
    for seed in range(40):
        asked = both(coalitions.draw(10, 200, seed))
        assert len(np.unique(asked, axis=0)) == len(asked), seed


@pytest.mark.parametrize("players", range(2, 12))
def test_all_coalitions_with_the_kernel_where_the_budget_allows(players):
    pairs = coalitions.draw(players, 2**players + 5)
    assert pairs.complete and (pairs.share == 1).all()
    found = {tuple(row) for row in both(pairs).tolist()}
    assert found == {tuple(row) for row in all_coalitions(players)[1:-1].tolist()}
    kernel = shapley_kernel(players, pairs.shown.sum(axis=1))
    np.testing.assert_allclose(pairs.weights, kernel, rtol=1e-12)


def test_small_and_large_coalitions_are_complete_first():
    pairs = coalitions.draw(20, 3000)
    sizes = np.minimum(pairs.shown.sum(axis=1), 20 - pairs.shown.sum(axis=1))
    whole = [size for size in range(1, 11) if (sizes == size).sum() == comb(20, size)]
    assert whole == [1, 2]
    assert ((pairs.share == 1) == (sizes <= 2)).all()


@pytest.mark.parametrize(("players", "samples"), [(7, 40), (8, 100), (20, 400)])
def test_weights_sum_to_the_kernel_of_all_on_average(players, samples):
    # Of each size: what is drawn stands for all, so that sums over it are not lopsided.
    half = players // 2
    wanted = np.array([comb(players, size) for size in range(half + 1)], float)
    wanted[1:] *= shapley_kernel(players, np.arange(1, half + 1))
    if players % 2 == 0:
        wanted[half] /= 2
    total = np.zeros(half + 1)
    for seed in range(400):
        pairs = coalitions.draw(players, samples, seed)
        sizes = pairs.shown.sum(axis=1)
        sizes = np.minimum(sizes, players - sizes)
        total += np.bincount(sizes, pairs.weights, minlength=half + 1)
    np.testing.assert_allclose(total[1:] / 400, wanted[1:], rtol=0.05)


def test_each_coalition_of_a_size_is_as_likely_as_any_other():
    # 6 players, 20 coalitions of size 3 in 10 pairs, of which some are drawn.
    seen: dict[tuple[bool, ...], int] = {}
    for seed in range(600):
        shown = coalitions.draw(6, 40, seed).shown
        for row in shown[shown.sum(axis=1) == 3].tolist():
            key = min(tuple(row), tuple(not each for each in row))
            seen[key] = seen.get(key, 0) + 1
    counts = np.array(list(seen.values()))
    assert len(counts) == 10 and counts.mean() < 600
    # Chi-square with 9 degrees of freedom stays below 27.9 in 999 of 1000 cases.
    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < 27.9


def test_players_take_part_equally_often():
    taken = np.mean([coalitions.draw(31, 600, seed).shown.mean(0) for seed in range(60)], axis=0)
    np.testing.assert_allclose(taken, taken.mean(), rtol=0.05)


def test_any_beginning_is_a_sample_of_the_same_design():
    pairs = coalitions.draw(25, 2000, seed=1)
    begun = pairs.first(250)
    np.testing.assert_allclose(begun.share, pairs.share[:250] / 4)
    sizes = np.bincount(pairs.shown.sum(axis=1), minlength=13)
    fresh = np.bincount(begun.shown.sum(axis=1), minlength=13)
    np.testing.assert_allclose(fresh, sizes / 4, atol=2)
    assert not begun.complete


def test_seeds():
    first, again, other = (coalitions.draw(20, 300, seed).shown for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_many_players():
    pairs = coalitions.draw(1000, 4000)
    assert np.isfinite(pairs.weights).all() and (pairs.weights > 0).all()


def test_refuses():
    with pytest.raises(ValueError, match="196 or more, for 49 players.*samples=195"):
        coalitions.draw(49, 195)
    with pytest.raises(ValueError, match="2 or more, for 2 players"):
        coalitions.draw(2, 1)
    with pytest.raises(ValueError, match="1 to 1000 players"):
        coalitions.draw(1001, 5000)
