"""The instructor's commands, added to the shell program ``hwkit`` where autograder is installed."""

from __future__ import annotations

import importlib
import pkgutil

import typer

from autograder import commands


def register(app: typer.Typer) -> None:
    """Add every command of ``autograder.commands``, in the order of their names.

    Entry point of the group "hwkit.commands" (pyproject.toml): hwkit itself never names autograder,
    so the student edition, which lacks it, simply has no such commands.
    """
    for found in sorted(pkgutil.iter_modules(commands.__path__), key=lambda each: each.name):
        importlib.import_module(f"{commands.__name__}.{found.name}").register(app)
