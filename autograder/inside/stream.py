"""Frames over a pair of file descriptors, with deadlines."""

from __future__ import annotations

import os
import select
import time
from typing import Any

from autograder.inside.codec import PREFIX, Bounds, body_lengths, decode, encode

_CHUNK = 2**20


class ClosedError(Exception):
    """The other side is gone."""


class Stream:
    """Sends and receives messages.

    Args:
        reading: file descriptor to read from.
        writing: file descriptor to write to; may be the same socket.
        bounds: what a received message may hold at most.
    """

    def __init__(self, reading: int, writing: int, bounds: Bounds | None = None) -> None:
        self._reading = reading
        self._writing = writing
        self._bounds = bounds or Bounds()

    def send(self, message: Any, deadline: float | None = None) -> None:
        """Send one message.

        Args:
            message: as ``codec.encode`` takes it.
            deadline: on ``time.monotonic``; ``None`` for none.

        Raises:
            ProtocolError: it cannot be encoded. ClosedError: nobody listens. TimeoutError: nobody
                took it in time.
        """
        data = memoryview(encode(message))
        while len(data):
            self._wait([], [self._writing], deadline)
            try:
                # No more than a pipe surely takes, so that writing never blocks.
                data = data[os.write(self._writing, data[: select.PIPE_BUF]) :]
            except OSError as error:
                raise ClosedError(str(error)) from None

    def receive(self, deadline: float | None = None) -> Any:
        """Receive one message.

        Raises:
            ProtocolError: what came is no message within its bounds. ClosedError: the other side
                closed. TimeoutError: not whole in time.
        """
        prefix = self._exactly(PREFIX.size, deadline)
        body, _ = body_lengths(prefix, self._bounds)
        return decode(prefix + self._exactly(body, deadline), self._bounds)

    def _exactly(self, size: int, deadline: float | None) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait([self._reading], [], deadline)
            try:
                piece = os.read(self._reading, min(size - len(data), _CHUNK))
            except OSError as error:
                raise ClosedError(str(error)) from None
            if not piece:
                raise ClosedError("the other side closed")
            data += piece
        return bytes(data)

    @staticmethod
    def _wait(reading: list[int], writing: list[int], deadline: float | None) -> None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError("no message in time")
        poll = select.poll()
        for number in reading:
            poll.register(number, select.POLLIN)
        for number in writing:
            poll.register(number, select.POLLOUT)
        if not poll.poll(None if left is None else left * 1000):
            raise TimeoutError("no message in time")
