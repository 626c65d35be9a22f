"""``hwkit release``: the student edition of an assignment."""

from __future__ import annotations

from pathlib import Path

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(release)


def release(
    assignment: str = typer.Argument(..., help="Name of the assignment, such as influence."),
    to: Path = typer.Option(..., "--to", help="Folder for the zip."),
    course: Path = typer.Option(Path("."), "--course", help="Folder of the course."),
) -> None:
    """Make the student edition, a zip without answers that works by itself."""
    from autograder import release as releasing
    from autograder.course import Course

    place = Course(course)
    target = releasing.release(place, assignment, to)
    typer.echo(f"wrote {target} ({target.stat().st_size / 2**20:.1f} MiB), for students")
    typer.echo(f"unpacked it in {place.edition(assignment)}, for grading")
    closed = releasing.closed_assignments(place, assignment)
    typer.echo(f"no answer of {', '.join(closed)} is in it")
