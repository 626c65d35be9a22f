"""Hidden evidence against other ways to its numbers, and the truth about the suspects."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from scipy import stats

from autograder.challenges import influence_hunt, lrp_hunt
from autograder.challenges.hunting import HiddenHunt
from autograder.inside.asks import lrp_hunt as lrp_asks
from autograder.judge import generator
from hwkit.evaluation.digit_suspects import digit_suspects
from hwkit.evaluation.suspects import suspects

HUNTS = (influence_hunt.HIDDEN, lrp_hunt.HIDDEN)
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
        pixels = [stats.rankdata(np.abs(each).sum(-1)) for each in (here, there)]
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
    }
    for hidden, accused in zip(HUNTS, (suspects(), digit_suspects()), strict=True):
        told = {name: kinds[each._explain.__name__] for name, each in accused.items()}
        assert hidden.true_verdicts() == told


@by_hunt
def test_given_evidence_supports_the_true_verdicts(hidden: HiddenHunt) -> None:
    for seed in range(20):
        *_, case = hidden.challenge("").draw(generator(seed, hidden.hunt.question))
        hidden.hunt.check(hidden.true_verdicts(), case.inputs["evidence"])


def test_given_evidence_lies_where_the_digits_suspects_lie() -> None:
    """Whoever reads limits off the notebook's table is right about the given evidence, too."""
    shown, hunt = lrp_asks._shown(), lrp_hunt.HIDDEN.hunt
    truth = lrp_hunt.HIDDEN.true_verdicts()
    for name, explain in digit_suspects().items():
        here, there = (explain(shown["net"], shown["x"], shown[key]) for key in ("c", "rival"))
        error = abs(float(here.sum()) / shown["gain"] - 1)
        similarity = stats.spearmanr(np.abs(here).ravel(), np.abs(there).ravel()).statistic
        errors, similarities = lrp_hunt.HIDDEN.ranges[truth[name]]
        if truth[name] == hunt.leaks:
            assert 0.5 < error <= errors[0]
        else:
            assert errors[0] <= error + 1e-3 and errors[1] <= max(error, 1e-5)
        if truth[name] == hunt.stays:
            assert similarity == pytest.approx(1, abs=1e-4)
        else:
            assert similarities[1] <= similarity + 0.01 < 0.5
