"""Files that other systems take: a table for spreadsheets, Canvas's gradebook import, Gradescope.

Canvas: header and "Points Possible" row as its own export writes them; students are matched by ID,
then SIS User ID, then SIS Login ID, then name, and empty cells change nothing
(lib/gradebook_importer.rb of canvas-lms). A byte order mark does no harm there: the first name of
the header is looked for inside the cell, so it only must not be quoted.

Gradescope has no import of scores. What it takes is an autograder: a zip with setup.sh and
run_autograder that writes results.json ("Autograder Specifications"). The one written here holds
the marks and looks the submitter up; it runs nothing of what was submitted.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, Student
from autograder.reports.plain import clean, one_line
from autograder.reports.summary import ClassSummary, Entry, summarize

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
_BEFORE = " \u00a0\u3000\ufeff\u200b'\""  # what may stand before a formula's sign
# Where the semicolon parts cells, what follows one is a cell of its own.
_INNER = re.compile(r""";(?=[\s"']*[=+\-@|＝＋－＠])""")


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        file: its place.
        count: number of students with points in it.
        left_out: students without, and why.
    """

    file: Path
    count: int
    left_out: tuple[str, ...]


def defuse(cell: object) -> str | float | int:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers.

    Text that begins like a formula gets an apostrophe in front (OWASP, "CSV injection"), also where
    the sign comes after white space or is one of the full-width forms that some programs accept.
    """
    if isinstance(cell, (int, float)):
        return cell
    given = str(cell)
    text = _INNER.sub(";'", one_line(given.replace("\r", " "), 500))
    for each in (given, text):
        if unicodedata.normalize("NFKC", each).lstrip(_BEFORE).startswith(_FORMULA):
            return f"'{text}"
    return text


def export(
    course: Course,
    assignment: str,
    format: str,
    out: Path | None = None,
    *,
    column: str = "",
    partial: bool = False,
) -> Exported:
    """Write the marks of a class for another system.

    Args:
        course: its folder.
        assignment: its name.
        format: "csv", "canvas" or "gradescope".
        out: the file; else one in the course's exports/.
        column: for Canvas, the name of the assignment's column there, such as "HW3 (12345)".
        partial: also hand over submissions whose manual parts are not all graded.

    Raises:
        ValueError: no such format, or nothing was graded yet.
        OSError: the roster, the gradebook or the file cannot be opened.
    """
    if format not in _WRITERS:
        raise ValueError(f"Expected a format of {', '.join(_WRITERS)}. Received: {format!r}.")
    ending, writer = _WRITERS[format]
    summary = summarize(course, assignment)
    file = out if out is not None else course.exports / f"{assignment}-{format}.{ending}"
    content, count, left_out = writer(summary, column or assignment, partial)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(file)
    return Exported(file, count, left_out)


def _waits(summary: ClassSummary, entry: Entry) -> int:
    return sum(entry.waits(part) for part in summary.manual_parts)


def _ready(summary: ClassSummary, partial: bool) -> tuple[list[Entry], list[str]]:
    """Entries to hand over, and who is left out."""
    ready, left_out = [], []
    for entry in summary.entries:
        waits = _waits(summary, entry)
        if waits and not partial:
            left_out.append(f"{entry.student.id}: {waits} written answers are not graded yet")
        else:
            ready.append(entry)
    left_out += [f"{each.id}: no graded submission" for each in summary.absent]
    return ready, left_out


def _table(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV in UTF-8, with the mark that makes Excel read it so."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[defuse(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _number(points: float) -> float | int:
    return int(points) if float(points).is_integer() else round(points, 4)


def _csv(summary: ClassSummary, column: str, partial: bool) -> tuple[bytes, int, tuple[str, ...]]:
    """Everything in one table; nobody is left out of it."""
    names = [f"{part.title} [{part.cell}]" for part in summary.parts]
    header = ["id", "last_name", "first_name", "email", "code", "manual", "total", "possible"]
    rows: list[list[object]] = [[*header, "ungraded", "late_seconds", "needs_look", *names]]
    reasons = {entry.student.id: "; ".join(why) for entry, why in summary.to_look_at()}
    for entry in summary.entries:
        points = [entry.points(part) for part in summary.parts]
        totals = (summary.code_parts, summary.manual_parts, summary.parts)
        rows.append(
            [
                *_person(entry.student),
                *(_number(entry.total(of)) for of in totals),
                _number(summary.possible),
                _waits(summary, entry),
                _number(entry.result.late_seconds),
                reasons.get(entry.student.id, ""),
                *("" if each is None else _number(each) for each in points),
            ]
        )
    for student in summary.absent:
        blank = [""] * (len(rows[0]) - 4)
        rows.append([*_person(student), *blank])
    absent = tuple(f"{each.id}: no graded submission" for each in summary.absent)
    return _table(rows), len(summary.entries), absent


def _person(student: Student) -> list[object]:
    return [student.id, student.last_name, student.first_name, student.email]


def _canvas(
    summary: ClassSummary, column: str, partial: bool
) -> tuple[bytes, int, tuple[str, ...]]:
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column],
        ["Points Possible", "", "", "", "", _number(summary.possible)],
    ]
    ready, left_out = _ready(summary, partial)
    for entry in ready:
        student, extra = entry.student, entry.student.extra
        name = ", ".join(filter(None, (student.last_name, student.first_name))) or student.id
        login = extra.get("sis_login_id") or student.id
        known = [extra.get("canvas_id", ""), extra.get("sis_user_id", ""), login]
        points = _number(round(entry.total(summary.parts), 2))
        rows.append([name, *known, extra.get("section", ""), points])
    return _table(rows), len(ready), tuple(left_out)


