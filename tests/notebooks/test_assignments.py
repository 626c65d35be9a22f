"""The notebooks as documents: points, markers, and what is left without their solutions."""

from __future__ import annotations

import copy
import re

import nbformat
import pytest
from nbgrader.preprocessors import CheckCellMetadata, ClearSolutions
from traitlets.config import Config

from hwkit.checks.setting_up import ASSIGNMENTS
from hwkit.commands.running import run_notebook
from hwkit.paths import data_path

# Points of the parts, and of extra credit; written answers, waiting cells and checks at least.
POINTS = {
    "influence": {"Part I": 20, "Part II": 25, "Part III": 25, "Part IV": 30, "extra": 10},
    "lrp": {"Part I": 20, "Part II": 35, "Part III": 25, "Part IV": 20, "extra": 10},
    "surrogates": {
        "Part I": 24,
        "Part II": 32,
        "Part III": 20,
        "Part IV": 13,
        "Part V": 11,
        "extra": 10,
    },
    "agreement": {
        "Part I": 16,
        "Part II": 28,
        "Part III": 29,
        "Part IV": 15,
        "Part V": 12,
        "extra": 10,
    },
}
WRITTEN = {"influence": 8, "lrp": 7, "surrogates": 7, "agreement": 6}
WAITING = {"influence": 8, "lrp": 12, "surrogates": 12, "agreement": 8}
CHECKS = {"influence": 9, "lrp": 9, "surrogates": 11, "agreement": 9}


@pytest.fixture(scope="module", params=sorted(POINTS))
def assignment(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(assignment) -> nbformat.NotebookNode:
    file = data_path("notebooks") / assignment / f"{assignment}.ipynb"
    return nbformat.read(file, as_version=4)


def test_every_assignment_is_looked_at():
    assert set(POINTS) == set(ASSIGNMENTS)


@pytest.fixture(scope="module")
def released(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook as nbgrader gives it to students."""
    cleared, _ = ClearSolutions(config=Config()).preprocess(copy.deepcopy(notebook), {})
    return cleared


def graded(cell: nbformat.NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def test_is_valid_for_nbgrader(notebook):
    nbformat.validate(notebook)
    CheckCellMetadata(config=Config()).preprocess(copy.deepcopy(notebook), {})
    names = [graded(cell)["grade_id"] for cell in notebook.cells if graded(cell)]
    assert len(names) == len(set(names)) > 20


def test_carries_its_points(notebook, assignment):
    points: dict[str, int] = {}
    part = extra = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if found := re.search(r"^# (Part [IV]+)", cell.source, re.MULTILINE):
                part = found[1]
            if not graded(cell) and re.search(r"^#+ ", cell.source, re.MULTILINE):
                extra = "extra" if "Extra credit" in cell.source else ""
        if graded(cell).get("grade"):
            key = extra or part
            points[key] = points.get(key, 0) + graded(cell)["points"]
    assert points == POINTS[assignment]


def test_every_blank_has_a_solution_and_every_heading_its_points(notebook, assignment):
    for cell in notebook.cells:
        if graded(cell).get("solution"):
            assert cell.source.count(f"### BEGIN SOLUTION {assignment}") == 1, cell.id
            assert cell.source.count("### END SOLUTION") == 1, cell.id
        else:
            assert "SOLUTION" not in cell.source, cell.id
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs, f"{cell.id} has outputs, which may hold answers"
            assert cell.execution_count is None


def test_open_answers_have_a_rubric_that_students_do_not_see(notebook, released, assignment):
    manual = [
        i
        for i, c in enumerate(notebook.cells)
        if graded(c).get("grade") and graded(c).get("solution")
    ]
    assert len(manual) >= WRITTEN[assignment]
    for i in manual:
        assert "*Rubric.*" in notebook.cells[i].source
        assert released.cells[i].source == "YOUR ANSWER HERE"


def test_each_coding_question_has_its_check_below(notebook):
    checks = [cell.source for cell in notebook.cells if graded(cell).get("locked")]
    assert checks
    for source in checks:
        assert re.search(r"check\(\"\w+\"", source), source


def test_released_notebook_runs_to_the_end_without_any_answer(released, assignment, tmp_path):
    """A student who opens it and runs all cells meets messages, no traceback."""
    run = copy.deepcopy(released)
    run_notebook(run, tmp_path)
    text = "\n".join(
        str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
        for cell in run.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "Traceback" not in text
    assert "passed" not in text, "a check passed without an answer"
    assert text.count("This cell waits") >= WAITING[assignment]
    assert text.lower().count("not attempted") >= CHECKS[assignment]


def test_no_code_line_is_too_wide_to_read(notebook):
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "code":
                assert len(line) <= 130, (cell.id, line)
