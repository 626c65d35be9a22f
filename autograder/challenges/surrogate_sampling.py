"""The challenge of ``sample_weights``: draws of weights of a Bayesian layer.

What comes in is float32, as weights are, so that exp(rho) overflows where rho is large.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.comparing import numbers

_VALUES, _LARGE = "values", "rho far from zero"
_TOLERANCE, _TINY_TOLERANCE = 1e-4, 1e-5
_HUGE, _TINY = 500.0, 2.0**-45  # rho; about softplus(rho) of the most negative rho
_ONE = np.ones(())
_STABLE = "np.logaddexp(0, rho), or log1p(exp(-|rho|)) + max(rho, 0), is right for every rho."
_SOFTPLUS = "The standard deviation is log(1 + exp(rho)); try rho = 0 by hand: log(2)."
_Function = Callable[[np.ndarray], np.ndarray]


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_ordinary, shape=(3, 4)),
        partial(_ordinary, shape=(7,)),
        partial(_ordinary, shape=(4, 2), samples=5),
        partial(_ordinary, shape=(2, 3, 2), samples=3),
        partial(_large, shape=(3, 5)),
        partial(_large, shape=(6,), samples=2),
        partial(_tiny, shape=(4, 3)),
        partial(_tiny, shape=(5,), samples=4),
    ]
    return draw_cases(makers, rng)


def _ordinary(rng: np.random.Generator, shape: tuple[int, ...], samples: int | None = None) -> Case:
    rho = eighths(rng, shape, -3, 3)
    return _case(_VALUES, eighths(rng, shape, -2, 2), rho, _noise(rng, shape, samples))


def _large(rng: np.random.Generator, shape: tuple[int, ...], samples: int | None = None) -> Case:
    """Some rho of 500, others as usual; compared so that both kinds count."""
    rho = eighths(rng, shape, -3, 3)
    rho.flat[rng.permutation(rho.size)[: rho.size // 2]] = _HUGE
    unit = np.where(rho == _HUGE, _HUGE, 1)
    return _case(_LARGE, eighths(rng, shape, -2, 2), rho, _noise(rng, shape, samples), unit)


def _tiny(rng: np.random.Generator, shape: tuple[int, ...], samples: int | None = None) -> Case:
    """All rho about -30 and no mean, so that nothing is added to what is tiny."""
    rho = eighths(rng, shape, -32, -29)
    noise = _noise(rng, shape, samples)
    return _case(_LARGE, np.zeros_like(rho), rho, noise, np.asarray(_TINY), _TINY_TOLERANCE)


def _noise(rng: np.random.Generator, shape: tuple[int, ...], samples: int | None) -> np.ndarray:
    return rng.normal(0, 1, (*(() if samples is None else (samples,)), *shape)).astype(np.float32)


def _case(
    aspect: str,
    mean: np.ndarray,
    rho: np.ndarray,
    noise: np.ndarray,
    unit: np.ndarray = _ONE,
    tolerance: float = _TOLERANCE,
) -> Case:
    """A case whose answers are compared in these units, which broadcast to the noise."""

    def read(value: Any) -> np.ndarray:
        """The weights; what is not finite is NaN, since only chance tells infinity from it."""
        found = numbers(value)
        found = np.where(np.isfinite(found), found, np.nan)
        return found / unit if found.shape == noise.shape else found

    exact = [each.astype(np.float64) for each in (mean, rho, noise)]
    return Case(
        aspect,
        {"mean": mean, "rho": rho, "noise": noise},
        (exact[0] + np.logaddexp(0, exact[1]) * exact[2]) / unit,
        lambda: {name: read(each) for name, each in _wrong(*exact).items()},
        tolerance,
        read,
    )


def _wrong(mean: np.ndarray, rho: np.ndarray, noise: np.ndarray) -> dict[str, np.ndarray]:
    def drawn(deviation: _Function) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.asarray(mean + deviation(rho) * noise)

    softplus = partial(np.logaddexp, 0)
    right, narrow = drawn(softplus), rho.astype(np.float32)
    found = {
        "exp instead of softplus": drawn(np.exp),
        "exp of half": drawn(lambda rho: np.exp(rho / 2)),
        "rho as deviation": drawn(lambda rho: rho),
        "only the positive part": drawn(lambda rho: np.maximum(rho, 0)),
        "sigmoid": drawn(lambda rho: 1 / (1 + np.exp(-rho))),
        "sign of rho": drawn(lambda rho: softplus(-rho)),
        "softplus squared": drawn(lambda rho: softplus(rho) ** 2),
        "root of softplus": drawn(lambda rho: np.sqrt(softplus(rho))),
        "logarithm of softplus": drawn(lambda rho: np.log(softplus(rho))),
        "logarithm to base 2": drawn(lambda rho: softplus(rho) / np.log(2)),
        "logarithm to base 10": drawn(lambda rho: softplus(rho) / np.log(10)),
        "overflow": drawn(lambda _: np.log1p(np.exp(narrow))),
        "as it is written": drawn(lambda _: np.log(1 + np.exp(narrow))),
        "as it is written, in double precision": drawn(lambda rho: np.log(1 + np.exp(rho))),
        "mean forgotten": right - mean,
        "noise forgotten": np.broadcast_to(mean + softplus(rho), right.shape),
        "mean alone": np.broadcast_to(mean, right.shape),
        "noise subtracted": 2 * mean - right,
        "mean times noise": (mean + softplus(rho)) * noise,
        "mean and rho exchanged": rho + softplus(mean) * noise,
    }
    if noise.ndim > mean.ndim:
        found |= {
            "mean over the samples": right.mean(axis=0),
            "first sample alone": right[0],
            "first sample for all": np.broadcast_to(right[:1], right.shape),
        }
    return found


_MISTAKES = (
    Mistake("exp instead of softplus", "the deviation is exp(rho).", _SOFTPLUS),
    Mistake("exp of half", "the deviation is exp(rho / 2).", _SOFTPLUS),
    Mistake("rho as deviation", "rho itself is the deviation.", _SOFTPLUS),
    Mistake("only the positive part", "the deviation is max(0, rho).", _SOFTPLUS),
    Mistake("sigmoid", "the deviation is a sigmoid of rho, the slope of softplus.", _SOFTPLUS),
    Mistake("sign of rho", "the sign of rho is turned.", _SOFTPLUS),
    Mistake("softplus squared", "the noise is multiplied by the variance.", _SOFTPLUS),
    Mistake("root of softplus", "a root of log(1 + exp(rho)) is taken.", _SOFTPLUS),
    Mistake("logarithm of softplus", "a logarithm too many is taken.", _SOFTPLUS),
    Mistake("logarithm to base 2", "the logarithm is that to base 2.", _SOFTPLUS),
    Mistake("logarithm to base 10", "the logarithm is that to base 10.", _SOFTPLUS),
    Mistake("overflow", "exp(rho) is infinite where rho is large.", _STABLE),
    Mistake(
        "as it is written",
        "log(1 + exp(rho)) is infinite where rho is large, and zero where it is very negative.",
        _STABLE,
    ),
    Mistake(
        "as it is written, in double precision",
        "where rho is very negative, most digits of exp(rho) are lost in 1 + exp(rho).",
        _STABLE,
    ),
    Mistake("mean forgotten", "the mean is missing."),
    Mistake("noise forgotten", "the deviation is added to the mean; it is multiplied by noise."),
    Mistake("mean alone", "this is the mean; nothing is drawn."),
    Mistake("noise subtracted", "the noise is subtracted."),
    Mistake("mean times noise", "the mean is multiplied by the noise, too."),
    Mistake("mean and rho exchanged", "mean and rho are exchanged."),
    Mistake("mean over the samples", "the mean over the samples is taken."),
    Mistake("first sample alone", "only the first sample comes out.", "Noise keeps its shape."),
    Mistake("first sample for all", "all samples are the first one.", "Noise keeps its shape."),
)

CHALLENGE = Challenge(
    question="sample_weights",
    title="Weights that are not sure",
    ask="sample_weights",
    blanks=("sample_weights",),
    aspects={_VALUES: 3.0, _LARGE: 1.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
