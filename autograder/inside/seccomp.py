"""The system calls that a box refuses, as a seccomp filter (classic BPF) made here.

Refused are calls that make or enter namespaces and mounts, look into other processes, load code
into the kernel, set the machine's clock or name, and whatever is newer than this list; sockets
other than Unix and internet ones; and the terminal's injection of keystrokes. Everything that
numeric Python needs stays.
"""

from __future__ import annotations

import errno
import platform
import struct

# Name to its number on x86_64 and aarch64 (None: not there).
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, None),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}
# The newest call that this list knows of: what comes after it "does not exist".
NEWEST = 462
_CLONE, _CLONE3, _SOCKET, _IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x40000000

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _ABOVE, _AND, _RETURN = 0x20, 0x15, 0x25, 0x54, 0x06
_NUMBER, _ARCH, _ARGUMENT_0, _ARGUMENT_1 = 0, 4, 16, 24


class UnsupportedMachineError(RuntimeError):
    """There is no filter for this machine's architecture."""


def program(machine: str | None = None) -> bytes:
    """The filter as an array of ``struct sock_filter``, for one architecture.

    Args:
        machine: "x86_64" or "aarch64"; ``None`` for this machine.

    Raises:
        UnsupportedMachineError: another architecture.
    """
    machine = machine or platform.machine()
    if machine not in _ARCHITECTURES:
        raise UnsupportedMachineError(
            f"Expected x86_64 or aarch64. Received: {machine}, for which no filter of system calls "
            "is known."
        )
    column, audit = _ARCHITECTURES[machine]
    code = [
        _step(_LOAD, _ARCH),
        _step(_EQUAL, audit, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        *_refuse_if(_ABOVE, NEWEST, errno.ENOSYS, but=_X32 if column == 0 else None),
        # clone3 hides its flags in memory; without it the C library falls back to clone.
        *_refuse_if(_EQUAL, _CLONE3[column], errno.ENOSYS),
    ]
    for numbers in REFUSED.values():
        number = numbers[column]
        if number is not None:
            code += _refuse_if(_EQUAL, number, errno.EPERM)
    code += _when(
        _CLONE[column],
        [
            _step(_LOAD, _ARGUMENT_0),
            _step(_AND, _NEW_NAMESPACES),
            _step(_EQUAL, 0, 1, 0),
            _step(_RETURN, _refusal(errno.EPERM)),
        ],
    )
    code += _when(
        _SOCKET[column],
        [
            _step(_LOAD, _ARGUMENT_0),
            *(_step(_EQUAL, family, len(_FAMILIES) - i, 0) for i, family in enumerate(_FAMILIES)),
            _step(_RETURN, _refusal(errno.EAFNOSUPPORT)),
        ],
    )
    code += _when(
        _IOCTL[column],
        [
            _step(_LOAD, _ARGUMENT_1),
            _step(_EQUAL, _TIOCSTI, 1, 0),
            _step(_EQUAL, _TIOCLINUX, 0, 1),
            _step(_RETURN, _refusal(errno.EPERM)),
        ],
    )
    return b"".join([*code, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _refusal(number: int) -> int:
    return 0x00050000 | number  # SECCOMP_RET_ERRNO


def _refuse_if(test: int, value: int, number: int, but: int | None = None) -> list[bytes]:
    """Refuse a call whose number passes the test; kill where it is also above ``but``."""
    refuse = [_step(_RETURN, _refusal(number))]
    if but is not None:  # the x32 calls of x86_64: the same kernel by another door
        refuse = [_step(_ABOVE, but - 1, 0, 1), _step(_RETURN, _KILL), *refuse]
    return [_step(test, value, 0, len(refuse)), *refuse]


def _when(number: int, steps: list[bytes]) -> list[bytes]:
    """Run the steps for one call, then load the call's number again."""
    return [
        _step(_EQUAL, number, 0, len(steps) + 1),
        *steps,
        _step(_LOAD, _NUMBER),
    ]
