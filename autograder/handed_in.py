"""What lies in an unpacked submission: which file is the notebook, and what goes where."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.archive import ArchiveError
from autograder.course import Roster, key

LARGEST_NOTEBOOK = 64 << 20
DEEPEST_JSON = 64  # a notebook's own structure has about ten levels
_TOO_DEEP = "The notebook is nested deeper than any notebook is."
MOST_VALUES = 4_000_000  # commas and brackets; each becomes an object in memory


def find_notebook(files: list[str], student: str, homework: int) -> str:
    """The notebook to grade: the one named as the handout asks, else the only one.

    Raises:
        ArchiveError: there is none, or one cannot tell which.
    """
    notebooks = [name for name in files if key(name).endswith(".ipynb")]
    asked = f"{student}_hw{homework}.ipynb"
    named = [name for name in notebooks if key(PurePosixPath(name).name) == key(asked)]
    for candidates in (named, notebooks):
        if len(candidates) == 1:
            return candidates[0]
    if not notebooks:
        raise ArchiveError(
            "There is no notebook in it.", f"Put your notebook in, as {asked}, and pack again."
        )
    shown = ", ".join(repr(name) for name in (named or notebooks)[:4])
    raise ArchiveError(
        f"There are {len(named or notebooks)} notebooks in it: {shown}.",
        f"Leave only the one to grade, as {asked}, and pack again.",
    )


def concerns_about(
    folder: Path, notebook: str, student: str, homework: int, roster: Roster
) -> list[str]:
    """What an instructor should look at.

    Raises:
        ArchiveError: the notebook is too large or too deep for tools that read notebooks.
    """
    concerns = [
        f"Inside the zip stands the id of {other}, another student."
        for other in _ids_inside(notebook, homework, roster)
        if other != student
    ]
    data = (folder / notebook).read_bytes()
    if len(data) > LARGEST_NOTEBOOK:
        raise ArchiveError(
            f"The notebook has {len(data) >> 20} MiB; {LARGEST_NOTEBOOK >> 20} are possible.",
            "Clear outputs that print too much, and pack again.",
        )
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise ArchiveError(
            "The notebook holds more values than any notebook does.",
            "Clear outputs that print too much, and pack again.",
        )
    if (doubt := _unreadable(data)) is not None:
        concerns.append(f"The notebook cannot be read: {doubt}.")
    return concerns


def _ids_inside(notebook: str, homework: int, roster: Roster) -> list[str]:
    """Ids of the roster that the notebook's name and folders name."""
    pattern = re.compile(rf"(.+)_hw0*{homework}(?:\.ipynb)?", re.IGNORECASE)
    named = [match[1] for part in notebook.split("/") if (match := pattern.fullmatch(part))]
    found = [roster.find(name) for name in named]
    return list(dict.fromkeys(each.id for each in found if each is not None))


def _unreadable(data: bytes) -> str | None:
    """Why this is no notebook; ``None`` if it is one, whatever its cells hold.

    Raises:
        ArchiveError: it is nested too deeply.
    """
    if not data:
        return "it is empty"
    try:
        content = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return "it is not in UTF-8"
    except ValueError:
        return "it is no JSON"
    except RecursionError:
        raise ArchiveError(_TOO_DEEP) from None
    if _is_deep(content):
        raise ArchiveError(_TOO_DEEP)
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        return "it has no cells"
    if content.get("nbformat") != 4:
        return "it is not in version 4 of the format"
    return None


def _is_deep(content: Any) -> bool:
    level = [content] if isinstance(content, (dict, list)) else []
    for _ in range(DEEPEST_JSON):
        values = (value.values() if isinstance(value, dict) else value for value in level)
        level = [each for inside in values for each in inside if isinstance(each, (dict, list))]
    return bool(level)
