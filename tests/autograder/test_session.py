"""The conversation with a box: what an honest process says, and 18 attacks on the protocol."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.box.job import BoxError, BoxLostError, Ending
from autograder.box.limits import Limits
from autograder.box.session import OWN_END, TOO_LONG, Code, Session
from autograder.inside.codec import MAGIC, PREFIX, encode
from autograder.inside.confine import UNWALLED
from autograder.inside.stream import ClosedError, Stream

CODE = Code("influence", [{"source": "x = 1", "given": False}] * 2, ["cell 1", "cell 2"])
LIMITS = Limits(cell_seconds=0.6, ask_seconds=0.6, total_seconds=6.0)
Script = Callable[[Stream, socket.socket], None]


class FakeBox:
    """Plays the process in the box from a script, a new thread for every start."""

    name = "fake"

    def __init__(self, script: Script) -> None:
        self._script = script
        self.starts = 0
        self.ended = 0

    def run(self) -> FakeJob:
        self.starts += 1
        return FakeJob(self, self._script)

    def close(self) -> None:
        """Nothing is kept."""


class FakeJob:
    def __init__(self, box: FakeBox, script: Script) -> None:
        self._box = box
        self._ours, theirs = socket.socketpair()
        self.reading = self.writing = self._ours.fileno()

        def play() -> None:
            with theirs, contextlib.suppress(ClosedError, OSError):
                script(Stream(theirs.fileno(), theirs.fileno()), theirs)

        threading.Thread(target=play, daemon=True).start()

    def end(self) -> Ending:
        self._ours.close()
        self._box.ended += 1
        return Ending(0, "", "")


def ready(stream: Stream) -> None:
    """Run the cells as an honest process does."""
    job = stream.receive()
    for index in range(len(job["cells"])):
        if index not in job["skip"]:
            stream.send({"cell": index, "status": "start", "detail": ""})
            stream.send({"cell": index, "status": "ran", "detail": ""})
    stream.send({"ready": True})


def honest(stream: Stream, _: socket.socket) -> None:
    ready(stream)
    while True:
        request = stream.receive()
        stream.send({"answer": request["inputs"]["x"] * 2, "id": request["id"]})


def ask(session: Session, references=None):
    return session.ask("double", {"x": np.arange(3.0)}, {}, references or {})


@contextlib.contextmanager
def playing(script: Script) -> Iterator[tuple[Session, FakeBox]]:
    box = FakeBox(script)
    with Session(box, CODE, LIMITS) as session:
        yield session, box


def test_an_honest_process_answers():
    with playing(honest) as (session, box):
        np.testing.assert_array_equal(ask(session).value, [0, 2, 4])
        assert [cell.status for cell in session.cells] == ["ran", "ran"]
        assert ask(session).kind == "answer"
    assert box.starts == box.ended == 1


def test_a_cell_that_ends_the_process_is_left_out():
    def script(stream: Stream, _: socket.socket) -> None:
        job = stream.receive()
        for index in range(2):
            if index not in job["skip"]:
                stream.send({"cell": index, "status": "start", "detail": ""})
                if index == 0:
                    return
                stream.send({"cell": index, "status": "ran", "detail": ""})
        stream.send({"ready": True})
        request = stream.receive()
        stream.send({"answer": 1.0, "id": request["id"]})

    with playing(script) as (session, box):
        assert ask(session).value == 1.0
        assert [cell.status for cell in session.cells] == ["stopped", "ran"]
        assert session.cells[0].detail == OWN_END
        assert session.concerns == [f"cell 1 was left out: {OWN_END}"]
    assert box.starts == 2


def test_after_an_answer_that_ended_it_the_process_rises_again():
    falls = iter([True, False])

    def script(stream: Stream, wire: socket.socket) -> None:
        ready(stream)
        if not next(falls):
            request = stream.receive()
            stream.send({"answer": 1.0, "id": request["id"]})

    with playing(script) as (session, _):
        assert ask(session).kind == "stopped"
        assert ask(session).value == 1.0


def test_a_reference_is_answered_in_between():
    def script(stream: Stream, _: socket.socket) -> None:
        ready(stream)
        request = stream.receive()
        stream.send({"reference": "half", "inputs": {"x": 8.0}, "id": request["id"]})
        stream.send({"answer": stream.receive()["value"], "id": request["id"]})

    with playing(script) as (session, _):
        assert ask(session, {"half": lambda x: x / 2}).value == 4.0


def after_ready(attack: Callable[[Stream, socket.socket, int], None]) -> Script:
    def script(stream: Stream, wire: socket.socket) -> None:
        ready(stream)
        attack(stream, wire, stream.receive()["id"])
        time.sleep(5)

    return script


def endlessly(message: dict) -> Script:
    def script(stream: Stream, _: socket.socket) -> None:
        stream.receive()
        while True:
            stream.send(message)

    return script


def references_without_end(stream: Stream, _: socket.socket, number: int) -> None:
    while True:
        stream.send({"reference": "half", "inputs": {"x": 1.0}, "id": number})
        stream.receive()


def _raw(data: bytes) -> Script:
    return after_ready(lambda stream, wire, number: wire.sendall(data))


ATTACKS: dict[str, Script] = {
    "closes at once": lambda stream, wire: None,
    "never says anything": lambda stream, wire: time.sleep(5),
    "sends no message": lambda stream, wire: wire.sendall(b"\x00" * 4096),
    "announces more than there is": _raw(PREFIX.pack(MAGIC, 2**20, 10) + b"x"),
    "announces too much": _raw(PREFIX.pack(MAGIC, 2**60, 10)),
    "sends half a message": _raw(encode({"answer": 1.0})[:-1]),
    "events without end": endlessly({"cell": 0, "status": "start", "detail": ""}),
    "an event of no cell": endlessly({"cell": 99, "status": "start", "detail": ""}),
    "an event that is a list": endlessly([1]),
    "an event of no kind": endlessly({"cell": 0, "status": "perfect", "detail": ""}),
    "an event with an odd detail": endlessly({"cell": 0, "status": "ran", "detail": [1]}),
    "answers before it is asked": lambda stream, wire: (
        ready(stream),
        [stream.send({"answer": 1.0, "id": number}) for number in (0, 2, 3)],
        time.sleep(5),
    ),
    "answers another request": after_ready(
        lambda stream, wire, number: stream.send({"answer": 1.0, "id": number + 1})
    ),
    "answers without saying to what": after_ready(
        lambda stream, wire, number: stream.send({"answer": 1.0})
    ),
    "replies with a list": after_ready(lambda stream, wire, number: stream.send([number])),
    "references without end": after_ready(references_without_end),
    "keeps silent": after_ready(lambda stream, wire, number: None),
    "dribbles": after_ready(
        lambda stream, wire, number: [
            (wire.sendall(bytes([each])), time.sleep(0.05)) for each in encode({"x": 1, "id": 1})
        ]
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_earn_nothing_and_end(name):
    started = time.monotonic()
    with playing(ATTACKS[name]) as (session, box):
        response = ask(session, {"half": lambda x: x / 2})
        assert response.kind == "stopped" and response.value is None
    assert box.starts == box.ended
    assert time.monotonic() - started < 3 * LIMITS.total_seconds


def test_a_second_answer_is_not_taken_for_the_next():
    def script(stream: Stream, _: socket.socket) -> None:
        ready(stream)
        number = stream.receive()["id"]
        for _ in range(3):
            stream.send({"answer": 1.0, "id": number})
        time.sleep(5)

    with playing(script) as (session, _):
        assert ask(session).kind == "answer"
        assert ask(session).kind == "stopped"


@pytest.mark.parametrize(
    ("reference", "inputs"),
    [("other", {}), ("half", {"y": 1}), ("half", {"x": "text"}), ("half", [1]), (["half"], {})],
)
def test_references_that_do_not_fit_are_refused(reference, inputs):
    def script(stream: Stream, _: socket.socket) -> None:
        ready(stream)
        request = stream.receive()
        stream.send({"reference": reference, "inputs": inputs, "id": request["id"]})
        stream.send({"raised": stream.receive()["refused"], "id": request["id"]})

    with playing(script) as (session, _):
        response = ask(session, {"half": lambda x: x / 2})
        assert response.kind == "raised" and response.detail


def test_a_submission_has_no_more_than_its_time():
    def script(stream: Stream, _: socket.socket) -> None:
        ready(stream)
        stream.receive()
        time.sleep(5)

    started = time.monotonic()
    with playing(script) as (session, _):
        kinds = {ask(session).kind for _ in range(30)}
        details = {ask(session).detail for _ in range(3)}
        assert any("given up" in concern for concern in session.concerns)
    assert kinds == {"stopped"} and details != {TOO_LONG}
    assert time.monotonic() - started < 2 * LIMITS.total_seconds


class LostJob(FakeJob):
    def end(self) -> Ending:
        super().end()
        return Ending(0, "", "", lost=True)


class LostBox(FakeBox):
    def run(self) -> FakeJob:
        self.starts += 1
        return LostJob(self, self._script)


def test_a_lost_box_is_nobodys_fault_unless_it_goes_on():
    box = LostBox(lambda stream, wire: None)
    with Session(box, CODE, LIMITS) as session, pytest.raises(BoxLostError):
        ask(session)
    with Session(box, CODE, LIMITS, blame=True) as session:
        assert ask(session).kind == "stopped"


class UnwalledJob(FakeJob):
    def end(self) -> Ending:
        super().end()
        return Ending(UNWALLED, "", "")


class UnwalledBox(FakeBox):
    def run(self) -> FakeJob:
        self.starts += 1
        return UnwalledJob(self, self._script)


def test_a_wall_that_could_not_be_put_up_is_the_machines_fault():
    box = UnwalledBox(lambda stream, wire: None)
    with Session(box, CODE, LIMITS) as session, pytest.raises(BoxError, match="nothing was run"):
        ask(session)


def test_a_submission_that_ends_like_a_missing_wall_is_its_own_fault():
    def script(stream: Stream, _: socket.socket) -> None:
        stream.receive()
        stream.send({"cell": 0, "status": "start", "detail": ""})

    with Session(UnwalledBox(script), CODE, LIMITS) as session:
        assert ask(session).kind == "stopped"
