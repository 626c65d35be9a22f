"""``hwkit pack``: check the notebook, and write the zip to hand in."""

from __future__ import annotations

from pathlib import Path

import typer

from hwkit import editions, packing
from hwkit.paths import data_path


def pack(
    notebook: Path | None = typer.Argument(
        None, help="Your notebook.", show_default="that of the assignment"
    ),
    student: str = typer.Option(..., "--id", help="Your id, as the course knows you."),
    assignment: str = typer.Option(
        editions.released() or "influence", help="Name of the assignment."
    ),
    to: Path = typer.Option(Path("."), "--to", help="Folder for the zip."),
    force: bool = typer.Option(False, "--force", help="Pack although something is not right."),
) -> None:
    """Check your notebook, say everything that is wrong, and write the zip to hand in."""
    file = notebook or data_path("notebooks") / assignment / f"{assignment}.ipynb"
    found = packing.examine(file, assignment)
    problems = [problem for problem in found if not problem.note]
    for number, problem in enumerate(problems, start=1):
        typer.echo(f"{number}. {problem.what}\n   {problem.remedy}", err=True)
    for note in found:
        if note.note:
            typer.echo(f"Note: {note.what} {note.remedy}", err=True)
    severe = any(problem.severe for problem in problems)
    if severe or (problems and not force):
        typer.echo(_refusal(len(problems), severe), err=True)
        raise typer.Exit(1)
    to.mkdir(parents=True, exist_ok=True)
    target = packing.pack(file, student, assignment, to)
    typer.echo(f"wrote {target} ({target.stat().st_size / 2**20:.2f} MiB), which holds")
    for name in packing.names(target):
        typer.echo(f"  {name}")
    if problems:
        typer.echo("Something is not right (see above); it was packed because you said --force.")


def _refusal(count: int, severe: bool) -> str:
    things = f"{count} things are" if count > 1 else "1 thing is"
    anyway = "" if severe else " To hand it in all the same: add --force."
    return f"Nothing was packed: {things} not right.{anyway}"
