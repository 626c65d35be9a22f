"""Results and responses are kept whole, and read back as they were."""

from __future__ import annotations

import os

import numpy as np
import pytest

from autograder.course import Course
from autograder.durable import sync, write_whole
from autograder.results import AspectResult, CellResult, QuestionResult, SubmissionResult
from autograder.store import Store


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(Course(tmp_path), "influence")


RESULT = SubmissionResult(
    assignment="influence",
    student="ada",
    digest="d" * 64,
    seed=12345,
    box="bubblewrap",
    seconds=1.5,
    late_seconds=60.0,
    questions=(
        QuestionResult(
            "recall", "Recall", "test-recall", 2.5, 5.0, "partly", "größe \ud800", "hint", "none",
            (AspectResult("one class", 2.5, 2.5), AspectResult("no instance", 0.0, 2.5)),
        ),
    ),
    cells=(CellResult("cell 3", "raised", "KeyError"),),
    concerns=("it printed without end",),
    version="0.1.0",
)  # fmt: skip


def test_a_result_comes_back(store):
    store.write(RESULT, {"responses": [{"value": np.arange(3.0)}]})
    assert store.students() == ["ada"] and store.result("ada") == RESULT
    assert RESULT.points == 2.5 and RESULT.max_points == 5.0
    np.testing.assert_array_equal(store.responses("ada")["responses"][0]["value"], [0, 1, 2])


def test_marking_again_keeps_the_responses(store):
    store.write(RESULT, [1, 2])
    store.write(RESULT)
    assert store.responses("ada") == [1, 2]


def test_nothing_is_there_before(store):
    assert store.students() == [] and store.result("ada") is None
    assert store.responses("ada") is None and not store.is_recorded("ada")


def test_what_the_gradebook_holds_is_known_for_this_result_only(store):
    store.write(RESULT, [])
    store.set_recorded("ada")
    assert store.is_recorded("ada")
    store.write(SubmissionResult("influence", "ada", "other", 1, "bubblewrap", 1.0))
    assert not store.is_recorded("ada")


def test_what_a_kill_left_is_removed(store, tmp_path):
    store.write(RESULT, [1])
    left = tmp_path / "graded" / "influence" / "ada" / ".making-x"
    left.write_bytes(b"half")
    store.tidy()
    assert not left.exists() and store.result("ada") == RESULT


def test_damage_is_told(store, tmp_path):
    store.write(RESULT, [1])
    folder = tmp_path / "graded" / "influence" / "ada"
    (folder / "result.json").write_text("{}")
    (folder / "responses").write_bytes(b"hwk1")
    with pytest.raises(ValueError, match="grade again"):
        store.result("ada")
    with pytest.raises(ValueError, match="damaged"):
        store.responses("ada")


def test_seeds_are_each_submissions_own_and_stay(store, tmp_path):
    seeds = {store.seed(student, digest) for student in ("ada", "ben") for digest in ("0", "1")}
    assert len(seeds) == 4 and all(0 <= seed < 2**48 for seed in seeds)
    again = Store(Course(tmp_path), "influence")
    assert again.seed("ada", "0") in seeds
    other = Store(Course(tmp_path / "other"), "influence")
    assert other.seed("ada", "0") not in seeds


def test_nobody_else_reads_the_secret(store, tmp_path):
    store.seed("ada", "0")
    assert (tmp_path / "secret").stat().st_mode & 0o007 == 0


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    target = tmp_path / "file"
    write_whole(target, b"before")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"after")
    monkeypatch.undo()
    assert target.read_bytes() == b"before" and os.listdir(tmp_path) == ["file"]
    sync(tmp_path)
