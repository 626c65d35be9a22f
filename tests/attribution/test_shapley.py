"""Exact Shapley values and the weights of coalitions, by hand, by definition and in closed form."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from hwkit.attribution import known_games
from hwkit.attribution.shapley import all_coalitions, exact_shapley, shapley_kernel


def by_orders(game, players: int) -> np.ndarray:
    """The mean over all orders of what a player adds to those before: Shapley's own words."""
    total = 0.0
    for order in permutations(range(players)):
        Z = np.tri(players + 1, players, -1, dtype=bool)[:, np.argsort(order)]
        added = np.diff(game(Z), axis=0)
        total = total + added[np.argsort(order)]
    return total / factorial(players)


def table_game(players: int, outputs: int, seed: int = 0):
    worth = np.random.default_rng(seed).normal(size=(2**players, outputs))
    return lambda Z: worth[Z @ (1 << np.arange(players))]


def test_two_players_by_hand():
    # v() = 1, v(1) = 3, v(2) = 2, v(1 and 2) = 8: 1 adds 2 or 6, 2 adds 1 or 5.
    game = lambda Z: np.array([1.0, 3, 2, 8])[Z @ [1, 2]]  # noqa: E731
    np.testing.assert_allclose(exact_shapley(game, 2), [4, 3], rtol=1e-15)


def test_gloves():
    # One left glove, two right ones: a pair is worth 1. The known solution is 2/3, 1/6, 1/6.
    def pairs(Z: np.ndarray) -> np.ndarray:
        return np.minimum(Z[:, 0], Z[:, 1:].sum(axis=1)).astype(float)

    np.testing.assert_allclose(exact_shapley(pairs, 3), [2 / 3, 1 / 6, 1 / 6], rtol=1e-14)


@pytest.mark.parametrize("players", [1, 2, 3, 6])
def test_mean_over_all_orders(players):
    game = table_game(players, 3)
    np.testing.assert_allclose(exact_shapley(game, players), by_orders(game, players), atol=1e-13)


@pytest.mark.parametrize(
    "known",
    [
        known_games.unanimity(12, teams=40, largest=12),
        known_games.products(11, terms=5),
        known_games.airport(12),
        known_games.airport(1),
    ],
    ids=["unanimity", "products", "airport", "one aeroplane"],
)
def test_closed_forms(known):
    found = exact_shapley(known.worth, known.players)
    np.testing.assert_allclose(found, known.values, rtol=1e-11, atol=1e-13)


def test_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="1 to 12 players.*players=13.*kernel_shap"):
        exact_shapley(lambda Z: Z[:, 0], 13)
    with pytest.raises(ValueError, match="1 to 12 players"):
        exact_shapley(lambda Z: Z[:, 0], 0)
    with pytest.raises(ValueError, match=r"n = 8 coalitions.*\(2,\)"):
        exact_shapley(lambda Z: np.zeros(2), 3)
    with pytest.raises(ValueError, match="finite"):
        exact_shapley(lambda Z: np.where(Z[:, 0], np.nan, 0), 3)


def test_kernel_by_hand():
    # d = 4: 3 / (4 * 1 * 3), 3 / (6 * 2 * 2), 3 / (4 * 3 * 1).
    np.testing.assert_allclose(shapley_kernel(4, np.array([1, 2, 3])), [1 / 4, 1 / 8, 1 / 4])


@pytest.mark.parametrize("players", [2, 5, 60, 1000])
def test_kernel_of_all_coalitions_of_a_size(players):
    # Without the binomial coefficient it is (d - 1) / (s (d - s)); and s and d - s weigh the same.
    sizes = np.arange(1, players)
    weights = shapley_kernel(players, sizes)
    assert weights.dtype == np.float64
    np.testing.assert_array_equal(weights, weights[::-1])
    logs = np.array([sum(np.log(np.arange(1, s + 1))) for s in range(players + 1)])
    binomials = logs[players] - logs[sizes] - logs[players - sizes]
    masses = (players - 1) / (sizes * (players - sizes))
    np.testing.assert_allclose(np.log(weights) + binomials, np.log(masses), atol=1e-9)


@pytest.mark.parametrize("size", [0, 4, -1])
def test_kernel_refuses_sizes(size):
    with pytest.raises(ValueError, match="sizes from 1 to 3"):
        shapley_kernel(4, np.array([2, size]))


def test_all_coalitions():
    found = all_coalitions(3)
    assert found.shape == (8, 3)
    assert len({tuple(row) for row in found.tolist()}) == 8
    np.testing.assert_array_equal(found[6], [False, True, True])
