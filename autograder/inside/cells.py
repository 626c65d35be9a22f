"""Runs a notebook: the student's cells in order, and of the given ones those that they need.

A given cell (one that the student left as it was handed out) mostly draws pictures, which takes
minutes and decides no point. It runs when a cell of the student's, or a given cell that runs,
mentions a name that it binds. What is defined in the end is what running everything would define.
"""

from __future__ import annotations

import builtins
import re
import symtable
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_LONGEST_DETAIL = 2000
Report = Callable[[int, str, str], None]


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        source: its text.
        given: whether it is as it was handed out.
    """

    source: str
    given: bool


class Notebook:
    """The code cells of one submission, in a shell of their own.

    Args:
        cells: in the order of the notebook.
        provided: names that challenges supply, for which no given cell needs to run.
        report: called with a cell's index, "start", "ran" or "raised", and the error.
        skip: indices of cells that are left out, since they stopped an earlier run.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        provided: Collection[str] = (),
        report: Report = lambda index, status, detail: None,
        skip: Collection[int] = (),
    ) -> None:
        self._cells = cells
        self._provided = frozenset(provided)
        self._report = report
        self._done = set(skip)
        self._shell = _shell()
        self._names = [self._names_of(cell.source) for cell in cells]

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that the cells defined."""
        return self._shell.user_ns

    def run(self, needed: Collection[str] = ()) -> None:
        """Run all cells of the student's, and the given cells that they need.

        Args:
            needed: names that given cells bind and that are needed in any case.
        """
        for index, cell in enumerate(self._cells):
            if not cell.given and index not in self._done:
                self._run_with_needs(index)
        for name in sorted(needed):
            self._run_given(name, len(self._cells))

    def _run_with_needs(self, index: int) -> None:
        self._done.add(index)
        bound, mentioned = self._names[index]
        for name in sorted(mentioned - bound):
            self._run_given(name, index)
        while True:
            self._report(index, "start", "")
            error = self._execute(self._cells[index].source)
            # A name that only turns up while running: x = x + 1, or code made from a string.
            missing = _UNDEFINED.search(str(error)) if isinstance(error, NameError) else None
            if missing is None or not self._run_given(missing[1], index):
                break
        self._report(index, "ran" if error is None else "raised", describe(error))

    def _run_given(self, name: str, before: int) -> bool:
        """Run the last given cell before this one that binds the name; whether there was one."""
        if name in self.namespace or name in self._provided or hasattr(builtins, name):
            return False
        for index in range(before - 1, -1, -1):
            if self._cells[index].given and name in self._names[index][0]:
                if index in self._done:
                    return False
                self._run_with_needs(index)
                return True
        return False

    def _execute(self, source: str) -> BaseException | None:
        result = self._shell.run_cell(source, store_history=False)
        return result.error_before_exec or result.error_in_exec

    def _names_of(self, source: str) -> tuple[frozenset[str], frozenset[str]]:
        """Names that a cell binds in its module, and global names that it mentions anywhere."""
        try:
            table = symtable.symtable(self._shell.transform_cell(source), "cell", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return frozenset(), frozenset()  # running it will tell what is wrong
        bound, mentioned, tables = set(), set(), [table]
        while tables:
            each = tables.pop()
            tables += each.get_children()
            for symbol in each.get_symbols():
                if each is table and (symbol.is_assigned() or symbol.is_imported()):
                    bound.add(symbol.get_name())
                if symbol.is_referenced() and (each is table or symbol.is_global()):
                    mentioned.add(symbol.get_name())
        return frozenset(bound), frozenset(mentioned)


def describe(error: BaseException | None) -> str:
    """An error in one short text; its own ``__str__`` is the student's and may fail."""
    if error is None:
        return ""
    try:
        text = f"{type(error).__name__}: {error}"
    except BaseException as again:
        text = f"{type(error).__name__} (its text raises {type(again).__name__})"
    return text[:_LONGEST_DETAIL]


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.xmode = "Minimal"

    class Shell(InteractiveShell):
        def enable_gui(self, gui: Any = None) -> None:
            """There is no window here; %matplotlib asks for none but must not fail."""

    return Shell.instance(config=config)
