"""Whose zip is it? What the learning management system wrote, held against the roster.

A student chooses the name of the file, the system puts its own in front. So the system's part
counts where there is one, and nothing inside the zip ever does.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from autograder.course import Roster, Student, key

# Canvas: doejane_LATE_12345_67890_jdoe_HW3.zip, with the user's and the submission's number.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<nr>\d+)_(?P<file>.+)")
# Blackboard: Homework 3_jdoe_attempt_2026-04-17-11-59-30_jdoe_HW3.zip
_BLACKBOARD = re.compile(
    r"(?P<before>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:[_.].*)?", re.DOTALL
)
# What browsers and Canvas append to a file that comes again: " (1)", "-1".
_AGAIN = r"(?:-\d{1,2}| ?\(\d{1,2}\))?"
_HOMEWORK = re.compile(rf"(?P<id>.+?)_hw0*(?P<number>\d+){_AGAIN}\.zip", re.IGNORECASE)
_MAPPING_COLUMNS = ({"file", "id"}, {"file", "id", "submitted"})


class IdentityError(ValueError):
    """Nobody can tell whose zip it is.

    Attributes:
        student: the id that it seems to be, "" for none.
    """

    def __init__(self, message: str, student: str = "") -> None:
        super().__init__(message)
        self.student = student


@dataclass(frozen=True)
class Identity:
    """Whose zip it is, and when it was handed in.

    Attributes:
        student: of the roster.
        submitted: when, as far as the name or the mapping tells.
        late: whether the learning management system marked it as late.
        concerns: what does not fit, in words.
    """

    student: Student
    submitted: datetime | None = None
    late: bool = False
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapped:
    """A line of a mapping: whose file it is, and when it was handed in, where that is said."""

    student: str
    submitted: datetime | None


def read_mapping(file: Path) -> dict[str, Mapped]:
    """A table with the columns file, id and, if wanted, submitted (ISO 8601), by file name.

    Raises:
        FileNotFoundError: no such file. ValueError: no such table.
    """
    if not file.is_file():
        raise FileNotFoundError(f"Expected a mapping, a table file,id, at {file}, and found none.")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        if set(reader.fieldnames or ()) not in _MAPPING_COLUMNS:
            raise ValueError(
                f"Expected the columns file, id and, if wanted, submitted in {file}. Received: "
                f"{', '.join(reader.fieldnames or ()) or 'an empty file'}."
            )
        rows = list(reader)
    mapping: dict[str, Mapped] = {}
    for row in rows:
        name, student = (row["file"] or "").strip(), (row["id"] or "").strip()
        if not name or name in mapping:
            raise ValueError(f"Expected every file once in {file}. Received: {name!r} again.")
        time = (row.get("submitted") or "").strip()
        mapping[name] = Mapped(student, read_time(time) if time else None)
    return mapping


def read_time(text: str) -> datetime:
    """A time in ISO 8601; without a time zone it is this computer's.

    Raises:
        ValueError: something else.
    """
    try:
        return datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip())).astimezone(
            timezone.utc
        )
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(
            f"Expected a time such as 2026-04-17T12:00 or 2026-04-17T12:00-04:00. Received: "
            f"{text!r}."
        ) from error


def identify(
    name: str, roster: Roster, homework: int, mapping: Mapping[str, Mapped] | None = None
) -> Identity:
    """Whose zip this is.

    Args:
        name: of the file.
        roster: who there is.
        homework: its number, as in ``jdoe_HW3.zip``.
        mapping: what an instructor says about files, by name; goes before everything else.

    Raises:
        IdentityError: nobody of the roster, or one cannot tell.
    """
    if mapping and name in mapping:
        said = mapping[name]
        student = roster.find(said.student)
        if student is None:
            raise IdentityError(
                f"The mapping gives it to {said.student!r}, who is not on the roster.", said.student
            )
        return Identity(student, said.submitted)
    if match := _BLACKBOARD.fullmatch(name):
        return _by_blackboard(match, roster)
    if match := _CANVAS.fullmatch(name):
        return _by_canvas(match, roster, homework)
    named, concern = _named(name, homework)
    student = roster.find(named) if named else None
    if student is None:
        raise IdentityError(_unknown(named, homework), named)
    return Identity(student, concerns=_some(concern))


def repetition(name: str) -> int:
    """How often a file of this name came before: 2 for ``jdoe_HW3-2.zip`` and ``... (2).zip``."""
    found = re.search(r"(?:-| ?\()(\d{1,2})\)?\.zip$", name, re.IGNORECASE)
    return int(found[1]) if found else 0


def _by_blackboard(match: re.Match[str], roster: Roster) -> Identity:
    """The user's name stands right before "_attempt_"; it may hold underscores itself."""
    before = match["before"]
    parts = before.split("_")
    for start in range(len(parts)):
        student = roster.find("_".join(parts[start:]))
        if student is not None:
            moment = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S").astimezone(timezone.utc)
            return Identity(student, moment)
    raise IdentityError(f"{parts[-1]!r} is not on the roster.", parts[-1])


