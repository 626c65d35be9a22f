"""The shell program ``hwkit``: demo, lab, explore, explain, agree, doctor, pack, and more.

Packages beside hwkit add commands through entry points of the group "hwkit.commands", functions
that take the app; the student edition takes none. TensorFlow is imported by the commands that need
it, when they run, so that the help is quick.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys

import typer

import hwkit
from hwkit import editions
from hwkit.commands import agree, demo, doctor, explain, explore, lab, pack

COMMANDS = "hwkit.commands"

app = typer.Typer(
    help="Explain neural networks, and learn how by doing it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _demo() -> None:
    """Solved by the instructor only: this is the edition for students."""
    raise NotImplementedError(
        "demo shows the solved assignment, and this is the edition for students. Solve it yourself "
        "with: hwkit lab"
    )


def _add_commands() -> None:
    student = editions.released() is not None
    app.command("demo")(_demo if student else demo.demo)
    app.command(context_settings=lab.CONTEXT)(lab.lab)
    app.command()(agree.agree)
    app.command()(doctor.doctor)
    app.command()(explain.explain)
    app.command()(explore.explore)
    app.command()(pack.pack)
    if not student:
        for entry in importlib.metadata.entry_points(group=COMMANDS):
            entry.load()(app)


_add_commands()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hwkit {hwkit.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False,
        "--version",
        help="Show the version and exit.",
        callback=_print_version,
        is_eager=True,
    ),
) -> None:
    """Explain neural networks, and learn how by doing it."""


def main() -> None:
    """Run the program; what the user can mend is told in one message, with exit status 2."""
    try:
        app(prog_name="hwkit")
    except (ValueError, OSError, NotImplementedError) as error:
        if os.environ.get("HWKIT_TRACEBACK"):
            raise
        typer.echo(f"hwkit: {error}", err=True)
        typer.echo("(HWKIT_TRACEBACK=1 in front of the command shows where.)", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
