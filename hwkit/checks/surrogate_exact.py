"""The check of ``exact_shapley(value, d)``: Shapley values by their definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
two players
    right             | 5.5 3.5
    summed            | 11 7
    one size too many | 7.5 4.5
    last to come      | 7 5
    alone             | 4 2
    own value         | 4 2
    one order         | 4 5
    last order        | 7 2
    added up          | 11 7
    reversed          | 3.5 5.5
    not subtracted    | 6.5 5.5
    equal parts       | 4.5 4.5
    turned            | -5.5 -3.5
    full is missing   | 2 1
    empty is missing  | 3.5 2.5
three players
    right             | 6.5 5 4.5
    all alike         | 6 4.5 4
    all alike, scaled | 6.62069 4.96552 4.41379
    summed            | 19.5 15 13.5
    one size too many | 10 9.33333 6
    last to come      | 12 7 10
    alone             | 3 5 1
    own value         | 3 5 1
    one order         | 3 3 10
    last order        | 12 3 1
    added up          | 24 18 16
    reversed          | 4.5 5 6.5
    not subtracted    | 8.83333 8.66667 7.83333
    equal parts       | 5.33333 5.33333 5.33333
    turned            | -6.5 -5 -4.5
    full is missing   | 2.5 2.66667 1.16667
    empty is missing  | 5.5 3.33333 4.16667
one player, an empty value that is not 0
    right             | 3
    empty is zero     | 5
    adds up to all    | 5
    own value         | 5
    not subtracted    | 5
    turned            | -3
    full is missing   | 0
    empty is missing  | 0
three players, an empty value that is not 0
    right             | 1.33333 5.83333 1.83333
    all alike         | 1 5.5 1.5
    all alike, scaled | 1.125 6.1875 1.6875
    empty is zero     | 0 4.5 0.5
    adds up to all    | 0.740741 3.24074 1.01852
    summed            | 4 17.5 5.5
    one size too many | 6 10.6667 6
    last to come      | -3 8 -1
    alone             | 7 5 6
    own value         | 3 1 2
    one order         | 7 3 -1
    last order        | -3 6 6
    added up          | 4 22 6
    reversed          | 1.83333 5.83333 1.33333
    not subtracted    | 3.16667 4.33333 3.16667
    equal parts       | 3 3 3
    turned            | -1.33333 -5.83333 -1.83333
    full is missing   | 2.33333 3.16667 2.16667
    empty is missing  | -1 4.16667 -0.166667
four players
    right             | 2.91667 2.91667 6.41667 4.75
    all alike         | 2.375 2.375 6.375 4.625
    all alike, scaled | 2.56349 2.56349 6.88095 4.99206
    empty is zero     | 3.66667 3.66667 7.16667 5.5
    adds up to all    | 3.43137 3.43137 7.54902 5.58824
    summed            | 11.6667 11.6667 25.6667 19
    one size too many | 8.25 1.58333 13.25 8.66667
    last to come      | 2 10 9 8
    alone             | 6 -2 4 2
    own value         | 9 1 7 5
    one order         | 6 -5 8 8
    last order        | 2 5 8 2
    added up          | 19 19 51 37
    reversed          | 4.75 6.41667 2.91667 2.91667
    not subtracted    | 11 9.66667 12 11.0833
    equal parts       | 4.25 4.25 4.25 4.25
    turned            | -2.91667 -2.91667 -6.41667 -4.75
    full is missing   | 2.41667 0.416667 4.16667 2.75
    empty is missing  | 1.41667 3.41667 5.41667 4.25
six players
    right             | 1.91667 0.766667 4.6 5.75 6.51667 9.2
    all alike         | 0 1.4375 1.4375 2.875 4.3125 8.625
    all alike, scaled | 0 2.21154 2.21154 4.42308 6.63462 13.2692
    summed            | 11.5 4.6 27.6 34.5 39.1 55.2
    one size too many | 1.84167 5.63333 20.2167 26.4 16.6 39.8167
    last to come      | 10.25 -4.5 6 3 16 3
    alone             | 1.25 4.5 17 20 7 20
    own value         | 1.25 4.5 17 20 7 20
    one order         | 1.25 8.5 -5 17 4 3
    last order        | 10.25 -8.5 5 6 -4 20
    added up          | 0 46 46 92 138 276
    reversed          | 9.2 6.51667 5.75 4.6 0.766667 1.91667
    not subtracted    | 16.05 16.5917 18.675 19.5583 18.1583 21.475
    equal parts       | 4.79167 4.79167 4.79167 4.79167 4.79167 4.79167
    turned            | -1.91667 -0.766667 -4.6 -5.75 -6.51667 -9.2
    full is missing   | 0.208333 1.51667 3.6 5.25 3.85 8.7
    empty is missing  | 1.70833 0.0166667 1.76667 2.41667 5.35 5.86667
"""
SENTENCES = {
    "all alike": "all coalitions count alike; each size is to count alike, and it has more "
    "coalitions in the middle.",
    "all alike, scaled": "all coalitions count alike, and then the values are scaled to add up.",
    "empty is zero": "the value of the empty coalition is taken as 0; ask for it.",
    "adds up to all": "the values add up to what all players have together; what the empty "
    "coalition has already belongs to nobody.",
    "summed": "the mean over the d sizes is missing: the values are d times too large.",
    "one size too many": "the number of coalitions of a size is taken among all players; player i "
    "is not in them.",
    "last to come": "this is what each player adds as the last one; all orders count.",
    "alone": "this is what each player adds as the first one; all orders count.",
    "own value": "this is what each player has alone; take what a player adds, in all orders.",
    "one order": "this is what players add in one order; all orders count.",
    "last order": "this is what players add in one order, from the last to the first; all orders "
    "count.",
    "added up": "what a player adds is added up over all coalitions, however many there are.",
    "reversed": "the players stand in the reversed order.",
    "not subtracted": "the value without player i is not subtracted.",
    "equal parts": "everybody gets the same; players may add different amounts.",
    "turned": "the sign is turned: what it is with player i, less what it is without.",
    "full is missing": "what player i adds when all others are there already is missing.",
    "empty is missing": "what player i adds when nobody is there yet is missing.",
}
_HINTS = {
    SENTENCES["all alike"]: "Each coalition's share depends on how many players it has.",
    SENTENCES["reversed"]: "Column i of a coalition is player i.",
    "": "Take two players by hand: each is first in one of two orders, and second in the other.",
}


