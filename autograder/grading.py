"""Grades one submission: reads it, runs it in a box, has it judged."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hwkit
from autograder.box.job import Box, BoxLostError
from autograder.box.limits import Limits
from autograder.box.session import Session
from autograder.challenges import challenges_of
from autograder.judge import Judged, judge, nothing
from autograder.results import CellResult, SubmissionResult
from autograder.submission import Submission, SubmissionError, read

_MOST_TRIES = 3


@dataclass(frozen=True)
class Task:
    """A submission that is to be graded.

    Attributes:
        assignment: its name.
        student: id of the roster.
        folder: where it lies.
        given: what the handed-out code cells say (``submission.given_cells``).
        seed: of its hidden inputs.
        digest: of the submission, as ``submission.read`` tells it.
        late_seconds: after the deadline.
        concerns: what is already known.
    """

    assignment: str
    student: str
    folder: Path
    given: Collection[str]
    seed: int
    digest: str
    late_seconds: float = 0.0
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graded:
    """A result, and the responses that it rests on."""

    result: SubmissionResult
    responses: Mapping[str, Any]


def grade(task: Task, box: Box, limits: Limits) -> Graded:
    """Grade a submission.

    Raises:
        BoxError: the box cannot be made here.
    """
    started = time.monotonic()
    challenges = challenges_of(task.assignment)
    concerns = list(task.concerns)
    cells: tuple[CellResult, ...] = ()
    try:
        submission = read(task.folder, task.assignment, task.given, _seed_inside(task.seed))
    except SubmissionError as error:
        concerns.append(str(error))
        judged: Judged = nothing(challenges, task.seed, str(error))
    else:
        judged, cells, told = _judged(task, submission, box, limits)
        concerns += told
    result = SubmissionResult(
        assignment=task.assignment,
        student=task.student,
        digest=task.digest,
        seed=task.seed,
        box=box.name,
        seconds=round(time.monotonic() - started, 2),
        late_seconds=task.late_seconds,
        questions=tuple(judged.results),
        cells=cells,
        concerns=tuple(concerns),
        version=hwkit.__version__,
    )
    return Graded(result, judged.recorded)


def _judged(
    task: Task, submission: Submission, box: Box, limits: Limits
) -> tuple[Judged, tuple[CellResult, ...], list[str]]:
    """Have it judged; again from the start where the box was lost, which may be anyone's doing."""
    challenges = challenges_of(task.assignment)
    for tries_left in reversed(range(_MOST_TRIES)):
        try:
            with Session(box, submission.code, limits, blame=not tries_left) as session:
                judged = judge(challenges, task.seed, session)
        except BoxLostError:
            continue
        break
    cells = tuple(cell for cell in session.cells if cell.status != "skipped")
    return judged, cells, session.concerns


def _seed_inside(seed: int) -> int:
    """The seed of random numbers in the box, from which nobody learns the judge's."""
    return int.from_bytes(hashlib.sha256(f"box {seed}".encode()).digest()[:4], "big")
