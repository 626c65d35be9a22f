"""hwkit's Shapley values beside those of shap and captum: the same games, asked by all.

Where everything can be asked, all agree to the last digits. From a budget, hwkit's KernelSHAP is
closer to the truth than either, at the same number of evaluations.
"""

import os
import shutil

import numpy as np
import pytest
from shapley_bridge import shapley_peer

from hwkit.attribution import known_games
from hwkit.attribution.kernel_shap import kernel_shap
from hwkit.attribution.shapley import exact_shapley

SMALL = {
    "two": known_games.products(2, terms=2),
    "five": known_games.unanimity(5, teams=12, largest=5),
    "six": known_games.airport(6),
}
TEN = known_games.products(10, terms=3, seed=1)
MANY = {
    "few together": known_games.unanimity(49, teams=150, largest=5),
    "products": known_games.products(49, terms=6),
    "airport": known_games.airport(49),
}


@pytest.fixture(scope="module")
def peer():
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    if not python:
        pytest.skip("HWKIT_PEERS_PYTHON does not name a Python with shap and captum")
    if shutil.which(python) is None:
        pytest.fail(f"HWKIT_PEERS_PYTHON names no program: {python}")
    with shapley_peer(python) as explain:
        yield explain


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize(
    ("method", "apart"),
    [("shap, exact", 1e-10), ("shap", 1e-10), ("captum, exact", 2e-5)],  # captum's in float32
)
def test_all_coalitions(method, apart, name, peer):
    game = SMALL[name]
    theirs, _ = peer(method, game.worth, game.players, 2**game.players, 0)
    ours = kernel_shap(game.worth, game.players, samples=2**game.players)
    np.testing.assert_allclose(ours.values, theirs, rtol=0, atol=apart)
    exact = exact_shapley(game.worth, game.players)
    np.testing.assert_allclose(exact, theirs, rtol=0, atol=apart)


@pytest.mark.parametrize("method", ["shap, exact", "shap"])
def test_all_coalitions_of_ten_players(method, peer):
    theirs, _ = peer(method, TEN.worth, 10, 1022, 0)
    ours = kernel_shap(TEN.worth, 10, samples=1022)
    np.testing.assert_allclose(ours.values, theirs, rtol=0, atol=1e-9)
    np.testing.assert_allclose(ours.values, TEN.values, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", MANY)
def test_closer_than_both_from_a_thousand_coalitions(name, peer):
    game = MANY[name]

    def error(values: np.ndarray) -> float:
        return float(np.abs(values - game.values).sum() / np.abs(game.values).sum())

    for method in ("shap", "captum"):
        found = [peer(method, game.worth, 49, 1000, seed) for seed in range(3)]
        # Nobody and all are among the evaluations, on both sides.
        ours = [
            kernel_shap(game.worth, 49, samples=asked - 2, seed=seed)
            for seed, (_, asked) in enumerate(found)
        ]
        theirs = np.mean([error(values) for values, _ in found])
        assert np.mean([error(each.values) for each in ours]) < theirs
