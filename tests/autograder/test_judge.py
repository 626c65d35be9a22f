"""The judge: second tries, recorded responses, limits, and what becomes of bad code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from gallery import CHALLENGES, written_out
from local_transport import LocalTransport

from autograder.challenge import Case, Challenge, Reference, Response
from autograder.challenges import challenges_of
from autograder.inside.asks import hunting, influence
from autograder.inside.codec import decode, encode
from autograder.judge import MOST_BYTES, MOST_CALLS, judge, limited, nothing, remark
from autograder.results import QuestionResult

ALL = challenges_of("influence")
USES_PATH_POINT = """
class MyAumannShapley(AumannShapley):
    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        b = np.zeros_like(z) if baseline is None else np.broadcast_to(baseline, z.shape)
        steps = rule(self.rule, self.resolution)
        influence = sum(w * self.gradients(path_point(b, z, t))
                        for t, w in zip(steps.nodes, steps.weights))
        return influence if ignore_difference_term else influence * (z - b)
"""
USES_TOP_NEURONS = """
def most_influential(question, instances):
    found = question.explain(instances, ignore_difference_term=False).attribution
    return int(top_neurons_of_class(found, 1)[0])
"""


def by_question(results: list[QuestionResult]) -> dict[str, QuestionResult]:
    return {each.question: each for each in results}


def judged(source: str, *questions: str, seed: int = 9) -> dict[str, QuestionResult]:
    chosen = [CHALLENGES[each] for each in questions] or ALL
    return by_question(judge(chosen, seed, LocalTransport(source)).results)


@pytest.mark.parametrize(
    "path_point",
    [
        "def path_point(baseline, z, t): return z",
        "def path_point(baseline, z, t): raise NotImplementedError",
        "def path_point(baseline, z, t): raise ValueError('no')",
        "def path_point(baseline, z, t): return 'no'",
        "",
    ],
)
def test_a_wrong_path_point_does_not_cost_the_method(path_point: str) -> None:
    found = judged(path_point + USES_PATH_POINT, "path_point", "get_attributions")
    assert found["path_point"].points == 0
    assert found["get_attributions"].status == "passed"


def test_a_wrong_ranking_does_not_cost_the_question_that_uses_it() -> None:
    ranking = "def top_neurons_of_class(attributions, k): return np.arange(k)[::-1]\n"
    found = judged(ranking + USES_TOP_NEURONS, "top_neurons_of_class", "most_influential")
    assert found["top_neurons_of_class"].points == 0
    assert found["most_influential"].status == "passed"


def test_nobody_stands_in_for_what_is_right() -> None:
    source = "def path_point(baseline, z, t): return baseline + t * (z - baseline)\n"
    transport = LocalTransport(source + USES_PATH_POINT.replace("w * ", ""))
    chosen = [CHALLENGES["path_point"], CHALLENGES["get_attributions"]]
    results = judge(chosen, 9, transport).results
    assert [each.mistake for each in results] == ["", "weights missing"]
    cases = chosen[1].draw(np.random.default_rng(0))
    assert transport.asked.count("get_attributions") == len(cases)


def test_wrong_evidence_does_not_cost_a_rule_its_verdicts() -> None:
    rule_of_thumb = """
def evidence_on(explain):
    return {"completeness error": 0.0, "similarity after randomising": 0.0}
evidence = {name: evidence_on(None) for name in "ABC"}
def my_verdicts():
    return {n: "ignores the network" if e["similarity after randomising"] > 0.9 else
               "sound" if e["completeness error"] < 0.1 else "incomplete"
            for n, e in evidence.items()}
"""
    hunt = judged(rule_of_thumb, "hunt")["hunt"]
    assert {each.name: each.points for each in hunt.aspects} == {
        "the completeness error": 0,
        "the similarity after randomising": 0,
        "the verdicts": 2,
    }
    assert hunt.status == "partly"


def test_evidence_of_another_form_can_be_read_by_who_made_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = {"A": (0.0, 1.0), "B": (0.003, 0.5), "C": (0.9, 0.5)}
    blanks = ("evidence_on", "my_verdicts")
    ask = hunting.verdicts_ask(blanks, lambda: numbers, influence._hunted)
    monkeypatch.setitem(influence.ASKS, "my_verdicts", ask)
    source = """
def evidence_on(explain):
    return explain
def my_verdicts():
    return {n: "ignores the network" if similarity > 0.9 else
               "sound" if error < 0.1 else "incomplete"
            for n, (error, similarity) in evidence.items() if error + similarity >= 0}
