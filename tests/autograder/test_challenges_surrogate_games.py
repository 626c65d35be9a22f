"""Expected values of the questions on LIME and Shapley values, worked out in other ways."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from answers import surrogate_right_a, surrogate_wrong_a
from gallery import CHALLENGES
from local_transport import LocalTransport
from scipy.spatial.distance import cdist
from sklearn.linear_model import LinearRegression, Ridge
from test_challenges import HOSTILE, drawn

from autograder.challenge import Response
from autograder.challenges import surrogate_kernel, surrogate_ridge
from autograder.challenges.surrogate_dummy import weights_of
from autograder.diagnosis import outcome_of
from autograder.inside.asks.surrogate_games import game
from autograder.judge import judge
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.surrogate_dummy import check_dummy_player

SEEDS = (3, 11, 2**40)
BLANKS = (
    "masked",
    "weighting_kernel",
    "weighted_ridge",
    "exact_shapley",
    "shapley_kernel",
    "dummy_player",
)
by_seed = pytest.mark.parametrize("seed", SEEDS)


@by_seed
def test_masked_pictures_pixel_by_pixel(seed: int) -> None:
    kinds = set()
    for case in drawn("masked", seed):
        picture, segments, Z, fill = (case.inputs[k] for k in ("picture", "segments", "Z", "fill"))
        assert set(segments.ravel()) == set(range(Z.shape[1]))
        for z, found in zip(Z, case.expected, strict=True):
            for place in np.ndindex(segments.shape):
                shown = picture if z[segments[place]] else fill
                assert found[place].tolist() == shown[place].tolist()
        kinds |= {Z.dtype.kind, (picture.shape[2], len(Z) > 1)}
    assert kinds == {"b", "i", *itertools.product((1, 3), (False, True))}


@by_seed
def test_weights_of_coalitions_by_the_cosine_of_scipy(seed: int) -> None:
    for case in drawn("weighting_kernel", seed):
        Z, width = case.inputs["Z"], case.inputs["width"]
        with np.errstate(all="ignore"):
            D = cdist(Z, np.ones((1, Z.shape[1])), "cosine")[:, 0]
        assert (~Z.any(axis=1)).any() == ("nothing" in case.aspect)
        D[~Z.any(axis=1)] = 1
        np.testing.assert_allclose(case.expected**2, np.exp(-((D / width) ** 2)), rtol=1e-12)


@by_seed
def test_fits_are_those_of_scikit_learn(seed: int) -> None:
    shapes = set()
    for case in drawn("weighted_ridge", seed):
        Z, y, weights, alpha = (case.inputs[k] for k in ("Z", "y", "weights", "alpha"))
        model = Ridge(alpha=alpha) if alpha else LinearRegression()
        model.fit(Z, y, sample_weight=weights)
        found = {"b": np.asarray(model.intercept_), "beta": model.coef_.T}
        assert case.read is not None
        np.testing.assert_allclose(case.read(found), case.expected, atol=1e-9)
        # Aspects are tried apart from one another.
        assert (np.ptp(weights) > 0.1) == (case.aspect == "weights")
        assert (y.ndim == 2) == (case.aspect == "several outputs")
        zero = np.abs(found["b"]).max() < 1e-9
        assert zero <= (case.aspect != "the intercept is free")
        assert zero or case.aspect != "weights"
        shapes.add((bool(alpha), y.ndim))
    assert shapes == set(itertools.product((False, True), (1, 2)))


@by_seed
def test_a_fit_s_intercept_and_weights_are_told_apart_by_shape_alone(seed: int) -> None:
    for case in drawn("weighted_ridge", seed):
        assert case.read is not None
        d, several = case.inputs["Z"].shape[1], case.inputs["y"].shape[1:]
        size = np.prod(several, dtype=int)
        b, beta = case.expected[:size].reshape(several), case.expected[size:].reshape(d, *several)
        assert outcome_of(case, Response("answer", {"b": b, "beta": beta})).right
        exchanged = outcome_of(case, Response("answer", {"b": beta, "beta": b}))
        assert exchanged.misread is not None
        assert exchanged.misread.mistake == "b and beta exchanged"
        lists = outcome_of(case, Response("answer", {"b": np.atleast_1d(b), "beta": beta}))
        assert lists.right


@by_seed
def test_shapley_values_are_means_over_all_orders(seed: int) -> None:
    sizes = []
    for case in drawn("exact_shapley", seed):
        table, d = case.inputs["table"], case.inputs["d"]
        found = np.zeros(d)
        for order in itertools.permutations(range(d)):
            before = 0
            for player in order:
                found[player] += table[before + 2**player] - table[before]
                before += 2**player
        np.testing.assert_allclose(case.expected, found / factorial(d), atol=1e-9)
        assert case.expected.sum() == pytest.approx(table[-1] - table[0])
        assert (table[0] != 0) == ("empty" in case.aspect)
        sizes.append(d)
    assert {1, 2, 3, 8} <= set(sizes)


def test_the_game_in_the_box() -> None:
    value = game(np.array([5.0, 1, 2, 3, 4, 0, 6, 7]), 3)
    assert value([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]).tolist() == [
        5,
        1,
        2,
        4,
        7,
    ]
    for Z in (np.ones((2, 3)), np.ones((2, 3), bool), np.ones((2, 3), np.int8)):
        assert value(Z).tolist() == [7, 7]
    assert value(np.zeros((0, 3))).shape == (0,)
    for wrong in ([1, 1, 1], np.ones((2, 4)), 2 * np.ones((1, 3)), np.full((1, 3), 0.5)):
        with pytest.raises(ValueError, match="Expected coalitions"):
            value(wrong)


@by_seed
def test_weights_of_sizes_as_fractions(seed: int) -> None:
    largest = []
    for case in drawn("shapley_kernel", seed):
        d, sizes = case.inputs["d"], case.inputs["sizes"].tolist()
        assert {1, d - 1, d // 2} <= set(sizes) <= set(range(1, d))
        right = [
            float(
                Fraction(d - 1, s * (d - s))
                / Fraction(factorial(d), factorial(s) * factorial(d - s))
            )
            for s in sizes
        ]
        assert case.read is not None
        np.testing.assert_allclose(case.read(np.array(right)), case.expected, rtol=1e-12)
        largest.append(d)
    assert min(largest) == 3
    assert max(largest) >= 58


def test_the_smallest_weight_counts_as_much_as_the_largest() -> None:
    case = drawn("shapley_kernel")[-1]
    assert case.read is not None
    d, sizes = case.inputs["d"], case.inputs["sizes"]
    right = np.array([surrogate_right(d, int(s)) for s in sizes])
    assert right.max() / right.min() > 1e15
    smallest = np.where(right == right.min(), 0, right)
    assert outcome_of(case, Response("answer", right)).right
    assert not outcome_of(case, Response("answer", smallest)).right


def surrogate_right(d: int, s: int) -> float:
    """The right answers' own formula."""
    names: dict[str, Any] = {"np": np}
    exec(surrogate_right_a.SHAPLEY_KERNEL[0], names)
    return float(names["shapley_kernel"](d, np.array([s]))[0])


