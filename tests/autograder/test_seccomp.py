"""The filter, run by an interpreter of classic BPF that was written for these tests."""

from __future__ import annotations

import errno
import struct

import pytest

from autograder.inside import seccomp

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, KILL = 0x7FFF0000, 0x80000000


def refused(number: int) -> int:
    return 0x00050000 | number


def verdict(machine: str, number: int, arguments=(0,) * 6, arch: int | None = None) -> int:
    """What the kernel would answer (linux/seccomp.h, linux/filter.h)."""
    arch = AUDIT[machine] if arch is None else arch
    data = struct.pack("<iIQ6Q", number, arch, 0, *arguments)
    steps = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
    place, register = 0, 0
    while True:
        code, if_true, if_false, value = steps[place]
        place += 1
        if code == 0x20:
            register = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            register &= value
        elif code == 0x15:
            place += if_true if register == value else if_false
        elif code == 0x25:
            place += if_true if register > value else if_false
        elif code == 0x06:
            return value
        else:
            raise AssertionError(f"instruction {code:#x}")


@pytest.mark.parametrize("machine", AUDIT)
def test_every_refused_call_is_refused(machine):
    column = list(AUDIT).index(machine)
    for name, numbers in seccomp.REFUSED.items():
        if numbers[column] is not None:
            assert verdict(machine, numbers[column]) == refused(errno.EPERM), name


@pytest.mark.parametrize(
    ("machine", "numbers"),
    [
        ("x86_64", {"read": 0, "mmap": 9, "fork": 57, "execve": 59, "futex": 202, "openat": 257}),
        ("aarch64", {"read": 63, "mmap": 222, "execve": 221, "futex": 98, "openat": 56}),
    ],
)
def test_what_python_needs_is_allowed(machine, numbers):
    for name, number in numbers.items():
        assert verdict(machine, number) == ALLOW, name


@pytest.mark.parametrize(("machine", "clone"), [("x86_64", 56), ("aarch64", 220)])
def test_processes_may_be_made_but_no_namespaces(machine, clone):
    threads = 0x003D0F00  # what pthread_create passes
    assert verdict(machine, clone, (threads, 0, 0, 0, 0, 0)) == ALLOW
    for flag in (
        0x00020000,
        0x02000000,
        0x04000000,
        0x08000000,
        0x10000000,
        0x20000000,
        0x40000000,
    ):
        assert verdict(machine, clone, (flag | 17, 0, 0, 0, 0, 0)) == refused(errno.EPERM), hex(
            flag
        )


@pytest.mark.parametrize(("machine", "socket"), [("x86_64", 41), ("aarch64", 198)])
@pytest.mark.parametrize("family", range(46))
def test_only_three_families_of_sockets(machine, socket, family):
    expected = ALLOW if family in (1, 2, 10) else refused(errno.EAFNOSUPPORT)
    assert verdict(machine, socket, (family, 1, 0, 0, 0, 0)) == expected


@pytest.mark.parametrize(("machine", "ioctl"), [("x86_64", 16), ("aarch64", 29)])
def test_no_keystrokes_are_injected(machine, ioctl):
    assert verdict(machine, ioctl, (0, 0x5412, 0, 0, 0, 0)) == refused(errno.EPERM)
    assert verdict(machine, ioctl, (0, 0x541C, 0, 0, 0, 0)) == refused(errno.EPERM)
    assert verdict(machine, ioctl, (1, 0x5413, 0, 0, 0, 0)) == ALLOW


@pytest.mark.parametrize("machine", AUDIT)
def test_unknown_calls_do_not_exist_and_clone3_neither(machine):
    assert verdict(machine, 463) == refused(errno.ENOSYS)
    assert verdict(machine, 435) == refused(errno.ENOSYS)
    assert verdict(machine, 462) == ALLOW


def test_other_doors_of_the_kernel_are_shut():
    assert verdict("x86_64", 0, arch=0x40000003) == KILL  # i386
    assert verdict("x86_64", 0x40000000 + 1) == KILL  # x32
    assert verdict("aarch64", 0, arch=0x40000028) == KILL  # arm


def test_other_machines_have_no_filter():
    with pytest.raises(seccomp.UnsupportedMachineError, match="riscv64"):
        seccomp.program("riscv64")
