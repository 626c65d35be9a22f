"""The challenge of ``weighting_kernel``: weights of rows, also of those with nothing shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.surrogate_coalitions import coalitions
from autograder.challenges.surrogate_references import finite_numbers

_ROWS, _EMPTY = "rows with something shown", "rows with nothing shown"
_TOLERANCE = 1e-4
_NARROW, _MIDDLE, _WIDE = (0.2, 0.24), (0.5, 0.8), (1.3, 2.0)
_FORMULA = "sqrt(exp(-D^2 / width^2)), a number for each row."
_COSINE = "D = 1 - |z| / (sqrt(|z|) sqrt(d)), where |z| is how many superpixels a row shows."
_NOTHING = "Such a row is as far as can be from the row of ones: D = 1."


@dataclass(frozen=True)
class _Setting:
    """One call of weighting_kernel.

    Attributes:
        aspect: of the question.
        count: rows.
        players: superpixels.
        width: bounds to draw it from.
        full: rows in which all is shown.
        empty: rows in which nothing is.
    """

    aspect: str
    count: int
    players: int
    width: tuple[float, float]
    full: int = 0
    empty: int = 0


_SETTINGS = (
    _Setting(_ROWS, count=8, players=6, width=_NARROW),
    _Setting(_ROWS, count=7, players=7, width=_MIDDLE, full=1),
    _Setting(_ROWS, count=12, players=9, width=_WIDE, full=1),
    _Setting(_EMPTY, count=6, players=5, width=_MIDDLE, empty=1),
    _Setting(_EMPTY, count=7, players=4, width=_WIDE, full=1, empty=2),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    rows = coalitions(rng, setting.count, setting.players)
    rows[: setting.full] = 1
    rows[setting.full : setting.full + setting.empty] = 0
    rows = rng.permutation(rows)
    width = round(float(rng.uniform(*setting.width)), 3)
    return Case(
        setting.aspect,
        {"Z": rows, "width": width},
        _weights(_distance(rows), width),
        lambda: _wrong(rows, width),
        _TOLERANCE,
    )


def reference(Z: Any, width: Any) -> np.ndarray:
    """The weights ``(n,)``, where a student's blank is wrong that another blank uses.

    Raises:
        ValueError: no coalitions ``(n, d)`` of 0 and 1, or no width above zero.
    """
    rows, number = finite_numbers(Z), finite_numbers(width)
    if rows.ndim != 2 or not ((rows == 0) | (rows == 1)).all():
        raise ValueError("Expected coalitions Z (n, d) of 0 and 1. Received: something else.")
    if number.shape or not number > 0:
        raise ValueError("Expected a width above zero. Received: something else.")
    return _weights(_distance(rows), float(number))


def _distance(rows: np.ndarray) -> np.ndarray:
    return 1 - np.sqrt(rows.sum(axis=1, dtype=np.float64) / rows.shape[1])


def _weights(distance: np.ndarray, width: float) -> np.ndarray:
    return np.sqrt(np.exp(-(distance**2) / width**2))


def _wrong(rows: np.ndarray, width: float) -> dict[str, np.ndarray]:
    right, D = _weights(_distance(rows), width), _distance(rows)
    wrong: dict[str, np.ndarray] = {
        "square root forgotten": right**2,
        "half too many": np.sqrt(right),
        "width not squared": np.exp(-(D**2) / (2 * width)),
        "width not used": np.exp(-(D**2) / 2),
        "width always 0.25": _weights(D, 0.25),
        "times width": _weights(D, 1 / width),
        "distance not squared": np.exp(-D / (2 * width**2)),
        "nothing squared": np.exp(-D / (2 * width)),
        "nothing squared, square root forgotten": np.exp(-D / width),
        "sign turned": 1 / right,
        "the distance itself": D,
        "one minus": 1 - right,
        "made to add up to one": right / right.sum(),
        "mean over rows": np.asarray(right.mean()),
    }
    wrong |= {name: _weights(each, width) for name, each in _distances(rows).items()}
    hidden = ~rows.any(axis=1)
    if hidden.any():
        wrong |= {
            "nothing shown is NaN": np.where(hidden, np.nan, right),
            "nothing shown weighs nothing": np.where(hidden, 0, right),
            "nothing shown weighs one": np.where(hidden, 1, right),
        }
    return wrong


def _distances(rows: np.ndarray) -> dict[str, np.ndarray]:
    """What is taken for the cosine distance."""
    shown, d = rows.sum(axis=1, dtype=np.float64), rows.shape[1]
    return {
        "share of what is hidden": 1 - shown / d,
        "number of what is hidden": d - shown,
        "Euclidean distance": np.sqrt(d - shown),
        "similarity": np.sqrt(shown / d),
        "share of what is shown": shown / d,
        "norms forgotten": 1 - shown,
        "norm of the row forgotten": 1 - shown / np.sqrt(d),
        "norm of the ones forgotten": 1 - np.sqrt(shown),
    }


_MISTAKES = (
    Mistake("square root forgotten", "the square root is missing.", _FORMULA),
    Mistake(
        "half too many",
        "the exponent is half of what it should be.",
        "exp(-D^2 / (2 width^2)) has its square root in it already.",
    ),
    Mistake("width not squared", "the width is not squared.", _FORMULA),
    Mistake("width not used", "the width is not used: this is always a width of 1.", _FORMULA),
    Mistake("width always 0.25", "the width is not used: this is always a width of 0.25."),
    Mistake("times width", "D is multiplied by the width; it is divided by it.", _FORMULA),
    Mistake("distance not squared", "D is not squared.", _FORMULA),
    Mistake("nothing squared", "neither D nor the width is squared.", _FORMULA),
    Mistake(
        "nothing squared, square root forgotten",
        "this is exp(-D / width): nothing is squared, and the square root is missing.",
        _FORMULA,
    ),
    Mistake(
        "sign turned",
        "rows that are farther away weigh more.",
        "The exponent is negative.",
    ),
    Mistake("the distance itself", "this is the distance D, not the weight.", _FORMULA),
    Mistake("one minus", "this is one minus the weight.", _FORMULA),
    Mistake("made to add up to one", "the weights are made to add up to 1.", _FORMULA),
    Mistake("mean over rows", "one number for all rows came back.", _FORMULA),
    Mistake(
        "share of what is hidden",
        "the distance is the share of what is hidden; the cosine distance is asked for.",
        _COSINE,
    ),
    Mistake(
        "number of what is hidden",
        "the distance is the number of what is hidden; the cosine distance is asked for.",
        _COSINE,
    ),
    Mistake(
        "Euclidean distance",
        "this is the Euclidean distance; the cosine distance is asked for.",
        _COSINE,
    ),
    Mistake("similarity", "this is the cosine itself, not a distance.", _COSINE),
    Mistake(
        "share of what is shown",
        "the distance is the share of what is shown: it grows towards the row of ones.",
        _COSINE,
    ),
    Mistake("norms forgotten", "the scalar product is not divided by the two lengths.", _COSINE),
    Mistake(
        "norm of the row forgotten",
        "the scalar product is not divided by the length of the row.",
        _COSINE,
    ),
    Mistake(
        "norm of the ones forgotten",
        "the scalar product is not divided by the length of the row of ones.",
        _COSINE,
    ),
    Mistake(
        "nothing shown is NaN",
        "a row in which nothing is shown gets NaN: it is divided by its length.",
        _NOTHING,
    ),
    Mistake(
        "nothing shown weighs nothing",
        "a row in which nothing is shown gets the weight 0.",
        _NOTHING,
    ),
    Mistake(
        "nothing shown weighs one",
        "a row in which nothing is shown gets the weight 1, as if it were near.",
        _NOTHING,
    ),
)

CHALLENGE = Challenge(
    question="weighting_kernel",
    title="How near a coalition is",
    ask="weighting_kernel",
    blanks=("weighting_kernel",),
    aspects={_ROWS: 4.0, _EMPTY: 2.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
