"""Which superpixels are chosen: against trying them all, and where it is plain to see.

tests/peers/test_lime.py compares the choices with the lime package's.
"""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Lasso, Ridge

from hwkit.attribution.feature_selection import select

STRONG = np.array([0.0, 3.0, 0.0, -2.0, 0.0, 1.0, 0.0, 0.0])  # players 1, 3, 5 matter


def problem(seed: int = 0, noise: float = 0.3):
    rng = np.random.default_rng(seed)
    Z = rng.integers(0, 2, (60, 8)).astype(float)
    Z[0] = 1
    return Z, Z @ STRONG + noise * rng.normal(size=60), rng.uniform(0.1, 1, 60)


@pytest.mark.parametrize("how", ["forward", "highest_weights", "lasso_path", "auto"])
def test_those_that_matter_are_found(how):
    Z, y, weights = problem()
    assert sorted(select(Z, y, weights, 3, how)) == [1, 3, 5]
    if how != "lasso_path":
        assert select(Z, y, weights, 3, how).tolist() == [1, 3, 5]  # the strongest first


@pytest.mark.parametrize("seed", range(5))
def test_forward_is_the_best_next_one_of_all_fits(seed):
    Z, y, weights = problem(seed, noise=3)
    chosen: list[int] = []
    for _ in range(8):
        scores = {}
        for number in set(range(8)) - set(chosen):
            columns = Z[:, [*chosen, number]]
            fitted = Ridge(alpha=0).fit(columns, y, sample_weight=weights)
            scores[number] = fitted.score(columns, y, sample_weight=weights)
        chosen.append(max(scores, key=scores.__getitem__))
    assert select(Z, y, weights, 8, "forward").tolist() == chosen
    assert select(Z, y, weights, 4, "forward").tolist() == chosen[:4]


def test_forward_takes_what_is_needed_beside_a_twin():
    """Columns 0 and 1 are the same: the second of them explains nothing more."""
    Z, y, weights = problem()
    Z[:, 0] = Z[:, 1]
    assert select(Z, y, weights, 3, "forward").tolist() == [0, 3, 5]
    assert sorted(select(Z, y, weights, 8, "forward")) == list(range(8))


def test_highest_weights_are_those_of_a_ridge_regression():
    Z, y, weights = problem(noise=3)
    sizes = np.abs(Ridge(alpha=0.01).fit(Z, y, sample_weight=weights).coef_)
    assert select(Z, y, weights, 5, "highest_weights").tolist() == np.argsort(-sizes)[:5].tolist()


def test_lasso_path_is_the_lasso_at_some_penalty():
    Z, y, weights = problem(noise=2)
    chosen = set(select(Z, y, weights, 4, "lasso_path").tolist())
    assert 0 < len(chosen) <= 4
    roots = np.sqrt(weights)
    columns = (Z - np.average(Z, axis=0, weights=weights)) * roots[:, np.newaxis]
    target = (y - np.average(y, weights=weights)) * roots
    found = [
        set(Lasso(alpha=alpha, fit_intercept=False).fit(columns, target).coef_.nonzero()[0])
        for alpha in np.geomspace(1e-4, 1, 200)
    ]
    assert chosen in found
    assert all(len(each) <= 4 for each in found[found.index(chosen) :])


def test_auto_changes_at_six_and_none_takes_all():
    rng = np.random.default_rng(3)
    Z = rng.integers(0, 2, (40, 9)).astype(float)
    y, weights = rng.normal(size=40), rng.uniform(size=40)
    for count, how in ((6, "forward"), (7, "highest_weights")):
        assert select(Z, y, weights, count, "auto").tolist() == (
            select(Z, y, weights, count, how).tolist()
        )
    assert select(Z, y, weights, 1, "none").tolist() == list(range(9))
    assert len(select(Z, y, weights, 100, "auto")) == 9


def test_what_is_refused():
    Z, y, weights = problem()
    with pytest.raises(ValueError, match="auto, forward, highest_weights, lasso_path or none"):
        select(Z, y, weights, 3, "backward")
    with pytest.raises(ValueError, match="1 superpixel or more"):
        select(Z, y, weights, 0)
