"""What is known about a graded submission, as it is stored: plain data, to and from JSON."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["passed", "partly", "wrong", "missing", "failed", "stopped"]


@dataclass(frozen=True)
class AspectResult:
    """One aspect of a question.

    Attributes:
        name: such as "with a baseline".
        points: given.
        max_points: possible.
    """

    name: str
    points: float
    max_points: float


@dataclass(frozen=True)
class QuestionResult:
    """The verdict on one coding question.

    Attributes:
        question: its name, "get_attributions".
        title: as the notebook calls it.
        cell: nbgrader's grade_id of the cell that carries the points.
        points: given.
        max_points: possible.
        status: "passed" (all points), "partly", "wrong", "missing" (not attempted), "failed" (an
            error was raised), "stopped" (by a limit, or by its own exit).
        message: why, in the student's words.
        hint: where to look next.
        mistake: name of the typical mistake that explains the answer, or "".
        aspects: its aspects.
    """

    question: str
    title: str
    cell: str
    points: float
    max_points: float
    status: Status
    message: str = ""
    hint: str = ""
    mistake: str = ""
    aspects: tuple[AspectResult, ...] = ()


@dataclass(frozen=True)
class CellResult:
    """What became of one of the student's cells when it ran in the box.

    Attributes:
        cell: its id, or its place as "cell 12".
        status: "ran", "raised", "stopped" or "skipped" (a given cell that nothing needed).
        detail: the error in one line.
    """

    cell: str
    status: Literal["ran", "raised", "stopped", "skipped"]
    detail: str = ""


@dataclass(frozen=True)
class SubmissionResult:
    """The marks of one submission for its code.

    Attributes:
        assignment: its name.
        student: id of the roster.
        digest: sha256 of the submission.
        seed: of its hidden inputs.
        box: what it ran in: "bubblewrap", "docker", or "none" (trusted by the instructor).
        seconds: of wall time.
        late_seconds: after the deadline; 0 for in time.
        questions: a verdict for each coding question.
        cells: what became of the student's cells.
        concerns: why somebody should look at it, in words; empty for nothing unusual.
        version: of hwkit and of the challenges.
    """

    assignment: str
    student: str
    digest: str
    seed: int
    box: str
    seconds: float
    late_seconds: float = 0.0
    questions: tuple[QuestionResult, ...] = ()
    cells: tuple[CellResult, ...] = ()
    concerns: tuple[str, ...] = ()
    version: str = ""
    points: float = field(init=False)
    max_points: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", sum(each.points for each in self.questions))
        object.__setattr__(self, "max_points", sum(each.max_points for each in self.questions))

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SubmissionResult:
        """The result that ``to_json`` made this of.

        Raises:
            KeyError, TypeError: something is missing or unknown.
        """
        given = {key: value for key, value in data.items() if key not in ("points", "max_points")}
        given["questions"] = tuple(
            QuestionResult(
                **{**each, "aspects": tuple(AspectResult(**part) for part in each["aspects"])}
            )
            for each in given["questions"]
        )
        given["cells"] = tuple(CellResult(**each) for each in given["cells"])
        given["concerns"] = tuple(given["concerns"])
        return cls(**given)