def _by_canvas(match: re.Match[str], roster: Roster, homework: int) -> Identity:
    late = match["late"] is not None
    named, concern = _named(match["file"], homework)
    by_file = roster.find(named) if named else None
    by_system = _of_canvas_user(match["user"], roster) or _of_canvas_name(
        match["name"], roster, by_file
    )
    if by_system is None and by_file is None:
        raise IdentityError(_unknown(named, homework), named)
    if by_system is None and by_file is not None and by_file.name == by_file.id:
        said = (
            f"Canvas calls the student {match['name']!r}; the roster has no name for {by_file.id}."
        )
        return Identity(by_file, late=late, concerns=(*_some(concern), said))
    if by_system is None:
        raise IdentityError(
            f"Canvas calls the student {match['name']!r}, which fits nobody of the roster. "
            f"Only the student's own name for the file says {named!r}.",
            named,
        )
    concerns = _some(concern)
    if by_file is not None and by_file.id != by_system.id:
        concerns = (*concerns, f"The file is named for {by_file.id}, another student.")
    elif by_file is None:
        concerns = (*concerns, f"The file is not named {by_system.id}_HW{homework}.zip.")
    return Identity(by_system, late=late, concerns=concerns)


def _of_canvas_user(number: str, roster: Roster) -> Student | None:
    found = [each for each in roster.values() if each.extra.get("canvas_id") == number]
    return found[0] if len(found) == 1 else None


def _of_canvas_name(name: str, roster: Roster, by_file: Student | None) -> Student | None:
    """Canvas writes last and first name in small letters, without what is between."""
    fits = [each for each in roster.values() if name.casefold() in _canvas_names(each)]
    if by_file is not None and by_file in fits:
        return by_file
    return fits[0] if len(fits) == 1 else None


def _canvas_names(student: Student) -> set[str]:
    last, first = student.last_name, student.first_name
    return {
        name
        for name in (_plain(last + first), _letters(last + first), _plain(first + last))
        if name
    }


def _letters(text: str) -> str:
    return "".join(letter for letter in key(text) if letter.isalnum())


def _plain(text: str) -> str:
    """Without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", _letters(text)) if letter.isalnum()
    )


def _named(file: str, homework: int) -> tuple[str, str]:
    """The id that the student wrote into the file's name, and a concern, or ""."""
    match = _HOMEWORK.fullmatch(file)
    if match is None:
        return "", ""
    other = int(match["number"]) if len(match["number"]) < 6 else -1
    return match["id"], "" if other == homework else f"The file is named for homework {other}."


def _unknown(named: str, homework: int) -> str:
    if named:
        return f"{named!r} is not on the roster."
    return f"The file is named neither ID_HW{homework}.zip nor as Canvas or Blackboard name theirs."


def _some(concern: str) -> tuple[str, ...]:
    return (concern,) if concern else ()
