"""The gallery of right and wrong answers to the questions of every assignment."""

from __future__ import annotations

import importlib
import json
import pkgutil

import answers
from local_transport import LocalTransport

from autograder.challenge import Challenge
from autograder.challenges import ASSIGNMENTS, challenges_of
from autograder.judge import Judged, judge
from hwkit.paths import data_path

ASSIGNMENT_OF = {each.question: name for name in ASSIGNMENTS for each in challenges_of(name)}
CHALLENGES = {each.question: each for name in ASSIGNMENTS for each in challenges_of(name)}


def _answers(kind: str) -> dict[str, tuple]:
    """What the modules of answers with this word in their names say about each question.

    Questions are found there under their names in capitals.
    """
    names = (each.name for each in pkgutil.iter_modules(answers.__path__))
    found = [importlib.import_module(f"answers.{each}") for each in names if kind in each]
    return {
        question: getattr(module, question.upper())
        for question in CHALLENGES
        for module in found
        if hasattr(module, question.upper())
    }


# Sources of each question.
RIGHT = _answers("right")
# Pairs of each question: the mistake that should be named and the source; ``None`` for a mistake
# that no typical one explains.
WRONG = _answers("wrong")


def judged(challenge: Challenge, seed: int, source: str) -> Judged:
    """The verdict on one question."""
    return judge([challenge], seed, LocalTransport(source, ASSIGNMENT_OF[challenge.question]))


def written_out(assignment: str = "influence") -> str:
    """The notebook's own answers."""
    notebook = data_path("notebooks") / assignment / f"{assignment}.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    written = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    ]
    return "\n\n".join(written)
