"""The maps of hidden explainers: drawn, so that the evidence on them is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from scipy import stats  # type: ignore[import-untyped]


class HiddenMaps(Protocol):
    """How the two maps of an explainer are drawn, and what is right and wrong about them.

    Maps are in shares of the gain: one that adds up to 1 is complete. The box gives them out times
    the gain.
    """

    def draw(self, rng: np.random.Generator, total: float) -> tuple[np.ndarray, np.ndarray]:
        """The map asked about, which adds up to about ``total``, and the other; float32."""
        ...

    def errors(self, here: np.ndarray) -> np.ndarray:
        """Its relative errors, one for each page; ``()`` where there is one page."""
        ...

    def similarity(self, here: np.ndarray, there: np.ndarray) -> float:
        """How alike the maps are."""
        ...

    def wrong_errors(self, here: np.ndarray, there: np.ndarray, other: str) -> dict[str, Any]:
        """Name of a mistake to what it would answer; ``other``: of adding up the other map."""
        ...

    def wrong_similarities(self, here: np.ndarray, there: np.ndarray) -> dict[str, Any]:
        """The same about the similarity."""
        ...

    def wrong_by_gain(
        self, here: np.ndarray, there: np.ndarray, gain: np.ndarray, of_error: bool
    ) -> Mapping[str, float]:
        """The same where it depends on the gain, ``(n,)`` or ``()``, which only the box knows."""
        ...


class OnePage:
    """One map of each; their sizes are compared.

    Args:
        shape: of a map: ``(h, w, colours)``, the colours are alike; or ``(d,)``.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    def draw(self, rng: np.random.Generator, total: float) -> tuple[np.ndarray, np.ndarray]:
        """See ``HiddenMaps``."""
        here, there = mixed(rng, self.shape[:2])
        return (
            _scaled(here, total + rng.uniform(-0.1, 0.1), self.shape),
            _scaled(there, rng.uniform(2.0, 3.0), self.shape),
        )

    def errors(self, here: np.ndarray) -> np.ndarray:
        """See ``HiddenMaps``."""
        return np.asarray(abs(here.sum(dtype=np.float64) - 1))

    def similarity(self, here: np.ndarray, there: np.ndarray) -> float:
        """See ``HiddenMaps``; the same of elements and of pixels, as the colours are alike."""
        return float(stats.spearmanr(_sizes(here), _sizes(there)).statistic)

    def wrong_errors(self, here: np.ndarray, there: np.ndarray, other: str) -> dict[str, Any]:
        """See ``HiddenMaps``."""
        here, there = (each.astype(np.float64).ravel() for each in (here, there))
        return {
            **typical_errors(here[np.newaxis], there[np.newaxis], other),
            "numbers exchanged": self.similarity(here, there),
        }

    def wrong_similarities(self, here: np.ndarray, there: np.ndarray) -> dict[str, Any]:
        """See ``HiddenMaps``."""
        here, there = (each.astype(np.float64).ravel() for each in (here, there))
        a, b = np.abs(here), np.abs(there)
        similar = stats.spearmanr(a, b)
        return {
            "no absolute value": stats.spearmanr(here, there).statistic,
            "Pearson": np.corrcoef(a, b)[0, 1],
            "Pearson, no absolute value": np.corrcoef(here, there)[0, 1],
            "Kendall": stats.kendalltau(a, b).statistic,
            "p-value": similar.pvalue,
            "whole result": np.asarray([similar.statistic, similar.pvalue]),
            "with itself": 1.0,
            "one minus similarity": 1 - similar.statistic,
            "squared": similar.statistic**2,
            "numbers exchanged": self.errors(here),
        }

    def wrong_by_gain(
        self, here: np.ndarray, there: np.ndarray, gain: np.ndarray, of_error: bool
    ) -> Mapping[str, float]:
        """See ``HiddenMaps``."""
        return {"error not relative": float(self.errors(here) * np.abs(gain))} if of_error else {}


def mixed(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays that agree in part, most of their numbers above 0."""
    size, other = (np.exp(rng.normal(0, 1, shape)) for _ in range(2))
    both = size ** rng.uniform(0.3, 0.9) * other ** rng.uniform(0.3, 0.9)
    signs = np.where(rng.random((2, *shape)) < 0.75, 1, -1)
    return size * signs[0], both * signs[1]


def typical_errors(here: np.ndarray, there: np.ndarray, other: str) -> dict[str, float]:
    """What mistakes about the error give on maps of pages ``(n, numbers)``, float64."""
    sums, other_sums = here.sum(axis=1), there.sum(axis=1)
    errors = {
        "sign of the error": sums - 1,
        "sign of the error turned": 1 - sums,
        "relative to the sum": np.abs(sums - 1) / np.abs(sums),
        "sum of absolute values": np.abs(np.abs(here).sum(axis=1) - 1),
        "ratio instead of error": sums,
        other: np.abs(other_sums - 1),
        "difference of the two maps": np.abs(sums - other_sums),
        "mean instead of sum": np.abs(here.mean(axis=1) - 1),
        "error squared": (sums - 1) ** 2,
        "percentage": 100 * np.abs(sums - 1),
    }
    return {name: float(each.mean()) for name, each in errors.items()}


def _sizes(values: np.ndarray) -> np.ndarray:
    return np.abs(values.astype(np.float64)).ravel()


def _scaled(values: np.ndarray, total: float, shape: tuple[int, ...]) -> np.ndarray:
    """A map that adds up to ``total``, float32; what ``shape`` has beyond the values' is alike."""
    beyond = shape[values.ndim :]
    values = values * np.sign(values.sum())
    shared = (values * total / values.sum() / math.prod(beyond)).astype(np.float32)
    return np.broadcast_to(shared.reshape(values.shape + (1,) * len(beyond)), shape).copy()
