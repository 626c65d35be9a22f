"""What a student edition knows about itself, and the numbers of the homeworks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hwkit.paths import data_path

HOMEWORK: Mapping[str, int] = {"influence": 3, "lrp": 4, "surrogates": 5, "agreement": 6}
RECORD = "edition.json"  # in the package of a student edition
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Edition:
    """What a student edition knows about its notebook.

    Attributes:
        assignment: its name.
        locked: grade_id of each cell that is not to be changed, to the sha256 of its source.
        answers: grade_ids of the cells to complete.
    """

    assignment: str
    locked: dict[str, str]
    answers: tuple[str, ...]

    @classmethod
    def of(cls, assignment: str, notebook: Mapping[str, Any]) -> Edition:
        """The record of a notebook as it is given to students, or of its source."""
        locked: dict[str, str] = {}
        answers: list[str] = []
        for cell in notebook["cells"]:
            graded = cell["metadata"].get("nbgrader", {})
            if graded.get("solution"):
                answers.append(graded["grade_id"])
            elif graded.get("locked"):
                locked[graded["grade_id"]] = source_digest(cell)
        return cls(assignment, locked, tuple(answers))

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists and strings."""
        return asdict(self) | {"answers": list(self.answers)}


def released() -> str | None:
    """The assignment whose student edition this is; ``None`` in the instructor's checkout."""
    file = _PACKAGE / RECORD
    if not file.is_file():
        return None
    return str(json.loads(file.read_text(encoding="utf-8"))["assignment"])


def edition(assignment: str) -> Edition:
    """What is known about the assignment's notebook.

    Raises:
        ValueError: no such assignment here.
    """
    homework_number(assignment)
    file = _PACKAGE / RECORD
    if file.is_file():
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["assignment"] != assignment:
            raise ValueError(
                f"Expected the assignment {record['assignment']}, whose edition this is. Received: "
                f"{assignment!r}."
            )
        return Edition(record["assignment"], record["locked"], tuple(record["answers"]))
    source = data_path("notebooks") / assignment / f"{assignment}.ipynb"
    return Edition.of(assignment, json.loads(source.read_text(encoding="utf-8")))


def homework_number(assignment: str) -> int:
    """The number that the handout gives to an assignment.

    Raises:
        ValueError: no such assignment.
    """
    if assignment not in HOMEWORK:
        raise ValueError(
            f"Expected an assignment: {', '.join(HOMEWORK)}. Received: {assignment!r}."
        )
    return HOMEWORK[assignment]


def source_of(cell: Mapping[str, Any]) -> str:
    """The source of a cell, which may be a string or a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def source_digest(cell: Mapping[str, Any]) -> str:
    """Sha256 of a cell's source; white space at the ends of lines does not count."""
    text = "\n".join(line.rstrip() for line in source_of(cell).strip().splitlines())
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
