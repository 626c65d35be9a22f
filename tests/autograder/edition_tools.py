"""The student editions, each made once for all tests that need it."""

from __future__ import annotations

import functools
import json
import tempfile
import zipfile
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.release import BUILDS_ON, release
from hwkit.paths import data_path

ASSIGNMENT = "influence"


def released(assignment: str = ASSIGNMENT) -> tuple[Course, Path]:
    """A course in which the assignment was released, and the zip; opened is what it builds on."""
    return _released(assignment)


@functools.cache
def _released(assignment: str) -> tuple[Course, Path]:
    folder = Path(_HELD.name) / assignment
    place = folder / "course"
    place.mkdir(parents=True)
    opened = json.dumps(BUILDS_ON.get(assignment, ()))
    (place / "course.toml").write_text(f"opened = {opened}\n", encoding="utf-8")
    course = Course(place)
    return course, release(course, assignment, folder / "out")


def unpacked(assignment: str = ASSIGNMENT) -> Path:
    """The edition, unpacked from the zip in an empty folder; never write into it."""
    return _unpacked(assignment)


@functools.cache
def _unpacked(assignment: str) -> Path:
    folder = Path(_HELD.name) / assignment / "student"
    with zipfile.ZipFile(released(assignment)[1]) as archive:
        archive.extractall(folder)
    return folder / f"hwkit-{assignment}"


def student_notebook(assignment: str = ASSIGNMENT) -> nbformat.NotebookNode:
    """The notebook as students get it."""
    file = unpacked(assignment) / "notebooks" / assignment / f"{assignment}.ipynb"
    return nbformat.read(file, as_version=4)


def solved_notebook(assignment: str = ASSIGNMENT) -> nbformat.NotebookNode:
    """The student's notebook with the answers of the source put into its cells."""
    notebook = student_notebook(assignment)
    source = json.loads((data_path("notebooks") / assignment / f"{assignment}.ipynb").read_text())
    answers = {cell["id"]: "".join(cell["source"]) for cell in source["cells"]}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            lines = answers[cell.id].splitlines()
            cell.source = "\n".join(line for line in lines if "SOLUTION" not in line)
    return notebook


_HELD = tempfile.TemporaryDirectory(prefix="edition-")
