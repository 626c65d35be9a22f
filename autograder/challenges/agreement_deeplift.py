"""The challenge of ``deeplift``: what a difference from the reference brought, through a chain.

Each aspect is tried apart from the others: only where biases are tried are there any. Class 0 is
never asked for, and in the first instance of a case another class is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.agreement_chains import (
    Arrays,
    Chain,
    dense,
    one_at,
    pictured,
    pictured_twice,
    relu,
    starts,
    unbent,
)
from autograder.challenges.agreement_deeplift_told import MISTAKES
from autograder.challenges.agreement_multiplier import reference
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_layers import HiddenLayer, chain, flat
from autograder.challenges.lrp_shares import eighths
from autograder.comparing import numbers

_DENSE, _BIASES, _CONVOLUTION = "dense layers", "biases", "convolution and several instances"
_TOLERANCE = 1e-3
_LEAST = 0.05  # of scores, and of the largest attribution
_Make = Callable[[np.random.Generator], list[HiddenLayer]]


@dataclass(frozen=True)
class _Setting:
    """One call of deeplift.

    Attributes:
        aspect: of the question.
        make: draws the layers.
        count: instances.
        references: how many; one for all instances, or one for each.
        below: whether the first instance's score is negative; all others are positive.
        alike: whether the upper left corner of pictures is that of the reference.
    """

    aspect: str
    make: _Make
    count: int = 1
    references: int = 1
    below: bool = False
    alike: bool = False


def _dense(*sizes: int, biased: bool = False) -> _Make:
    return partial(dense, sizes=sizes, biased=biased)


_SETTINGS = (
    _Setting(_DENSE, _dense(4, 8, 3)),
    _Setting(_DENSE, _dense(5, 8, 8, 4), below=True),
    _Setting(_DENSE, _dense(6, 8, 7, 6, 3)),
    _Setting(_BIASES, _dense(4, 8, 3, biased=True)),
    _Setting(_BIASES, _dense(5, 7, 7, 4, biased=True)),
    _Setting(_CONVOLUTION, _dense(4, 8, 6, 3), count=3),
    _Setting(_CONVOLUTION, _dense(5, 8, 3), count=2, references=2),
    _Setting(_CONVOLUTION, partial(pictured, hidden=(3,))),
    _Setting(_CONVOLUTION, partial(pictured, hidden=(6, 4)), count=2, below=True, alike=True),
    _Setting(_CONVOLUTION, pictured_twice, count=2, references=2),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    while True:
        layers = setting.make(rng)
        shape = layers[0].input_shape
        x = eighths(rng, (setting.count, *shape), -2, 2)
        r = eighths(rng, (setting.references, *shape), -2, 2)
        if setting.alike:
            x[:, :3, :3] = r[:, :3, :3]
        c = int(rng.integers(1, layers[-1].output_shape[0]))
        truth = _Truth(Chain.of(layers), flat(x), flat(r), c)
        if truth.fits(setting):
            break
    return Case(
        setting.aspect,
        {"layers": chain(layers), "x": x, "r": r, "c": c},
        truth.attributions().reshape(x.shape),
        lambda: {name: each.reshape(x.shape) for name, each in truth.wrong().items()},
        _TOLERANCE,
        _read,
        references={"multiplier": reference},
    )


def _read(value: Any) -> np.ndarray:
    """Attributions; what is not finite is NaN, since only chance tells infinity from it here."""
    found = numbers(value)
    return np.where(np.isfinite(found), found, np.nan)


@dataclass(frozen=True)
class _Truth:
    """A chain, inputs and what they are compared with; attributions are flat ``(n, inputs)``.

    Attributes:
        network: the chain.
        x: inputs ``(n, inputs)``.
        r: references ``(n, inputs)``, or one for all.
        c: the class.
    """

    network: Chain
    x: np.ndarray
    r: np.ndarray
    c: int

    @property
    def difference(self) -> np.ndarray:
        """Of the inputs from the references."""
        return self.x - self.r

    def fits(self, setting: _Setting) -> bool:
        """Whether inputs are as a setting has them, and something is attributed to all of them."""
        *hidden, scores = self.network.up(self.x)
        *of_reference, start = self.network.up(self.r)
        same = [np.any(one == other) for one, other in zip(hidden, of_reference, strict=True)]
        if same[0] != setting.alike or any(same[1:]):
            return False
        asked = scores[:, self.c]
        as_set = (asked[0] < -_LEAST) == setting.below and (asked[1:] > _LEAST).all()
        above = (start[:, self.c] > _LEAST).all()
        another = scores[0].argmax() != self.c
        brought = np.abs(self.attributions()).max(axis=1).min() >= _LEAST
        return bool(as_set and above and another and brought)

    def attributions(self, **changed: Any) -> np.ndarray:
        """What is asked for; with what ``multipliers`` takes, if given."""
        return self.difference * self.multipliers(**changed)

    def multipliers(
        self,
        start: np.ndarray | None = None,
        received: tuple[Arrays, Arrays] | None = None,
        factor: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
        skipped: int | None = None,
    ) -> np.ndarray:
        """Of the inputs.

        Args:
            start: at the scores; one at the class, unless given.
            received: by the ReLUs, from inputs and from references; as on the way up, unless given.
            factor: of a ReLU that received these two; the multiplier, unless given.
            skipped: number of a ReLU that is left out.
        """
        of_x, of_r = received or (self._up(self.x), self._up(self.r))
        made = [(factor or _multiplier)(*pair) for pair in zip(of_x, of_r, strict=True)]
        begun = np.zeros((len(self.x), self.network.weights[-1].shape[1]))
        begun = one_at(self.c, begun) if start is None else start
        return self.network.down(begun, lambda i, s: s if i == skipped else s * made[i])

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, multipliers = self.attributions(), self.multipliers()
        scores, before = self.network.up(self.x)[-1], self.network.up(self.r)[-1]
        begun = starts(scores, self.c)
        gain = (scores - before) * one_at(self.c, scores)
        last = _multiplier(scores, before)[:, [self.c]]
        from_zero = replace(self, r=np.zeros_like(self.x))
        found = {name: self.attributions(start=each) for name, each in begun.items()}
        found |= {
            "gain at the start": self.attributions(start=gain),
            "reference is zero": from_zero.attributions(),
            "multiplied by x": self.x * multipliers,
            "multipliers": multipliers,
            "sign turned": -right,
            "absolute value": np.abs(right),
            "slope at x": self.attributions(factor=lambda z, _: z > 0),
            "slope at r": self.attributions(factor=lambda z, s: (s > 0) + 0 * z),
            "no ReLU on the way down": self.attributions(factor=lambda z, _: np.ones_like(z)),
            "gradient times x": self.x * self.multipliers(factor=lambda z, _: z > 0),
            "ReLU behind the last layer": right * last,
            "a multiplier at the inputs": right * _multiplier(self.x, self.r),
            "what is behind the ReLUs": self._of(relu),
            "mean over instances": right * 0 + right.mean(axis=0),
            "first instance for all": right * 0 + right[0],
            "bias forgotten": self._of(bias=0.0),
            "reference without bias": self.attributions(
                received=(self._up(self.x), self._up(self.r, bias=0.0))
            ),
            "ReLU forgotten on the way up": self._of(bend=unbent),
            "first reference for all": replace(self, r=self.r[:1]).attributions(),
        }
        return found | self._places() | self._by_zero(right)

    def _of(
        self,
        after: Callable[[np.ndarray], np.ndarray] = unbent,
        **changed: Any,
    ) -> np.ndarray:
        """Attributions of another way up, both of inputs and of references."""
        both = (self._up(each, **changed) for each in (self.x, self.r))
        of_x, of_r = ([after(z) for z in each] for each in both)
        return self.attributions(received=(of_x, of_r))

    def _places(self) -> dict[str, np.ndarray]:
        """ReLUs that are left out or exchanged."""
        of_x, of_r = self._up(self.x), self._up(self.r)
        found = {
            "first ReLU left out": self.attributions(skipped=0),
            "last ReLU left out": self.attributions(skipped=len(of_x) - 1),
        }
        if len(of_x) > 1 and len({each.shape for each in of_x}) == 1:
            turned = of_x[::-1], of_r[::-1]
            found["ReLUs in the wrong order"] = self.attributions(received=turned)
        return found

    def _by_zero(self, right: np.ndarray) -> dict[str, np.ndarray]:
        """What dividing by zero gives, where inputs are as in the reference."""
        empty = self._up(self.x)[0] == self._up(self.r)[0]
        if not empty.any():
            return {}
        reached = empty.astype(float) @ (self.network.weights[0] != 0).T.astype(float) > 0
        return {"divided by zero": np.where(reached, np.nan, right)}

    def _up(self, inputs: np.ndarray, **changed: Any) -> Arrays:
        return self.network.up(inputs, **changed)[:-1]


def _multiplier(z: np.ndarray, start: np.ndarray) -> np.ndarray:
    """What a ReLU made of each difference, as a factor."""
    gap = z - start
    slope = np.where(z > 0, 1.0, 0.0) + 0 * gap
    return np.divide(relu(z) - relu(start), gap, out=slope, where=gap != 0)


CHALLENGE = Challenge(
    question="deeplift",
    title="DeepLIFT",
    ask="deeplift",
    blanks=("deeplift",),
    aspects={_DENSE: 4.0, _BIASES: 3.0, _CONVOLUTION: 4.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"multiplier": "multiplier"},
)
