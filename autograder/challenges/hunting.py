"""The challenge of a hunt: evidence on hidden explainers, and the verdicts.

The evidence is asked of explainers whose maps are drawn, so both of its numbers are known.

The verdicts may honestly come from a rule that reads the evidence, or from a dictionary that was
written down after a look at the table; a dictionary cannot follow evidence whose roles are
shuffled, and nothing is wrong with it. So the verdicts are marked by the truth about the notebook's
three suspects, and are right if they are on the notebook's own evidence or on evidence drawn close
to the true suspects': wrong evidence costs its own points and none here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import Maker, draw_cases
from autograder.challenges.hunting_told import Told, mistakes
from autograder.comparing import Misread, distance, number, numbers, part, received
from hwkit.checks.hunting import NAMES, Hunt

VERDICTS = "the verdicts"
_TOLERANCE = 1e-3
_Range = tuple[float, float]


@dataclass(frozen=True)
class HiddenHunt:
    """What is hidden in a hunt.

    Attributes:
        hunt: what the notebook asks for.
        asks: blank and asking function of the evidence, and of the verdicts.
        points: of the error, the similarity and the verdicts.
        shape: of a map: ``(h, w, colours)``, the colours are alike; or ``(d,)``.
        ranges: verdict to the errors and similarities near which the notebook's suspects lie;
            whatever limits a student read off the table still hold there.
        told: what differs in the words about mistakes.
    """

    hunt: Hunt
    asks: tuple[str, str]
    points: tuple[float, float, float]
    shape: tuple[int, ...]
    ranges: Mapping[str, tuple[_Range, _Range]]
    told: Told

    @property
    def error(self) -> str:
        """The aspect of the first number."""
        return f"the {self.hunt.error}"

    @property
    def similarity(self) -> str:
        """The aspect of the second number."""
        return f"the {self.hunt.similarity}"

    def challenge(self, title: str) -> Challenge:
        """The challenge, under the notebook's title."""
        aspects = (self.error, self.similarity, VERDICTS)
        return Challenge(
            question=self.hunt.question,
            title=title,
            ask=self.asks[0],
            blanks=self.asks,
            aspects=dict(zip(aspects, self.points, strict=True)),
            draw=self._draw,
            mistakes={each.name: each for each in mistakes(self.hunt, self.asks, self.told)},
        )

    def true_verdicts(self) -> dict[str, str]:
        """The verdict on each of the notebook's suspects; the visible check keeps digests."""
        hunt = self.hunt
        return {
            name: next(each for each in hunt.verdicts if hunt.is_true(name, each)) for name in NAMES
        }

    def _draw(self, rng: np.random.Generator) -> Sequence[Case]:
        errors, similarities = (0.45, 1.6, 0.75), (0.6, 1.4, 0.8)
        makers: list[Maker] = [
            *(partial(self._evidence, aspect=self.error, factor=f) for f in errors),
            *(partial(self._evidence, aspect=self.similarity, factor=f) for f in similarities),
            self._verdicts,
        ]
        return draw_cases(makers, rng)

    def _evidence(self, rng: np.random.Generator, aspect: str, factor: float) -> Case:
        plane, colours = self.shape[:2], math.prod(self.shape[2:])
        size, other = (np.exp(rng.normal(0, 1, plane)) for _ in range(2))
        mixed = size ** rng.uniform(0.3, 0.9) * other ** rng.uniform(0.3, 0.9)
        signs = np.where(rng.random((2, *plane)) < 0.75, 1, -1)
        here = _scaled(size * signs[0], factor + rng.uniform(-0.1, 0.1), self.shape)
        there = _scaled(mixed * signs[1], rng.uniform(2.0, 3.0), self.shape)
        a, b = (each.astype(np.float64).ravel()[::colours] for each in (here, there))
        error = abs(colours * float(a.sum()) - 1)
        similarity = float(stats.spearmanr(np.abs(a), np.abs(b)).statistic)

        def read(value: Any) -> np.ndarray:
            found = self._number(value, aspect)
            gain = abs(number(part(value, "gain")))
            not_divided = aspect == self.error and abs(gain - 1) > 0.01
            if not_divided and distance(found, np.asarray(error * gain)) < _TOLERANCE:
                raise Misread("error not relative")
            return found

        def wrong() -> dict[str, np.ndarray]:
            of = self._wrong_errors if aspect == self.error else self._wrong_similarities
            # The colours are alike: statistics of all elements, not of the pixels alone.
            named = of(np.repeat(a, colours), np.repeat(b, colours))
            return {name: np.asarray(each, np.float64) for name, each in named.items()}

        expected = np.asarray(error if aspect == self.error else similarity)
        return Case(aspect, {"here": here, "there": there}, expected, wrong, _TOLERANCE, read)

    def _number(self, value: Any, aspect: str) -> np.ndarray:
        key, name = (
            ("error", self.hunt.error)
            if aspect == self.error
            else ("similarity", self.hunt.similarity)
        )
        if type(value) is dict and "received" in value:
            raise Misread("evidence is no dictionary", received(value))
        keys = part(value, "keys")
        if type(keys) is not list or not any(type(k) is str and k == name for k in keys):
            raise Misread("evidence lacks an entry", f"'{name}'")
        return numbers(part(value, key))

    def _wrong_errors(self, here: np.ndarray, there: np.ndarray) -> dict[str, Any]:
        total, other_total = here.sum(), there.sum()
        return {
            "sign of the error": total - 1,
            "sign of the error turned": 1 - total,
            "relative to the sum": abs(total - 1) / abs(total),
            "sum of absolute values": abs(np.abs(here).sum() - 1),
            "ratio instead of error": total,
            self.told.other_error.name: abs(other_total - 1),
            "difference of the two maps": abs(total - other_total),
            "mean instead of sum": abs(here.mean() - 1),
            "error squared": (total - 1) ** 2,
            "percentage": 100 * abs(total - 1),
            "numbers exchanged": stats.spearmanr(np.abs(here), np.abs(there)).statistic,
        }

    def _wrong_similarities(self, here: np.ndarray, there: np.ndarray) -> dict[str, Any]:
        similar = stats.spearmanr(np.abs(here), np.abs(there))
        return {
            "no absolute value": stats.spearmanr(here, there).statistic,
            "Pearson": np.corrcoef(np.abs(here), np.abs(there))[0, 1],
            "Pearson, no absolute value": np.corrcoef(here, there)[0, 1],
            "Kendall": stats.kendalltau(np.abs(here), np.abs(there)).statistic,
            "p-value": similar.pvalue,
            "whole result": np.asarray([similar.statistic, similar.pvalue]),
            "with itself": 1.0,
            "one minus similarity": 1 - similar.statistic,
            "squared": similar.statistic**2,
            "numbers exchanged": abs(here.sum() - 1),
        }

    def _verdicts(self, rng: np.random.Generator) -> Case:
        truth = self.true_verdicts()
        evidence = {
            name: {
                self.hunt.error: float(rng.uniform(*self.ranges[verdict][0])),
                self.hunt.similarity: float(rng.uniform(*self.ranges[verdict][1])),
            }
            for name, verdict in truth.items()
        }
        expected = self._codes(truth)

        def read(value: Any) -> np.ndarray:
            if type(value) is not dict or not value or not set(value) <= {"own", "given"}:
                raise Misread("verdicts are no dictionary", received(value))
            troubles: list[Misread] = []
            for found in value.values():
                try:
                    codes = self._codes(found)
                except Misread as trouble:
                    troubles.append(trouble)
                    continue
                if np.array_equal(codes, expected):
                    return codes
                troubles.append(Misread(_kind(codes, expected)))
            raise troubles[0]

        return Case(VERDICTS, {"evidence": evidence}, expected, read=read, ask=self.asks[1])

    def _codes(self, verdicts: Any) -> np.ndarray:
        """Each suspect's verdict as a number.

        Raises:
            Misread: not a known verdict for each suspect and for no other.
        """
        if type(verdicts) is not dict or "received" in verdicts:
            raise Misread("verdicts are no dictionary", received(verdicts))
        if set(verdicts) != set(NAMES):
            raise Misread("verdicts on other suspects")
        told, known = [verdicts[name] for name in NAMES], self.hunt.verdicts
        if any(type(each) is not str or _plain(each) not in known for each in told):
            raise Misread("no such verdict")
        return np.asarray([float(known.index(_plain(each))) for each in told])


def _scaled(values: np.ndarray, total: float, shape: tuple[int, ...]) -> np.ndarray:
    """A map that adds up to ``total``, float32; what ``shape`` has beyond the values' is alike."""
    beyond = shape[values.ndim :]
    values = values * np.sign(values.sum())
    shared = (values * total / values.sum() / math.prod(beyond)).astype(np.float32)
    return np.broadcast_to(shared.reshape(values.shape + (1,) * len(beyond)), shape).copy()


def _plain(verdict: str) -> str:
    return " ".join(verdict.lower().replace("_", " ").split())


def _kind(codes: np.ndarray, expected: np.ndarray) -> str:
    if len(set(codes)) == 1:
        return "one verdict for all"
    if len(set(codes)) == 2:
        return "two verdicts alike"
    return "verdicts exchanged" if (codes == expected).any() else "every verdict exchanged"
