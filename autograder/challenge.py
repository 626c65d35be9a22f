"""What a hidden challenge is: inputs for the box, and what only the judge knows about them.

A question of an assignment has one challenge. ``draw`` makes its cases anew for every submission,
from a seed. Of a case, the ``inputs`` go into the box; the expected value, the tolerance and the
typical wrong answers stay with the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

Reference = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, told in the student's words.

    Attributes:
        name: short and fixed, for statistics: "left Riemann sum".
        message: what the student did; never what would be right.
        hint: where to look next.
    """

    name: str
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Case:
    """One hidden input and what is known about it.

    Attributes:
        aspect: the aspect of the question that it tries (a key of ``Challenge.aspects``).
        inputs: what the asking function in the box is given: numbers, strings, lists, dictionaries
            and arrays.
        expected: the right answer.
        wrong: name of a mistake to what it would answer here; looked at when inputs are drawn, to
            keep it away from the right answer, and when an answer is wrong.
        tolerance: largest relative error of a right answer (relative L1 for floats); ``None``:
            equal.
        read: makes the array that is compared of a response's value, which is hostile until then;
            raises ``comparing.Misread`` for what cannot be an answer. ``None``: one array of
            numbers.
        ask: the asking function, where it is another than the challenge's.
        references: what the judge answers in place of other blanks, by name; see ``stand_ins``.
    """

    aspect: str
    inputs: dict[str, Any]
    expected: np.ndarray
    wrong: Callable[[], Mapping[str, np.ndarray]] = dict
    tolerance: float | None = None
    read: Callable[[Any], np.ndarray] | None = None
    ask: str = ""
    references: Mapping[str, Reference] = field(default_factory=dict)


@dataclass(frozen=True)
class Challenge:
    """How one question is marked.

    Attributes:
        question: its name, that of its visible check: "get_attributions".
        title: as the notebook calls it.
        ask: function of ``autograder.inside.asks.<assignment>`` that calls what the student wrote.
        blanks: names of what the student completes.
        aspects: name to points; all cases of an aspect must be right for its points.
        draw: cases from a random generator.
        mistakes: by name, what ``Case.wrong`` may name.
        stand_ins: name of another blank that the answer may use, to the name of the reference that
            stands in for it. They stand in on a second try only, when the first went wrong and that
            blank was wrong too: so a wrong blank costs its own points and no other's.
    """

    question: str
    title: str
    ask: str
    blanks: tuple[str, ...]
    aspects: Mapping[str, float]
    draw: Callable[[np.random.Generator], Sequence[Case]]
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)


Kind = Literal["answer", "missing", "raised", "stopped", "malformed"]


@dataclass(frozen=True)
class Response:
    """What came back from the box for one case.

    Attributes:
        kind: "answer"; "missing" (not attempted, or no such name); "raised" an error; "stopped" by
            a limit or its own exit; "malformed" (not what an answer may be).
        value: of an answer: arrays, numbers, strings, lists or dictionaries of these.
        detail: of anything else: what happened, in words; from the box, so not to be trusted.
    """

    kind: Kind
    value: Any = None
    detail: str = ""


class Transport(Protocol):
    """The way to a student's code."""

    def ask(
        self,
        ask: str,
        inputs: dict[str, Any],
        stand_ins: Mapping[str, str],
        references: Mapping[str, Reference],
    ) -> Response:
        """Call an asking function in the box; answer what it asks for meanwhile.

        Args:
            ask: its name.
            inputs: what it is given.
            stand_ins: names of the student's that are replaced by references during this call.
            references: what the judge computes on request, by name; called with what comes from the
                box, so they check it and raise ``ValueError`` for what they do not take.
        """
        ...
