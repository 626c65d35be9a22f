"""Networks so small that everything asked about them has a closed form.

PolynomialNet: z = x K + k, then phi(z) = z^2/2 + z^3/6 in each element, then scores = phi(z) W.
With phi'(p) = p + p^2/2, the mean slope on the path b + t (z - b) only needs the first two moments
of t.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hwkit.explanation import Explanation


@dataclass(frozen=True)
class PolynomialNet:
    """A network with a slice named "slice".

    Attributes:
        kernel: K, ``(in, channels)``, acting on the last axis of the input.
        bias: k, ``(channels,)``.
        weights: W, ``(*slice, classes)``.
    """

    kernel: np.ndarray
    bias: np.ndarray
    weights: np.ndarray

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of an instance."""
        return (*self.weights.shape[:-2], len(self.kernel))

    @cached_property
    def explanation(self) -> Explanation:
        """The network as a Keras model, ready to be asked; its cuts are compiled once."""
        import keras

        from hwkit.explanation import Explanation

        source = keras.Input(self.input_shape)
        z = keras.layers.Dense(len(self.bias), name="slice")(source)
        bent = keras.layers.Activation(lambda p: p * p / 2 + p * p * p / 6, name="bend")(z)
        scores = keras.layers.Dense(self.weights.shape[-1], use_bias=False, name="scores")
        model = keras.Model(source, scores(keras.layers.Flatten()(bent)), name="polynomial")
        flat = self.weights.reshape(-1, self.weights.shape[-1])
        model.set_weights([self.kernel, self.bias, flat])
        return Explanation(model)

    def slice_of(self, instances: np.ndarray) -> np.ndarray:
        """The slice z of instances ``(n, *input)``."""
        return instances @ self.kernel + self.bias

    def scores(self, points: np.ndarray) -> np.ndarray:
        """Scores ``(n, classes)`` at points of the slice ``(n, *slice)``."""
        bent = points**2 / 2 + points**3 / 6
        return bent.reshape(len(points), -1) @ self.weights.reshape(-1, self.weights.shape[-1])

    @staticmethod
    def slope(start: np.ndarray, step: np.ndarray, first: float, second: float) -> np.ndarray:
        """Mean of phi'(start + t step), given the means of t and of t squared."""
        mean = start + first * step
        square = start**2 + 2 * first * start * step + second * step**2
        return mean + square / 2


@cache
def vector_net() -> PolynomialNet:
    """Input (3,), slice (5,), 4 classes."""
    return _net((), 3, 5, 4, 0.3)


@cache
def image_net() -> PolynomialNet:
    """Input (2, 3, 2), slice (2, 3, 4), 3 classes."""
    return _net((2, 3), 2, 4, 3, 1.1)


def wave(shape: tuple[int, ...], phase: float) -> np.ndarray:
    """Numbers between -1 and 1 without a pattern, the same everywhere, float64 ``shape``."""
    return np.sin(np.arange(np.prod(shape, dtype=int)) * 2.3 + phase).round(3).reshape(shape)


def _net(
    grid: tuple[int, ...], inputs: int, channels: int, classes: int, phase: float
) -> PolynomialNet:
    return PolynomialNet(
        wave((inputs, channels), phase),
        wave((channels,), phase + 1) / 2,
        wave((*grid, channels, classes), phase + 2),
    )
