"""The challenge of ``path_point``: points of straight paths in several shapes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases

_BETWEEN, _SHAPES = "a point between baseline and z", "arrays of any shape"
_TOLERANCE = 1e-4
_TRY_ENDS = "Try t = 0 (the baseline) and t = 1 (z) by hand."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_BETWEEN, shape=(6,)),
        partial(_case, aspect=_BETWEEN, shape=(6,)),
        partial(_case, aspect=_BETWEEN, shape=(6,), t=0.0),
        partial(_case, aspect=_BETWEEN, shape=(6,), t=1.0),
        partial(_case, aspect=_SHAPES, shape=(2, 3, 4)),
        partial(_case, aspect=_SHAPES, shape=(2, 3, 4, 2)),
        partial(_case, aspect=_SHAPES, shape=(1,)),
    ]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator, aspect: str, shape: tuple[int, ...], t: float | None = None
) -> Case:
    start, end = (rng.uniform(-2, 2, shape).astype(np.float32) for _ in range(2))
    share = round(float(rng.choice([rng.uniform(0.15, 0.4), rng.uniform(0.6, 0.85)])), 3)
    share = share if t is None else t
    b, z = start.astype(np.float64), end.astype(np.float64)
    return Case(
        aspect,
        {"baseline": start, "z": end, "t": share},
        b * (1 - share) + z * share,
        lambda: _wrong(b, z, share),
        _TOLERANCE,
    )


def _wrong(b: np.ndarray, z: np.ndarray, t: float) -> dict[str, np.ndarray]:
    return {
        "path runs backwards": z * (1 - t) + b * t,
        "baseline not used": t * z,
        "start of the path missing": t * (z - b),
        "step along z": b + t * z,
        "step away from z": b - t * (z - b),
        "t squared": b + t * t * (z - b),
        "t not used, z": z,
        "t not used, baseline": b,
        "t not used, whole step": z - b,
        "t not used, middle": (b + z) / 2,
        "both shares t": t * (b + z),
        "absolute step": b + t * np.abs(z - b),
    }


CHALLENGE = Challenge(
    question="path_point",
    title="A point of the path",
    ask="path_point",
    blanks=("path_point",),
    aspects={_BETWEEN: 1.0, _SHAPES: 1.0},
    draw=_draw,
    mistakes={
        each.name: each
        for each in (
            Mistake(
                "path runs backwards", "your path runs backwards: at t = 0 it is at z.", _TRY_ENDS
            ),
            Mistake(
                "baseline not used",
                "the baseline is not used: your path starts at zeros.",
                "At t = 0 the point must be the baseline itself.",
            ),
            Mistake(
                "start of the path missing",
                "you return the step t (z - b), without the baseline that it starts from.",
                "At t = 0 the point must be the baseline itself.",
            ),
            Mistake(
                "step along z",
                "your step goes along z, not from the baseline to z: at t = 1 you are not at z.",
                _TRY_ENDS,
            ),
            Mistake(
                "step away from z",
                "the sign of the step is turned: your path leads away from z.",
                _TRY_ENDS,
            ),
            Mistake(
                "t squared", "t enters twice: your points are not evenly spaced in t.", _TRY_ENDS
            ),
            Mistake("t not used, z", "t is not used: you always return z.", _TRY_ENDS),
            Mistake(
                "t not used, baseline", "t is not used: you always return the baseline.", _TRY_ENDS
            ),
            Mistake(
                "t not used, whole step",
                "t is not used: you always return the whole step z - b.",
                _TRY_ENDS,
            ),
            Mistake(
                "t not used, middle",
                "t is not used: you always return the middle of the path.",
                _TRY_ENDS,
            ),
            Mistake(
                "both shares t",
                "baseline and z both count with the share t; their shares must add up to 1.",
                _TRY_ENDS,
            ),
            Mistake(
                "absolute step",
                "an absolute value is taken of the step: it may also lead downwards.",
                _TRY_ENDS,
            ),
        )
    },
)
