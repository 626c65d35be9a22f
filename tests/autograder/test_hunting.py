"""Hidden evidence against other ways to its numbers, and the truth about the suspects."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from scipy import stats

from autograder.challenges import influence_hunt, lrp_hunt, surrogate_hunt
from autograder.challenges.hunting import HiddenHunt
from autograder.inside.asks import lrp_hunt as lrp_asks
from autograder.inside.asks import surrogate_hunt as surrogate_asks
from autograder.judge import generator
from hwkit import networks
from hwkit.evaluation.digit_suspects import digit_suspects
from hwkit.evaluation.randomisation import shuffled
from hwkit.evaluation.surrogate_suspects import surrogate_suspects
from hwkit.evaluation.suspects import suspects

HUNTS = (influence_hunt.HIDDEN, lrp_hunt.HIDDEN, surrogate_hunt.HIDDEN)
by_hunt = pytest.mark.parametrize("hidden", HUNTS, ids=lambda each: each.hunt.question)


@by_hunt
def test_evidence_of_hidden_explainers(hidden: HiddenHunt) -> None:
    cases = hidden.challenge("").draw(generator(11, hidden.hunt.question))
    for case in cases:
        if case.ask:
            continue
        here, there = (case.inputs[key].astype(float) for key in ("here", "there"))
        assert here.shape == there.shape == hidden.shape
        ranks = [stats.rankdata(np.abs(each)) for each in (here, there)]
        sizes = [np.abs(each).reshape(*each.shape[:2], -1).sum(-1) for each in (here, there)]
        pixels = [stats.rankdata(each) for each in sizes]
        similarity = np.corrcoef(*ranks)[0, 1]
        # Of elements and of pixels: both are honest readings.
        assert np.corrcoef(*pixels)[0, 1] == pytest.approx(similarity)
        expected = abs(here.sum() - 1) if "error" in case.aspect else similarity
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
    }
    accused = (suspects(), digit_suspects(), surrogate_suspects())
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


@pytest.mark.parametrize(
    ("hidden", "asks", "maps"),
    [
        (lrp_hunt.HIDDEN, lrp_asks, digit_maps),
        (surrogate_hunt.HIDDEN, surrogate_asks, block_values),
    ],
    ids=["class_hunt", "surrogate_hunt"],
)
def test_given_evidence_lies_where_the_suspects_lie(
    hidden: HiddenHunt, asks: ModuleType, maps: Callable[[], dict[str, tuple]]
) -> None:
    """Whoever reads limits off the notebook's table is right about the given evidence, too."""
    hunt, truth = hidden.hunt, hidden.true_verdicts()
    for name, (here, there) in maps().items():
        error = abs(float(here.sum()) / asks._shown()["gain"] - 1)
        similarity = stats.spearmanr(np.abs(here).ravel(), np.abs(there).ravel()).statistic
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
