"""The challenge of ``hand_down``: the four steps on dense layers and convolutions.

Each aspect is tried apart from the others: epsilon is zero and weights stay as they are in all
cases but those about them. Sums are exact in float32 (``lrp_shares``), so that a zero is a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_hand_down_told import MISTAKES
from autograder.challenges.lrp_layers import HiddenLayer, flat
from autograder.challenges.lrp_shares import eighths, shared
from autograder.comparing import numbers

_DENSE, _EPSILON = "a dense layer", "epsilon"
_CONVOLUTION, _MODIFIED = "a convolution", "modified weights and bias"
_TOLERANCE = 1e-3
_LEAST = 0.25  # of a denominator that is not zero


@dataclass(frozen=True)
class _Setting:
    """One call of hand_down.

    Attributes:
        aspect: of the question.
        n: instances.
        side: of a convolution's input; ``None`` for a dense layer.
        strides: of the convolution.
        padding: of the convolution.
        epsilon: bounds to draw it from; ``None`` for zero.
        bent: whether weights and bias are modified.
        zeros: outputs of the first instance whose z is exactly zero; of dense layers.
    """

    aspect: str
    n: int
    side: int | None = None
    strides: int = 1
    padding: Literal["valid", "same"] = "valid"
    epsilon: tuple[float, float] | None = None
    bent: bool = False
    zeros: int = 0


_LITTLE, _MUCH = (0.25, 0.75), (1.25, 3.0)
_SETTINGS = (
    _Setting(_DENSE, n=1),
    _Setting(_DENSE, n=3),
    _Setting(_EPSILON, n=3, epsilon=_LITTLE),
    _Setting(_EPSILON, n=2, epsilon=_MUCH),
    _Setting(_EPSILON, n=2, epsilon=_LITTLE, zeros=1),
    _Setting(_EPSILON, n=2, zeros=1),
    _Setting(_CONVOLUTION, n=1, side=4),
    _Setting(_CONVOLUTION, n=2, side=5, strides=2),
    _Setting(_CONVOLUTION, n=2, side=4, padding="same"),
    _Setting(_MODIFIED, n=2, bent=True),
    _Setting(_MODIFIED, n=2, side=4, bent=True),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    truth = _truth(rng, setting)
    layer, x = truth.layer, truth.x
    return Case(
        setting.aspect,
        {
            "layer": layer.sent(),
            "x": x,
            "R": truth.relevance_above,
            "bend": list(truth.bend),
            "epsilon": truth.epsilon,
        },
        truth.relevance().reshape(x.shape),
        lambda: {name: each.reshape(x.shape) for name, each in truth.wrong().items()},
        _TOLERANCE,
        _read,
    )


def _read(value: Any) -> np.ndarray:
    """Relevance; what is not finite is NaN, since only chance tells infinity from it here."""
    found = numbers(value)
    return np.where(np.isfinite(found), found, np.nan)


def _truth(rng: np.random.Generator, setting: _Setting) -> _Truth:
    """A layer and what comes into it, with denominators that are exactly zero or well away."""
    bend = (
        (float(rng.integers(1, 4)) / 2, float(rng.integers(2, 7)) / 4)
        if setting.bent
        else (1.0, 0.0)
    )
    epsilon = round(float(rng.uniform(*setting.epsilon)), 2) if setting.epsilon else 0.0
    while True:
        layer = _layer(rng, setting)
        x = eighths(rng, (setting.n, *layer.input_shape), -2, 2)
        if setting.zeros:
            layer.b[: setting.zeros] = -(x[0] @ layer.w)[: setting.zeros]
        above = eighths(rng, (setting.n, *layer.output_shape), -2, 3)
        truth = _Truth(layer, x, above, bend, epsilon)
        sizes = np.sort(np.abs(truth.z), axis=None)
        if (sizes[setting.zeros :] >= _LEAST).all() and not sizes[: setting.zeros].any():
            return truth


def _layer(rng: np.random.Generator, setting: _Setting) -> HiddenLayer:
    if setting.side is None:
        return HiddenLayer(eighths(rng, (5, 4), -1.5, 1.5), eighths(rng, (4,), -1.5, 1.5))
    shape = (setting.side, setting.side, 2)
    w, b = eighths(rng, (2, 2, 2, 2), -1.5, 1.5), eighths(rng, (2,), -1.5, 1.5)
    return HiddenLayer(w, b, shape, setting.strides, setting.padding)


class _Truth:
    """The four steps on one layer, and what mistakes would give; everything flat ``(n, J)``."""

    def __init__(
        self,
        layer: HiddenLayer,
        x: np.ndarray,
        relevance: np.ndarray,
        bend: tuple[float, float],
        epsilon: float,
    ) -> None:
        self.layer, self.x, self.relevance_above = layer, x, relevance
        self.bend, self.epsilon = bend, epsilon
        self._x, self._R = flat(x), flat(relevance)
        self._w, self._b = layer.matrix(), layer.bias()
        self._bent_w, self._bent_b = self._bent(self._w), self._bent(self._b)
        self.z = self._sums(self._bent_w, self._bent_b)

    def relevance(self) -> np.ndarray:
        """What is asked for."""
        return self._handed(self._denominators())

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, usual = self.relevance(), self._denominators()
        sign, epsilon = np.where(self.z >= 0, 1.0, -1.0), self.epsilon
        w, b, bent_w, bent_b = self._w, self._b, self._bent_w, self._bent_b
        denominators = {
            "bias forgotten": self._denominators(self._sums(bent_w, 0 * bent_b)),
            "bias not modified": self._denominators(self._sums(bent_w, b)),
            "weights not modified on the way forward": self._denominators(self._sums(w, bent_b)),
            "bias modified twice": self._denominators(self._sums(bent_w, self._bent(bent_b))),
            "absolute denominators": np.abs(usual),
            "epsilon not used": self.z,
            "epsilon always added": self.z + epsilon,
            "epsilon subtracted": self.z - epsilon * sign,
            "sign of zero is zero": self.z + epsilon * np.sign(self.z),
            "sign of zero is minus": self.z + epsilon * np.where(self.z > 0, 1, -1),
            "epsilon times z": self.z + epsilon * self.z,
            "outputs below zero left out": np.where(self.z > 0, usual, 0),
            "not divided": np.ones_like(usual),
        }
        found = {name: self._handed(each) for name, each in denominators.items()}
        plain = self._denominators(self._sums(w, b))
        own = self._denominators(self._sums(w, bent_b))
        parts = self._x[:, :, np.newaxis] * bent_w
        found |= {
            "weights not modified on the way back": self._handed(usual, w),
            "weights not modified": self._handed(own, w),
            "modify not used": self._handed(plain, w),
            "x forgotten": shared(np.broadcast_to(bent_w, parts.shape), usual, self._R),
            "x twice": self._x * right,
            "R not used": shared(parts, usual, np.ones_like(self._R)),
            "sign turned": -right,
            "absolute value": np.abs(right),
            "first instance for all": np.broadcast_to(right[:1], right.shape),
        }
        return found | self._bias_handed_out(usual) | self._by_zero(usual)

    def _bias_handed_out(self, usual: np.ndarray) -> dict[str, np.ndarray]:
        """Shares of bias and epsilon that go to the inputs; of dense layers, where all get some."""
        if self.layer.shape is not None:
            return {}
        parts, count = self._x[:, :, np.newaxis] * self._bent_w, self._x.shape[1]
        rest = (usual - self.z)[:, np.newaxis]
        return {
            "bias handed to the inputs": shared(parts + self._bent_b / count, usual, self._R),
            "epsilon handed to the inputs": shared(parts + rest / count, usual, self._R),
        }

    def _by_zero(self, usual: np.ndarray) -> dict[str, np.ndarray]:
        """What dividing by zero gives; of dense layers, where all inputs of an instance suffer."""
        if not (self.z == 0).any():
            return {}
        by_sign = self.z + self.epsilon * np.sign(self.z)
        unguarded = {
            "divided by zero": usual,
            "divided by zero, as its sign is zero": by_sign,
        }
        found = {
            name: np.where((each == 0).any(axis=1, keepdims=True), np.nan, self._handed(each))
            for name, each in unguarded.items()
        }
        return found | {"zeros hand out R": self._handed(np.where(usual == 0, 1.0, usual))}

    def _bent(self, v: np.ndarray) -> np.ndarray:
        """What ``modify`` makes of weights."""
        first, third = self.bend
        return first * v + third * v**3

    def _sums(self, w: np.ndarray, b: np.ndarray) -> np.ndarray:
        return self._x @ w + b

    def _denominators(self, z: np.ndarray | None = None) -> np.ndarray:
        z = self.z if z is None else z
        return z + self.epsilon * np.where(z >= 0, 1, -1)

    def _handed(self, denominators: np.ndarray, w: np.ndarray | None = None) -> np.ndarray:
        parts = self._x[:, :, np.newaxis] * (self._bent_w if w is None else w)
        return shared(parts, denominators, self._R)


CHALLENGE = Challenge(
    question="hand_down",
    title="Four steps for every rule",
    ask="hand_down",
    blanks=("hand_down",),
    aspects={_DENSE: 3.0, _EPSILON: 3.0, _CONVOLUTION: 2.0, _MODIFIED: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
)
