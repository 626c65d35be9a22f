"""The visible checks of every hunt."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from galleries import verdict

from hwkit.checks.agreement_hunt import AGREEMENT_HUNT
from hwkit.checks.class_hunt import CLASS_HUNT
from hwkit.checks.hunt import HUNT
from hwkit.checks.hunting import Hunt
from hwkit.checks.surrogate_hunt import SURROGATE_HUNT


@dataclass(frozen=True)
class Solved:
    """A hunt and what is true of its suspects.

    Attributes:
        hunt: which.
        sound, leaks, stays: names of the suspects.
        words: what its own words about a verdict or a number should hold.
    """

    hunt: Hunt
    sound: str
    leaks: str
    stays: str
    words: dict[str, str]

    @property
    def verdicts(self) -> dict[str, str]:
        names = (self.sound, self.leaks, self.stays)
        return dict(sorted(zip(names, self.hunt.verdicts, strict=True)))

    @property
    def evidence(self) -> dict[str, dict[str, Any]]:
        numbers = {self.sound: (4e-3, 0.46), self.leaks: (0.92, 0.45), self.stays: (1e-7, 1.0)}
        keys = (self.hunt.error, self.hunt.similarity)
        return {name: dict(zip(keys, numbers[name], strict=True)) for name in sorted(numbers)}

    def changed(self, name: str, **values: Any) -> dict[str, dict[str, Any]]:
        """The evidence with another error or similarity of one suspect."""
        table = copy.deepcopy(self.evidence)
        table[name] |= {getattr(self.hunt, key): value for key, value in values.items()}
        return table


SOLVED = (
    Solved(
        HUNT,
        sound="B",
        leaks="C",
        stays="A",
        words={
            "stays": "its map stays the same when the network is randomised",
            "think": "where the map comes from",
            "moves": "its map changes with the network",
            "adds up": "the attributions add up (completeness error 0.004",
            "leaks": "the attributions do not add up",
            "possible": "'sound', 'incomplete' and 'ignores the network'",
            "relative": "relative to |Q(z) - Q(b)|",
        },
    ),
    Solved(
        CLASS_HUNT,
        sound="A",
        leaks="B",
        stays="C",
        words={
            "stays": "stays the same when another class is asked for",
            "think": "the question that the map answers",
            "moves": "its map changes with the class",
            "adds up": "the relevances add up (conservation error 0.004",
            "leaks": "the relevances do not add up",
            "possible": "'sound', 'does not conserve' and 'blind to the class'",
            "relative": "relative to |f(x) - f(empty page)|",
        },
    ),
    Solved(
        SURROGATE_HUNT,
        sound="C",
        leaks="A",
        stays="B",
        words={
            "stays": "stays the same when the network's weights are shuffled",
            "think": "where the values come from",
            "moves": "its map changes with the network",
            "adds up": "the values add up (efficiency error 0.004",
            "leaks": "the values do not add up",
            "possible": "'sound', 'does not add up' and 'blind to the network'",
            "relative": "relative to |f_c(x) - f_c(hidden page)|",
        },
    ),
    Solved(
        AGREEMENT_HUNT,
        sound="A",
        leaks="C",
        stays="B",
        words={
            "stays": "is the same for a network that learned shuffled labels",
            "think": "where the map comes from",
            "moves": "its map changes with what the network learned",
            "adds up": "the attributions add up (completeness error 0.004",
            "leaks": "the attributions do not add up",
            "possible": "'sound', 'does not add up' and 'blind to training'",
            "relative": "relative to |f_c(x) - f_c(paper)|",
        },
    ),
)
by_hunt = pytest.mark.parametrize("solved", SOLVED, ids=lambda each: each.hunt.question)


def with_numbers(number: Callable[[float], Any]) -> Callable[[Solved], tuple[Any, Any]]:
    def give(solved: Solved) -> tuple[Any, Any]:
        table = {
            name: {key: number(value) for key, value in row.items()}
            for name, row in solved.evidence.items()
        }
        return solved.verdicts, table

    return give


RIGHT: dict[str, Callable[[Solved], tuple[Any, Any]]] = {
    "plain": lambda s: (s.verdicts, s.evidence),
    "float32": with_numbers(np.float32),
    "arrays": with_numbers(np.array),
    "table": lambda s: (s.verdicts, pd.DataFrame(s.evidence)),
    "table of rows": lambda s: (s.verdicts, pd.DataFrame(s.evidence).T),
    "series": lambda s: (pd.Series(s.verdicts), s.evidence),
    "backwards": lambda s: (
        dict(reversed(s.verdicts.items())),
        dict(reversed(s.evidence.items())),
    ),
}


@by_hunt
@pytest.mark.parametrize("form", RIGHT)
def test_right_verdicts_pass(solved: Solved, form: str) -> None:
    assert verdict(solved.hunt.question, *RIGHT[form](solved)).startswith("[passed]")


# Name of what goes wrong to verdicts, evidence, and what should be said; words of a hunt by name.
WRONG: dict[str, Callable[[Solved], tuple[Any, Any, str]]] = {
    "sound though it stays": lambda s: (
        s.verdicts | {s.stays: "sound"},
        s.evidence,
        s.words["stays"],
    ),
    "leaks though it stays": lambda s: (
        s.verdicts | {s.stays: s.hunt.leaks},
        s.evidence,
        s.words["think"],
    ),
    "leaks though it is sound": lambda s: (
        s.verdicts | {s.sound: s.hunt.leaks},
        s.evidence,
        s.words["adds up"],
    ),
    "stays though it is sound": lambda s: (
        s.verdicts | {s.sound: s.hunt.stays},
        s.evidence,
        s.words["moves"],
    ),
    "sound though it leaks": lambda s: (
        s.verdicts | {s.leaks: "sound"},
        s.evidence,
        s.words["leaks"],
    ),
    "stays though it leaks": lambda s: (
        s.verdicts | {s.leaks: s.hunt.stays},
        s.evidence,
        s.words["moves"],
    ),
    "all sound": lambda s: (dict.fromkeys("ABC", "sound"), s.evidence, "is not supported"),
    "no such verdict": lambda s: (s.verdicts | {"B": "fine"}, s.evidence, s.words["possible"]),
    "no verdict yet": lambda s: (s.verdicts | {"B": ...}, s.evidence, "B has no verdict yet"),
    "one verdict only": lambda s: ({"A": "sound"}, s.evidence, "an entry for each of A, B, C"),
    "a list": lambda s: (["sound"] * 3, s.evidence, "should be a dictionary, received list"),
    "an error lacks": lambda s: (
        s.verdicts,
        s.changed("B", error=None),
        f"evidence on B lacks its '{s.hunt.error}'",
    ),
    "negative": lambda s: (s.verdicts, s.changed(s.sound, error=-4e-3), "negative"),
    "not relative": lambda s: (s.verdicts, s.changed(s.leaks, error=3e3), s.words["relative"]),
    "no correlation": lambda s: (
        s.verdicts,
        s.changed(s.leaks, similarity=45.0),
        "not between -1 and 1",
    ),
    "not finite": lambda s: (
        s.verdicts,
        s.changed(s.leaks, similarity=float("nan")),
        "not a finite number",
    ),
    "text": lambda s: (
        s.verdicts,
        s.changed(s.leaks, similarity="low"),
        "should be one number, received str",
    ),
    "several numbers": lambda s: (
        s.verdicts,
        s.changed(s.sound, similarity=np.ones(3)),
        "should be one number, received ndarray",
    ),
    "a number for two": lambda s: (
        s.verdicts,
        s.evidence | {"B": 0.4},
        "should be a dictionary, received float",
    ),
    "evidence on one only": lambda s: (
        s.verdicts,
        {"A": s.evidence["A"]},
        "evidence should have an entry for each",
    ),
    "made-up numbers that would support it": lambda s: (
        s.verdicts | {s.sound: s.hunt.stays, s.stays: "sound"},
        s.evidence | {s.sound: s.evidence[s.stays], s.stays: s.evidence[s.sound]},
        f"but {min(s.sound, s.stays)} does not give such numbers",
    ),
    "a suspect in place of another": lambda s: (
        s.verdicts,
        s.evidence | {s.stays: s.evidence[s.sound]},
        s.words["moves"],
    ),
    "a suspect twice": lambda s: (
        s.verdicts | {s.stays: "sound"},
        s.evidence | {s.stays: s.evidence[s.sound]},
        "exactly the same numbers",
    ),
}


@by_hunt
@pytest.mark.parametrize("what", WRONG)
def test_wrong_verdicts_and_poor_evidence_are_told_why(solved: Solved, what: str) -> None:
    verdicts, evidence, words = WRONG[what](solved)
    said = verdict(solved.hunt.question, verdicts, evidence)
    assert said.startswith("[not right yet]"), said
    assert words in said


@by_hunt
def test_an_empty_blank_is_not_attempted(solved: Solved) -> None:
    keys = (solved.hunt.error, solved.hunt.similarity)
    blank = {name: dict.fromkeys(keys) for name in "ABC"}
    question = solved.hunt.question
    assert "not attempted yet" in verdict(question, dict.fromkeys("ABC"), blank)
    assert "not attempted yet" in verdict(question, None, None)
