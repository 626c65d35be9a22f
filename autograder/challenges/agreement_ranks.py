"""The challenge of ``ranks``: the places of numbers in their order; equal ones share theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.agreement_correlations import row_ranks
from autograder.challenges.drawing import draw_cases
from autograder.challenges.surrogate_references import finite_numbers
from autograder.comparing import Misread, numbers, part

_APART, _TIES = "without ties", "ties"
_TOLERANCE = 1e-4
_BACK = "Each value gets its own rank, at its own place: ranks([30, 10, 20]) is [3, 1, 2]."
_SHARE = "Values that are equal share the mean of the ranks that they take up together."
_FROM_ONE = "The lowest value has rank 1, the highest rank m."


@dataclass(frozen=True)
class _Setting:
    """One call of ranks.

    Attributes:
        aspect: of the question.
        count: values.
        levels: different values; 0: all are different.
        paper: how many of them are zero.
        watched: whether they have to stay as they are.
    """

    aspect: str
    count: int
    levels: int = 0
    paper: int = 0
    watched: bool = False


_SETTINGS = (
    _Setting(_APART, 8),
    _Setting(_APART, 23),
    _Setting(_APART, 12, watched=True),
    _Setting(_TIES, 12, levels=5),
    _Setting(_TIES, 40, levels=6),
    _Setting(_TIES, 20, paper=8),
    _Setting(_TIES, 6, levels=1),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    values = _values(rng, setting)
    truth = _Truth(values.astype(np.float64))
    read = partial(truth.read, watched=setting.watched)
    return Case(setting.aspect, {"values": values}, truth.ranks(), truth.wrong, _TOLERANCE, read)


def _values(rng: np.random.Generator, setting: _Setting) -> np.ndarray:
    """Values of both signs, in a drawn order."""
    if setting.levels:
        known = _all_different(rng, setting.levels)
        places = np.arange(setting.count) % setting.levels
        places[setting.levels :] = rng.integers(0, setting.levels, setting.count - setting.levels)
        return rng.permutation(known[places])
    values = _all_different(rng, setting.count)
    values[rng.permutation(setting.count)[: setting.paper]] = 0
    return values


def _all_different(rng: np.random.Generator, count: int) -> np.ndarray:
    steps = np.arange(count) - count // 2 + rng.uniform(0.1, 0.6, count)
    return rng.permutation(np.sign(steps) * np.abs(steps) ** 1.5).astype(np.float32)


def reference(values: Any) -> np.ndarray:
    """Ranks, where a student's blank is wrong that another blank uses.

    Raises:
        ValueError: no finite values ``(m,)``.
    """
    found = finite_numbers(values)
    if found.ndim != 1:
        raise ValueError(f"Expected values (m,). Received: shape {found.shape}.")
    return row_ranks(found[np.newaxis])[0]


@dataclass(frozen=True)
class _Truth:
    """What is asked for, and what mistakes would give.

    Attributes:
        values: ``(m,)``, in float64.
    """

    values: np.ndarray

    def ranks(self) -> np.ndarray:
        """What is asked for."""
        return row_ranks(self.values[np.newaxis])[0]

    def read(self, value: Any, watched: bool) -> np.ndarray:
        """The ranks; equal values that were told apart are recognised in whatever order.

        Raises:
            Misread: they were, or the values have changed and are watched.
        """
        found = numbers(part(value, "ranks"))
        if watched and not np.array_equal(numbers(part(value, "values")), self.values):
            raise Misread("changed in place")
        right = self.ranks()
        if found.shape == right.shape and not np.allclose(found, right):
            order = np.argsort(found)
            all_ranks = np.allclose(found[order], np.arange(1, found.size + 1))
            if all_ranks and (np.diff(self.values[order]) >= 0).all():
                raise Misread("equal values told apart")
        return found

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, count = self.ranks(), self.values.size
        _, which, counts = np.unique(self.values, return_inverse=True, return_counts=True)
        order = np.argsort(self.values, kind="stable").astype(np.float64)
        highest = np.cumsum(counts)[which]
        return {
            "order instead of ranks": order + 1,
            "order instead of ranks, from 0": order,
            "ranks from 0": right - 1,
            "the highest has rank 1": count + 1 - right,
            "by size, without sign": row_ranks(np.abs(self.values[np.newaxis]))[0],
            "ranks in sorted order": np.sort(right),
            "sorted values": np.sort(self.values),
            "values as they were": self.values,
            "shares of m": right / count,
            "lowest rank for all": highest - counts[which] + 1.0,
            "highest rank for all": highest.astype(np.float64),
            "no rank left out": which + 1.0,
            "rounded down": np.floor(right),
            "rounded up": np.ceil(right),
            "ranks added up": right * counts[which],
        }


_MISTAKES = (
    *(
        Mistake(name, "this says where each rank's value stands, not each value's rank.", _BACK)
        for name in ("order instead of ranks", "order instead of ranks, from 0")
    ),
    Mistake("ranks from 0", "your ranks begin with 0.", _FROM_ONE),
    Mistake("the highest has rank 1", "the highest value gets rank 1.", _FROM_ONE),
    Mistake(
        "by size, without sign",
        "values are ranked by size, without their sign.",
        "A negative value is lower than 0.",
    ),
    Mistake("ranks in sorted order", "the ranks come in ascending order.", _BACK),
    Mistake("sorted values", "these are the values in ascending order, not ranks.", _BACK),
    Mistake("values as they were", "these are the values, not their ranks.", _BACK),
    Mistake("shares of m", "the ranks are divided by m.", _FROM_ONE),
    Mistake(
        "equal values told apart",
        "values that are equal get different ranks, by their place.",
        _SHARE,
    ),
    Mistake(
        "lowest rank for all",
        "values that are equal all get the lowest of the ranks that they take up.",
        _SHARE,
    ),
    Mistake(
        "highest rank for all",
        "values that are equal all get the highest of the ranks that they take up.",
        _SHARE,
    ),
    Mistake(
        "no rank left out",
        "values that are equal take up a single rank together.",
        "The highest of m values has rank m, whatever is equal below it. " + _SHARE,
    ),
    Mistake("rounded down", "shared ranks are rounded down.", "A mean of ranks may end in .5."),
    Mistake("rounded up", "shared ranks are rounded up.", "A mean of ranks may end in .5."),
    Mistake("ranks added up", "values that are equal get the sum of their ranks.", _SHARE),
    Mistake(
        "changed in place",
        "the values that were passed in have been changed.",
        "values.sort() sorts them where they stand; np.sort(values) makes a new array.",
    ),
)

CHALLENGE = Challenge(
    question="ranks",
    title="Ranks with ties",
    ask="ranks",
    blanks=("ranks",),
    aspects={_APART: 2.0, _TIES: 3.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
