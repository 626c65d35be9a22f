"""Expected values of the questions on ranks and their agreement, worked out in other ways."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("tensorflow")

from answers import (
    agreement_right_b_matrix,
    agreement_right_b_opposed,
    agreement_right_b_ranks,
)
from gallery import CHALLENGES, WRONG
from local_transport import LocalTransport
from scipy.stats import kendalltau, rankdata, spearmanr
from test_challenges import HOSTILE, drawn

from autograder.challenge import Case, Response
from autograder.challenges import agreement_ranks, agreement_spearman
from autograder.challenges.agreement_opposed import Net
from autograder.diagnosis import outcome_of, verdict
from autograder.judge import judge
from hwkit.checks.agreement_opposed import check_opposed
from hwkit.checks.question import WrongAnswerError

UNDEFINED = "undefined rows left out and counted"
by_seed = pytest.mark.parametrize("seed", (3, 11, 2**40))


@by_seed
def test_ranks_are_those_of_scipy(seed: int) -> None:
    methods = {"lowest rank for all": "min", "highest rank for all": "max"}
    for case in drawn("ranks", seed):
        values, wrong = case.inputs["values"], case.wrong()
        np.testing.assert_array_equal(case.expected, rankdata(values))
        for mistake, method in (methods | {"no rank left out": "dense"}).items():
            np.testing.assert_array_equal(wrong[mistake], rankdata(values, method))
        assert (len(set(values.tolist())) < len(values)) == (case.aspect == "ties")


@by_seed
def test_ordinal_ranks_are_known_whatever_comes_first_of_equal_values(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for case in drawn("ranks", seed):
        values = case.inputs["values"]
        found = np.empty(len(values))
        found[np.lexsort((rng.permutation(len(values)), values))] = np.arange(1, len(values) + 1)
        outcome = outcome_of(case, Response("answer", {**case.inputs, "ranks": found}))
        assert outcome.right == (case.aspect == "without ties")
        mistake = outcome.misread.mistake if outcome.misread else ""
        assert (mistake == "equal values told apart") == (case.aspect == "ties")
        if len(set(values.tolist())) > 1:  # where all are equal, any order is in order
            backwards = {**case.inputs, "ranks": len(values) + 1 - found}
            assert outcome_of(case, Response("answer", backwards)).misread is None


def by_scipy(function: Callable[..., Any], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A statistic of each pair of rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array([function(x, y).statistic for x, y in zip(a, b, strict=True)])


def tied(maps: np.ndarray) -> bool:
    return any(1 < len(set(row)) < len(row) for row in maps.tolist())


@by_seed
def test_correlations_are_those_of_scipy(seed: int) -> None:
    constant = set()
    for case in drawn("spearman", seed):
        a, b = case.inputs["a"], case.inputs["b"]
        right = by_scipy(spearmanr, a, b)
        np.testing.assert_allclose(case.expected, right, atol=1e-12)
        taus = case.wrong()["pairs in the same order"]
        np.testing.assert_allclose(taus, by_scipy(kendalltau, a, b), atol=1e-12)
        # Aspects are tried apart from one another.
        assert (tied(a) or tied(b)) == (case.aspect == "ties")
        assert np.isnan(right).any() == (case.aspect == "constant rows")
        spreads = zip(np.ptp(a, axis=1) > 0, np.ptp(b, axis=1) > 0, strict=True)
        constant |= {(bool(one), bool(other)) for one, other in spreads}
    assert len(constant) == 4


def tables(maps: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Mean, deviation and number of scipy's correlations by pandas, which leaves NaN out."""
    pairs = pd.DataFrame(
        {(i, j): by_scipy(spearmanr, maps[i], maps[j]) for i in maps for j in maps}
    )
    found = {"mean": pairs.mean(), "deviation": pairs.std(), "counted": pairs.count()}
    names = list(maps)
    return {
        key: each.unstack().reindex(index=names, columns=names).to_numpy()
        for key, each in found.items()
    }


@by_seed
def test_tables_are_those_of_pandas(seed: int) -> None:
    fewest = set()
    for case in drawn("agreement", seed):
        maps = case.inputs["maps"]
        found, pictures = tables(maps), len(next(iter(maps.values())))
        assert case.read is not None
        value = {"tables": found, "warned": ""}
        np.testing.assert_allclose(case.read(value), case.expected, atol=1e-12)
        assert outcome_of(case, Response("answer", value)).right
        assert list(maps) != sorted(maps)
        assert not any(tied(each) for each in maps.values())
        # Aspects are tried apart from one another.
        assert (found["counted"] < pictures).any() == (case.aspect == UNDEFINED)
        if case.aspect == UNDEFINED:
            assert np.diag(found["counted"]).min() >= 2
            fewest.add(int(found["counted"].min()))
        elif pictures > 1:
            assert np.isfinite(found["deviation"]).all()
    assert fewest == {0, 1}


