"""The challenge of ``spearman``: rank correlations of maps, row by row.

Each aspect is tried apart from the others: equal values come where ties are tried, and rows of one
value where constant rows are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges import agreement_ranks
from autograder.challenges.agreement_correlations import correlated, row_correlations, row_ranks
from autograder.challenges.agreement_spearman_told import MISTAKES
from autograder.challenges.drawing import draw_cases
from autograder.challenges.surrogate_references import finite_numbers
from autograder.comparing import Misread, agrees, numbers, part, text

_APART, _TIES, _CONSTANT = "without ties", "ties", "constant rows"
_TOLERANCE = 5e-4
_VALUES = (0.1, 0.0, -3.7)  # of constant rows


@dataclass(frozen=True)
class _Setting:
    """One call of spearman.

    Attributes:
        aspect: of the question.
        rows: maps.
        pixels: of a map.
        a: rows of a that are constant.
        b: rows of b that are constant.
        paper: share of the pixels that are 0 in a and b; only where ties are tried.
    """

    aspect: str
    rows: int
    pixels: int
    a: tuple[int, ...] = ()
    b: tuple[int, ...] = ()
    paper: float = 0.0


_SETTINGS = (
    _Setting(_APART, 2, 9),
    _Setting(_APART, 5, 30),
    _Setting(_TIES, 4, 16),
    _Setting(_TIES, 3, 30),
    _Setting(_TIES, 3, 24, paper=0.4),
    _Setting(_CONSTANT, 6, 12, a=(2, 3), b=(3, 5)),
    _Setting(_CONSTANT, 4, 20, a=(2,), b=(3,)),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    a, b = correlated(rng, 2, setting.rows, setting.pixels)
    if setting.aspect == _TIES:
        if setting.paper:
            hidden = rng.uniform(size=a.shape) < setting.paper
            a[hidden] = b[hidden] = 0
        else:
            a, b = _rounded(a), _rounded(b)
    for maps, rows in ((a, setting.a), (b, setting.b)):
        maps[list(rows)] = rng.choice(_VALUES, (len(rows), 1))
    truth = _Truth(a.astype(np.float64), b.astype(np.float64))
    return Case(
        setting.aspect,
        {"a": a, "b": b},
        truth.correlations(),
        truth.wrong,
        _TOLERANCE,
        truth.read,
        references={"ranks": agreement_ranks.reference},
    )


def _rounded(maps: np.ndarray) -> np.ndarray:
    """Few different values a row."""
    return np.round(maps * 2) / 2


def reference(a: Any, b: Any) -> np.ndarray:
    """Correlations, where a student's blank is wrong that another blank uses.

    Raises:
        ValueError: no finite maps ``(n, m)`` of one shape.
    """
    a, b = finite_numbers(a), finite_numbers(b)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(
            f"Expected a and b of one shape (n, m). Received: shapes {a.shape} and {b.shape}."
        )
    return row_correlations(row_ranks(a), row_ranks(b))


@dataclass(frozen=True)
class _Truth:
    """What is asked for, and what mistakes would give.

    Attributes:
        a: maps ``(n, m)``, in float64.
        b: as many.
    """

    a: np.ndarray
    b: np.ndarray

    def correlations(self) -> np.ndarray:
        """What is asked for."""
        return reference(self.a, self.b)

    def read(self, value: Any) -> np.ndarray:
        """The correlations.

        Raises:
            Misread: they are right, but something was warned of.
        """
        found, warned = numbers(part(value, "correlations")), text(value, "warned")
        if warned and agrees(found, self.correlations(), _TOLERANCE):
            raise Misread("right, with a warning", warned.rstrip("."))
        return found

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, (ra, rb) = self.correlations(), (row_ranks(each) for each in (self.a, self.b))
        undefined, m = np.isnan(right), ra.shape[1]
        both = (np.ptp(self.a, axis=1) == 0) & (np.ptp(self.b, axis=1) == 0)
        return (
            self._otherwise_ranked(ra, rb)
            | self._otherwise_correlated(ra, rb)
            | {
                "size only": np.abs(right),
                "squared": right**2,
                "sign turned": -right,
                "m and m - 1 mixed": right * m / (m - 1),
                "m - 1 and m mixed": right * (m - 1) / m,
                "mean over rows": np.nanmean(right),
                "first row for all": np.broadcast_to(right[:1], right.shape),
                "constant rows as 0": np.where(undefined, 0.0, right),
                "constant rows as 1": np.where(undefined, 1.0, right),
                "undefined only where both are constant": np.where(undefined & ~both, 0.0, right),
                "constant rows left out": right[~undefined],
            }
        )

    def _otherwise_ranked(self, ra: np.ndarray, rb: np.ndarray) -> dict[str, np.ndarray]:
        def together(maps: np.ndarray) -> np.ndarray:
            return row_ranks(maps.reshape(1, -1)).reshape(maps.shape)

        def told_apart(maps: np.ndarray) -> np.ndarray:
            order = np.argsort(maps, axis=1, kind="stable")
            return np.asarray(np.argsort(order, axis=1) + 1.0)

        def order(maps: np.ndarray) -> np.ndarray:
            return np.argsort(maps, axis=1, kind="stable").astype(np.float64)

        a, b = self.a, self.b
        return {
            "values instead of ranks": row_correlations(a, b),
            "only a ranked": row_correlations(ra, b),
            "only b ranked": row_correlations(a, rb),
            "ranked over all rows together": row_correlations(together(a), together(b)),
            "ranked down the columns": row_correlations(row_ranks(a.T).T, row_ranks(b.T).T),
            "equal values told apart": row_correlations(told_apart(a), told_apart(b)),
            "order instead of ranks": row_correlations(order(a), order(b)),
            "columns instead of rows": row_correlations(row_ranks(a.T), row_ranks(b.T)),
        }

    def _otherwise_correlated(self, ra: np.ndarray, rb: np.ndarray) -> dict[str, np.ndarray]:
        m = ra.shape[1]
        ca, cb = (each - each.mean(axis=1, keepdims=True) for each in (ra, rb))
        along, of_a, of_b = (ca * cb).sum(1), (ca**2).sum(1), (cb**2).sum(1)
        signs = [np.sign(each[:, :, np.newaxis] - each[:, np.newaxis]) for each in (ra, rb)]
        pairs = [each.reshape(len(ra), -1) for each in signs]
        with np.errstate(all="ignore"):
            return {
                "formula for values without ties": 1
                - 6 * ((ra - rb) ** 2).sum(1) / (m * (m**2 - 1)),
                "covariance": along / m,
                "covariance with m - 1": along / (m - 1),
                "square root forgotten": along / (of_a * of_b),
                "square root forgotten of variances": along / (of_a * of_b) * m,
                "divided by the variance of a": along / of_a,
                "divided by the variance of b": along / of_b,
                "means not subtracted": (ra * rb).sum(1) / np.sqrt((ra**2).sum(1) * (rb**2).sum(1)),
                "pairs in the same order": (pairs[0] * pairs[1]).sum(1)
                / np.sqrt((pairs[0] ** 2).sum(1) * (pairs[1] ** 2).sum(1)),
                "rows against every row": _every_row(ca, cb),
            }


def _every_row(ca: np.ndarray, cb: np.ndarray) -> np.ndarray:
    """Correlations ``(n, n)`` of each row of one with each of the other, both centred."""
    lengths = np.outer(np.linalg.norm(ca, axis=1), np.linalg.norm(cb, axis=1))
    return np.asarray(ca @ cb.T / lengths)


CHALLENGE = Challenge(
    question="spearman",
    title="Spearman's correlation",
    ask="spearman",
    blanks=("spearman",),
    aspects={_APART: 3.0, _TIES: 2.0, _CONSTANT: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"ranks": "ranks"},
)
