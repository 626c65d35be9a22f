"""The challenge of ``exact_shapley``: games whose value for every coalition is drawn.

A coalition is the number whose binary digits are its players: bit i stands for player i.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases

_FEW, _MORE = "two and three players", "more players"
_EMPTY = "a game whose empty value is not zero"
_TOLERANCE = 1e-4
_SUM = "Sum over all coalitions S without i, also the empty one."
_GAIN = "What i brings to S is v(S with i) - v(S)."
_WEIGHT = "The weight of S is |S|! (d - |S| - 1)! / d!, where S does not contain i."
_ADD_UP = "Shapley values add up to v(all) - v(nobody) by themselves; nothing is to be scaled."


# Aspects and numbers of players.
_SETTINGS = (
    *((_FEW, d) for d in (2, 3, 3)),
    *((_MORE, d) for d in (4, 6, 8)),
    *((_EMPTY, d) for d in (1, 3, 5)),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, aspect=aspect, d=d) for aspect, d in _SETTINGS], rng)


def _case(rng: np.random.Generator, aspect: str, d: int) -> Case:
    table = np.round(rng.uniform(-2, 4, 2**d), 3)
    table[-1] = round(float(rng.uniform(4, 6)), 3)
    sign = rng.choice([-1, 1]) if aspect == _EMPTY else 0
    table[0] = sign * round(float(rng.uniform(1, 3)), 3)
    game = _Game(table, d)
    return Case(
        aspect,
        {"table": table, "d": d},
        game.summed([1 / (d * math.comb(d - 1, s)) for s in range(d)]),
        game.wrong,
        _TOLERANCE,
    )


@dataclass(frozen=True)
class _Game:
    """A value for every coalition.

    Attributes:
        table: the values ``(2^d,)``.
        d: number of players.
    """

    table: np.ndarray
    d: int

    def gains(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of each player: sizes of the coalitions without it, and what it brings to them."""
        found = []
        for player in range(self.d):
            without = np.flatnonzero(np.arange(2**self.d) >> player & 1 == 0)
            sizes = np.array([int(each).bit_count() for each in without])
            found.append((sizes, self.table[without | 1 << player] - self.table[without]))
        return found

    def summed(self, weights: Sequence[float]) -> np.ndarray:
        """Sums of what each player brings, weighted by the size of the coalition."""
        return np.array([np.asarray(weights)[sizes] @ gain for sizes, gain in self.gains()])

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        d, sizes, (empty, full) = self.d, range(self.d), self.table[[0, -1]]
        weights = [1 / (d * math.comb(d - 1, s)) for s in sizes]
        right, alone, last = self.summed(weights), self._alone(), self._last()
        from_zero = _Game(np.concatenate([[0], self.table[1:]]), d)
        absolute = [np.asarray(weights)[s] @ np.abs(gain) for s, gain in self.gains()]
        return {
            "all coalitions alike": self.summed([0.5 ** (d - 1)] * d),
            "not divided by players": self.summed([d * each for each in weights]),
            "gains added up": self.summed([1.0] * d),
            "coalitions of a size not counted": self.summed([1 / d] * d),
            "counted among all players": self.summed([1 / (d * math.comb(d, s)) for s in sizes]),
            "factorial of d - |S|": self.summed([1 / math.comb(d, s) for s in sizes]),
            "size with the player": self.summed([1 / math.comb(d, s + 1) for s in sizes]),
            "nobody left out": self.summed([0.0, *weights[1:]]),
            "everybody else left out": self.summed([*weights[:-1], 0.0]),
            "alone": alone,
            "alone, nobody not subtracted": alone + empty,
            "the last to come": last,
            "first and last only": (alone + last) / 2,
            "one order": self._one_order(range(d)),
            "the opposite order": self._one_order(reversed(range(d))),
            "players in the opposite order": right[::-1],
            "sign turned": -right,
            "size of what is brought": np.array(absolute),
            "values instead of gains": self._values(weights),
            "equal shares": np.full(d, (full - empty) / d),
            "made to add up to v(all)": right * full / (full - empty),
            "the empty value taken as zero": from_zero.summed(weights),
        }

    def _alone(self) -> np.ndarray:
        return self.table[[1 << player for player in range(self.d)]] - self.table[0]

    def _last(self) -> np.ndarray:
        everybody = 2**self.d - 1
        return self.table[-1] - self.table[[everybody - (1 << each) for each in range(self.d)]]

    def _one_order(self, players: Iterable[int]) -> np.ndarray:
        found, coalition = np.zeros(self.d), 0
        for player in players:
            joined = coalition | 1 << player
            found[player] = self.table[joined] - self.table[coalition]
            coalition = joined
        return found

    def _values(self, weights: Sequence[float]) -> np.ndarray:
        """Weighted sums of v(S with i), from which v(S) is not subtracted."""
        found = np.zeros(self.d)
        for player in range(self.d):
            for coalition in range(2**self.d):
                if coalition >> player & 1:
                    found[player] += weights[coalition.bit_count() - 1] * self.table[coalition]
        return found


_MISTAKES = (
    Mistake(
        "all coalitions alike",
        "all coalitions count alike: these are Banzhaf's values, not Shapley's.",
        _WEIGHT,
    ),
    Mistake("not divided by players", "the values are d times too large.", _WEIGHT),
    Mistake("gains added up", "what a player brings is added up without weights.", _WEIGHT),
    Mistake(
        "coalitions of a size not counted",
        "what a player brings is divided by d, but not by the number of coalitions of that size.",
        _WEIGHT,
    ),
    Mistake(
        "counted among all players",
        "coalitions of a size are counted among all players; S does not contain i.",
        _WEIGHT,
    ),
    Mistake("factorial of d - |S|", "the weight has (d - |S|)! where it should not.", _WEIGHT),
    Mistake(
        "size with the player",
        "|S| in the weight counts the player itself, too.",
        _WEIGHT,
    ),
    Mistake("nobody left out", "the coalition of nobody is left out.", _SUM),
    Mistake("everybody else left out", "the coalition of all others is left out.", _SUM),
    Mistake("alone", "this is what each player brings alone.", _SUM),
    Mistake(
        "alone, nobody not subtracted",
        "this is the value of each player alone.",
        _SUM,
    ),
    Mistake("the last to come", "this is what each player brings to all others.", _SUM),
    Mistake(
        "first and last only",
        "only the coalitions of nobody and of all others are used.",
        _SUM,
    ),
    *(
        Mistake(
            name,
            "this is what players bring in one order; the mean over all orders is asked for.",
            _SUM,
        )
        for name in ("one order", "the opposite order")
    ),
    Mistake(
        "players in the opposite order",
        "the values are those of the players in the opposite order.",
        "Column i of Z stands for player i.",
    ),
    Mistake("sign turned", "the sign is turned.", _GAIN),
    Mistake(
        "size of what is brought",
        "an absolute value is taken: what a player brings has a sign.",
        _GAIN,
    ),
    Mistake("values instead of gains", "v(S) is not subtracted.", _GAIN),
    Mistake("equal shares", "all players get the same.", _SUM),
    Mistake("made to add up to v(all)", "the values are made to add up to v(all).", _ADD_UP),
    Mistake(
        "the empty value taken as zero",
        "the value of nobody is taken as zero: it is shared out, too.",
        "Ask the game for it, as for any other coalition.",
    ),
)

CHALLENGE = Challenge(
    question="exact_shapley",
    title="Shapley values by definition",
    ask="exact_shapley",
    blanks=("exact_shapley",),
    aspects={_FEW: 4.0, _MORE: 2.0, _EMPTY: 2.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
