"""Walls around one submission, put up by its own process before any of the student's code is there.

``fork_confined`` forks the calling process, which runs in an outer box (bubblewrap), into fresh
namespaces: no process, network, file system of its own but small memory disks, no capability, its
limits set, its system calls filtered. Whatever cannot be set raises: there is no half a wall.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.inside import seccomp

_NEW_NS, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_SET_PDEATHSIG, _CAPBSET_DROP, _SET_SECCOMP, _SET_NO_NEW_PRIVS = 1, 24, 22, 38
_SECCOMP_FILTER, _LAST_CAPABILITY, _CAPABILITY_VERSION_3 = 2, 63, 0x20080522
_TOLD = ("cpuinfo", "meminfo", "stat", "loadavg", "self/cmdline")
_NICENESS = 5
UNWALLED = 3  # the status where a wall could not be put up
_LIBC = ctypes.CDLL(None, use_errno=True)


class ConfinementError(RuntimeError):
    """A wall could not be put up; nothing of the student's has run."""


@dataclass(frozen=True)
class Walls:
    """The limits of one submission inside its box.

    Attributes:
        disk: bytes of its memory disk.
        processes: how many processes and threads it may have.
        cpu_seconds: of each process.
        open_files: of each process.
        data: bytes of private memory of each process; 0 where a control group bounds the memory of
            all processes together.
        again: folders of the interpreter that the fresh disks hide: where they also are, and where
            they belong.
    """

    disk: int
    processes: int
    cpu_seconds: int
    open_files: int
    data: int
    again: Sequence[tuple[str, str]] = ()


def fork_confined(walls: Walls, keep: Sequence[int], run: Callable[[], None]) -> int:
    """Fork; the child runs ``run`` inside its walls and never returns.

    Args:
        walls: the limits.
        keep: file descriptors that the child keeps; all others are closed.
        run: called in a process of a fresh process namespace.

    Returns:
        The pid of the process whose end ends everything inside. Its status is 0 when ``run``
        returned, 1 when it raised, 3 when a wall could not be put up; else as the process ended.
    """
    pid = os.fork()
    if pid:
        return pid
    status = UNWALLED
    try:
        _close_others(keep)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        status = _outermost(walls, run)
    except BaseException as error:
        _complain(error)
    finally:
        os._exit(status)


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends."""
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)


def _outermost(walls: Walls, run: Callable[[], None]) -> int:
    """Enter the namespaces, fork their first process, and wait for it."""
    die_with_parent()
    os.setsid()
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEW_USER | _NEW_NS | _NEW_PID | _NEW_IPC | _NEW_UTS | _NEW_NET)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    # Where memory runs out, the kernel takes this process and not the one that it was forked from.
    _write("/proc/self/oom_score_adj", "1000")
    first = os.fork()
    if first == 0:
        _as_first(walls, run)
    return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) & 0xFF


def _as_first(walls: Walls, run: Callable[[], None]) -> None:
    """Put up the walls, then fork the process of the student's code and wait for all processes.

    The kernel shields the first process of a namespace from signals of the others, and ends the
    others when it ends.
    """
    status = UNWALLED
    try:
        die_with_parent()
        os.nice(_NICENESS)  # however busy it is in here, the judge is not kept waiting
        _mount_disks(walls.disk, walls.again)
        _set_limits(walls)
        _drop_privileges()
        worker = os.fork()
        if worker == 0:
            _as_worker(run)
        while True:
            pid, code = os.wait()
            if pid == worker:
                status = os.waitstatus_to_exitcode(code) & 0xFF
                break
    except BaseException as error:
        _complain(error)
    finally:
        os._exit(status)


def _as_worker(run: Callable[[], None]) -> None:
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _filter_system_calls()
        run()
        status = 0
    except BaseException as error:
        _complain(error)
    finally:
        os._exit(status)


def _mount_disks(size: int, again: Sequence[tuple[str, str]]) -> None:
    """Small disks of this submission's own over every place that could be written."""
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    told = {name: Path("/proc", name).read_bytes() for name in _TOLD}
    program = os.readlink("/proc/self/exe")
    safe = _MS_NOSUID | _MS_NODEV
    _mount("tmpfs", "/tmp", "tmpfs", safe, f"size={size},nr_inodes=4096,mode=0700")
    for source, target in again:
        Path(target).mkdir(parents=True)
        _mount(source, target, "", _MS_BIND | _MS_REC)
    _mount("tmpfs", "/dev/shm", "tmpfs", safe | _MS_NOEXEC, f"size={size},nr_inodes=1024,mode=0700")
    # The processes of the outer box are nobody's business here. What remains of /proc is what
    # TensorFlow and others ask about the machine and their own program.
    _mount("tmpfs", "/proc", "tmpfs", safe | _MS_NOEXEC, "size=1m,nr_inodes=32,mode=0755")
    Path("/proc/self").mkdir()
    for name, content in told.items():
        Path("/proc", name).write_bytes(content)
    Path("/proc/self/exe").symlink_to(program)
    _mount("tmpfs", "/proc", "", safe | _MS_NOEXEC | _MS_REMOUNT | _MS_RDONLY)


def _set_limits(walls: Walls) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: walls.cpu_seconds,
        resource.RLIMIT_NOFILE: walls.open_files,
        resource.RLIMIT_NPROC: walls.processes,
        resource.RLIMIT_FSIZE: walls.disk,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if walls.data:
        limits[resource.RLIMIT_DATA] = walls.data
    for which, limit in limits.items():
        hard = resource.getrlimit(which)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(which, (limit, limit))


def _drop_privileges() -> None:
    _prctl(_SET_NO_NEW_PRIVS, 1)
    for capability in range(_LAST_CAPABILITY + 1):
        # Numbers beyond the kernel's last capability are refused as invalid.
        if _LIBC.prctl(_CAPBSET_DROP, capability, 0, 0, 0) and ctypes.get_errno() != 22:
            raise ConfinementError(f"capability {capability} could not be dropped")
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _filter_system_calls() -> None:
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]

    code = seccomp.program()
    steps = ctypes.create_string_buffer(code, len(code))
    program = Program(len(code) // 8, ctypes.addressof(steps))
    _prctl(_SET_SECCOMP, _SECCOMP_FILTER, ctypes.addressof(program))


def _close_others(keep: Sequence[int]) -> None:
    kept = sorted({0, 1, 2, *keep})
    for low, high in zip(kept, [*kept[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(low + 1, high)


def _call(name: str, *arguments: object) -> None:
    if getattr(_LIBC, name)(*arguments) < 0:
        number = ctypes.get_errno()
        raise ConfinementError(f"{name} was refused: {os.strerror(number)}")


def _prctl(option: int, value: int, argument: int = 0) -> None:
    words = [ctypes.c_ulong(each) for each in (value, argument, 0, 0)]
    if _LIBC.prctl(option, *words) < 0:
        number = ctypes.get_errno()
        raise ConfinementError(f"prctl({option}) was refused: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    words = [each.encode() if each else None for each in (source, target, kind)]
    if _LIBC.mount(*words, ctypes.c_ulong(flags), options.encode() or None) < 0:
        number = ctypes.get_errno()
        raise ConfinementError(f"a disk on {target} was refused: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise ConfinementError(f"{path} could not be set: {error.strerror}") from None


def _complain(error: BaseException) -> None:
    with contextlib.suppress(OSError):
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    sys.stderr.flush()
