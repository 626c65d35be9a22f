"""The check of ``by_hand()``: the relevance of the toy network, worked out on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.lrp_tables import case, read
from hwkit.checks.question import NotAttemptedError, WrongAnswerError
from hwkit.checks.student_code import call

SHAPES = {"hidden": (3,), "input": (2,)}
TABLE = """
hidden
    right            | 0 9 -4
    no ReLU          | -9 9 -4
    no bias          | 0 0 -4
    no activation    | 0 3 -1
    weights          | 1 3 -1
    absolute         | 0 9 4
    shares           | 0 1.8 -0.8
    activations      | 0 3 4
    all equal        | 1.6666667 1.6666667 1.6666667
input
    right            | -24 14
    no ReLU          | -27 8
    no bias          | -6 2
    no activation    | -7.5 4.5
    weights          | -7.1666667 5.1666667
    absolute         | -12 10
    shares           | -4.8 2.8
    activations      | 0 2
    all equal        | -0.2777778 2.5
    bias in inputs   | 21 -16
    bias in halves   | -16.5 21.5
    no x             | -8 7
    rescaled         | 12 -7
    equal            | 2.5 2.5
    absolute parts   | 2.4 2.6
    positive parts   | -4 4
    absolute input   | 24 14
    swapped          | 14 -24
"""
SENTENCES = {
    "no ReLU": "the hidden unit that is off has relevance; after the ReLU it contributes nothing.",
    "no bias": "the hidden bias is forgotten: with it another unit is on.",
    "no activation": "the relevance of a hidden unit is its contribution a u, not its weight u.",
    "weights": "these are the weights of the score, not what the hidden units contribute to it.",
    "absolute": "relevance has a sign: a unit that lowers the score has negative relevance.",
    "shares": "these are shares of the score; relevance adds up to the score itself.",
    "activations": "these are the activations; how they enter the score is missing.",
    "all equal": "the score is handed to the hidden units in equal parts; they contributed "
    "differently.",
    "bias in inputs": "the bias's share went to the inputs. The denominator is z with its bias, "
    "so that the bias keeps its share.",
    "bias in halves": "the bias's share is divided among the inputs; it stays with the bias.",
    "no x": "the inputs themselves are missing: input j contributes x_j V_jk, not V_jk.",
    "rescaled": "the relevance of the inputs is scaled to the score; the bias's share is lost.",
    "equal": "the relevance is handed to the inputs in equal parts; they contributed differently.",
    "absolute parts": "contributions have a sign: do not take their size.",
    "positive parts": "only positive contributions count here; LRP-0 counts all of them.",
    "absolute input": "relevance has a sign, also that of the inputs.",
    "swapped": "the two inputs are swapped.",
}
_HINTS = {
    SENTENCES["no ReLU"]: "a = relu(z), and the score is made of a.",
    SENTENCES["no x"]: "Compare with what z is made of.",
    "": "First z and a of each hidden unit, then a u, then each unit's relevance in proportion to "
    "what is added up in its z.",
}


def check_by_hand(by_hand: Callable[..., Any]) -> None:
    """Judge the relevance of the hidden units, then that of the inputs.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other numbers, or no such entries.
    """
    judge(_cases(_answer(by_hand)), _HINTS, "the relevance")


def _answer(by_hand: Callable[..., Any]) -> Mapping[str, Any]:
    answer = call(by_hand)
    if not isinstance(answer, Mapping):
        raise WrongAnswerError(
            f'expected {{"hidden": 3 numbers, "input": 2 numbers}}, received '
            f"{type(answer).__name__}."
        )
    if set(answer) != set(SHAPES):
        named = ", ".join(map(repr, answer)) or "none"
        raise WrongAnswerError(f"expected the entries 'hidden' and 'input', received: {named}.")
    empty = [name for name in SHAPES if _is_empty(answer[name])]
    if len(empty) == len(SHAPES):
        raise NotAttemptedError("")
    if empty:
        raise WrongAnswerError(f"the entry '{empty[0]}' is still empty.")
    return answer


def _is_empty(value: Any) -> bool:
    return value is None or value is Ellipsis


def _cases(answer: Mapping[str, Any]) -> Iterator[Case]:
    for name, block in read(TABLE).items():
        what = f"the relevance of '{name}'"
        found = numbers(answer[name], SHAPES[name], what, name)
        yield case(name, found, block, SENTENCES)
