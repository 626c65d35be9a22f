"""``hwkit demo``: the flagship assignment, solved, as one page."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hwkit.paths import data_path

if TYPE_CHECKING:
    import nbformat

    from hwkit.commands.running import Step

ASSIGNMENT = "influence"

_SWITCH = re.compile(
    r"""^WORLD, PHOTOS = (?P<world>["'][^"']*["']), (?P<photos>None|["'][^"']*["'])""", re.MULTILINE
)


def demo(
    out: Path = typer.Option(Path("demo"), help="Folder to write the page into."),
    world: str = typer.Option("pocket", help="pocket (embedded), or vgg16 with --photos."),
    photos: Path | None = typer.Option(None, help="Folder with a folder of photos for each class."),
    notebook: Path | None = typer.Option(
        None, help="Another notebook to run.", show_default=f"the assignment {ASSIGNMENT}"
    ),
) -> None:
    """Solve the flagship assignment and write one page with all pictures and tables."""
    source = notebook or data_path("notebooks") / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    if not source.is_file():
        raise FileNotFoundError(
            f"Expected a notebook at {source}, and found none. Name another one with --notebook."
        )
    # nbclient and nbconvert take a second to import, which the help should not wait for.
    import nbformat

    from hwkit.commands.page import write_page
    from hwkit.commands.running import NotebookFailed, run_notebook

    try:
        content = nbformat.read(source, as_version=4)
    except Exception as error:  # nbformat's errors share no base class with each other
        raise ValueError(f"Expected a Jupyter notebook. Received: {source} ({error})") from error
    choose_world(content, world, photos, source)

    if out.exists() and not out.is_dir():
        raise NotADirectoryError(f"Expected a folder for the page. Received: the file {out}.")
    files = out / "files"  # where cells write what they write
    files.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        with _progress() as show:
            run_notebook(content, files, on_step=show)
    except (NotebookFailed, KeyboardInterrupt) as error:
        partly = out / f"{source.stem}-partly.ipynb"
        nbformat.write(content, partly)
        _say_failed(error, partly)
        raise typer.Exit(130 if isinstance(error, KeyboardInterrupt) else 1) from error
    nbformat.write(content, out / source.name)
    page = (out / source.stem).with_suffix(".html")
    write_page(content, page, pictures=source.parent)
    typer.echo(
        f"Done in {time.monotonic() - started:.0f} s. The page with all pictures and tables:"
    )
    typer.echo(f"  {page.resolve().as_uri()}")
    if notebook is None and photos is None:
        # The instructor's side, where it is installed; see hwkit.cli on entry points.
        for entry in importlib.metadata.entry_points(group="hwkit.demo"):
            entry.load()(out / source.name, out)
    _say_next(page)


def choose_world(
    notebook: nbformat.NotebookNode, world: str, photos: Path | None, source: Path
) -> None:
    """Set the notebook's one switch, a line ``WORLD, PHOTOS = "pocket", None``, in place.

    Raises:
        ValueError: world and photos do not go together, or the notebook has no switch to set.
        FileNotFoundError: there is no such folder of photos.
    """
    if (world == "pocket") != (photos is None):
        raise ValueError(
            "Expected the world pocket without --photos, or another one with a folder of photos "
            f"for each class. Received: --world {world} and {photos or 'no'} photos."
        )
    if photos is None:
        return  # the switch stands at the pocket world
    if not photos.is_dir():
        raise FileNotFoundError(f"Expected a folder of photos at {photos}, and found none.")
    # The cells run in another folder, so a relative path would lead astray.
    line = f"WORLD, PHOTOS = {world!r}, {str(photos.resolve())!r}"
    for cell in notebook.cells:
        if cell.cell_type == "code" and _SWITCH.search(cell.source):
            cell.source = _SWITCH.sub(lambda _: line, cell.source, count=1)
            return
    raise ValueError(
        f'Expected a line WORLD, PHOTOS = "pocket", None in {source}, and found none to set.'
    )


@contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    """Show how far the notebook is: a bar on a terminal, a line per heading elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    shown = [""]

    def line(step: Step) -> None:
        if step.heading != shown[0]:
            shown[0] = step.heading
            console.print(
                f"cell {step.number} of {step.total}: {step.heading}", markup=False, soft_wrap=True
            )

    if not console.is_terminal:
        yield line
        return
    columns = (
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("starting", total=None)

        def bar(step: Step) -> None:
            progress.update(
                task, completed=step.number - 1, total=step.total, description=step.heading
            )

        yield bar
        progress.update(task, completed=progress.tasks[0].total, description="done")


def _say_next(page: Path) -> None:
    typer.echo("What next?")
    typer.echo(f"  open it in a browser:            {shlex.quote(str(page))}")
    typer.echo("  solve the assignment yourself:   hwkit lab")
    typer.echo("  explain a picture of your own:   hwkit explain --help")
    typer.echo("  (hwkit is .venv/bin/hwkit, or type: source .venv/bin/activate)")


def _say_failed(error: BaseException, partly: Path) -> None:
    stopped = isinstance(error, KeyboardInterrupt)
    reason = "It was stopped by the keyboard." if stopped else str(error)
    typer.echo(f"hwkit demo: the notebook did not run through. {reason}", err=True)
    typer.echo(f"What was executed until then is kept in {partly}", err=True)
    if not stopped:
        typer.echo("hwkit doctor says whether something it needs is missing.", err=True)
