"""Kills at any moment lose nothing and grade nothing twice.

HWKIT_KILLS and HWKIT_KILL_CLASS set how many kills a class of how many submissions goes through.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from edition_tools import released
from hostile_submissions import HONEST, write
from outer_limits import need_box

from autograder.box import cgroups
from autograder.course import Course
from autograder.results import SubmissionResult
from autograder.store import Store

RUN = Path(__file__).with_name("kill_run.py")
KILLS = int(os.environ.get("HWKIT_KILLS", "2"))
CLASS = int(os.environ.get("HWKIT_KILL_CLASS", "4"))
KINDS = ["plain", "unanswered", "helper file", "float64", "extra cell that fails", "reordered"]


def make_course(folder: Path) -> Course:
    shutil.copytree(released()[0].root, folder)
    course = Course(folder)
    (folder / "secret").write_text("0" * 64)  # so that both courses draw the same inputs
    ids = [f"s{place:02d}" for place in range(CLASS)]
    course.roster_file.write_text("\n".join(["id,first_name,last_name,email", *ids]))
    for place, student in enumerate(ids):
        write(HONEST[KINDS[place % len(KINDS)]], course.submitted(student, "influence"))
    return course


def start(course: Course) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, str(RUN), str(course.root)])


def marks(course: Course) -> dict[str, object]:
    def told(result: SubmissionResult) -> object:
        plain = result.to_json()
        return {key: plain[key] for key in ("questions", "seed", "digest", "concerns", "points")}

    return {each.student: told(each) for each in Store(course, "influence").results()}


def gradebook(course: Course) -> list[tuple]:
    query = """select student.id, base_cell.name, grade.auto_score from grade
        join base_cell on grade.cell_id = base_cell.id
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id
        order by student.id, base_cell.name"""
    with sqlite3.connect(course.root / "gradebook.db") as database:
        return database.execute(query).fetchall()


def victims(main: subprocess.Popen) -> list[psutil.Process]:
    """The grader, its workers, and the boxes' own processes."""
    try:
        family = [psutil.Process(main.pid), *psutil.Process(main.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    found = []
    for process in family:
        try:
            # Inside the walls the names are the same: those are the student's, not ours to kill.
            if not (process.uids().real == 61711 and process.parent().uids().real == 61711):
                found.append(process)
        except (psutil.Error, AttributeError):
            continue
    return found


@pytest.mark.slow
def test_kills_change_nothing(tmp_path):
    need_box()
    undisturbed, disturbed = (make_course(tmp_path / name) for name in ("quiet", "killed"))
    assert start(undisturbed).wait(timeout=600) == 0
    rng, killed = random.Random(0), []
    main, until = start(disturbed), time.monotonic() + 60 * (KILLS + CLASS)
    while main.poll() != 0:
        assert time.monotonic() < until, f"not done; killed so far: {killed}"
        if main.poll() is not None:
            main = start(disturbed)
        if len(killed) < KILLS:
            time.sleep(rng.uniform(2, 14))
            for process in rng.sample(victims(main), 1) if victims(main) else []:
                killed.append((process.name(), process.pid == main.pid))
                process.send_signal(signal.SIGKILL)
        else:
            time.sleep(0.2)
    assert len(marks(undisturbed)) == CLASS
    assert marks(disturbed) == marks(undisturbed), killed
    assert gradebook(disturbed) == gradebook(undisturbed)
    cgroups.sweep()
    assert start(disturbed).wait(timeout=600) == 0  # nothing to do but tidy up
    assert list(disturbed.graded("influence").rglob(".making-*")) == []


def test_a_result_that_is_not_in_the_gradebook_yet_gets_there(tmp_path):
    need_box()
    course = make_course(tmp_path / "course")
    assert start(course).wait(timeout=600) == 0
    store, before = Store(course, "influence"), gradebook(course)
    with sqlite3.connect(course.root / "gradebook.db") as database:
        database.execute("update grade set auto_score = 0")
    shutil.copy(course.graded("influence", "s00") / "result.json", tmp_path / "kept")
    for student in store.students():
        (course.graded("influence", student) / "recorded").unlink()
        assert not store.is_recorded(student)
    assert start(course).wait(timeout=600) == 0  # nothing is graded, all is recorded
    assert gradebook(course) == before
    kept = json.loads((tmp_path / "kept").read_text())
    assert json.loads((course.graded("influence", "s00") / "result.json").read_text()) == kept
