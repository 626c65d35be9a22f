"""Files for other systems, read back as those systems read them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from report_data import MANUAL, make_course, result, verdict

import autograder.export as exporting
from autograder.course import Student
from autograder.export import defuse, export
from autograder.gradebook_marks import Marks, PartMark
from autograder.reports.summary import ClassSummary, Entry, summarize


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """s01 is fully graded, s02 waits for a person, s03 handed nothing in."""
    made = make_course(tmp_path)
    wrong = {"recall": verdict("recall", 0, "precision instead of recall")}
    for name, more in {"s01": wrong, "s02": {}}.items():
        folder = made.graded("influence", name)
        folder.mkdir(parents=True)
        text = json.dumps(result(name, more, late_seconds=90.0).to_json())
        (folder / "result.json").write_text(text)
    found = {cell: PartMark(cell, None, 1.5, 0.0, False) for cell in MANUAL}
    graded = Marks(found, {"iv-4-discussion": "=Good"})
    monkeypatch.setattr("autograder.reports.summary.read_marks", lambda *_: {"s01": graded})
    return made


def rows(file: Path) -> list[list[str]]:
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_table_holds_every_student_and_part(course):
    done = export(course, "influence", "csv")
    header, *lines = rows(done.file)
    table = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert list(table) == ["s01", "s02", "s03"]
    # 57 less 5 by code; ten parts of 1.5 by hand
    assert [table["s01"][each] for each in ("code", "manual", "total", "possible")] == [
        "52", "15", "67", "100",
    ]  # fmt: skip
    assert (table["s02"]["total"], table["s02"]["ungraded"]) == ("57", "10")
    assert table["s01"]["late_seconds"] == "90"
    assert table["s02"]["first_name"] == "Émile"
    assert table["s03"]["total"] == ""
    assert done.left_out == ("s03: no graded submission",)
    assert len(header) == 11 + 21


def test_canvas_takes_the_file_as_its_importer_reads_it(course):
    """The checks of GradebookImporter, written out again in Python."""
    done = export(course, "influence", "canvas", column="HW3 (4711)")
    text = done.file.read_bytes().decode("utf-8")  # Ruby keeps the byte order mark
    table = list(csv.reader(io.StringIO(text)))
    header = table[0]
    assert len(header) > 3 and "Student" in header[0] and "ID" in header[1]
    assert re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4]  # 3 columns, and 2 of the SIS
    assert header[5:] == ["HW3 (4711)"]
    assert len({len(row) for row in table}) == 1  # else the separator is guessed wrongly
    assert "Points Possible" in table[1][0] and table[1][5] == "100"
    assert table[2:] == [["Lovelace, Ada", "900", "", "l00", "A", "67"]]
    assert done.left_out == (
        "s02: 10 written answers are not graded yet",
        "s03: no graded submission",
    )


def test_partial_marks_only_when_asked_for(course):
    done = export(course, "influence", "canvas", partial=True)
    assert [row[0] for row in rows(done.file)[2:]] == ["Lovelace, Ada", "Zola, Émile"]
    assert done.count == 2


def test_gradescope_autograder_hands_out_the_marks_and_runs_no_submission(course, tmp_path):
    done = export(course, "influence", "gradescope")
    place = tmp_path / "autograder"
    with zipfile.ZipFile(done.file) as archive:
        assert archive.namelist() == ["setup.sh", "run_autograder", "marks.json"]
        assert all(each.external_attr >> 16 & 0o100 for each in archive.infolist()[:2])
        archive.extractall(place / "source")
    (place / "submission").mkdir()
    (place / "submission" / "json.py").write_text("raise SystemExit('the submission ran')")

    def handed_out(email: str) -> dict:
        users = {"users": [{"email": email, "id": 1, "name": "x"}]}
        (place / "submission_metadata.json").write_text(json.dumps(users))
        environment = {**os.environ, "AUTOGRADER_ROOT": str(place)}
        command = [sys.executable, str(place / "source" / "run_autograder")]
        subprocess.run(command, check=True, env=environment, cwd=place / "submission")
        return json.loads((place / "results" / "results.json").read_text())

    found = handed_out(" S01@Example.org ")
    assert found["score"] == 67
    assert sum(each["score"] for each in found["tests"]) == 67
    assert sum(each["max_score"] for each in found["tests"]) == 110
    tests = {each["name"]: each for each in found["tests"]}
    assert "precision instead of recall" in tests["IV.2 Recall"]["output"]
    assert tests["IV.4 The recall table"]["output"] == "=Good"
    assert handed_out("stranger@example.org")["score"] == 0
    assert b"example.org" not in zipfile.ZipFile(done.file).read("marks.json")


FORMULAS = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    '"=1',
    "'=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "=cmd|' /C calc'!A0",
    "|x",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_defused(text):
    shown = str(defuse(text))
    assert shown.startswith("'")
    assert not re.search(r"[\t\r\n]", shown)


@pytest.mark.parametrize(
    "text", ["Ada", "Émile Zola", "李 小龍", "O'Neil", "s-01", "a=b", "", "3.5"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert defuse(text) == text
    assert defuse(-1.5) == -1.5  # points are numbers, not text


def test_no_cell_of_a_file_is_a_formula_for_either_separator(course, monkeypatch):
    """Whatever a roster or a submission holds, whichever separator the spreadsheet takes."""
    bad = list(FORMULAS) + [f"x;{each}" for each in FORMULAS] + ['a";=1', "a,=1", "a; '=1"]
    entries = [
        Entry(Student(each, each, each, each, {"section": each, "canvas_id": each}),
              result(each, concerns=(each,)))
        for each in bad
    ]  # fmt: skip
    whole = summarize(course, "influence")
    made = ClassSummary("influence", "t", whole.parts, tuple(entries), (entries[0].student,))
    monkeypatch.setattr(exporting, "summarize", lambda *_: made)
    for format in ("csv", "canvas"):
        done = export(course, "influence", format, partial=True, column="=1+1")
        text = done.file.read_bytes().decode("utf-8-sig")
        for separator in ",;\t":
            for row in csv.reader(io.StringIO(text), delimiter=separator):
                for cell in row:
                    number = re.fullmatch(r"-?[0-9.,]+", cell)
                    assert number or not re.match(r"[\s\"]*[=+\-@|＝＋－＠]", cell), (
                        separator,
                        cell,
                    )


def test_an_unknown_format_is_named(course):
    with pytest.raises(ValueError, match="csv, canvas, gradescope.*'xlsx'"):
        export(course, "influence", "xlsx")
