"""Boxes by Docker or Podman: a container for every submission, where bubblewrap is missing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.box.bubblewrap import EDITION, INSIDE, UID
from autograder.box.cold import ColdBox
from autograder.box.job import BoxError
from autograder.box.limits import Limits

IMAGE = "hwkit-box"
DOCKERFILE = Path(__file__).with_name("Dockerfile")
ENGINES = ("docker", "podman")


def engine() -> str | None:
    """The first engine that is installed and answers, or ``None``."""
    for name in ENGINES:
        if shutil.which(name) is not None:
            told = subprocess.run([name, "info"], capture_output=True, check=False, timeout=30)
            if told.returncode == 0:
                return name
    return None


def build_command(name: str, edition: Path) -> list[str]:
    """The command that makes the image which boxes start from."""
    return [name, "build", "--tag", IMAGE, "--file", str(DOCKERFILE), str(edition)]


def box(name: str, edition: Path, limits: Limits, image: Sequence[str] = (IMAGE,)) -> ColdBox:
    """A box of containers.

    Args:
        name: of the engine, "docker" or "podman".
        edition: folder of the unpacked student edition.
        limits: of each submission.
        image: the arguments that name the image.

    Raises:
        BoxError: there is no image yet.
    """
    if list(image) == [IMAGE]:
        seen = subprocess.run(
            [name, "image", "inspect", IMAGE], capture_output=True, check=False, timeout=60
        )
        if seen.returncode:
            raise BoxError(
                f"Expected the image {IMAGE}, and found none. Make it, once: "
                + " ".join(build_command(name, edition))
            )
    return ColdBox(name, _command(name, edition, limits, image), limits, _cleaning(name))


def arguments(container: str, edition: Path, limits: Limits) -> list[str]:
    """What an engine is told about a container: its walls, limits and files."""
    package = Path(__file__).resolve().parents[1]
    ulimits = {
        "core": 0,
        "cpu": limits.cpu_seconds,
        "fsize": limits.disk,
        "nofile": limits.open_files,
        "nproc": limits.processes,
    }
    environment = {
        "PYTHONPATH": f"{EDITION}:{INSIDE}",
        "HOME": "/tmp",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "KERAS_BACKEND": "tensorflow",
        "PYTHONHASHSEED": "0",
    }
    line = ["--rm", "--interactive", "--init", "--name", container, "--hostname", "box"]
    line += ["--network", "none", "--ipc", "private", "--read-only"]
    line += ["--user", f"{UID}:{UID}", "--cap-drop", "ALL"]
    line += ["--security-opt", "no-new-privileges"]
    line += ["--pids-limit", str(limits.processes)]
    line += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
    line += ["--tmpfs", f"/tmp:rw,nosuid,nodev,size={limits.disk},mode=1777"]
    line += ["--shm-size", str(limits.disk), "--workdir", "/tmp"]
    for name, value in ulimits.items():
        line += ["--ulimit", f"{name}={value}:{value}"]
    for name, text in environment.items():
        line += ["--env", f"{name}={text}"]
    files = {
        edition.resolve(): EDITION,
        package / "__init__.py": INSIDE / "autograder/__init__.py",
        package / "inside": INSIDE / "autograder/inside",
    }
    for source, target in files.items():
        line += ["--volume", f"{source}:{target}:ro"]
    return line


def _command(
    name: str, edition: Path, limits: Limits, image: Sequence[str]
) -> Callable[[str, Path], tuple[list[str], None]]:
    def command(container: str, scratch: Path) -> tuple[list[str], None]:
        line = [name, "run", *arguments(container, edition, limits)]
        if name == "podman":  # which would add memory disks without a bound
            line.append("--read-only-tmpfs=false")
        line += image
        return [*line, "python3", "-s", "-B", "-m", "autograder.inside.once"], None

    return command


def _cleaning(name: str) -> Callable[[str], list[str]]:
    return lambda container: [name, "rm", "--force", container]
