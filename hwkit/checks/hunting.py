"""The check of a hunt: three explainers, of which evidence must tell the sound one.

Verdicts must follow from the student's own numbers. Whether they are also true is compared by
digests, so that nobody reads the culprits' names in passing; they are not kept from who tries all.
"""

from __future__ import annotations

import hashlib
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.checks.question import NotAttemptedError, WrongAnswerError

NAMES = ("A", "B", "C")


@dataclass(frozen=True)
class Hunt:
    """What one hunt asks for, and its words.

    Attributes:
        question: its name.
        error, similarity: keys of the two numbers of the evidence.
        sound, leaks, stays: the verdicts: sound; the error is large; the similarity is.
        true: digests of the true claims.
        parts: what a map is made of: "attributions".
        relative_to: what the error is divided by.
        unmoved, moves: what a map does whose similarity is large, and what one does whose is not.
        think: a hint for who overlooks that a map stays the same.
        again: how to compute both numbers, for who finds others than the suspects give.
        largest_error, largest_similarity: of what is sound, and of what has changed.
    """

    question: str
    error: str
    similarity: str
    sound: str
    leaks: str
    stays: str
    true: frozenset[str]
    parts: str
    relative_to: str
    unmoved: str
    moves: str
    think: str
    again: str
    largest_error: float = 0.1
    largest_similarity: float = 0.9

    @property
    def verdicts(self) -> tuple[str, str, str]:
        """The three possible verdicts."""
        return self.sound, self.leaks, self.stays

    def digest(self, name: str, verdict: str) -> str:
        """A fingerprint of one claim."""
        return hashlib.sha256(f"{self.question}/{name}/{verdict}".encode()).hexdigest()[:16]

    def is_true(self, name: str, verdict: str) -> bool:
        """Whether this is the verdict on the suspect of this name."""
        return self.digest(name, verdict) in self.true

    def check(self, verdicts: Any, evidence: Any) -> None:
        """Judge the form of the evidence, whether it supports the verdicts, and the verdicts.

        Args:
            verdicts: name of a suspect to one of the three verdicts.
            evidence: name to its two numbers, by ``error`` and ``similarity``; a table will do.

        Raises:
            NotAttemptedError: nothing is filled in yet. WrongAnswerError: something does not hold.
        """
        verdicts = _by_name(verdicts, "verdicts")
        table = {
            name: _by_name(row, f"evidence['{name}']") for name, row in _rows(evidence).items()
        }
        keys = (self.error, self.similarity)
        values = [row.get(key) for row in table.values() for key in keys]
        if all(_empty(value) for value in [*values, *verdicts.values()]):
            raise NotAttemptedError("")
        _require_names(verdicts, "verdicts")
        _require_names(table, "evidence")
        for name in NAMES:
            self._require_verdict(name, verdicts[name])
            error, similarity = (_number(table[name], name, key) for key in keys)
            self._require_range(name, error, similarity)
            self._require_support(name, verdicts[name], error, similarity)
        pairs = [tuple(_number(table[name], name, key) for key in keys) for name in NAMES]
        if len(set(pairs)) < len(pairs):
            raise WrongAnswerError(
                "two suspects have exactly the same numbers.",
                f"Is each number computed from that suspect's own {self.parts}?",
            )
        for name in NAMES:
            if not self.is_true(name, verdicts[name]):
                raise WrongAnswerError(
                    f"your evidence would support '{verdicts[name]}' for {name}, but {name} does "
                    "not give such numbers.",
                    f"Compute both numbers again: {self.again}.",
                )

    def _require_verdict(self, name: str, verdict: Any) -> None:
        if _empty(verdict):
            raise WrongAnswerError(f"{name} has no verdict yet.")
        if verdict not in self.verdicts:
            raise WrongAnswerError(
                f"the verdict on {name} is {verdict!r}; possible are '{self.sound}', "
                f"'{self.leaks}' and '{self.stays}'."
            )

    def _require_range(self, name: str, error: float, similarity: float) -> None:
        if error < 0:
            raise WrongAnswerError(f"the '{self.error}' of {name} is negative: take its size.")
        if error > 100:
            raise WrongAnswerError(
                f"the '{self.error}' of {name} is over 100: it is relative to {self.relative_to}."
            )
        if not -1.0001 <= similarity <= 1.0001:
            raise WrongAnswerError(
                f"the '{self.similarity}' of {name} is not between -1 and 1, as a rank correlation "
                "is.",
                "scipy.stats.spearmanr(...).statistic is the correlation.",
            )

    def _require_support(self, name: str, verdict: str, error: float, similarity: float) -> None:
        adds_up = error <= self.largest_error
        reacts = similarity <= self.largest_similarity
        shown = f"{self.error} {error:.3g}, {self.similarity} {similarity:.3g}"
        unsupported = f"'{verdict}' for {name} is not supported:"
        if verdict != self.stays and not reacts:
            raise WrongAnswerError(f"{unsupported} its map {self.unmoved} ({shown}).", self.think)
        if verdict == self.stays and reacts:
            raise WrongAnswerError(f"{unsupported} its map {self.moves} ({shown}).")
        if verdict == self.sound and not adds_up:
            raise WrongAnswerError(f"{unsupported} the {self.parts} do not add up ({shown}).")
        if verdict == self.leaks and adds_up:
            raise WrongAnswerError(f"{unsupported} the {self.parts} add up ({shown}).")


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
