"""The challenge of ``opposed``: a network is right if two methods contradict each other on it.

The judge works out both attributions of the network and picture that came back; any that have the
property count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Reference
from autograder.challenges import agreement_ranks, agreement_spearman
from autograder.challenges.agreement_opposed_told import MISTAKES
from autograder.comparing import Misread, numbers, received
from hwkit.checks.agreement_opposed import APART, FROM_ZERO, LARGEST

_FORM, _DISTINCT = "shapes and range", "pixels apart in both attributions"
_OPPOSED = "opposite orders"
_SHAPES = {"x": (3,), "W": (3, 3), "b": (3,), "v": (3,)}
_NEARLY = 1 + 1e-6  # what rounding may cost
_SAME = 1e-9  # pixels this close have no order


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    references: dict[str, Reference] = {
        "ranks": agreement_ranks.reference,
        "spearman": agreement_spearman.reference,
    }
    return [
        Case(aspect, {}, np.asarray(1.0), read=partial(_read, refuse=refuse), references=references)
        for aspect, refuse in _REFUSALS.items()
    ]


@dataclass(frozen=True)
class Net:
    """A picture and a network ``v . relu(W x + b)``.

    Attributes:
        x: pixels.
        W: weights, a row for each hidden unit.
        b: biases of the hidden units.
        v: weights of the score.
    """

    x: np.ndarray
    W: np.ndarray
    b: np.ndarray
    v: np.ndarray

    @property
    def received(self) -> np.ndarray:
        """What each hidden unit receives from x."""
        return self.W @ self.x + self.b

    def gradient_x_input(self) -> np.ndarray:
        """Of each pixel."""
        return self.gradient() * self.x

    def gradient(self) -> np.ndarray:
        """Of the score, in each pixel."""
        return np.asarray((self.v * (self.received > 0)) @ self.W)

    def multipliers(self) -> np.ndarray:
        """Of each pixel, by DeepLIFT's rescale rule from the reference 0."""
        change = self.received - self.b
        moved = np.abs(change) >= 1e-6
        activated = np.maximum(self.received, 0) - np.maximum(self.b, 0)
        slopes = np.where(moved, activated / np.where(moved, change, 1), self.received > 0)
        return np.asarray((self.v * slopes) @ self.W)

    def deeplift(self) -> np.ndarray:
        """Of each pixel, from the reference 0."""
        return self.multipliers() * self.x


def _read(value: Any, refuse: Callable[[Net], None]) -> np.ndarray:
    """1 for a network that has the property.

    Args:
        value: what came back.
        refuse: says why a network has not.

    Raises:
        Misread: it has not, or is none; the mistake says what is missing.
    """
    if type(value) is not dict or not set(_SHAPES) <= set(value):
        raise Misread("no four arrays", received(value))
    found = {name: numbers(value[name]) for name in _SHAPES}
    _refuse_shapes(found)
    if not all(np.isfinite(each).all() for each in found.values()):
        raise Misread("NaN or infinity")
    # Of larger numbers than these nothing could be said: what is made of them ends.
    if max(np.abs(each).max() for each in found.values()) > 1e30:
        raise Misread("out of range")
    refuse(Net(**found))
    return np.asarray(1.0)


def _refuse_shapes(found: Mapping[str, np.ndarray]) -> None:
    shapes = {name: each.shape for name, each in found.items()}
    if shapes == _SHAPES:
        return
    told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    if sorted(shapes.values()) == sorted(_SHAPES.values()):
        raise Misread("another order of the arrays", told)
    if all(_SHAPES[name] == tuple(s for s in shape if s != 1) for name, shape in shapes.items()):
        raise Misread("with an axis too many", told)
    raise Misread("other shapes", told)


def _refuse_form(net: Net) -> None:
    """Say which number is not as asked for, if there is one."""
    for name in _SHAPES:
        largest = float(np.abs(getattr(net, name)).max())
        if largest > LARGEST * _NEARLY:
            raise Misread("out of range", f"{largest:.4g} in {name}")
    for mistake, sums in (("kink at x", net.received), ("kink at the reference", net.b)):
        nearest = int(np.argmin(np.abs(sums)))
        if abs(sums[nearest]) * _NEARLY < FROM_ZERO:
            raise Misread(mistake, f"{sums[nearest]:.2g} in hidden unit {nearest}")


def _refuse_level(net: Net) -> None:
    """Say which attributions are too close, if some are."""
    level = []
    for name, attribution in _attributions(net).items():
        closest = float(np.diff(np.sort(attribution)).min())
        if closest * _NEARLY < APART:
            level.append((name, _told(attribution)))
    if not level:
        return
    if not _attributions(net)["gradient x input"].any():
        raise Misread("gradient of zero", level[0][1])
    if len(level) > 1:
        raise Misread("pixels close in both", "; ".join(told for _, told in level))
    raise Misread(f"pixels close in {level[0][0]}", level[0][1])


def _refuse_agreeing(net: Net) -> None:
    """Say in what way orders are not opposite, if so."""
    one, other = _attributions(net).values()
    if _opposite(one, other):
        return
    told = f"{_told(one)} and {_told(other)}"
    turned = Net(net.x, net.W.T, net.b, net.v)
    near = {
        "W transposed": (turned.gradient_x_input(), turned.deeplift()),
        "gradient alone": (net.gradient(), other),
        "multipliers alone": (one, net.multipliers()),
        "neither times x": (net.gradient(), net.multipliers()),
        "opposite by size": (np.abs(one), np.abs(other)),
    }
    for mistake, pair in near.items():
        if _opposite(*pair):
            raise Misread(mistake, told)
    if np.allclose(one, other, rtol=1e-6, atol=_SAME):
        raise Misread("the same attributions", told)
    if _opposite(one, -other):
        raise Misread("the same order", told)
    raise Misread("not wholly opposite", told)


_REFUSALS = {_FORM: _refuse_form, _DISTINCT: _refuse_level, _OPPOSED: _refuse_agreeing}


def _attributions(net: Net) -> dict[str, np.ndarray]:
    return {"gradient x input": net.gradient_x_input(), "DeepLIFT": net.deeplift()}


def _opposite(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether pixels have an order in both, and the opposite one."""
    order = np.argsort(one)
    return bool((np.diff(one[order]) > _SAME).all() and (np.diff(other[order]) < -_SAME).all())


def _told(attribution: np.ndarray) -> str:
    return ", ".join(f"{each:.3g}" for each in attribution)


CHALLENGE = Challenge(
    question="opposed",
    title="Two methods that contradict each other",
    ask="opposed",
    blanks=("opposed",),
    aspects={_FORM: 1.0, _DISTINCT: 1.0, _OPPOSED: 5.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"ranks": "ranks", "spearman": "spearman"},
)
