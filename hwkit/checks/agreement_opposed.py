"""The check of ``opposed()``: a network on which two methods put the pixels in opposite order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from hwkit.checks.question import WrongAnswerError
from hwkit.checks.table_parts import PartsExample, answered

LARGEST = 5
APART = 0.05
FROM_ZERO = 1e-3
_NEARLY = 1 + 1e-6  # what rounding may cost
_ASKED = PartsExample(
    "three pixels, three hidden units", (), {"x": (3,), "W": (3, 3), "b": (3,), "v": (3,)}
)


def check_opposed(opposed: Callable[..., Any]) -> None:
    """Judge the construction by the attributions that both methods give its pixels.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: not these arrays, too large, a
            unit at the kink, pixels too close, or orders that are not opposed.
    """
    parts = answered(opposed, _ASKED)
    _require_range(parts)
    x, W, b, v = parts.values()
    received = W @ x + b
    _require_off_kink(received, "x")
    _require_off_kink(b, "0")
    on = received > 0
    found = {
        "gradient x input": x * ((v * on) @ W),
        "DeepLIFT": x * ((v * _share_of_the_way(b, received)) @ W),
    }
    for method, attribution in found.items():
        _require_apart(attribution, method)
    if (
        np.argsort(found["DeepLIFT"]).tolist()
        != np.argsort(found["gradient x input"])[::-1].tolist()
    ):
        orders = ", ".join(f"{method} {_order(values)}" for method, values in found.items())
        raise WrongAnswerError(
            f"the orders are not opposite. From the highest pixel to the lowest: {orders}.",
            "A unit that is off at 0 and on at x hands down less in DeepLIFT than in the gradient: "
            "its bias decides how much less.",
        )


def _require_range(parts: Mapping[str, np.ndarray]) -> None:
    for name, values in parts.items():
        if not np.isfinite(values).all():
            raise WrongAnswerError(f"{name} contains NaN or infinity.")
        largest = float(np.abs(values).max())
        if largest > LARGEST * _NEARLY:
            raise WrongAnswerError(
                f"a number of {name} is {largest:.4g} in size; at most {LARGEST} is allowed."
            )


def _require_off_kink(received: np.ndarray, place: str) -> None:
    nearest = int(np.argmin(np.abs(received)))
    if abs(received[nearest]) * _NEARLY < FROM_ZERO:
        raise WrongAnswerError(
            f"hidden unit {nearest} receives {received[nearest]:.2g} at {place}; at least "
            f"{FROM_ZERO:g} away from 0 is asked for.",
            "At 0 a ReLU has no slope.",
        )


def _require_apart(attribution: np.ndarray, method: str) -> None:
    closest = float(np.diff(np.sort(attribution)).min())
    if closest * _NEARLY < APART:
        told = ", ".join(f"{value:.4g}" for value in attribution)
        raise WrongAnswerError(
            f"{method} gives the pixels {told}: two of them are {closest:.2g} apart; at least "
            f"{APART} is asked for.",
            "Pixels that are level have no order.",
        )


def _share_of_the_way(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The share of the straight way from 0 to x on which each hidden unit is on.

    What it receives moves evenly from ``start`` to ``end``. With one hidden layer this share of
    the slope is what the rescale rule hands down: DeepLIFT is then the mean gradient on the way.
    """
    switches = (start > 0) != (end > 0)
    crossing = np.divide(start, start - end, out=np.zeros_like(start), where=switches)
    return np.where(end > 0, 1 - crossing, crossing)


def _order(attribution: np.ndarray) -> str:
    return " > ".join(str(pixel) for pixel in np.argsort(attribution)[::-1])
