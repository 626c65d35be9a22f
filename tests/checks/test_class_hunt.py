from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from galleries import verdict

from hwkit.checks.class_hunt import CONSERVATION, SIMILARITY

VERDICTS = {"A": "sound", "B": "does not conserve", "C": "blind to the class"}
EVIDENCE = {
    "A": {CONSERVATION: 2e-4, SIMILARITY: 0.29},
    "B": {CONSERVATION: 1.2, SIMILARITY: 0.19},
    "C": {CONSERVATION: 1e-7, SIMILARITY: 1.0},
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
    assert verdict("class_hunt", verdicts, evidence).startswith("[passed]")


def changed(**evidence):
    table = copy.deepcopy(EVIDENCE)
    for name, row in evidence.items():
        table[name] = {**table[name], **row}
    return table


WRONG = [
    (VERDICTS | {"C": "sound"}, EVIDENCE, "stays the same when another class is asked for"),
    (VERDICTS | {"C": "does not conserve"}, EVIDENCE, "the question that the map answers"),
    (VERDICTS | {"A": "does not conserve"}, EVIDENCE, "the relevances add up (conservation error"),
    (VERDICTS | {"A": "blind to the class"}, EVIDENCE, "its map changes with the class"),
    (VERDICTS | {"B": "sound"}, EVIDENCE, "the relevances do not add up"),
    (VERDICTS | {"B": "blind to the class"}, EVIDENCE, "its map changes with the class"),
    (VERDICTS | {"B": "incomplete"}, EVIDENCE, "'does not conserve' and 'blind to the class'"),
    (VERDICTS | {"B": ...}, EVIDENCE, "B has no verdict yet"),
    (dict.fromkeys("AB", "sound"), EVIDENCE, "an entry for each of A, B, C"),
    (VERDICTS, changed(B={CONSERVATION: None}), "evidence on B lacks its 'conservation error'"),
    (VERDICTS, changed(A={CONSERVATION: -2e-4}), "negative"),
    (VERDICTS, changed(B={CONSERVATION: 120.0}), "relative to |f(x) - f(empty page)|"),
    (VERDICTS, changed(A={SIMILARITY: 1.29}), "not between -1 and 1"),
    (VERDICTS, changed(A={SIMILARITY: np.ones(2)}), "should be one number, received ndarray"),
    (
        {"A": "sound", "B": "sound", "C": "blind to the class"},
        {**EVIDENCE, "B": EVIDENCE["A"]},
        "exactly the same numbers",
    ),
    # Made-up numbers that would support wrong verdicts.
    (
        {"A": "does not conserve", "B": "sound", "C": "blind to the class"},
        {**EVIDENCE, "A": EVIDENCE["B"], "B": EVIDENCE["A"]},
        "but A does not give such numbers",
    ),
]


@pytest.mark.parametrize(("verdicts", "evidence", "words"), WRONG)
def test_wrong_verdicts_and_poor_evidence_are_told_why(verdicts, evidence, words):
    said = verdict("class_hunt", verdicts, evidence)
    assert said.startswith("[not right yet]"), said
    assert words in said


def test_an_empty_blank_is_not_attempted():
    blank = {name: dict.fromkeys((CONSERVATION, SIMILARITY)) for name in "ABC"}
    assert "not attempted yet" in verdict("class_hunt", dict.fromkeys("ABC"), blank)
    assert "not attempted yet" in verdict("class_hunt", None, None)
