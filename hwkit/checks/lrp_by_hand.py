"""The check of ``by_hand()``: the relevance of the toy network, worked out on paper.

The network is the same for everybody, so that its numbers would be the answer. Only fingerprints of
them stand here: of each right number, and of the numbers that each typical mistake leads to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from numbers import Rational
from typing import Any

import numpy as np

from hwkit.checks.comparing import numbers
from hwkit.checks.question import NotAttemptedError, WrongAnswerError
from hwkit.checks.student_code import call

SHAPES = {"hidden": (3,), "input": (2,)}
RIGHT: dict[str, tuple[str, ...]] = {
    "hidden": ("3a65acb4bcf0fd0e", "b256179179bb62ec", "75ddfb9ea09986aa"),
    "input": ("3c238817df30a06e", "20d1274c76cc644b"),
}
MISTAKES: dict[str, dict[str, str]] = {
    "hidden": {
        "no ReLU": "cf2e68e26a62748b",
        "no bias": "419f286221212428",
        "no activation": "b05c90e2544a51dc",
        "weights": "14d3d7839ede3390",
        "absolute": "e662d12235e969c0",
        "shares": "91a18186067d2ce8",
        "activations": "4313eea931f5d503",
        "all equal": "c8f5918363d72866",
    },
    "input": {
        "no ReLU": "f48b21a8578b144b",
        "no bias": "9776171558ec8bea",
        "no activation": "059cff67569d4460",
        "weights": "c4b9a08a1f1a48a3",
        "absolute": "5e8f69fe27c56543",
        "shares": "a0a9e98c2d9fa703",
        "activations": "eb9a5a586b0f6a89",
        "all equal": "d3a8549f7f21da85",
        "bias in inputs": "712d017c58382ac4",
        "bias in halves": "4562c22f0a388e5a",
        "no x": "3b39c8dd7c90f8f3",
        "rescaled": "f6f46ce411b5c9f8",
        "equal": "35083b5556f87da0",
        "absolute parts": "219d8bc2485bbbd9",
        "positive parts": "65706ba39beb0011",
        "absolute input": "c7c0afec4e354ec6",
        "swapped": "5bc9763c78d59ea7",
    },
}
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
    answer = _answer(by_hand)
    found = {
        name: numbers(_floats(answer[name]), shape, f"the relevance of '{name}'", "by hand")
        for name, shape in SHAPES.items()
    }
    wrong = [name for name in SHAPES if _wrong_places(name, found[name])]
    if wrong:
        sentence = _mistake(found, wrong) or _where(wrong[0], found[wrong[0]])
        raise WrongAnswerError(sentence, _HINTS.get(sentence, _HINTS[""]))


def fingerprint(name: str, values: np.ndarray) -> str:
    """What stands for numbers of an entry, rounded to hundredths."""
    rounded = " ".join(f"{value:.2f}" for value in np.atleast_1d(values).round(2) + 0.0)
    return hashlib.sha256(f"by hand/{name}/{rounded}".encode()).hexdigest()[:16]


def _answer(by_hand: Callable[..., Any]) -> Mapping[str, Any]:
    answer = call(by_hand)
    if hasattr(answer, "to_dict"):  # a table
        answer = answer.to_dict()
    if not isinstance(answer, Mapping):
        raise WrongAnswerError(
            f'expected {{"hidden": 3 numbers, "input": 2 numbers}}, received '
            f"{type(answer).__name__}."
        )
    if not set(SHAPES) <= set(answer):
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


def _floats(value: Any) -> Any:
    """Fractions as numbers; everything else as it is."""
    if isinstance(value, (list, tuple)) and all(isinstance(each, Rational) for each in value):
        return [float(each) for each in value]
    return value


def _wrong_places(name: str, found: np.ndarray) -> list[int]:
    known = enumerate(RIGHT[name])
    return [
        place for place, right in known if fingerprint(f"{name} {place}", found[place]) != right
    ]


def _mistake(found: Mapping[str, np.ndarray], wrong: list[str]) -> str | None:
    """The sentence on a mistake that explains both entries, all wrong ones, or the first."""
    for considered in (list(SHAPES), wrong, wrong[:1]):
        for mistake, sentence in SENTENCES.items():
            if all(
                fingerprint(name, found[name]) == MISTAKES[name].get(mistake) for name in considered
            ):
                return sentence
    return None


def _where(name: str, found: np.ndarray) -> str:
    if not np.isfinite(found).all():
        return f"the relevance of '{name}' contains NaN or infinity."
    places = _wrong_places(name, found)
    return (
        f"the relevance of '{name}' is not right in {len(places)} of {len(found)} numbers, first "
        f"at [{places[0]}], where you have {found[places[0]]:.4g}."
    )
