"""Grades an assignment: what is not graded yet, in boxes, into the store and the gradebook.

The process that runs this is the only one that writes. Every submission is a transaction of its own
(see ``autograder.store``), so that a run which was killed anywhere goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder import gradebook
from autograder.attempts import current_attempt
from autograder.box import cgroups
from autograder.box.limits import Limits
from autograder.challenges import challenges_of
from autograder.course import Course
from autograder.grading import Graded, Task
from autograder.judge import remark
from autograder.release import check_edition
from autograder.results import SubmissionResult
from autograder.store import Store
from autograder.submission import SubmissionError, given_cells, read
from autograder.workers import Lost, Settings, on_dask, on_processes


@dataclass(frozen=True)
class Options:
    """How an assignment is graded.

    Attributes:
        jobs: processes of this machine.
        dask: address of a Dask scheduler instead.
        only: ids of students; none for all.
        again: grade what is graded already, too.
        trust: run submissions without a box where there is none.
        limits: of each submission.
    """

    jobs: int = 1
    dask: str = ""
    only: Sequence[str] = ()
    again: bool = False
    trust: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Change:
    """What marking again changed for a student."""

    student: str
    before: float
    after: float
    stale: tuple[str, ...] = ()


class Pipeline:
    """Grades one assignment of a course.

    Args:
        course: the course.
        assignment: its name.

    Raises:
        FileNotFoundError: it was not released in this course.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.course = course
        self.assignment = assignment
        self.store = Store(course, assignment)
        release = course.release(assignment) / f"{assignment}.ipynb"
        if not release.is_file():
            raise FileNotFoundError(
                f"Expected the released assignment at {release}, and found none. Release it "
                f"first: hwkit release {assignment} --to FOLDER --course {course.root}"
            )
        self._given = given_cells(json.loads(release.read_bytes()))

    def todo(self, options: Options) -> list[Task]:
        """The submissions that are to be graded.

        Raises:
            ValueError: an id that nobody has, or that handed nothing in.
        """
        handed_in = self._handed_in()
        unknown = sorted(set(options.only) - set(handed_in))
        if unknown:
            raise ValueError(
                f"Expected ids of students who handed {self.assignment} in. Received: "
                f"{', '.join(unknown)}. hwkit collect takes submissions in."
            )
        roster = self.course.roster()
        tasks = []
        for student in handed_in:
            if (options.only and student not in options.only) or student not in roster:
                continue
            task = self._task(student)
            graded = self.store.result(student)
            if options.again or graded is None or graded.digest != task.digest:
                tasks.append(task)
        return tasks

    def grade(
        self,
        options: Options,
        on_result: Callable[[SubmissionResult], None] = lambda result: None,
    ) -> list[tuple[str, str]]:
        """Grade what is to be graded; what was graded before is only brought into the gradebook.

        Args:
            options: how.
            on_result: told every result once it is kept.

        Returns:
            Students that could not be graded, with the reason.

        Raises:
            BoxError: no box can be made here. OSError: a result could not be written; what is
                graded so far is kept.
        """
        check_edition(self.course.edition(self.assignment))
        gradebook.register(self.course, self.assignment)
        cgroups.sweep()
        self.store.tidy()
        tasks = self.todo(options)
        doing = {task.student for task in tasks}
        for student in self.store.students():
            if student not in doing and not self.store.is_recorded(student):
                self._record(student)
        strangers = sorted(set(self._handed_in()) - set(self.course.roster()))
        lost = [(student, "there is no such id in roster.csv") for student in strangers]
        for task, outcome in self._outcomes(tasks, options):
            if isinstance(outcome, Lost):
                lost.append((task.student, outcome.reason))
                continue
            self.store.write(outcome.result, outcome.responses)
            self._record(task.student)
            on_result(outcome.result)
        return lost

    def remark(self) -> Iterator[Change]:
        """Mark the stored responses again, without running any student's code.

        Yields what changed for whom. Questions whose hidden inputs are drawn differently by now
        keep their verdict and are named: they need a new run.
        """
        challenges = challenges_of(self.assignment)
        gradebook.register(self.course, self.assignment)
        for before in self.store.results():
            stored = self.store.responses(before.student)
            if stored is None:
                continue
            judged = remark(challenges, before.seed, stored)
            fresh = {each.question: each for each in judged.results}
            questions = tuple(fresh.get(each.question, each) for each in before.questions)
            after = replace(before, questions=questions)
            if after != before:
                self.store.write(after)
                self._record(before.student)
            if after.points != before.points or judged.stale:
                yield Change(before.student, before.points, after.points, tuple(judged.stale))

    def _outcomes(
        self, tasks: Sequence[Task], options: Options
    ) -> Iterator[tuple[Task, Graded | Lost]]:
        if not tasks:
            return iter(())
        settings = Settings(self.course.edition(self.assignment), options.limits, options.trust)
        if options.dask:
            return on_dask(tasks, settings, options.dask)
        return on_processes(tasks, settings, options.jobs)

    def _handed_in(self) -> list[str]:
        """Ids of those whose submission lies where nbgrader expects it."""
        folders = self.course.root.glob(f"submitted/*/{self.assignment}")
        return sorted(folder.parent.name for folder in folders)

    def _task(self, student: str) -> Task:
        folder = self.course.submitted(student, self.assignment)
        try:
            digest = read(folder, self.assignment, self._given).digest
        except SubmissionError as error:
            digest = f"unreadable: {error}"
        attempt = current_attempt(self.course, self.assignment, student)
        return Task(
            assignment=self.assignment,
            student=student,
            folder=folder,
            given=self._given,
            seed=self.store.seed(student, digest),
            digest=digest,
            late_seconds=0.0 if attempt is None else attempt.late_seconds,
            concerns=() if attempt is None else attempt.concerns,
        )

    def _record(self, student: str) -> None:
        """Bring a stored result into formgrader's notebook and the gradebook."""
        result = self.store.result(student)
        if result is None:
            raise ValueError(f"Expected a result of {student}, and found none.")
        gradebook.publish(self.course, result)
        self.store.set_recorded(student)
