"""A warm process in a box: TensorFlow is imported once, and forked for every submission.

Nothing of a submission ever runs in this process, and it runs no TensorFlow operation, so that its
children start as it is: with everything imported, no thread, and no trace of another submission.

    python -m autograder.inside.zygote CONTROL

CONTROL is the file descriptor of a Unix socket. Over it come one message at a time: a job with two
file descriptors (the submission's stream, and where its output goes) or "kill"; back go "ready",
"started", and "ended" with the status once no process of the job is left.
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import sys
from typing import Any

from autograder.inside.confine import Walls, die_with_parent, fork_confined

IMPORTS = (
    "numpy",
    "pandas",
    "scipy.stats",
    "scipy.ndimage",
    "skimage.filters",
    "skimage.segmentation",
    "sklearn.linear_model",
    "matplotlib.pyplot",
    "seaborn",
    "IPython.core.interactiveshell",
    "tensorflow",
    "keras",
    "hwkit.checks.agreement",
    "hwkit.checks.influence",
    "hwkit.checks.lrp",
    "hwkit.checks.surrogates",
    "hwkit.attribution.lrp",
    "hwkit.attribution.superpixels",
    "hwkit.explanation",
    "hwkit.worlds",
    "hwkit.charts",
    "hwkit.visualization",
    "hwkit.coursework",
    "hwkit.compression",
    "hwkit.evaluation.agreement_suspects",
    "hwkit.evaluation.intervals",
    "hwkit.evaluation.randomisation",
    "hwkit.evaluation.suspects",
    "hwkit.evaluation.surrogate_suspects",
    "hwkit.networks",
    "autograder.inside.serve",
)
_LARGEST_MESSAGE = 65536


def main(arguments: list[str]) -> None:
    """Warm up, then run jobs until the control socket closes."""
    die_with_parent()
    control = socket.socket(fileno=int(arguments[0]))
    missing = warm_up()
    threads = len(os.listdir("/proc/self/task"))
    control.send(json.dumps({"ready": True, "threads": threads, "missing": missing}).encode())
    while True:
        message, descriptors = _receive(control)
        if message is None:
            return
        if "walls" in message:  # a "kill" that came after the end needs nothing
            _run_job(control, message, descriptors)


def warm_up() -> list[str]:
    """Import what submissions import; the names of modules that are not there."""
    import importlib

    missing = []
    for name in IMPORTS:
        try:
            importlib.import_module(name)
        except ImportError as error:
            missing.append(f"{name}: {error}")
    return missing


def _run_job(control: socket.socket, message: dict[str, Any], descriptors: list[int]) -> None:
    stream, log = descriptors

    def run() -> None:
        from autograder.inside.serve import serve

        for standard, target in ((0, os.open("/dev/null", os.O_RDONLY)), (1, log), (2, log)):
            os.dup2(target, standard)
        sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        serve(stream, stream)

    pid = fork_confined(Walls(**message["walls"]), [stream, log], run)
    os.close(stream)
    os.close(log)
    control.send(json.dumps({"started": True}).encode())
    status = _wait(control, pid)
    control.send(json.dumps({"ended": status}).encode())


def _wait(control: socket.socket, pid: int) -> int:
    """The status of the job, once no process but this one is left."""
    ended = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(control, select.POLLIN)
    while True:
        ready = [number for number, _ in poll.poll()]
        if control.fileno() in ready and ended not in ready:
            message, _ = _receive(control)
            # Its first process dies with it, and with that one the whole namespace.
            os.kill(pid, signal.SIGKILL)
            if message is None:
                sys.exit(0)
        if ended in ready:
            break
    os.close(ended)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    while True:  # as the first process of the outer box, this one inherits orphans
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return status


def _receive(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """One message and its file descriptors; (None, []) when the other side closed."""
    descriptors = array.array("i")
    space = socket.CMSG_SPACE(2 * descriptors.itemsize)
    data, ancillary, _, _ = control.recvmsg(_LARGEST_MESSAGE, space)
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(content[: len(content) // 4 * 4])
    return (json.loads(data) if data else None), list(descriptors)


if __name__ == "__main__":
    main(sys.argv[1:])
