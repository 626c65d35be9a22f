"""Packing a notebook to hand in: everything that is wrong is told at once, then a zip is written.

The zip is what the handout asks for, here of homework 3: ``<id>_HW3.zip`` holds the folder
``<id>_HW3`` with the notebook as ``<id>_hw3.ipynb`` and the .py and .txt files beside it.
"""

from __future__ import annotations

import ast
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hwkit.editions import Edition, edition, homework_number, source_digest, source_of

LARGEST = 40 * 2**20  # bytes of the zip; a notebook with its pictures has about 3 MB
_LARGEST_NOTEBOOK = 64 * 2**20
_MOST_FILES = 100
_BESIDE = (".py", ".txt")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a notebook to hand in.

    Attributes:
        what: is wrong.
        remedy: what to do.
        severe: the zip would be refused; packing anyway makes no sense.
        note: nothing is wrong with handing it in like this, if that is meant.
    """

    what: str
    remedy: str
    severe: bool = False
    note: bool = False


def examine(notebook: Path, assignment: str) -> list[Problem]:
    """Everything that is wrong with a notebook and the files beside it.

    Raises:
        FileNotFoundError: no such notebook. ValueError: no such assignment here.
    """
    known = edition(assignment)
    if not notebook.is_file():
        raise FileNotFoundError(
            f"Expected a notebook at {notebook}, and found none. Name yours: hwkit pack --id ID "
            "NOTEBOOK"
        )
    content = _read(notebook)
    if isinstance(content, Problem):
        return [content]
    problems = [*_changed(content, known), *_not_run(content), *_failed(content)]
    if not any("data" in each and set(each["data"]) & set(_PICTURES) for each in _outputs(content)):
        problems.append(Problem("It shows no pictures.", "Run all cells, then save the notebook."))
    return [*problems, *_open(content, known), *_beside(notebook)]


def pack(notebook: Path, student: str, assignment: str, to: Path) -> Path:
    """Write the zip to hand in.

    Args:
        notebook: examined before; see ``examine``.
        student: your id.
        assignment: its name.
        to: folder for the zip.

    Returns:
        The zip; one of that name is replaced.

    Raises:
        ValueError: an id that cannot name a file, or too large a zip.
    """
    number = homework_number(assignment)
    if not _ID.fullmatch(student):
        raise ValueError(
            "Expected your id: letters, digits and . _ @ + -, beginning with a letter or digit. "
            f"Received: {student!r}."
        )
    top = f"{student}_HW{number}"
    target = to / f"{top}.zip"
    made = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(notebook, f"{top}/{student}_hw{number}.ipynb")
            for file in files_beside(notebook):
                archive.write(file, f"{top}/{file.relative_to(notebook.parent).as_posix()}")
        if made.stat().st_size > LARGEST:
            raise ValueError(
                f"Expected a zip of at most {LARGEST >> 20} MiB. Received: "
                f"{made.stat().st_size >> 20} MiB. Clear outputs that print too much, and move "
                "files away that the notebook does not need."
            )
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    return target


def names(packed: Path) -> list[str]:
    """Names of the files in a zip."""
    with zipfile.ZipFile(packed) as archive:
        return archive.namelist()


def files_beside(notebook: Path) -> list[Path]:
    """The .py and .txt files beside a notebook, and in folders that are Python packages there."""
    folders = [notebook.parent]
    folders += [each.parent for each in notebook.parent.glob("*/__init__.py")]
    found = [file for folder in folders for file in folder.iterdir() if file.suffix in _BESIDE]
    return sorted(each for each in found if each.is_file() and not each.name.startswith("."))


def _read(notebook: Path) -> dict[str, Any] | Problem:
    if notebook.stat().st_size > _LARGEST_NOTEBOOK:
        return Problem(
            f"It has {notebook.stat().st_size >> 20} MiB; {_LARGEST_NOTEBOOK >> 20} are possible.",
            "Clear outputs that print too much, and run those cells again.",
            severe=True,
        )
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        if content["nbformat"] != 4 or not isinstance(content["cells"], list):
            raise ValueError("not a notebook of version 4")
        for cell in content["cells"]:
            if not isinstance(cell["metadata"], dict) or "cell_type" not in cell:
                raise ValueError("a cell without type or metadata")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return Problem(
            f"It is no Jupyter notebook ({error}).",
            "Open it in JupyterLab and save it again.",
            severe=True,
        )
    return dict(content)


def _changed(content: dict[str, Any], known: Edition) -> Iterator[Problem]:
    """Cells that must be there as they were given."""
    found: dict[str, list[dict[str, Any]]] = {}
    for cell in content["cells"]:
        graded = cell["metadata"].get("nbgrader")
        if isinstance(graded, dict) and "grade_id" in graded:
            found.setdefault(str(graded["grade_id"]), []).append(cell)
    wanted = (*known.locked, *known.answers)
    if not set(wanted) & set(found):
        yield Problem(
            f"It is not the notebook of the assignment {known.assignment}.",
            "Name the one that you were given: hwkit pack --id ID NOTEBOOK",
            severe=True,
        )
        return
    for name in wanted:
        cells = found.get(name, [])
        if not cells:
            yield Problem(
                f"The cell '{name}' is missing.",
                "Copy it from the notebook that you were given, with its metadata, or undo.",
            )
        elif len(cells) > 1:
            yield Problem(f"The cell '{name}' is there {len(cells)} times.", "Keep one of them.")
        elif name in known.locked and source_digest(cells[0]) != known.locked[name]:
            yield Problem(
                f"The cell '{name}' has been changed; it is not yours to change.",
                "Copy its content from the notebook that you were given.",
            )


def _not_run(content: dict[str, Any]) -> Iterator[Problem]:
    """Code cells that were not run, or not from top to bottom."""
    again = "Restart the kernel and run all cells (Run > Restart Kernel and Run All Cells), save."
    code = [
        (number, cell)
        for number, cell in enumerate(content["cells"], start=1)
        if cell["cell_type"] == "code" and _has_code(cell)
    ]
    missing = [number for number, cell in code if not isinstance(cell.get("execution_count"), int)]
    if missing:
        yield Problem(f"{_places(missing)} not run.", again)
        return
    counts = [cell["execution_count"] for _, cell in code]
    disordered = [
        number
        for (number, _), before, now in zip(code[1:], counts, counts[1:], strict=False)
        if now <= before
    ]
    if disordered:
        yield Problem(f"{_places(disordered)} not run in order, after the cell above.", again)


def _failed(content: dict[str, Any]) -> Iterator[Problem]:
    for number, cell in enumerate(content["cells"], start=1):
        for output in cell.get("outputs", []):
            if isinstance(output, dict) and output.get("output_type") == "error":
                yield Problem(
                    f"Cell {number} ended with {output.get('ename', 'an error')}.",
                    "Mend it. What is left open may stay: a cell below then says what it waits "
                    "for.",
                )


def _open(content: dict[str, Any], known: Edition) -> Iterator[Problem]:
    blanks = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in content["cells"]
        if isinstance(cell["metadata"].get("nbgrader"), dict)
        and cell["metadata"]["nbgrader"].get("grade_id") in known.answers
        and ("YOUR CODE HERE" in source_of(cell) or source_of(cell).strip() == "YOUR ANSWER HERE")
    ]
    if blanks:
        yield Problem(
            f"Not answered: {', '.join(blanks)}.", "Is that what you want to hand in?", note=True
        )


def _beside(notebook: Path) -> Iterator[Problem]:
    """Files that the notebook needs and that would not be packed, and too many of them."""
    files = files_beside(notebook)
    if len(files) > _MOST_FILES:
        yield Problem(
            f"There are {len(files)} .py and .txt files beside it; {_MOST_FILES} are possible.",
            "Move those away that the notebook does not import.",
            severe=True,
        )
    for file in files:
        if file.is_symlink():
            yield Problem(
                f"{file.name} is a link, which cannot be packed.", "Put a copy in its place.", True
            )


def _has_code(cell: Mapping[str, Any]) -> bool:
    """Whether there is something to run: Jupyter does not count a cell of comments alone."""
    source = source_of(cell)
    if not source.strip():
        return False
    try:
        return bool(ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # IPython's own syntax, or a mistake that its error tells


def _places(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"Cell {numbers[0]} was"
    shown = ", ".join(map(str, numbers[:8])) + (", ..." if len(numbers) > 8 else "")
    return f"{len(numbers)} cells were (counted from the top: {shown})"


def _outputs(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in content["cells"]:
        yield from (each for each in cell.get("outputs", []) if isinstance(each, dict))
