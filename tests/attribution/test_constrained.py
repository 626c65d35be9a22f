"""Least squares with a constraint, beside a general solver and the Shapley values."""

import numpy as np
import pytest
from scipy.optimize import minimize

from hwkit.attribution import known_games
from hwkit.attribution.constrained import constrained_fit, constrained_map
from hwkit.attribution.shapley import all_coalitions, exact_shapley, shapley_kernel


def drawn(n: int, d: int, k: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    Z = all_coalitions(d)[rng.choice(np.arange(1, 2**d - 1), n, replace=False)]
    return Z, rng.normal(size=(n, k)), rng.uniform(0.1, 3, n), rng.normal(size=(2, k))


def test_by_hand():
    # Two players, v(1) = 3, v(2) = 2, v() = 1, v(1 and 2) = 8; phi = (p, 7 - p):
    # w1 (2 - p)^2 + w2 (1 - 7 + p)^2 is least at p = (2 w1 + 6 w2) / (w1 + w2).
    found = constrained_fit(np.eye(2), np.array([3.0, 2]), np.array([1.0, 3]), 1, 8)
    np.testing.assert_allclose(found, [5, 2], rtol=1e-14)


def test_beside_a_general_solver():
    Z, y, weights, (empty, full) = drawn(20, 5, 1)

    def loss(phi: np.ndarray) -> float:
        return float(weights @ (y[:, 0] - empty[0] - Z @ phi) ** 2)

    total = {"type": "eq", "fun": lambda phi: phi.sum() - (full - empty)[0]}
    solved = minimize(loss, np.zeros(5), constraints=total, method="SLSQP", options={"ftol": 1e-15})
    found = constrained_fit(Z, y[:, 0], weights, empty[0], full[0])
    np.testing.assert_allclose(found, solved.x, atol=1e-6)
    assert loss(found) <= loss(solved.x) * (1 + 1e-12)


def test_beside_a_lagrange_multiplier():
    Z, y, weights, (empty, full) = drawn(100, 9, 4)
    gram = np.block([[(Z.T * weights) @ Z, np.ones((9, 1))], [np.ones(9), 0.0]])
    right = np.concatenate([(Z.T * weights) @ (y - empty), [full - empty]])
    wanted = np.linalg.solve(gram, right)[:9]
    found = constrained_fit(Z, y, weights, empty, full)
    np.testing.assert_allclose(found, wanted, atol=1e-11)
    np.testing.assert_allclose(found.sum(axis=0), full - empty, rtol=1e-12)


@pytest.mark.parametrize("players", [2, 3, 7, 12])
def test_shapley_values_are_the_fit_to_all_coalitions(players):
    known = known_games.unanimity(players, teams=30, largest=players)
    Z = all_coalitions(players)[1:-1]
    worth = known.worth(all_coalitions(players)) + 0.5
    kernel = shapley_kernel(players, Z.sum(axis=1))
    found = constrained_fit(Z, worth[1:-1], kernel, worth[0], worth[-1])
    np.testing.assert_allclose(found, known.values, atol=1e-11)
    np.testing.assert_allclose(found, exact_shapley(known.worth, players), atol=1e-11)


def test_the_map_is_the_derivative_by_the_answers():
    Z, y, weights, (empty, full) = drawn(30, 6, 2)
    moved = y + np.random.default_rng(9).normal(size=y.shape)
    change = constrained_fit(Z, moved, weights, empty, full) - constrained_fit(
        Z, y, weights, empty, full
    )
    np.testing.assert_allclose(constrained_map(Z, weights) @ (moved - y), change, atol=1e-12)


def test_too_few_coalitions_leave_equal_shares():
    # Only what player 1 earns is known; the others cannot be told apart.
    found = constrained_fit(np.eye(4)[:1], np.array([7.0]), np.ones(1), 0, 10)
    np.testing.assert_allclose(found, [7, 1, 1, 1], rtol=1e-12)


def test_refuses():
    Z, y, weights, (empty, full) = drawn(8, 4, 2)
    with pytest.raises(ValueError, match=r"Expected Z \(n, d\).*\(8, 4\), \(7, 2\)"):
        constrained_fit(Z, y[1:], weights, empty, full)
    with pytest.raises(ValueError, match="full numbers or"):
        constrained_fit(Z, y, weights, empty, np.zeros(3))
    with pytest.raises(ValueError, match="finite"):
        constrained_fit(Z, y * np.nan, weights, empty, full)
    with pytest.raises(ValueError, match="weights of 0 or more"):
        constrained_fit(Z, y, -weights, empty, full)
