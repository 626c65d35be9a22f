"""The check of ``propagate(layers, rules, x, c)``: up once, then down layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.attribution.relevance.layer import LinearLayer
from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.lrp_layers import picture_chain, vector_layer
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.student_code import call
from hwkit.checks.tables import HUGE, case, fixed, read

TABLE = """
2 layers: the input
    right            | -330 -506 -187 -128 80 1216
    everything       | -235.75 -272 -174 145 278 2656
    ones             | 30 46 17 -8 5 76
    last ReLU        | 0 0 0 -128 80 1216
    no bias          | -247.5 -720 -330 108 108 522
    no ReLU          | -570 -570 -435 -110 -22 2200
    before ReLU      | -418 -418 -319 -80 -16 1600
    one rule         | 0 616 385 -32 32 1152
    last rule        | -748 -1155 0 0 672 2304
    turned rules     | 0 660 0 0 448 1728
2 layers: hidden layer 1
    right            | -88 -11 -66 -132 16 144 128 32
    everything       | -36 2 -46.5 -112.5 28 360 176 38
    ones             | 8 1 6 12 1 9 8 2
    last ReLU        | 0 0 0 0 16 144 128 32
    no bias          | -105 -15 -30 -165 9 90 18 18
    no ReLU          | -120 45 -90 -180 22 198 176 -88
    before ReLU      | -88 33 -66 -132 16 144 128 -64
    one rule         | 77 0 -44 110 0 128 96 0
    turned rules     | 77 0 -44 110 0 128 96 0
2 layers: the output
    right            | 0 -11 0 16
    everything       | 6.5 -11 12 16
    ones             | 0 1 0 1
    last ReLU        | 0 0 0 16
    no bias          | 0 -15 0 9
    no ReLU          | 0 -15 0 22
3 layers: the input
    right            | 3 0
    everything       | 9 0
    ones             | -3 0
    last ReLU        | 0 0
    no bias          | 0 0
    no ReLU          | 723 0
    before ReLU      | -33 0
    one rule         | -96 0
    last rule        | 0 4.5
    turned rules     | 0 -21
3 layers: hidden layer 1
    right            | 1 0
    everything       | 3 0
    ones             | -1 0
    last ReLU        | 0 0
    no bias          | 0 0
    no ReLU          | 19 111
    before ReLU      | 1 -6
    one rule         | -18 -7
    last rule        | 0.5 2
    turned rules     | -7 0
3 layers: hidden layer 2
    right            | 1 1
    everything       | 0 -3
    ones             | -1 -1
    last ReLU        | 0 0
    no bias          | 0 0
    no ReLU          | 4 -11
    one rule         | -4 -1
    turned rules     | -4 -1
3 layers: the output
    right            | -1 0
    everything       | -1 -2
    ones             | 1 0
    last ReLU        | 0 0
    no bias          | 0 0
    no ReLU          | 2 0
a convolution, then a dense layer: the input
    right            | 0 -9 0 -99 21 0
    everything       | 0 231 0 -339 -59 0
    ones             | 0 3 0 33 -7 0
    last ReLU        | 0 0 0 0 0 0
    no bias          | 0 -7.5 9 -31.5 7.5 2
    no ReLU          | 0 238 255 -561 544 -170
    before ReLU      | 0 42 45 -99 96 -30
    one rule         | 0 -7.5 18 31.5 -18 9
    last rule        | 96 -18 0 66 -126 0
    turned rules     | -30 -15 -12 -21 108 18
a convolution, then a dense layer: hidden layer 1
    right            | 18 -12 0 0
    everything       | 114 116 0 0
    ones             | -6 4 0 0
    last ReLU        | 0 0 0 0
    no bias          | 5 -6 0 2
    no ReLU          | 102 -68 272 -34
    before ReLU      | 18 -12 48 -6
    one rule         | -6 3 -6 6
    turned rules     | -6 3 -6 6
a convolution, then a dense layer: the output
    right            | 0 -3
    everything       | 16 -3
    ones             | 0 1
    last ReLU        | 0 0
    no bias          | 0 -1
    no ReLU          | 0 -17
