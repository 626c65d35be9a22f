"""Execute a notebook from top to bottom, cell by cell, in a kernel of this very Python."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# The lines with which nbgrader's authors mark what students do not get.
MARKER = re.compile(
    r"^[ \t]*#+ *(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME).*(\n|\Z)", re.MULTILINE
)
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_HEADING = re.compile(r"^#{1,4}\s+(.+?)\s*#*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)

_KERNEL_ENVIRONMENT = {
    # A backend that the user has set for scripts would keep the figures out of the notebook.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # The debugger's warning about frozen modules would land on the terminal.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


@dataclass(frozen=True)
class Step:
    """A code cell that is about to run: the `number`-th of `total`, under `heading`."""

    number: int
    total: int
    heading: str


class NotebookFailed(Exception):
    """A notebook did not run through: `cell` names where, `reason` tells what happened."""

    def __init__(self, cell: str, reason: str) -> None:
        super().__init__(f"{cell}: {reason}")
        self.cell = cell
        self.reason = reason


class _ThisPython(AsyncKernelManager):
    """Starts kernels of the running interpreter, whatever kernels the user has installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            # Its warnings are about connections from elsewhere, of which there are none.
            argv=[
                sys.executable,
                *("-m", "ipykernel_launcher", "--log-level=40", "-f", "{connection_file}"),
            ],
            display_name="Python 3",
            language="python",
        )


def run_notebook(
    notebook: nbformat.NotebookNode,
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    cell_timeout: int = 600,
    on_step: Callable[[Step], None] | None = None,
) -> None:
    """Execute all code cells; their outputs are written into the notebook in place.

    Args:
        notebook: a version 4 notebook.
        folder: an existing folder, in which the cells run.
        environment: variables that the kernel gets besides those of this process.
        cell_timeout: seconds that one cell may take.
        on_step: called before each code cell.

    Raises:
        NotebookFailed: a cell raised, took too long, or ended its kernel. The notebook keeps what
            was executed until then.
        KeyboardInterrupt: the user stopped it; the notebook keeps what was executed.
    """
    headings = cell_headings(notebook)
    code = [i for i, cell in enumerate(notebook.cells) if _is_run(cell)]
    now = {"index": 0}

    def start(cell: nbformat.NotebookNode, cell_index: int) -> None:
        now["index"] = cell_index
        if on_step is not None and cell_index in code:
            on_step(Step(code.index(cell_index) + 1, len(code), headings[cell_index]))

    client = NotebookClient(
        notebook,
        timeout=cell_timeout,
        kernel_name="python3",
        kernel_manager_class=_ThisPython,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=start,
    )
    try:
        _execute(client, {**os.environ, **_KERNEL_ENVIRONMENT, **(environment or {})})
    except CellExecutionError as error:
        reason = f"{error.ename}: {_ANSI.sub('', error.evalue)}"
        raise NotebookFailed(_name(notebook, now["index"], headings), reason) from error
    except CellTimeoutError as error:
        reason = f"it took more than {cell_timeout} seconds"
        raise NotebookFailed(_name(notebook, now["index"], headings), reason) from error
    except DeadKernelError as error:
        reason = "its kernel ended: stopped by a signal, or for want of memory (see hwkit doctor)"
        raise NotebookFailed(_name(notebook, now["index"], headings), reason) from error


def _execute(client: NotebookClient, environment: dict[str, str]) -> None:
    """Execute in a thread of its own.

    In the main thread nbclient would handle Ctrl-C itself, and end in an assertion. So it comes
    here, as KeyboardInterrupt; the kernel's end then ends the thread.
    """
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.execute, env=environment)
        try:
            running.result()
        except KeyboardInterrupt:
            provisioner = client.km.provisioner if client.km is not None else None
            if isinstance(provisioner, LocalProvisioner) and provisioner.pid:
                psutil.Process(provisioner.pid).kill()
            raise


def cell_headings(notebook: nbformat.NotebookNode) -> list[str]:
    """For each cell the heading that it stands under, or "" before the first one."""
    headings, heading = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            # In a fenced block a line that begins with # is a comment.
            found = _HEADING.findall(MARKER.sub("", _FENCE.sub("", cell.source)))
            heading = found[-1] if found else heading
        headings.append(heading)
    return headings


def _is_run(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _name(notebook: nbformat.NotebookNode, index: int, headings: list[str]) -> str:
    """Say which cell this is: place, nbgrader's name, heading, first line."""
    cell = notebook.cells[index]
    parts = [f"cell {index + 1} of {len(notebook.cells)}"]
    if grade_id := cell.metadata.get("nbgrader", {}).get("grade_id"):
        parts.append(f"({grade_id})")
    if headings[index]:
        parts.append(f'under "{headings[index]}"')
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    return " ".join(parts) + (f", which begins `{first[:60]}`" if first else "")
