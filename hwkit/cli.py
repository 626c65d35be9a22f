"""The shell program ``hwkit``: demo, lab, doctor, explain.

TensorFlow is imported by the commands that need it, when they run, so that the help is quick.
"""

from __future__ import annotations

import os
import sys

import typer

import hwkit
from hwkit.commands import demo, doctor, explain, lab

app = typer.Typer(
    help="Explain neural networks, and learn how by doing it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo.demo)
app.command(context_settings=lab.CONTEXT)(lab.lab)
app.command()(doctor.doctor)
app.command()(explain.explain)


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
    except (ValueError, OSError) as error:
        if os.environ.get("HWKIT_TRACEBACK"):
            raise
        typer.echo(f"hwkit: {error}", err=True)
        typer.echo("(HWKIT_TRACEBACK=1 in front of the command shows where.)", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
