"""KernelSHAP: exact where it can be, better than plain least squares elsewhere, honest errors."""

import warnings

import keras
import numpy as np
import pytest

from hwkit import Explanation, networks
from hwkit.attribution import coalition_model, coalitions, known_games
from hwkit.attribution.constrained import constrained_fit
from hwkit.attribution.kernel_shap import KernelSHAP, kernel_shap
from hwkit.attribution.path_integral import ToleranceWarning
from hwkit.attribution.shapley import exact_shapley
from hwkit.images.digits import load_digits

GAMES = {
    "few together": known_games.unanimity(49, teams=150, largest=5),
    "many together": known_games.unanimity(49, teams=150, largest=15, seed=5),
    "products": known_games.products(49, terms=6),
    "airport": known_games.airport(49),
}
BLOCKS = (np.arange(28) // 4)[:, np.newaxis] * 7 + np.arange(28) // 4


def table_game(players: int, outputs: int):
    worth = np.random.default_rng(players).normal(size=(2**players, outputs))
    return lambda Z: worth[Z @ (1 << np.arange(players))]


def plain(known: known_games.KnownGame, samples: int, seed: int) -> np.ndarray:
    """The same coalitions without the smooth model."""
    pairs = coalitions.draw(known.players, samples, seed)
    worth = known.worth(pairs.with_complements())
    gain = known.values.sum()
    halves = (worth[::2] - worth[1::2]) / 2
    return constrained_fit(pairs.shown, halves, pairs.weights, -gain / 2, gain / 2)


@pytest.mark.parametrize("players", range(1, 13))
def test_all_coalitions_give_shapley_values(players):
    game = table_game(players, 3)
    found = kernel_shap(game, players, samples=2**players)
    np.testing.assert_allclose(found.values, exact_shapley(game, players), rtol=0, atol=1e-10)
    assert found.exact and found.evaluations == 2**players
    assert not found.standard_error.any() and not found.error_estimate.any()


@pytest.mark.parametrize("samples", [48, 100, 1000, 4000, 5000])
def test_the_sum_is_what_all_earn(samples):
    game = table_game(12, 4)
    found = kernel_shap(game, 12, samples=samples, seed=2)
    ends = game(np.repeat([[False], [True]], 12, axis=1))
    np.testing.assert_array_equal([found.empty, found.full], ends)
    np.testing.assert_allclose(found.values.sum(axis=0), ends[1] - ends[0], rtol=1e-12)


def test_linear_games_are_exact_from_the_start():
    weights = np.random.default_rng(0).normal(size=(30, 2))
    found = kernel_shap(lambda Z: Z @ weights + 3, 30, samples=120)
    np.testing.assert_allclose(found.values, weights, atol=1e-8)
    assert found.standard_error.max() < 1e-7


def test_games_of_two_players_at_a_time_are_so_too():
    # Pairs of complements cancel everything that is even (Covert and Lee 2021).
    rng = np.random.default_rng(1)
    together = np.triu(rng.normal(size=(20, 20)), 1)
    found = kernel_shap(lambda Z: ((Z @ together) * Z).sum(axis=1), 20, samples=80)
    shares = (together.sum(axis=0) + together.sum(axis=1)) / 2
    np.testing.assert_allclose(found.values, shares, atol=1e-7)


@pytest.mark.parametrize("name", GAMES)
def test_error_on_49_players(name):
    known = GAMES[name]
    found = [kernel_shap(known.worth, 49, seed=seed) for seed in range(5)]
    size = np.abs(known.values).sum()
    error = np.mean([np.abs(each.values - known.values).sum() for each in found]) / size
    without = [np.abs(plain(known, 1000, seed) - known.values).sum() for seed in range(5)]
    assert error < np.mean(without) / size
    bound = {"few together": 0.13, "many together": 0.21, "products": 0.2, "airport": 0.5}
    assert error < bound[name]
    assert all(each.evaluations == 1002 and not each.exact for each in found)
    if error < 0.3:  # else the size of the estimates is much larger than that of the values
        estimated = np.mean([each.error_estimate for each in found])
        assert error == pytest.approx(estimated, rel=0.5)


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("samples", [200, 1000])
def test_standard_errors_are_the_spread_over_seeds(name, samples):
    known = GAMES[name]
    found = [kernel_shap(known.worth, 49, samples=samples, seed=seed) for seed in range(10)]
    values = np.stack([each.values for each in found])
    claimed = np.sqrt(np.mean([each.standard_error**2 for each in found]))
    assert 1 / 1.5 < claimed / np.sqrt(values.var(axis=0, ddof=1).mean()) < 1.5
    assert 1 / 1.5 < claimed / np.sqrt(((values - known.values) ** 2).mean()) < 1.5


def test_standard_errors_where_much_of_the_game_is_known():
    known = known_games.unanimity(12, teams=40, largest=12, seed=3)
    found = [kernel_shap(known.worth, 12, samples=1500, seed=seed) for seed in range(16)]
    values = np.stack([each.values for each in found])
    claimed = np.sqrt(np.mean([each.standard_error**2 for each in found]))
    assert 1 / 1.5 < claimed / np.sqrt(((values - known.values) ** 2).mean()) < 1.5


def test_values_of_the_kernel_by_full_enumeration():
    rng = np.random.default_rng(4)
    centres = rng.random((6, 9)) < 0.6
    centres[0], centres[1] = True, False
    signs = np.where(centres, 1.0, -1.0)

    def bumps(Z: np.ndarray) -> np.ndarray:
        return coalition_model._kernel(np.where(Z, 1.0, -1.0), signs)

    np.testing.assert_allclose(
        coalition_model._kernel_values(centres).T, exact_shapley(bumps, 9), atol=1e-14
    )


def test_surprise_is_of_a_model_that_has_not_seen_the_pair(monkeypatch):
    known = known_games.unanimity(7, teams=20, largest=5)
    pairs = coalitions.draw(7, 60, seed=0)
    worth, gain = known.worth(pairs.with_complements()), np.array([known.values.sum()])
    halves = ((worth[::2] - worth[1::2]) / 2)[:, np.newaxis]
    surprise = coalition_model.fit(pairs.shown, halves, gain).surprise
    for out in (0, 11, 29):
        rest = np.arange(30) != out
        model = coalition_model.fit(pairs.shown[rest], halves[rest], gain)
        # The last pair is predicted, but not learned from.
        monkeypatch.setattr(coalition_model, "MOST_PAIRS", 29)
        order = np.append(np.flatnonzero(rest), out)
        told = coalition_model.fit(pairs.shown[order], halves[order], gain)
        np.testing.assert_allclose(told.left[-1], surprise[out], rtol=1e-6)
        np.testing.assert_allclose(told.values, model.values, rtol=1e-10)


def test_more_pairs_than_the_model_is_fitted_to(monkeypatch):
    monkeypatch.setattr(coalition_model, "MOST_PAIRS", 300)
    known = GAMES["few together"]
    found = [kernel_shap(known.worth, 49, samples=3000, seed=seed) for seed in range(6)]
    error = np.mean([np.abs(each.values - known.values).sum() for each in found])
    without = np.mean([np.abs(plain(known, 3000, s) - known.values).sum() for s in range(6)])
    assert error < 0.8 * without
    values = np.stack([each.values for each in found])
    claimed = np.sqrt(np.mean([each.standard_error**2 for each in found]))
    assert 1 / 1.5 < claimed / np.sqrt(((values - known.values) ** 2).mean()) < 1.5
    np.testing.assert_allclose(values.sum(axis=1), known.values.sum(), rtol=1e-12)


def test_stops_when_the_errors_are_small_enough():
    known = GAMES["few together"]
    found = kernel_shap(known.worth, 49, samples=20_000, tolerance=0.03, seed=1)
    gain = abs(found.full - found.empty)
    assert found.evaluations < 5000
    assert found.standard_error.max() <= 0.03 * gain
    assert np.abs(found.values - known.values).max() < 5 * 0.03 * gain
    assert found.values.sum() == pytest.approx(known.values.sum(), rel=1e-12)


def test_says_when_the_tolerance_is_not_met():
    with pytest.warns(ToleranceWarning, match="0.001 is not met.*after 402 coalitions"):
        kernel_shap(GAMES["airport"].worth, 49, samples=400, tolerance=0.001)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kernel_shap(GAMES["airport"].worth, 49, samples=400)


def test_chunks_and_progress_change_nothing():
    known, told, sizes = GAMES["products"], [], []

    def worth(Z: np.ndarray) -> np.ndarray:
        sizes.append(len(Z))
        return known.worth(Z)

    found = kernel_shap(worth, 49, samples=301, chunk=64, progress=told.append)
    assert told == sizes == [64, 64, 64, 64, 46]  # 150 pairs, nobody and all
    whole = kernel_shap(known.worth, 49, samples=301, chunk=10_000, progress=False)
    np.testing.assert_allclose(found.values, whole.values, rtol=1e-9)
    assert found.values.shape == (49,) and found.full.shape == ()

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kernel_shap(known.worth, 49, progress=stop)


def test_outputs_by_themselves_and_together():
    games = [GAMES[name].worth for name in ("few together", "products")]
    both = kernel_shap(lambda Z: np.stack([game(Z) for game in games], axis=1), 49, seed=7)
    for output, game in enumerate(games):
        alone = kernel_shap(game, 49, seed=7)
        np.testing.assert_allclose(both.values[:, output], alone.values, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(both.standard_error[:, output], alone.standard_error, rtol=1e-6)


def test_refuses():
    with pytest.raises(ValueError, match="samples of 196 or more"):
        kernel_shap(GAMES["airport"].worth, 49, samples=150)
    with pytest.raises(ValueError, match="tolerance above 0"):
        kernel_shap(GAMES["airport"].worth, 49, tolerance=0.0)
    with pytest.raises(ValueError, match="chunk of 1 or more"):
        kernel_shap(GAMES["airport"].worth, 49, chunk=0)
    with pytest.raises(ValueError, match="finite"):
        kernel_shap(lambda Z: np.full(len(Z), np.nan), 49)
    with pytest.raises(ValueError, match="1 to 1000 players"):
        kernel_shap(GAMES["airport"].worth, 0)


@pytest.fixture(scope="module")
def lenet() -> keras.Model:
    return networks.load("digits-lenet")


def test_pictures(lenet):
    digits = load_digits()
    x, c = digits.x_test[:2], digits.y_test[:2].tolist()
    method = KernelSHAP(BLOCKS, fill=-1.0, samples=300, progress=False)
    explained = Explanation(lenet, method).for_input().comparative(c[0], c[1]).explain(x)
    gains = [
        float(score[c[0]] - score[c[1]])
        for score in lenet(x, training=False).numpy() - lenet(np.full_like(x, -1)).numpy()
    ]
    sums = explained.attribution.sum(axis=(1, 2, 3))
    np.testing.assert_allclose(sums, gains, rtol=1e-4)
    assert explained.completeness_error.max() < 1e-4
    assert ((explained.error_estimate > 0) & (explained.error_estimate < 1)).all()
    # Blocks without ink change nothing, so they are worth nothing.
    inked = [(x[0, ..., 0] != -1)[block == BLOCKS].any() for block in range(49)]
    assert 5 < sum(inked) < 40
    np.testing.assert_array_equal(explained.attribution[0].any(axis=-1), np.array(inked)[BLOCKS])


def test_a_picture_that_is_its_own_fill(lenet):
    found = KernelSHAP(BLOCKS, fill=-1.0, samples=300, progress=False).explain_image(
        lenet, np.full((28, 28, 1), -1.0, np.float32), labels=(0,)
    )
    assert not found.values.any() and found.fit.exact


def test_all_blocks_of_a_digit_against_many_more_samples(lenet):
    x, c = load_digits().x_test[57], int(load_digits().y_test[57])
    few, many = (
        KernelSHAP(BLOCKS, fill=0.3, samples=samples, seed=samples, progress=False)
        .explain_image(lenet, x, labels=(c,))
        .fit
        for samples in (600, 4000)
    )
    error = np.sqrt(((few.values - many.values) ** 2).mean())
    claimed = np.sqrt((few.standard_error**2 + many.standard_error**2).mean())
    assert 1 / 1.5 < error / claimed < 1.5


def test_several_labels_of_few_superpixels_are_exact(lenet):
    x = load_digits().x_test[7]
    quarters = (np.arange(28) // 14)[:, np.newaxis] * 2 + np.arange(28) // 14
    method = KernelSHAP(quarters, fill=-1.0, samples=14, progress=False)
    found = method.explain_image(lenet, x, labels=(3, 8, 1))

    def game(Z: np.ndarray) -> np.ndarray:
        shown = np.asarray(Z)[:, quarters][..., np.newaxis]
        return lenet(np.where(shown, x, -1.0).astype(np.float32)).numpy()[:, [3, 8, 1]]

    assert found.fit.exact and found.fit.evaluations == 16
    np.testing.assert_allclose(found.values, exact_shapley(game, 4), atol=1e-5)
