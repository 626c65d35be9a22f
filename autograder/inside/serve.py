"""Inside the walls: run the student's cells, then answer the judge until it closes the stream.

What the judge sends and gets are messages (``codec``). First comes the job: files and cells. After
each cell an event goes back, then ``{"ready": ...}``. Then requests come: ``{"ask", "inputs",
"stand_ins"}``, answered by one of ``{"answer"}``, ``{"missing"}``, ``{"raised"}`` and
``{"malformed"}``; before that, ``{"reference", "inputs"}`` may ask the judge something in turn.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from autograder.inside.asks import NotAttempted, call_ask
from autograder.inside.cells import Cell, Notebook, describe
from autograder.inside.codec import Bounds, ProtocolError
from autograder.inside.stream import ClosedError, Stream
from hwkit.checks.student_code import described

# The judge is trusted: its job may be larger than what it would take from here.
_FROM_JUDGE = Bounds(frame=2**28, text=2**26, arrays=4096, depth=24)


def serve(reading: int, writing: int) -> None:
    """Receive a job over the stream, run it, answer requests; return when the stream closes."""
    stream = Stream(reading, writing, _FROM_JUDGE)
    job = stream.receive()
    _lay_out(job["files"])
    random.seed(job["seed"])
    np.random.seed(job["seed"])  # noqa: NPY002 - what students' code draws from
    cells = [Cell(each["source"], each["given"]) for each in job["cells"]]

    def report(index: int, status: str, detail: str) -> None:
        stream.send({"cell": index, "status": status, "detail": detail})

    asks = import_module(f"autograder.inside.asks.{job['assignment']}")
    notebook = Notebook(cells, asks.SUPPLIED, report, job["skip"])
    notebook.run(asks.NEEDED)
    stream.send({"ready": True})
    while True:
        try:
            request = stream.receive()
        except ClosedError:
            return
        about = {"id": request["id"]}
        reply = _answer(job["assignment"], notebook.namespace, request, stream)
        try:
            stream.send(reply | about)
        except ProtocolError as error:
            stream.send({"malformed": str(error)} | about)


def _lay_out(files: Mapping[str, np.ndarray]) -> None:
    """Put the submission's files into a folder of their own, and go there."""
    workplace = Path(tempfile.mkdtemp(prefix="work-"))
    for name, content in files.items():
        target = workplace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.tobytes())
    os.chdir(workplace)
    # Helper files are found as they are beside a notebook, but hide no module that is there.
    sys.path.append(str(workplace))


def _answer(
    assignment: str, names: dict[str, Any], request: dict[str, Any], stream: Stream
) -> dict[str, Any]:
    def reference(name: str, /, **inputs: Any) -> Any:
        stream.send({"reference": name, "inputs": inputs, "id": request["id"]})
        reply = stream.receive()
        if "refused" in reply:
            raise ValueError(reply["refused"])
        return reply["value"]

    ask, inputs, stand_ins = (request[key] for key in ("ask", "inputs", "stand_ins"))
    try:
        return {"answer": call_ask(assignment, ask, names, inputs, stand_ins, reference)}
    except NotAttempted as error:
        return {"missing": describe(error)}
    except ClosedError:
        raise
    except BaseException as error:
        return {"raised": _told(error)}


def _told(error: BaseException) -> str:
    """An error with the student's line that it came from, where all of that can be told."""
    frames = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not isinstance(error, Exception) or frames[-1].startswith(str(Path(__file__).parent)):
        return describe(error)  # no line of the student's raised it
    try:
        return described(error)
    except BaseException:
        return describe(error)
