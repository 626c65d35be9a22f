"""Control groups: a bound for all processes of a box together, where the system lets us set it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from autograder.box.limits import Limits

_ROOT = Path("/sys/fs/cgroup")
_PATIENCE = 5.0  # seconds that a group may take to empty


@dataclass(frozen=True)
class ControlGroup:
    """A control group of a box's own.

    Attributes:
        folders: the folder of the group, one for each hierarchy that it is in (version 1), or just
            one (version 2).
    """

    folders: tuple[Path, ...]

    def add(self, pid: int) -> None:
        """Move a process into the group; its children will be born in it."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def processes(self) -> list[int]:
        """Pids of the processes of the group and of groups in it."""
        found: set[int] = set()
        for folder in self._all_folders():
            with contextlib.suppress(FileNotFoundError):
                found |= set(map(int, (folder / "cgroup.procs").read_text().split()))
        return sorted(found)

    def memory_exceeded(self) -> int:
        """How often the bound on memory was hit, so that a process was ended."""
        for folder in self.folders:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(FileNotFoundError):
                    for line in (folder / name).read_text().splitlines():
                        key, _, count = line.partition(" ")
                        if key == "oom_kill":
                            return int(count)
        return 0

    def remove(self) -> None:
        """End what is left in the group, and remove it.

        Raises:
            OSError: processes are left in it all the same.
        """
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + _PATIENCE
        for folder in self._all_folders():
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.02)

    def _all_folders(self) -> list[Path]:
        """The group's folders and those of groups in it, inner ones first."""
        inner = [each for folder in self.folders for each in folder.rglob("*") if each.is_dir()]
        return [*sorted(inner, key=lambda each: -len(each.parts)), *self.folders]


def create(limits: Limits) -> ControlGroup | None:
    """A control group with the limits set, or ``None`` where no group may be made here.

    Raises:
        OSError: a group could be made, but a limit could not be set.
    """
    own = _own_groups()
    name = f"hwkit-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    if "memory" in own and "pids" in own:  # version 1
        return _create_1([own["memory"] / name, own["pids"] / name], limits)
    if "" in own:
        return _create_2(own[""], name, limits)
    return None


def sweep() -> None:
    """Remove groups of boxes whose owner was killed before it could."""
    for own in _own_groups().values():
        for folder in own.glob("hwkit-*-*"):
            owner = folder.name.split("-")[1]
            ours = folder.stat().st_uid == os.geteuid()
            if ours and owner.isdigit() and not Path("/proc", owner).exists():
                ControlGroup((folder,)).remove()


def _own_groups() -> dict[str, Path]:
    """Controller to the folder of this process's group; "" for version 2."""
    groups = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            base = _ROOT / controller if controller else _ROOT
            folder = base / path.lstrip("/")
            if (folder / "cgroup.procs").exists():
                groups[controller] = folder
    return groups


def _create_1(folders: list[Path], limits: Limits) -> ControlGroup | None:
    if not _made(folders):
        return None
    group = ControlGroup(tuple(folders))
    try:
        memory, pids = folders
        (memory / "memory.limit_in_bytes").write_text(str(limits.memory))
        swap = memory / "memory.memsw.limit_in_bytes"
        if swap.exists():
            swap.write_text(str(limits.memory))
        (pids / "pids.max").write_text(str(limits.processes))
    except OSError:
        group.remove()
        raise
    return group


def _create_2(own: Path, name: str, limits: Limits) -> ControlGroup | None:
    enabled = set((own / "cgroup.subtree_control").read_text().split())
    if not {"memory", "pids"} <= enabled and not _delegated(own):
        return None
    folder = own / name
    if not _made([folder]):
        return None
    group = ControlGroup((folder,))
    try:
        (folder / "memory.max").write_text(str(limits.memory))
        swap = folder / "memory.swap.max"
        if swap.exists():
            swap.write_text("0")
        (folder / "pids.max").write_text(str(limits.processes))
    except OSError:
        group.remove()
        raise
    return group


def _delegated(own: Path) -> bool:
    """Make our own group ready for children; whether it is delegated to us, so that we may.

    Processes may only be in leaves, so ours move into one of their own first.
    """
    leaf = own / "hwkit-main"
    try:
        leaf.mkdir(exist_ok=True)
        for pid in (own / "cgroup.procs").read_text().split():
            (leaf / "cgroup.procs").write_text(pid)
        (own / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError:
        return False
    return True


def _made(folders: list[Path]) -> bool:
    made: list[Path] = []
    try:
        for folder in folders:
            folder.mkdir()
            made.append(folder)
    except OSError:
        for folder in made:
            folder.rmdir()
        return False
    return True
