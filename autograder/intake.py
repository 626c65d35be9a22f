"""Taking in what students handed in: every zip becomes an attempt, or is refused with a reason.

An attempt is written once, whole, and never changed: it is made in a folder of its own, synced to
the disk, and renamed to its number. So what is collected survives a kill at any moment, and
collecting again goes on where it was stopped.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from autograder import handed_in
from autograder.archive import ArchiveError, Limits, file_digest, unpack
from autograder.attempts import FILES, RECEIPT, Attempt, attempts, current_attempt, students
from autograder.course import Course, Roster
from autograder.durable import MAKING, remove_unfinished, sync, sync_tree
from autograder.identity import Identity, IdentityError, Mapped, identify, repetition
from autograder.submitted import place_submitted
from hwkit import editions

__all__ = ["Attempt", "Outcome", "Rules", "attempts", "collect", "current_attempt", "students"]
Status = Literal["collected", "known", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one zip.

    Attributes:
        name: of the file.
        status: "collected", "known" (the same files were collected before) or "refused".
        student: id of the roster; "" where nobody knows.
        reason: why it was refused.
        advice: what to tell the student, or to do.
        attempt: what was collected, now or before.
    """

    name: str
    status: Status
    student: str = ""
    reason: str = ""
    advice: str = ""
    attempt: Attempt | None = None


@dataclass(frozen=True)
class Rules:
    """How an assignment is collected.

    Attributes:
        assignment: its name.
        deadline: after which it is late; ``None``: only what the learning management system marks.
        late_from_file_times: the zips' file times are when they were handed in. A download's
            usually are not.
        limits: what a zip may be.
    """

    assignment: str
    deadline: datetime | None = None
    late_from_file_times: bool = False
    limits: Limits = field(default_factory=Limits)


