"""The notebook that graders see in formgrader: the submission as data, with the verdicts beside it.

Nothing is executed here. Cells that students may not change come from the released notebook, by
their grade_id; what students wrote and what their notebook showed is kept, made harmless. A
submission that is no notebook at all gives the released notebook with a note, so that its manual
parts can be graded (with nothing) like any other's.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)

from autograder.reports.outputs import Budget, harmless_outputs
from autograder.reports.parts import Part, marks_of, parts, read_source
from autograder.reports.plain import clean, defused
from autograder.results import QuestionResult, SubmissionResult

BYTES_LIMIT = 100_000_000
CELLS_LIMIT = 600  # a submission with more is shown up to here; the graded cells are always shown
RUBRIC_TAG = "hwkit-rubric"


@dataclass(frozen=True)
class _Written:
    """A cell of a submission, with nothing of it believed."""

    kind: str
    source: str
    grade_id: str
    outputs: Sequence[Any]
    attachments: Any


class WithoutRubrics(NbGraderPreprocessor):
    """Takes model answers and rubrics out of what nbgrader makes for students."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook without the cells that only graders may see."""
        nb.cells = [each for each in nb.cells if RUBRIC_TAG not in each.metadata.get("tags", [])]
        return nb, resources


def released(source: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook as students get it, by nbgrader's own steps; the source is left as it is."""
    notebook = nbformat.from_dict(source)
    resources: dict[str, Any] = {}
    for step in (ClearSolutions, LockCells, ClearHiddenTests, ClearMarkScheme, ComputeChecksums):
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def read_cells(path: Path) -> list[_Written]:
    """The cells of a submitted notebook.

    Raises:
        ValueError: it is missing, too large, or no notebook of format 4.
    """
    if not path.is_file() or path.is_symlink():
        raise ValueError(f"Expected a submitted notebook {path.name}, and found none.")
    if path.stat().st_size > BYTES_LIMIT:
        raise ValueError(f"Expected a notebook of at most {BYTES_LIMIT} bytes. Received: more.")
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"Expected a notebook in JSON. Received: {error}") from error
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise ValueError("Expected a notebook of format 4 with a list of cells. Received: none.")
    return [_written(each) for each in cells if isinstance(each, dict)]


def _written(cell: Mapping[str, Any]) -> _Written:
    def inside(value: Any, key: str) -> Any:
        return value.get(key) if isinstance(value, dict) else None

    grade_id = inside(inside(cell.get("metadata"), "nbgrader"), "grade_id")
    if not isinstance(grade_id, str):  # some editors drop metadata; the cell's own id stays
        grade_id = cell.get("id")
    outputs = cell.get("outputs")
    return _Written(
        kind=cell["cell_type"] if cell.get("cell_type") in ("code", "markdown") else "raw",
        source=_joined(cell.get("source")),
        grade_id=grade_id if isinstance(grade_id, str) else "",
        outputs=outputs if isinstance(outputs, list) else [],
        attachments=cell.get("attachments"),
    )


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(each for each in source if isinstance(each, str))
    return source if isinstance(source, str) else ""


def executed_notebook(
    submitted: Path,
    source: nbformat.NotebookNode,
    result: SubmissionResult,
    *,
    rubrics: bool = True,
) -> nbformat.NotebookNode:
    """The submission as formgrader shows it, with verdicts, and rubrics beside manual answers.

    Args:
        submitted: the submitted notebook.
        source: the assignment's nbgrader source.
        result: the verdicts on its code.
        rubrics: whether model answers stand beside the manual parts.
    """
    return _Maker(source, result, rubrics).make(submitted)


