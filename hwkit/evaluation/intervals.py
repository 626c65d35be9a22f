"""How sure one may be of a number: intervals of accuracies, means and paired differences.

A number without its interval misleads: of 200 pictures, an accuracy of 57% may as well be 50 or 64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

_CHUNK = 2**22  # numbers that are drawn at once


@dataclass(frozen=True)
class Interval:
    """An estimate and the ends of its confidence interval.

    Attributes:
        estimate: what was measured.
        low, high: the interval's ends.
    """

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.estimate:.3f} ({self.low:.3f} to {self.high:.3f})"

    def __mul__(self, factor: float) -> Interval:
        """In another unit: percent by a factor of 100."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(self.estimate * factor, low, high)


def wilson(hits: ArrayLike, level: float = 0.95) -> Interval:
    """Wilson's score interval of an accuracy (Wilson 1927), good at any size and near 0 and 1.

    It says how the accuracy of other pictures from the same source may differ; the network is what
    it is.

    Args:
        hits: for each picture whether it was right, bool ``(n,)``.
        level: of confidence, between 0 and 1.

    Raises:
        ValueError: no picture, numbers other than 0 and 1, or a level outside.
    """
    from scipy.stats import norm  # type: ignore[import-untyped]

    right = _numbers(hits, "hits", least=1)
    if not np.isin(right, (0, 1)).all():
        raise ValueError("Expected hits, each true or false. Received: other numbers.")
    count, share = len(right), float(right.mean())
    z = float(norm.ppf((1 + _level(level)) / 2))
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    # At the ends the exact bounds are 0 and 1, which rounding may miss.
    low = 0.0 if share == 0 else middle - half
    high = 1.0 if share == 1 else middle + half
    return Interval(share, float(low), float(high))


def bootstrap(
    values: ArrayLike,
    *,
    level: float = 0.95,
    method: Literal["percentile", "bca"] = "percentile",
    draws: int = 10_000,
    seed: int = 0,
) -> Interval:
    """An interval of a mean from means of pictures drawn again, with replacement (Efron 1979).

    Args:
        values: one number a picture ``(n,)``, of any distribution.
        level: of confidence, between 0 and 1.
        method: "percentile": the draws' quantiles; "bca": these, corrected for bias and skewness
            (Efron 1987), which matters where few pictures have large numbers.
        draws: how often n pictures are drawn.
        seed: of the draws.

    Raises:
        ValueError: fewer than two values, not finite ones, another method, too few draws.
    """
    numbers = _numbers(values, "values", least=2)
    if method not in ("percentile", "bca") or draws < 1:
        raise ValueError(
            "Expected the method 'percentile' or 'bca' and draws of 1 or more. Received: "
            f"method={method!r}, draws={draws}."
        )
    tails = np.array([1 - _level(level), 1 + level]) / 2
    means = _means_of_draws(numbers, draws, np.random.default_rng(seed))
    if method == "bca" and np.ptp(numbers):
        tails = _corrected(tails, numbers, means)
    low, high = np.quantile(means, tails)
    return Interval(float(numbers.mean()), float(low), float(high))


def paired_difference(first: ArrayLike, second: ArrayLike, **options: object) -> Interval:
    """An interval of the mean of ``first - second``, pictures drawn together with both numbers.

    Two methods that are tried on the same pictures fail on the same hard ones; so their difference
    is far surer than two intervals side by side tell.

    Args:
        first: one number a picture ``(n,)``.
        second: of the same pictures, in the same order.
        options: of ``bootstrap``.

    Raises:
        ValueError: other lengths, or as ``bootstrap``.
    """
    one, other = _numbers(first, "first", least=2), _numbers(second, "second", least=2)
    if one.shape != other.shape:
        raise ValueError(
            "Expected two numbers of each picture, in the same order. Received: "
            f"{len(one)} and {len(other)}."
        )
    return bootstrap(one - other, **options)  # type: ignore[arg-type]


def of_runs(values: ArrayLike, level: float = 0.95) -> Interval:
    """Student's interval of the mean of a few runs, such as five seeds ``(n,)``.

    For so few a bootstrap would be too narrow. It supposes that runs vary as a normal distribution.

    Raises:
        ValueError: fewer than two values, not finite ones, or a level outside 0 to 1.
    """
    from scipy.stats import t

    numbers = _numbers(values, "values", least=2)
    error = numbers.std(ddof=1) / np.sqrt(len(numbers))
    half = float(t.ppf((1 + _level(level)) / 2, len(numbers) - 1) * error)
    mean = float(numbers.mean())
    return Interval(mean, mean - half, mean + half)


def _means_of_draws(numbers: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    at_once = max(1, _CHUNK // len(numbers))
    return np.concatenate(
        [
            numbers[
                rng.integers(len(numbers), size=(min(at_once, draws - done), len(numbers)))
            ].mean(axis=1)
            for done in range(0, draws, at_once)
        ]
    )


def _corrected(tails: np.ndarray, numbers: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Which quantiles to take instead, for a mean whose draws are shifted and skewed."""
    from scipy.stats import norm

    below = np.mean(means < numbers.mean()) + np.mean(means == numbers.mean()) / 2
    bias = norm.ppf(np.clip(below, 1 / (2 * len(means)), 1 - 1 / (2 * len(means))))
    # A mean without one of its numbers moves by that number's distance, so that the jackknife's
    # skewness is that of the numbers themselves.
    away = numbers - numbers.mean()
    skew = np.sum(away**3) / (6 * np.sum(away**2) ** 1.5)
    shifted = bias + norm.ppf(tails)
    return norm.cdf(bias + shifted / (1 - skew * shifted))


def _numbers(values: ArrayLike, name: str, least: int) -> np.ndarray:
    numbers = np.asarray(values, np.float64)
    if numbers.ndim != 1 or len(numbers) < least or not np.isfinite(numbers).all():
        raise ValueError(
            f"Expected {name} (n,) of {least} or more finite numbers. Received: shape "
            f"{numbers.shape}{'' if np.isfinite(numbers).all() else ', not all finite'}."
        )
    return numbers


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"Expected a level between 0 and 1, such as 0.95. Received: {level}.")
    return level
