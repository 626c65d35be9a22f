"""The instructor's page and the students' feedback pages: HTML that holds everything it shows.

The pages have no script. A Content-Security-Policy lets a browser run none, load nothing, and use
no style but the page's own, whose hash it names; Jinja escapes whatever is put in.
"""

from __future__ import annotations

import base64
import hashlib
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course import Course
from autograder.gradebook import executed_file
from autograder.reports.parts import Part, without_asides
from autograder.reports.pictures import reencoded_base64
from autograder.reports.plain import clean, one_line
from autograder.reports.summary import STATUSES, ClassSummary, Entry, page_of
from autograder.reports.terminal import late

PICTURES = 40  # of a feedback page
SIDE = 1000  # pixels
BINS = 10


@dataclass(frozen=True)
class Histogram:
    """Distribution of points in ten equal parts.

    Attributes:
        title: what is counted.
        counts: submissions by tenth of the possible points; more than all counts as all.
        possible: points.
        median: of the points.
    """

    title: str
    counts: tuple[int, ...]
    possible: float
    median: float


@dataclass(frozen=True)
class Shown:
    """A picture of a submission: where it stands, and its PNG file in base64."""

    where: str
    data: str


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"clean": clean, "line": one_line, "pieces": pieces, "late": late}
    environment.filters["sentence"] = sentence
    environment.filters["points"] = lambda value: "" if value is None else f"{value:g}"
    return environment


def _render(template: str, **values: Any) -> str:
    environment = _environment()
    css = environment.get_template("page.css").render()
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template(template).render(css=css, policy=policy, **values)


def pieces(text: object) -> list[tuple[bool, str]]:
    """Text in pieces; True for what stands between backticks."""
    return [(place % 2 == 1, each) for place, each in enumerate(clean(text, 4000).split("`"))]


def sentence(text: object) -> str:
    """Cleaned text that begins with a capital letter; names in backticks stay as they are."""
    shown = clean(text, 4000).strip()
    return shown[:1].upper() + shown[1:]


def histogram(title: str, points: Sequence[float], possible: float) -> Histogram:
    """The distribution of points.

    Raises:
        ValueError: no points are possible, or there are none.
    """
    if possible <= 0 or not points:
        raise ValueError(f"Expected points out of more than 0. Received: {points} of {possible}.")
    counts = [0] * BINS
    for each in points:
        counts[min(max(int(BINS * each / possible), 0), BINS - 1)] += 1
    return Histogram(title, tuple(counts), possible, statistics.median(points))


def report_page(summary: ClassSummary) -> str:
    """The instructor's page as HTML."""
    code, manual = summary.code_parts, summary.manual_parts
    by_code = [entry.total(code) for entry in summary.entries]
    charts = [histogram("Points by code", by_code, sum(each.max_points for each in code))]
    graded = [entry for entry in summary.entries if not any(entry.waits(part) for part in manual)]
    if graded and manual:
        totals = [entry.total(summary.parts) for entry in graded]
        title = "Points in all"
        if len(graded) < len(summary.entries):
            title += f" ({len(graded)} fully graded)"
        charts.append(histogram(title, totals, summary.possible))
    return _render(
        "report.html.j2",
        summary=summary,
        charts=charts,
        questions=summary.questions(),
        statuses=STATUSES,
        look=summary.to_look_at(),
        late_entries=[each for each in summary.entries if each.result.late_seconds > 0],
        link=lambda entry: _link(summary.assignment, entry.student.id),
        shade=_shade,
    )


def _link(assignment: str, student: str) -> str:
    """From reports/<assignment>.html to a student's page."""
    return f"../feedback/{quote(student)}/{quote(assignment)}/{quote(assignment)}.html"


def _shade(entry: Entry, part: Part) -> str:
    """Class of a cell in the table of points: the share of the possible points, in fifths."""
    points = entry.points(part)
    if points is None or (part.manual and entry.waits(part)):
        return "waits"
    return f"s{min(max(round(4 * points / part.max_points), 0), 4) if part.max_points else 4}"


def feedback_page(summary: ClassSummary, entry: Entry, pictures: Sequence[Shown] = ()) -> str:
    """A student's page as HTML."""
    return _render(
        "feedback.html.j2",
        summary=summary,
        entry=entry,
        result=entry.result,
        waiting=[part for part in summary.manual_parts if entry.waits(part)],
        comments=entry.marks.comments if entry.marks is not None else {},
        troubles=[each for each in entry.result.cells if each.status in ("raised", "stopped")],
        pictures=pictures,
    )


def pictures_of(notebook: Path) -> tuple[Shown, ...]:
    """The pictures of an executed notebook, made by ``executed``; none where it does not exist."""
    if not notebook.is_file():
        return ()
    found: list[Shown] = []
    where = ""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown" and "nbgrader" not in cell.metadata:
            headings = [line for line in cell.source.split("\n") if line.startswith("#")]
            where = without_asides(headings[-1].lstrip("# ")) if headings else where
        for data in [*_outputs(cell), *_attachments(cell)]:
            if len(found) == PICTURES:
                return tuple(found)
            found.append(Shown(one_line(where, 100), reencoded_base64(data, SIDE)))
    return tuple(found)


def _outputs(cell: Any) -> list[str]:
    datas = [each.get("data", {}) for each in cell.get("outputs", [])]
    return [data["image/png"] for data in datas if "image/png" in data]


def _attachments(cell: Any) -> list[str]:
    return [each["image/png"] for each in cell.get("attachments", {}).values()]


def write_report(course: Course, summary: ClassSummary) -> Path:
    """Write the instructor's page; its place."""
    return _write(course.report(summary.assignment), report_page(summary))


def write_feedback(course: Course, summary: ClassSummary, entry: Entry) -> Path:
    """Write a student's page, where nbgrader has its feedback; its place."""
    student, assignment = entry.student.id, summary.assignment
    pictures = pictures_of(executed_file(course, assignment, student))
    page = feedback_page(summary, entry, pictures)
    return _write(page_of(course, assignment, student), page)


def _write(file: Path, page: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(page, encoding="utf-8")
    fresh.replace(file)
    return file
