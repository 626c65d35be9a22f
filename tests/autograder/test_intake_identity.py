"""Whose zip it is: what the learning management system wrote, held against the roster."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from autograder.course import Roster, Student
from autograder.identity import IdentityError, Mapped, identify, read_mapping, read_time

STUDENTS = (
    Student("jdoe", "Jane", "Doe", extra={"canvas_id": "101"}),
    Student("jsmith", "Jo", "Smith-Øst"),
    Student("jsmith2", "Ann", "Lee"),
    Student("a_b-c", "Ann", "Lee"),
    Student("nameless"),
)
ROSTER = Roster({each.id: each for each in STUDENTS}, ("id",))


def who(name: str) -> str:
    return identify(name, ROSTER, 3).student.id


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("jdoe_HW3.zip", "jdoe"),
        ("JDOE_hw3.ZIP", "jdoe"),
        ("jdoe_HW3 (1).zip", "jdoe"),
        ("jdoe_HW3-2.zip", "jdoe"),
        ("a_b-c_HW3.zip", "a_b-c"),
        ("jsmith2_HW3.zip", "jsmith2"),
        ("doejane_12_345_jdoe_HW3.zip", "jdoe"),
        ("doejane_LATE_12_345_jdoe_HW3-1.zip", "jdoe"),
        ("smithøstjo_12_345_jsmith_HW3.zip", "jsmith"),
        ("leeann_12_345_a_b-c_HW3.zip", "a_b-c"),
        ("whoever_101_345_jdoe_HW3.zip", "jdoe"),
        ("Homework 3_jdoe_attempt_2026-04-17-11-59-30_hand in.zip", "jdoe"),
        ("HW_3_a_b-c_attempt_2026-04-17-11-59-30.zip", "a_b-c"),
    ],
)
def test_is_found(name: str, student: str):
    assert who(name) == student


def test_late_is_read_off_canvas_names():
    assert identify("doejane_LATE_12_345_jdoe_HW3.zip", ROSTER, 3).late
    assert not identify("doejane_12_345_jdoe_HW3.zip", ROSTER, 3).late


def test_time_is_read_off_blackboard_names():
    found = identify("H_jdoe_attempt_2026-04-17-11-59-30_x.zip", ROSTER, 3).submitted
    assert found == datetime(2026, 4, 17, 11, 59, 30).astimezone(timezone.utc)


def test_what_the_system_wrote_goes_before_what_the_student_wrote():
    found = identify("doejane_12_345_jsmith_HW3.zip", ROSTER, 3)
    assert found.student.id == "jdoe"
    assert "jsmith" in " ".join(found.concerns)
    found = identify("leeann_101_345_a_b-c_HW3.zip", ROSTER, 3)
    assert found.student.id == "jdoe"


def test_a_name_that_only_the_student_wrote_is_not_enough_on_canvas():
    with pytest.raises(IdentityError, match="fits nobody"):
        who("malloryeve_12_345_jdoe_HW3.zip")


def test_one_of_two_of_the_same_name_is_not_guessed():
    with pytest.raises(IdentityError):
        who("leeann_12_345_homework.zip")


def test_a_roster_without_names_goes_by_the_files_with_a_concern():
    found = identify("anybody_12_345_nameless_HW3.zip", ROSTER, 3)
    assert found.student.id == "nameless"
    assert "anybody" in found.concerns[-1]


def test_another_homework_is_a_concern():
    assert "homework 2" in identify("jdoe_HW2.zip", ROSTER, 3).concerns[0]


@pytest.mark.parametrize("name", ["mallory_HW3.zip", "HW3.zip", "jdoe.zip", "submission.zip", "_"])
def test_who_is_not_on_the_roster_is_refused(name: str):
    with pytest.raises(IdentityError):
        who(name)


def test_mapping_goes_before_everything(tmp_path):
    file = tmp_path / "mapping.csv"
    file.write_text("file,id,submitted\njdoe_HW3.zip,JSMITH2,2026-04-17T12:00Z\nx.zip,jdoe,\n")
    mapping = read_mapping(file)
    found = identify("jdoe_HW3.zip", ROSTER, 3, mapping)
    assert found.student.id == "jsmith2"
    assert found.submitted == datetime(2026, 4, 17, 12, tzinfo=timezone.utc)
    assert identify("x.zip", ROSTER, 3, mapping).submitted is None
    with pytest.raises(IdentityError, match="mallory"):
        identify("y.zip", ROSTER, 3, {"y.zip": Mapped("mallory", None)})


@pytest.mark.parametrize("text", ["", "id,file,x\n", "file,id\na.zip,b\na.zip,c\n"])
def test_mapping_that_cannot_be_used_is_refused(tmp_path, text: str):
    file = tmp_path / "mapping.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match="Expected"):
        read_mapping(file)


def test_times_have_a_zone():
    assert read_time("2026-04-17T12:00-04:00").hour == 16
    assert read_time("2026-04-17T12:00").tzinfo is timezone.utc
    with pytest.raises(ValueError, match="Received: 'noon'"):
        read_time("noon")
