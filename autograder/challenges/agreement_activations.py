"""Activations of hidden inputs: as the box is told of them, and in float64 as the judge works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    """A function and its derivative.

    Attributes:
        sent: what ``asks.agreement_layers.activation`` makes it of.
        f: the function.
        slope: its derivative; 0 at the kink of a ReLU.
        smooth: whether it has no kink.
    """

    sent: list[Any]
    f: _Function
    slope: _Function
    smooth: bool = True


RELU = Activation(["relu"], lambda v: v * (v > 0), lambda v: (v > 0) * 1.0, smooth=False)
SIGMOID = Activation(
    ["sigmoid"], lambda v: 1 / (1 + np.exp(-v)), lambda v: 1 / (2 + np.exp(v) + np.exp(-v))
)
TANH = Activation(["tanh"], np.tanh, lambda v: 1 / np.cosh(v) ** 2)
SOFTPLUS = Activation(["softplus"], lambda v: np.log(1 + np.exp(v)), SIGMOID.f)


def bent(first: float, third: float) -> Activation:
    """The function ``first v + third v^3``."""
    return Activation(
        ["bent", first, third],
        lambda v: first * v + third * v**3,
        lambda v: first + 3 * third * v**2,
    )