def lime(game: np.ndarray) -> np.ndarray:
    """LIME's weights of three players by other libraries."""
    Z = np.array(list(itertools.product((0, 1), repeat=3)))
    y = [game[one + 2 * other] for one, other, _ in Z]
    D = cdist(Z[1:], np.ones((1, 3)), "cosine")[:, 0]
    near = np.exp(-(np.append(1, D) ** 2) / (2 * 0.25**2))
    return Ridge(alpha=1).fit(Z, y, sample_weight=near).coef_


def test_a_dummy_gets_what_other_libraries_say() -> None:
    (case,) = drawn("dummy_player")
    counts = {True: 0, False: 0}
    games = [*itertools.product((-1.0, 0.0, 1.0), repeat=4)]
    drawn_games = np.random.default_rng(5).uniform(-1.05, 1.05, (120, 4))
    for found in [*map(np.array, games), *drawn_games]:
        weights = lime(found)
        np.testing.assert_allclose(weights_of(found), weights, atol=1e-12)
        largest = np.abs(weights).max()
        right = np.abs(found).max() <= 1 and largest >= 0.05 and abs(weights[2]) >= 0.2 * largest
        assert outcome_of(case, Response("answer", found)).right == right
        if right:
            check_dummy_player(lambda found=found: found)
        else:
            with pytest.raises(WrongAnswerError):
                check_dummy_player(lambda found=found: found)
        counts[right] += 1
    assert min(counts.values()) > 20
    assert abs(lime(np.array([-1, 1, 1, 1]))[2] / lime(np.array([-1, 1, 1, 1]))[0]) > 0.26


