"""Attempts: what was handed in and collected, as it lies in the folder of a course."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.course import Course

RECEIPT, FILES = "receipt.json", "files"


@dataclass(frozen=True)
class Attempt:
    """What was handed in once.

    Attributes:
        assignment: its name.
        student: id of the roster.
        number: from 1.
        zip_name: name of the zip.
        zip_digest: sha256 of the zip.
        digest: sha256 of the names and contents of its files.
        notebook: path of the notebook among the files.
        notebook_digest: sha256 of the notebook.
        submitted: when it was handed in, ISO 8601, UTC.
        late_seconds: after the deadline; 0 for in time. 1 where the learning management system says
            late, and nothing tells by how much.
        collected: when it was collected, likewise.
        concerns: why somebody should look at it, in words.
    """

    assignment: str
    student: str
    number: int
    zip_name: str
    zip_digest: str
    digest: str
    notebook: str
    notebook_digest: str
    submitted: str
    late_seconds: float
    collected: str
    concerns: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Attempt:
        """The attempt in a folder.

        Raises:
            ValueError: its receipt is damaged.
        """
        file = folder / RECEIPT
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            return cls(**{**data, "concerns": tuple(data["concerns"])})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"Expected a receipt as hwkit collect writes it. Received: {file} ({error})."
            ) from error

    def to_json(self) -> dict[str, Any]:
        """Plain strings, numbers and lists."""
        return asdict(self) | {"concerns": list(self.concerns)}


def students(course: Course, assignment: str) -> list[str]:
    """Ids of those who handed something in."""
    home = course.collected(assignment)
    if not home.is_dir():
        return []
    return sorted(each.name for each in home.iterdir() if each.is_dir() and attempts_in(each))


def attempts(course: Course, assignment: str, student: str) -> list[Attempt]:
    """All attempts of a student, in the order in which they were collected."""
    return [Attempt.read(each) for each in attempts_in(course.collected(assignment, student))]


def current_attempt(course: Course, assignment: str, student: str) -> Attempt | None:
    """The attempt that counts: the last that was handed in; ``None`` where there is none."""
    return max(
        attempts(course, assignment, student),
        key=lambda attempt: (datetime.fromisoformat(attempt.submitted), attempt.number),
        default=None,
    )


def attempts_in(folder: Path) -> list[Path]:
    """Folders of finished attempts, in order."""
    if not folder.is_dir():
        return []
    found = (each for each in folder.iterdir() if each.name.isdigit())
    return sorted((each for each in found if (each / RECEIPT).is_file()), key=lambda p: int(p.name))
