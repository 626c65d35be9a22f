"""Marks in nbgrader's gradebook, in SQLite and in a real PostgreSQL."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from report_data import MANUAL, make_course, result, submission, verdict, write

from autograder.course import Course
from autograder.executed import RUBRIC_TAG, make_executed
from autograder.gradebook import (
    executed_file,
    publish,
    record,
    register,
    rubrics_are_safe,
    source_file,
)
from autograder.gradebook_database import opened, transaction
from autograder.gradebook_marks import read_marks

A = "influence"


def _server_program(name: str) -> str | None:
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return found[-1] if found else shutil.which(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own on a Unix socket; postgres refuses to run as root."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra dev brings it)")
    initdb, control = _server_program("initdb"), _server_program("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("no PostgreSQL server here (Debian: apt-get install postgresql)")
    user = None
    if os.geteuid() == 0:
        names = [each.pw_name for each in pwd.getpwall()]
        user = next((name for name in ("postgres", "nobody") if name in names), None)
        if user is None:
            pytest.skip("PostgreSQL refuses to run as root, and there is no user to run it as")
    folder = Path(tempfile.mkdtemp(prefix="hwkit-pg-"))  # short: a socket's path has a limit
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    run = {"check": True, "capture_output": True, "text": True, "cwd": folder, "user": user}
    data = str(folder / "data")
    started = False
    try:
        options = ["-U", "hwkit", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([initdb, "-D", data, *options], **run)
        arguments = f"-k {folder} -c listen_addresses='' -c fsync=off"
        log = ["-l", str(folder / "log")]
        subprocess.run([control, "-D", data, "-w", *log, "-o", arguments, "start"], **run)
        started = True
        yield f"postgresql+psycopg://hwkit@/postgres?host={folder}"
    finally:
        if started:
            subprocess.run([control, "-D", data, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose assignment is in an SQLite gradebook; copied for each test."""
    made = make_course(tmp_path_factory.mktemp("registered"))
    register(made, A)
    return made.root


