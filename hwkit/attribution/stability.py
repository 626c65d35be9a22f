"""How far weights agree that were found with different seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from hwkit.attribution.rank_correlation import spearman


@dataclass(frozen=True)
class Stability:
    """The weights of the same superpixels and labels, found with several seeds.

    Attributes:
        labels: the classes.
        seeds: of the choice of coalitions.
        values: the weights ``(seeds, d, labels)``.
        top: how many of the largest weights ``overlap`` compares.
    """

    labels: tuple[int, ...]
    seeds: tuple[int, ...]
    values: np.ndarray = field(repr=False)
    top: int = 5

    @property
    def mean(self) -> np.ndarray:
        """The mean of each weight over the seeds ``(d, labels)``."""
        return self.values.mean(axis=0)

    @property
    def deviation(self) -> np.ndarray:
        """The standard deviation of each weight over the seeds (n - 1), ``(d, labels)``."""
        return self.values.std(axis=0, ddof=1)

    @property
    def order(self) -> np.ndarray:
        """Spearman's correlation of the weights, mean of all pairs of seeds ``(labels,)``.

        1: always in the same order; 0: in any order. NaN where all weights of a seed are equal.
        """
        return self._of_pairs(rank_correlation)

    @property
    def overlap(self) -> np.ndarray:
        """The share of the largest weights in size that two seeds have in common ``(labels,)``.

        The mean of all pairs of seeds. Where fewer than ``top`` weights are not 0, only these are
        compared; NaN where a seed has none.
        """
        return self._of_pairs(self._shared)

    def _of_pairs(self, compare: Callable[[np.ndarray, np.ndarray], float]) -> np.ndarray:
        return np.array(
            [
                np.mean([compare(one, other) for one, other in combinations(weights, 2)])
                for weights in np.moveaxis(self.values, 2, 0)
            ]
        )

    def _shared(self, one: np.ndarray, other: np.ndarray) -> float:
        largest = [self._largest(one), self._largest(other)]
        if not all(largest):
            return float("nan")
        return len(largest[0] & largest[1]) / max(map(len, largest))

    def _largest(self, weights: np.ndarray) -> set[int]:
        order = np.argsort(-np.abs(weights), kind="stable")[: self.top]
        return {int(number) for number in order if weights[number]}


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation of two arrays of equal size; NaN where one has a single value."""
    return float(spearman(one.reshape(1, -1), other.reshape(1, -1))[0])