class _Maker:
    """Puts one notebook together."""

    def __init__(
        self, source: nbformat.NotebookNode, result: SubmissionResult, rubrics: bool
    ) -> None:
        self.given = {
            known["grade_id"]: cell for cell in released(source).cells if (known := marks_of(cell))
        }
        self.plain = {
            clean(each.source).strip(): each.source for each in source.cells if not marks_of(each)
        }
        self.order = {name: place for place, name in enumerate(self.given)}
        self.parts: dict[str, Part] = {each.cell: each for each in parts(source)}
        self.verdicts = {each.cell: each for each in result.questions}
        self.rubrics = rubrics
        self.budget = Budget()
        self.metadata = source.metadata

    def make(self, submitted: Path) -> nbformat.NotebookNode:
        """The notebook; see ``executed_notebook``."""
        made: list[Any] = []
        try:
            written = read_cells(submitted)
        except ValueError as error:
            written = []
            made.append(_note(f"This submission could not be read as a notebook. {clean(error)}"))
        # Of cells with the same id the last counts, as with nbgrader.
        last = {each.grade_id: place for place, each in enumerate(written)}
        counted = {name: place for name, place in last.items() if name in self.given}
        missing = [name for name in self.given if name not in counted]
        shown = 0
        for place, cell in enumerate(written):
            if counted.get(cell.grade_id) == place:
                made += self._before(cell.grade_id, missing)
                beside = _has_extra(written[place + 1 :], self.given, self.plain)
                made += self._known(cell.grade_id, cell, beside)
                continue
            shown += 1
            if shown <= CELLS_LIMIT:
                made.append(self._free(cell))
        if shown > CELLS_LIMIT:
            made.append(_note(f"{shown - CELLS_LIMIT} more cells are not shown."))
        for name in missing:
            made += self._known(name, None, False)
        notebook = new_notebook(cells=made, metadata=dict(self.metadata))
        notebook.nbformat_minor = 5
        return notebook

    def _before(self, name: str, missing: list[str]) -> list[Any]:
        """Missing cells that stand before this one in the source; they are taken off the list."""
        early = [each for each in missing if self.order[each] < self.order[name]]
        missing[:] = [each for each in missing if each not in early]
        return [cell for each in early for cell in self._known(each, None, False)]

    def _known(self, name: str, cell: _Written | None, beside: bool) -> list[Any]:
        """The cell of this grade_id, with what belongs beside it."""
        given, part = self.given[name], self.parts.get(name)
        metadata: dict[str, Any] = {"nbgrader": marks_of(given)}
        made: list[Any] = []
        if cell is None:
            made.append(_note(f"The cell `{name}` was missing from the submission."))
        if marks_of(given)["solution"]:
            text = given.source if cell is None else cell.source
            if part is not None:
                metadata["hwkit"] = _answer(given.source, cell, beside)
        else:
            text = given.source
        if given.cell_type == "code":
            verdict = self.verdicts.get(name)
            outputs = [_spoken(verdict)] if verdict is not None else []
            if cell is not None and not marks_of(given)["grade"]:
                outputs = harmless_outputs(cell.outputs, self.budget)
            made.append(new_code_cell(clean(text), metadata=metadata, outputs=outputs))
        else:
            answer = new_markdown_cell(defused(text), metadata=metadata)
            self._attach(answer, cell)
            made.append(answer)
        if part is not None and part.model and self.rubrics:
            made.append(_rubric(part))
        return made

    def _free(self, cell: _Written) -> Any:
        """A cell that carries no points: of the student, or a copy of one that does."""
        if cell.kind == "code":
            outputs = harmless_outputs(cell.outputs, self.budget)
            return new_code_cell(clean(cell.source), outputs=outputs)
        given = self.plain.get(clean(cell.source).strip())  # ours: nothing to defuse
        made = new_markdown_cell(defused(cell.source) if given is None else given)
        if cell.grade_id in self.given:
            made.source = f"*(A copy of `{cell.grade_id}`; the last one counts.)*\n\n{made.source}"
        self._attach(made, cell)
        return made

    def _attach(self, made: Any, cell: _Written | None) -> None:
        """Pictures pasted into Markdown, at its end: its own links to them are defused."""
        pictures = self.budget.attachments(cell.attachments if cell is not None else None)
        if pictures:
            made.attachments = {name: {"image/png": data} for name, data in pictures.items()}
            made.source += "".join(f"\n\n![{name}](attachment:{name})" for name in pictures)


def _answer(given: str, cell: _Written | None, beside: bool) -> dict[str, str]:
    """What the gradebook needs to know of an answer that a person grades."""
    if cell is None:
        state = "missing"
    elif cell.source.strip() not in ("", given.strip()):
        state = "answered"
    else:
        state = "beside" if beside else "empty"  # some write below the cell instead of into it
    text = "" if cell is None else cell.source
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"answer": state, "digest": digest}


def _has_extra(
    following: Sequence[_Written], given: Mapping[str, Any], plain: Mapping[str, str]
) -> bool:
    """Whether text cells of the student's own stand before the next given cell."""
    for cell in following:
        if cell.grade_id in given or clean(cell.source).strip() in plain:
            return False
        if cell.kind == "markdown" and cell.source.strip():
            return True
    return False


def _spoken(verdict: QuestionResult) -> Any:
    lines = [f"{verdict.status}: {verdict.points:g} of {verdict.max_points:g} points"]
    lines += [f"  {each.points:g} of {each.max_points:g}  {each.name}" for each in verdict.aspects]
    lines += [each for each in (verdict.message, verdict.hint and f"Hint: {verdict.hint}") if each]
    return new_output("stream", name="stdout", text=clean("\n".join(lines)) + "\n")


def _note(text: str) -> Any:
    return new_markdown_cell(f"> **Note of the grader.** {defused(text)}")


def _rubric(part: Part) -> Any:
    quoted = "\n".join(f"> {line}" for line in part.model.split("\n"))
    title = f"> **For graders only: model answer and rubric** ({part.max_points:g} points)"
    return new_markdown_cell(f"{title}\n>\n{quoted}", metadata={"tags": [RUBRIC_TAG]})


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook so that a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        nbformat.write(notebook, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def make_executed(
    submitted: Path, source: Path, result: SubmissionResult, to: Path, *, rubrics: bool = True
) -> Path:
    """Make and write the notebook; see ``executed_notebook``.

    Raises:
        FileNotFoundError, ValueError: the source (never the submission) cannot be read.
    """
    notebook = executed_notebook(submitted, read_source(source), result, rubrics=rubrics)
    write_notebook(notebook, to)
    return to
