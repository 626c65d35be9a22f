"""2,000 mutated zips: collecting never crashes, and writes nothing outside the course's folder."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import struct
import zipfile
from pathlib import Path

import pytest

from autograder import attempts
from autograder.archive import Limits
from autograder.course import Course, Roster, Student
from autograder.intake import Rules, collect

ROSTER = Roster({"bob": Student("bob")}, ("id",))
RULES = Rules("influence", limits=Limits(packed=1 << 20, files=30, size=1 << 20))
NAMES = (
    *("bob_HW3/bob_hw3.ipynb", "bob_hw3.ipynb", "a.py", "A.py", "../../../evil", "/evil", "a/../b"),
    *("..\\evil", "C:\\evil", "CON", "a\x00b", "", "/", ".", "..", "x" * 300, "a/" * 20 + "b"),
    *("__MACOSX/x", "\u202e", "e\u0301", "\u00e9", "a.py/b", "notebook.ipynb", "a:b"),
)
NUMBERS = (0, 1, 2, 20, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE)


def grown(rng: random.Random) -> bytes:
    """A zip written as zipfile does: often a good one, with an odd entry or a few."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        cell = {"cell_type": "code", "source": rng.random(), "metadata": {}, "outputs": []}
        good = json.dumps({"nbformat": 4, "cells": [cell]}).encode()
        if rng.random() < 0.7:
            archive.writestr("bob_HW3/bob_hw3.ipynb", good, rng.choice((0, 8)))
            archive.writestr("bob_HW3/help.py", b"x = 1")
        for _ in range(rng.choice((0, 0, 0, 1, 2, 5))):
            info = zipfile.ZipInfo("x")
            info.filename = rng.choice(NAMES)
            info.compress_type = rng.choice((0, 8, 8, 8, 12, 14))
            info.external_attr = rng.choice((0o100644, 0o120777, 0o40755, 0o20644, 0)) << 16
            info.extra = rng.randbytes(rng.randrange(12)) if rng.random() < 0.1 else b""
            archive.writestr(info, rng.choice((good, b"", b"[" * 2000, b"\0" * 9999)))
        if rng.random() < 0.1:
            archive.comment = rng.randbytes(20)
    return held.getvalue()


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Change bytes, fields, lengths and order, most often where the structure is."""
    changed = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 2, 3, 10))):
        if not changed:
            break
        place = rng.randrange(len(changed))
        marks = [changed.find(mark, place) for mark in (b"PK\1\2", b"PK\3\4", b"PK\5\6")]
        near = [mark for mark in marks if mark >= 0]
        if near and rng.random() < 0.7:
            place = min(rng.choice(near) + rng.randrange(46), len(changed) - 1)
        kind = rng.randrange(7)
        if kind == 0:
            changed[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            changed[place : place + 4] = struct.pack("<I", rng.choice(NUMBERS))
        elif kind == 2:
            changed[place : place + 2] = struct.pack("<H", rng.choice(NUMBERS) & 0xFFFF)
        elif kind == 3:
            del changed[place : place + rng.randrange(1, 40)]
        elif kind == 4:
            changed[place:place] = rng.randbytes(rng.randrange(1, 40))
        elif kind == 5:
            other = rng.randrange(len(changed))
            changed[place:place] = changed[other : other + rng.randrange(100)]
        else:
            changed = changed[: place + 1]
    return bytes(changed)


def outside(folder: Path, course: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if course not in path.parents
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_mutated_zip_crashes_or_escapes(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # 2,000 times several files
    rng = random.Random(18739)
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    course = Course(deep / "course")
    packed = deep / "bob_HW3.zip"
    packed.write_bytes(b"")
    collect(course, [], ROSTER, RULES)
    before = outside(tmp_path, course.root)
    found = {"collected": 0, "known": 0, "refused": 0}
    for _ in range(2000):
        packed.write_bytes(mutated(grown(rng), rng))
        (outcome,) = collect(course, [packed], ROSTER, RULES)
        found[outcome.status] += 1
        if outcome.status == "refused":
            assert outcome.reason
            assert outcome.advice
        home = course.collected("influence", "bob")
        assert not [path for path in home.iterdir() if path.name.startswith(".making")]
        if outcome.status == "collected" and outcome.attempt.number > 20:
            for path in attempts.attempts_in(home)[:-1]:
                _remove(path)
    assert outside(tmp_path, course.root) == before
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink() or "evil" in path.name]
    assert found["collected"] > 200, found
    assert found["refused"] > 1000, found


def _remove(folder: Path) -> None:
    """Old attempts, which would make every further one slower."""
    shutil.rmtree(folder)
