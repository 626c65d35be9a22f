"""Cells that need a blank which is still empty say so in a line, instead of a traceback."""

from __future__ import annotations

import re
import traceback
from types import TracebackType

from hwkit.checks import questions
from hwkit.checks.student_code import blank_name, is_students
from hwkit.checks.verdict import Verdict

_MISSING = re.compile(r"name '(\w+)' is not defined")


class Waiting:
    """Context manager for a cell that uses blanks.

    A NotImplementedError from a blank, and a NameError for a blank or, in the cell itself, for what
    an earlier cell should have made, become one line; everything else passes.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        message = waits_for(error)
        if message is None:
            return False
        Verdict("waiting", "This cell waits", message).show()
        return True


def blank_title(name: str) -> str | None:
    """Title of the question whose blank this function or class is; ``None`` if it is none."""
    titles = (each.title for each in questions().values() if name in each.blanks)
    return next(titles, None)


def waits_for(error: BaseException | None) -> str | None:
    """The blank that an error comes from, in words ("for the blank ..."); ``None`` for others."""
    if isinstance(error, NotImplementedError):
        name = blank_name(error)
        return None if name is None else _blank(name)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        found = _MISSING.search(str(error))
        missing = found[1] if found else ""
        title = blank_title(missing)
        if title is not None:
            return f"for the blank '{title}' ({missing}). Run the cell that defines it."
        if missing and _is_the_cells_own(error):
            return f"for '{missing}', which an earlier cell makes. Complete and run that one first."
    return None


def _blank(name: str) -> str:
    title = blank_title(name)
    if title is not None:
        return f"for the blank '{title}' ({name})."
    return "for a blank above." if name.startswith("<") else f"for the blank {name}."


def _is_the_cells_own(error: NameError) -> bool:
    """Whether the cell itself used the name, not a function with a slip in it."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    # The code of a cell, or a comprehension in it, has a name in angle brackets.
    return all(is_students(frame) for frame in frames) and all(
        frame.f_code.co_name.startswith("<") for frame in frames[1:]
    )
