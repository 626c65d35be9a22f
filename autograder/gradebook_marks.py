"""What stands in nbgrader's gradebook: points by code and by hand, comments, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from autograder.gradebook_database import missing, opened


@dataclass(frozen=True)
class PartMark:
    """What the gradebook says of one part of one submission.

    Attributes:
        cell: nbgrader's grade_id.
        auto: points by code, or None.
        manual: points by a person, or None; they take precedence.
        extra: extra credit given by a person.
        needs_grading: whether a person still has to look at it.
    """

    cell: str
    auto: float | None
    manual: float | None
    extra: float
    needs_grading: bool

    @property
    def points(self) -> float:
        """As nbgrader counts them."""
        given = self.manual if self.manual is not None else self.auto
        return (given or 0.0) + self.extra


@dataclass(frozen=True)
class Marks:
    """What the gradebook says of one submission.

    Attributes:
        parts: by nbgrader's grade_id.
        comments: of persons, by the grade_id of the answer that they stand below.
    """

    parts: dict[str, PartMark]
    comments: dict[str, str]

    @property
    def points(self) -> float:
        """All points, by code and by hand."""
        return sum(each.points for each in self.parts.values())

    @property
    def ungraded(self) -> tuple[str, ...]:
        """Parts that a person still has to look at."""
        return tuple(each.cell for each in self.parts.values() if each.needs_grading)


def read_marks(url: str, assignment: str) -> dict[str, Marks]:
    """The marks of a class, by student id; empty where nothing was recorded yet."""
    marks: dict[str, Marks] = {}
    if missing(url):
        return marks
    with opened(url) as gradebook:
        student, cell = SubmittedAssignment.student_id, BaseCell.name
        grades = (
            select(
                student, cell, Grade.auto_score, Grade.manual_score,
                Grade.extra_credit, Grade.needs_manual_grade,
            )
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        )  # fmt: skip
        for who, name, auto, manual, extra, needs in gradebook.db.execute(
            _of_assignment(grades, assignment)
        ):
            mark = PartMark(name, auto, manual, extra or 0.0, bool(needs))
            marks.setdefault(who, Marks({}, {})).parts[name] = mark
        comments = (
            select(student, cell, Comment.manual_comment)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id)
            .where(Comment.manual_comment.is_not(None))
        )
        for who, name, comment in gradebook.db.execute(_of_assignment(comments, assignment)):
            if comment.strip():
                marks.setdefault(who, Marks({}, {})).comments[name] = comment
    return marks


def _of_assignment(query: Any, assignment: str) -> Any:
    return (
        query.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
