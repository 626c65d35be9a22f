"""Grading on processes and on Dask: the same marks, whatever ends a worker."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest
from edition_tools import released
from hostile_submissions import HONEST, write
from outer_limits import need_box

from autograder.box import cgroups
from autograder.box.limits import Limits
from autograder.grading import Graded, Task
from autograder.submission import given_cells, read
from autograder.workers import Lost, Settings, on_dask, on_processes

NAMES = ("plain", "unanswered", "float64")


@pytest.fixture(scope="module")
def tasks(tmp_path_factory) -> list[Task]:
    need_box()
    course = released()[0]
    given = given_cells(json.loads((course.release("influence") / "influence.ipynb").read_bytes()))
    made = []
    for seed, name in enumerate(NAMES):
        folder = tmp_path_factory.mktemp("handed") / name
        write(HONEST[name], folder)
        digest = read(folder, "influence", given).digest
        made.append(Task("influence", name.replace(" ", "-"), folder, given, seed, digest))
    return made


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings(released()[0].edition("influence"), Limits())


def points(outcomes) -> dict[str, float]:
    found = {}
    for task, outcome in outcomes:
        assert isinstance(outcome, Graded), outcome
        assert outcome.result.student == task.student
        found[task.student] = outcome.result.points
    return found


EXPECTED = {"plain": 23.0, "unanswered": 0.0, "float64": 23.0}


def test_on_processes(tasks, settings):
    assert points(on_processes(tasks, settings, jobs=2)) == EXPECTED
    family = psutil.Process().children(recursive=True)
    assert not [each for each in family if "zygote" in " ".join(each.cmdline())]


def test_what_goes_wrong_with_one_does_not_stop_the_others(tasks, settings):
    broken = dataclasses.replace(tasks[0], student="broken", seed=-1)  # no seed of a generator
    pairs = on_processes([broken, tasks[1]], settings, jobs=1)
    outcomes = {task.student: outcome for task, outcome in pairs}
    assert isinstance(outcomes["broken"], Lost) and "ValueError" in outcomes["broken"].reason
    assert isinstance(outcomes["unanswered"], Graded)


def test_a_task_that_ends_every_process_is_told(tasks, settings):
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.05):
            for child in psutil.Process().children():
                # A worker that has a box is grading, or is about to.
                with contextlib.suppress(psutil.Error):  # it may end by itself meanwhile
                    if any("zygote" in " ".join(each.cmdline()) for each in _children(child)):
                        child.send_signal(signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    try:
        ((task, outcome),) = list(on_processes(tasks[:1], settings, jobs=1))
    finally:
        done.set()
    assert task is tasks[0] and isinstance(outcome, Lost) and "ended" in outcome.reason


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [each for each in process.children(recursive=True) if each.status() != "zombie"]
    except psutil.Error:
        return []


@pytest.mark.slow
def test_on_dask_with_a_worker_that_is_killed(tasks, settings):
    pytest.importorskip("distributed")
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10"}
    module = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    port = _free_port()
    address = f"tcp://127.0.0.1:{port}"
    line = [*module, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with _running(line, environment), _running(_worker(address), environment):
        killer = threading.Timer(12.0, _kill_one_worker, [address])
        killer.start()
        try:
            assert points(on_dask(tasks, settings, address)) == EXPECTED
        finally:
            killer.cancel()
    cgroups.sweep()  # of workers that were killed with their boxes


def _worker(address: str) -> list[str]:
    module = [sys.executable, "-m", "distributed.cli.dask_worker", address]
    return [*module, "--nthreads", "1", "--nworkers", "1", "--no-dashboard"]


def _kill_one_worker(address: str) -> None:
    """The nanny starts another one."""
    for process in psutil.Process().children(recursive=True):
        line = " ".join(process.cmdline())
        if "spawn_main" in line and "zygote" not in line:
            process.send_signal(signal.SIGKILL)
            return


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class _running:
    def __init__(self, line: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> None:
        time.sleep(1)

    def __exit__(self, *exception: object) -> None:
        for process in psutil.Process(self._process.pid).children(recursive=True):
            process.kill()
        self._process.kill()
        self._process.wait()
