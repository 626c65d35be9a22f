"""Right answers get full marks, in whatever honest form and style they come."""

from __future__ import annotations

import pytest

pytest.importorskip("tensorflow")

from gallery import ASSIGNMENT_OF, CHALLENGES, RIGHT, judged, written_out
from local_transport import LocalTransport

from autograder.challenges import ASSIGNMENTS, challenges_of
from autograder.comparing import distance, numbers
from autograder.judge import generator, judge

# Their answers build on other answers of the notebook.
BUILD_ON_OTHERS = ("get_attributions", "most_influential", "comparative")


def test_every_question_has_at_least_six_styles() -> None:
    assert set(RIGHT) == set(CHALLENGES)
    assert min(map(len, RIGHT.values())) >= 6


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("seed", [1, 20_000, 2**47])
def test_the_notebook_s_own_answers_get_all_points(seed: int, assignment: str) -> None:
    challenges = challenges_of(assignment)
    found = judge(challenges, seed, LocalTransport(written_out(assignment), assignment))
    assert [each.question for each in found.results if each.status != "passed"] == []
    assert [each.points for each in found.results] == [
        sum(challenge.aspects.values()) for challenge in challenges
    ]
    assert found.stale == ()
    # Rounding takes a small part of the tolerance; wrong answers are 20 tolerances away.
    answers = {(each["question"], each["case"]): each for each in found.recorded["responses"]}
    for challenge in challenges:
        question = challenge.question
        for index, case in enumerate(challenge.draw(generator(seed, question))):
            if case.tolerance is not None:
                answer = (case.read or numbers)(answers[question, index]["value"])
                assert distance(answer, case.expected) < case.tolerance / 20


@pytest.mark.parametrize(
    ("question", "style"),
    [(question, style) for question, styles in RIGHT.items() for style in range(len(styles))],
)
def test_full_marks_whatever_the_style(question: str, style: int) -> None:
    source = RIGHT[question][style]
    if question in BUILD_ON_OTHERS:
        source = written_out(ASSIGNMENT_OF[question]) + "\n\n" + source
    (result,) = judged(CHALLENGES[question], 100 + style, source).results
    assert (result.status, result.points) == ("passed", result.max_points), result