def test_partial_credit_by_aspect() -> None:
    def lost(question: str, mistake: str) -> dict[str, float]:
        source = dict(getattr(surrogate_wrong_a, question.upper()))[mistake]
        (result,) = judge([CHALLENGES[question]], 5, LocalTransport(source, "surrogates")).results
        assert result.mistake == mistake
        return {each.name: each.max_points for each in result.aspects if not each.points}

    assert lost("masked", "changed in place") == {"several coalitions": 2}
    assert lost("masked", "~ of 0 and 1") == {"several coalitions": 2}
    for name in ("nothing shown is NaN", "nothing shown weighs nothing"):
        assert lost("weighting_kernel", name) == {"rows with nothing shown": 2}
    assert lost("weighted_ridge", "weights ignored") == {"weights": 4}
    assert lost("weighted_ridge", "means without weights") == {"weights": 4}
    assert lost("weighted_ridge", "intercept penalised") == {"the intercept is free": 3}
    assert lost("weighted_ridge", "first output for all") == {"several outputs": 3}
    assert lost("exact_shapley", "the empty value taken as zero") == {
        "a game whose empty value is not zero": 2
    }
    assert lost("shapley_kernel", "int64 overflow") == {"many players": 2}


_SEARCH = """
def dummy_player():
    Z = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
    for v in ([0, 1, 0, 1], [0, 1, 1, 0], [-1, 1, 1, 1]):
        y = np.array([v[i + 2 * j] for i, j, _ in Z], float)
        b, beta = weighted_ridge(Z, y, weighting_kernel(Z, 0.25), alpha=1)
        if abs(beta[2]) >= 0.2 * np.abs(beta).max():
            return v
    return [0, 0, 0, 0]
"""


@pytest.mark.parametrize("blank", ["weighting_kernel", "weighted_ridge"])
@pytest.mark.parametrize("body", ["None", "raise NotImplementedError", "return Z"])
def test_a_wrong_fit_does_not_cost_the_game_that_is_found_with_it(blank: str, body: str) -> None:
    chosen = [CHALLENGES[each] for each in ("weighting_kernel", "weighted_ridge", "dummy_player")]
    own = surrogate_right_a.WEIGHTING_KERNEL[0] + surrogate_right_a.WEIGHTED_RIDGE[0] + _SEARCH
    found = judge(chosen, 5, LocalTransport(own, "surrogates")).results
    assert [each.points for each in found] == [6, 10, 4]
    source = own + f"\ndef {blank}(Z, *others, **named): {body}\n"
    found = judge(chosen, 5, LocalTransport(source, "surrogates")).results
    expected = {"weighting_kernel": [0, 10, 4], "weighted_ridge": [6, 0, 4]}
    assert [each.points for each in found] == expected[blank]


REFERENCES: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
    (surrogate_kernel.reference, {"Z": np.eye(3), "width": np.asarray(0.25)}),
    (
        surrogate_ridge.reference,
        {
            "Z": np.eye(3),
            "y": np.arange(3.0),
            "weights": np.ones(3),
            "alpha": np.asarray(1),
        },
    ),
)


@pytest.mark.parametrize(("function", "given"), REFERENCES)
def test_what_stands_in_refuses_what_it_does_not_take(function, given) -> None:
    function(**given)
    for key, value in itertools.product(given, (*HOSTILE, np.full((3, 3), np.inf), np.ones(4))):
        try:
            found = function(**given | {key: value})
        except ValueError as error:
            assert "Expected" in str(error)
            continue
        for array in found if isinstance(found, list) else [found]:
            assert array.size <= 2**20 and np.isfinite(array).all()


def test_a_fit_that_stands_in_is_small_and_determined() -> None:
    with pytest.raises(ValueError, match="determine"):
        surrogate_ridge.reference(np.zeros((2, 2)), np.ones(2), np.zeros(2), 0.0)
    with pytest.raises(ValueError, match="up to 64"):  # its square would fill the memory
        surrogate_ridge.reference(np.ones((1, 2**15)), np.ones(1), np.ones(1), 1.0)


def test_stand_ins_for_several_outputs() -> None:
    Z, y = np.eye(4), np.arange(8.0).reshape(4, 2)
    b, beta = surrogate_ridge.reference(Z, y, np.ones(4), np.asarray(0.5))
    assert (b.shape, beta.shape) == ((2,), (4, 2))
    one, weights = surrogate_ridge.reference(Z, y[:, 1], np.ones(4), 0.5)
    assert one.shape == ()
    np.testing.assert_allclose((b[1], *beta[:, 1]), (one, *weights))


@pytest.mark.parametrize("name", BLANKS)
@pytest.mark.parametrize("body", ["return None", "return ...", "raise NotImplementedError"])
def test_an_empty_blank_is_not_attempted(name: str, body: str) -> None:
    source = f"def {name}(*given): {body}"
    (result,) = judge([CHALLENGES[name]], 5, LocalTransport(source, "surrogates")).results
    assert (result.status, result.points) == ("missing", 0)
    (result,) = judge([CHALLENGES[name]], 5, LocalTransport("", "surrogates")).results
    assert result.status == "missing"
