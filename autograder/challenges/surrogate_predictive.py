"""The challenge of ``predictive``: mean and spread of a Bayesian network's probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import in_eighths
from autograder.challenges.surrogate_predictive_told import MISTAKES
from autograder.comparing import Misread, numbers, part

_MEAN, _SPREAD, _LARGE = "the mean", "the spread", "logits of a thousand"
_TOLERANCE = 1e-3
_HUGE = 1000.0
_LEAST = 0.02  # spread of every probability, but where logits are huge


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_MEAN, shape=(5, 3, 4)),
        partial(_case, aspect=_MEAN, shape=(4, 6, 3)),
        partial(_case, aspect=_MEAN, shape=(6, 1, 5)),
        partial(_case, aspect=_SPREAD, shape=(5, 3, 4)),
        partial(_case, aspect=_SPREAD, shape=(3, 5, 3)),
        partial(_case, aspect=_SPREAD, shape=(6, 4, 2)),
        partial(_case, aspect=_LARGE, shape=(5, 4, 3)),
        partial(_case, aspect=_LARGE, shape=(4, 5, 4)),
    ]
    return draw_cases(makers, rng)


def _case(rng: np.random.Generator, aspect: str, shape: tuple[int, int, int]) -> Case:
    while True:
        logits = in_eighths(rng.normal(0, 1.5, (1, *shape[1:])) + rng.normal(0, 1, shape))
        if _softmax(logits.astype(np.float64)).std(axis=0).min() >= _LEAST:
            break
    if aspect == _LARGE:
        # The first instance has one class far above the others, the second is far below zero.
        above = np.arange(shape[0]) % 2
        logits[np.arange(shape[0]), 0, above] = _HUGE
        logits[:, 1] -= _HUGE
    exact = logits.astype(np.float64)
    shares = _softmax(exact)
    read = partial(_read, aspect=aspect)
    return Case(
        aspect,
        {"logits": logits},
        read({"mean": shares.mean(axis=0), "spread": shares.std(axis=0)}),
        lambda: {name: read(each) for name, each in _wrong(exact).items()},
        _TOLERANCE,
        read,
    )


def _read(value: Any, aspect: str) -> np.ndarray:
    """What an aspect looks at: mean, spread or both; what is not finite is NaN.

    Raises:
        Misread: no two came, or no numbers.
    """
    if isinstance(value, np.ndarray):
        raise Misread("one of the two alone")
    if aspect == _LARGE:
        pair = [numbers(part(value, key)) for key in ("mean", "spread")]
        alike = pair[0].shape == pair[1].shape
        found = np.stack(pair) if alike else np.concatenate([each.ravel() for each in pair])
    else:
        found = numbers(part(value, "mean" if aspect == _MEAN else "spread"))
    return np.where(np.isfinite(found), found, np.nan)


def _softmax(logits: np.ndarray, axis: int = -1) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def _wrong(logits: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """What typical mistakes give: mean and spread."""
    shares, (samples, _, classes) = _softmax(logits), logits.shape
    mean, spread = shares.mean(axis=0), shares.std(axis=0)
    with np.errstate(all="ignore"):
        powers = np.exp(logits)
        overflowing = powers / powers.sum(axis=-1, keepdims=True)
        by_sigmoid = 1 / (1 + np.exp(-logits))
        other_scales = {
            "no softmax": logits,
            "exp, not divided": powers,
            "sigmoid": by_sigmoid,
            "overflow": overflowing,
            "logarithms of probabilities": np.log(np.maximum(shares, 1e-300)),
            "softmax over the samples": _softmax(logits, axis=0),
            "softmax over the instances": _softmax(logits, axis=1),
            "softmax over everything": _softmax(logits.reshape(1, -1)).reshape(logits.shape),
            "votes": (logits == logits.max(axis=-1, keepdims=True)).astype(np.float64),
        }
        found = {
            name: {"mean": each.mean(axis=0), "spread": each.std(axis=0)}
            for name, each in other_scales.items()
        }
    means = {
        "softmax of the mean logits": _softmax(logits.mean(axis=0)),
        "median": np.median(shares, axis=0),
        "sum over the samples": mean * samples,
        "first sample alone": shares[0],
        "mean over the instances": shares.mean(axis=1),
        "highest probability alone": mean.max(axis=-1),
    }
    spreads = {
        "spread of the logits": logits.std(axis=0),
        "one less than the samples": shares.std(axis=0, ddof=1),
        "variance": spread**2,
        "standard error": spread / np.sqrt(samples),
        "mean distance from the mean": np.abs(shares - mean).mean(axis=0),
        "range": np.ptp(shares, axis=0),
        "root mean square": np.sqrt((shares**2).mean(axis=0)),
        "spread of one draw of the class": np.sqrt(mean * (1 - mean)),
        "spread over the classes": mean.std(axis=-1),
        "spread over the instances": shares.std(axis=1),
        "one spread for all classes": np.repeat(spread.mean(axis=-1)[:, np.newaxis], classes, 1),
    }
    found |= {name: {"mean": each, "spread": spread} for name, each in means.items()}
    found |= {name: {"mean": mean, "spread": each} for name, each in spreads.items()}
    return found | {"mean and spread exchanged": {"mean": spread, "spread": mean}}


CHALLENGE = Challenge(
    question="predictive",
    title="What the draws agree on",
    ask="predictive",
    blanks=("predictive",),
    aspects={_MEAN: 2.0, _SPREAD: 2.0, _LARGE: 1.0},
    draw=_draw,
    mistakes=MISTAKES,
)
