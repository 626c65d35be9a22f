"""The parts of an assignment that carry points, read from its nbgrader source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

_HEADING = re.compile(r"^#{1,6}\s*(?P<number>[IVX]+\.\d+)?\s*(?P<text>[^\n]*)", re.MULTILINE)
_LABEL = re.compile(r"^\*\*(?P<letter>[a-z]\))?\s*(?P<text>.*?)\*\*", re.MULTILINE)
_ASIDE = re.compile(r"\s*[(●].*$", re.DOTALL)  # points, minutes, figures
_REGION = re.compile(
    r"^[^\n]*BEGIN SOLUTION[^\n]*\n(?P<inside>.*?)\n?[^\n]*END SOLUTION[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_WITHOUT_CONTENT = ("", "question", "discussion")


@dataclass(frozen=True)
class Part:
    """One cell of an assignment that carries points.

    Attributes:
        cell: nbgrader's grade_id.
        title: where it stands and what it is about: "III.2 c) A claim that can fail".
        max_points: possible.
        manual: whether a person gives the points.
        extra: extra credit: not counted among the points that are possible.
        model: of a manual part: model answer with rubric, in Markdown; for instructors only.
        cells: it, and the cells of the answers that it is about; comments stand below those.
    """

    cell: str
    title: str
    max_points: float
    manual: bool
    extra: bool
    model: str = ""
    cells: tuple[str, ...] = ()


def read_source(path: Path) -> nbformat.NotebookNode:
    """The nbgrader source of an assignment.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it is no notebook.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected the assignment's nbgrader source at {path}, and found none. "
            "Release the assignment first: hwkit release."
        )
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat's errors share no base class with each other
        raise ValueError(f"Expected a Jupyter notebook. Received: {path} ({error})") from error


def without_asides(heading: str) -> str:
    """A heading without the points, minutes and figures that follow it."""
    return _ASIDE.sub("", heading)


def marks_of(cell: Any) -> dict[str, Any]:
    """What nbgrader knows of a cell; empty for a cell that it does not know."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return dict(found) if found.get("grade_id") else {}


def parts(source: nbformat.NotebookNode) -> tuple[Part, ...]:
    """All parts of a source notebook, in its order."""
    found = []
    number, heading, letter, label, extra = "", "", "", "", False
    answers: list[str] = []
    for cell in source.cells:
        known = marks_of(cell)
        if cell.cell_type == "markdown" and not known.get("solution"):
            for each in _HEADING.finditer(cell.source):
                number, heading = each["number"] or number, without_asides(each["text"])
                letter, label, extra = "", "", "extra credit" in each["text"].lower()
            for each in _LABEL.finditer(cell.source):
                letter, label = each["letter"] or "", without_asides(each["text"]).rstrip(".: ")
        if known.get("solution"):
            answers.append(known["grade_id"])
        if not known.get("grade"):
            continue
        name = known["grade_id"]
        about = heading if label.lower() in _WITHOUT_CONTENT else label
        title = " ".join(each for each in (number, letter, about) if each)
        manual = bool(known.get("solution"))
        region = _REGION.search(cell.source)
        model = region["inside"].strip() if manual and region else ""
        points, cells = float(known["points"]), tuple(dict.fromkeys((*answers, name)))
        found.append(Part(name, title or name, points, manual, extra, model, cells))
        answers = []
    return tuple(found)
