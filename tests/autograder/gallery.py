"""The gallery of right and wrong answers to the questions of every assignment."""

from __future__ import annotations

import json
from types import ModuleType

from answers import (
    lrp_right_a,
    lrp_right_b,
    lrp_right_hunt,
    lrp_wrong_a,
    lrp_wrong_b,
    lrp_wrong_hunt,
    right_other_parts,
    right_part_one,
    surrogate_right_a,
    surrogate_right_b,
    surrogate_right_hunt,
    surrogate_wrong_a,
    surrogate_wrong_b,
    surrogate_wrong_hunt,
    wrong_other_parts,
    wrong_part_one,
)
from local_transport import LocalTransport

from autograder.challenge import Challenge
from autograder.challenges import ASSIGNMENTS, challenges_of
from autograder.judge import Judged, judge
from hwkit.paths import data_path

ASSIGNMENT_OF = {each.question: name for name in ASSIGNMENTS for each in challenges_of(name)}
CHALLENGES = {each.question: each for name in ASSIGNMENTS for each in challenges_of(name)}


def _answers(*modules: ModuleType) -> dict[str, tuple]:
    """What the modules say about each question, under its name in capitals."""
    return {
        question: getattr(module, question.upper())
        for question in CHALLENGES
        for module in modules
        if hasattr(module, question.upper())
    }


# Sources of each question.
RIGHT = _answers(
    right_part_one,
    right_other_parts,
    lrp_right_a,
    lrp_right_b,
    lrp_right_hunt,
    surrogate_right_a,
    surrogate_right_b,
    surrogate_right_hunt,
)
# Pairs of each question: the mistake that should be named and the source; ``None`` for a mistake
# that no typical one explains.
WRONG = _answers(
    wrong_part_one,
    wrong_other_parts,
    lrp_wrong_a,
    lrp_wrong_b,
    lrp_wrong_hunt,
    surrogate_wrong_a,
    surrogate_wrong_b,
    surrogate_wrong_hunt,
)


def judged(challenge: Challenge, seed: int, source: str) -> Judged:
    """The verdict on one question."""
    return judge([challenge], seed, LocalTransport(source, ASSIGNMENT_OF[challenge.question]))


def written_out(assignment: str = "influence") -> str:
    """The notebook's own answers."""
    notebook = data_path("notebooks") / assignment / f"{assignment}.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    answers = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    ]
    return "\n\n".join(answers)
