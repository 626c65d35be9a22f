"""``hwkit pack`` tells everything that is wrong at once; the zip is what the handout asks for."""

from __future__ import annotations

import copy
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course, Roster, Student
from autograder.intake import Rules, collect
from hwkit import cli, packing
from hwkit.paths import data_path

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kg=="


@pytest.fixture(scope="module")
def solved() -> dict:
    """The notebook as after Run All: counted cells, a picture, blanks filled in."""
    file = data_path("notebooks") / "influence" / "influence.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    count = 0
    for cell in notebook["cells"]:
        lines = "".join(cell["source"]).splitlines()
        cell["source"] = "\n".join(line for line in lines if "SOLUTION" not in line)
        if cell["cell_type"] == "code":
            count += 1
            cell["execution_count"] = count
    shown = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PIXEL}}
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [shown]
    return notebook


@pytest.fixture
def notebook(solved: dict, tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks" / "influence"
    folder.mkdir(parents=True)
    file = folder / "influence.ipynb"
    file.write_text(json.dumps(solved), encoding="utf-8")
    return file


def edit(file: Path, change: Callable[[list[dict]], None]) -> list[str]:
    """Change the cells; what is wrong then."""
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content["cells"])
    file.write_text(json.dumps(content), encoding="utf-8")
    return [problem.what for problem in packing.examine(file, "influence")]


def named(cells: list[dict], name: str) -> dict:
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def code(cells: list[dict]) -> list[dict]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_nothing_is_wrong_with_a_good_one(notebook):
    assert packing.examine(notebook, "influence") == []


def test_zip_is_as_the_handout_asks(notebook, tmp_path):
    beside = notebook.parent
    (beside / "helper.py").write_text("x = 1")
    (beside / "urls.txt").write_text("http://pictures.example")
    (beside / "photo.png").write_bytes(b"")
    (beside / ".secret.py").write_text("")
    (beside / "own").mkdir()
    (beside / "own" / "__init__.py").write_text("y = 2")
    target = packing.pack(notebook, "jdoe", "influence", tmp_path)
    assert target == tmp_path / "jdoe_HW3.zip"
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == [
            "jdoe_HW3/helper.py",
            "jdoe_HW3/jdoe_hw3.ipynb",
            "jdoe_HW3/own/__init__.py",
            "jdoe_HW3/urls.txt",
        ]
        assert archive.read("jdoe_HW3/jdoe_hw3.ipynb") == notebook.read_bytes()


def test_what_is_packed_is_collected_without_a_concern(notebook, tmp_path):
    target = packing.pack(notebook, "jdoe", "influence", tmp_path)
    roster = Roster({"jdoe": Student("jdoe")}, ("id",))
    (outcome,) = collect(Course(tmp_path / "course"), [target], roster, Rules("influence"))
    assert (outcome.status, outcome.attempt.concerns) == ("collected", ())


def test_cells_that_were_not_run(notebook):
    def change(cells):
        for cell in code(cells)[3:5]:
            cell["execution_count"] = None

    (what,) = edit(notebook, change)
    assert what.startswith("2 cells were")


def test_cells_of_comments_alone_need_not_run(notebook):
    def change(cells):
        cell = copy.deepcopy(code(cells)[0])
        cell.update(source="# nothing", outputs=[], execution_count=None, id="comment")
        cells.append(cell)

    assert edit(notebook, change) == []


def test_cells_that_were_run_in_another_order(notebook):
    def change(cells):
        code(cells)[5]["execution_count"] = 99

    (what,) = edit(notebook, change)
    assert "not run in order" in what


def test_an_error_in_an_output(notebook):
    def change(cells):
        error = {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "",
            "traceback": [],
        }
        code(cells)[2]["outputs"] = [error]

    (what,) = edit(notebook, change)
    assert "ZeroDivisionError" in what


def test_no_pictures(notebook):
    (what,) = edit(notebook, lambda cells: [cell.update(outputs=[]) for cell in code(cells)])
    assert "no pictures" in what


