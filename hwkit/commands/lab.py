"""``hwkit lab``: JupyterLab on the assignments."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import typer

from hwkit.paths import checkout_root, data_path

# What the program does not know is JupyterLab's: hwkit lab --no-browser --port=9000
CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}
# Jupyter would cut the connection to the kernel, without a word, at photos above 10 MiB.
_PHOTOS = ["--ServerApp.tornado_settings={'websocket_max_message_size': 104857600}"]


def lab(
    context: typer.Context,
    folder: Path | None = typer.Option(
        None, help="Folder to work in; assignments that are not in it yet are copied there."
    ),
) -> None:
    """Open JupyterLab on the assignments. Further options are handed to JupyterLab."""
    if folder is None and checkout_root() is None:
        folder = Path("hwkit-assignments")  # an installed package is no place to work in
    if folder is None:
        folder = data_path("notebooks")
    else:
        for copied in copy_assignments(data_path("notebooks"), folder):
            typer.echo(f"copied the assignment to {copied}")
    typer.echo(f"JupyterLab opens on {folder}. Stop it here with Ctrl-C.")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    raise typer.Exit(_wait_for(subprocess.Popen([*command, *_PHOTOS, *context.args])))


def copy_assignments(source: Path, target: Path) -> list[Path]:
    """Copy each assignment's folder that `target` has not got; never touch one that it has.

    Returns:
        The folders that were made.

    Raises:
        ValueError: `target` is a file.
    """
    if target.exists() and not target.is_dir():
        raise ValueError(f"Expected a folder to work in. Received: {target}, which is a file.")
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for assignment in sorted(path for path in source.iterdir() if path.is_dir()):
        if not assignment.name.startswith(".") and not (target / assignment.name).exists():
            ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
            shutil.copytree(assignment, target / assignment.name, ignore=ignored)
            made.append(target / assignment.name)
    return made


def _wait_for(process: subprocess.Popen[bytes]) -> int:
    """Wait for JupyterLab to end; a Ctrl-C reaches it too, and it asks whether to stop."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
