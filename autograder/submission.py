"""Reads a submitted notebook as data: which of its cells are the student's, and what runs.

Nothing of a submission is run or imported here, and nothing in it is believed: sizes are bounded
before anything is parsed, and whatever is wrong is a ``SubmissionError`` that a student can act on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.box.session import Code

LARGEST_NOTEBOOK = 64 * 2**20
LARGEST_SOURCE = 2 * 2**20
MOST_CELLS = 2000
_HELPERS = (".py", ".txt", ".json", ".csv", ".npy", ".npz")
_LARGEST_HELPERS = 16 * 2**20


class SubmissionError(ValueError):
    """A submission that cannot be read; the message says why, for the student."""


@dataclass(frozen=True)
class Submission:
    """What was handed in.

    Attributes:
        digest: sha256 of the notebook and its helper files.
        notebook: the parsed notebook.
        code: what runs of it.
    """

    digest: str
    notebook: dict[str, Any]
    code: Code


def read(
    folder: Path,
    assignment: str,
    given: Collection[str],
    seed: int = 0,
) -> Submission:
    """Read the notebook ``<assignment>.ipynb`` of a folder, and the helper files beside it.

    Args:
        folder: of the submission, as it was collected.
        assignment: its name.
        given: sources of the cells as they were handed out, each through ``normalised``.
        seed: of random numbers while it runs.

    Raises:
        SubmissionError: there is no notebook, or one that cannot be read.
    """
    content = _bytes_of(folder / f"{assignment}.ipynb")
    notebook = _parsed(content)
    cells, names = [], []
    for place, cell in enumerate(notebook["cells"]):
        if not isinstance(cell, dict):
            raise SubmissionError(f"Cell {place + 1} of the notebook is no cell.")
        if cell.get("cell_type") != "code":
            continue
        source = source_of(cell)
        if len(source) > LARGEST_SOURCE:
            raise SubmissionError(f"Cell {place + 1} holds more than {LARGEST_SOURCE:,} letters.")
        # Text with half a surrogate pair is no text that Python could read.
        source = source.encode("utf-8", "replace").decode("utf-8")
        cells.append({"source": source, "given": normalised(source) in given})
        names.append(f"cell {place + 1}")
    if len(cells) > MOST_CELLS:
        raise SubmissionError(
            f"The notebook has {len(cells)} code cells; at most {MOST_CELLS} run."
        )
    helpers = _helpers(folder)
    digest = hashlib.sha256(content)
    for name, data in helpers.items():
        digest.update(f"\0{name}\0{len(data)}\0".encode())
        digest.update(data)
    code = Code(assignment, cells, names, helpers, seed)
    return Submission(digest.hexdigest(), notebook, code)


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, which a notebook stores as one string or as lines.

    Raises:
        SubmissionError: it is neither.
    """
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SubmissionError("The source of a cell is no text.")
    return source


def normalised(source: str) -> str:
    """A cell's text without what editors change by themselves: line ends and spaces at ends."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def given_cells(notebook: dict[str, Any]) -> frozenset[str]:
    """What a handed-out notebook's code cells say, for ``read``; blanks are not among them."""
    return frozenset(normalised(source_of(cell)) for cell in _given(notebook))


def _given(notebook: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for cell in notebook["cells"]:
        about = cell.get("metadata", {}).get("nbgrader", {})
        if cell["cell_type"] == "code" and not about.get("solution", False):
            yield cell


def _bytes_of(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise SubmissionError(f"There is no notebook {path.name} in the submission.")
    if path.stat().st_size > LARGEST_NOTEBOOK:
        raise SubmissionError(
            f"The notebook {path.name} is larger than {LARGEST_NOTEBOOK // 2**20} MiB. Clear "
            "outputs that are not asked for, and hand it in again."
        )
    return path.read_bytes()


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SubmissionError(
            f"The notebook is no JSON ({type(error).__name__}). Open it in JupyterLab, save it "
            "there, and hand it in again."
        ) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise SubmissionError("The file is no notebook of version 4: it has no list of cells.")
    return notebook


def _helpers(folder: Path) -> dict[str, bytes]:
    files, total = {}, 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.suffix not in _HELPERS:
            continue
        name = path.relative_to(folder).as_posix()
        if name == "timestamp.txt":  # nbgrader's own
            continue
        total += path.stat().st_size
        if total > _LARGEST_HELPERS:
            raise SubmissionError(
                f"The files beside the notebook hold more than {_LARGEST_HELPERS // 2**20} MiB."
            )
        files[name] = path.read_bytes()
    return files
