"""Shapley values (Shapley 1953): what each player of a game earns, on average over all coalitions.

A game is a function that says what coalitions are worth: ``Z (n, d)``, true for the players that
take part, to ``(n,)`` or ``(n, outputs)``. Here they are worked out by asking about all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np

Game = Callable[[np.ndarray], np.ndarray]
MOST_PLAYERS = 12
"""Beyond, asking about all coalitions takes too long; see ``kernel_shap``."""


def exact_shapley(game: Game, players: int) -> np.ndarray:
    """The Shapley values of a game by full enumeration; it is asked about 2^d coalitions at once.

    Args:
        game: from coalitions ``(n, d)``, booleans, to what they are worth, ``(n,)`` or
            ``(n, outputs)``.
        players: d, from 1 to 12.

    Returns:
        ``(d,)`` or ``(d, outputs)``, float64; they sum to what all earn beyond what nobody does.

    Raises:
        ValueError: another number of players, or answers that are not one finite row each.
    """
    if not 1 <= players <= MOST_PLAYERS:
        raise ValueError(
            f"Expected 1 to {MOST_PLAYERS} players: all 2^d coalitions are asked about. Received: "
            f"players={players}. kernel_shap(game, players) estimates the values of more."
        )
    worth = worth_of(game, all_coalitions(players))
    ### BEGIN SOLUTION surrogates: exact_shapley
    number = np.arange(2**players)
    sizes = all_coalitions(players).sum(axis=1)
    weight = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    found = []
    for player in range(players):
        without = number[number >> player & 1 == 0]
        gains = worth[without | 1 << player] - worth[without]
        found.append(weight[sizes[without]] @ gains)
    return np.stack(found)
    ### END SOLUTION


def shapley_kernel(players: int, sizes: np.ndarray) -> np.ndarray:
    """How much a coalition counts in the least squares whose solution are the Shapley values.

    Lundberg and Lee (2017, theorem 2).

    Args:
        players: d, from 2 to 1000.
        sizes: how many take part in each coalition, ``(n,)``, from 1 to d - 1.

    Returns:
        ``(n,)``, float64.

    Raises:
        ValueError: a size at which the weight is infinite, or that there is not.
    """
    given = np.asarray(sizes)
    if given.size and not (given.min() >= 1 and given.max() <= players - 1):
        raise ValueError(
            f"Expected sizes from 1 to {players - 1}, of coalitions that are neither empty nor "
            f"full. Received: sizes from {given.min()} to {given.max()}."
        )
    ### BEGIN SOLUTION surrogates: shapley_kernel
    weights = [
        (players - 1) / (comb(players, size) * size * (players - size)) for size in given.tolist()
    ]
    return np.array(weights, np.float64)
    ### END SOLUTION


def all_coalitions(players: int) -> np.ndarray:
    """All coalitions ``(2^d, d)``: player i takes part in those whose number has the bit i."""
    return (np.arange(2**players)[:, np.newaxis] >> np.arange(players) & 1).astype(bool)


def worth_of(game: Game, Z: np.ndarray) -> np.ndarray:
    """What a game says of coalitions ``(n, d)``: ``(n,)`` or ``(n, outputs)``, float64.

    Raises:
        ValueError: answers that are not one finite row for each coalition.
    """
    worth = np.asarray(game(Z), np.float64)
    if worth.ndim not in (1, 2) or len(worth) != len(Z):
        raise ValueError(
            f"Expected a game that gives (n,) or (n, outputs) for n = {len(Z)} coalitions. "
            f"Received: shape {worth.shape}."
        )
    if not np.isfinite(worth).all():
        raise ValueError("Expected a game of finite numbers. Received: NaN or infinity.")
    return worth
