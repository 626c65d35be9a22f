"""Given cells run only where a cell of the student's needs them, and then before it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

RUN = """
import json, sys
from autograder.inside.cells import Cell, Notebook
spec = json.loads(sys.argv[1])
said = []
cells = [Cell(source, given) for source, given in spec["cells"]]
notebook = Notebook(cells, spec["provided"], lambda *event: said.append(event), spec["skip"])
notebook.run(spec["needed"])
values = {k: repr(v) for k, v in notebook.namespace.items() if k in spec["look"]}
print("\\n" + json.dumps([said, values]))
"""


def run(cells, look=(), provided=(), skip=(), needed=()):
    """Events and values of names, from a process of its own: a shell is one for each process."""
    import json

    spec = {
        "cells": [[textwrap.dedent(source), given] for source, given in cells],
        "look": look,
        "provided": provided,
        "skip": skip,
        "needed": needed,
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(spec)], capture_output=True, text=True, check=True
    )
    said, values = json.loads(done.stdout.splitlines()[-1])
    return [(index, status) for index, status, _ in said if status != "start"], values


def test_a_given_cell_that_nothing_needs_does_not_run():
    events, values = run([("a = 1", True), ("b = 2", False)], ["a", "b"])
    assert events == [(1, "ran")] and values == {"b": "2"}


@pytest.mark.parametrize(
    "source",
    [
        "b = a",
        "def f():\n    return a\nb = f()",
        "b = [a for _ in range(1)][0]",
        "class C:\n    b = a\nb = C.b",
        "b = (lambda: a)()",
        "b = eval('a')",
        "a = a + 0\nb = a",
        "%time b = a",
    ],
)
def test_what_is_mentioned_anywhere_is_there(source):
    events, values = run([("a = 7", True), ("c = 1", True), (source, False)], ["b", "c"])
    assert events == [(0, "ran"), (2, "ran")] and values == {"b": "7"}


def test_needs_of_needs_run_first():
    cells = [("a = 1", True), ("b = a + 1", True), ("c = b + 1", False)]
    events, values = run(cells, ["c"])
    assert events == [(0, "ran"), (1, "ran"), (2, "ran")] and values == {"c": "3"}


def test_a_given_cell_uses_what_the_student_defined_before():
    cells = [("def f():\n    return 5", False), ("a = f()", True), ("b = a", False)]
    assert run(cells, ["b"])[1] == {"b": "5"}


def test_the_last_binding_before_the_cell_counts():
    cells = [("a = 1", True), ("a = 2", True), ("b = a", False), ("a = 3", True)]
    assert run(cells, ["b"])[1] == {"b": "2"}


def test_names_that_are_local_need_nothing():
    cells = [("a = 1", True), ("def f(a):\n    return a\nb = f(3)", False)]
    events, values = run(cells, ["b"])
    assert events == [(1, "ran")] and values == {"b": "3"}


def test_provided_names_need_nothing_and_needed_ones_run():
    cells = [("a = 1", True), ("c = 4", True), ("def f():\n    return a", False)]
    events, values = run(cells, ["c"], provided=["a"], needed=["c"])
    assert events == [(2, "ran"), (1, "ran")] and values == {"c": "4"}


def test_errors_do_not_stop_the_others():
    cells = [
        ("1 / 0", False),
        ("def f(:", False),
        ("import sys\nsys.exit()", False),
        ("b = 1", False),
    ]
    events, values = run(cells, ["b"])
    assert [status for _, status in events] == ["raised", "raised", "raised", "ran"]
    assert values == {"b": "1"}


def test_skipped_cells_stay_out():
    events, values = run([("a = 1", False), ("b = 2", False)], ["a", "b"], skip=[0])
    assert events == [(1, "ran")] and values == {"b": "2"}


def test_two_given_cells_that_need_each_other_end():
    cells = [("a = b", True), ("b = a", True), ("c = b", False)]
    events, _ = run(cells)
    assert events[-1] == (2, "raised")


def test_magics_of_notebooks_are_no_errors():
    events, _ = run(
        [
            ("%matplotlib inline\n!true\nawait_ = 1", False),
            ("import asyncio\nawait asyncio.sleep(0)", False),
        ]
    )
    assert [status for _, status in events] == ["ran", "ran"]
