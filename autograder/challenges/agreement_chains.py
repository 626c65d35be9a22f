"""Chains of hidden layers of "agreement": up with a ReLU between them, and down again.

All numbers are drawn in eighths: what ReLUs receive is exact in float32, so that
rounding switches none of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.challenges.lrp_layers import HiddenLayer, flat
from autograder.challenges.lrp_shares import eighths

Arrays = list[np.ndarray]
Function = Callable[[np.ndarray], np.ndarray]
# What a signal becomes at a hidden layer's ReLU, whose number comes first.
Gate = Callable[[int, np.ndarray], np.ndarray]


def dense(rng: np.random.Generator, sizes: tuple[int, ...], biased: bool) -> list[HiddenLayer]:
    """Layers with so many inputs, hidden units and classes."""
    return [
        HiddenLayer(eighths(rng, pair, -1, 1), _bias(rng, pair[1], biased))
        for pair in itertools.pairwise(sizes)
    ]


def pictured(rng: np.random.Generator, hidden: tuple[int, ...]) -> list[HiddenLayer]:
    """A convolution of pictures ``(4, 4, 1)``, and dense layers behind a Flatten; no biases."""
    kernel = eighths(rng, (2, 2, 1, 3), -1, 1)
    first = HiddenLayer(kernel, _bias(rng, 3, False), (4, 4, 1))
    return [first, *dense(rng, (27, *hidden), False)]


def pictured_twice(rng: np.random.Generator) -> list[HiddenLayer]:
    """Two convolutions of pictures ``(5, 5, 2)``, the second with strides, and a dense layer."""
    one, other = eighths(rng, (2, 2, 2, 3), -1, 1), eighths(rng, (2, 2, 3, 4), -1, 1)
    return [
        HiddenLayer(one, _bias(rng, 3, False), (5, 5, 2)),
        HiddenLayer(other, _bias(rng, 4, False), (4, 4, 3), 2, "same"),
        *dense(rng, (16, 4), False),
    ]


def _bias(rng: np.random.Generator, size: int, biased: bool) -> np.ndarray:
    return eighths(rng, (size,), -2, 2) if biased else np.zeros(size, np.float32)


def unbent(z: np.ndarray) -> np.ndarray:
    """The function that changes nothing."""
    return z


def relu(z: np.ndarray) -> np.ndarray:
    """What a ReLU makes of z."""
    return np.maximum(z, 0)


@dataclass(frozen=True)
class Chain:
    """A network as matrices in float64, of flat inputs and outputs.

    Attributes:
        weights: of each layer, ``(inputs, outputs)``.
        biases: of each layer, ``(outputs,)``.
    """

    weights: Sequence[np.ndarray]
    biases: Sequence[np.ndarray]

    @classmethod
    def of(cls, layers: Sequence[HiddenLayer]) -> Chain:
        """The matrices of these layers."""
        return cls([each.matrix() for each in layers], [each.bias() for each in layers])

    def up(
        self,
        x: np.ndarray,
        bend: Function = relu,
        bend_first: Function = unbent,
        bias: float = 1.0,
    ) -> Arrays:
        """What each layer makes of inputs ``(n, *shape)``, before the ReLU; the scores last.

        Args:
            x: the inputs.
            bend: between the layers.
            bend_first: before the first one.
            bias: how much of it is added.
        """
        a, found = bend_first(flat(x)), []
        for w, b in zip(self.weights, self.biases, strict=True):
            found.append(a @ w + bias * b)
            a = bend(found[-1])
        return found

    def down(self, signal: np.ndarray, gate: Gate) -> np.ndarray:
        """What arrives at the inputs of a signal ``(n, classes)``.

        Args:
            signal: what is handed down from the scores.
            gate: at the ReLUs between the layers.
        """
        for index in reversed(range(len(self.weights))):
            signal = signal @ self.weights[index].T
            if index:
                signal = gate(index - 1, signal)
        return signal


def starts(scores: np.ndarray, c: int) -> dict[str, np.ndarray]:
    """Signals at the scores ``(n, classes)`` that typical mistakes begin with."""
    chosen = scores.argmax(axis=1)[:, np.newaxis] == np.arange(scores.shape[1])
    return {
        "score at the start": scores * one_at(c, scores),
        "all classes at the start": np.ones_like(scores),
        "all scores at the start": scores,
        "class that is seen": chosen.astype(float),
        "class not used": one_at(0, scores),
    }


def one_at(c: int, scores: np.ndarray) -> np.ndarray:
    """One at the class and zero elsewhere, for each instance."""
    return np.asarray(np.zeros_like(scores) + (np.arange(scores.shape[1]) == c))