def collect(
    course: Course,
    zips: Sequence[Path],
    roster: Roster,
    rules: Rules,
    mapping: Mapping[str, Mapped] | None = None,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Collect zips into a course; a bad one is refused, and the others go on.

    Args:
        course: gets collected/ and submitted/.
        zips: files, or folders that hold them.
        roster: who there is.
        rules: of the assignment.
        mapping: see ``identity.identify``.
        on_done: called with every outcome.

    Raises:
        ValueError: no such assignment, or somebody else collects it now.
        OSError: the disk is full or cannot be written; what was collected until then stays.
    """
    homework = editions.homework_number(rules.assignment)
    home = course.collected(rules.assignment)
    home.mkdir(parents=True, exist_ok=True)
    outcomes = []
    with _alone(home):
        _clear_unfinished(course, rules.assignment)
        for packed in sorted(listed(zips), key=_age):
            outcome = _collect_one(course, packed, roster, rules, homework, mapping)
            outcomes.append(outcome)
            on_done(outcome)
        for student in students(course, rules.assignment):
            place_submitted(course, rules.assignment, student)
    return outcomes


def listed(zips: Sequence[Path]) -> list[Path]:
    """The zips that are meant, each once: a folder stands for those in it."""
    found: list[Path] = []
    for path in zips:
        if path.is_dir():
            inside = (each for each in path.iterdir() if each.suffix.lower() == ".zip")
            found += sorted(each for each in inside if not each.name.startswith("."))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _age(packed: Path) -> tuple[float, int]:
    """What was handed in first comes first, as far as files tell."""
    return packed.stat().st_mtime if packed.is_file() else 0.0, repetition(packed.name)


def _collect_one(
    course: Course,
    packed: Path,
    roster: Roster,
    rules: Rules,
    homework: int,
    mapping: Mapping[str, Mapped] | None,
) -> Outcome:
    if not packed.is_file():
        return Outcome(packed.name, "refused", reason="There is no such file.")
    student = ""
    try:
        identity = identify(packed.name, roster, homework, mapping)
        student = identity.student.id
        return _take(course, packed, identity, roster, rules, homework)
    except IdentityError as error:
        advice = "Name the file for its student, or say whose it is with --mapping."
        return Outcome(packed.name, "refused", error.student, str(error), advice)
    except ArchiveError as error:
        return Outcome(packed.name, "refused", student, error.reason, error.advice)


def _take(
    course: Course,
    packed: Path,
    identity: Identity,
    roster: Roster,
    rules: Rules,
    homework: int,
) -> Outcome:
    student = identity.student.id
    home = course.collected(rules.assignment, student)
    home.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=home, prefix=MAKING))
    try:
        (making / FILES).mkdir()
        unpacked = unpack(packed, making / FILES, rules.limits)
        submitted, late, doubt = _lateness(packed, identity, rules)
        timed = identity.submitted is not None or rules.late_from_file_times
        known = _known(course, rules, student, unpacked.digest, submitted if timed else None)
        before = attempts(course, rules.assignment, student)
        if known is not None:
            return Outcome(packed.name, "known", student, attempt=known)
        notebook = handed_in.find_notebook(list(unpacked.files), student, homework)
        concerns = [
            *identity.concerns,
            *handed_in.concerns_about(making / FILES, notebook, student, homework, roster),
            *_same_as(course, rules.assignment, student, unpacked.files[notebook]),
        ]
        attempt = Attempt(
            rules.assignment,
            student,
            1 + max((each.number for each in before), default=0),
            packed.name.encode("utf-8", errors="backslashreplace").decode(),
            file_digest(packed),
            unpacked.digest,
            notebook,
            unpacked.files[notebook],
            submitted.isoformat(),
            late,
            datetime.now(timezone.utc).isoformat(timespec="seconds"),
            (*concerns, *doubt),
        )
        return Outcome(packed.name, "collected", student, attempt=_finish(making, home, attempt))
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _known(
    course: Course, rules: Rules, student: str, digest: str, submitted: datetime | None
) -> Attempt | None:
    """The attempt that holds these very files; ``None`` where they come back after others."""
    same = [each for each in attempts(course, rules.assignment, student) if each.digest == digest]
    current = current_attempt(course, rules.assignment, student)
    if not same or current is None:
        return None
    later = submitted is not None and submitted > datetime.fromisoformat(current.submitted)
    return None if later and current.digest != digest else same[-1]


def _finish(making: Path, home: Path, attempt: Attempt) -> Attempt:
    """Give a made attempt its number; one that exists, finished or not, is never touched."""
    while (home / f"{attempt.number:03d}").exists():
        attempt = replace(attempt, number=attempt.number + 1)
    text = json.dumps(attempt.to_json(), indent=1, ensure_ascii=False) + "\n"
    (making / RECEIPT).write_text(text, encoding="utf-8")
    making.chmod(0o755)
    sync_tree(making)
    making.rename(home / f"{attempt.number:03d}")
    sync(home)
    return attempt


def _lateness(packed: Path, identity: Identity, rules: Rules) -> tuple[datetime, float, list[str]]:
    """When it was handed in, seconds after the deadline, and a doubt about them."""
    told = identity.submitted
    file_time = datetime.fromtimestamp(packed.stat().st_mtime, timezone.utc)
    moment = file_time if told is None else told
    late = 0.0
    if rules.deadline is not None and (told is not None or rules.late_from_file_times):
        late = max(0.0, (moment - rules.deadline).total_seconds())
    if identity.late and late == 0.0:
        return moment, 1.0, ["It is marked as late; nothing tells by how much."]
    return moment, late, []


def _same_as(course: Course, assignment: str, student: str, digest: str) -> list[str]:
    """Other students who handed in this very notebook."""
    others = [
        other
        for other in students(course, assignment)
        if other != student
        and any(each.notebook_digest == digest for each in attempts(course, assignment, other))
    ]
    released = course.release(assignment) / f"{assignment}.ipynb"
    if not others or (released.is_file() and file_digest(released) == digest):
        return []
    return [f"The notebook is, byte for byte, also that of {', '.join(others)}."]


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the assignment's lock; the system lets go of it when this process ends in any way."""
    import fcntl

    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ValueError(
                f"Expected to collect alone. Received: another hwkit collect at work in {home}. "
                "Wait for it to end."
            ) from error
        yield


def _clear_unfinished(course: Course, assignment: str) -> None:
    """Remove what a run that was killed left half made."""
    for folder in course.collected(assignment).iterdir():
        if folder.is_dir():
            remove_unfinished(folder)
    submitted = course.submitted("", "")
    for student in students(course, assignment):
        if (submitted / student).is_dir():
            remove_unfinished(submitted / student)
