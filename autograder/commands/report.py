"""``hwkit report``: the results of a class, in the terminal and as pages."""

from __future__ import annotations

from pathlib import Path

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    assignment: str = typer.Argument(..., help="Name of the assignment, such as influence."),
    course: Path = typer.Option(Path("."), "--course", help="Folder of the course."),
    feedback: bool = typer.Option(True, help="Also write a feedback page for each student."),
) -> None:
    """Show the results; write the instructor's page and the students' feedback pages."""
    from rich.console import Console

    from autograder.course import Course
    from autograder.reports import pages, terminal
    from autograder.reports.summary import summarize

    place = Course(course)
    summary = summarize(place, assignment)
    console = Console()
    if summary.trusted:
        console.print(
            f"Graded without a box: {len(summary.trusted)} of {len(summary.entries)} submissions "
            "ran with the rights of the person who graded.",
            style="bold red",
        )
    results = [entry.result for entry in summary.entries]
    total = len(summary.entries) + len(summary.absent)
    console.print(terminal.progress_table(results, total, last=len(results)))
    console.print(terminal.question_table(summary))
    if summary.waiting:
        console.print(f"{summary.waiting} written answers wait in formgrader.", highlight=False)
    for each in summary.unreadable:
        console.print(f"could not be read: {each}", style="red", markup=False)
    page = pages.write_report(place, summary)
    console.print("The report:", page.resolve().as_uri(), highlight=False, soft_wrap=True)
    if feedback:
        for entry in summary.entries:
            pages.write_feedback(place, summary, entry)
        where = place.feedback("<id>", assignment) / f"{assignment}.html"
        console.print(f"Feedback pages: {where}", markup=False, highlight=False, soft_wrap=True)
