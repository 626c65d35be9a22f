"""Running code with the package as students have it: without the answers of an assignment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import hwkit
from autograder.stubs import regions, stubbed


def assert_runs_without_answers(script: str, assignment: str, folder: Path) -> None:
    """Run a script beside a copy of the package whose answers are taken out.

    Args:
        script: Python; ends with printing "all of it works".
        assignment: whose answers.
        folder: an empty one, for the copy.
    """
    copy = folder / "hwkit"
    shutil.copytree(
        Path(hwkit.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__", "frontend")
    )
    stripped = 0
    for file in copy.rglob("*.py"):
        whole = file.read_text(encoding="utf-8")
        if regions(whole, file.name):
            text = stubbed(whole, file.name, {assignment})
            stripped += text != whole
            file.write_text(text, encoding="utf-8")
    assert stripped
    here = f"import hwkit\nassert hwkit.__file__.startswith({str(folder)!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", here + script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("all of it works")
