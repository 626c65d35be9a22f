"""A graded class as pages and tables show it: verdicts, marks, statistics, what needs a look."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, Student
from autograder.gradebook import source_file
from autograder.gradebook_marks import Marks, read_marks
from autograder.reports.parts import Part, parts, read_source
from autograder.reports.plain import one_line
from autograder.results import QuestionResult, SubmissionResult

STATUSES = ("passed", "partly", "wrong", "missing", "failed", "stopped")


@dataclass(frozen=True)
class Entry:
    """One submission.

    Attributes:
        student: whose it is.
        result: the verdicts on its code.
        marks: what the gradebook says; ``None`` where it was not recorded yet.
    """

    student: Student
    result: SubmissionResult
    marks: Marks | None = None

    def points(self, part: Part) -> float | None:
        """Points of a part, or ``None`` where they are not known yet."""
        mark = self.marks.parts.get(part.cell) if self.marks is not None else None
        if mark is not None and (mark.manual is not None or mark.auto is not None):
            return mark.points
        found = self.verdict(part)
        return None if found is None else found.points

    def waits(self, part: Part) -> bool:
        """Whether a person still has to look at this part."""
        mark = self.marks.parts.get(part.cell) if self.marks is not None else None
        return part.manual if mark is None else mark.needs_grading

    def verdict(self, part: Part) -> QuestionResult | None:
        """The verdict on a part that is marked by code."""
        return next((each for each in self.result.questions if each.cell == part.cell), None)

    def total(self, of: Sequence[Part]) -> float:
        """Points of these parts; what is not known yet counts nothing."""
        return sum(self.points(each) or 0.0 for each in of)


@dataclass(frozen=True)
class QuestionStatistics:
    """How a class did in one part that is marked by code.

    Attributes:
        part: it.
        question: name of the question.
        counts: number of submissions by status.
        mean: of the points.
        mistakes: the commonest typical mistakes with how often they were made.
    """

    part: Part
    question: str
    counts: Mapping[str, int]
    mean: float
    mistakes: tuple[tuple[str, int], ...]

    @property
    def pass_rate(self) -> float:
        """Share of the submissions with all points."""
        total = sum(self.counts.values())
        return self.counts["passed"] / total if total else 0.0


@dataclass(frozen=True)
class ClassSummary:
    """Everything that the report shows.

    Attributes:
        assignment: its name.
        title: of its notebook.
        parts: what carries points, in the notebook's order.
        entries: the submissions, in the order of the roster.
        absent: students of the roster without a graded submission.
        unreadable: stored results that could not be read, with the reason.
    """

    assignment: str
    title: str
    parts: tuple[Part, ...]
    entries: tuple[Entry, ...]
    absent: tuple[Student, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def code_parts(self) -> tuple[Part, ...]:
        """Parts marked by code."""
        return tuple(each for each in self.parts if not each.manual)

    @property
    def manual_parts(self) -> tuple[Part, ...]:
        """Parts marked by a person."""
        return tuple(each for each in self.parts if each.manual)

    @property
    def possible(self) -> float:
        """Points of the whole assignment, without extra credit."""
        return sum(each.max_points for each in self.parts if not each.extra)

    @property
    def trusted(self) -> tuple[Entry, ...]:
        """Submissions that ran without a box."""
        return tuple(each for each in self.entries if each.result.box == "none")

    @property
    def waiting(self) -> int:
        """Manual answers that a person has to look at."""
        return sum(entry.waits(part) for entry in self.entries for part in self.manual_parts)

    def questions(self) -> tuple[QuestionStatistics, ...]:
        """Statistics of every part that is marked by code."""
        return tuple(self._question(part) for part in self.code_parts)

    def _question(self, part: Part) -> QuestionStatistics:
        verdicts = [each for entry in self.entries if (each := entry.verdict(part)) is not None]
        counts = Counter[str](each.status for each in verdicts)
        mistakes = Counter(one_line(each.mistake, 80) for each in verdicts if each.mistake)
        return QuestionStatistics(
            part=part,
            question=verdicts[0].question if verdicts else part.cell,
            counts={status: counts[status] for status in STATUSES},
            mean=statistics.fmean(each.points for each in verdicts) if verdicts else 0.0,
            mistakes=tuple(mistakes.most_common(3)),
        )

    def to_look_at(self) -> tuple[tuple[Entry, tuple[str, ...]], ...]:
        """Submissions that need a look, those with concerns first, and why."""
        lagging = any(
            not any(entry.waits(part) for part in self.manual_parts) for entry in self.entries
        )
        found = [(entry, _reasons(entry, self.manual_parts, lagging)) for entry in self.entries]
        found = [(entry, reasons) for entry, reasons in found if reasons]
        return tuple(sorted(found, key=lambda each: not each[0].result.concerns))


def _reasons(entry: Entry, manual: Sequence[Part], lagging: bool) -> tuple[str, ...]:
    reasons = [one_line(each) for each in entry.result.concerns]
    for status, said in (("failed", "raised an error"), ("stopped", "was stopped")):
        names = [each.question for each in entry.result.questions if each.status == status]
        if names:
            reasons.append(f"{', '.join(names)} {said}")
    stopped = [one_line(each.cell, 60) for each in entry.result.cells if each.status == "stopped"]
    if stopped:
        reasons.append(f"stopped while running {', '.join(stopped)}")
    waits = [part.title for part in manual if entry.waits(part)]
    if waits and lagging:  # worth a word only once others are done
        which = f": {', '.join(waits)}" if len(waits) <= 3 else ""
        reasons.append(f"{len(waits)} of {len(manual)} manual parts ungraded{which}")
    if _overruled(entry):
        reasons.append("points by code changed after somebody had overruled them")
    return tuple(reasons)


def _overruled(entry: Entry) -> bool:
    marks = entry.marks.parts if entry.marks is not None else {}
    return any(
        marks[each.cell].needs_grading for each in entry.result.questions if each.cell in marks
    )


def read_results(
    course: Course, assignment: str
) -> tuple[dict[str, SubmissionResult], tuple[str, ...]]:
    """The stored results by student id, and what could not be read."""
    results, unreadable = {}, []
    for file in sorted(course.graded(assignment).glob("*/result.json")):
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            results[file.parent.name] = SubmissionResult.from_json(data)
        except (ValueError, KeyError, TypeError, OSError) as error:
            unreadable.append(f"{file.relative_to(course.root)}: {type(error).__name__}: {error}")
    return results, tuple(unreadable)


def summarize(course: Course, assignment: str) -> ClassSummary:
    """The graded class.

    Raises:
        FileNotFoundError: the assignment has no source in this course, or there is no roster.
        OSError: the gradebook cannot be opened.
        ValueError: nothing was graded yet.
    """
    source = read_source(source_file(course, assignment))
    results, unreadable = read_results(course, assignment)
    if not results:
        raise ValueError(
            f"Expected graded submissions of {assignment} in {course.graded(assignment)}. "
            f"Received: none. Grade first: hwkit grade {assignment}."
        )
    roster = course.roster()
    marks = read_marks(course.database, assignment)
    known = [roster[name] for name in roster if name in results]
    strangers = [Student(name) for name in results if name not in roster]
    return ClassSummary(
        assignment=assignment,
        title=_title(source.cells[0].source if source.cells else "", assignment),
        parts=parts(source),
        entries=tuple(
            Entry(each, results[each.id], marks.get(each.id)) for each in [*known, *strangers]
        ),
        absent=tuple(roster[name] for name in roster if name not in results),
        unreadable=unreadable,
    )


def _title(text: str, assignment: str) -> str:
    first = text.split("\n", 1)[0]
    return first.lstrip("# ").strip() if first.startswith("#") else assignment


def page_of(course: Course, assignment: str, student: str) -> Path:
    """A student's feedback page, where nbgrader has it."""
    return course.feedback(student, assignment) / f"{assignment}.html"
