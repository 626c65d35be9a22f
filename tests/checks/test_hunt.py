from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from galleries import verdict

from hwkit.checks.hunt import COMPLETENESS, SIMILARITY

VERDICTS = {"A": "ignores the network", "B": "sound", "C": "incomplete"}
EVIDENCE = {
    "A": {COMPLETENESS: 1e-7, SIMILARITY: 1.0},
    "B": {COMPLETENESS: 0.004, SIMILARITY: 0.46},
    "C": {COMPLETENESS: 0.92, SIMILARITY: 0.45},
}


def with_numpy(number):
    return {name: {k: number(v) for k, v in row.items()} for name, row in EVIDENCE.items()}


@pytest.mark.parametrize(
    ("verdicts", "evidence"),
    [
        (VERDICTS, EVIDENCE),
        (VERDICTS, with_numpy(np.float32)),
        (VERDICTS, with_numpy(np.array)),
        (VERDICTS, pd.DataFrame(EVIDENCE)),
        (VERDICTS, pd.DataFrame(EVIDENCE).T),
        (pd.Series(VERDICTS), EVIDENCE),
        (dict(reversed(VERDICTS.items())), dict(reversed(EVIDENCE.items()))),
    ],
)
def test_right_verdicts_pass(verdicts, evidence):
    assert verdict("hunt", verdicts, evidence).startswith("[passed]")


def changed(**evidence):
    table = copy.deepcopy(EVIDENCE)
    for name, row in evidence.items():
        table[name] = {**table[name], **row} if isinstance(row, dict) else row
    return table


SWAPPED = {"A": "sound", "B": "ignores the network", "C": "incomplete"}
WRONG = [
    ({**VERDICTS, "A": "sound"}, EVIDENCE, "'sound' for A is not supported: its map stays"),
    ({**VERDICTS, "A": "incomplete"}, EVIDENCE, "its map stays the same"),
    ({**VERDICTS, "B": "incomplete"}, EVIDENCE, "'incomplete' for B is not supported"),
    ({**VERDICTS, "B": "ignores the network"}, EVIDENCE, "changes with the network"),
    ({**VERDICTS, "C": "sound"}, EVIDENCE, "'sound' for C is not supported"),
    ({**VERDICTS, "C": "ignores the network"}, EVIDENCE, "changes with the network"),
    (dict.fromkeys("ABC", "sound"), EVIDENCE, "not supported"),
    ({**VERDICTS, "B": "fine"}, EVIDENCE, "the verdict on B is 'fine'"),
    ({**VERDICTS, "B": None}, EVIDENCE, "B has no verdict yet"),
    ({"A": "sound"}, EVIDENCE, "an entry for each of A, B, C"),
    (["sound"] * 3, EVIDENCE, "should be a dictionary, received list"),
    (VERDICTS, changed(B={COMPLETENESS: None}), "evidence on B lacks"),
    (VERDICTS, changed(B={COMPLETENESS: -0.004}), "negative"),
    (VERDICTS, changed(C={COMPLETENESS: 3e3}), "relative to"),
    (VERDICTS, changed(C={SIMILARITY: 45.0}), "not between -1 and 1"),
    (VERDICTS, changed(C={SIMILARITY: float("nan")}), "not a finite number"),
    (VERDICTS, changed(C={SIMILARITY: "low"}), "should be one number, received str"),
    (VERDICTS, changed(C={SIMILARITY: np.ones(3)}), "should be one number, received ndarray"),
    (VERDICTS, changed(B=0.4), "should be a dictionary, received float"),
    (VERDICTS, {"A": EVIDENCE["A"]}, "evidence should have an entry for each"),
    # Made-up numbers that would support wrong verdicts.
    (
        SWAPPED,
        {"A": EVIDENCE["B"], "B": EVIDENCE["A"], "C": EVIDENCE["C"]},
        "A does not give such numbers",
    ),
    # The same suspect three times, called differently.
    (VERDICTS, {**EVIDENCE, "A": EVIDENCE["B"]}, "changes with the network"),
    (
        {"A": "sound", "B": "sound", "C": "incomplete"},
        {**EVIDENCE, "A": EVIDENCE["B"]},
        "exactly the same numbers",
    ),
]


@pytest.mark.parametrize(("verdicts", "evidence", "words"), WRONG)
def test_wrong_verdicts_and_poor_evidence_are_told_why(verdicts, evidence, words):
    said = verdict("hunt", verdicts, evidence)
    assert said.startswith("[not right yet]"), said
    assert words in said


def test_an_empty_blank_is_not_attempted():
    blank = {name: dict.fromkeys((COMPLETENESS, SIMILARITY)) for name in "ABC"}
    assert "not attempted yet" in verdict("hunt", dict.fromkeys("ABC"), blank)
    assert "not attempted yet" in verdict("hunt", None, None)
