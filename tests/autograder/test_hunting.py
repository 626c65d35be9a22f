"""Hidden evidence against other ways to its numbers, and the truth about the suspects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from local_transport import LocalTransport
from scipy import stats

from autograder.challenges import (
    agreement_hunt,
    agreement_ranks,
    agreement_spearman,
    influence_hunt,
    lrp_hunt,
    surrogate_hunt,
)
from autograder.challenges.hunting import HiddenHunt
from autograder.inside.asks import agreement_hunt as agreement_asks
from autograder.inside.asks import lrp_hunt as lrp_asks
from autograder.inside.asks import surrogate_hunt as surrogate_asks
from autograder.judge import generator, judge
from hwkit import networks
from hwkit.evaluation.agreement_suspects import agreement_suspects
from hwkit.evaluation.digit_suspects import digit_suspects
from hwkit.evaluation.randomisation import shuffled
from hwkit.evaluation.surrogate_suspects import surrogate_suspects
from hwkit.evaluation.suspects import suspects

ONE_PAGE = (influence_hunt.HIDDEN, lrp_hunt.HIDDEN, surrogate_hunt.HIDDEN)
HUNTS = (*ONE_PAGE, agreement_hunt.HIDDEN)
by_hunt = pytest.mark.parametrize("hidden", HUNTS, ids=lambda each: each.hunt.question)


@pytest.mark.parametrize("hidden", ONE_PAGE, ids=lambda each: each.hunt.question)
def test_evidence_of_hidden_explainers(hidden: HiddenHunt) -> None:
    cases = hidden.challenge("").draw(generator(11, hidden.hunt.question))
    for case in cases:
        if case.ask:
            continue
        here, there = (case.inputs[key].astype(float) for key in ("here", "there"))
        assert here.shape == there.shape == hidden.maps.shape
        ranks = [stats.rankdata(np.abs(each)) for each in (here, there)]
        sizes = [np.abs(each).reshape(*each.shape[:2], -1).sum(-1) for each in (here, there)]
        pixels = [stats.rankdata(each) for each in sizes]
        similarity = np.corrcoef(*ranks)[0, 1]
        # Of elements and of pixels: both are honest readings.
        assert np.corrcoef(*pixels)[0, 1] == pytest.approx(similarity)
        expected = abs(here.sum() - 1) if "error" in case.aspect else similarity
        assert case.expected == pytest.approx(expected)


def test_evidence_of_hidden_explainers_of_several_pages() -> None:
    """Page by page, on what has ink; ranks correlate as their numbers do."""
    hidden = agreement_hunt.HIDDEN
    ink = agreement_asks._shown()["ink"]
    np.testing.assert_array_equal(agreement_hunt._ink(), ink)
    for case in hidden.challenge("").draw(generator(11, hidden.hunt.question)):
        if case.ask:
            continue
        here, there = (case.inputs[key].astype(float) for key in ("here", "there"))
        assert here.shape == there.shape == (8, 28, 28, 1)
        errors, similarities = [], []
        for a, b, mask in zip(here[..., 0], there[..., 0], ink, strict=True):
            assert not a[~mask].any() and not b[~mask].any()
            errors.append(abs(a.sum() - 1))
            ranks = [stats.rankdata(each[mask]) for each in (a, b)]
            similarities.append(np.corrcoef(*ranks)[0, 1])
        expected = np.mean(errors if "error" in case.aspect else similarities)
        assert case.expected == pytest.approx(expected)


def test_true_verdicts_are_what_the_suspects_are() -> None:
    kinds = {
        "_along_score": "sound",
        "_along_share": "incomplete",
        "_along_contours": "ignores the network",
        "_by_score": "sound",
        "_by_leaning": "does not conserve",
        "_by_lead": "blind to the class",
        "_by_joining": "sound",
        "_by_leaving": "does not add up",
        "_by_stroke": "blind to the network",
        "_by_path": "sound",
        "_by_start": "does not add up",
        "_by_strokes": "blind to training",
    }
    accused = (suspects(), digit_suspects(), surrogate_suspects(), agreement_suspects())
    for hidden, each in zip(HUNTS, accused, strict=True):
        told = {name: kinds[suspect._explain.__name__] for name, suspect in each.items()}
        assert hidden.true_verdicts() == told


@by_hunt
def test_given_evidence_supports_the_true_verdicts(hidden: HiddenHunt) -> None:
    for seed in range(20):
        *_, case = hidden.challenge("").draw(generator(seed, hidden.hunt.question))
        hidden.hunt.check(hidden.true_verdicts(), case.inputs["evidence"])


def digit_maps() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    shown = lrp_asks._shown()
    return {
        name: tuple(explain(shown["net"], shown["x"], shown[key]) for key in ("c", "rival"))
        for name, explain in digit_suspects().items()
    }


def block_values() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    shown = surrogate_asks._shown()
    given = (shown["x"], shown["c"], shown["squares"])
    return {
        name: tuple(explain(shown[key], *given) for key in ("net", "shuffled"))
        for name, explain in surrogate_suspects().items()
    }


def digit_numbers() -> dict[str, tuple[float, float]]:
    gain = lrp_asks._shown()["gain"]
    return {name: of_one_page(*pair, gain) for name, pair in digit_maps().items()}


def block_numbers() -> dict[str, tuple[float, float]]:
    gain = surrogate_asks._shown()["gain"]
    return {name: of_one_page(*pair, gain) for name, pair in block_values().items()}


def of_one_page(here: np.ndarray, there: np.ndarray, gain: float) -> tuple[float, float]:
    similarity = stats.spearmanr(np.abs(here).ravel(), np.abs(there).ravel()).statistic
    return abs(float(here.sum()) / gain - 1), float(similarity)


def page_numbers() -> dict[str, tuple[float, float]]:
    shown = agreement_asks._shown()
    found = {}
    for name, explain in agreement_suspects().items():
        here, there = (explain(shown[key], shown["x"], 1)[..., 0] for key in ("net", "control"))
        errors = [abs(a.sum() / g - 1) for a, g in zip(here, shown["gain"], strict=True)]
        on_ink = zip(here, there, shown["ink"], strict=True)
        similarities = [stats.spearmanr(a[ink], b[ink]).statistic for a, b, ink in on_ink]
        found[name] = (float(np.mean(errors)), float(np.mean(similarities)))
    return found


@pytest.mark.parametrize(
    ("hidden", "numbers"),
    [
        (lrp_hunt.HIDDEN, digit_numbers),
        (surrogate_hunt.HIDDEN, block_numbers),
        (agreement_hunt.HIDDEN, page_numbers),
    ],
    ids=["class_hunt", "surrogate_hunt", "agreement_hunt"],
)
def test_given_evidence_lies_where_the_suspects_lie(
    hidden: HiddenHunt, numbers: Callable[[], dict[str, tuple[float, float]]]
) -> None:
    """Whoever reads limits off the notebook's table is right about the given evidence, too."""
    hunt, truth = hidden.hunt, hidden.true_verdicts()
    for name, (error, similarity) in numbers().items():
        errors, similarities = hidden.ranges[truth[name]]
        if truth[name] == hunt.leaks:
            assert 3 * hunt.largest_error < error <= errors[0]
        else:
            assert errors[0] <= error + 1e-3 and errors[1] <= max(error, 1e-5)
        if truth[name] == hunt.stays:
            assert similarity == pytest.approx(1, abs=1e-4)
        else:
            assert similarities[1] <= similarity + 0.01 < 0.5


