"""The check of ``path_point(baseline, z, t)``: a point of the straight path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.nets import wave
from hwkit.checks.student_code import call

_T = (0.25, 0.0, 1.0, 0.7)
_SHAPES: tuple[tuple[int, ...], ...] = ((5,), (2, 3, 4), (), (2, 3, 4, 2))
_BASELINE_FORGOTTEN = "the baseline is not used: your path starts at zeros."
_HINTS = {
    _BASELINE_FORGOTTEN: "At t = 0 the point must be the baseline itself.",
    "": "Try t = 0 (the baseline) and t = 1 (z) by hand.",
}


def check_path_point(path_point: Callable[..., Any]) -> None:
    """Compare with points of lines in several shapes.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: a point is not on its place.
    """
    judge(_cases(path_point), _HINTS, "the point")


def _cases(path_point: Callable[..., Any]) -> Iterator[Case]:
    for number, (t, shape) in enumerate(zip(_T, _SHAPES, strict=True)):
        b, z = wave(shape, number) + 2, wave(shape, number + 0.5) * 3
        label = f"arrays of shape {shape}, t = {t}"
        found = numbers(call(path_point, b, z, t, case=label), shape, "the point", label)
        # The right point lies the share t of the way from b to z.
        right = np.average([b, z], axis=0, weights=[1 - t, t])
        yield Case(label, found, right, _mistakes(b, z, t))


def _mistakes(b: np.ndarray, z: np.ndarray, t: float) -> dict[str, np.ndarray]:
    return {
        "the path runs backwards: at t = 0 it is at z.": np.average(
            [b, z], axis=0, weights=[t, 1 - t]
        ),
        _BASELINE_FORGOTTEN: t * z,
        "the step t (z - b) is there, but not the baseline that it starts from.": t * z - t * b,
        "the step goes along z, not along z - baseline: at t = 1 it is not at z.": b + t * z,
        "the sign of the step is turned: it leads away from z.": b - t * (z - b),
        "t is not used: this is z.": z,
        "t is not used: this is the baseline.": b,
        "t is not used: this is the whole step.": z - b,
    }
