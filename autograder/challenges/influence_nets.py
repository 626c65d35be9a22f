"""Hidden networks, drawn in float32 and evaluated in float64 in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwkit.checks.nets import PolynomialNet


def polynomial_net(
    rng: np.random.Generator, grid: tuple[int, ...], inputs: int, channels: int, classes: int
) -> PolynomialNet:
    """A smooth network with a slice ``(*grid, channels)``; see ``PolynomialNet``."""
    return PolynomialNet(
        rounded(rng.normal(0, 0.8, (inputs, channels))),
        rounded(rng.normal(0, 0.5, channels)),
        rounded(rng.normal(0, 1, (*grid, channels, classes))),
    )


def rounded(array: np.ndarray) -> np.ndarray:
    """The nearest float32 numbers, as float64: what the box computes with, but exactly."""
    return np.asarray(array, np.float32).astype(np.float64)


def weights_of(net: PolynomialNet) -> dict[str, Any]:
    """The network as the box is given it."""
    return {name: getattr(net, name).astype(np.float32) for name in ("kernel", "bias", "weights")}
