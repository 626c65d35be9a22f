"""What every kind of box offers: jobs that can be talked to and ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

OUT_OF_MEMORY = "it used more memory than it may"
FLOOD = "it printed without end"


class BoxError(OSError):
    """A box could not be made; the message says why, and how to get one."""


class BoxLostError(Exception):
    """The box itself was ended from outside, and with it the submission in it."""


@dataclass(frozen=True)
class Ending:
    """How a job ended.

    Attributes:
        status: of its processes, as ``os.waitstatus_to_exitcode`` tells it.
        stopped: why it was stopped from outside, in words; empty where it was not.
        output: the first part of what it printed.
        lost: the box itself was ended, from outside for all that is known.
    """

    status: int
    stopped: str
    output: str
    lost: bool = False


class Job(Protocol):
    """A submission that runs in a box.

    Attributes:
        reading: file descriptor that its messages come from.
        writing: file descriptor that messages to it go to.
    """

    reading: int
    writing: int

    def end(self) -> Ending:
        """End it, and make sure that nothing of it is left."""
        ...


class Box(Protocol):
    """Where submissions run, one at a time.

    Attributes:
        name: of its kind: "bubblewrap", "docker", "podman" or "none".
    """

    name: str

    def run(self) -> Job:
        """Start a job that waits for its submission.

        Raises:
            BoxError: the box cannot be made here.
        """
        ...

    def close(self) -> None:
        """End the box and everything in it."""
        ...
