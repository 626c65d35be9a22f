"""Games of any number of players whose Shapley values are known in closed form.

To measure estimates with: interactions of few players, of many, and of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_NODES = 40  # exact for up to 80 players: the integrand is a polynomial


@dataclass(frozen=True)
class KnownGame:
    """A game and its solution.

    Attributes:
        worth: of coalitions ``(n, d)``: ``(n,)``.
        values: the Shapley values ``(d,)``.
    """

    worth: Callable[[np.ndarray], np.ndarray]
    values: np.ndarray

    @property
    def players(self) -> int:
        """How many there are, d."""
        return len(self.values)


def unanimity(players: int, teams: int, largest: int, seed: int = 0) -> KnownGame:
    """A sum over teams, each of which earns something when all of its members take part.

    These share it equally (Shapley 1953).

    Args:
        players: d.
        teams: how many.
        largest: how many members a team has at most.
        seed: of teams and what they earn.
    """
    rng = np.random.default_rng(seed)
    members = np.zeros((teams, players))
    for team in members:
        team[rng.choice(players, rng.integers(1, largest + 1), replace=False)] = 1
    sizes, earned = members.sum(axis=1), rng.normal(size=teams)

    def worth(Z: np.ndarray) -> np.ndarray:
        return (np.asarray(Z, float) @ members.T > sizes - 0.5) @ earned

    return KnownGame(worth, (earned / sizes) @ members)


def products(players: int, terms: int, seed: int = 0) -> KnownGame:
    """A sum of products over all players, who multiply each by a factor of their own.

    Solved by the multilinear extension (Owen 1972): the integral, over the probability with which
    all others take part, of what a player adds.

    Args:
        players: d, up to 80.
        terms: how many products.
        seed: of factors and of what each product counts.
    """
    rng = np.random.default_rng(seed)
    factors = np.abs(1 + 0.35 * rng.normal(size=(terms, players)))
    counts = rng.normal(size=terms)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    means = 1 + (factors[..., np.newaxis] - 1) * (nodes + 1) / 2
    others = means.prod(axis=1, keepdims=True) / means
    values = np.einsum("k,kd,kdq,q->d", counts, factors - 1, others, weights / 2)

    def worth(Z: np.ndarray) -> np.ndarray:
        return np.exp(np.asarray(Z, float) @ np.log(factors).T) @ counts

    return KnownGame(worth, values)


def airport(players: int, seed: int = 0) -> KnownGame:
    """A runway for the largest of the aeroplanes that take part (Littlechild and Owen 1973).

    Each piece of it is paid in equal shares by those that need it.

    Args:
        players: d.
        seed: of the lengths.
    """
    needs = np.sort(np.random.default_rng(seed).gamma(2, size=players))
    pieces = np.diff(needs, prepend=0.0)

    def worth(Z: np.ndarray) -> np.ndarray:
        return (np.asarray(Z, float) * needs).max(axis=1)

    return KnownGame(worth, np.cumsum(pieces / np.arange(players, 0, -1)))
