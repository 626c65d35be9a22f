"""Keeps an eye on a running submission: takes its output, and measures its memory where need be."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Callable

import psutil

from autograder.box.job import FLOOD, OUT_OF_MEMORY
from autograder.box.limits import Limits

_INTERVAL = 0.1  # seconds
_PATIENCE = 10.0  # seconds
_FLOOD_FACTOR = 10  # times the output that is kept


class Watch:
    """A thread that reads the output of a submission, and stops what goes too far.

    Args:
        log: file descriptor that the output comes from; closed at the end.
        limits: of the submission.
        pid: of the box's outermost process, whose whole family is measured; ``None`` where a
            control group does that.
        on_stop: called, from the thread, when the submission must stop.

    Attributes:
        verdict: why it was stopped, in words; empty while it was not.
    """

    def __init__(
        self, log: int, limits: Limits, pid: int | None, on_stop: Callable[[], None]
    ) -> None:
        self._on_stop = on_stop
        self._log = log
        self._limits = limits
        self._pid = pid
        self._kept = bytearray()
        self._seen = 0
        self._over = threading.Event()
        self.verdict = ""
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        os.set_blocking(log, False)
        self._thread.start()

    @property
    def output(self) -> str:
        """The first part of what the submission printed."""
        return bytes(self._kept).decode("utf-8", "replace")

    def close(self) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()
        os.close(self._log)

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._log, select.POLLIN)
        measured = 0.0
        while not self._over.is_set():
            if poll.poll(_INTERVAL * 1000) and not self._read():
                poll.unregister(self._log)  # nobody writes to it any more
            if self._seen > _FLOOD_FACTOR * self._limits.output:
                self._stop(FLOOD)
            if self._pid is not None and time.monotonic() - measured > _INTERVAL:
                measured = time.monotonic()
                if self._memory() > self._limits.memory:
                    # The whole box at once: who is short of memory waits for no answer.
                    end_family(self._pid)
                    self._stop(OUT_OF_MEMORY)
        self._read()

    def _read(self) -> bool:
        """Take what has come, up to a piece; ``False`` when no more will."""
        try:
            piece = os.read(self._log, 65536)
        except BlockingIOError:
            return True
        self._seen += len(piece)
        self._kept += piece[: self._limits.output - len(self._kept)]
        return bool(piece)

    def _memory(self) -> int:
        """Bytes of the box's processes together, shared pages counted once."""
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self._pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss
        return total

    def _stop(self, verdict: str) -> None:
        if not self.verdict:
            self.verdict = verdict
            self._on_stop()


def end_family(pid: int) -> None:
    """End a process and all that come from it, and wait until they are gone."""
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(family[1:], timeout=_PATIENCE)
