"""From submitted folders to marks, by the command and by marking again."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from edition_tools import released
from hostile_submissions import HONEST, write
from outer_limits import need_box
from typer.testing import CliRunner

from autograder import pipeline as pipelines
from autograder.challenges import challenges_of
from autograder.course import Course
from autograder.pipeline import Change, Pipeline
from autograder.store import Store
from hwkit.cli import app

HANDED = {"ada": "plain", "ben": "unanswered"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> tuple[Course, str]:
    """A course, graded by the command; and what that said."""
    need_box()
    folder = tmp_path_factory.mktemp("pipeline") / "course"
    shutil.copytree(released()[0].root, folder)
    course = Course(folder)
    course.roster_file.write_text("id,first_name,last_name,email\nada,Ada,,\nben,Ben,,\ncyn,,,\n")
    for student, name in HANDED.items():
        write(HONEST[name], course.submitted(student, "influence"))
    done = CliRunner().invoke(app, ["grade", "influence", "--course", str(folder), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    return course, done.output


def test_the_command_says_the_marks_and_what_is_next(graded):
    said = " ".join(graded[1].split())
    assert "2 of 2 graded" in said and "23 / 57" in said and "0 / 57" in said
    assert "hwkit report influence" in said


def test_marks_are_kept_with_what_they_rest_on(graded):
    store = Store(graded[0], "influence")
    results = {each.student: each for each in store.results()}
    assert {name: each.points for name, each in results.items()} == {"ada": 23.0, "ben": 0.0}
    assert results["ada"].box == "bubblewrap" and len(results["ada"].questions) == 11
    assert all(store.is_recorded(student) for student in HANDED)
    assert store.responses("ada")["responses"]


def test_nothing_is_graded_twice(graded):
    course, _ = graded
    before = (course.graded("influence", "ada") / "result.json").read_bytes()
    done = CliRunner().invoke(app, ["grade", "influence", "--course", str(course.root)])
    assert done.exit_code == 0 and "is graded" in done.output
    assert (course.graded("influence", "ada") / "result.json").read_bytes() == before


def test_a_changed_submission_is_to_be_graded_again(graded):
    course, _ = graded
    file = course.submitted("ben", "influence") / "helper.py"
    assert Pipeline(course, "influence").todo(pipelines.Options()) == []
    file.write_text("x = 1\n")
    try:
        tasks = Pipeline(course, "influence").todo(pipelines.Options())
        assert [task.student for task in tasks] == ["ben"]
    finally:
        file.unlink()


def test_a_submission_of_nobody_is_told(graded, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(graded[0].root, folder)
    write(HONEST["plain"], Course(folder).submitted("eve", "influence"))
    done = CliRunner().invoke(app, ["grade", "influence", "--course", str(folder)])
    assert done.exit_code == 1 and "eve: there is no such id" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["influence", "--only", "cyn"], "handed influence in. Received: cyn"),
        (["lrp"], "Release it first"),
    ],
)
def test_what_cannot_be_graded_is_said(graded, arguments, message):
    done = CliRunner().invoke(app, ["grade", *arguments, "--course", str(graded[0].root)])
    assert isinstance(done.exception, (ValueError, OSError)) and message in str(done.exception)


def test_a_corrected_challenge_marks_the_class_again_without_running_it(
    graded, monkeypatch, tmp_path
):
    folder = tmp_path / "course"
    shutil.copytree(graded[0].root, folder)
    pipeline = Pipeline(Course(folder), "influence")
    monkeypatch.setattr(pipelines, "on_processes", lambda *_: pytest.fail("it ran something"))
    assert list(pipeline.remark()) == []  # nothing was corrected yet

    def corrected(assignment: str):
        found = {each.question: each for each in challenges_of(assignment)}
        recall = found["recall"]
        double = {name: 2 * points for name, points in recall.aspects.items()}
        found["recall"] = dataclasses.replace(recall, aspects=double)
        point = found["path_point"]
        found["path_point"] = dataclasses.replace(
            point, draw=lambda rng: point.draw(type(rng)(type(rng.bit_generator)(99)))
        )
        return tuple(found.values())

    monkeypatch.setattr(pipelines, "challenges_of", corrected)
    changes = {each.student: each for each in pipeline.remark()}
    # get_attributions was wrong, and may be asked again with path_point, which is unknown now.
    stale = ("path_point", "get_attributions")
    assert changes["ada"] == Change("ada", 23.0, 28.0, stale)
    assert changes["ben"].before == changes["ben"].after == 0.0
    after = Store(Course(folder), "influence").result("ada")
    points = {each.question: each.points for each in after.questions}
    assert points["recall"] == 10.0 and points["path_point"] == 2.0