def _gradescope(
    summary: ClassSummary, column: str, partial: bool
) -> tuple[bytes, int, tuple[str, ...]]:
    ready, left_out = _ready(summary, partial)
    with_mail = [entry for entry in ready if entry.student.email]
    left_out += [f"{e.student.id}: no email in the roster" for e in ready if not e.student.email]
    results = {_key(entry.student.email): _results(summary, entry) for entry in with_mail}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text, mode in (
            ("setup.sh", "#!/usr/bin/env bash\n# Nothing to install.\n", 0o755),
            ("run_autograder", RUN_AUTOGRADER, 0o755),
            ("marks.json", json.dumps(results, indent=1, sort_keys=True), 0o644),
        ):
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text)
    return file.getvalue(), len(with_mail), tuple(left_out)


def _key(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode("utf-8")).hexdigest()


def _results(summary: ClassSummary, entry: Entry) -> dict[str, Any]:
    """One student's results.json."""
    comments = entry.marks.comments if entry.marks is not None else {}
    tests = []
    for part in summary.parts:
        verdict, points = entry.verdict(part), entry.points(part)
        said = [verdict.message, verdict.hint] if verdict is not None else []
        said += [comments[cell] for cell in part.cells if cell in comments]
        if points is None:
            said.append("Not graded yet.")
        tests.append(
            {
                "name": part.title,
                "score": _number(points or 0),
                "max_score": _number(part.max_points),
                "output": clean("\n".join(filter(None, said)), 4000),
                "output_format": "text",
            }
        )
    return {
        "score": _number(round(entry.total(summary.parts), 2)),
        "visibility": "after_published",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


RUN_AUTOGRADER = '''#!/usr/bin/env python3
"""Hands out marks that were given elsewhere; runs nothing of the submission."""

import hashlib
import json
import os
import pathlib

root = pathlib.Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))
marks = json.loads((root / "source" / "marks.json").read_text(encoding="utf-8"))
known = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
keys = [
    hashlib.sha256(user["email"].strip().lower().encode("utf-8")).hexdigest()
    for user in known["users"]
]
found = [marks[key] for key in keys if key in marks]
unknown = {"score": 0, "output": "There are no marks for this email address yet."}
(root / "results").mkdir(exist_ok=True)
(root / "results" / "results.json").write_text(json.dumps(found[0] if found else unknown))
'''

_Writer = Callable[[ClassSummary, str, bool], tuple[bytes, int, tuple[str, ...]]]
_WRITERS: dict[str, tuple[str, _Writer]] = {
    "csv": ("csv", _csv),
    "canvas": ("csv", _canvas),
    "gradescope": ("zip", _gradescope),
}
