"""Runs tasks on processes of this machine, or on a Dask cluster, behind one interface.

A process keeps one box for all its submissions. Whatever ends a process, its tasks are given to
another one; a task that ended three of them is told and left.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.box import cgroups
from autograder.box.choose import choose
from autograder.box.job import Box, BoxError
from autograder.box.limits import Limits
from autograder.grading import Graded, Task, grade

_MOST_TRIES = 3
_PATIENCE = 15.0  # seconds
_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Settings:
    """How submissions are run.

    Attributes:
        edition: folder of the unpacked student edition.
        limits: of each submission.
        trust: run them without a box where there is none.
    """

    edition: Path
    limits: Limits
    trust: bool = False


@dataclass(frozen=True)
class Lost:
    """A task that no process survived, or whose grading itself went wrong."""

    reason: str


Outcome = tuple[Task, Graded | Lost]
_boxes: dict[Settings, Box] = {}
_one_at_a_time = threading.Lock()


def work(settings: Settings, task: Task) -> Graded | Lost:
    """Grade a submission in this process's box.

    Raises:
        BoxError: no box can be made here.
    """
    with _one_at_a_time:
        if settings not in _boxes:
            _boxes[settings] = choose(settings.edition, settings.limits, trust=settings.trust)
        return _graded(task, _boxes[settings], settings.limits)


def on_processes(tasks: Sequence[Task], settings: Settings, jobs: int) -> Iterator[Outcome]:
    """Grade on processes of this machine; outcomes come as they are ready.

    Raises:
        BoxError: no box can be made here.
    """
    waiting = deque(tasks)
    tries: Counter[str] = Counter()
    workers = [_Worker(settings) for _ in range(min(jobs, len(tasks)))]
    try:
        while waiting or any(worker.task for worker in workers):
            ready = multiprocessing.connection.wait([each.connection for each in workers])
            for worker in [each for each in workers if each.connection in ready]:
                task = worker.task
                message = worker.receive()
                if isinstance(message, BaseException):
                    raise message
                if message is None:  # it was ended
                    workers.remove(worker)
                    if task is not None:
                        tries[task.student] += 1
                        if tries[task.student] < _MOST_TRIES:
                            waiting.appendleft(task)
                        else:
                            yield task, Lost(f"{_MOST_TRIES} processes that graded it were ended")
                    workers += [_Worker(settings)] if waiting else []
                    continue
                if task is not None and isinstance(message, Graded | Lost):
                    yield task, message
                if waiting:
                    worker.give(waiting.popleft())
    finally:
        for worker in workers:
            worker.end()
        cgroups.sweep()  # of processes that were ended before they could


class _Worker:
    """A process of ours that grades one task after another; first it says that it is ready."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.task: Task | None = None
        # No daemon: it has a process of its own, the box, which dies with it all the same.
        self._process = context.Process(target=_work_on, args=(theirs, settings), name="grader")
        self._process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        """Let it grade a task."""
        self.task = task
        # That it is gone is seen when its answer is read.
        with contextlib.suppress(BrokenPipeError):
            self.connection.send(task)

    def receive(self) -> Any:
        """What it says: "ready", a ``Graded``, an error; ``None`` when it is gone."""
        self.task = None
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            return None

    def end(self) -> None:
        """End it, and its box; at once where it is grading."""
        if self.task is None:
            with contextlib.suppress(BrokenPipeError):
                self.connection.send(None)
            self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()
        self.connection.close()


def _work_on(connection: Connection, settings: Settings) -> None:
    """Grade what comes until the other side closes; ends with its parent, and its box with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)
    if multiprocessing.parent_process() is None or os.getppid() == 1:
        return
    try:
        box = choose(settings.edition, settings.limits, trust=settings.trust)
        try:
            import_module("autograder.judge")  # and with it TensorFlow, before the first task
            connection.send("ready")
            while (task := connection.recv()) is not None:
                connection.send(_graded(task, box, settings.limits))
        finally:
            box.close()
    except EOFError:
        return
    except Exception as error:
        connection.send(error)


def _graded(task: Task, box: Box, limits: Limits) -> Graded | Lost:
    """Grade a submission; what goes wrong with one is told, and does not stop the others.

    Raises:
        BoxError: the box cannot be made here, for none of them.
    """
    try:
        return grade(task, box, limits)
    except BoxError:
        raise
    except Exception as error:
        return Lost(f"grading it failed: {type(error).__name__}: {error}"[:500])


def on_dask(tasks: Sequence[Task], settings: Settings, address: str) -> Iterator[Outcome]:
    """Grade on a Dask cluster whose workers see the course's folder.

    Args:
        tasks: what is to be graded.
        settings: how.
        address: of the scheduler, such as "tcp://127.0.0.1:8786".

    Raises:
        BoxError: a worker can make no box. ImportError: Dask is not installed.
    """
    from distributed import Client, KilledWorker, as_completed

    with Client(address) as client:
        futures = {
            client.submit(partial(work, settings), task, pure=False, retries=_MOST_TRIES - 1): task
            for task in tasks
        }
        for future in as_completed(list(futures)):
            task = futures[future]
            try:
                yield task, future.result()
            except KilledWorker as error:
                yield task, Lost(f"the workers that graded it were ended: {error}")
