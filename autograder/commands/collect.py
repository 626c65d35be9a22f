"""``hwkit collect``: take in zips; a bad one is refused with a reason, and the others go on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.intake import Outcome


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(collect)


def collect(
    zips: list[Path] = typer.Argument(..., help="Zips, or folders that hold them."),
    roster: Path | None = typer.Option(
        None, help="Table with a column id.", show_default="roster.csv of the course"
    ),
    course: Path = typer.Option(Path("."), "--course", help="Folder of the course."),
    assignment: str = typer.Option("influence", help="Name of the assignment."),
    deadline: str | None = typer.Option(
        None, help="Such as 2026-04-17T12:00; later ones are marked as late."
    ),
    late_from_file_times: bool = typer.Option(
        False,
        "--late-from-file-times",
        help="The zips' file times are when they were handed in (a download's usually are not).",
    ),
    mapping: Path | None = typer.Option(
        None, help="Table file,id (and, if wanted, submitted) for files that are named otherwise."
    ),
) -> None:
    """Collect zips that students handed in. Exit status 1: some were refused."""
    from rich.console import Console
    from rich.progress import Progress

    from autograder import identity, intake
    from autograder.course import Course

    place = Course(course)
    known = place.roster(roster)
    if roster is not None and not place.roster_file.exists():
        place.root.mkdir(parents=True, exist_ok=True)
        place.roster_file.write_bytes(roster.read_bytes())
        typer.echo(f"kept the roster as {place.roster_file}")
    said = None if mapping is None else identity.read_mapping(mapping)
    until = None if deadline is None else identity.read_time(deadline)
    rules = intake.Rules(assignment, until, late_from_file_times)
    console = Console(stderr=True)
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("collecting", total=len(intake.listed(zips)))
        outcomes = intake.collect(
            place, zips, known, rules, said, on_done=lambda _: progress.advance(bar)
        )
    Console().print(table(outcomes))
    _sum_up(outcomes, len(set(known) - set(intake.students(place, assignment))))
    if any(outcome.status == "refused" for outcome in outcomes):
        raise typer.Exit(1)


def table(outcomes: list[Outcome]) -> Table:
    """What became of each zip, as a table for the terminal; what was refused comes first."""
    from rich.table import Table

    found = Table("student", "file", "what", "remarks", title="Collected")
    for outcome in sorted(outcomes, key=lambda each: (each.status != "refused", each.student)):
        found.add_row(
            *map(_plain, (outcome.student or "?", outcome.name, _what(outcome), _remarks(outcome))),
            style="red" if outcome.status == "refused" else None,
        )
    return found


def _what(outcome: Outcome) -> str:
    if outcome.attempt is None:
        return outcome.status
    number = f"attempt {outcome.attempt.number}"
    return f"is {number} already" if outcome.status == "known" else number


def _remarks(outcome: Outcome) -> str:
    if outcome.attempt is None:
        return f"{outcome.reason} {outcome.advice}".strip()
    late = outcome.attempt.late_seconds
    told = [f"Late by {late / 3600:.1f} hours."] if late > 1 else []
    return " ".join([*told, *outcome.attempt.concerns])


def _plain(text: str) -> str:
    """Without control characters and markup: names come from students."""
    from rich.markup import escape

    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return escape(clean.encode("utf-8", errors="replace").decode())


def _sum_up(outcomes: list[Outcome], missing: int) -> None:
    counts = {
        status: sum(outcome.status == status for outcome in outcomes)
        for status in ("collected", "known", "refused")
    }
    typer.echo(
        f"{counts['collected']} collected, {counts['known']} known already, "
        f"{counts['refused']} refused; {missing} of the roster have handed nothing in."
    )
