"""The challenge of ``guided_backprop``: up through a chain, and down again with guided ReLUs.

Each aspect is tried apart from the others: only where biases are tried are there any. Class 0 is
never asked for, and in the first instance of a case another class is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.agreement_chains import (
    Arrays,
    Chain,
    Function,
    dense,
    one_at,
    pictured,
    pictured_twice,
    relu,
    starts,
    unbent,
)
from autograder.challenges.agreement_guided_backprop_told import MISTAKES
from autograder.challenges.agreement_guided_relu import reference
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_layers import HiddenLayer, chain, flat
from autograder.challenges.lrp_shares import eighths

_DENSE, _BIASES, _CONVOLUTION = "dense layers", "biases", "convolution and several instances"
_TOLERANCE = 1e-3
_LEAST = 0.05  # of scores, and of the largest number that arrives
_Make = Callable[[np.random.Generator], list[HiddenLayer]]


@dataclass(frozen=True)
class _Setting:
    """One call of guided_backprop.

    Attributes:
        aspect: of the question.
        make: draws the layers.
        count: instances.
        below: whether the first instance's score is negative; all others are positive.
    """

    aspect: str
    make: _Make
    count: int = 1
    below: bool = False


def _dense(*sizes: int, biased: bool = False) -> _Make:
    return partial(dense, sizes=sizes, biased=biased)


_SETTINGS = (
    _Setting(_DENSE, _dense(4, 8, 3)),
    _Setting(_DENSE, _dense(5, 8, 8, 4), below=True),
    _Setting(_DENSE, _dense(6, 8, 7, 6, 3)),
    _Setting(_BIASES, _dense(4, 8, 3, biased=True)),
    _Setting(_BIASES, _dense(5, 7, 7, 4, biased=True)),
    _Setting(_CONVOLUTION, _dense(4, 8, 6, 3), count=3),
    _Setting(_CONVOLUTION, partial(pictured, hidden=(3,))),
    _Setting(_CONVOLUTION, partial(pictured, hidden=(6, 4)), count=2, below=True),
    _Setting(_CONVOLUTION, pictured_twice, count=2),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    layers, truth, x = _drawn(rng, setting)
    return Case(
        setting.aspect,
        {"layers": chain(layers), "x": x, "c": truth.c},
        truth.signal().reshape(x.shape),
        lambda: {name: each.reshape(x.shape) for name, each in truth.wrong().items()},
        _TOLERANCE,
        references={"guided_relu": reference},
    )


def _drawn(
    rng: np.random.Generator, setting: _Setting
) -> tuple[list[HiddenLayer], _Truth, np.ndarray]:
    while True:
        layers = setting.make(rng)
        x = eighths(rng, (setting.count, *layers[0].input_shape), -2, 2)
        truth = _Truth(Chain.of(layers), x, int(rng.integers(1, layers[-1].output_shape[0])))
        if truth.fits(setting.below):
            return layers, truth, x


class _Truth:
    """A chain and what is asked of it; what arrives is flat ``(n, inputs)``.

    Attributes:
        c: the class.
    """

    def __init__(self, network: Chain, x: np.ndarray, c: int) -> None:
        self._network, self._x, self.c = network, flat(x), c
        *self._hidden, self._scores = network.up(x)

    def fits(self, below: bool) -> bool:
        """Whether inputs are as a setting has them, and something arrives for all of them."""
        scores = self._scores[:, self.c]
        as_set = (scores[0] < -_LEAST) == below and (scores[1:] > _LEAST).all()
        switched = min(np.abs(each).min() for each in self._hidden) > 0
        another = self._scores[0].argmax() != self.c
        arrives = np.abs(self.signal()).max(axis=1).min() >= _LEAST
        return bool(as_set and switched and another and arrives)

    def signal(self, start: np.ndarray | None = None, received: Arrays | None = None) -> np.ndarray:
        """What arrives.

        Args:
            start: at the scores; one at the class, unless given.
            received: by the ReLUs; as on the way up, unless given.
        """
        gates = self._hidden if received is None else received
        return self._down(lambda i, s: np.where((s > 0) & (gates[i] > 0), s, 0), start)

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, first, hidden = self.signal(), self._x, self._hidden
        found = {
            name: self.signal(start=each) for name, each in starts(self._scores, self.c).items()
        }
        found |= {
            "gradient": self._down(lambda i, s: s * (hidden[i] > 0)),
            "only the sign of the signal": self._down(lambda i, s: relu(s)),
            "no ReLU on the way down": self._down(lambda i, s: s),
            "positive part of the gradient": relu(self._down(lambda i, s: s * (hidden[i] > 0))),
            "guided at the inputs": np.where((first > 0) & (right > 0), right, 0),
            "negative signals cut off at the inputs": relu(right),
            "ReLU behind the last layer": right * (self._scores[:, [self.c]] > 0),
            "multiplied by x": right * first,
            "sign turned": -right,
            "absolute value": np.abs(right),
            "bias forgotten": self.signal(received=self._up(bias=0.0)),
            "ReLU forgotten on the way up": self.signal(received=self._up(bend=unbent)),
            "ReLU of the inputs": self.signal(received=self._up(bend_first=relu)),
            "mean over instances": right * 0 + right.mean(axis=0),
            "first instance for all": right * 0 + right[0],
        }
        return found | self._places()

    def _places(self) -> dict[str, np.ndarray]:
        """ReLUs that are left out or exchanged."""
        hidden, last = self._hidden, len(self._hidden) - 1

        def without(skipped: int) -> np.ndarray:
            def gate(i: int, s: np.ndarray) -> np.ndarray:
                return s if i == skipped else np.where((s > 0) & (hidden[i] > 0), s, 0)

            return self._down(gate)

        found = {"first ReLU left out": without(0), "last ReLU left out": without(last)}
        if last and len({each.shape for each in hidden}) == 1:
            found["ReLUs in the wrong order"] = self.signal(received=hidden[::-1])
        return found

    def _up(
        self, bend: Function = relu, bend_first: Function = unbent, bias: float = 1.0
    ) -> Arrays:
        return self._network.up(self._x, bend, bend_first, bias)[:-1]

    def _down(
        self,
        gate: Callable[[int, np.ndarray], np.ndarray],
        start: np.ndarray | None = None,
    ) -> np.ndarray:
        begun = one_at(self.c, self._scores) if start is None else start
        return self._network.down(begun, gate)


CHALLENGE = Challenge(
    question="guided_backprop",
    title="Guided backpropagation",
    ask="guided_backprop",
    blanks=("guided_backprop",),
    aspects={_DENSE: 3.0, _BIASES: 2.0, _CONVOLUTION: 4.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"guided_relu": "guided_relu"},
)
