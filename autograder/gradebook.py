"""Marks in nbgrader's gradebook, through nbgrader's own API. One process writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import parse_utc
from sqlalchemy import Column, MetaData, String, Table, delete, insert, select

from autograder.course import Course, Student
from autograder.executed import make_executed, released
from autograder.gradebook_database import opened, transaction
from autograder.reports.parts import read_source
from autograder.results import SubmissionResult

# Which answer a manual score was given for. nbgrader has no place for it, and minds no other table.
_ANSWERS = Table(
    "hwkit_answer",
    MetaData(),
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("cell", String(128), primary_key=True),
    Column("digest", String(64), nullable=False),
)


CONFIG = """\
# Settings of nbgrader for this course; formgrader reads them from here.
from pathlib import Path

from autograder.course import Course
from autograder.executed import WithoutRubrics
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades

c = get_config()  # noqa: F821
course = Course(Path(__file__).parent)
c.CourseDirectory.root = str(course.root)
c.CourseDirectory.db_url = course.database
# Model answers and rubrics stand in autograded/ for graders; feedback is made without them.
c.GenerateFeedback.preprocessors = [WithoutRubrics, GetGrades, CSSHTMLHeaderPreprocessor]
"""


def register(course: Course, assignment: str, due: datetime | None = None) -> None:
    """Make sure that the gradebook knows the assignment, its cells and the students of the roster.

    Also writes nbgrader_config.py into the folder of the course, where there is none.

    Args:
        course: its source of the assignment and its roster are read.
        assignment: its name.
        due: the deadline, with its time zone; ``None`` leaves what the gradebook has.

    Raises:
        ValueError: see ``register_assignment``.
        OSError: the source, the roster or the database cannot be opened.
    """
    source, students = source_file(course, assignment), course.roster().values()
    register_assignment(course.database, assignment, source, students, due)
    config = course.root / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")


def rubrics_are_safe(course: Course) -> bool:
    """Whether nbgrader's own feedback leaves rubrics out; else they are not put in notebooks."""
    config = course.root / "nbgrader_config.py"
    return config.is_file() and "WithoutRubrics" in config.read_text(encoding="utf-8")


def source_file(course: Course, assignment: str) -> Path:
    """The nbgrader source of an assignment; its notebook has the assignment's name."""
    return course.source(assignment) / f"{assignment}.ipynb"


def executed_file(course: Course, assignment: str, student: str) -> Path:
    """The notebook that formgrader shows."""
    return course.autograded(student, assignment) / f"{assignment}.ipynb"


def record(course: Course, result: SubmissionResult, executed: Path) -> None:
    """Write the marks of one submission, in one transaction; see ``record_result``.

    Args:
        course: the time of handing in is read from its submitted/, as nbgrader does.
        result: the verdicts.
        executed: the notebook made by ``executed.make_executed``.
    """
    stamp = course.submitted(result.student, result.assignment) / "timestamp.txt"
    at: datetime | None = None
    if stamp.is_file():
        at = parse_utc(stamp.read_text(encoding="utf-8").strip()).replace(tzinfo=timezone.utc)
    record_result(course.database, result, executed, at)


def publish(course: Course, result: SubmissionResult) -> Path:
    """Make the notebook that formgrader shows, write the marks, and say where the notebook is.

    A process that ends between the two leaves what the next call mends.

    Raises:
        ValueError, OSError: see ``record_result``; never for what is in the submission.
    """
    assignment, student = result.assignment, result.student
    executed = make_executed(
        course.submitted(student, assignment) / f"{assignment}.ipynb",
        source_file(course, assignment),
        result,
        executed_file(course, assignment, student),
        rubrics=rubrics_are_safe(course),
    )
    record(course, result, executed)
    return executed


def register_assignment(
    url: str,
    assignment: str,
    source: Path,
    students: Iterable[Student],
    due: datetime | None = None,
) -> None:
    """Make sure that the gradebook knows the assignment, its cells and the students.

    Args:
        url: of the database.
        assignment: its name; the notebook has the same.
        source: the assignment's nbgrader source.
        students: of the roster.
        due: the deadline, with its time zone.

    Raises:
        ValueError: graded cells were added or removed although there are submissions already.
        OSError: the source or the database cannot be opened.
    """
    notebook = released(read_source(source))
    with opened(url) as gradebook:
        known: dict[str, Any] = {}
        if due is not None:
            known["duedate"] = due.astimezone(timezone.utc).replace(tzinfo=None)
        gradebook.update_or_create_assignment(assignment, **known)
        registered = _registered_cells(gradebook, assignment)
        _ANSWERS.create(gradebook.engine, checkfirst=True)
    if registered != _cells(notebook):
        resources = {"notebook": assignment, "assignment": assignment, "db_url": url}
        try:
            SaveCells().preprocess(nbformat.from_dict(notebook), {"nbgrader": resources})
        except RuntimeError as error:
            raise ValueError(
                "Expected the graded cells of an assignment to stay the same once there are "
                f"submissions. Received: {source} with other cells ({error})."
            ) from error
    with transaction(url) as gradebook:
        for each in students:
            names = {key: getattr(each, key) for key in ("first_name", "last_name", "email")}
            gradebook.update_or_create_student(each.id, **names)


