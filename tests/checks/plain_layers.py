"""Linear layers as matrices, worked out without hwkit: what rules hand down has a closed form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class PlainLayer:
    """z = x matrix(w) + outputs(b), on flat inputs and outputs."""

    w: np.ndarray
    b: np.ndarray
    shape: tuple[int, ...]

    def matrix(self, w: np.ndarray) -> np.ndarray:
        """``(inputs, outputs)``; of a convolution (padding valid, strides 1), by its definition."""
        if w.ndim == 2:
            return w
        height, width, _, channels = w.shape
        rows, columns = self.shape[0] - height + 1, self.shape[1] - width + 1
        found = np.zeros((*self.shape, rows, columns, channels))
        for r, c, i, j in np.ndindex(rows, columns, height, width):
            found[r + i, c + j, :, r, c, :] += w[i, j]
        return found.reshape(np.prod(self.shape), -1)

    def outputs(self, b: np.ndarray) -> np.ndarray:
        """The bias of every output, ``(outputs,)``."""
        return np.tile(b, self.matrix(self.w).shape[1] // len(b))


def on_flat_layers(formula: Callable[..., Any]) -> Callable[..., Any]:
    """A rule for ``LinearLayer`` made of a formula (plain layer, x, R, ...) for flat x and R."""

    def rule(layer: Any, x: np.ndarray, R: np.ndarray, *rest: Any) -> np.ndarray:
        plain = PlainLayer(np.float64(layer.w), np.float64(layer.b), x.shape[1:])
        n = len(x)
        return formula(plain, x.reshape(n, -1), R.reshape(n, -1), *rest).reshape(x.shape)

    return rule


def divided(numerator: Any, z: np.ndarray, instead: float = np.inf) -> np.ndarray:
    """numerator / z; where z is 0, divided by ``instead``."""
    return numerator / np.where(z == 0, instead, z)