def test_a_copy_of_the_network_gets_the_network_s_values() -> None:
    """And any other network the other values, whatever the student calls it."""
    net = networks.load("digits-lenet")
    found: dict[str, np.ndarray] = {}

    def surrogate_evidence_on(explain: Callable[..., np.ndarray]) -> dict[str, float]:
        for name, model in (("same", net), ("other", shuffled(net, seed=7))):
            found[name] = explain(model, None, 0, None)
        return {"efficiency error": 1.0, "similarity after shuffling": 1.0}

    values = {"here": np.arange(16.0), "there": np.ones(16)}
    names = {"surrogate_evidence_on": surrogate_evidence_on}
    answer = surrogate_asks.surrogate_evidence_on(names, values, lambda: None)
    np.testing.assert_array_equal(found["same"], np.arange(16) * answer["gain"])
    np.testing.assert_array_equal(found["other"], np.ones(16) * answer["gain"])


def test_pages_are_explained_together_or_one_by_one_and_no_others() -> None:
    shown = agreement_asks._shown()
    x, net, gain = shown["x"], shown["net"], shown["gain"].reshape(-1, 1, 1, 1)
    here = np.random.default_rng(0).normal(size=x.shape).astype(np.float32)
    found: dict[str, np.ndarray] = {}

    def agreement_evidence_on(explain: Callable[..., np.ndarray]) -> dict[str, float]:
        found["all"] = explain(net, x, 1)
        found["each"] = np.stack([explain(net, page, np.int64(1)) for page in x.astype(float)])
        found["turned"] = explain(net=net, x=x[::-1], c=1)
        found["other class"] = explain(net, x[2:4], 0)
        found["other network"] = explain(shown["control"], x, 1)
        for others in (x + 0.5, x[..., 0]):
            with pytest.raises(ValueError, match="Expected pages"):
                explain(net, others, 1)
        return {"completeness error": 1.0, "agreement with the control": 1.0}

    names = {"agreement_evidence_on": agreement_evidence_on}
    inputs = {"here": here, "there": 0 * here}
    agreement_asks.agreement_evidence_on(names, inputs, lambda: None)
    for name in ("all", "each"):
        np.testing.assert_array_equal(found[name], here * gain)
    np.testing.assert_array_equal(found["turned"], (here * gain)[::-1])
    np.testing.assert_array_equal(found["other class"], -(here * gain)[2:4])
    assert not found["other network"].any()


def test_a_wrong_rank_correlation_costs_its_own_points_only() -> None:
    """Evidence that is made by a blank of another question."""
    source = """
def ranks(values):
    return np.argsort(values)

def spearman(a, b):
    return np.array([np.corrcoef(ranks(p), ranks(q))[0, 1] for p, q in zip(a, b)])

def agreement_evidence_on(explain):
    here, there = explain(net, x, c), explain(control, x, c)
    errors = np.abs(here.sum((1, 2, 3)) / gain - 1)
    pairs = [(a[k].reshape(1, -1), b[k].reshape(1, -1)) for a, b, k in zip(here, there, ink)]
    return {"completeness error": errors.mean(),
            "agreement with the control": np.mean([spearman(*pair)[0] for pair in pairs])}

def my_agreement_verdicts():
    return {"A": "sound", "B": "blind to training", "C": "does not add up"}
"""
    challenges = [
        agreement_ranks.CHALLENGE,
        agreement_spearman.CHALLENGE,
        agreement_hunt.CHALLENGE,
    ]
    *both, hunt = judge(challenges, 3, LocalTransport(source, "agreement")).results
    assert max(each.points / each.max_points for each in both) < 1
    assert (hunt.status, hunt.points) == ("passed", 10)
