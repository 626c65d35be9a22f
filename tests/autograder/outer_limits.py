"""Hard limits around hostile code: they are set first, and nothing runs where they cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.box import cgroups
from autograder.box.choose import kinds
from autograder.box.limits import MIB, Limits

_OUTER = Limits(memory=8192 * MIB, processes=1500)
_PATIENCE = 5.0  # seconds that an ended process may take to go


@dataclass(frozen=True)
class Ended:
    """How a limited process ended, and the command lines of the processes it left behind."""

    status: int
    output: str
    left: tuple[str, ...]


def need_box() -> None:
    """Skip where submissions cannot be boxed; fail where the machine is meant to have a box."""
    reasons = [f"{kind.name}: {kind.reason}" for kind in kinds() if not kind.works]
    if not any(kind.works and kind.name == "bubblewrap" for kind in kinds()):
        _give_up("needs bubblewrap; " + "; ".join(reasons))


def run_limited(arguments: Sequence[str], seconds: float) -> Ended:
    """Run Python in a control group of its own, and end all that is left of it."""
    group = cgroups.create(_OUTER)
    if group is None:
        _give_up("needs a control group that bounds hostile code from outside")
    try:
        process = subprocess.Popen(
            [
                "/bin/sh",
                "-c",
                'read -r _ && exec "$@" < /dev/null',
                "sh",
                sys.executable,
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        group.add(process.pid)
        try:
            output, _ = process.communicate("\n", timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
        left = _left(group)
    finally:
        group.remove()
    return Ended(process.returncode, output, left)


def _left(group: cgroups.ControlGroup) -> tuple[str, ...]:
    """What still runs once everything that was ended has had the time to go."""
    until = time.monotonic() + _PATIENCE
    while group.processes() and time.monotonic() < until:
        time.sleep(0.05)
    return tuple(_command(pid) for pid in group.processes())


def _command(pid: int) -> str:
    try:
        return f"{pid}: {Path(f'/proc/{pid}/cmdline').read_text()!r}"
    except OSError:
        return f"{pid}: (ended just now)"


def _give_up(reason: str) -> None:
    if os.environ.get("HWKIT_REQUIRE_BOX"):
        pytest.fail(reason)
    pytest.skip(reason)
