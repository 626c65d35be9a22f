"""Results as they are kept: what the box answered, the verdicts, and what is in the gradebook.

Of a submission there are three files, each written whole, in this order: ``responses`` (what its
code answered, so that it can be marked again without running), ``result.json`` (the verdicts; with
it the submission is graded) and ``recorded`` (the digest of the result that the gradebook holds).
Whatever is missing after a crash is done again, and nothing twice.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.durable import remove_unfinished, write_whole
from autograder.inside.codec import Bounds, ProtocolError, decode, encode
from autograder.results import SubmissionResult

_RESPONSES, _RESULT, _RECORDED = "responses", "result.json", "recorded"
_OWN = Bounds(frame=2**32, text=2**28, arrays=2**20, depth=32)


class Store:
    """The results of an assignment in a course's folder.

    Args:
        course: the course.
        assignment: its name.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self._course = course
        self._assignment = assignment

    def students(self) -> list[str]:
        """Ids of the students with a result."""
        folder = self._course.graded(self._assignment)
        return sorted(path.parent.name for path in folder.glob(f"*/{_RESULT}"))

    def results(self) -> Iterator[SubmissionResult]:
        """All results, by id."""
        for student in self.students():
            result = self.result(student)
            if result is not None:
                yield result

    def result(self, student: str) -> SubmissionResult | None:
        """The verdicts on a student's submission, or ``None``.

        Raises:
            ValueError: what is stored cannot be read.
        """
        path = self._path(student, _RESULT)
        if not path.is_file():
            return None
        try:
            return SubmissionResult.from_json(json.loads(path.read_bytes()))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"Expected a result as hwkit grade writes it. Received: {path} ({error}). Remove "
                "it, and grade again."
            ) from error

    def responses(self, student: str) -> Any:
        """What a submission's code answered, or ``None``.

        Raises:
            ValueError: what is stored cannot be read.
        """
        path = self._path(student, _RESPONSES)
        if not path.is_file():
            return None
        try:
            return decode(path.read_bytes(), _OWN)
        except ProtocolError as error:
            raise ValueError(f"{path} is damaged ({error}). Grade {student} again.") from error

    def write(self, result: SubmissionResult, responses: Any = None) -> None:
        """Keep a result, and the responses that it rests on (``None``: those that are there).

        Raises:
            OSError: it could not be written; what was there before still is.
        """
        if responses is not None:
            write_whole(self._path(result.student, _RESPONSES), encode(responses))
        text = json.dumps(result.to_json(), indent=1)
        write_whole(self._path(result.student, _RESULT), text.encode())

    def tidy(self) -> None:
        """Remove what a process that was killed left half written."""
        for folder in self._course.graded(self._assignment).glob("*/"):
            remove_unfinished(folder)

    def is_recorded(self, student: str) -> bool:
        """Whether the gradebook holds this result."""
        path = self._path(student, _RECORDED)
        return path.is_file() and path.read_text(encoding="ascii") == self._digest(student)

    def set_recorded(self, student: str) -> None:
        """Remember that the gradebook holds this result."""
        write_whole(self._path(student, _RECORDED), self._digest(student).encode())

    def seed(self, student: str, digest: str) -> int:
        """The seed of a submission's hidden inputs: the same each time, and no one can guess it."""
        text = f"{self._assignment}/{student}/{digest}".encode()
        return int.from_bytes(hashlib.blake2b(text, key=self._secret()).digest()[:6], "big")

    def _secret(self) -> bytes:
        path = self._course.root / "secret"
        if not path.is_file():
            write_whole(path, secrets.token_hex(32).encode())
        return path.read_bytes()[:64]

    def _path(self, student: str, name: str) -> Path:
        return self._course.graded(self._assignment, student) / name

    def _digest(self, student: str) -> str:
        return hashlib.sha256(self._path(student, _RESULT).read_bytes()).hexdigest()