"""
SENTENCES = {
    "everything": "all scores are handed down; the relevance of the output is start(scores, c).",
    "ones": "the output's relevance is 1; it is start(scores, c).",
    "last ReLU": "there is a ReLU after the last layer; a score may be negative.",
    "no bias": "the bias is missing on the way up.",
    "no ReLU": "the ReLU between the layers is missing on the way up.",
    "before ReLU": "the rules get what was there before the ReLU; they need what the layer "
    "received.",
    "one rule": "all layers use the first rule; each has its own.",
    "last rule": "all layers use the last rule; each has its own.",
    "turned rules": "the rules are used from the wrong end: the first belongs to the first layer.",
}
_HINTS = {
    SENTENCES["before ReLU"]: "Keep a list of what each layer receives: it begins with x.",
    "": "Look at the sums first: the output's relevance, then one step down.",
}
_Rule = Callable[[LinearLayer, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Chain:
    """A small network and what is asked about it.

    Attributes:
        label: of the network.
        layers: with a ReLU between every two.
        rules: one for each; they are no rules of LRP.
        x: instances.
        c: the class.
        shapes: of all relevances, from the input to the output.
    """

    label: str
    layers: tuple[LinearLayer, ...]
    rules: tuple[_Rule, ...]
    x: np.ndarray
    c: int
    shapes: tuple[tuple[int, ...], ...]

    def place(self, index: int) -> str:
        """The label of the block of one relevance."""
        if index == 0:
            return f"{self.label}: the input"
        output = index == len(self.layers)
        return f"{self.label}: " + ("the output" if output else f"hidden layer {index}")


def chains() -> tuple[Chain, ...]:
    """The networks that the student's loop has to go through."""
    second = LinearLayer.dense(fixed([[1, -1], [2, 1], [-1, 2], [0.5, -2]]), fixed([-1, 2]))
    square = [
        LinearLayer.dense(fixed(w), fixed(b))
        for w, b in (
            ([[1, -2], [2, 1]], [1, 2]),
            ([[2, -1], [-1, 3]], [-1, 1]),
            ([[-2, 1], [-1, 2]], [1, -3]),
        )
    ]
    return (
        Chain(
            "2 layers",
            (vector_layer(), second),
            (_through, _by_sizes),
            fixed([[1, 2, -1], [-1, 1, 2]]),
            1,
            ((2, 3), (2, 4), (2, 2)),
        ),
        Chain(
            "3 layers",
            tuple(square),
            (_by_sizes, _through, _halves),
            fixed([[2, -1]]),
            0,
            ((1, 2), (1, 2), (1, 2), (1, 2)),
        ),
        Chain(
            "a convolution, then a dense layer",
            picture_chain(),
            (_halves, _through),
            fixed([[[[2], [1], [-1]], [[-1], [3], [1]]]]),
            1,
            ((1, 2, 3, 1), (1, 1, 2, 2), (1, 2)),
        ),
    )


def check_propagate(propagate: Callable[..., Any]) -> None:
    """Judge all relevances in small networks, from the output down.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: other relevance, or not all of it.
    """
    judge(_cases(propagate), _HINTS, "the relevance")


def _cases(propagate: Callable[..., Any]) -> Iterator[Case]:
    blocks = read(TABLE)
    for chain in chains():
        relevance = _answer(propagate, chain)
        for index in reversed(range(len(chain.shapes))):
            place = chain.place(index)
            found = numbers(relevance[index], chain.shapes[index], f"entry {index}", place)
            yield case(place, found, blocks[place], SENTENCES, huge=HUGE)


def _answer(propagate: Callable[..., Any], chain: Chain) -> list[Any]:
    layers, rules = list(chain.layers), list(chain.rules)
    answer = call(propagate, layers, rules, chain.x, chain.c, case=chain.label)
    wanted = len(chain.shapes)
    if not isinstance(answer, (list, tuple, np.ndarray)):
        raise WrongAnswerError(
            f"expected a list of {wanted} arrays, received {type(answer).__name__}."
        )
    shapes = tuple(np.shape(each) for each in answer)
    if shapes == chain.shapes[:-1]:
        raise WrongAnswerError(f"the relevance of the output is missing ({chain.label}).")
    if shapes == chain.shapes[1:]:
        raise WrongAnswerError(f"the relevance of the input is missing ({chain.label}).")
    if shapes == chain.shapes[::-1] != chain.shapes:
        raise WrongAnswerError(
            f"the list begins with the output; it is to begin with the input ({chain.label})."
        )
    if isinstance(answer, np.ndarray) and len(answer) != wanted:
        raise WrongAnswerError(
            f"expected a list of {wanted} arrays, received one array of shape {answer.shape} "
            f"({chain.label})."
        )
    if len(answer) != wanted:
        raise WrongAnswerError(
            f"expected a list of {wanted} arrays, one more than there are layers; received "
            f"{len(answer)} ({chain.label})."
        )
    return list(answer)


def _through(layer: LinearLayer, x: np.ndarray, R: np.ndarray) -> np.ndarray:
    return x * layer.backward(R, layer.w)


def _by_sizes(layer: LinearLayer, x: np.ndarray, R: np.ndarray) -> np.ndarray:
    return (1 + x) * layer.backward(R, np.abs(layer.w))


def _halves(layer: LinearLayer, x: np.ndarray, R: np.ndarray) -> np.ndarray:
    return (2 - x) * layer.backward(R, layer.w) / 2