@pytest.fixture
def small(tmp_path: Path, registered: Path) -> Course:
    """A course with SQLite."""
    shutil.copytree(registered, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture(scope="module")
def template(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the assignment in it, which PostgreSQL copies for each test."""
    url = _new_database(postgres, "registered")
    made = make_course(tmp_path_factory.mktemp("postgres"))
    made.root.joinpath("course.toml").write_text(f'database = "{url}"\n')
    register(Course(made.root), A)
    return "registered"


def _new_database(server: str, name: str, template: str = "template1") -> str:
    from sqlalchemy import create_engine, text

    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def course(request: pytest.FixtureRequest, small: Course) -> Course:
    """A course with each kind of database."""
    if request.param == "sqlite":
        return small
    template = request.getfixturevalue("template")
    url = _new_database(request.getfixturevalue("postgres"), "of_a_test", template)
    small.root.joinpath("course.toml").write_text(f'database = "{url}"\n')
    (small.root / "gradebook.db").unlink()
    made = Course(small.root)
    assert made.database == url
    return made


def grade(course: Course, student: str, change=None, wrong=None, notebook=None, **more) -> Path:
    """What the pipeline does with one submission."""
    given = submission(change) if notebook is None else notebook
    write(given, course.submitted(student, A) / f"{A}.ipynb")
    return publish(course, result(student, wrong, **more))


def by_hand(course: Course, student: str, cell: str, score: float, comment: str = "") -> None:
    """What formgrader does when a person gives a score."""
    with opened(course.database) as gradebook:
        grade = gradebook.find_grade(cell, A, A, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        if comment:
            gradebook.find_comment(cell, A, A, student).manual_comment = comment
        gradebook.db.commit()


def test_registered_assignment_has_all_points_and_students(course: Course):
    with opened(course.database) as gradebook:
        assignment = gradebook.find_assignment(A)
        assert assignment.max_score == 110
        assert assignment.max_code_score == 57
        assert assignment.max_written_score == 53
        assert {each.id: each.last_name for each in gradebook.students}["s02"] == "Zola"
        cells = {each.name: each for each in gradebook.find_notebook(A, A).source_cells}
    assert cells["i-1b-neuron-and-class"].source == "YOUR ANSWER HERE"  # nbgrader's stub
    assert cells["test-recall"].locked and not cells["recall"].locked


def test_points_land_and_manual_parts_wait(course: Course):
    wrong = {"get_attributions": verdict("get_attributions", 0.5, "baseline ignored")}
    grade(course, "s01", wrong=wrong)
    marks = read_marks(course.database, A)
    assert list(marks) == ["s01"]
    # 57 by code, less 2 (with a baseline) and 1 (batches)
    assert marks["s01"].points == 54
    assert set(marks["s01"].ungraded) == set(MANUAL)
    with opened(course.database) as gradebook:  # as formgrader sees it
        found = gradebook.find_submission(A, "s01")
        assert (found.score, found.code_score, found.needs_manual_grade) == (54, 54, True)


def test_recording_again_changes_nothing(course: Course):
    made = grade(course, "s01")
    by_hand(course, "s01", "iv-4-discussion", 11, "Good numbers.")
    before, rows = read_marks(course.database, A), _rows(course)
    for _ in range(2):
        record(course, result("s01"), made)
    assert read_marks(course.database, A) == before
    assert _rows(course) == rows


def _rows(course: Course) -> dict[str, int]:
    from sqlalchemy import MetaData, func, select

    with opened(course.database) as gradebook:
        tables = MetaData()
        tables.reflect(gradebook.engine)
        return {
            name: gradebook.db.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.tables.items()
        }


def test_scores_by_hand_survive_regrading(course: Course):
    grade(course, "s01")
    by_hand(course, "s01", "iv-4-discussion", 11, "Good numbers.")
    grade(course, "s01", wrong={"recall": verdict("recall", 0, "precision instead of recall")})
    marks = read_marks(course.database, A)["s01"]
    assert marks.points == 57 - 5 + 11
    assert marks.comments == {"iv-4-discussion": "Good numbers."}
    assert "iv-4-discussion" not in marks.ungraded


def test_a_changed_answer_keeps_its_score_and_is_looked_at_again(course: Course):
    grade(course, "s01")
    for cell in ("iv-4-discussion", "i-1b-neuron-and-class"):
        by_hand(course, "s01", cell, 1)
    grade(course, "s01", change={"iv-4-discussion": "Something new."})
    marks = read_marks(course.database, A)["s01"]
    assert marks.parts["iv-4-discussion"].manual == 1
    assert marks.parts["iv-4-discussion"].needs_grading
    assert not marks.parts["i-1b-neuron-and-class"].needs_grading


def test_points_by_code_that_were_overruled_stay_overruled(small: Course):
    wrong = {"recall": verdict("recall", 0, "precision instead of recall")}
    grade(small, "s01", wrong=wrong)
    by_hand(small, "s01", "test-recall", 4)
    grade(small, "s01", wrong=wrong)
    assert not read_marks(small.database, A)["s01"].parts["test-recall"].needs_grading
    grade(small, "s01")  # a corrected challenge gives all points now
    mark = read_marks(small.database, A)["s01"].parts["test-recall"]
    assert (mark.points, mark.auto, mark.needs_grading) == (4, 5, True)


def test_no_answer_is_zero_and_an_answer_elsewhere_is_not(small: Course):
    notebook = submission({"iv-4-discussion": "YOUR ANSWER HERE", "i-1b-neuron-and-class": ""})
    cells = notebook["cells"]
    place = {
        each["metadata"].get("nbgrader", {}).get("grade_id"): i for i, each in enumerate(cells)
    }
    below = {"cell_type": "markdown", "metadata": {}, "source": "My discussion is here."}
    cells.insert(place["iv-4-discussion"] + 1, below)
    del cells[place["i-1c-pixel-and-comparison"]]
    grade(small, "s01", notebook=notebook)
    parts = read_marks(small.database, A)["s01"].parts
    states = {
        name: (parts[name].auto, parts[name].needs_grading)
        for name in ("i-1b-neuron-and-class", "i-1c-pixel-and-comparison", "iv-4-discussion")
    }
    assert states == {
        "i-1b-neuron-and-class": (0.0, False),  # nothing written
        "i-1c-pixel-and-comparison": (0.0, True),  # the cell is gone: somebody should look
        "iv-4-discussion": (None, True),  # written below the cell
    }


def test_what_fails_in_the_middle_leaves_nothing_behind(course: Course):
    grade(course, "s01")
    before = read_marks(course.database, A)
    other = result("s01", {"recall": verdict("recall", 0, "precision instead of recall")})
    strange = verdict("path_point", 0, "x")
    object.__setattr__(strange, "cell", "test-of-another-assignment")
    object.__setattr__(other, "questions", (*other.questions, strange))
    with pytest.raises(ValueError, match="test-of-another-assignment.*does not know"):
        record(course, other, executed_file(course, A, "s01"))
    assert read_marks(course.database, A) == before


def test_a_new_submission_that_fails_is_not_in_the_gradebook_at_all(small: Course):
    to = executed_file(small, A, "s02")
    submitted = write(submission(), small.submitted("s02", A) / f"{A}.ipynb")
    made = make_executed(submitted, source_file(small, A), result("s02"), to)
    with pytest.raises(RuntimeError, match="stop"), transaction(small.database) as gradebook:
        gradebook.update_or_create_submission(A, "s02")
        raise RuntimeError("stop")
    assert read_marks(small.database, A) == {}
    record(small, result("s02"), made)
    assert read_marks(small.database, A)["s02"].points == 57


def test_a_process_killed_before_the_end_leaves_nothing_behind(small: Course):
    code = """
        import os, sys
        from autograder.gradebook_database import transaction
        with transaction(sys.argv[1]) as gradebook:
            submission = gradebook.update_or_create_submission("influence", "s01")
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = 1.0
            gradebook.db.commit()  # nbgrader's own commits are savepoints only
            os.kill(os.getpid(), 9)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), small.database]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -9
    assert read_marks(small.database, A) == {}
    grade(small, "s01")
    assert read_marks(small.database, A)["s01"].points == 57


