"""Answers in several parts, such as (b, beta), beside the numbers of a table.

A table has a block for each part of each answer: "one output: b", "one output: beta".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.checks.comparing import Case, numbers
from hwkit.checks.question import NotAttemptedError, WrongAnswerError
from hwkit.checks.student_code import call
from hwkit.checks.tables import case, read


@dataclass(frozen=True, eq=False)
class PartsExample:
    """One call of the student's code.

    Attributes:
        label: what is special about it.
        arguments: what is passed; arrays are copied before.
        shapes: of the parts of the answer, by their names, in order.
    """

    label: str
    arguments: tuple[Any, ...]
    shapes: Mapping[str, tuple[int, ...]]

    def block(self, part: str) -> str:
        """The name of a part's block."""
        return f"{self.label}: {part}"


def cases_of_parts(
    function: Callable[..., Any],
    examples: Sequence[PartsExample],
    table: str,
    sentences: Mapping[str, str],
) -> Iterator[Case]:
    """Call the student's function for each example and pair each part with the table's numbers.

    Args:
        function: the student's.
        examples: what it is called with.
        table: right and wrong numbers; a block for each part of each example.
        sentences: what to say to a mistake, by the name of its lines.
    """
    blocks = read(table)
    for example in examples:
        for part, values in answered(function, example).items():
            yield case(example.label, values, blocks[example.block(part)], sentences, what=part)


def answered(function: Callable[..., Any], example: PartsExample) -> dict[str, np.ndarray]:
    """The parts of what the student's function returns, as numbers, by their names.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: not these parts, not numbers, or
            another shape.
    """
    answer = call(function, *example.arguments, case=example.label)
    return {
        part: numbers(_number(value) if shape == () else value, shape, part, example.label)
        for (part, shape), value in zip(
            example.shapes.items(), _parts(answer, example), strict=True
        )
    }


def _parts(answer: Any, example: PartsExample) -> list[Any]:
    wanted = f"({', '.join(example.shapes)})"
    try:
        parts = [] if isinstance(answer, (str, Mapping)) else list(answer)
    except TypeError:
        parts = []
    if not parts:
        raise WrongAnswerError(f"expected {wanted}, received {type(answer).__name__}.")
    if len(parts) != len(example.shapes):
        raise WrongAnswerError(
            f"expected {wanted}, received {len(parts)} things ({example.label}).",
            f"return {wanted[1:-1]} returns them in this order.",
        )
    empty = [name for name, part in zip(example.shapes, parts, strict=True) if _is_empty(part)]
    if len(empty) == len(parts):
        raise NotAttemptedError("")
    if empty:
        raise WrongAnswerError(f"{empty[0]} is still empty.")
    shapes = tuple(example.shapes.values())
    if _shapes(parts) == shapes[::-1] != shapes:
        raise WrongAnswerError(f"the order is turned: {wanted} is expected ({example.label}).")
    return parts


def _number(value: Any) -> Any:
    """A list or array of one number as that number; everything else as it is."""
    return np.reshape(value, ()) if _shapes([value]) in (((1,),), ((1, 1),)) else value


def _is_empty(value: Any) -> bool:
    return value is None or value is Ellipsis


def _shapes(parts: Sequence[Any]) -> tuple[tuple[int, ...], ...]:
    try:
        return tuple(np.shape(each) for each in parts)
    except ValueError:  # lists of unequal length
        return ()
