"""A box that is made anew for every submission: a container, or (trusting it) just a process."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.box.job import BoxError, Ending
from autograder.box.limits import Limits
from autograder.box.watch import Watch

Command = Callable[[str, Path], tuple[Sequence[str], dict[str, str] | None]]


class ColdBox:
    """Starts ``autograder.inside.once`` for every submission.

    Args:
        name: of the kind of box.
        command: from a fresh name and an empty folder to the command line and the environment
            (``None``: ours).
        limits: of each submission.
        cleaning: command line that ends whatever goes by the name, whether it is there or not.
    """

    def __init__(
        self,
        name: str,
        command: Command,
        limits: Limits,
        cleaning: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        self.name = name
        self.limits = limits
        self._command = command
        self._cleaning = cleaning
        self._job: ColdJob | None = None

    def run(self) -> ColdJob:
        """Start a process that waits for its submission.

        Raises:
            BoxError: it cannot be started.
        """
        self.close()
        name = f"hwkit-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        scratch = tempfile.TemporaryDirectory(prefix="hwkit-", ignore_cleanup_errors=True)
        line, environment = self._command(name, Path(scratch.name))
        try:
            process = subprocess.Popen(
                line,
                env=environment,
                cwd=scratch.name,  # Python would find modules of the folder that we are in
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise BoxError(f"{line[0]} could not be started: {error}") from error
        clean = None if self._cleaning is None else self._cleaning(name)
        self._job = ColdJob(process, self.limits, clean, scratch)
        return self._job

    def close(self) -> None:
        """End what runs."""
        if self._job is not None:
            self._job.end()
            self._job = None


class ColdJob:
    """One submission in a process of its own; see ``autograder.box.job.Job``."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        limits: Limits,
        clean: Sequence[str] | None,
        scratch: tempfile.TemporaryDirectory[str],
    ) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("Expected a process with three pipes.")
        self._process = process
        self._clean = clean
        self._scratch = scratch
        self._ending: Ending | None = None
        self._input, self._output = process.stdin, process.stdout
        self.reading, self.writing = process.stdout.fileno(), process.stdin.fileno()
        log = os.dup(process.stderr.fileno())
        process.stderr.close()
        # A container bounds its own memory.
        self.watch = Watch(log, limits, None if clean else process.pid, self._kill)

    def end(self) -> Ending:
        """End it, and make sure that nothing of it is left."""
        if self._ending is None:
            self._kill()
            status = self._process.wait()
            if self._clean is not None:
                subprocess.run(self._clean, capture_output=True, check=False, timeout=60)
            self.watch.close()
            for pipe in (self._input, self._output):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
            self._scratch.cleanup()
            self._ending = Ending(status, self.watch.verdict, self.watch.output)
        return self._ending

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