"""
    hunt = judged(source, "hunt")["hunt"]
    assert hunt.points == 2


def test_partial_credit_by_aspect() -> None:
    source = written_out() + USES_PATH_POINT.replace("* (z - b)", "* z")
    found = judged(source, "get_attributions")["get_attributions"]
    assert found.points == 9  # all but the difference term from a baseline
    assert found.mistake == "difference term with z"
    lost = [each.name for each in found.aspects if not each.points]
    assert lost == ["the difference term from a baseline"]


def test_an_empty_notebook_is_missing_everywhere() -> None:
    found = judged("")
    assert {each.status for each in found.values()} == {"missing"}
    assert sum(each.points for each in found.values()) == 0


def test_stubs_are_missing_and_errors_are_told() -> None:
    found = judged(
        "def recall(predicted, labels, c): raise NotImplementedError()\n"
        "def compress(activations, influence, top, bottom): return activations[99]\n",
        "recall",
        "compress",
    )
    assert found["recall"].status == "missing"
    assert found["compress"].status == "failed"
    assert "IndexError" in found["compress"].message


def test_recorded_responses_are_marked_again_without_running() -> None:
    first = judge(ALL, 12, LocalTransport(written_out() + "\ndef recall(p, l, c): return 0.5"))
    stored = decode(encode(first.recorded))
    again = remark(ALL, 12, stored)
    assert again.results == first.results
    assert again.stale == ()


def test_second_tries_are_recorded_as_well() -> None:
    source = "def path_point(baseline, z, t): return z\n" + USES_PATH_POINT
    chosen = [CHALLENGES["path_point"], CHALLENGES["get_attributions"]]
    first = judge(chosen, 12, LocalTransport(source))
    assert {each["attempt"] for each in first.recorded["responses"]} == {1, 2}
    assert remark(chosen, 12, first.recorded).results == first.results


def test_a_corrected_challenge_changes_points_and_a_redrawn_one_needs_a_new_run() -> None:
    chosen = [CHALLENGES["recall"], CHALLENGES["compress"]]
    first = judge(chosen, 13, LocalTransport(written_out()))
    dearer = Challenge(
        **{
            **vars(CHALLENGES["recall"]),
            "aspects": {name: 2 * points for name, points in CHALLENGES["recall"].aspects.items()},
        }
    )
    again = remark([dearer, chosen[1]], 13, first.recorded)
    assert [each.points for each in again.results] == [10, 8]
    other = Challenge(
        **{
            **vars(CHALLENGES["recall"]),
            "draw": lambda rng: CHALLENGES["recall"].draw(np.random.default_rng(1)),
        }
    )
    again = remark([other, chosen[1]], 13, first.recorded)
    assert again.stale == ("recall",)
    assert [each.question for each in again.results] == ["compress"]
    with pytest.raises(ValueError, match="recorded"):
        remark(chosen, 13, {"something": "else"})


def test_a_submission_that_cannot_run_gets_nothing_and_the_reason() -> None:
    without = nothing(ALL, 3, "The notebook is no\x00 JSON.")
    assert sum(each.points for each in without.results) == 0
    assert {each.message for each in without.results} == {"The notebook is no JSON."}
    assert remark(ALL, 3, without.recorded).results == []


class Canned:
    """Gives the same response to everything."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.count = 0

    def ask(
        self,
        ask: str,
        inputs: dict[str, Any],
        stand_ins: Mapping[str, str],
        references: Mapping[str, Reference],
    ) -> Response:
        """See ``challenge.Transport``."""
        self.count += 1
        return self.response


def test_stopped_answers_are_not_asked_for_over_and_over() -> None:
    stopped = Canned(Response("stopped", detail="it took too long"))
    (result,) = judge([CHALLENGES["get_attributions"]], 3, stopped).results
    assert (result.status, result.points) == ("stopped", 0)
    assert stopped.count == 2
    assert "too long" in result.message


def test_what_a_box_says_is_cut_and_cleaned() -> None:
    said = "<script>\x1b[2J" + "very " * 5_000
    (result,) = judge([CHALLENGES["recall"]], 3, Canned(Response("raised", detail=said))).results
    assert len(result.message) < 600
    assert result.message.isprintable()
    assert result.status == "failed"


def test_references_are_limited_together() -> None:
    given = limited({"a": lambda x: x, "b": lambda x: 2 * x})
    for _ in range(MOST_CALLS // 2):
        assert (given["a"](x=1), given["b"](x=1)) == (1, 2)
    with pytest.raises(ValueError, match="times"):
        given["a"](x=1)
    large = np.zeros(MOST_BYTES // 8 // 3)
    given = limited({"a": lambda x: 0})
    given["a"](x=large)
    given["a"](x=large)
    with pytest.raises(ValueError, match="bytes"):
        given["a"](x=large)


@pytest.mark.parametrize("given", [{}, {"y": 1}, {"x": 1, "y": 1}, {"x": object()}])
def test_references_refuse_what_they_do_not_take(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="does not take"):
        limited({"a": lambda x: x})["a"](**given)


def test_references_of_other_questions_are_not_offered() -> None:
    offered: list[set[str]] = []

    class Watching(Canned):
        def ask(self, ask: str, inputs: Any, stand_ins: Any, references: Any) -> Response:
            offered.append(set(references))
            return Response("answer", 0)

    judge([CHALLENGES["most_influential"]], 3, Watching(Response("missing")))
    assert offered == [set()] * len(offered)
    offered.clear()
    judge([CHALLENGES["project"], CHALLENGES["recall"]], 3, Watching(Response("missing")))
    assert offered[0] == {"path", "average"}
    assert offered[-1] == set()


def test_expected_values_never_leave_the_judge() -> None:
    for challenge in ALL:
        for case in challenge.draw(np.random.default_rng(2)):
            given = [each for each in case.inputs.values() if isinstance(each, np.ndarray)]
            if case.expected.size < 3 or any(np.array_equal(case.expected, each) for each in given):
                continue  # an end of a path, or a slice that keeps everything
            sent = encode(case.inputs)
            for kind in ("<f8", "<f4"):
                assert case.expected.astype(kind).tobytes() not in sent, _label(challenge, case)


def _label(challenge: Challenge, case: Case) -> str:
    return f"{challenge.question}: {case.aspect}"
