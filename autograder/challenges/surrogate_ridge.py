"""The challenge of ``weighted_ridge``: a weighted fit whose intercept is free.

Each aspect is tried apart from the others: weights are equal but where they are tried, and the
intercept is zero there, so that a penalty on it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.surrogate_coalitions import coalitions
from autograder.challenges.surrogate_references import finite_numbers
from autograder.challenges.surrogate_ridge_told import MISTAKES
from autograder.comparing import Misread, numbers, part

_WEIGHTS, _FREE, _SEVERAL = "weights", "the intercept is free", "several outputs"
_TOLERANCE = 1e-3
_WORST_CONDITION = 300.0
_MOST_PLAYERS = 64  # of a stand-in: what it computes with has the square of it
_LITTLE, _MUCH, _NONE = (0.3, 0.7), (2.0, 4.0), (0.0, 0.0)
_Fit = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class _Setting:
    """One call of weighted_ridge.

    Attributes:
        aspect: of the question.
        rows: coalitions.
        players: superpixels.
        alpha: bounds to draw it from.
        outputs: of the game; 0 for one without an axis of its own.
        centred: whether the intercept is zero.
    """

    aspect: str
    rows: int
    players: int
    alpha: tuple[float, float]
    outputs: int = 0
    centred: bool = False


_SETTINGS = (
    _Setting(_WEIGHTS, rows=12, players=4, alpha=_LITTLE, centred=True),
    _Setting(_WEIGHTS, rows=25, players=6, alpha=_MUCH, centred=True),
    _Setting(_WEIGHTS, rows=14, players=4, alpha=_NONE, centred=True),
    _Setting(_FREE, rows=12, players=4, alpha=_LITTLE),
    _Setting(_FREE, rows=9, players=6, alpha=_MUCH),
    _Setting(_SEVERAL, rows=12, players=4, alpha=_LITTLE, outputs=3, centred=True),
    _Setting(_SEVERAL, rows=16, players=4, alpha=_NONE, outputs=4),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    truth = _truth(rng, setting)
    shape = (setting.players, *((setting.outputs,) if setting.outputs else ()))
    y = truth.y if setting.outputs else truth.y[:, 0]
    return Case(
        setting.aspect,
        {"Z": truth.Z.astype(int), "y": y, "weights": truth.weights, "alpha": truth.alpha},
        _in_a_row(truth.fit()),
        lambda: {name: _in_a_row(each) for name, each in truth.wrong().items()},
        _TOLERANCE,
        partial(_read, shape=shape),
    )


def _truth(rng: np.random.Generator, setting: _Setting) -> _Truth:
    """A game that no plane fits, on coalitions that tell its players apart."""
    alpha = round(float(rng.uniform(*setting.alpha)), 2)
    count = max(1, setting.outputs)
    while True:
        rows = coalitions(rng, setting.rows, setting.players).astype(np.float64)
        weights = np.ones(setting.rows)
        if setting.aspect == _WEIGHTS:
            weights = rng.uniform(0.1, 2, setting.rows)
        y = rows @ rng.uniform(-3, 3, (setting.players, count))
        y += rng.normal(size=y.shape) + rng.uniform(2, 5, count) * rng.choice([-1, 1], count)
        if np.linalg.matrix_rank(rows - rows.mean(axis=0)) < setting.players:
            continue
        if setting.centred:
            y = y - _Truth(rows, y, weights, alpha).fit()[0]
        truth = _Truth(rows, y, weights, alpha)
        if np.linalg.cond(truth.products(alpha=0.0)) <= _WORST_CONDITION:
            return truth


def _in_a_row(fit: _Fit) -> np.ndarray:
    return np.concatenate([each.ravel() for each in fit])


def _read(value: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Intercepts and weights in a row.

    Args:
        value: what came back.
        shape: of the weights: ``(d,)`` or ``(d, k)``.

    Raises:
        Misread: no pair of them, or with other shapes.
    """
    if type(value) is dict and "single" in value:
        raise _not_a_pair(numbers(value["single"]), shape)
    b, beta = (numbers(part(value, key)) for key in ("b", "beta"))
    if b.shape == (1,) and len(shape) == 1:
        b = b.reshape(())
    shapes, expected = (b.shape, beta.shape), (shape[1:], shape)
    if shapes == expected:
        return np.concatenate([b.ravel(), beta.ravel()])
    if shapes[::-1] == expected or (b.shape == shape and beta.shape == (1,)):
        raise Misread("b and beta exchanged")
    if shapes == (shape[1:], shape[::-1]):
        raise Misread("beta transposed")
    if shapes == ((), shape[:1]):
        raise Misread("one output only")
    raise Misread("other shapes", f"{b.shape} and {beta.shape}")


def _not_a_pair(found: np.ndarray, shape: tuple[int, ...]) -> Misread:
    if found.shape == shape:
        return Misread("b missing")
    if found.shape == (shape[0] + 1, *shape[1:]):
        return Misread("one array")
    return Misread("no pair", f"one array of shape {found.shape}")


