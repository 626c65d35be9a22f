"""The challenge of a hunt: evidence on hidden explainers, and the verdicts.

The evidence is asked of explainers whose maps are drawn, so both of its numbers are known.

The verdicts may honestly come from a rule that reads the evidence, or from a dictionary that was
written down after a look at the table; a dictionary cannot follow evidence whose roles are
shuffled, and nothing is wrong with it. So the verdicts are marked by the truth about the notebook's
three suspects, and are right if they are on the notebook's own evidence or on evidence drawn close
to the true suspects': wrong evidence costs its own points and none here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Reference
from autograder.challenges.drawing import Maker, draw_cases
from autograder.challenges.hunting_maps import HiddenMaps
from autograder.challenges.hunting_told import Told, mistakes
from autograder.comparing import Misread, distance, numbers, part, received
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
        maps: how hidden explainers' maps are drawn.
        ranges: verdict to the errors and similarities near which the notebook's suspects lie;
            whatever limits a student read off the table still hold there.
        told: what differs in the words about mistakes.
        references: other blanks that the evidence may use, to what the judge answers for them.
    """

    hunt: Hunt
    asks: tuple[str, str]
    points: tuple[float, float, float]
    maps: HiddenMaps
    ranges: Mapping[str, tuple[_Range, _Range]]
    told: Told
    references: Mapping[str, Reference] = field(default_factory=dict)

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
            stand_ins={name: name for name in self.references},
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
        here, there = self.maps.draw(rng, factor)
        errors, of_error = self.maps.errors(here), aspect == self.error
        expected = errors.mean() if of_error else self.maps.similarity(here, there)

        def read(value: Any) -> np.ndarray:
            found, gain = self._number(value, aspect), numbers(part(value, "gain"))
            if gain.shape != errors.shape or not np.isfinite(gain).all():
                raise Misread("not numbers", received(value["gain"]))
            if distance(found, np.asarray(expected)) > _TOLERANCE:
                for name, each in self.maps.wrong_by_gain(here, there, gain, of_error).items():
                    if distance(found, np.asarray(each)) < _TOLERANCE:
                        raise Misread(name)
            return found

        def wrong() -> dict[str, np.ndarray]:
            named = (
                self.maps.wrong_errors(here, there, self.told.other_error.name)
                if of_error
                else self.maps.wrong_similarities(here, there)
            )
            return {name: np.asarray(each, np.float64) for name, each in named.items()}

        return Case(
            aspect,
            {"here": here, "there": there},
            np.asarray(expected),
            wrong,
            _TOLERANCE,
            read,
            references=self.references,
        )

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

        return Case(
            VERDICTS,
            {"evidence": evidence},
            expected,
            read=read,
            ask=self.asks[1],
            references=self.references,
        )

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


def _plain(verdict: str) -> str:
    return " ".join(verdict.lower().replace("_", " ").split())


def _kind(codes: np.ndarray, expected: np.ndarray) -> str:
    if len(set(codes)) == 1:
        return "one verdict for all"
    if len(set(codes)) == 2:
        return "two verdicts alike"
    return "verdicts exchanged" if (codes == expected).any() else "every verdict exchanged"
