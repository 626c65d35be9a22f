"""The challenge of ``propagate``: up through a network, and down again with a rule for each layer.

The rules are no rules of LRP: each hands down something of its own that depends on the layer, on
what the layer received and on the relevance. Where the order of the rules or the list is tried,
all numbers on the way up are positive and there is no bias, so that a mistake on the way up costs
its own aspect alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges import lrp_references as references
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_layers import HiddenLayer, chain, flat
from autograder.challenges.lrp_propagate_told import MISTAKES
from autograder.challenges.lrp_relevance_lists import Arrays, in_a_row, of_inputs, read
from autograder.challenges.lrp_shares import eighths

_WAY, _RULES, _ALL = "forward and order", "the rules of each layer", "all relevances returned"
_TOLERANCE = 1e-3
_Function = Callable[[np.ndarray], np.ndarray]


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_WAY, make=partial(_dense, sizes=(4, 6, 3)), count=1),
        partial(_case, aspect=_WAY, make=partial(_dense, sizes=(5, 7, 6, 4)), count=3),
        partial(_case, aspect=_WAY, make=partial(_dense, sizes=(6, 5, 4, 7, 3)), count=2),
        partial(_case, aspect=_WAY, make=_convolution, count=2),
        partial(_case, aspect=_RULES, make=partial(_positive, sizes=(5, 6, 3)), count=2),
        partial(_case, aspect=_RULES, make=partial(_positive, sizes=(4, 6, 5, 3)), count=1),
        partial(_case, aspect=_RULES, make=partial(_positive, sizes=(6, 3, 7, 4, 5)), count=3),
        partial(_case, aspect=_ALL, make=partial(_positive, sizes=(5, 6, 3)), count=1),
        partial(_case, aspect=_ALL, make=partial(_positive, sizes=(4, 7, 6, 3)), count=3),
        partial(_case, aspect=_ALL, make=partial(_positive, sizes=(3, 6, 4, 7, 5)), count=2),
    ]
    return draw_cases(makers, rng)


def _dense(rng: np.random.Generator, sizes: tuple[int, ...]) -> list[HiddenLayer]:
    """Layers with so many inputs, hidden units and classes."""
    return [
        HiddenLayer(eighths(rng, pair, -1, 1), eighths(rng, pair[1:], -1, 1))
        for pair in itertools.pairwise(sizes)
    ]


def _positive(rng: np.random.Generator, sizes: tuple[int, ...]) -> list[HiddenLayer]:
    """The same with positive weights and no bias."""
    return [
        HiddenLayer(eighths(rng, pair, 0.125, 0.75), np.zeros(pair[1], np.float32))
        for pair in itertools.pairwise(sizes)
    ]


def _convolution(rng: np.random.Generator) -> list[HiddenLayer]:
    """A convolution, and a dense layer behind a Flatten."""
    kernel, bias = eighths(rng, (2, 2, 1, 2), -1, 1), eighths(rng, (2,), -1, 1)
    return [HiddenLayer(kernel, bias, (3, 4, 1)), *_dense(rng, (12, 3))]


def _case(
    rng: np.random.Generator,
    aspect: str,
    make: Callable[[np.random.Generator], list[HiddenLayer]],
    count: int,
) -> Case:
    layers = make(rng)
    x = eighths(rng, (count, *layers[0].input_shape), -2 if aspect == _WAY else 0.125, 2)
    factors = [rng.integers(2, 12, 2) * rng.choice([-1, 1], 2) / 8 for _ in layers]
    if aspect != _RULES:
        factors = factors[:1] * len(layers)
    truth = _Truth(
        [_Matrix(each.matrix(), each.bias()) for each in layers],
        np.asarray(factors),
        flat(x),
        int(rng.integers(layers[-1].output_shape[0])),
    )
    shapes = [x.shape, *((count, *each.output_shape) for each in layers)]

    def shaped(relevances: Arrays) -> Arrays:
        return [each.reshape(shape) for each, shape in zip(relevances, shapes, strict=True)]

    right = shaped(truth.relevances())
    compared = partial(in_a_row if aspect == _ALL else of_inputs, right)
    return Case(
        aspect,
        {
            "layers": chain(layers),
            "rules": [each.tolist() for each in factors],
            "x": x,
            "c": truth.c,
        },
        compared(right),
        lambda: {name: compared(shaped(each)) for name, each in truth.wrong().items()},
        _TOLERANCE,
        lambda value: compared(read(value)),
        references={"start": references.start},
    )


def _relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0)


def _unbent(z: np.ndarray) -> np.ndarray:
    return z


@dataclass(frozen=True)
class _Matrix:
    """A layer in float64, of flat inputs and outputs."""

    w: np.ndarray
    b: np.ndarray

    def outputs(self, x: np.ndarray, bias: float) -> np.ndarray:
        """With so much of the bias."""
        return np.asarray(x @ self.w + bias * self.b)

    def mixed(
        self, x: np.ndarray, relevance: np.ndarray, first: float, second: float
    ) -> np.ndarray:
        """What the box's rule of these factors hands down."""
        return np.asarray(
            first * relevance @ (self.w**2).T + second * x * (relevance @ (self.w**3).T)
        )