def test_a_stranger_is_told(small: Course):
    with pytest.raises(ValueError, match="'s77'.*roster"):
        grade(small, "s77")


def test_other_cells_after_submissions_are_refused(small: Course):
    import json

    grade(small, "s01")
    file = source_file(small, A)
    notebook = json.loads(file.read_text(encoding="utf-8"))
    keep = [c for c in notebook["cells"] if c.get("id") != "test-recall"]
    write({**notebook, "cells": keep}, file)
    with pytest.raises(ValueError, match="stay the same once there are submissions"):
        register(small, A)


def test_late_is_shown_and_nothing_is_taken_off(small: Course):
    due = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    register(small, A, due)
    folder = small.submitted("s01", A)
    folder.mkdir(parents=True)
    folder.joinpath("timestamp.txt").write_text("2026-03-01 13:00:00 UTC")  # two hours late
    grade(small, "s01", late_seconds=7200.0)
    with opened(small.database) as gradebook:
        found = gradebook.find_submission(A, "s01")
        assert found.total_seconds_late == 7200
        assert found.late_submission_penalty == 0
        assert found.score == 57


def test_feedback_by_nbgrader_itself_shows_no_rubric(small: Course, monkeypatch):
    made = grade(small, "s01")
    assert RUBRIC_TAG in made.read_text(encoding="utf-8")
    assert rubrics_are_safe(small)
    monkeypatch.chdir(small.root)
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", A, "--student=s01"]
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    page = small.feedback("s01", A).joinpath(f"{A}.html").read_text(encoding="utf-8")
    assert "My answer to iv-4-discussion" in page
    assert "graders only" not in page and "Rubric" not in page


def test_rubrics_stay_out_where_nbgraders_own_feedback_would_show_them(small: Course):
    small.root.joinpath("nbgrader_config.py").write_text("c = get_config()\n")
    register(small, A)  # leaves it as it is
    assert not rubrics_are_safe(small)
    made = grade(small, "s01").read_text(encoding="utf-8")
    assert "My answer to iv-4-discussion" in made
    assert RUBRIC_TAG not in made and "Rubric" not in made


def test_a_submission_without_a_notebook_is_published_too(small: Course):
    made = publish(small, result("s01", {"recall": verdict("recall", 0, status="missing")}))
    assert "could not be read" in made.read_text(encoding="utf-8")
    marks = read_marks(small.database, A)["s01"]
    assert marks.points == 52
    assert set(marks.ungraded) == set(MANUAL)  # its cells are missing: somebody should look


def test_a_database_that_is_not_there_is_named_without_its_password():
    url = "postgresql+psycopg://teacher:secret@/x?host=/nowhere"
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra dev brings it)")
    with pytest.raises(OSError, match="could not") as caught:
        read_marks(url, A)
    assert "secret" not in str(caught.value)