def reference(Z: Any, y: Any, weights: Any, alpha: Any) -> list[np.ndarray]:
    """Intercept and weights, where a student's blank is wrong that another blank uses.

    Raises:
        ValueError: no finite arrays that fit together, or a fit that is not determined.
    """
    rows, targets, each, penalty = map(finite_numbers, (Z, y, weights, alpha))
    if rows.ndim != 2 or rows.shape[1] > _MOST_PLAYERS:
        raise ValueError(f"Expected Z (n, d), d up to {_MOST_PLAYERS}. Received: something else.")
    count = len(rows)
    if targets.ndim not in (1, 2) or len(targets) != count or each.shape != (count,):
        raise ValueError("Expected Z (n, d), y and weights with n rows. Received: others.")
    if penalty.shape or penalty < 0:
        raise ValueError("Expected a number alpha, 0 or more. Received: something else.")
    rows, targets, each = (array.astype(np.float64) for array in (rows, targets, each))
    truth = _Truth(rows, targets.reshape(count, -1), each, float(penalty))
    try:
        b, beta = truth.fit()
    except np.linalg.LinAlgError:
        raise ValueError("Expected rows that determine the fit. Received: others.") from None
    return [b.reshape(targets.shape[1:]), beta.reshape(-1, *targets.shape[1:])]


@dataclass(frozen=True)
class _Truth:
    """A fit and what mistakes would give: intercepts ``(k,)`` and weights ``(d, k)``.

    Attributes:
        Z: coalitions ``(n, d)``.
        y: values ``(n, k)``.
        weights: of the rows.
        alpha: the penalty.
    """

    Z: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    alpha: float

    @property
    def ones(self) -> np.ndarray:
        """Equal weights."""
        return np.ones(len(self.Z))

    def products(
        self, weights: np.ndarray | None = None, alpha: float | None = None, on_b: float = 0.0
    ) -> np.ndarray:
        """Weighted products of the columns of one and Z, with the penalties on the diagonal.

        Args:
            weights: of the rows; the hidden ones, unless given.
            alpha: penalty on the weights; the hidden one, unless given.
            on_b: penalty on the intercept.
        """
        weights = self.weights if weights is None else weights
        alpha = self.alpha if alpha is None else alpha
        columns = np.column_stack([self.ones, self.Z])
        penalties = np.diag([on_b, *[alpha] * self.Z.shape[1]])
        return np.asarray((columns * weights[:, np.newaxis]).T @ columns + penalties)

    def fit(
        self,
        weights: np.ndarray | None = None,
        alpha: float | None = None,
        on_b: float = 0.0,
        of_y: np.ndarray | None = None,
    ) -> _Fit:
        """What is asked for; with other weights or penalties, or of y alone, if given."""
        weights = self.weights if weights is None else weights
        of_y = weights if of_y is None else of_y
        columns = np.column_stack([self.ones, self.Z])
        right = columns.T @ (of_y[:, np.newaxis] * self.y)
        found = np.linalg.solve(self.products(weights, alpha, on_b), right)
        return found[0], found[1:]

    def wrong(self) -> dict[str, _Fit]:
        """What typical mistakes give."""
        b, beta = self.fit()
        w, count = self.weights, len(self.Z)
        return self._around_the_intercept(beta) | {
            "weights ignored": self.fit(self.ones),
            "weights squared": self.fit(w**2),
            "square roots of the weights": self.fit(np.sqrt(w)),
            "weights made to add up to one": self.fit(w / w.sum()),
            "weights on Z only": self.fit(of_y=self.ones),
            "weights on y only": self.fit(self.ones, of_y=w),
            "intercept penalised": self.fit(on_b=self.alpha),
            "alpha ignored": self.fit(alpha=1e-12),
            "alpha always 1": self.fit(alpha=1.0),
            "alpha squared": self.fit(alpha=self.alpha**2),
            "alpha doubled": self.fit(alpha=self.alpha * 2),
            "alpha halved": self.fit(alpha=self.alpha / 2),
            "alpha times rows": self.fit(alpha=self.alpha * count),
            "alpha over rows": self.fit(alpha=self.alpha / count),
            "sign turned": (-b, -beta),
            "first output for all": (0 * b + b[:1], 0 * beta + beta[:, :1]),
            "mean over outputs": (0 * b + b.mean(), 0 * beta + beta.mean(axis=1, keepdims=True)),
            "beta transposed": (b, beta.T),
        }

    def _around_the_intercept(self, beta: np.ndarray) -> dict[str, _Fit]:
        shares = self.weights / self.weights.sum()
        mean = shares @ self.y
        return {
            "no intercept": (0 * mean, self._without_intercept(self.Z, self.y)),
            "no intercept, means centred": (
                0 * mean,
                self._without_intercept(self.Z - shares @ self.Z, self.y - mean),
            ),
            "means without weights": self._centred(self.Z.mean(axis=0), self.y.mean(axis=0)),
            "intercept is the mean": (mean, beta),
            "intercept is the mean, Z not centred": self._centred(0 * self.Z[0], mean),
            "sign of the intercept": (shares @ self.Z @ beta - mean, beta),
        }

    def _centred(self, middle: np.ndarray, mean: np.ndarray) -> _Fit:
        """The fit around these means of Z and y."""
        beta = self._without_intercept(self.Z - middle, self.y - mean)
        return mean - middle @ beta, beta

    def _without_intercept(self, rows: np.ndarray, y: np.ndarray) -> np.ndarray:
        scaled = rows * self.weights[:, np.newaxis]
        penalties = self.alpha * np.eye(rows.shape[1])
        return np.linalg.lstsq(scaled.T @ rows + penalties, scaled.T @ y, rcond=None)[0]


CHALLENGE = Challenge(
    question="weighted_ridge",
    title="A weighted fit",
    ask="weighted_ridge",
    blanks=("weighted_ridge",),
    aspects={_WEIGHTS: 4.0, _FREE: 3.0, _SEVERAL: 3.0},
    draw=_draw,
    mistakes=MISTAKES,
)
