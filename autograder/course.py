"""The folder of a course: where everything lies, who is in it, and what has been opened."""

from __future__ import annotations

import csv
import importlib
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Folder names of reports and submissions are made of ids, on any file system.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
_COLUMNS = ("id", "first_name", "last_name", "email")
_SETTINGS = {"database": str, "opened": list}


@dataclass(frozen=True)
class Student:
    """A row of the roster.

    Attributes:
        id: what the student is known by everywhere.
        first_name: may be "".
        last_name: may be "".
        email: may be "".
        extra: further columns by name, such as "canvas_id".
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, or the id where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


class Roster(Mapping[str, Student]):
    """The students of a course by id, in the order of the file."""

    def __init__(self, students: Mapping[str, Student], columns: tuple[str, ...]) -> None:
        self._students = dict(students)
        self._by_key = {key(student): student for student in students}
        self.columns = columns

    def __getitem__(self, student: str) -> Student:
        return self._students[student]

    def __iter__(self) -> Iterator[str]:
        return iter(self._students)

    def __len__(self) -> int:
        return len(self._students)

    def find(self, student: str) -> Student | None:
        """The student of this id, whatever its case."""
        found = self._by_key.get(key(student))
        return None if found is None else self._students[found]


def key(name: str) -> str:
    """What two names have in common that some file system takes for the same."""
    return unicodedata.normalize("NFKC", name).casefold()


def read_roster(file: Path) -> Roster:
    """The roster: a table with a column "id"; first_name, last_name and email where there are.

    Raises:
        FileNotFoundError: no such file. ValueError: no table, no column "id", an id that cannot
            name a folder, or one that occurs twice; the message names the line.
    """
    if not file.is_file():
        raise FileNotFoundError(
            f"Expected the roster at {file}, a table with the columns {', '.join(_COLUMNS)}, and "
            "found none. Make it, or name another one with --roster."
        )
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = list(csv.reader(text.splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            f"Expected {file} to be a table of comma-separated values in UTF-8. Received: {error}."
        ) from error
    columns = tuple(name.strip() for name in rows[0]) if rows else ()
    if "id" not in columns or len(set(columns)) < len(columns):
        raise ValueError(
            f"Expected {file} to begin with the names of its columns, each once, among them 'id'. "
            f"Received: {', '.join(columns) or 'an empty file'}."
        )
    students: dict[str, Student] = {}
    seen: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            student = _student(file, line, columns, row)
            if key(student.id) in seen:
                raise ValueError(
                    f"Expected every id once (upper and lower case are the same). Received: "
                    f"{student.id!r} in lines {seen[key(student.id)]} and {line} of {file}."
                )
            seen[key(student.id)] = line
            students[student.id] = student
    return Roster(students, columns)


def _student(file: Path, line: int, columns: tuple[str, ...], row: list[str]) -> Student:
    if len(row) > len(columns):
        raise ValueError(
            f"Expected {len(columns)} cells in line {line} of {file}. Received: {len(row)}. Put "
            "cells that hold a comma in quotes."
        )
    cells = dict.fromkeys(columns, "") | {
        column: cell.strip() for column, cell in zip(columns, row, strict=False)
    }
    name = require_id(cells["id"], f"line {line} of {file}")
    extra = {column: cells[column] for column in columns if column not in _COLUMNS}
    known = {column: cells.get(column, "") for column in _COLUMNS[1:]}
    return Student(name, **known, extra=extra)


def require_id(name: str, where: str) -> str:
    """This id of a student, if it can name a folder.

    Raises:
        ValueError: it cannot.
    """
    if not _ID.fullmatch(name) or name.endswith(".") or name.split(".")[0].lower() in RESERVED:
        raise ValueError(
            "Expected an id of up to 64 letters, digits and . _ @ + -, beginning with a letter or "
            f"digit, that can name a folder. Received: {name!r} ({where})."
        )
    return name


class Course:
    """The folder of a course.

    Args:
        root: it; need not exist yet.

    Raises:
        ValueError: root is a file, or its course.toml cannot be read.
    """

    def __init__(self, root: Path | str = ".") -> None:
        self.root = Path(root).resolve()
        if self.root.exists() and not self.root.is_dir():
            raise ValueError(f"Expected the folder of a course. Received: {root}, which is a file.")
        self._settings = _read_settings(self.root / "course.toml")

    def __repr__(self) -> str:
        return f"Course({str(self.root)!r})"

    @property
    def database(self) -> str:
        """URL of nbgrader's gradebook: ``database`` of course.toml, else SQLite in this folder."""
        return str(self._settings.get("database", f"sqlite:///{self.root / 'gradebook.db'}"))

    @property
    def opened(self) -> tuple[str, ...]:
        """Assignments whose answers students may see: ``opened`` of course.toml, else none."""
        return tuple(self._settings.get("opened", ()))

    @property
    def roster_file(self) -> Path:
        """roster.csv."""
        return self.root / "roster.csv"

    def roster(self, file: Path | None = None) -> Roster:
        """The roster; see ``read_roster``."""
        return read_roster(self.roster_file if file is None else file)

    def source(self, assignment: str) -> Path:
        """Nbgrader's source of an assignment."""
        return self.root / "source" / assignment

    def release(self, assignment: str) -> Path:
        """Nbgrader's release of an assignment."""
        return self.root / "release" / assignment

    def edition(self, assignment: str) -> Path:
        """The student edition, unpacked; beside it ``<assignment>.sha256``."""
        return self.root / "edition" / assignment

    def collected(self, assignment: str, student: str = "") -> Path:
        """Every attempt ever collected: ``<student>/<NNN>/``."""
        return self.root / "collected" / assignment / student

    def submitted(self, student: str, assignment: str) -> Path:
        """Nbgrader's folder of the current attempt."""
        return self.root / "submitted" / student / assignment

    def graded(self, assignment: str, student: str = "") -> Path:
        """Results, stored responses and the executed notebook."""
        return self.root / "graded" / assignment / student

    def autograded(self, student: str, assignment: str) -> Path:
        """Nbgrader's folder of the executed notebook, for formgrader."""
        return self.root / "autograded" / student / assignment

    def feedback(self, student: str, assignment: str) -> Path:
        """The student's page."""
        return self.root / "feedback" / student / assignment

    def report(self, assignment: str) -> Path:
        """The instructor's page."""
        return self.root / "reports" / f"{assignment}.html"

    @property
    def exports(self) -> Path:
        """Files for learning management systems."""
        return self.root / "exports"


def _read_settings(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        settings: dict[str, Any] = toml.loads(file.read_text(encoding="utf-8"))
    except (toml.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"Expected {file} to be TOML in UTF-8. Received: {error}.") from error
    for name, value in settings.items():
        if name not in _SETTINGS or not isinstance(value, _SETTINGS[name]):
            raise ValueError(
                f'Expected in {file} only: database = "URL" and opened = ["assignment", ...]. '
                f"Received: {name} = {value!r}."
            )
    if not all(isinstance(name, str) for name in settings.get("opened", ())):
        raise ValueError(f"Expected names of assignments in {file}. Received: {settings['opened']}")
    return settings