@dataclass(frozen=True)
class _Truth:
    """A network with its rules; what is asked for, and what mistakes would give.

    Attributes:
        layers: from the first to the last.
        factors: of each rule, ``(layers, 2)``.
        x: inputs ``(n, inputs)``.
        c: the class.
    """

    layers: Sequence[_Matrix]
    factors: np.ndarray
    x: np.ndarray
    c: int

    def relevances(
        self,
        bend: _Function = _relu,
        bend_last: _Function = _unbent,
        bend_first: _Function = _unbent,
        bias: float = 1.0,
        start: _Function | None = None,
        factors: np.ndarray | None = None,
        received: _Function | None = None,
        masked: bool = False,
    ) -> Arrays:
        """From that of the inputs to that of the output.

        Args:
            bend: between the layers on the way up.
            bend_last: after the last one.
            bend_first: before the first one.
            bias: how much of it is added.
            start: from scores to the relevance at the output.
            factors: of the rules.
            received: from a hidden layer's z to what the rule above it is given; as on the way up,
                unless given.
            masked: relevance is cut off where a hidden layer's z is not positive.
        """
        hidden: Arrays = []  # z of the hidden layers
        z = self.layers[0].outputs(bend_first(self.x), bias)
        for layer in self.layers[1:]:
            hidden.append(z)
            z = layer.outputs(bend(z), bias)
        given = [bend_first(self.x), *map(received or bend, hidden)]
        relevance = [(start or self._start)(bend_last(z))]
        factors = self.factors if factors is None else factors
        for index in reversed(range(len(self.layers))):
            handed = self.layers[index].mixed(given[index], relevance[0], *factors[index])
            if masked and index:
                handed = np.where(hidden[index - 1] > 0, handed, 0)
            relevance.insert(0, handed)
        return relevance

    def wrong(self) -> dict[str, Arrays]:
        """What typical mistakes give."""
        reverse = self.factors[::-1]
        first, last = (np.broadcast_to(self.factors[each], reverse.shape) for each in (0, -1))
        return {
            "ReLU forgotten": self.relevances(bend=_unbent),
            "ReLU after the last layer": self.relevances(bend_last=_relu),
            "ReLU of the inputs": self.relevances(bend_first=_relu),
            "bias forgotten": self.relevances(bias=0.0),
            "what is before the ReLU": self.relevances(received=_unbent),
            "cut off by the ReLU": self.relevances(masked=True),
            "rules from the wrong end": self.relevances(factors=reverse),
            "first rule for all": self.relevances(factors=first),
            "last rule for all": self.relevances(factors=last),
            "all scores at the start": self.relevances(start=_unbent),
            "one at the start": self.relevances(start=lambda f: self._start(np.ones_like(f))),
            "probability at the start": self.relevances(start=lambda f: self._start(_softmax(f))),
            "class that is seen": self.relevances(start=_seen),
            "class not used": self.relevances(start=_class_0),
            "sign turned": [-each for each in self.relevances()],
        }

    def _start(self, scores: np.ndarray) -> np.ndarray:
        return np.where(np.arange(scores.shape[1]) == self.c, scores, 0)


def _softmax(f: np.ndarray) -> np.ndarray:
    powers = np.exp(f - f.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _seen(f: np.ndarray) -> np.ndarray:
    return np.where(f == f.max(axis=1, keepdims=True), f, 0)


def _class_0(f: np.ndarray) -> np.ndarray:
    return np.where(np.arange(f.shape[1]) == 0, f, 0)


CHALLENGE = Challenge(
    question="propagate",
    title="The loop",
    ask="propagate",
    blanks=("propagate",),
    aspects={_WAY: 4.0, _RULES: 3.0, _ALL: 3.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"start": "start"},
)
