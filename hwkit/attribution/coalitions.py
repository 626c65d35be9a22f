"""Which coalitions a budget buys.

Each is asked about together with its complement, since Shapley values depend on the difference of
the two only (Covert and Lee 2021). How many pairs a size gets lies between two designs from the
literature; sizes that have no more coalitions than they get, the smallest and the largest first,
are asked about completely; of the others, pairs are drawn without replacement. docs/methods/
kernel_shap.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from hwkit.attribution.shapley import shapley_kernel

# Pairs of sizes s and d - s in proportion to (s (d - s))^-0.25: with the exponent 0 it is leverage
# score sampling (Musco and Witter 2025), with -0.5 "one sample fits all" (Li and Yu 2024).
EXPONENT = -0.25
MOST_PLAYERS = 1000
LEAST = 4  # coalitions for each player: with fewer, nothing is left to tell the errors from
_ENOUGH = 2**62  # more coalitions than anybody asks about


@dataclass(frozen=True)
class Pairs:
    """Coalitions, each of which stands for its complement, too.

    Any beginning of them is a sample of the same design.

    Attributes:
        shown: one of each pair ``(m, d)``, booleans.
        weights: how much each counts in the least squares ``(m,)``.
        share: of all pairs of these sizes, the share that is asked about ``(m,)``; 1 for all.
    """

    shown: np.ndarray
    weights: np.ndarray
    share: np.ndarray

    @property
    def complete(self) -> bool:
        """Whether these are all pairs that there are."""
        return 2 * len(self.shown) == 2 ** self.shown.shape[1] - 2

    def first(self, count: int) -> Pairs:
        """The first pairs."""
        begun = count / len(self.shown)
        return Pairs(self.shown[:count], self.weights[:count], self.share[:count] * begun)

    def with_complements(self) -> np.ndarray:
        """All coalitions ``(2m, d)``, each before its complement."""
        return np.stack([self.shown, ~self.shown], axis=1).reshape(-1, self.shown.shape[1])


def draw(players: int, samples: int, seed: int = 0) -> Pairs:
    """Pairs of coalitions for a budget.

    Args:
        players: d, from 1 to 1000.
        samples: how many coalitions to ask about at most, besides the empty and the full one; four
            times the players or more, unless these are all.
        seed: of what is drawn.

    Raises:
        ValueError: too few samples, or another number of players.
    """
    if not 1 <= players <= MOST_PLAYERS:
        raise ValueError(
            f"Expected 1 to {MOST_PLAYERS} players. Received: players={players}. Take larger "
            "superpixels."
        )
    least = min(LEAST * players, 2**players - 2)
    if samples < least:
        raise ValueError(
            f"Expected samples of {least} or more, for {players} players. Received: "
            f"samples={samples}. Ask about more, or take fewer and larger superpixels."
        )
    if players == 1:
        return Pairs(np.zeros((0, 1), bool), np.zeros(0), np.zeros(0))
    rng = np.random.default_rng(seed)
    sizes = np.arange(1, players // 2 + 1)
    existing = [_existing(players, size) for size in sizes.tolist()]
    expected = _expected(players, sizes, existing, samples // 2)
    # Rounded so that the sum is right and each is right on average (systematic sampling).
    edges = np.floor(np.concatenate([[0.0], np.cumsum(expected)]) + rng.random() + 1e-9)
    counts = np.where(_all_of(existing, expected), expected, np.diff(edges)).astype(int)
    shown, weights, share, place = [], [], [], []
    for size, there_are, mean, count in zip(
        sizes.tolist(), existing, expected, counts, strict=True
    ):
        shown.append(_distinct(rng, players, size, there_are, int(count)))
        kernel = shapley_kernel(players, np.array([size]))[0]
        weights.append(np.full(count, kernel * there_are / mean))
        share.append(np.full(count, mean / there_are))
        # Evenly spread over the whole, whatever the size.
        place.append((np.arange(count) + rng.random(count)) / max(count, 1))
    order = np.argsort(np.concatenate(place), kind="stable")
    joined = [np.concatenate(parts)[order] for parts in (shown, weights, share)]
    return Pairs(joined[0], joined[1], joined[2])


def _existing(players: int, size: int) -> int:
    """How many pairs there are of a size and its complement's."""
    return comb(players, size) // (2 if 2 * size == players else 1)


def _expected(players: int, sizes: np.ndarray, existing: Sequence[int], pairs: int) -> np.ndarray:
    """How many pairs each size gets, on average; what one size has too much goes to the others."""
    there_are = np.minimum(np.array([float(min(each, _ENOUGH)) for each in existing]), _ENOUGH)
    wish = (sizes * (players - sizes.astype(float))) ** EXPONENT
    wish[2 * sizes == players] /= 2
    given = np.zeros(len(sizes))
    complete = np.zeros(len(sizes), bool)
    while not complete.all():
        left = pairs - there_are[complete].sum()
        given = np.where(complete, there_are, left * wish / wish[~complete].sum())
        more = ~complete & (given >= there_are)
        if not more.any():
            break
        complete |= more
    return np.where(complete, there_are, given)


def _all_of(existing: Sequence[int], expected: np.ndarray) -> np.ndarray:
    return np.array([mean >= count for count, mean in zip(existing, expected, strict=True)])


def _distinct(
    rng: np.random.Generator, players: int, size: int, there_are: int, count: int
) -> np.ndarray:
    """Different coalitions of a size ``(count, d)``, of which none is another's complement."""
    own_complements = 2 * size == players
    if there_are <= 4 * count:
        # Where complements have the same size, the first half holds one of each pair.
        members = np.array(list(islice(combinations(range(players), size), there_are)))
        every = np.zeros((there_are, players), bool)
        np.put_along_axis(every, members, True, axis=1)
        return every[rng.permutation(there_are)[:count]]
    found = np.zeros((0, players), bool)
    while len(found) < count:
        fresh = np.argsort(rng.random((count - len(found), players)), axis=1) < size
        if own_complements:
            fresh ^= ~fresh[:, :1]
        found = np.concatenate([found, fresh])
        _, first = np.unique(np.packbits(found, axis=1), axis=0, return_index=True)
        found = found[np.sort(first)]
    return found
