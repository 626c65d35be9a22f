"""A class of honest, broken and hostile submissions, graded in one batch: all marked fairly."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from edition_tools import released
from hostile_submissions import ALL, HOSTILE, LIGHT, Handed, write
from outer_limits import Ended, need_box, run_limited

from autograder.course import Course
from autograder.results import SubmissionResult
from autograder.store import Store

RUN = Path(__file__).with_name("hostile_run.py")


class Listener:
    """A server on this machine's loopback that no submission should reach."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            self.visits += 1
            connection.close()


class Batch:
    """What became of the class."""

    def __init__(self, course: Course, ids: dict[str, str], ended: Ended, visits: int) -> None:
        self.course, self.ended, self.visits = course, ended, visits
        self._ids = ids
        self._store = Store(course, "influence")

    def result(self, name: str) -> SubmissionResult:
        found = self._store.result(self._ids[name])
        assert found is not None, f"no result; the batch said: {self.ended.output[-3000:]}"
        return found


@pytest.fixture(scope="module")
def batch(tmp_path_factory) -> Batch:
    need_box()
    folder = tmp_path_factory.mktemp("hostile") / "course"
    shutil.copytree(released()[0].root, folder)
    course, listener = Course(folder), Listener()
    ids = {name: f"s{place:03d}" for place, name in enumerate(ALL)}
    rows = [f"{student},,," for student in ids.values()]
    course.roster_file.write_text("\n".join(["id,first_name,last_name,email", *rows, "linked,,,"]))
    for name, handed in ALL.items():
        write(_with_port(handed, listener.port), course.submitted(ids[name], "influence"))
    linked = course.submitted("linked", "influence")
    linked.mkdir(parents=True)
    (linked / "influence.ipynb").symlink_to(course.source("influence") / "influence.ipynb")
    ids["linked"] = "linked"
    ended = run_limited([str(RUN), str(folder)], seconds=900)
    return Batch(course, ids, ended, listener.visits)


def _with_port(handed: Handed, port: int) -> Handed:
    def change(notebook: dict) -> None:
        handed.change(notebook)
        for cell in notebook["cells"]:
            cell["source"] = cell["source"].replace("PORT", str(port))

    return replace(handed, change=change) if handed is HOSTILE["network"] else handed


@pytest.mark.parametrize("name", ALL)
def test_everyone_gets_the_fair_mark(batch, name):
    result = batch.result(name)
    points = {each.question: each.points for each in result.questions}
    assert {question: points[question] for question in LIGHT} == ALL[name].marks(), result
    assert sum(points.values()) == sum(ALL[name].marks().values())


def test_a_linked_notebook_is_not_followed(batch):
    result = batch.result("linked")
    assert result.points == 0
    assert any("no notebook" in concern for concern in result.concerns)


def test_nothing_is_left_behind(batch):
    assert batch.ended.status == 0, batch.ended.output[-3000:]
    assert batch.ended.left == ()
    assert batch.ended.output == ""  # nobody could not be graded


def test_nobody_called_out(batch):
    assert batch.visits == 0


def test_the_gradebook_says_the_same(batch):
    query = """select student.id, sum(grade.auto_score) from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id group by student.id"""
    with sqlite3.connect(batch.course.root / "gradebook.db") as database:
        scores = dict(database.execute(query))
    for name in ALL:
        result = batch.result(name)
        assert scores[result.student] == pytest.approx(result.points), name


def test_what_formgrader_shows_is_text_and_pictures_alone(batch):
    student = batch.result("script in outputs").student
    file = batch.course.autograded(student, "influence") / "influence.ipynb"
    cells = json.loads(file.read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert outputs and kinds <= {"text/plain", "image/png"}


def test_what_stopped_is_said(batch):
    assert "stopped" in {each.status for each in batch.result("sleeps").questions}
    concerns = batch.result("os._exit in a cell").concerns
    assert any("left out" in concern for concern in concerns)
