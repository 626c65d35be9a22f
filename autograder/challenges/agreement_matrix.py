"""The challenge of ``agreement``: means, deviations and numbers of correlations of maps.

What is compared depends on the aspect, so that no mistake is punished twice: means, deviations, or
means, counts and where there is a deviation at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges import agreement_spearman
from autograder.challenges.agreement_correlations import correlated, row_correlations, row_ranks
from autograder.challenges.agreement_matrix_told import MISTAKES
from autograder.challenges.drawing import draw_cases
from autograder.comparing import Misread, agrees, numbers, part, received, text

_MEANS, _DEVIATIONS = "means", "deviations"
_UNDEFINED = "undefined rows left out and counted"
_TOLERANCE = 2e-4
_NAMES = ("saliency", "lrp", "ig", "deeplift", "gbp")
_KEYS = ("mean", "deviation", "counted")
_Constant = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class _Setting:
    """One call of agreement.

    Attributes:
        aspect: of the question.
        methods: how many.
        rows: pictures.
        pixels: of a picture.
        constant: of the first methods: the rows in which each has one value.
    """

    aspect: str
    methods: int
    rows: int
    pixels: int
    constant: _Constant = ()


_SETTINGS = (
    _Setting(_MEANS, 3, 4, 12),
    _Setting(_MEANS, 4, 6, 20),
    _Setting(_DEVIATIONS, 3, 4, 12),
    _Setting(_DEVIATIONS, 4, 5, 18),
    _Setting(_DEVIATIONS, 3, 1, 15),
    # Two methods are never both defined but in the last row, in the other case not even there.
    _Setting(_UNDEFINED, 4, 7, 12, ((0, 1, 2), (3, 4, 5), (5,))),
    _Setting(_UNDEFINED, 3, 7, 15, ((0, 2, 4), (1, 3, 5, 6))),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    drawn = correlated(rng, setting.methods, setting.rows, setting.pixels)
    for maps, rows in zip(drawn, setting.constant, strict=False):
        maps[list(rows)] = rng.choice([0.0, 0.1], (len(rows), 1))
    names = [str(each) for each in rng.permutation(_NAMES)[: setting.methods]]
    if names == sorted(names):
        names.reverse()
    truth = _Truth(tuple(names), drawn.astype(np.float64), setting.aspect)
    return Case(
        setting.aspect,
        {"maps": dict(zip(names, drawn, strict=True))},
        truth.compared(*truth.tables),
        truth.wrong,
        _TOLERANCE,
        truth.read,
        references={"spearman": agreement_spearman.reference},
    )


_Tables = tuple[np.ndarray, np.ndarray, np.ndarray]


def _tables(correlations: np.ndarray, ddof: int = 1) -> _Tables:
    """Mean, deviation and number ``(k, k)`` of the correlations ``(n, k, k)`` that are defined."""
    counted = (~np.isnan(correlations)).sum(axis=0).astype(np.float64)
    with np.errstate(all="ignore"):
        mean = np.nansum(correlations, axis=0) / counted
        squares = np.nansum((correlations - mean) ** 2, axis=0)
        deviation = np.sqrt(squares / np.where(counted > ddof, counted - ddof, np.nan))
    return mean, deviation, counted


def _correlations(maps: np.ndarray) -> np.ndarray:
    """Of every two methods ``(n, k, k)``, of maps or ranks ``(k, n, m)``."""
    return np.stack([[row_correlations(a, b) for b in maps] for a in maps]).transpose(2, 0, 1)


@dataclass(frozen=True)
class _Truth:
    """What is asked for, and what mistakes would give.

    Attributes:
        names: of the methods.
        maps: ``(k, n, m)``, in float64.
        aspect: of the question.
    """

    names: tuple[str, ...]
    maps: np.ndarray
    aspect: str

    @cached_property
    def correlations(self) -> np.ndarray:
        """Of every two methods in every picture ``(n, k, k)``."""
        return _correlations(np.stack([row_ranks(each) for each in self.maps]))

    @cached_property
    def tables(self) -> _Tables:
        """What is asked for."""
        return _tables(self.correlations)

    def compared(self, mean: np.ndarray, deviation: np.ndarray, counted: np.ndarray) -> np.ndarray:
        """The part of three tables that the aspect looks at."""
        n, right = self.maps.shape[1], self.tables[2]
        if self.aspect == _MEANS:
            return mean
        if self.aspect == _DEVIATIONS:
            # Of a single picture, 0 and NaN are both as good on the diagonal.
            return np.where(np.eye(len(right)) * (right < 2), 0.0, deviation)
        # With fewer than two, ddof decides, and that has an aspect of its own.
        there = np.where(right < 2, True, np.isfinite(deviation))
        return np.stack([mean, there, counted / n])

    def read(self, value: Any) -> np.ndarray:
        """The part of the answer that the aspect looks at.

        Raises:
            Misread: no three tables, or right ones of which something was warned.
        """
        answer, warned = part(value, "tables"), text(value, "warned")
        if type(answer) is not dict or not set(_KEYS) <= set(answer):
            raise Misread("no three tables", received(answer))
        found, k = [numbers(answer[key]) for key in _KEYS], len(self.names)
        shapes = [each.shape for each in found]
        if shapes == [(k,)] * len(_KEYS):  # a single table that has as many rows
            raise Misread("no three tables")
        if shapes != [(k, k)] * len(_KEYS):
            raise Misread("tables of other shapes", ", ".join(map(str, shapes)))
        compared = self.compared(*found)
        right = agrees(compared, self.compared(*self.tables), _TOLERANCE)
        if right and warned and self.aspect == _UNDEFINED:
            raise Misread("right, with a warning", warned.rstrip("."))
        return compared

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        found = self._wrong_tables() | self._of_other_correlations() | self._of_undefined()
        return {name: self.compared(*each) for name, each in found.items()}

    def _wrong_tables(self) -> dict[str, _Tables]:
        mean, deviation, counted = self.tables
        one, k = np.eye(len(mean)), len(mean)
        order = np.ix_(*[np.argsort(self.names)] * 2)
        variance, with_n = deviation**2, _tables(self.correlations, ddof=0)[1]
        return {
            "diagonal of 0": (mean * (1 - one), deviation, counted),
            "upper triangle only": (np.triu(mean), np.triu(deviation), np.triu(counted)),
            "lower triangle only": (np.tril(mean), np.tril(deviation), np.tril(counted)),
            "methods in another order": (mean[order], deviation[order], counted[order]),
            "mean and deviation exchanged": (deviation, mean, counted),
            "mean over everything": (np.full((k, k), np.nanmean(mean)), deviation, counted),
            "divided by n": (mean, with_n, counted),
            "variance": (mean, variance, counted),
            "standard error": (mean, deviation / np.sqrt(counted), counted),
            "standard error, divided by n": (mean, with_n / np.sqrt(counted), counted),
            "deviation over everything": (
                mean,
                np.full((k, k), np.nanstd(self.correlations, ddof=1)),
                counted,
            ),
            "deviation of 0 for one picture": (mean, np.nan_to_num(deviation), counted),
        }

    def _of_other_correlations(self) -> dict[str, _Tables]:
        """Tables of other numbers than the correlations of every picture."""
        maps, found, (_, deviation, counted) = self.maps, self.correlations, self.tables

        def instead(mean: np.ndarray) -> _Tables:
            return mean, deviation, counted

        def of_one_row(each: np.ndarray) -> np.ndarray:
            return _correlations(row_ranks(each)[:, np.newaxis])[0]

        with np.errstate(all="ignore"):
            columns = _correlations(np.stack([row_ranks(each.T) for each in maps]))
        return {
            "correlations of mean maps": instead(of_one_row(maps.mean(axis=1))),
            "all pictures in one row": instead(of_one_row(maps.reshape(len(maps), -1))),
            "pixels instead of pictures": _tables(columns),
            "values instead of ranks": _tables(_correlations(maps)),
            "size of correlations": _tables(np.abs(found)),
            "correlations squared": _tables(found**2),
            "median instead of mean": instead(_median(found)),
            "sum instead of mean": instead(np.nansum(found, axis=0)),
            "mean of Fisher's z": instead(_fisher(found)),
            "first picture only": instead(found[0]),
        }

    def _of_undefined(self) -> dict[str, _Tables]:
        """Tables in which correlations that are not defined are treated otherwise."""
        found, (mean, deviation, counted) = self.correlations, self.tables
        n, missing = len(found), np.isnan(found)
        every = np.full(counted.shape, float(n))
        anywhere = missing.any(axis=(1, 2))
        as_0, as_1 = (np.where(missing, value, found) for value in (0.0, 1.0))
        nan = np.where(missing.any(axis=0), np.nan, 0)
        return {
            "NaN in the tables": (mean + nan, deviation + nan, counted),
            "NaN in the tables, every row counted": (mean + nan, deviation + nan, every),
            "NaN in the deviations": (mean, deviation + nan, counted),
            "undefined as 0": (as_0.mean(axis=0), deviation, counted),
            "undefined as 0, every row counted": (as_0.mean(axis=0), _tables(as_0)[1], every),
            "undefined as 1": (as_1.mean(axis=0), _tables(as_1)[1], every),
            "every row counted": (mean, deviation, every),
            "undefined ones counted": (mean, deviation, n - counted),
            "left out for all methods": _tables(found[~anywhere]),
            "diagonal counts every row": (
                mean,
                deviation,
                np.where(np.eye(len(counted)), n, counted),
            ),
            "mean of nothing is 0": (np.nan_to_num(mean), deviation, counted),
        }


def _median(correlations: np.ndarray) -> np.ndarray:
    columns = correlations.reshape(len(correlations), -1).T
    kept = [column[~np.isnan(column)] for column in columns]
    found = np.array([np.median(each) if each.size else np.nan for each in kept])
    return found.reshape(correlations.shape[1:])


def _fisher(correlations: np.ndarray) -> np.ndarray:
    """The mean on Fisher's scale; 1 on the diagonal."""
    one = np.eye(correlations.shape[1], dtype=bool)
    found = np.tanh(_tables(np.arctanh(np.where(one, 0.0, correlations)))[0])
    return np.where(one, 1.0, found)


CHALLENGE = Challenge(
    question="agreement",
    title="The matrix of agreement",
    ask="agreement",
    blanks=("agreement",),
    aspects={_MEANS: 4.0, _DEVIATIONS: 3.0, _UNDEFINED: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"spearman": "spearman"},
)
