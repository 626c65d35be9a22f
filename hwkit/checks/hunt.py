"""The check of the hunt: three explainers, of which evidence must tell the sound one.

Verdicts must follow from the student's own numbers. Whether they are also true is compared by
digests, so that this file does not give the culprits away.
"""

from __future__ import annotations

import hashlib
import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np

from hwkit.checks.question import NotAttemptedError, WrongAnswerError

COMPLETENESS, SIMILARITY = "completeness error", "similarity after randomising"
SOUND, INCOMPLETE, IGNORES = "sound", "incomplete", "ignores the network"
# What the notebook calls complete, and what it calls unchanged.
LARGEST_COMPLETENESS_ERROR = 0.1
LARGEST_SIMILARITY = 0.9
NAMES = ("A", "B", "C")
_TRUE = frozenset({"53c19aed192f56cd", "62a5253a187043fa", "fd4a91a150dcb993"})


def check_hunt(verdicts: Any, evidence: Any) -> None:
    """Judge the form of the evidence, whether it supports the verdicts, and the verdicts.

    Args:
        verdicts: name of a suspect to one of the three verdicts.
        evidence: name to its two numbers, by ``COMPLETENESS`` and ``SIMILARITY``; a table will do.

    Raises:
        NotAttemptedError: nothing is filled in yet. WrongAnswerError: something does not hold.
    """
    verdicts = _by_name(verdicts, "verdicts")
    table = {name: _by_name(row, f"evidence['{name}']") for name, row in _rows(evidence).items()}
    values = [row.get(key) for row in table.values() for key in (COMPLETENESS, SIMILARITY)]
    if all(_empty(value) for value in [*values, *verdicts.values()]):
        raise NotAttemptedError("")
    _require_names(verdicts, "verdicts")
    _require_names(table, "evidence")
    for name in NAMES:
        _require_verdict(name, verdicts[name])
        error, similarity = (_number(table[name], name, key) for key in (COMPLETENESS, SIMILARITY))
        _require_range(name, error, similarity)
        _require_support(name, verdicts[name], error, similarity)
    pairs = [
        tuple(_number(table[name], name, key) for key in (COMPLETENESS, SIMILARITY))
        for name in NAMES
    ]
    if len(set(pairs)) < len(pairs):
        raise WrongAnswerError(
            "two suspects have exactly the same numbers.",
            "Is each number computed from that suspect's own attributions?",
        )
    for name in NAMES:
        if digest(name, verdicts[name]) not in _TRUE:
            raise WrongAnswerError(
                f"your evidence would support '{verdicts[name]}' for {name}, but {name} does not "
                "give such numbers.",
                "Compute both numbers again: same picture, same class, b = 0, and |attribution| "
                "of the trained against that of the randomised network.",
            )


def digest(name: str, verdict: str) -> str:
    """A fingerprint of one claim."""
    return hashlib.sha256(f"hunt/{name}/{verdict}".encode()).hexdigest()[:16]


def _rows(evidence: Any) -> dict[str, Any]:
    if hasattr(evidence, "to_dict"):  # a table, with the suspects as its columns or its rows
        evidence = (evidence if set(NAMES) <= set(evidence.columns) else evidence.T).to_dict()
    return _by_name(evidence, "evidence")


def _by_name(value: Any, what: str) -> dict[str, Any]:
    if _empty(value):
        raise NotAttemptedError("")
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        raise WrongAnswerError(f"{what} should be a dictionary, received {type(value).__name__}.")
    return dict(value)


def _empty(value: Any) -> bool:
    return value is None or value is Ellipsis


def _require_names(given: dict[str, Any], what: str) -> None:
    if set(given) != set(NAMES):
        raise WrongAnswerError(
            f"{what} should have an entry for each of {', '.join(NAMES)}, and no other; it has "
            f"{', '.join(map(str, given)) or 'none'}."
        )


def _require_verdict(name: str, verdict: Any) -> None:
    if _empty(verdict):
        raise WrongAnswerError(f"{name} has no verdict yet.")
    if verdict not in (SOUND, INCOMPLETE, IGNORES):
        raise WrongAnswerError(
            f"the verdict on {name} is {verdict!r}; possible are '{SOUND}', '{INCOMPLETE}' and "
            f"'{IGNORES}'."
        )


def _number(row: dict[str, Any], name: str, key: str) -> float:
    if key not in row or _empty(row[key]):
        raise WrongAnswerError(f"the evidence on {name} lacks its '{key}'.")
    value = row[key]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (numbers.Real, np.number)):
        raise WrongAnswerError(
            f"the '{key}' of {name} should be one number, received {type(value).__name__}."
        )
    if not np.isfinite(float(value)):
        raise WrongAnswerError(f"the '{key}' of {name} is not a finite number.")
    return float(value)


def _require_range(name: str, error: float, similarity: float) -> None:
    if error < 0:
        raise WrongAnswerError(f"the '{COMPLETENESS}' of {name} is negative: take its size.")
    if error > 100:
        raise WrongAnswerError(
            f"the '{COMPLETENESS}' of {name} is over 100: it is relative to |Q(z) - Q(b)|."
        )
    if not -1.0001 <= similarity <= 1.0001:
        raise WrongAnswerError(
            f"the '{SIMILARITY}' of {name} is not between -1 and 1, as a rank correlation is.",
            "scipy.stats.spearmanr(...).statistic is the correlation.",
        )


def _require_support(name: str, verdict: str, error: float, similarity: float) -> None:
    complete = error <= LARGEST_COMPLETENESS_ERROR
    reacts = similarity <= LARGEST_SIMILARITY
    shown = f"{COMPLETENESS} {error:.3g}, {SIMILARITY} {similarity:.3g}"
    if verdict != IGNORES and not reacts:
        raise WrongAnswerError(
            f"'{verdict}' for {name} is not supported: its map stays the same when the network "
            f"is randomised ({shown}).",
            "What does that say about where the map comes from?",
        )
    if verdict == IGNORES and reacts:
        raise WrongAnswerError(
            f"'{IGNORES}' for {name} is not supported: its map changes with the network ({shown})."
        )
    if verdict == SOUND and not complete:
        raise WrongAnswerError(
            f"'{SOUND}' for {name} is not supported: the attributions do not add up ({shown})."
        )
    if verdict == INCOMPLETE and complete:
        raise WrongAnswerError(
            f"'{INCOMPLETE}' for {name} is not supported: the attributions add up ({shown})."
        )
