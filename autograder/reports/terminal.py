"""Results as tables for a terminal, with rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from autograder.reports.plain import one_line
from autograder.reports.summary import ClassSummary
from autograder.results import SubmissionResult

# Sign and style of each status: told apart without colour, too.
SIGNS = {
    "passed": ("●", "green"),
    "partly": ("◐", "yellow"),
    "wrong": ("○", "red"),
    "missing": ("·", "dim"),
    "failed": ("✕", "red"),
    "stopped": ("■", "bold red"),
}
KEY = "● all points  ◐ some  ○ wrong  · not attempted  ✕ error  ■ stopped"


def progress_table(
    results: Sequence[SubmissionResult], total: int | None = None, last: int = 20
) -> Table:
    """The submissions graded so far, as a table that can be shown again and again while grading.

    Args:
        results: in the order of grading.
        total: number of submissions to grade, where it is known.
        last: of more than so many only the last ones are shown.
    """
    done = f"{len(results)} of {total}" if total is not None else str(len(results))
    table = Table(title=f"{done} graded", caption=KEY, box=box.SIMPLE_HEAD, min_width=len(KEY))
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("questions", no_wrap=True)
    table.add_column("late", justify="right", no_wrap=True)
    table.add_column("needs a look because", overflow="fold")
    for result in results[-last:]:
        concerns = "; ".join(one_line(each, 120) for each in result.concerns)
        if result.box == "none":
            concerns = "; ".join(filter(None, ("ran without a box", concerns)))
        table.add_row(
            Text(one_line(result.student, 64)),
            f"{result.points:g} / {result.max_points:g}",
            signs(result),
            Text(late(result.late_seconds)),
            Text(concerns, style="yellow"),
        )
    return table


def signs(result: SubmissionResult) -> Text:
    """One sign for each question."""
    shown = Text()
    for each in result.questions:
        shown.append(*SIGNS[each.status])
    return shown


def question_table(summary: ClassSummary) -> Table:
    """How the class did in each question that is marked by code."""
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("question", "passed", "mean", "commonest mistakes"):
        table.add_column(name, justify="right" if name in ("passed", "mean") else "left")
    for each in summary.questions():
        mistakes = ", ".join(f"{name} ({count})" for name, count in each.mistakes)
        mean = f"{each.mean:.1f} / {each.part.max_points:g}"
        table.add_row(Text(each.question), f"{each.pass_rate:.0%}", mean, Text(mistakes))
    return table


def late(seconds: float) -> str:
    """A time after the deadline in words; "" for in time."""
    minutes = int(seconds // 60)
    if seconds <= 0:
        return ""
    if minutes < 60:
        return f"{max(minutes, 1)} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // (24 * 60)} days"
