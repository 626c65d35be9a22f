"""The challenge of ``alpha_beta``: positive and negative contributions, and what if one is missing.

Each aspect is tried apart from the others: inputs are below zero in one of them only (and there is
no bias there), and parts are empty in one only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_alpha_beta_told import MISTAKES
from autograder.challenges.lrp_layers import HiddenLayer, flat
from autograder.challenges.lrp_shares import eighths, shared, undefined

_BOTH, _BELOW, _EMPTY = "both parts", "inputs below zero", "one part empty"
_TOLERANCE = 1e-3
_INPUTS, _OUTPUTS = 5, 6
# Share of the inputs that are zero, as after a ReLU.
_ZEROS = 0.15
_Signs = tuple[int, ...]
# Signs of the weights to an output, and of its bias: 0 for both signs, and 2 for zeros.
_POSITIVE, _NEGATIVE, _MIXED, _NOTHING = (1, 1), (-1, -1), (0, 0), (2, 2)
_NO_BIAS, _ONLY_BIAS_BELOW, _ONLY_BIAS_ABOVE = (0, 2), (1, -1), (-1, 1)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    mixed = [_MIXED] * _OUTPUTS
    plain = [_NO_BIAS] * _OUTPUTS
    usual = [_POSITIVE, _NEGATIVE, _MIXED, _MIXED]
    makers = [
        partial(_case, aspect=_BOTH, outputs=mixed, count=1, beta=1.0),
        partial(_case, aspect=_BOTH, outputs=mixed, count=3, beta=0.5),
        partial(_case, aspect=_BOTH, outputs=mixed, count=2, beta=1.5),
        partial(_case, aspect=_BOTH, outputs=mixed, count=2, beta=0.0),
        partial(_case, aspect=_BOTH, outputs=mixed[:2], count=2, beta=1.0, side=5),
        partial(_case, aspect=_BELOW, outputs=plain, count=3, beta=1.0, low=-2.0),
        partial(_case, aspect=_BELOW, outputs=plain, count=1, beta=0.0, low=-2.0),
        partial(_case, aspect=_BELOW, outputs=plain[:3], count=2, beta=0.5, low=-2.0, side=4),
        partial(_case, aspect=_EMPTY, outputs=[*usual, _NOTHING], count=2, beta=1.0),
        partial(_case, aspect=_EMPTY, outputs=[_POSITIVE, _MIXED], count=1, beta=0.5),
        partial(_case, aspect=_EMPTY, outputs=[_NEGATIVE, _MIXED], count=2, beta=1.5),
        partial(
            _case,
            aspect=_EMPTY,
            outputs=[_ONLY_BIAS_BELOW, _ONLY_BIAS_ABOVE, _MIXED],
            count=2,
            beta=1.5,
        ),
        partial(_case, aspect=_EMPTY, outputs=usual, count=2, beta=0.0),
        partial(_case, aspect=_EMPTY, outputs=usual[:3], count=2, beta=1.0, side=4),
    ]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator,
    aspect: str,
    outputs: Sequence[_Signs],
    count: int,
    beta: float,
    low: float = 0.0,
    side: int | None = None,
) -> Case:
    """One layer; a convolution where ``side`` is given. ``low``: the lowest of the inputs."""
    while True:
        layer = _layer(rng, outputs, side)
        x = eighths(rng, (count, *layer.input_shape), low, 2)
        x[rng.random(x.shape) < _ZEROS] = 0
        relevance = eighths(rng, (count, *layer.output_shape), -2, 3)
        truth = _Truth(layer, x, relevance, 1 + beta, beta)
        if aspect == _EMPTY or truth.has_both_parts():
            break
    return Case(
        aspect,
        {
            "layer": layer.sent(),
            "x": x,
            "R": relevance,
            "alpha": 1 + beta,
            "beta": beta,
        },
        truth.relevance().reshape(x.shape),
        lambda: {name: each.reshape(x.shape) for name, each in truth.wrong().items()},
        _TOLERANCE,
    )


def _layer(rng: np.random.Generator, outputs: Sequence[_Signs], side: int | None) -> HiddenLayer:
    inputs = (_INPUTS,) if side is None else (2, 2, 2)
    columns = [_numbers(rng, inputs, weights) for weights, _ in outputs]
    bias = [_numbers(rng, (), sign) for _, sign in outputs]
    w, b = np.stack(columns, axis=-1), np.asarray(bias, np.float32)
    return HiddenLayer(w, b) if side is None else HiddenLayer(w, b, (side, side, 2))


def _numbers(rng: np.random.Generator, shape: tuple[int, ...], sign: int) -> np.ndarray:
    if sign == 2:
        return np.zeros(shape, np.float32)
    return eighths(rng, shape, -1.5 if sign <= 0 else 0.125, 1.5 if sign >= 0 else -0.125)


def _positive(v: np.ndarray) -> np.ndarray:
    return np.maximum(v, 0)


def _negative(v: np.ndarray) -> np.ndarray:
    return np.minimum(v, 0)


@dataclass(frozen=True)
class _Part:
    """One part of the rule: contributions ``(n, J, K)`` and their denominators ``(n, K)``."""

    contributions: np.ndarray
    total: np.ndarray

    @property
    def empty(self) -> np.ndarray:
        return self.total == 0

    def handed(self, factor: np.ndarray | float, relevance: np.ndarray) -> np.ndarray:
        return shared(self.contributions, self.total, factor * relevance)


class _Truth:
    """The rule on one layer, and what mistakes would give; everything flat ``(n, J)``."""

    def __init__(
        self, layer: HiddenLayer, x: np.ndarray, relevance: np.ndarray, alpha: float, beta: float
    ) -> None:
        self.x, self.matrix, self.bias = flat(x), layer.matrix(), layer.bias()
        self.reach = layer.matrix(np.ones_like(layer.w))
        self.R, self.alpha, self.beta = flat(relevance), alpha, beta
        self.contributions = self.x[..., np.newaxis] * self.matrix
        self.above, self.below = (self._part(each) for each in (_positive, _negative))

    def has_both_parts(self) -> bool:
        """Whether every output has contributions of both signs, whatever its bias is."""
        signs = (each.contributions.any(axis=1).all() for each in (self.above, self.below))
        return all(signs)

    def relevance(self) -> np.ndarray:
        """What is asked for."""
        return self._handed(self._alpha(self.below.empty), self._beta(self.above.empty))

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right = self.relevance()
        alpha, beta = self._alpha(self.below.empty), self._beta(self.above.empty)
        return {
            "alpha and beta swapped": self._whole(self.beta, -self.alpha),
            "beta added": self._whole(self.alpha, self.beta),
            "negative part forgotten": self.above.handed(alpha, self.R),
            "positive part forgotten": self.below.handed(beta, self.R),
            "alpha and beta not used": self._whole(1, 0),
            "alpha and beta always 2 and 1": self._whole(2, -1),
            "sign turned": -right,
            "absolute value": np.abs(right),
            **self._other_parts(),
            **self._empty_parts(),
        }

    def _part(
        self, sign: Callable[[np.ndarray], np.ndarray], bias: np.ndarray | None = None
    ) -> _Part:
        contributions = sign(self.contributions)
        return _Part(
            contributions, contributions.sum(axis=1) + (sign(self.bias) if bias is None else bias)
        )

    def _alpha(self, alone: np.ndarray) -> np.ndarray:
        return np.where(alone, 1.0, self.alpha)

    def _beta(self, alone: np.ndarray) -> np.ndarray:
        return np.where(alone & (self.beta > 0), 1.0, -self.beta)

    def _handed(
        self,
        alpha: np.ndarray | float,
        beta: np.ndarray | float,
        above: _Part | None = None,
        below: _Part | None = None,
    ) -> np.ndarray:
        above, below = above or self.above, below or self.below
        return above.handed(alpha, self.R) + below.handed(beta, self.R)

    def _whole(
        self,
        alpha: float,
        beta: float,
        above: _Part | None = None,
        below: _Part | None = None,
    ) -> np.ndarray:
        """With these factors, but the whole relevance where a part is empty."""
        above, below = above or self.above, below or self.below
        alone = np.where(above.empty & (beta != 0), 1.0, beta)
        return self._handed(np.where(below.empty, 1.0, alpha), alone, above, below)

    def _other_parts(self) -> dict[str, np.ndarray]:
        """Other contributions, or another denominator."""
        positive, negative = _positive(self.matrix), _negative(self.matrix)
        inputs, only = self.x[..., np.newaxis], _positive(self.x)[..., np.newaxis]
        b, nothing = self.bias, np.zeros_like(self.bias)
        z = self.contributions.sum(axis=1) + b
        above, below = self.above.contributions, self.below.contributions
        pairs = {
            "bias left out": (self._part(_positive, nothing), self._part(_negative, nothing)),
            "whole bias in both parts": (self._part(_positive, b), self._part(_negative, b)),
            "signs of the weights": (
                _of(inputs * positive, _positive(b)),
                _of(inputs * negative, _negative(b)),
            ),
            "inputs below zero forgotten": (
                _of(only * positive, _positive(b)),
                _of(only * negative, _negative(b)),
            ),
            "divided by z": (_Part(above, z), _Part(below, z)),
            "denominators swapped": (
                _Part(above, self.below.total),
                _Part(below, self.above.total),
            ),
            "x forgotten": (
                _Part(np.broadcast_to(positive, above.shape), self.above.total),
                _Part(np.broadcast_to(negative, below.shape), self.below.total),
            ),
        }
        return {name: self._whole(self.alpha, -self.beta, *pair) for name, pair in pairs.items()}

    def _empty_parts(self) -> dict[str, np.ndarray]:
        """Other answers to what happens where a part is empty."""
        alpha, beta = self._alpha(self.below.empty), self._beta(self.above.empty)
        no_above, no_below = (
            np.asarray(each.contributions.sum(axis=1) == 0) for each in (self.above, self.below)
        )
        either = self.above.empty | self.below.empty
        return {
            "empty part ignored": self._handed(self.alpha, -self.beta),
            "no positive part ignored": self._handed(alpha, -self.beta),
            "no negative part ignored": self._handed(self.alpha, beta),
            "no positive part hands out minus R": self._handed(
                alpha, np.where(self.above.empty & (self.beta > 0), -1.0, -self.beta)
            ),
            "one empty part stops the other": self._handed(
                np.where(either, 0.0, self.alpha), np.where(either, 0.0, -self.beta)
            ),
            "part of the bias alone taken for empty": self._handed(
                self._alpha(no_below), self._beta(no_above)
            ),
            "negative part although beta is 0": self._handed(
                alpha, np.where(self.above.empty, 1.0, -self.beta)
            ),
            "divided by zero": self._handed(self.alpha, -self.beta) + undefined(either, self.reach),
        }


def _of(contributions: np.ndarray, bias: np.ndarray) -> _Part:
    return _Part(contributions, contributions.sum(axis=1) + bias)


CHALLENGE = Challenge(
    question="alpha_beta",
    title="For it and against it",
    ask="alpha_beta",
    blanks=("alpha_beta",),
    aspects={_BOTH: 5.0, _BELOW: 2.0, _EMPTY: 3.0},
    draw=_draw,
    mistakes=MISTAKES,
)