@dataclass(frozen=True, eq=False)
class Game:
    """A game that is written down.

    Attributes:
        values: of all coalitions, ``(2**d,)``; player i adds 2**i to the place.
    """

    values: np.ndarray

    @property
    def players(self) -> int:
        """How many there are."""
        return len(self.values).bit_length() - 1

    def __call__(self, Z: Any) -> np.ndarray:
        """Values ``(m,)`` of coalitions ``(m, d)`` of 0 and 1.

        Raises:
            ValueError: other coalitions.
        """
        rows = np.asarray(Z)
        if rows.ndim != 2 or rows.shape[1] != self.players:
            raise ValueError(
                f"value expects coalitions (m, {self.players}). Received: shape {rows.shape}."
            )
        if not np.isin(rows, (0, 1)).all():
            raise ValueError("value expects coalitions of 0 and 1. Received: other numbers.")
        return self.values[rows.astype(int) @ 2 ** np.arange(self.players)]


def _example(label: str, values: Any) -> Example:
    game = Game(fixed(values, np.float64))
    return Example(label, (game, game.players), (game.players,))


EXAMPLES = (
    _example("two players", [0, 4, 2, 9]),
    _example("three players", [0, 3, 5, 6, 1, 9, 4, 16]),
    _example("one player, an empty value that is not 0", [2, 5]),
    _example("three players, an empty value that is not 0", [-4, 3, 1, 6, 2, -3, 8, 5]),
    _example("four players", [3, 9, 1, 4, 7, 2, 8, 12, 5, 6, 0, 11, 13, 10, 18, 20]),
    _example("six players", [place**2 % 23 + place / 4 for place in range(64)]),
)


def check_exact_shapley(exact_shapley: Callable[..., Any]) -> None:
    """Judge the Shapley values of small games.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other values.
    """
    what = "the array of Shapley values"
    judge(cases(exact_shapley, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
