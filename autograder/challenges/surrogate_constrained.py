"""The challenge of ``constrained_fit``: least squares whose values add up to a given sum.

Each aspect is tried apart from the others. Where the constraint is tried, all weights are the same
(and large, so that a soft constraint shows); where least squares are tried, the best fit adds up by
itself; where weights are tried, the empty value is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import MARGIN, draw_cases
from autograder.challenges.lrp_shares import eighths, in_eighths
from autograder.challenges.surrogate_coalitions import coalitions
from autograder.challenges.surrogate_constrained_told import MISTAKES
from autograder.comparing import Misread, numbers

_SUM, _WEIGHTS, _FIT = "the constraint", "the weights", "least squares"
_TOLERANCE = 1e-4
# Of the sum, relative to the sizes of the values: float32 rounds at 1e-7.
_EXACT, _NEARLY = 2e-6, 1e-2
_HEAVY = 1e6  # so much weight on the sum is not exact enough
_MOST_CONDITION = 12.0


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_SUM, n=9, d=3),
        partial(_case, aspect=_SUM, n=14, d=5),
        partial(_case, aspect=_SUM, n=24, d=8),
        partial(_case, aspect=_WEIGHTS, n=10, d=4),
        partial(_case, aspect=_WEIGHTS, n=20, d=6),
        partial(_case, aspect=_WEIGHTS, n=6, d=2),
        partial(_case, aspect=_FIT, n=12, d=4),
        partial(_case, aspect=_FIT, n=20, d=7),
    ]
    return draw_cases(makers, rng)


def _case(rng: np.random.Generator, aspect: str, n: int, d: int) -> Case:
    while True:
        fit = _fit(rng, aspect, n, d)
        right = fit.solved()
        missing = abs(fit.gap - fit.free().sum())
        size = np.abs(right).sum()
        bound = aspect == _FIT or (
            missing >= 0.1 * size
            and (aspect == _WEIGHTS or fit.softly(_HEAVY) >= MARGIN * _EXACT * size)
        )
        if bound and abs(fit.gap) >= 0.2 * size and np.abs(right).min() >= 0.05:
            break
    inputs = {"Z": fit.Z, "y": fit.y, "weights": fit.weights, "empty": fit.empty, "full": fit.full}
    read = partial(_read, right=right, sharp=aspect == _SUM)
    return Case(aspect, inputs, right, fit.wrong, _TOLERANCE, read)


def _fit(rng: np.random.Generator, aspect: str, n: int, d: int) -> _Fit:
    """Coalitions and values of no game in particular, well conditioned."""
    while True:
        Z = coalitions(rng, n, d)
        weights = eighths(rng, (n,), 0.25, 8).astype(np.float64)
        if aspect != _WEIGHTS:
            weights = np.full(n, float(rng.integers(30, 60) if aspect == _SUM else 2))
        empty = float(eighths(rng, (), -2, 2)) if aspect != _WEIGHTS else 0.0
        y = empty + in_eighths(Z @ rng.normal(0.3, 1.5, d) + rng.normal(0, 0.6, n)).astype(float)
        fit = _Fit(Z, y, weights, empty, empty + float(eighths(rng, (), -5, 5)))
        if fit.condition() <= _MOST_CONDITION:
            break
    return replace(fit, full=empty + float(fit.free().sum())) if aspect == _FIT else fit


def _read(value: Any, right: np.ndarray, sharp: bool) -> np.ndarray:
    """Values of all players.

    Args:
        value: what came back.
        right: what is right.
        sharp: whether the sum is looked at more sharply than the values.
    """
    found = numbers(value)
    if found.shape == (len(right) + 1,):
        raise Misread("multiplier left in")
    if sharp and found.shape == right.shape:
        off = abs(found.sum() - right.sum()) / np.abs(right).sum()
        if _EXACT < off < _NEARLY:
            raise Misread("constraint only nearly")
    return found


@dataclass(frozen=True)
class _Fit:
    """One call of constrained_fit; what is asked for, and what mistakes would give.

    Attributes:
        Z: coalitions ``(n, d)``.
        y: their values ``(n,)``.
        weights: of the coalitions ``(n,)``.
        empty: value with no player.
        full: value with all players.
    """

    Z: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    empty: float
    full: float

    @property
    def gap(self) -> float:
        """What the players share."""
        return self.full - self.empty

    def condition(self) -> float:
        """Condition number of the harder one of the fits with and without the constraint."""
        roots = np.sqrt(self.weights / self.weights.mean())[:, np.newaxis]
        free = roots * self.Z
        bound = roots * (self.Z[:, :-1] - self.Z[:, -1:])
        return max(float(np.linalg.cond(each)) for each in (free, bound))

    def solved(
        self,
        weights: np.ndarray | None = None,
        target: np.ndarray | None = None,
        gap: float | None = None,
    ) -> np.ndarray:
        """The values, by a Lagrange multiplier; of other weights or targets, unless as given."""
        return self._bordered(self.Z, weights, target, gap)

    def free(self, target: np.ndarray | None = None) -> np.ndarray:
        """The best fit without a constraint."""
        return self._least(self.Z, self.y - self.empty if target is None else target)

    def softly(self, weight: float) -> float:
        """How far the sum is off if the constraint is a coalition of this weight."""
        return abs(self.gap - float(self._soft(weight).sum()))

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        y, w, gap, free = self.y, self.weights, self.gap, self.free()
        missing = gap - free.sum()
        d = self.Z.shape[1]
        intercept = np.column_stack([self.Z, np.ones(len(y))])
        return {
            "constraint ignored": free,
            "scaled afterwards": free * gap / free.sum(),
            "rest spread evenly": free + missing / d,
            "rest to the last player": free + missing * (np.arange(d) == d - 1),
            "empty forgotten in y": self.solved(target=y),
            "sum is full": self.solved(gap=self.full),
            "empty not used": self.solved(target=y, gap=self.full),
            "empty added": self.solved(target=y + self.empty),
            "empty and full exchanged": self.solved(gap=-gap),
            "y minus full": self.solved(target=y - self.full),
            "weights ignored": self.solved(weights=np.ones_like(w)),
            "weights squared": self.solved(weights=w**2),
            "square roots of the weights": self.solved(weights=np.sqrt(w)),
            "divided by the weights": self.solved(weights=1 / w),
            "an intercept of its own": self._bordered(intercept)[:d],
            "soft constraint": self._soft(1000.0),
            "equal shares": np.full(d, gap / d),
            "penalised": self._bordered(self.Z, penalty=1.0),
            **self._substituted_wrongly(),
        }

    def _soft(self, weight: float) -> np.ndarray:
        whole = np.ones((1, self.Z.shape[1]), int)
        y, weights = np.append(self.y, self.full), np.append(self.weights, weight)
        return replace(self, Z=np.concatenate([self.Z, whole]), y=y, weights=weights).free()

    def _substituted_wrongly(self) -> dict[str, np.ndarray]:
        """Slips where the last value is written as what the others leave."""
        others, last = self.Z[:, :-1], self.Z[:, -1]
        above, gap = self.y - self.empty, self.gap
        design = others - last[:, np.newaxis]

        def completed(first: np.ndarray) -> np.ndarray:
            return np.append(first, gap - first.sum())

        right = self._least(design, above - gap * last)
        return {
            "sign of the last player's part": completed(self._least(design, above + gap * last)),
            "last player's part not moved": completed(self._least(design, above)),
            "last column added": completed(self._least(2 * others - design, above - gap * last)),
            "last column not subtracted": completed(self._least(others, above - gap * last)),
            "last player left out of the fit": completed(self._least(others, above)),
            "last value without the gap": np.append(right, -right.sum()),
            "last value missing": right,
        }

    def _least(self, design: np.ndarray, target: np.ndarray) -> np.ndarray:
        roots = np.sqrt(self.weights)
        found: np.ndarray = np.linalg.lstsq(design * roots[:, np.newaxis], target * roots)[0]
        return found

    def _bordered(
        self,
        design: np.ndarray,
        weights: np.ndarray | None = None,
        target: np.ndarray | None = None,
        gap: float | None = None,
        penalty: float = 0.0,
    ) -> np.ndarray:
        """The normal equations with the constraint as a row and a column of their own."""
        weights = self.weights if weights is None else weights
        target = self.y - self.empty if target is None else target
        d, columns = self.Z.shape[1], design.shape[1]
        weighed = design * weights[:, np.newaxis]
        system = np.zeros((columns + 1, columns + 1))
        system[:columns, :columns] = weighed.T @ design + penalty * np.eye(columns)
        system[columns, :d] = system[:d, columns] = 1  # the constraint is on the players alone
        right_side = np.append(weighed.T @ target, self.gap if gap is None else gap)
        found: np.ndarray = np.linalg.solve(system, right_side)[:columns]
        return found


CHALLENGE = Challenge(
    question="constrained_fit",
    title="The constraint",
    ask="constrained_fit",
    blanks=("constrained_fit",),
    aspects={_SUM: 4.0, _WEIGHTS: 3.0, _FIT: 3.0},
    draw=_draw,
    mistakes=MISTAKES,
)
