"""The maps of hidden explainers of several pages: on their ink, compared with their signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from autograder.challenge import Mistake
from autograder.challenges.hunting_maps import typical_errors

_EACH_PAGE = "Both numbers are means over the pictures: first one for each, then their mean."
_INK = "maps[i][ink[i]] are the attributions of picture i on its ink."
# What else goes wrong where there is more than one page, and paper beside the ink.
OWN_MISTAKES = (
    Mistake("median instead of mean", "this is the median over the pictures.", _EACH_PAGE),
    Mistake("sum instead of mean", "the pictures' numbers are added up.", _EACH_PAGE),
    Mistake("first picture only", "this is the number of the first picture.", _EACH_PAGE),
    Mistake("worst picture", "this is the number of the worst picture.", _EACH_PAGE),
    Mistake("a number for each picture", "there is a number for each picture.", _EACH_PAGE),
    Mistake(
        "size after the mean",
        "errors of either sign cancel each other, since their size is taken after the mean.",
        _EACH_PAGE,
    ),
    Mistake("one ratio for all", "errors and gains are averaged before they are divided."),
    Mistake("all pictures at once", "the pictures are taken together as if one.", _EACH_PAGE),
    Mistake("all pixels", "paper is compared as well; ink alone is asked for.", _INK),
    Mistake("sizes of all pixels", "|attribution| is compared, and paper as well.", _INK),
    Mistake(
        "another class",
        "these are the attributions of another class.",
        "Explain class c, all of x.",
    ),
)


class InkedPages:
    """A map of each page; see ``HiddenMaps``.

    Args:
        ink: gives the masks ``(n, h, w)`` of the pixels with ink.
    """

    def __init__(self, ink: Callable[[], np.ndarray]) -> None:
        self._ink = ink

    def draw(self, rng: np.random.Generator, total: float) -> tuple[np.ndarray, np.ndarray]:
        """Maps ``(n, h, w, 1)``, each with its own sum; see ``HiddenMaps``."""
        ink = self._ink()
        maps = np.zeros((2, *ink.shape, 1), np.float32)
        for page, mask in enumerate(ink):
            first, own = rng.normal(0.5, 1, (2, int(mask.sum())))
            shared = 1 - 0.7 * rng.uniform() ** 2  # skewed, as the sums: medians are no means
            pair = np.stack([first, shared * first + np.sqrt(1 - shared**2) * own])
            pair = np.sign(pair) * np.abs(pair) ** 3
            sums = total + 0.2 * (rng.exponential() - 1), rng.uniform(2.0, 3.0)
            maps[:, page, mask, 0] = pair * (sums / pair.sum(axis=1))[:, np.newaxis]
        return maps[0], maps[1]

    def errors(self, here: np.ndarray) -> np.ndarray:
        """See ``HiddenMaps``."""
        return np.abs(_flat(here).sum(axis=1) - 1)

    def similarity(self, here: np.ndarray, there: np.ndarray) -> float:
        """See ``HiddenMaps``."""
        return float(self._each(here, there, _spearman).mean())

    def wrong_errors(self, here: np.ndarray, there: np.ndarray, other: str) -> dict[str, Any]:
        """See ``HiddenMaps``."""
        errors, sums = self.errors(here), _flat(here).sum(axis=1)
        return {
            **typical_errors(_flat(here), _flat(there), other),
            **_of_pages(errors),
            "worst picture": errors.max(),
            "size after the mean": abs((sums - 1).mean()),
            "another class": np.abs(-sums - 1).mean(),
            "numbers exchanged": self.similarity(here, there),
        }

    def wrong_similarities(self, here: np.ndarray, there: np.ndarray) -> dict[str, Any]:
        """See ``HiddenMaps``."""
        right, sizes = self._each(here, there, _spearman), (np.abs(here), np.abs(there))
        p_value = self._each(here, there, lambda a, b: stats.spearmanr(a, b).pvalue).mean()
        return {
            **_of_pages(right),
            "worst picture": right.max(),
            "absolute value": self._each(*sizes, _spearman).mean(),
            "Pearson": self._each(here, there, _pearson).mean(),
            "Pearson of absolute values": self._each(*sizes, _pearson).mean(),
            "Kendall": self._each(here, there, _kendall).mean(),
            "p-value": p_value,
            "whole result": np.asarray([right.mean(), p_value]),
            "with itself": 1.0,
            "one minus similarity": 1 - right.mean(),
            "squared": right.mean() ** 2,
            "all pixels": np.mean([*map(_spearman, _flat(here), _flat(there))]),
            "sizes of all pixels": np.mean([*map(_spearman, *map(_flat, sizes))]),
            "numbers exchanged": self.errors(here).mean(),
        }

    def wrong_by_gain(
        self, here: np.ndarray, there: np.ndarray, gain: np.ndarray, of_error: bool
    ) -> Mapping[str, float]:
        """See ``HiddenMaps``."""
        shown = gain.reshape(-1, 1, 1, 1)
        if not of_error:
            pair = (here * shown)[self._ink()].ravel(), (there * shown)[self._ink()].ravel()
            return {"all pictures at once": _spearman(*pair)}
        sums, size = _flat(here).sum(axis=1), np.abs(gain)
        errors, summed = np.abs(sums - 1), np.abs(_flat(here)).sum(axis=1)
        found = {
            "error not relative": (errors * size).mean(),
            "sign of the error": ((sums - 1) * np.sign(gain)).mean(),
            "sum of absolute values": np.abs(summed - np.sign(gain)).mean(),
            "one ratio for all": (errors * size).sum() / size.sum(),
            "all pictures at once": abs((sums * gain).sum() - gain.sum()) / abs(gain.sum()),
        }
        return {name: float(each) for name, each in found.items()}

    def _each(
        self, here: np.ndarray, there: np.ndarray, of: Callable[[np.ndarray, np.ndarray], float]
    ) -> np.ndarray:
        """A number of each page's ink, ``(n,)``."""
        pairs = zip(here[..., 0], there[..., 0], self._ink(), strict=True)
        return np.array([of(a[mask], b[mask]) for a, b, mask in pairs])


def _of_pages(each: np.ndarray) -> dict[str, Any]:
    return {
        "median instead of mean": np.median(each),
        "sum instead of mean": each.sum(),
        "first picture only": each[0],
        "a number for each picture": each,
    }


def _flat(maps: np.ndarray) -> np.ndarray:
    return maps.astype(np.float64).reshape(len(maps), -1)


def _spearman(a: np.ndarray, b: np.ndarray) -> float:
    return float(stats.spearmanr(a, b).statistic)


def _pearson(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def _kendall(a: np.ndarray, b: np.ndarray) -> float:
    return float(stats.kendalltau(a, b).statistic)
