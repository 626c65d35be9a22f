"""One submission in a box: its cells run, then it answers challenges; it may fall and rise again.

A cell that ends or hangs the process is left out, and the others run again without it; so is the
process started again after an answer that ended it. So each part stands for itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.box.job import Box, BoxError, BoxLostError, Ending, Job
from autograder.box.limits import Limits
from autograder.challenge import Reference, Response
from autograder.inside.codec import ProtocolError
from autograder.inside.confine import UNWALLED
from autograder.inside.stream import ClosedError, Stream
from autograder.results import CellResult

_MOST_RESTARTS = 40
_MOST_REFERENCES = 5000
TOO_LONG = "it took longer than it may"
OWN_END = "it ended its own process"


@dataclass(frozen=True)
class Code:
    """What runs of a submission.

    Attributes:
        assignment: its name.
        cells: dictionaries with "source" and "given", in the notebook's order.
        names: what to call the cells, in the same order.
        files: helper files by name.
        seed: of the random numbers in the box.
    """

    assignment: str
    cells: Sequence[Mapping[str, Any]]
    names: Sequence[str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    seed: int = 0


class _Fallen(Exception):
    """The process in the box is gone, or will be; the text says why."""


class Session:
    """The way to a student's code (a ``challenge.Transport``); a context manager.

    Args:
        box: where it runs.
        code: what runs.
        limits: of time.
        blame: take the loss of the box itself for the submission's doing, where it happened before.
    """

    def __init__(self, box: Box, code: Code, limits: Limits, *, blame: bool = False) -> None:
        self._blame = blame
        self._box = box
        self._code = code
        self._limits = limits
        self._until = time.monotonic() + limits.total_seconds
        self._job: Job | None = None
        self._stream: Stream | None = None
        self._skip: dict[int, str] = {}
        self._cells: dict[int, tuple[str, str]] = {}
        self._starts = 0
        self._asked = 0
        self._heard = False
        self.concerns: list[str] = []
        self.output = ""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()

    @property
    def cells(self) -> tuple[CellResult, ...]:
        """What became of each cell."""
        results = []
        for index, name in enumerate(self._code.names):
            status, detail = self._cells.get(index, ("skipped", ""))
            if index in self._skip:
                status, detail = "stopped", self._skip[index]
            results.append(CellResult(name, status, detail))  # type: ignore[arg-type]
        return tuple(results)

    def start(self) -> bool:
        """Run the cells, where they do not stand ready; whether they do then.

        Raises:
            BoxError: the box cannot be made here. BoxLostError: it was ended meanwhile.
        """
        while self._stream is None:
            if self._starts == _MOST_RESTARTS or time.monotonic() > self._until:
                self._concern("it was given up: it kept ending, or used all its time")
                return False
            self._starts += 1
            running: list[int] = []
            try:
                self._run_cells(running)
            except _Fallen as fallen:
                if not running:
                    self._concern(f"it did not start: {fallen}")
                    return False
                self._skip[running[-1]] = str(fallen)
                self._concern(f"{self._code.names[running[-1]]} was left out: {fallen}")
        return True

    def ask(
        self,
        ask: str,
        inputs: dict[str, Any],
        stand_ins: Mapping[str, str],
        references: Mapping[str, Reference],
    ) -> Response:
        """Put a question to the code in the box; see ``challenge.Transport``."""
        if not self.start() or self._stream is None:
            return Response("stopped", detail="its notebook could not be run")
        self._asked += 1
        request = {
            "id": self._asked,
            "ask": ask,
            "inputs": inputs,
            "stand_ins": dict(stand_ins),
        }
        deadline = min(time.monotonic() + self._limits.ask_seconds, self._until)
        try:
            reply = self._converse(self._stream, request, references, deadline)
        except _Fallen as fallen:
            return Response("stopped", detail=str(fallen))
        if "answer" in reply:
            return Response("answer", reply["answer"])
        for kind in ("missing", "raised"):
            if kind in reply:
                return Response(kind, detail=str(reply[kind])[:4000])
        return Response("malformed", detail=str(reply.get("malformed", ""))[:4000])

    def _run_cells(self, running: list[int]) -> None:
        job = self._job = self._box.run()
        stream = Stream(job.reading, job.writing)
        code = self._code
        message = {
            "assignment": code.assignment,
            "cells": [dict(each) for each in code.cells],
            "files": {name: np.frombuffer(each, np.uint8) for name, each in code.files.items()},
            "skip": sorted(self._skip),
            "seed": code.seed,
        }
        self._cells.clear()
        self._heard = False
        deadline = min(time.monotonic() + self._limits.cell_seconds, self._until)
        with self._falling():
            stream.send(message, deadline)
            while True:
                event = stream.receive(deadline)
                self._heard = True
                if not isinstance(event, dict):
                    raise ProtocolError("an event is no dictionary")
                if "ready" in event:
                    break
                index, status, detail = _event(event, len(code.cells))
                if status == "start":
                    running.append(index)
                    deadline = min(time.monotonic() + self._limits.cell_seconds, self._until)
                else:
                    self._cells[index] = (status, detail)
                    if index in running:
                        running.remove(index)
        self._stream = stream

    def _converse(
        self,
        stream: Stream,
        request: dict[str, Any],
        references: Mapping[str, Reference],
        deadline: float,
    ) -> dict[str, Any]:
        with self._falling():
            stream.send(request, deadline)
            for _ in range(_MOST_REFERENCES):
                reply = stream.receive(deadline)
                if not isinstance(reply, dict) or reply.get("id") != request["id"]:
                    raise ProtocolError("a reply to something else")
                if "reference" not in reply:
                    return reply
                stream.send(_referred(reply, references), deadline)
            raise ProtocolError("it asked for too many references")

    def _falling(self) -> _Falls:
        return _Falls(self)

    def _concern(self, text: str) -> None:
        if text not in self.concerns:
            self.concerns.append(text)

    def _end(self) -> Ending | None:
        self._stream = None
        job, self._job = self._job, None
        if job is None:
            return None
        ending = job.end()
        self.output = self.output or ending.output
        if ending.stopped:
            self._concern(ending.stopped)
        return ending


class _Falls:
    """Turns whatever ends a conversation into one error, with the job ended."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        ending = self._session._end()
        if ending is not None and ending.lost and not self._session._blame:
            raise BoxLostError from error
        if ending is not None and ending.status == UNWALLED and not self._session._heard:
            # Nothing of the student's has run; it is the machine that failed.
            raise BoxError(
                "The walls around a submission could not be put up, so nothing was run. hwkit "
                "doctor says what this machine has."
            ) from error
        stopped = "" if ending is None else ending.stopped
        if isinstance(error, TimeoutError):
            raise _Fallen(stopped or TOO_LONG) from error
        if isinstance(error, ClosedError):
            raise _Fallen(stopped or OWN_END) from error
        if isinstance(error, ProtocolError):
            raise _Fallen(stopped or f"what it sent is no message: {error}") from error


def _event(event: dict[str, Any], cells: int) -> tuple[int, str, str]:
    index, status, detail = (event.get(key) for key in ("cell", "status", "detail"))
    if type(index) is not int or not 0 <= index < cells or type(detail) is not str:
        raise ProtocolError("an event of no cell")
    if status not in ("start", "ran", "raised"):
        raise ProtocolError("an event of no kind")
    return index, status, detail[:2000]


def _referred(reply: dict[str, Any], references: Mapping[str, Reference]) -> dict[str, Any]:
    """What the judge answers in place of another blank, or why it does not."""
    name, inputs = reply.get("reference"), reply.get("inputs")
    if type(name) is not str or name not in references:
        return {"refused": "there is no such reference here"}
    if type(inputs) is not dict:
        return {"refused": "a reference takes a dictionary"}
    try:
        return {"value": references[name](**inputs)}
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        return {"refused": f"{type(error).__name__}: {error}"[:500]}
