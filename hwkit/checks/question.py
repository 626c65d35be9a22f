"""What a question of an assignment is, and the two ways in which an answer can fall short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class NotAttemptedError(Exception):
    """The blank is still empty; the message says which other blank it waits for, if any."""


class WrongAnswerError(Exception):
    """The answer is not right yet.

    Attributes:
        message: what is wrong and where, in the student's words, never what would be right.
        hint: where to look next; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Question:
    """A question that a visible check can judge.

    Attributes:
        title: as the notebook calls it.
        answers: names of what ``check`` is given, in this order.
        check: judges the answers; returns if they are right, else raises ``NotAttemptedError`` or
            ``WrongAnswerError``.
        blanks: names of the functions and classes that the student completes.
    """

    title: str
    answers: tuple[str, ...]
    check: Callable[..., None]
    blanks: tuple[str, ...] = ()
