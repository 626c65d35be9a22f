"""Plausible wrong answers lose their question, and no other, with the right diagnosis."""

from __future__ import annotations

import pytest

pytest.importorskip("tensorflow")

from gallery import ASSIGNMENT_OF, CHALLENGES, WRONG, judged, written_out
from local_transport import LocalTransport

from autograder.challenges import challenges_of
from autograder.judge import judge

UNEXPLAINED = ("not right", "another shape", "NaN or infinity", "not numbers")


def test_every_question_has_at_least_eight_wrong_answers() -> None:
    assert set(WRONG) == set(CHALLENGES)
    assert min(map(len, WRONG.values())) >= 8


@pytest.mark.parametrize(
    ("question", "index", "mistake"),
    [
        (question, index, mistake)
        for question, answers in WRONG.items()
        for index, (mistake, _) in enumerate(answers)
    ],
)
def test_a_wrong_answer_is_called_by_its_name(
    question: str, index: int, mistake: str | None
) -> None:
    (result,) = judged(CHALLENGES[question], 200 + index, WRONG[question][index][1]).results
    assert result.points < result.max_points
    assert result.status in ("wrong", "partly")
    assert result.message and len(result.message) < 500
    if mistake is None:
        assert result.mistake in UNEXPLAINED
    else:
        assert result.mistake == mistake, result


@pytest.mark.parametrize("question", list(WRONG))
def test_no_other_question_loses_points(question: str) -> None:
    assignment = ASSIGNMENT_OF[question]
    source = written_out(assignment) + "\n\n" + WRONG[question][0][1]
    found = judge(challenges_of(assignment), 7, LocalTransport(source, assignment))
    assert [each.question for each in found.results if each.status != "passed"] == [question]
