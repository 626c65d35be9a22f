"""The roster and the folder of a course."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Course, read_roster


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "roster.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_roster_keeps_order_and_further_columns(tmp_path):
    file = write(
        tmp_path,
        "\ufeffid,last_name,first_name,email,canvas_id\n"
        'zoe,"Doe, Jr.",Zoë,z@x.edu,17\n\nabe, Lin ,Abe,,\n',
    )
    roster = read_roster(file)
    assert list(roster) == ["zoe", "abe"]
    assert roster["zoe"].name == "Zoë Doe, Jr."
    assert roster["zoe"].extra == {"canvas_id": "17"}
    assert (roster["abe"].last_name, roster["abe"].email) == ("Lin", "")


def test_id_is_found_whatever_its_case(tmp_path):
    roster = read_roster(write(tmp_path, "id\nBob\n"))
    assert roster.find("bOB").id == "Bob"
    assert roster.find("bo") is None
    assert roster["Bob"].name == "Bob"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty file"),
        ("name\nbob\n", "among them 'id'"),
        ("id,id\nbob,bob\n", "each once"),
        ("id\nbob\nBOB\n", "lines 2 and 3"),
        ("id\n../bob\n", "line 2"),
        ("id\n.bob\n", "line 2"),
        ("id\nb/ob\n", "line 2"),
        ("id\nnul\n", "line 2"),
        ("id,email\nbob,a,b\n", "line 2"),
        ("id\n" + "b" * 65 + "\n", "line 2"),
        ("id,email\n,a@b\n", "line 2"),
    ],
)
def test_roster_that_cannot_be_used_is_refused(tmp_path, text: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        read_roster(write(tmp_path, text))


def test_missing_roster_names_the_columns(tmp_path):
    with pytest.raises(FileNotFoundError, match="id, first_name, last_name, email"):
        Course(tmp_path).roster()


def test_places_are_nbgraders(tmp_path):
    course = Course(tmp_path)
    root = tmp_path.resolve()
    assert course.submitted("bob", "influence") == root / "submitted" / "bob" / "influence"
    assert course.autograded("bob", "influence") == root / "autograded" / "bob" / "influence"
    assert course.release("influence") == root / "release" / "influence"
    assert course.database == f"sqlite:///{root / 'gradebook.db'}"
    assert course.opened == ()


def test_settings_are_read(tmp_path):
    (tmp_path / "course.toml").write_text('database = "postgresql://db/x"\nopened = ["lrp"]\n')
    course = Course(tmp_path)
    assert (course.database, course.opened) == ("postgresql://db/x", ("lrp",))


@pytest.mark.parametrize("text", ['databse = "x"', "opened = 3", "opened = [3]", "= ="])
def test_settings_that_are_misspelt_are_refused(tmp_path, text: str):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(ValueError, match=r"course\.toml"):
        Course(tmp_path)


def test_course_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(ValueError, match="which is a file"):
        Course(tmp_path / "x")