def test_a_locked_cell_that_was_changed(notebook):
    def change(cells):
        named(cells, "test-recall")["source"] = 'print("passed")'

    (what,) = edit(notebook, change)
    assert "'test-recall' has been changed" in what


def test_white_space_at_ends_of_lines_is_no_change(notebook):
    def change(cells):
        named(cells, "test-recall")["source"] += "  \n"

    assert edit(notebook, change) == []


def test_a_cell_that_is_missing_and_one_that_is_there_twice(notebook):
    def change(cells):
        cells.remove(named(cells, "test-hunt"))
        cells.append({**named(cells, "iv-4-discussion"), "id": "twice"})

    missing, twice = edit(notebook, change)
    assert "'test-hunt' is missing" in missing
    assert "'iv-4-discussion' is there 2 times" in twice


def test_blanks_that_are_still_open(notebook):
    def change(cells):
        named(cells, "recall")["source"] = "def recall():\n    # YOUR CODE HERE\n    raise X()"
        named(cells, "iv-4-discussion")["source"] = "YOUR ANSWER HERE"

    (what,) = edit(notebook, change)
    assert "recall" in what
    assert "iv-4-discussion" in what
    (problem,) = packing.examine(notebook, "influence")
    assert problem.note, "extra credit need not be answered"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"nbformat": 3, "cells": []}', b'{"nbformat": 4, "cells": [1]}', b"\xff"],
)
def test_what_is_no_notebook(notebook, content: bytes):
    notebook.write_bytes(content)
    (problem,) = packing.examine(notebook, "influence")
    assert problem.severe


def test_another_notebook(notebook):
    def change(cells):
        for cell in cells:
            cell["metadata"] = {}

    problems = edit(notebook, change)
    assert "not the notebook of the assignment" in problems[0]


def test_a_link_beside_it(notebook):
    (notebook.parent / "x.py").symlink_to(notebook)
    (problem,) = packing.examine(notebook, "influence")
    assert problem.severe
    assert "x.py is a link" in problem.what


@pytest.mark.parametrize("name", ["", "../x", "a/b", "x y", ".x"])
def test_ids_that_cannot_name_a_file(notebook, tmp_path, name: str):
    with pytest.raises(ValueError, match="Expected your id"):
        packing.pack(notebook, name, "influence", tmp_path)
    assert list(tmp_path.glob("*.zip")) == []


def test_unknown_assignment_and_missing_notebook(notebook, tmp_path):
    with pytest.raises(ValueError, match="Expected an assignment: influence"):
        packing.examine(notebook, "unheard-of")
    with pytest.raises(FileNotFoundError, match=r"none\.ipynb"):
        packing.examine(tmp_path / "none.ipynb", "influence")


class TestCommand:
    def run(self, monkeypatch, *arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hwkit", "pack", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return int(stopped.value.code or 0)

    def test_tells_all_problems_and_packs_nothing(self, notebook, tmp_path, monkeypatch, capsys):
        def change(cells):
            code(cells)[4]["execution_count"] = None
            named(cells, "test-recall")["source"] = ""
            named(cells, "iv-4-discussion")["source"] = "YOUR ANSWER HERE"
            code(cells)[0]["outputs"] = []

        edit(notebook, change)
        arguments = [notebook, "--id", "jdoe", "--to", tmp_path]
        assert self.run(monkeypatch, *arguments) == 1
        message = capsys.readouterr().err
        assert "1. " in message
        assert "3. " in message
        assert "3 things are not right" in message
        assert "Note: Not answered: iv-4-discussion." in message
        assert "--force" in message
        assert not (tmp_path / "jdoe_HW3.zip").exists()
        assert self.run(monkeypatch, *arguments, "--force") == 0
        assert (tmp_path / "jdoe_HW3.zip").is_file()

    def test_force_does_not_pack_what_would_be_refused(self, notebook, tmp_path, monkeypatch):
        notebook.write_bytes(b"no notebook")
        arguments = [notebook, "--id", "jdoe", "--to", tmp_path, "--force"]
        assert self.run(monkeypatch, *arguments) == 1
        assert os.listdir(tmp_path) == ["notebooks"]
