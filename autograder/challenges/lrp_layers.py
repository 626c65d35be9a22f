"""Hidden layers of "lrp": as the box gets them, and as plain matrices that the judge works with.

The matrix of a convolution is written down from its definition, so that nothing here rests on the
package whose students are marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True)
class HiddenLayer:
    """A dense layer or a convolution.

    Attributes:
        w: weights, float32 ``(inputs, outputs)`` or ``(kh, kw, in, out)``.
        b: bias, float32 ``(outputs,)`` or ``(out,)``.
        shape: ``(h, w, in)`` of a convolution's input; ``None`` for a dense layer.
        strides: of a convolution, in both directions.
        padding: of a convolution, with zeros.
    """

    w: np.ndarray
    b: np.ndarray
    shape: tuple[int, int, int] | None = None
    strides: int = 1
    padding: Literal["valid", "same"] = "valid"

    def sent(self) -> dict[str, Any]:
        """What ``asks.lrp_layers.layer`` makes the layer of."""
        return {
            "w": self.w,
            "b": self.b,
            "shape": None if self.shape is None else list(self.shape),
            "strides": self.strides,
            "padding": self.padding,
        }

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of an instance."""
        return self.w.shape[:1] if self.shape is None else self.shape

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of an instance's outputs."""
        if self.shape is None:
            return self.w.shape[1:]
        return len(self._starts(0)), len(self._starts(1)), self.w.shape[3]

    def matrix(self, w: np.ndarray | None = None) -> np.ndarray:
        """Weights from every input to every output, float64 ``(inputs, outputs)``.

        Args:
            w: other weights of the same shape; the layer's own, unless given.
        """
        w = np.asarray(self.w if w is None else w, np.float64)
        if self.shape is None:
            return w
        found = np.zeros((*self.shape, *self.output_shape))
        rows, columns = (self._starts(axis) for axis in (0, 1))
        for to_row, to_column in np.ndindex(len(rows), len(columns)):
            for down, right in np.ndindex(w.shape[:2]):
                row, column = rows[to_row] + down, columns[to_column] + right
                if 0 <= row < self.shape[0] and 0 <= column < self.shape[1]:
                    found[row, column, :, to_row, to_column] += w[down, right]
        return found.reshape(np.prod(self.shape, dtype=int), -1)

    def bias(self, b: np.ndarray | None = None) -> np.ndarray:
        """The bias of every output, float64 ``(outputs,)``; of another bias, if given."""
        b = np.asarray(self.b if b is None else b, np.float64)
        return np.broadcast_to(b, self.output_shape).ravel()

    def _starts(self, axis: int) -> list[int]:
        """Rows or columns of the input at which windows start; negative ones lie in the border."""
        size, window = self.input_shape[axis], self.w.shape[axis]
        if self.padding == "valid":
            return list(range(0, size - window + 1, self.strides))
        count = -(-size // self.strides)
        border = max((count - 1) * self.strides + window - size, 0)
        return [self.strides * place - border // 2 for place in range(count)]


def chain(layers: Sequence[HiddenLayer]) -> list[dict[str, Any]]:
    """A network as ``asks.lrp_rules.placed`` takes it: each layer with the shape of its inputs."""
    shapes = [layers[0].input_shape, *(each.output_shape for each in layers)]
    return [
        each.sent() | {"behind": list(shape)} for each, shape in zip(layers, shapes, strict=False)
    ]


def flat(instances: np.ndarray) -> np.ndarray:
    """Instances as rows, float64 ``(n, numbers)``."""
    return np.asarray(instances, np.float64).reshape(len(instances), -1)
