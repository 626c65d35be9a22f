"""Collecting: attempts are kept for ever, one bad zip stops no other, a kill leaves no half."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import pytest

from autograder import intake
from autograder.archive import Limits
from autograder.course import Course, Roster, Student
from autograder.intake import Rules, collect, current_attempt
from hwkit import cli

ROOT = Path(__file__).parent.parent.parent
ROSTER = Roster({name: Student(name) for name in ("abe", "bob", "cat", "dan")}, ("id",))
RULES = Rules("influence")
NOON = datetime(2026, 4, 17, 12, tzinfo=timezone.utc)


def notebook(text: str = "x = 1") -> bytes:
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    ).encode()


def packed(
    folder: Path, student: str, files: dict[str, bytes] | None = None, name: str = ""
) -> Path:
    files = {f"{student}_HW3/{student}_hw3.ipynb": notebook()} if files is None else files
    target = folder / (name or f"{student}_HW3.zip")
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return target


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path / "course")


def everything(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != ".lock"
    }


def test_an_attempt_is_kept_and_laid_out_for_nbgrader(course, tmp_path):
    own = notebook("# Grüße\r\n")
    files = {"bob_HW3/bob_hw3.ipynb": own, "bob_HW3/help.py": b"y = 2", "bob_HW3/a/b.txt": b"t"}
    zipped = packed(tmp_path, "bob", files)
    os.utime(zipped, (NOON.timestamp(), NOON.timestamp()))
    (outcome,) = collect(course, [zipped], ROSTER, RULES)
    assert (outcome.status, outcome.student) == ("collected", "bob")
    kept = everything(course.collected("influence", "bob") / "001")
    receipt = json.loads(kept.pop("receipt.json"))
    assert kept == {f"files/{name}": content for name, content in files.items()}
    assert receipt["zip_digest"] == hashlib.sha256(zipped.read_bytes()).hexdigest()
    assert receipt["notebook_digest"] == hashlib.sha256(own).hexdigest()
    assert receipt["submitted"] == "2026-04-17T12:00:00+00:00"
    assert (receipt["late_seconds"], receipt["concerns"]) == (0.0, [])
    assert everything(course.submitted("bob", "influence")) == {
        "influence.ipynb": own,
        "help.py": b"y = 2",
        "a/b.txt": b"t",
        "timestamp.txt": b"2026-04-17 12:00:00.000000 UTC\n",
    }


def test_nbgrader_reads_the_timestamp(course, tmp_path):
    from nbgrader.coursedir import CourseDirectory

    zipped = packed(tmp_path, "bob")
    os.utime(zipped, (NOON.timestamp(), NOON.timestamp()))
    collect(course, [zipped], ROSTER, RULES)
    found = CourseDirectory().get_existing_timestamp(str(course.submitted("bob", "influence")))
    assert found == NOON.replace(tzinfo=None)


def test_a_second_attempt_never_overwrites_the_first(course, tmp_path):
    collect(course, [packed(tmp_path, "bob")], ROSTER, RULES)
    before = everything(course.collected("influence", "bob") / "001")
    again = packed(tmp_path, "bob", {"bob_hw3.ipynb": notebook("x = 2")})
    (outcome,) = collect(course, [again], ROSTER, RULES)
    assert outcome.attempt.number == 2
    assert everything(course.collected("influence", "bob") / "001") == before
    assert current_attempt(course, "influence", "bob").number == 2
    current = course.submitted("bob", "influence") / "influence.ipynb"
    assert current.read_bytes() == notebook("x = 2")


def test_the_attempt_that_was_handed_in_last_counts_in_whatever_order_they_come(course, tmp_path):
    late = packed(tmp_path, "bob", {"bob_hw3.ipynb": notebook("late")})
    os.utime(late, (NOON.timestamp() + 60,) * 2)
    collect(course, [late], ROSTER, RULES)
    early = packed(tmp_path, "bob", {"bob_hw3.ipynb": notebook("early")})
    os.utime(early, (NOON.timestamp(),) * 2)
    collect(course, [early], ROSTER, RULES)
    assert current_attempt(course, "influence", "bob").number == 1
    current = course.submitted("bob", "influence") / "influence.ipynb"
    assert current.read_bytes() == notebook("late")


def test_a_file_that_came_again_counts_after_the_first(course, tmp_path):
    names = ("bob_HW3-1.zip", "bob_HW3.zip", "bob_HW3-2.zip")
    zips = [packed(tmp_path, "bob", {"bob_hw3.ipynb": notebook(name)}, name) for name in names]
    for zipped in zips:
        os.utime(zipped, (NOON.timestamp(),) * 2)
    collect(course, zips, ROSTER, RULES)
    kept = [attempt.zip_name for attempt in intake.attempts(course, "influence", "bob")]
    assert kept == ["bob_HW3.zip", "bob_HW3-1.zip", "bob_HW3-2.zip"]
    assert current_attempt(course, "influence", "bob").zip_name == "bob_HW3-2.zip"


def test_the_same_files_again_are_recognised(course, tmp_path):
    collect(course, [packed(tmp_path, "bob")], ROSTER, RULES)
    before = everything(course.root)
    time.sleep(0.01)
    (outcome,) = collect(course, [packed(tmp_path, "bob")], ROSTER, RULES)
    assert (outcome.status, outcome.attempt.number) == ("known", 1)
    assert everything(course.root) == before


def test_files_that_come_back_after_others_count_again_where_times_are_known(course, tmp_path):
    rules = Rules("influence", late_from_file_times=True)
    for minute, text in enumerate(("first", "second", "first", "first")):
        zipped = packed(tmp_path, "bob", {"bob_hw3.ipynb": notebook(text)})
        os.utime(zipped, (NOON.timestamp() + 60 * minute,) * 2)
        (outcome,) = collect(course, [zipped], ROSTER, rules)
    assert outcome.status == "known"
    current = current_attempt(course, "influence", "bob")
    assert (current.number, current.submitted[11:16]) == (3, "12:02")


def test_a_file_that_cannot_be_read_is_refused_and_the_others_go_on(course, tmp_path, monkeypatch):
    zips = [packed(tmp_path, "abe"), packed(tmp_path, "bob")]
    opened = Path.open

    def refuse(path: Path, *arguments: object, **options: object):
        if path.name == "abe_HW3.zip":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    found = {each.student: each.status for each in collect(course, zips, ROSTER, RULES)}
    assert found == {"abe": "refused", "bob": "collected"}


def test_a_bad_zip_is_refused_and_the_others_go_on(course, tmp_path):
    zips = [packed(tmp_path, name) for name in ("abe", "bob", "cat")]
    zips[1].write_bytes(b"no zip")
    zips += [packed(tmp_path, "mallory"), tmp_path / "absent_HW3.zip"]
    outcomes = collect(course, zips, ROSTER, RULES)
    found = {outcome.student: outcome.status for outcome in outcomes}
    assert found == {
        "abe": "collected",
        "bob": "refused",
        "cat": "collected",
        "mallory": "refused",
        "": "refused",
    }
    (broken,) = [outcome for outcome in outcomes if outcome.student == "bob"]
    assert "damaged" in broken.reason
    assert "hwkit pack" in broken.advice
    assert intake.students(course, "influence") == ["abe", "cat"]
    assert not course.submitted("bob", "influence").exists()


def test_a_folder_stands_for_its_zips(course, tmp_path):
    for name in ("abe", "bob"):
        packed(tmp_path / "zips", name)
    (tmp_path / "zips" / "readme.txt").write_text("no zip")
    assert len(collect(course, [tmp_path / "zips"], ROSTER, RULES)) == 2


def test_an_id_inside_the_zip_never_decides_but_is_a_concern(course, tmp_path):
    zipped = packed(tmp_path, "bob", {"abe_HW3/abe_hw3.ipynb": notebook()})
    (outcome,) = collect(course, [zipped], ROSTER, RULES)
    assert outcome.student == "bob"
    assert "abe" in " ".join(outcome.attempt.concerns)


def test_a_notebook_of_somebody_else_is_a_concern_but_not_the_released_one(course, tmp_path):
    collect(course, [packed(tmp_path, "abe")], ROSTER, RULES)
    (outcome,) = collect(course, [packed(tmp_path, "bob")], ROSTER, RULES)
    assert "also that of abe" in " ".join(outcome.attempt.concerns)
    course.release("influence").mkdir(parents=True)
    (course.release("influence") / "influence.ipynb").write_bytes(notebook())
    (outcome,) = collect(course, [packed(tmp_path, "cat")], ROSTER, RULES)
    assert outcome.attempt.concerns == ()


class TestNotebook:
    @pytest.mark.parametrize(
        ("names", "chosen"),
        [
            (["bob_HW3/bob_hw3.ipynb", "bob_HW3/other.ipynb"], "bob_HW3/bob_hw3.ipynb"),
            (["BOB_HW3.ipynb", "influence.ipynb"], "BOB_HW3.ipynb"),
            (["deep/er/hw3_explain.IPYNB"], "deep/er/hw3_explain.IPYNB"),
        ],
    )
    def test_that_counts(self, course, tmp_path, names, chosen):
        files = {name: notebook(name) for name in names}
        (outcome,) = collect(course, [packed(tmp_path, "bob", files)], ROSTER, RULES)
        assert outcome.attempt.notebook == chosen
        placed = everything(course.submitted("bob", "influence"))
        assert placed["influence.ipynb"] == notebook(chosen)
        assert set(placed) == {"influence.ipynb", "timestamp.txt"}

    @pytest.mark.parametrize(
        ("names", "reason"),
        [
            (["a.py"], "no notebook"),
            (["a.ipynb", "b.ipynb"], "2 notebooks"),
            (["a/bob_hw3.ipynb", "b/bob_hw3.ipynb"], "2 notebooks"),
            (["__MACOSX/bob_hw3.ipynb"], "no notebook"),
        ],
    )
    def test_that_cannot_be_told(self, course, tmp_path, names, reason):
        zipped = packed(tmp_path, "bob", dict.fromkeys(names, b"{}"))
        (outcome,) = collect(course, [zipped], ROSTER, RULES)
        assert outcome.status == "refused"
        assert reason in outcome.reason
        assert intake.students(course, "influence") == []

    @pytest.mark.parametrize(
        ("content", "concern"),
        [
            (b"", "empty"),
            (b"{", "no JSON"),
            (b"\xff\xfe", "UTF-8"),
            (b"[]", "no cells"),
            (b'{"cells": [], "nbformat": 3}', "version 4"),
            (b"1" * 5000, "no JSON"),
        ],
    )
    def test_that_cannot_be_read_is_collected_with_a_concern(
        self, course, tmp_path, content, concern
    ):
        zipped = packed(tmp_path, "bob", {"bob_hw3.ipynb": content})
        (outcome,) = collect(course, [zipped], ROSTER, RULES)
        assert outcome.status == "collected"
        assert concern in " ".join(outcome.attempt.concerns)
        placed = course.submitted("bob", "influence") / "influence.ipynb"
        assert placed.read_bytes() == content

    @pytest.mark.parametrize(
        "content",
        [b"[" * 100 + b"]" * 100, b"[" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70],
        ids=["deep", "very deep", "deep objects"],
    )
    def test_that_is_too_deep_is_refused(self, course, tmp_path, content):
        zipped = packed(tmp_path, "bob", {"bob_hw3.ipynb": content})
        limits = Rules("influence", limits=Limits(ratio=10**6))
        (outcome,) = collect(course, [zipped], ROSTER, limits)
        assert outcome.status == "refused"
        assert "nested deeper" in outcome.reason

    def test_that_holds_too_many_values_is_refused(self, course, tmp_path):
        content = b"[" + b"[]," * 2_000_001 + b"[]]"
        zipped = packed(tmp_path, "bob", {"bob_hw3.ipynb": content})
        limits = Rules("influence", limits=Limits(ratio=10**6))
        (outcome,) = collect(course, [zipped], ROSTER, limits)
        assert "more values" in outcome.reason

    def test_files_that_would_take_a_needed_name_stay_in_the_attempt_only(self, course, tmp_path):
        files = {
            "bob_hw3.ipynb": notebook(),
            "timestamp.txt": b"1990-01-01",
            "Influence.ipynb": b"{}",
        }
        collect(course, [packed(tmp_path, "bob", files)], ROSTER, RULES)
        placed = everything(course.submitted("bob", "influence"))
        assert set(placed) == {"influence.ipynb", "timestamp.txt"}
        assert not placed["timestamp.txt"].startswith(b"1990")


class TestLateness:
    def taken(self, course, zipped: Path, after: float, **options) -> intake.Attempt:
        os.utime(zipped, (NOON.timestamp() + after,) * 2)
        (outcome,) = collect(course, [zipped], ROSTER, Rules("influence", NOON, **options))
        return outcome.attempt

    def test_by_file_time_where_that_is_said(self, course, tmp_path):
        zipped = packed(tmp_path, "bob")
        assert self.taken(course, zipped, 90, late_from_file_times=True).late_seconds == 90

    def test_not_by_the_time_of_a_download(self, course, tmp_path):
        assert self.taken(course, packed(tmp_path, "bob"), 90).late_seconds == 0

    def test_in_time(self, course, tmp_path):
        zipped = packed(tmp_path, "bob")
        assert self.taken(course, zipped, -1, late_from_file_times=True).late_seconds == 0

    def test_by_canvas(self, course, tmp_path):
        zipped = packed(tmp_path, "bob", name="bobson_LATE_1_2_bob_HW3.zip")
        attempt = self.taken(course, zipped, 90)
        assert attempt.late_seconds == 1
        assert "by how much" in attempt.concerns[-1]

    def test_by_blackboard(self, course, tmp_path):
        moment = datetime.fromtimestamp(NOON.timestamp() + 30).strftime("%Y-%m-%d-%H-%M-%S")
        zipped = packed(tmp_path, "bob", name=f"Homework_bob_attempt_{moment}_x.zip")
        assert self.taken(course, zipped, 10**6).late_seconds == 30


def test_two_at_once_are_refused(course, tmp_path):
    home = course.collected("influence")
    home.mkdir(parents=True)
    with intake._alone(home), pytest.raises(ValueError, match="another hwkit collect"):
        collect(course, [packed(tmp_path, "bob")], ROSTER, RULES)


def test_what_a_killed_run_left_is_cleared_and_missing_layouts_come_back(course, tmp_path):
    collect(course, [packed(tmp_path, "bob")], ROSTER, RULES)
    half = course.collected("influence", "bob") / ".making-x" / "files"
    half.mkdir(parents=True)
    shutil.rmtree(course.submitted("bob", "influence"))
    collect(course, [], ROSTER, RULES)
    assert not half.parent.exists()
    assert (course.submitted("bob", "influence") / "influence.ipynb").read_bytes() == notebook()


def test_kills_at_any_moment_lose_nothing_and_leave_no_half(tmp_path):
    """Collecting is killed again and again, then ends undisturbed: the course is the same."""
    names = ["abe", "bob", "cat", "dan"]
    for name in names:
        noise = {f"{name}_HW3/{n}.txt": os.urandom(2000) for n in range(40)}
        packed(tmp_path / "zips", name, {f"{name}_hw3.ipynb": notebook(name), **noise})
    roster = tmp_path / "roster.csv"
    roster.write_text("id\n" + "\n".join(names) + "\n")
    code = (
        "import sys; from pathlib import Path; from autograder.course import Course\n"
        "from autograder import intake; course = Course(sys.argv[1]); print('go', flush=True)\n"
        "intake.collect(course, [Path(sys.argv[2])], course.roster(Path(sys.argv[3])),"
        " intake.Rules('influence'))"
    )

    def start(folder: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-c",
            code,
            str(tmp_path / folder),
            str(tmp_path / "zips"),
            str(roster),
        ]
        return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)

    calm = start("calm")
    assert calm.stdout.readline() == b"go\n"
    began = time.monotonic()
    assert calm.wait() == 0
    takes = time.monotonic() - began
    for number in range(8):
        process = start("killed")
        process.stdout.readline()
        time.sleep(takes * (number + 0.5) / 9)
        process.kill()
        process.wait()
        for attempt in (tmp_path / "killed").glob("collected/influence/*/[0-9]*"):
            assert intake.Attempt.read(attempt).number == 1
            assert len(everything(attempt / "files")) == 41
    assert start("killed").wait() == 0

    def told(folder: str) -> dict[str, bytes]:
        found = everything(tmp_path / folder)
        return {name: data for name, data in found.items() if not name.endswith("receipt.json")}

    assert told("killed") == told("calm")


def test_command_tells_all_and_its_status_says_that_some_were_refused(
    course, tmp_path, monkeypatch, capsys
):
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nabe\nbob\ncat\n")
    zips = [packed(tmp_path, "abe"), packed(tmp_path, "bob")]
    zips[1].write_bytes(b"no zip")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> int:
        options = ["--course", course.root, "--roster", roster]
        monkeypatch.setattr(sys, "argv", ["hwkit", "collect", *map(str, [*arguments, *options])])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return int(stopped.value.code or 0)

    assert run(*zips) == 1
    text = capsys.readouterr().out
    assert "1 collected, 0 known already, 1 refused; 2 of the roster" in text
    assert "damaged" in text
    assert run(zips[0]) == 0
    assert "is attempt 1 already" in capsys.readouterr().out
    assert course.roster_file.read_text() == roster.read_text()


def test_names_from_students_cannot_write_to_the_terminal():
    from rich.console import Console

    from autograder.commands.collect import table

    name = "\x1b]0;owned\x07[red]bob[/red]_HW3\udcff.zip"
    held = io.StringIO()
    outcome = intake.Outcome(name, "refused", "bob", "Because \x1b[2J.")
    Console(file=held, width=200, force_terminal=False).print(table([outcome]))
    assert "\x1b" not in held.getvalue()
    assert "[red]bob" in held.getvalue()
