"""Hostile responses: none crashes the judge, none earns a point."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from autograder.challenge import Case, Response
from autograder.challenges import ASSIGNMENTS, challenges_of
from autograder.diagnosis import outcome_of, verdict
from autograder.judge import generator
from autograder.responses import LARGEST_ANSWER, checked

CASES = [
    (each, list(each.draw(generator(77, each.question))))
    for name in ASSIGNMENTS
    for each in challenges_of(name)
]
FUZZED = 2_000


class EqualToEverything:
    """Compares as equal with whatever comes."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.zeros(3)


class Subclass(np.ndarray):
    """An array that compares as equal."""

    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, bool)


def cyclic() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


def nested(depth: int) -> Any:
    value: Any = 1.0
    for _ in range(depth):
        value = {"a": [value]}
    return value


HOSTILE: dict[str, Any] = {
    "nothing": None,
    "text": "1.0",
    "long text": "x" * 10**6,
    "whole number of many digits": 10**4000,
    "minus infinity": -float("inf"),
    "NaN": np.full(3, np.nan),
    "zero by zero": np.zeros((0, 0)),
    "objects": np.array([None, "a"], dtype=object),
    "strings": np.array(["a", "b"]),
    "complex": np.array([1j]),
    "dates": np.array(["2026-01-01"], dtype="M8[D]"),
    "records": np.zeros(2, dtype=[("a", "f8")]),
    "huge": np.zeros(2**18),
    "many": [np.zeros(1)] * 100,
    "nested": nested(40),
    "cyclic": cyclic(),
    "equal to everything": EqualToEverything(),
    "equal arrays": np.zeros(3).view(Subclass),
    "masked": np.ma.masked_all(3),
    "a function": print,
    "bytes": b"abc",
    "a set": {1, 2},
    "surrogates": "\ud800\udfff",
    "keys that are no text": {1: 2},
    "a key of the protocol": {"__array__": 0},
    "kind as array": {"kind": np.zeros(3), "slice": np.zeros(2), "attribution": np.zeros(1)},
    "keys as arrays": {"keys": [np.zeros(3)], "error": 1.0, "similarity": 1.0, "gain": np.ones(9)},
    "verdicts as arrays": {"own": {"A": np.zeros(3), "B": np.zeros(3), "C": [1]}},
    "verdicts of nothing": {"own": {}, "given": None},
    "received": {"received": "<script>alert(1)</script>" * 100},
    "received as array": {"received": np.zeros(3)},
}


def marked(cases: list[Case], challenge: Any, values: list[Any]) -> Any:
    responses = [checked(Response("answer", each)) for each in values]
    return verdict(challenge, [outcome_of(*pair) for pair in zip(cases, responses, strict=True)])


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_answer_to_everything_earns_nothing(name: str) -> None:
    for challenge, cases in CASES:
        result = marked(cases, challenge, [HOSTILE[name]] * len(cases))
        assert result.points == 0
        assert result.status == "wrong"
        assert result.message and len(result.message) < 600 and result.message.isprintable()


def test_an_answer_is_a_plain_value_of_bounded_size() -> None:
    assert checked(Response("answer", np.zeros(3).view(Subclass))).value.__class__ is np.ndarray
    assert checked(Response("answer", np.zeros(LARGEST_ANSWER // 8))).kind == "malformed"
    assert checked(Response("answer", cyclic())).kind == "malformed"
    assert checked(Response("answer", EqualToEverything())).kind == "malformed"
    assert checked(Response("surprise", 1)).kind == "malformed"  # type: ignore[arg-type]
    assert checked(Response("missing", value=5)).value is None
    assert checked(Response("raised", detail=5)).detail == ""  # type: ignore[arg-type]


def test_fuzzed_answers_earn_nothing_and_break_nothing() -> None:
    rng = random.Random(3)
    arrays = np.random.default_rng(3)
    count = 0
    while count < FUZZED:
        for challenge, cases in CASES:
            values = [fuzzed(rng, arrays, case) for case in cases]
            result = marked(cases, challenge, values)
            assert result.points == 0, (challenge.question, values)
            assert result.message.isprintable()
            count += len(cases)


def fuzzed(rng: random.Random, arrays: np.random.Generator, case: Case) -> Any:
    """A value that resembles an answer and is not one."""
    right = case.expected
    spoilt = [
        lambda: right + 1.0,
        lambda: right[np.newaxis],
        lambda: np.where(arrays.random(right.shape) < 0.5, np.nan, right),
        lambda: (right * 1e300).astype(np.float64),
        lambda: -right - 1,
        lambda: (arrays.integers(0, 99, right.shape) + 9).astype(rng.choice(["i1", "f2", "i8"])),
        lambda: np.zeros([rng.randrange(4) for _ in range(rng.randrange(9))]),
        lambda: right.astype("U8"),
        lambda: rng.choice(list(HOSTILE.values())),
    ]
    value: Any = rng.choice(spoilt)()
    keys = [
        "kind",
        "slice",
        "values",
        "gradients",
        "attribution",
        "compressed",
        "activations",
        "influence",
        "gain",
        "keys",
        "error",
        "similarity",
        "own",
        "given",
        "received",
    ]
    words: list[Any] = ["question", "explanation", "slice", "", "A", "sound", None, 1e308, True]
    if rng.random() < 0.5:
        pick = [
            rng.choice([value, rng.choice(words), [rng.choice(words)], {"A": "sound"}])
            for _ in keys
        ]
        value = {key: each for key, each in zip(keys, pick, strict=True) if rng.random() < 0.8}
    return value if rng.random() < 0.9 else [value]


def test_giving_back_what_came_in_earns_nothing() -> None:
    for challenge, cases in CASES:
        for name in cases[0].inputs:
            given = [case.inputs.get(name) for case in cases]
            echoed = [
                {**case.inputs, "compressed": each} if challenge.question == "compress" else each
                for case, each in zip(cases, given, strict=True)
            ]
            assert marked(cases, challenge, echoed).points == 0, (challenge.question, name)
    for constant in (0, 1, 0.5, [0], [1, 2, 3]):
        for challenge, cases in CASES:
            answers = [np.asarray(constant, dtype=float)] * len(cases)
            assert marked(cases, challenge, answers).points == 0, (challenge.question, constant)
