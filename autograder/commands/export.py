"""``hwkit export``: marks for spreadsheets, Canvas and Gradescope."""

from __future__ import annotations

from pathlib import Path

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    assignment: str = typer.Argument(..., help="Name of the assignment, such as influence."),
    format: str = typer.Option(..., "--format", help="csv, canvas or gradescope."),
    out: Path | None = typer.Option(
        None, "--out", help="File to write.", show_default="exports/ of the course"
    ),
    course: Path = typer.Option(Path("."), "--course", help="Folder of the course."),
    column: str = typer.Option(
        "", help="Name of Canvas's column, as its own export has it: 'HW3 (12345)'."
    ),
    partial: bool = typer.Option(
        False, "--partial", help="Also hand over what is not fully graded by hand yet."
    ),
) -> None:
    """Write the marks, by code and by hand, for another system."""
    from autograder.course import Course
    from autograder.export import export as write

    done = write(Course(course), assignment, format, out, column=column, partial=partial)
    for each in done.left_out:
        typer.echo(f"left out: {each}")
    if done.left_out and format != "csv" and not partial:
        typer.echo("(--partial hands over what is not fully graded.)")
    typer.echo(f"wrote {done.file}: {done.count} students")
