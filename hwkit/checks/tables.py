"""Answers written down as numbers, so that a check can know them without holding the formula.

A table has a block for each call of the student's code. It starts with what is special about the
call; below, indented, stand the right numbers and those that typical mistakes lead to:

    one instance
        right        | 1.5 -2 0.25
        no bias      | 3 -4 0.5

A mistake that makes no difference to a call is left out of its block. The tests confirm that each
line is what its name says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.checks.comparing import Case, numbers
from hwkit.checks.student_code import call

NOT_FINITE = "what you return contains NaN or infinity: something divides by zero or overflows."
HUGE = "where a denominator is 0 you hand out huge numbers; nothing is to be handed out there."
_HUGE = 1e4
Block = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Example:
    """One call of the student's code.

    Attributes:
        label: the name of its block.
        arguments: what is passed; arrays are copied before.
        shape: of the answer.
    """

    label: str
    arguments: tuple[Any, ...]
    shape: tuple[int, ...]


def read(text: str) -> dict[str, Block]:
    """Blocks of a table, by their labels: the numbers of each line, by its name."""
    blocks: dict[str, Block] = {}
    block: Block = {}
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" "):
            name, _, values = line.partition("|")
            block[name.strip()] = np.array(values.split(), np.float64)
        else:
            block = blocks[line.strip()] = {}
    return blocks


def fixed(numbers: object, dtype: Any = np.float32) -> np.ndarray:
    """These numbers as an array that cannot be changed."""
    array = np.array(numbers, dtype)
    array.flags.writeable = False
    return array


def cases(
    function: Callable[..., Any],
    examples: Sequence[Example],
    table: str,
    sentences: Mapping[str, str],
    what: str,
    **more: Any,
) -> Iterator[Case]:
    """Call the student's function for each example and pair its answer with the table's numbers.

    Args:
        function: the student's.
        examples: what it is called with.
        table: right and wrong numbers; a block for each example.
        sentences: what to say to a mistake, by the name of its lines.
        what: the answer in words.
        more: arguments of ``case``.
    """
    blocks = read(table)
    for example in examples:
        label = example.label
        answer = call(function, *example.arguments, case=label)
        found = numbers(answer, example.shape, what, label)
        yield case(label, found, blocks[label], sentences, **more)


def case(
    label: str,
    found: np.ndarray,
    block: Block,
    sentences: Mapping[str, str],
    *,
    huge: str = "",
    what: str = "",
    own_scale: bool = False,
) -> Case:
    """An answer beside a block's numbers.

    NaN and, if there is a sentence for them, huge numbers are named last, and only where no other
    mistake explains them.
    """
    mistakes = {
        sentence: block[name].reshape(found.shape)
        for name, sentence in sentences.items()
        if name in block
    }
    right = block["right"].reshape(found.shape)
    if not (np.isfinite(found) | ~np.isfinite(right)).all():
        mistakes[NOT_FINITE] = found
    elif huge and np.abs(found).max(initial=0) > _HUGE * max(1.0, np.abs(right).max(initial=0)):
        mistakes[huge] = found
    return Case(label, found, right, mistakes, what, own_scale)
