"""The challenge of ``box_rule``: relevance of inputs that lie between bounds, such as pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_box_told import MISTAKES
from autograder.challenges.lrp_layers import HiddenLayer, flat
from autograder.challenges.lrp_shares import eighths, in_eighths, shared, undefined

_NUMBERS, _CHANNELS, _PLACES = "numbers as bounds", "bounds for each channel", "convolution"
_TOLERANCE = 1e-3
_INPUTS, _OUTPUTS, _DEPTH = 5, 4, 3
# Of the denominators that are not zero.
_LEAST = 0.25
_Maker = Callable[[np.random.Generator], HiddenLayer]


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    single = partial(_convolution, kernel=(2, 2), side=4, depth=1)
    wide = partial(_convolution, kernel=(2, 3), side=4, depth=2, padding="same")
    steps = partial(_convolution, kernel=(3, 3), side=7, depth=1, strides=2)
    colours = partial(_convolution, kernel=(2, 2), side=3, depth=_DEPTH)
    makers = [
        partial(_case, aspect=_NUMBERS, make=_dense, count=1),
        partial(_case, aspect=_NUMBERS, make=_dense, count=3, touching=True),
        partial(_case, aspect=_NUMBERS, make=_dense, count=2, low=0.0, touching=True),
        partial(_case, aspect=_NUMBERS, make=_dense, count=2, low=0.5),
        partial(_case, aspect=_NUMBERS, make=partial(_dense, dead=True), count=2),
        partial(_case, aspect=_CHANNELS, make=colours, count=1, bounds=(_DEPTH,)),
        partial(_case, aspect=_CHANNELS, make=colours, count=3, bounds=(_DEPTH,), touching=True),
        partial(_case, aspect=_PLACES, make=single, count=2),
        partial(_case, aspect=_PLACES, make=wide, count=1, touching=True),
        partial(_case, aspect=_PLACES, make=steps, count=2),
    ]
    return draw_cases(makers, rng)


def _dense(rng: np.random.Generator, dead: bool = False) -> HiddenLayer:
    """A dense layer; ``dead``: its first output has no weights at all, but a bias."""
    w = eighths(rng, (_INPUTS, _OUTPUTS), -1.5, 1.5)
    if dead:
        w[:, 0] = 0
    return HiddenLayer(w, eighths(rng, (_OUTPUTS,), -2, 2))


def _convolution(
    rng: np.random.Generator,
    kernel: tuple[int, int],
    side: int,
    depth: int,
    strides: int = 1,
    padding: Any = "valid",
) -> HiddenLayer:
    """A convolution without bias."""
    w = eighths(rng, (*kernel, depth, 2), -1.5, 1.5)
    return HiddenLayer(w, np.zeros(2, np.float32), (side, side, depth), strides, padding)


def _case(
    rng: np.random.Generator,
    aspect: str,
    make: _Maker,
    count: int,
    low: float | None = None,
    bounds: tuple[int, ...] = (),
    touching: bool = False,
) -> Case:
    """Inputs between bounds of this shape; ``touching``: some of them on the bounds themselves."""
    while True:
        layer = make(rng)
        lowest = eighths(rng, bounds, -2, -0.5) if low is None else np.asarray(low, np.float32)
        highest = lowest + eighths(rng, bounds, 1.5, 4)
        reached = (-0.3, 1.3) if touching else (0.1, 0.9)
        place = rng.uniform(*reached, (count, *layer.input_shape)).clip(0, 1)
        x = in_eighths(lowest + place * (highest - lowest))
        relevance = eighths(rng, (count, *layer.output_shape), -2, 3)
        truth = _Truth(layer, x, relevance, lowest, highest)
        if truth.is_clear():
            break
    given = (lowest, highest) if bounds else (float(lowest), float(highest))
    return Case(
        aspect,
        {"layer": layer.sent(), "x": x, "R": relevance, "low": given[0], "high": given[1]},
        truth.relevance().reshape(x.shape),
        lambda: {name: each.reshape(x.shape) for name, each in truth.wrong().items()},
        _TOLERANCE,
    )


class _Truth:
    """The rule on one layer, and what mistakes would give; everything flat ``(n, J)``."""

    def __init__(
        self,
        layer: HiddenLayer,
        x: np.ndarray,
        relevance: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
    ) -> None:
        self.x, self.R, self.bias = flat(x), flat(relevance), layer.bias()
        self.low, self.high = (flat(np.broadcast_to(each, x.shape)) for each in (low, high))
        self.matrix = layer.matrix()
        self.reach = layer.matrix(np.ones_like(layer.w))
        self.above, self.below = np.maximum(self.matrix, 0), np.minimum(self.matrix, 0)
        self.contributions = self._times(self.x, self.matrix)

    def is_clear(self) -> bool:
        """Whether a denominator is small only where all weights are zero.

        Who adds a tiny number to denominators is right then as well.
        """
        alive = (self.matrix != 0).any(axis=0)
        total = self._terms(self.low, self.high).sum(axis=1)
        return bool((total[:, alive] > _LEAST).all())

    def relevance(self) -> np.ndarray:
        """What is asked for."""
        return self._in_proportion(self._terms(self.low, self.high))

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, terms = self.relevance(), self._terms(self.low, self.high)
        low, high = self.low, self.high
        lowest, highest = (
            np.broadcast_to(each, self.x.shape) for each in (self.x.min(), self.x.max())
        )
        firsts, means = (
            [each(bound) for bound in (low, high)] for each in (self._first, self._mean)
        )
        return {
            "low and high swapped": self._in_proportion(self._terms(high, low)),
            "bounds added": self._in_proportion(self._terms(-low, -high)),
            "sign of the low term": self._in_proportion(self._terms(-low, high)),
            "sign of the high term": self._in_proportion(self._terms(low, -high)),
            "low forgotten": self._in_proportion(self._terms(0 * low, high)),
            "high forgotten": self._in_proportion(self._terms(low, 0 * high)),
            "bounds ignored": self._in_proportion(self.contributions),
            "signs of the weights ignored": self._in_proportion(
                self.contributions - self._times(low + high, self.matrix)
            ),
            "bounds of the inputs themselves": self._in_proportion(self._terms(lowest, highest)),
            "first channel's bounds": self._in_proportion(self._terms(*firsts)),
            "mean of the bounds": self._in_proportion(self._terms(*means)),
            "sign turned": -right,
            "absolute value": np.abs(right),
            "divided by zero": right + undefined(terms.sum(axis=1) == 0, self.reach),
            **self._halves(terms),
        }

    def _halves(self, terms: np.ndarray) -> dict[str, np.ndarray]:
        """Denominators and numerators that do not belong together."""
        total, x, low, high = terms.sum(axis=1), self.x, self.low, self.high
        z = self.contributions.sum(axis=1)

        def handed(parts: np.ndarray) -> np.ndarray:
            return shared(parts, total, self.R)

        return {
            "bias in the denominator": shared(terms, total + self.bias, self.R),
            "bounds in the denominator only": handed(self.contributions),
            "bounds in the numerator only": shared(terms, z, self.R),
            "bounds in the numerator only, with bias": shared(terms, z + self.bias, self.R),
            "x in every term": handed(
                self._times(x, self.matrix)
                - self._times(x * low, self.above)
                - self._times(x * high, self.below)
            ),
            "x forgotten": handed(terms - self.contributions + self.matrix),
            "bounds not multiplied": handed(self.contributions - self.above - self.below),
            "whole weights on the way back": handed(self._times(x - low - high, self.matrix)),
        }

    def _terms(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Numerators ``(n, J, K)`` for bounds ``(n, J)``."""
        box = self._times(low, self.above) + self._times(high, self.below)
        return np.asarray(self.contributions - box)

    def _in_proportion(self, terms: np.ndarray) -> np.ndarray:
        return shared(terms, terms.sum(axis=1), self.R)

    def _first(self, bound: np.ndarray) -> np.ndarray:
        return np.broadcast_to(bound[:, :1], bound.shape)

    def _mean(self, bound: np.ndarray) -> np.ndarray:
        return np.broadcast_to(bound.mean(), bound.shape)

    def _times(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.asarray(u[..., np.newaxis] * v)


CHALLENGE = Challenge(
    question="box_rule",
    title="A rule for pixels",
    ask="box_rule",
    blanks=("box_rule",),
    aspects={_NUMBERS: 4.0, _CHANNELS: 2.0, _PLACES: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
)
