"""A network so small that its relevance can be worked out on paper.

Two inputs x, three hidden units with a ReLU, and one score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class ToyNet:
    """z = x V + c, a = relu(z), score = a u.

    Attributes:
        x: the input to explain, ``(2,)``.
        V: weights of the hidden layer, ``(2, 3)``: from input j (row) to hidden unit k (column).
        c: biases of the hidden layer, ``(3,)``.
        u: weights of the score, ``(3,)``; it has no bias.
    """

    x: np.ndarray
    V: np.ndarray
    c: np.ndarray
    u: np.ndarray

    def score(self, x: np.ndarray) -> np.ndarray:
        """Scores ``(...)`` of inputs ``(..., 2)``."""
        return np.maximum(x @ self.V + self.c, 0) @ self.u


def _fixed(numbers: object) -> np.ndarray:
    array = np.array(numbers, np.float64)
    array.flags.writeable = False
    return array


TOY = ToyNet(
    x=_fixed([3, 2]),
    V=_fixed([[-1, -2, 2], [-3, 2, -1]]),
    c=_fixed([0, 5, 0]),
    u=_fixed([1, 3, -1]),
)
