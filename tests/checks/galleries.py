"""What the galleries of right and wrong solutions share."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from hwkit.coursework import check


def verdict(question: str, *answers: Any) -> str:
    """What ``check`` prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        check(question, *answers)
    return said.getvalue()


def assert_passes(question: str, *answers: Any) -> None:
    said = verdict(question, *answers)
    assert said.startswith("[passed]"), said
    assert "visible checks passed" in said


def assert_fails(question: str, answer: Any, *words: str) -> None:
    """The answer is refused, and the verdict holds all the words."""
    said = verdict(question, answer)
    assert said.startswith("[not right yet]"), said
    assert "Traceback" not in said
    for word in words:
        assert word in said, said