def test_each_aspect_of_the_tables_looks_at_its_own_part() -> None:
    for case in drawn("agreement"):
        found = tables(case.inputs["maps"])
        for key, aspects in {
            "mean": {"means", UNDEFINED},
            "deviation": {"deviations"},
            "counted": {UNDEFINED},
        }.items():
            changed = {"tables": found | {key: found[key] * 1.1 + 0.1}, "warned": ""}
            right = outcome_of(case, Response("answer", changed)).right
            single = len(next(iter(case.inputs["maps"].values()))) == 1  # all are NaN, as before
            assert right == (case.aspect not in aspects or single), (case.aspect, key)


def with_numbers(case: Case, factor: float, warned: str) -> Response:
    """A response with the right correlations or tables, times a factor."""
    if "maps" in case.inputs:
        found = {key: each * factor for key, each in tables(case.inputs["maps"]).items()}
        return Response("answer", {"tables": found, "warned": warned})
    return Response("answer", {"correlations": case.expected * factor, "warned": warned})


@pytest.mark.parametrize("question", ["spearman", "agreement"])
def test_a_warning_is_told_where_the_numbers_are_right(question: str) -> None:
    heard = set()
    for case in drawn(question):
        assert outcome_of(case, with_numbers(case, 1, "")).right
        assert outcome_of(case, with_numbers(case, 0.5, "mean of nothing.")).misread is None
        outcome = outcome_of(case, with_numbers(case, 1, "mean of nothing."))
        if outcome.misread is not None:
            assert outcome.misread.mistake == "right, with a warning"
            assert outcome.misread.detail == "mean of nothing"
            heard.add(case.aspect)
    assert (
        heard
        == {"spearman": set(CHALLENGES["spearman"].aspects), "agreement": {UNDEFINED}}[question]
    )


def test_nan_is_told_only_where_it_should_not_be() -> None:
    def told(change: Callable[[np.ndarray], np.ndarray]) -> str:
        outcomes = [
            outcome_of(
                case,
                Response(
                    "answer",
                    {
                        "correlations": change(case.expected)
                        if case.aspect == "constant rows"
                        else case.expected,
                        "warned": "",
                    },
                ),
            )
            for case in drawn("spearman")
        ]
        return verdict(CHALLENGES["spearman"], outcomes).mistake

    assert told(lambda right: right) == ""
    assert told(lambda right: right * 0.9) == "not right"
    assert told(lambda right: np.where(np.isnan(right), np.inf, right)) == "NaN or infinity"
    assert told(lambda right: np.full(right.shape, np.nan)) == "NaN or infinity"


def built(answer: Any) -> Net:
    return Net(*(np.asarray(each, np.float64) for each in answer))


def networks() -> list[Net]:
    """Networks with the property and without it, by far and by little."""
    rng = np.random.default_rng(8)
    found = []
    for _ in range(250):
        sizes, sign = rng.uniform(1, 3, 3), rng.choice([-1, 1])
        handed = np.sort(rng.uniform(0.05, 1, 3))[np.argsort(np.argsort(-sizes))]
        W = sign * np.eye(3) + rng.normal(0, 0.03, (3, 3))
        found.append(Net(sign * sizes, W, handed - sizes, rng.uniform(0.8, 1.2, 3)))
        x, b, v, *rows = rng.uniform(-5.2, 5.2, (6, 3))
        found.append(Net(x, np.array(rows), b, v))
    return found


def attributed(net: Net) -> tuple[np.ndarray, np.ndarray]:
    """Gradient x input by differences; DeepLIFT as the mean gradient on the way from 0 to x.

    With a single hidden layer the rescale rule hands down that mean.
    """

    def score(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(x @ net.W.T + net.b, 0) @ net.v)

    steps = np.eye(3) * 1e-6
    gradient = (score(net.x + steps) - score(net.x - steps)) / 2e-6
    way = (np.arange(20000) + 0.5)[:, np.newaxis] / 20000 * net.x
    slopes = (way @ net.W.T + net.b > 0) * net.v
    return gradient * net.x, slopes.mean(axis=0) @ net.W * net.x


