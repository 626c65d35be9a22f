"""Right answers get full marks, in whatever honest form and style they come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("tensorflow")

from answers import right_other_parts, right_part_one
from local_transport import LocalTransport

from autograder.challenges import challenges_of
from autograder.comparing import distance, numbers
from autograder.judge import generator, judge

CHALLENGES = {each.question: each for each in challenges_of("influence")}
RIGHT = {
    question: getattr(module, question.upper())
    for question in CHALLENGES
    for module in (right_part_one, right_other_parts)
    if hasattr(module, question.upper())
}
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "influence" / "influence.ipynb"


def written_out() -> str:
    """The notebook's own answers."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    answers = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    ]
    return "\n\n".join(answers)


def test_every_question_has_at_least_six_styles() -> None:
    assert set(RIGHT) == set(CHALLENGES)
    assert min(map(len, RIGHT.values())) >= 6


@pytest.mark.parametrize("seed", [1, 20_000, 2**47])
def test_the_notebook_s_own_answers_get_all_points(seed: int) -> None:
    judged = judge(challenges_of("influence"), seed, LocalTransport(written_out()))
    assert [each.question for each in judged.results if each.status != "passed"] == []
    assert sum(each.points for each in judged.results) == 57
    assert judged.stale == ()
    # Rounding takes a small part of the tolerance; wrong answers are 20 tolerances away.
    answers = {(each["question"], each["case"]): each for each in judged.recorded["responses"]}
    for question, challenge in CHALLENGES.items():
        for index, case in enumerate(challenge.draw(generator(seed, question))):
            if case.tolerance is not None:
                found = (case.read or numbers)(answers[question, index]["value"])
                assert distance(found, case.expected) < case.tolerance / 20


@pytest.mark.parametrize(
    ("question", "style"),
    [(question, style) for question, styles in RIGHT.items() for style in range(len(styles))],
)
def test_full_marks_whatever_the_style(question: str, style: int) -> None:
    source = RIGHT[question][style]
    if question in ("get_attributions", "most_influential", "comparative"):
        source = written_out() + "\n\n" + source
    transport = LocalTransport(source)
    (result,) = judge([CHALLENGES[question]], 100 + style, transport).results
    assert (result.status, result.points) == ("passed", result.max_points), result
