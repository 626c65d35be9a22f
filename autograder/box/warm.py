"""A warm box: one process with everything imported, forked into fresh walls for each submission.

Two walls stand around a submission. The outer one is bubblewrap's and stays: a read-only system
without network or home. The inner one is made anew for each submission and ends with it:
namespaces, memory disks, limits, a filter of system calls (``autograder.inside.confine``). A
control group bounds the memory and the processes of the whole box. After each submission the box
must be as it was, or it is thrown away.
"""

from __future__ import annotations

import array
import contextlib
import dataclasses
import json
import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.box import bubblewrap, cgroups
from autograder.box.job import OUT_OF_MEMORY, BoxError, Ending
from autograder.box.limits import Limits
from autograder.box.watch import Watch, end_family
from autograder.inside.confine import Walls

_START_SECONDS = 120.0
_END_SECONDS = 10.0
_DATA_SHARE = 0.5


class WarmBox:
    """A box that runs one submission after another; a context manager.

    Args:
        edition: folder of the unpacked student edition, all that submissions see of hwkit.
        limits: of each submission.
        on_note: told what somebody should know about the box, in words.
    """

    name = "bubblewrap"

    def __init__(
        self,
        edition: Path,
        limits: Limits | None = None,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> None:
        self.edition = edition
        self.limits = limits or Limits()
        self._note = on_note
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._group: cgroups.ControlGroup | None = None
        self._job: WarmJob | None = None
        self._resting: frozenset[int] = frozenset()

    def __enter__(self) -> WarmBox:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def group(self) -> cgroups.ControlGroup | None:
        """The control group of the box, where the system lets us set one."""
        return self._group

    @property
    def pid(self) -> int | None:
        """Of the outermost process of the box."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the warm process, unless it runs.

        Raises:
            BoxError: the box cannot be made here; the message says why.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        try:
            self._group = cgroups.create(self.limits)
        except OSError as error:
            raise BoxError(f"A control group could not be set: {error}") from error
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        block, release = os.pipe()
        log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, on every way out
        try:
            self._process = bubblewrap.start(self.edition, theirs.fileno(), block, log.fileno())
            theirs.close()  # so that the box's end is seen
            if self._group is not None:
                self._group.add(self._process.pid)
            os.write(release, b"\n")
            self._wait_until_ready(log)
            if self._group is not None:
                self._resting = frozenset(self._group.processes())
        except BaseException:
            self.close()
            raise
        finally:
            theirs.close()
            os.close(block)
            os.close(release)
            log.close()

    def run(self) -> WarmJob:
        """Fork the warm process into walls for one submission.

        Raises:
            BoxError: the box cannot be made here.
        """
        if self._job is not None:
            raise BoxError("A box runs one submission at a time; end the last one first.")
        self.start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        log_read, log_write = os.pipe()
        walls = dataclasses.asdict(self._walls())
        try:
            self._send({"walls": walls}, [theirs.fileno(), log_write])
            answer = self._receive(_END_SECONDS)
        except BaseException:
            ours.close()
            os.close(log_read)
            self.close()
            raise
        finally:
            theirs.close()
            os.close(log_write)
        if "started" not in answer:
            self.close()
            raise BoxError(f"The warm process answered {answer} instead of starting a submission.")
        self._job = WarmJob(self, ours, log_read)
        return self._job

    def close(self) -> None:
        """End the box and everything in it."""
        if self._job is not None:
            job, self._job = self._job, None
            job.abandon()
        if self._process is not None:
            end_family(self._process.pid)
            self._process.wait()
            self._process = None
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._group is not None:
            self._group.remove()
            self._group = None

    def end_job(self) -> int | None:
        """End the submission that runs, and make sure that nothing of it is left.

        Returns:
            The status that its processes ended with; ``None`` where the box was lost.
        """
        self._job = None
        try:
            self._send({"kill": True}, [])
            status = self._receive(_END_SECONDS).get("ended")
        except (BoxError, OSError):
            status = None
        left = set() if self._group is None else set(self._group.processes()) - self._resting
        if not isinstance(status, int) or left:
            self._note("the box did not survive a submission, and was made anew")
            self.close()
        return status

    def _walls(self) -> Walls:
        limits = self.limits
        grouped = self._group is not None
        return Walls(
            disk=limits.disk,
            processes=limits.processes,
            cpu_seconds=limits.cpu_seconds,
            open_files=limits.open_files,
            data=0 if grouped else int(limits.memory * _DATA_SHARE),
            again=bubblewrap.hidden_folders(),
        )

    def _wait_until_ready(self, log: Any) -> None:
        try:
            answer = self._receive(_START_SECONDS)
        except BoxError as error:
            log.seek(0)
            said = log.read(20_000).decode("utf-8", "replace").strip()[-1500:]
            raise BoxError(f"The box did not start: {error}\n{said}") from None
        if answer.get("missing"):
            raise BoxError(
                "Expected everything that submissions import in the box. Missing: "
                + "; ".join(answer["missing"])
            )
        if answer.get("threads") != 1:
            raise BoxError(
                f"Expected a warm process with one thread. Found: {answer.get('threads')}. Forking "
                "it would not be safe."
            )

    def _send(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if self._control is None:
            raise BoxError("The box is closed.")
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        self._control.sendmsg([json.dumps(message).encode()], rights if descriptors else [])

    def _receive(self, seconds: float) -> dict[str, Any]:
        if self._control is None or self._process is None:
            raise BoxError("The box is closed.")
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        if not poll.poll(seconds * 1000):
            raise BoxError(f"no answer within {seconds:g} s")
        data = self._control.recv(65536)
        if not data:
            raise BoxError(f"its process ended (status {self._process.wait()})")
        return json.loads(data)


class WarmJob:
    """One submission in a warm box; see ``autograder.box.job.Job``."""

    def __init__(self, box: WarmBox, stream: socket.socket, log: int) -> None:
        self._box = box
        self._socket = stream
        self.reading = self.writing = stream.fileno()
        self.watch = Watch(log, box.limits, None if box.group else box.pid, self._shut)
        self._kills = 0 if box.group is None else box.group.memory_exceeded()

    def end(self) -> Ending:
        """End it, and make sure that nothing of it is left."""
        self._socket.close()
        group = self._box.group
        kills = 0 if group is None else group.memory_exceeded()
        status = self._box.end_job()
        self.watch.close()
        stopped = self.watch.verdict
        if kills > self._kills:
            stopped = stopped or OUT_OF_MEMORY
        lost = status is None and not stopped
        return Ending(status or 0, stopped, self.watch.output, lost)

    def abandon(self) -> None:
        """Let go of it, when its box is closed."""
        self._socket.close()
        self.watch.close()

    def _shut(self) -> None:
        """Wake whoever waits for a message."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