def test_a_network_is_right_if_other_definitions_say_so() -> None:
    cases = {case.aspect: case for case in drawn("opposed")}
    counts = {True: 0, False: 0}
    answers = [LocalTransport(each, "agreement") for each in agreement_right_b_opposed.OPPOSED]
    for net in [*networks(), *(built(each.names["opposed"]()) for each in answers)]:
        one, other = attributed(net)
        if min(np.abs(net.received).min(), np.abs(net.b).min()) < 2e-3:
            continue  # differences say nothing at a kink
        np.testing.assert_allclose(net.gradient_x_input(), one, atol=1e-6)
        np.testing.assert_allclose(net.deeplift(), other, atol=0.05)
        value = {"x": net.x, "W": net.W, "b": net.b, "v": net.v}
        right = {
            aspect: outcome_of(case, Response("answer", value)).right
            for aspect, case in cases.items()
        }
        pair = net.gradient_x_input()[np.newaxis], net.deeplift()[np.newaxis]
        (order,) = by_scipy(spearmanr, *pair)
        assert right["opposite orders"] == (order < -0.99)
        largest = max(np.abs(each).max() for each in value.values())
        assert right["shapes and range"] == (largest <= 5)
        whole = tuple(value.values())
        if all(right.values()):
            check_opposed(lambda whole=whole: whole)
        else:
            with pytest.raises(WrongAnswerError):
                check_opposed(lambda whole=whole: whole)
        counts[all(right.values())] += 1
    assert min(counts.values()) > 20


@pytest.mark.parametrize(
    ("question", "mistake", "lost"),
    [
        ("ranks", "equal values told apart", {"ties": 3}),
        ("ranks", "rounded down", {"ties": 3}),
        ("ranks", "changed in place", {"without ties": 2}),
        ("spearman", "constant rows as 0", {"constant rows": 2}),
        ("spearman", "right, with a warning", {"constant rows": 2}),
        ("agreement", "divided by n", {"deviations": 3}),
        ("agreement", "diagonal of 0", {"means": 4, UNDEFINED: 2}),
        ("agreement", "undefined as 0, every row counted", {UNDEFINED: 2}),
        ("agreement", "right, with a warning", {UNDEFINED: 2}),
        ("opposed", "kink at the reference", {"shapes and range": 1}),
        ("opposed", "the same order", {"opposite orders": 5}),
    ],
)
def test_partial_credit_by_aspect(question: str, mistake: str, lost: dict[str, float]) -> None:
    source = dict(WRONG[question])[mistake]
    (result,) = judge([CHALLENGES[question]], 5, LocalTransport(source, "agreement")).results
    assert result.mistake == mistake
    assert {each.name: each.max_points for each in result.aspects if not each.points} == lost


def only(source: str, name: str) -> str:
    """One function of an answer, from its first line on."""
    return source[source.index(f"def {name}(") :]


OWN = "\n\n".join(
    [
        agreement_right_b_ranks.RANKS[0],
        only(agreement_right_b_ranks.SPEARMAN[0], "spearman"),
        only(agreement_right_b_matrix.AGREEMENT[0], "agreement"),
        """
def opposed():
    x = np.array([3.0, 2, 1])
    for b in ([-0.2, -1.5, -2.9], [-0.5, -0.5, -0.5], [-2.9, -1.5, -0.2]):
        if np.isclose(spearman(x[None], x[None] + b)[0], -1):
            return x, np.eye(3), b, np.ones(3)
""",
    ]
)


@pytest.mark.parametrize("name", ["ranks", "spearman"])
@pytest.mark.parametrize("body", ["None", "raise NotImplementedError", "return given[0] * 0"])
def test_a_wrong_blank_costs_its_own_points_only(name: str, body: str) -> None:
    chosen = [CHALLENGES[each] for each in ("ranks", "spearman", "agreement", "opposed")]
    found = judge(chosen, 5, LocalTransport(OWN, "agreement")).results
    assert [each.points for each in found] == [5, 7, 9, 7]
    source = OWN + f"\ndef {name}(*given): {body}\n"
    found = judge(chosen, 5, LocalTransport(source, "agreement")).results
    expected = {"ranks": [0, 7, 9, 7], "spearman": [5, 0, 9, 7]}
    assert [each.points for each in found] == expected[name]


@pytest.mark.parametrize("given", HOSTILE, ids=lambda each: str(type(each).__name__))
def test_what_stands_in_refuses_what_it_does_not_take(given: Any) -> None:
    rows = np.arange(6.0).reshape(2, 3)
    with pytest.raises(ValueError, match="Expected"):
        agreement_ranks.reference(given)
    for a, b in ((given, rows), (rows, given)):
        with pytest.raises(ValueError, match="Expected"):
            agreement_spearman.reference(a, b)


@pytest.mark.parametrize("name", ["ranks", "spearman", "agreement", "opposed"])
@pytest.mark.parametrize("body", ["return None", "return ...", "raise NotImplementedError"])
def test_an_empty_blank_is_not_attempted(name: str, body: str) -> None:
    source = f"def {name}(*given): {body}"
    (result,) = judge([CHALLENGES[name]], 5, LocalTransport(source, "agreement")).results
    assert (result.status, result.points) == ("missing", 0)
