"""The challenge of ``dummy_player``: a game is right if LIME sees a player who does nothing.

The judge works out LIME's weights of the game that came back; any that has the property counts.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake, Reference
from autograder.challenges import surrogate_kernel, surrogate_ridge
from autograder.comparing import Misread, numbers
from hwkit.checks.surrogate_dummy import LARGEST_VALUE, LEAST_WEIGHT, RATIO

_PROPERTY = "a player who does nothing and gets a weight"
_WIDTH, _ALPHA = 0.25, 1.0
_NEARLY = 1 + 1e-6  # what rounding may cost
_COALITIONS = np.array(list(itertools.product((0, 1), repeat=3)))
_ORDER = "Return [v(nobody), v(1), v(2), v(1 and 2)]; whether 3 is there changes nothing."
_LOOK = "Print LIME's three weights of your game."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    references: dict[str, Reference] = {
        "weighting_kernel": surrogate_kernel.reference,
        "weighted_ridge": surrogate_ridge.reference,
    }
    return [Case(_PROPERTY, {}, np.asarray(1.0), read=_read, references=references)]


def weights_of(game: np.ndarray) -> np.ndarray:
    """LIME's weights of the three players ``(3,)``, of all eight coalitions.

    Args:
        game: values of nobody, of 1, of 2, and of both.
    """
    values = game[_COALITIONS[:, 0] + 2 * _COALITIONS[:, 1]]
    near = surrogate_kernel.reference(_COALITIONS, _WIDTH)
    return surrogate_ridge.reference(_COALITIONS, values, near, _ALPHA)[1]


def _read(value: Any) -> np.ndarray:
    """1 for a game that has the property.

    Raises:
        Misread: it has not; the mistake says what is missing.
    """
    game = numbers(value)
    shapes = {
        (3,): "a number for each player",
        (8,): "a number for each coalition",
        (2, 2): "a table",
        (1, 4): "with an axis too many",
        (4, 1): "with an axis too many",
    }
    if game.shape != (4,):
        raise Misread(shapes.get(game.shape, "another number of numbers"), f"shape {game.shape}")
    if not np.isfinite(game).all():
        raise Misread("NaN or infinity")
    if np.abs(game).max() > LARGEST_VALUE * _NEARLY:
        raise Misread("out of range", f"{np.abs(game).max():.4g}")
    if np.ptp(game) == 0:
        raise Misread("always the same value", f"{game[0]:.4g}")
    _refuse(game)
    return np.asarray(1.0)


def _refuse(game: np.ndarray) -> None:
    """Say why a game has not the property, if so."""
    found = weights_of(game)
    largest, share = _sizes(found)
    told = "weights " + ", ".join(f"{each:.3g}" for each in found)
    if largest * _NEARLY < LEAST_WEIGHT:
        raise Misread("all weights are tiny", told)
    if share * _NEARLY >= RATIO:
        return
    largest_backwards, share_backwards = _sizes(weights_of(game[::-1]))
    if largest_backwards >= LEAST_WEIGHT and share_backwards >= RATIO:
        raise Misread("the opposite order", told)
    if any(np.ptp(game.reshape(2, 2), axis=axis).max() == 0 for axis in (0, 1)):
        raise Misread("only one player does anything", told)
    smaller, larger = np.sort(np.abs(found[:2]))
    if smaller < larger / 2:
        raise Misread("one player outweighs the other", told)
    if share < RATIO / 4:
        raise Misread("the dummy gets next to nothing", told)
    raise Misread("the dummy gets too little", told)


def _sizes(weights: np.ndarray) -> tuple[float, float]:
    """The largest weight in size, and the dummy's in units of it."""
    largest = float(np.abs(weights).max())
    return largest, float(abs(weights[2])) / largest if largest else 0.0


_MISTAKES = (
    Mistake(
        "a number for each player",
        "three numbers came back; a value for each coalition of players 1 and 2 is asked for.",
        _ORDER,
    ),
    Mistake(
        "a number for each coalition",
        "eight numbers came back; player 3 changes nothing, so four are enough.",
        _ORDER,
    ),
    Mistake("a table", "the values came back as a table; four numbers are asked for.", _ORDER),
    Mistake(
        "with an axis too many",
        "four numbers are asked for, without another axis.",
        "Return x[0] or x.ravel() instead of x.",
    ),
    Mistake("another number of numbers", "four numbers are asked for.", _ORDER),
    Mistake("out of range", "a value of your game is larger than 1 in size."),
    Mistake(
        "always the same value",
        "your game has the same value for every coalition: no player does anything.",
        _LOOK,
    ),
    Mistake(
        "all weights are tiny",
        "even the largest of LIME's weights is less than 0.05 in size.",
        "A share of next to nothing shows nothing; let the values be farther apart.",
    ),
    Mistake(
        "the opposite order",
        "LIME's weight of player 3 is too small; read backwards, your game would do.",
        _ORDER,
    ),
    Mistake(
        "only one player does anything",
        "in your game only one of players 1 and 2 does anything.",
        "Let both of them matter.",
    ),
    Mistake(
        "one player outweighs the other",
        "one of players 1 and 2 gets most of the weight; that of player 3 is small beside it.",
        "Let both of them matter alike.",
    ),
    Mistake(
        "the dummy gets next to nothing",
        "LIME's weight of player 3 is next to nothing.",
        _LOOK,
    ),
    Mistake(
        "the dummy gets too little",
        "LIME's weight of player 3 is less than 0.2 of the largest.",
        "Go on in the direction in which it grows.",
    ),
)

CHALLENGE = Challenge(
    question="dummy_player",
    title="A player who does nothing",
    ask="dummy_player",
    blanks=("dummy_player",),
    aspects={_PROPERTY: 4.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
    stand_ins={"weighting_kernel": "weighting_kernel", "weighted_ridge": "weighted_ridge"},
)