def _cells(notebook: nbformat.NotebookNode) -> dict[str, tuple[str, float | None]]:
    """Checksum and points of every cell that nbgrader keeps."""
    found = {}
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade") or known.get("solution") or known.get("locked"):
            points = float(known["points"]) if known.get("grade") else None
            found[known["grade_id"]] = (known["checksum"], points)
    return found


def _registered_cells(gradebook: Gradebook, assignment: str) -> dict[str, tuple[str, float | None]]:
    try:
        notebook = gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        return {}
    points = {each.name: each.max_score for each in notebook.grade_cells}
    return {each.name: (each.checksum, points.get(each.name)) for each in notebook.source_cells}


def record_result(
    url: str, result: SubmissionResult, executed: Path, submitted_at: datetime | None = None
) -> None:
    """Write the marks of one submission, in one transaction; doing so again changes nothing.

    Points for code are written as auto scores. A manual part is left for a person, unless nothing
    was answered, which gives 0 as nbgrader would. What a person gave before stays; where the answer
    has changed since (or the points for code below a score by hand), it is marked to be looked at
    again. Nothing is taken off for being late.

    Args:
        url: of the database.
        result: the verdicts.
        executed: the notebook made by ``executed.make_executed``.
        submitted_at: when it was handed in, with its time zone.

    Raises:
        ValueError: the gradebook knows no such student, assignment or cell.
        OSError: the database cannot be opened.
    """
    answers = _answers(executed)
    points = {each.cell: each.points for each in result.questions}
    with transaction(url) as gradebook:
        submission = _submission(gradebook, result, submitted_at)
        before = _digests(gradebook, result)
        unknown = set(points)
        for notebook in submission.notebooks:
            comments = {each.name: each for each in notebook.comments}
            for grade in notebook.grades:
                unknown.discard(grade.name)
                if grade.name in points:
                    _write_code(grade, points[grade.name])
                elif grade.name in answers:
                    _write_manual(grade, answers[grade.name], before.get(grade.name))
                    comment = comments.get(grade.name)
                    if comment is not None:
                        comment.auto_comment = _AUTO_COMMENTS[answers[grade.name]["answer"]]
                elif grade.manual_score is None:
                    grade.needs_manual_grade = True
        if unknown:
            raise ValueError(
                f"Expected verdicts on cells of {result.assignment}. Received: "
                f"{', '.join(sorted(unknown))}, which the gradebook does not know. "
                "Release the assignment again."
            )
        _keep_digests(gradebook, result, answers)


_AUTO_COMMENTS: dict[str, str | None] = {
    "answered": None,
    "empty": "No response.",
    "missing": "This cell was missing from the submission.",
    "beside": "Nothing in this cell; the answer seems to stand below it.",
}


def _answers(executed: Path) -> dict[str, dict[str, str]]:
    """What is known of the manual answers, by cell."""
    notebook = nbformat.read(executed, as_version=4)
    return {
        cell.metadata["nbgrader"]["grade_id"]: dict(cell.metadata["hwkit"])
        for cell in notebook.cells
        if "hwkit" in cell.metadata
    }


def _submission(gradebook: Gradebook, result: SubmissionResult, at: datetime | None) -> Any:
    known: dict[str, Any] = {}
    if at is not None:
        known["timestamp"] = at.astimezone(timezone.utc).replace(tzinfo=None)
    try:
        return gradebook.update_or_create_submission(result.assignment, result.student, **known)
    except MissingEntry as error:
        raise ValueError(
            f"Expected the gradebook to know student {result.student!r} and assignment "
            f"{result.assignment!r}. Received: {error}. Add the student to the roster, or release "
            "the assignment."
        ) from error


def _write_code(grade: Any, points: float) -> None:
    changed = grade.auto_score != points
    grade.auto_score = points
    if grade.manual_score is None:
        grade.needs_manual_grade = False
    elif changed:  # somebody overruled other points than these
        grade.needs_manual_grade = True


def _write_manual(grade: Any, answer: Mapping[str, str], before: str | None) -> None:
    nothing = answer["answer"] == "empty"
    grade.auto_score = 0.0 if nothing or answer["answer"] == "missing" else None
    if grade.manual_score is None and before is None:
        grade.needs_manual_grade = not nothing
    elif before != answer["digest"]:
        # Graded for another answer, or first seen now that it has a score.
        grade.needs_manual_grade = grade.manual_score is not None or not nothing


def _digests(gradebook: Gradebook, result: SubmissionResult) -> dict[str, str]:
    where = (_ANSWERS.c.assignment == result.assignment) & (_ANSWERS.c.student == result.student)
    rows = gradebook.db.execute(select(_ANSWERS.c.cell, _ANSWERS.c.digest).where(where))
    return {row.cell: row.digest for row in rows}


def _keep_digests(
    gradebook: Gradebook, result: SubmissionResult, answers: Mapping[str, Mapping[str, str]]
) -> None:
    where = (_ANSWERS.c.assignment == result.assignment) & (_ANSWERS.c.student == result.student)
    gradebook.db.execute(delete(_ANSWERS).where(where))
    owner = {"assignment": result.assignment, "student": result.student}
    rows = [{**owner, "cell": cell, "digest": each["digest"]} for cell, each in answers.items()]
    if rows:
        gradebook.db.execute(insert(_ANSWERS), rows)
