"""Which box there is on this machine, and how to get one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.box import bubblewrap, cgroups, container
from autograder.box.cold import ColdBox
from autograder.box.job import Box, BoxError
from autograder.box.limits import Limits
from autograder.box.warm import WarmBox

HOW = (
    "Install bubblewrap (sudo apt-get install bubblewrap; on Fedora: sudo dnf install bubblewrap), "
    "or Docker or Podman. On Windows and macOS, grade in a Linux virtual machine or with Docker."
)


@dataclass(frozen=True)
class Kind:
    """A kind of box.

    Attributes:
        name: "bubblewrap", "docker", "podman" or "none".
        works: whether submissions can be run in it here.
        reason: why not, or what is worth knowing.
    """

    name: str
    works: bool
    reason: str = ""


def kinds() -> list[Kind]:
    """Every kind of box and whether it works here, the preferred ones first."""
    found = [_try_bubblewrap()]
    engine = container.engine()
    if engine is None:
        found.append(Kind("docker", False, "neither Docker nor Podman answers"))
    else:
        found.append(Kind(engine, True, "slower: every submission imports TensorFlow anew"))
    return found


def choose(
    edition: Path,
    limits: Limits,
    *,
    trust: bool = False,
    on_note: Callable[[str], None] = lambda note: None,
) -> Box:
    """The best box that works here.

    Args:
        edition: folder of the unpacked student edition.
        limits: of each submission.
        trust: run submissions without a box where there is none.
        on_note: told what somebody should know about the box, in words.

    Raises:
        BoxError: none works, and submissions are not trusted.
    """
    found = kinds()
    for kind in found:
        if kind.works and kind.name == WarmBox.name:
            return WarmBox(edition, limits, on_note)
        if kind.works:
            return container.box(kind.name, edition, limits)
    if trust:
        return without_walls(edition, limits)
    reasons = "; ".join(f"{kind.name}: {kind.reason}" for kind in found)
    raise BoxError(f"Submissions are only run in a box, and none works here ({reasons}). {HOW}")


def without_walls(edition: Path, limits: Limits) -> ColdBox:
    """No box at all: a process of ours, for submissions that the instructor trusts."""

    def command(name: str, scratch: Path) -> tuple[list[str], dict[str, str]]:
        paths = [str(edition.resolve()), str(Path(__file__).resolve().parents[2])]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "TMPDIR": str(scratch),
            "MPLBACKEND": "Agg",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        return [sys.executable, "-s", "-B", "-m", "autograder.inside.once"], environment

    return ColdBox("none", command, limits)


def _try_bubblewrap() -> Kind:
    """Put up both walls around nothing."""
    name = WarmBox.name
    if bubblewrap.program() is None:
        return Kind(name, False, "the program bwrap is not installed")
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile() as said:
        reading, writing = os.pipe()
        try:
            process = bubblewrap.start(
                Path(empty), reading, reading, said.fileno(), module="autograder.inside.probe"
            )
            os.write(writing, b"\n")
            status = process.wait(timeout=60)
        except (BoxError, OSError, subprocess.TimeoutExpired) as error:
            return Kind(name, False, str(error))
        finally:
            os.close(reading)
            os.close(writing)
        said.seek(0)
        text = said.read(4000).decode("utf-8", "replace").strip()
    if status:
        return Kind(name, False, text or f"it ended with status {status}")
    try:
        group = cgroups.create(Limits())
    except OSError as error:
        return Kind(name, False, f"a control group could not be set: {error}")
    if group is None:
        return Kind(name, True, "memory is bounded for each process and watched, without a cgroup")
    group.remove()
    return Kind(name, True, "with a control group")
