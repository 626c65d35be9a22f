"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; every one is set, or nothing runs.

    Attributes:
        memory: bytes, of all processes of a box and its memory disks together.
        disk: bytes of each of its memory disks.
        processes: processes and threads.
        open_files: of each process.
        cpu_seconds: processor time of each process.
        output: bytes of output that are kept; whoever writes ten times as much is stopped.
        cell_seconds: wall time of one cell.
        ask_seconds: wall time of one answer to a challenge.
        total_seconds: wall time of a submission.
    """

    memory: int = 3072 * MIB
    disk: int = 128 * MIB
    processes: int = 256
    open_files: int = 512
    cpu_seconds: int = 600
    output: int = MIB
    cell_seconds: float = 60.0
    ask_seconds: float = 20.0
    total_seconds: float = 300.0
