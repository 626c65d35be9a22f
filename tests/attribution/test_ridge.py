"""Weighted ridge regression: by hand, at the minimum of what it minimises, and scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

from hwkit.attribution.ridge import r_squared, unweighted, weighted_ridge


def problem(n: int = 40, d: int = 6, k: int = 3, seed: int = 0):
    rng = np.random.default_rng(seed)
    Z = rng.integers(0, 2, (n, d)).astype(float)
    return Z, Z @ rng.normal(size=(d, k)) + rng.normal(size=(n, k)) + 5, rng.uniform(size=n)


def test_two_points_by_hand():
    """z = 0, 1 and y = 0, 1: centred, sum z y = sum z^2 = 1/2, so beta = (1/2) / (1/2 + alpha)."""
    Z, y = np.array([[0.0], [1.0]]), np.array([0.0, 1.0])
    intercept, beta = weighted_ridge(Z, y, np.ones(2), 1.0)
    np.testing.assert_allclose((intercept, beta[0]), (1 / 3, 1 / 3))
    np.testing.assert_allclose(weighted_ridge(Z, y, np.ones(2), 0.0)[1], [1.0])
    # The second counts three times: the mean of z is 3/4, and sum w z^2 = 3/4 as well.
    intercept, beta = weighted_ridge(Z, y, np.array([1.0, 3.0]), 1.0)
    np.testing.assert_allclose((intercept, beta[0]), (3 / 4 * (1 - 3 / 7), 3 / 7))


@pytest.mark.parametrize("alpha", [0.0, 0.01, 1.0, 30.0])
def test_it_minimises_what_it_says(alpha):
    Z, answers, weights = problem(k=1)
    y = answers[:, 0]

    def loss(parameters: np.ndarray) -> float:
        left = y - parameters[0] - Z @ parameters[1:]
        return float(weights @ left**2 + alpha * (parameters[1:] ** 2).sum())

    intercept, beta = weighted_ridge(Z, y, weights, alpha)
    found = np.array([intercept, *beta])
    best = minimize(loss, np.zeros(7), method="BFGS", options={"gtol": 1e-9}).x
    np.testing.assert_allclose(found, best, atol=1e-5)
    assert loss(found) <= loss(best) + 1e-12


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_several_outputs_are_several_regressions(alpha):
    Z, y, weights = problem()
    intercept, beta = weighted_ridge(Z, y, weights, alpha)
    assert intercept.shape == (3,) and beta.shape == (6, 3)
    for place in range(3):
        own = Ridge(alpha=alpha).fit(Z, y[:, place], sample_weight=weights)
        np.testing.assert_allclose(beta[:, place], own.coef_, atol=1e-10)
        np.testing.assert_allclose(intercept[place], own.intercept_, atol=1e-10)
        alone = weighted_ridge(Z, y[:, place], weights, alpha)
        np.testing.assert_allclose(alone[1], beta[:, place])
        assert np.ndim(alone[0]) == 0


def test_the_intercept_is_free_and_a_large_alpha_leaves_the_weighted_mean():
    Z, y, weights = problem()
    shifted = weighted_ridge(Z, y + 100, weights, 2.0)
    intercept, beta = weighted_ridge(Z, y, weights, 2.0)
    np.testing.assert_allclose(shifted[0], intercept + 100)
    np.testing.assert_allclose(shifted[1], beta)
    intercept, beta = weighted_ridge(Z, y, weights, 1e12)
    np.testing.assert_allclose(intercept, np.average(y, axis=0, weights=weights))
    assert np.abs(beta).max() < 1e-9


def test_whole_weights_are_repeated_rows():
    Z, y, _ = problem()
    times = np.arange(40) % 4
    found = weighted_ridge(Z, y, times, 0.5)
    repeated = weighted_ridge(
        np.repeat(Z, times, axis=0), np.repeat(y, times, axis=0), np.ones(times.sum()), 0.5
    )
    for one, other in zip(found, repeated, strict=True):
        np.testing.assert_allclose(one, other)


def test_a_plain_regression_of_the_unweighted_columns():
    Z, y, weights = problem()
    columns, targets = unweighted(Z, y, weights)
    plain = np.linalg.lstsq(columns, targets, rcond=None)[0]
    np.testing.assert_allclose(plain, weighted_ridge(Z, y, weights, 0.0)[1], atol=1e-10)
    one = unweighted(Z, y[:, 0], weights)[1]
    np.testing.assert_allclose(one, targets[:, 0])


def test_r_squared_is_scikit_learns():
    _, y, weights = problem()
    prediction = y + np.random.default_rng(1).normal(size=y.shape) * [0.1, 1.0, 3.0]
    expected = r2_score(y, prediction, sample_weight=weights, multioutput="raw_values")
    np.testing.assert_allclose(r_squared(y, prediction, weights), expected)
    np.testing.assert_allclose(r_squared(y[:, 1], prediction[:, 1], weights), expected[1])


def test_where_nothing_varies_there_is_no_r_squared():
    constant = np.full(7, 0.1) * (1 + np.finfo(float).eps * (np.arange(7) % 2))
    y = np.stack([constant, np.arange(7.0)], axis=1)
    found = r_squared(y, y, np.ones(7))
    assert np.isnan(found[0]) and found[1] == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"y": np.ones(39)}, "of the same n"),
        ({"weights": np.ones((40, 1))}, "of the same n"),
        ({"Z": np.ones(40)}, "of the same n"),
        ({"y": np.full(40, np.inf)}, "finite"),
        ({"weights": -np.ones(40)}, "weights of 0 or more"),
        ({"weights": np.zeros(40)}, "not all 0"),
        ({"alpha": -1.0}, "alpha of 0 or more"),
        ({"Z": np.ones((40, 6)), "alpha": 0.0}, "only 0 that are, and alpha=0"),
    ],
)
def test_what_is_refused(change, reason):
    Z, y, weights = problem()
    with pytest.raises(ValueError, match=reason):
        weighted_ridge(**({"Z": Z, "y": y, "weights": weights, "alpha": 1.0} | change))
