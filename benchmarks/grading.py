"""Submissions a minute: ``hwkit grade`` against ``nbgrader autograde``, on the same notebooks.

    python -m benchmarks.grading [--submissions 30] [--nbgrader 2] [--jobs 2]

nbgrader runs every cell of a notebook, with hidden tests of its own in the test cells; it takes
minutes for one submission, so that it is given fewer of them. It is measured a second time on
notebooks without the given cells that hwkit leaves out too (pictures and tables), which is more
than fair to it. Ratios are printed; absolute times depend on the machine.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.pipeline import Options, Pipeline
from autograder.release import release
from autograder.submission import given_cells, normalised

ASSIGNMENT = "influence"
# What nbgrader's hidden tests look like: a comparison with numbers written down in the notebook.
HIDDEN = """
### BEGIN HIDDEN TESTS
assert {name} is not None
### END HIDDEN TESTS
"""
# Given cells that the coding questions need, told by what they define.
NEEDED = ("world = load_world", "accused = suspects()", "evidence = {")
CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = 600
c.Exchange.root = {root!r}
"""


def solved(course: Course) -> dict[str, Any]:
    """The released notebook with the answers of the source."""
    notebook = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_bytes())
    source = json.loads((course.source(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_bytes())
    answers = {cell["id"]: "".join(cell["source"]) for cell in source["cells"]}
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            lines = answers[cell["id"]].splitlines()
            cell["source"] = "\n".join(line for line in lines if "SOLUTION" not in line)
    return notebook


def lean(notebook: dict[str, Any], given: frozenset[str]) -> dict[str, Any]:
    """The notebook without the given cells that grading does not need."""
    kept = copy.deepcopy(notebook)
    kept["cells"] = [cell for cell in kept["cells"] if not _left_out(cell, given)]
    return kept


def _left_out(cell: dict[str, Any], given: frozenset[str]) -> bool:
    source = "".join(cell["source"])
    return (
        cell["cell_type"] == "code"
        and "nbgrader" not in cell["metadata"]
        and normalised(source) in given
        and not any(text in source for text in NEEDED)
    )


def with_hidden_tests(notebook: dict[str, Any]) -> dict[str, Any]:
    """An nbgrader source with a hidden test in each test cell."""
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and about.get("grade"):
            cell["source"] = "".join(cell["source"]) + HIDDEN.format(name="np")
    return made


def by_hwkit(folder: Path, notebook: dict[str, Any], count: int, jobs: int) -> float:
    """Seconds for a class, start-up included."""
    course = Course(folder)
    students = [f"s{index:03d}" for index in range(count)]
    course.roster_file.write_text("\n".join(["id,first_name,last_name,email", *students]))
    for student in students:
        target = course.submitted(student, ASSIGNMENT)
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    started = time.perf_counter()
    results: list[float] = []
    pipeline = Pipeline(course, ASSIGNMENT)
    lost = pipeline.grade(Options(jobs=jobs), lambda result: results.append(result.points))
    seconds = time.perf_counter() - started
    if lost or set(results) != {57.0}:
        raise RuntimeError(f"Expected full marks for all. Received: {results}, {lost}.")
    return seconds


def by_nbgrader(folder: Path, notebook: dict[str, Any], count: int) -> float:
    """Seconds for a class; one process after the other, as nbgrader works."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder)))
    _write(folder / "source" / ASSIGNMENT, with_hidden_tests(notebook))
    _nbgrader(folder, "generate_assignment", ASSIGNMENT)
    students = [f"s{index:03d}" for index in range(count)]
    for student in students:
        _write(folder / "submitted" / student / ASSIGNMENT, notebook)
        _nbgrader(folder, "db", "student", "add", student)
    started = time.perf_counter()
    _nbgrader(folder, "autograde", ASSIGNMENT)
    seconds = time.perf_counter() - started
    done = list(folder.glob(f"autograded/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
    if len(done) != count:
        raise RuntimeError(f"Expected {count} autograded notebooks. Received: {len(done)}.")
    return seconds


def _write(folder: Path, notebook: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))


def _nbgrader(folder: Path, *arguments: str) -> None:
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    line = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")


def main() -> None:
    """Measure, and print a table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=30, help="for hwkit")
    parser.add_argument("--nbgrader", type=int, default=2, help="submissions for nbgrader")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        course = Course(folder / "course")
        release(course, ASSIGNMENT, folder / "out")
        notebook = solved(course)
        released = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_bytes())
        short = lean(notebook, given_cells(released))
        rates = {
            "hwkit grade": options.submissions
            / by_hwkit(course.root, notebook, options.submissions, options.jobs),
            "nbgrader autograde, without pictures": options.nbgrader
            / by_nbgrader(folder / "short", short, options.nbgrader),
            "nbgrader autograde": options.nbgrader
            / by_nbgrader(folder / "whole", notebook, options.nbgrader),
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'':40s} {'a minute':>10s} {'hwkit is':>14s}")
    for name, rate in rates.items():
        times = rates["hwkit grade"] / rate
        print(f"{name:40s} {60 * rate:10.2f} {times:8.1f} times")


if __name__ == "__main__":
    main()
