"""Keeps an eye on a running submission: takes its output, and measures its memory where need be."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable

import psutil

from autograder.box.job import FLOOD, OUT_OF_MEMORY
from autograder.box.limits import Limits

_INTERVAL = 0.1  # seconds
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
        while not self._over.wait(_INTERVAL):
            self._read()
            if self._seen > _FLOOD_FACTOR * self._limits.output:
                self._stop(FLOOD)
            if self._pid is not None and self._memory() > self._limits.memory:
                self._end_family()
                self._stop(OUT_OF_MEMORY)
        self._read()

    def _read(self) -> None:
        """Take what has come, at most as much as a flood is; the rest waits in the pipe."""
        for _ in range(64):
            try:
                piece = os.read(self._log, 65536)
            except BlockingIOError:
                return
            if not piece:
                return
            self._seen += len(piece)
            self._kept += piece[: self._limits.output - len(self._kept)]

    def _memory(self) -> int:
        """Bytes of the box's processes together, shared pages counted once."""
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self._pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss
        return total

    def _end_family(self) -> None:
        """End the whole box at once: nobody who is short of memory waits for an answer."""
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self._pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    process.kill()

    def _stop(self, verdict: str) -> None:
        if not self.verdict:
            self.verdict = verdict
            self._on_stop()
