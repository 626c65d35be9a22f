"""Puts up the walls around nothing, to learn quickly whether they can be put up here.

    python -m autograder.inside.probe

Exits with 0 when they stand, after checking from inside that they hold.
"""

from __future__ import annotations

import os
import socket
import sys

from autograder.inside.confine import Walls, fork_confined

_WALLS = Walls(disk=2**20, processes=64, cpu_seconds=5, open_files=64, data=0)


def main() -> int:
    """The status of a process inside the walls."""
    pid = fork_confined(_WALLS, [], _look_around)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF


def _look_around() -> None:
    with socket.socket() as client:
        if client.connect_ex(("192.0.2.1", 9)) == 0:
            raise RuntimeError("there is a network")
    with open("/tmp/probe", "wb") as file:
        try:
            for _ in range(4):
                file.write(bytes(2**20))
                file.flush()
        except OSError:
            return
    raise RuntimeError("the memory disk has no bound")


if __name__ == "__main__":
    sys.exit(main())
