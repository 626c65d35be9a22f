"""``hwkit grade``: runs submissions in boxes and marks them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.pipeline import Pipeline


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(grade)


def grade(
    assignment: str = typer.Argument(..., help="Name of the assignment, such as influence."),
    course: Path = typer.Option(Path("."), "--course", help="Folder of the course."),
    jobs: int = typer.Option(2, "--jobs", min=1, help="Processes of this machine."),
    dask: str = typer.Option("", "--dask", help="Address of a Dask scheduler, to grade there."),
    only: list[str] = typer.Option([], "--only", help="Id of a student; may be repeated."),
    again: bool = typer.Option(False, "--again", help="Grade what is graded already, too."),
    remark: bool = typer.Option(
        False, "--remark", help="Mark what is stored again, without running any student's code."
    ),
    trust: bool = typer.Option(
        False, "--trust-submissions", help="Where there is no box, run submissions without one."
    ),
) -> None:
    """Grade submissions sealed. Exit status 1: some could not be graded."""
    # These take a second to import, which the help should not wait for.
    from rich.console import Console
    from rich.live import Live

    from autograder.course import Course
    from autograder.pipeline import Options, Pipeline
    from autograder.reports.terminal import progress_table
    from autograder.results import SubmissionResult

    pipeline = Pipeline(Course(course), assignment)
    console = Console()
    if remark:
        _remark(pipeline, console)
        return
    options = Options(jobs, dask, tuple(only), again, trust)
    total = len(pipeline.todo(options))
    results: list[SubmissionResult] = []
    if not total:
        console.print("Everything that was handed in is graded. --again grades it once more.")
    with Live(progress_table(results, total), console=console, refresh_per_second=4) as live:

        def show(result: SubmissionResult) -> None:
            results.append(result)
            live.update(progress_table(results, total))

        lost = pipeline.grade(options, show)
    console.print()
    for student, reason in lost:
        console.print(f"[red]not graded:[/red] {student}: {reason}")
    if any(result.box == "none" for result in results):
        console.print("[bold red]Submissions ran WITHOUT a box: they were trusted.[/bold red]")
    console.print(f"What next?  hwkit report {assignment} --course {course}")
    if lost:
        raise typer.Exit(1)


def _remark(pipeline: Pipeline, console: Console) -> None:
    changes = list(pipeline.remark())
    for change in changes:
        stale = f"; needs a new run: {', '.join(change.stale)}" if change.stale else ""
        console.print(f"{change.student}: {change.before:g} -> {change.after:g} points{stale}")
    console.print(f"{len(changes)} of {len(pipeline.store.students())} changed")
