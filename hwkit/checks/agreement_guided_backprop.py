"""The check of ``guided_backprop(layers, x, c)``: up once, then down through guided ReLUs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.agreement_chains import (
    ONE_ROW,
    PICTURES,
    ROWS,
    SQUARE_ROW,
    picture_chain,
    square,
    with_biases,
    without_biases,
)
from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases

TABLE = """
two dense layers without biases, c = 0
    right          | 1.25 2.5 -2 -3 4 5
    plain          | 1.25 2.5 -2 -6 5 3
    signal only    | -2.75 4.5 4 -2.75 4.5 4
    no ReLU back   | -5.75 5.5 2 -5.75 5.5 2
    cut at the end | 1.25 2.5 0 0 5 3
    at the input   | 1.25 2.5 0 0 4 5
    last ReLU      | 1.25 2.5 -2 0 0 0
    score          | 10.3125 20.625 -16.5 7.5 -2.5 5
    ones           | 0 0 0 -3 2 11
    times x        | 1.25 5 2 -6 4 7.5
two dense layers without biases, c = 1
    right          | 4 -1 7
    no ReLU back   | 2 -5 12
    cut at the end | 4 0 7
    at the input   | 4 0 7
    score          | 84 -21 147
    ones           | -3 2 11
    times x        | 6 1 14
two dense layers with biases, c = 0
    right          | 1 2 -1 1 2 -1
    plain          | 4 0.5 -3.25 4 0.5 -3.25
    signal only    | 3 -2 1 3 -2 1
    no ReLU back   | 6 -3.5 -1.25 6 -3.5 -1.25
    cut at the end | 4 0.5 0 4 0.5 0
    at the input   | 1 2 0 1 2 0
    score          | 5.25 10.5 -5.25 0.625 1.25 -0.625
    ones           | 0.5 3.5 -0.75 0.5 3.5 -0.75
    no bias        | 1 2 -1 3 -2 1
    times x        | 1 4 1 2 2 -1.5
two dense layers with biases, c = 1
    right          | -4 2 3
    plain          | -5 4 2
    signal only    | -3.5 3 2.5
    no ReLU back   | -4.5 5 1.5
    cut at the end | 0 4 2
    at the input   | 0 0 3
    last ReLU      | 0 0 0
    score          | 3 -6 3
    ones           | 0 -1.5 1.75
    no bias        | 0 0 0
    times x        | -6 -2 6
three dense layers with biases
    right          | 6 3
    plain          | -2 -1
    signal only    | 0 9
    no ReLU back   | -12 9
    cut at the end | 0 0
    at the input   | 6 0
    last ReLU      | 0 0
    score          | 36 18
    ones           | 10 5
    no bias        | 0 0
    no ReLU up     | 0 0
    other ReLU     | 0 9
    times x        | 6 -6
a convolution, then a dense layer
    right          | 2 -1 -3 6 0 3 0 0
    plain          | 2 -1 -3 6 0 3 -2 1
    signal only    | 0 3 -3 6 0 3 -3 6
    no ReLU back   | 0 3 -5 7 0 3 -5 7
    cut at the end | 2 0 0 6 0 3 0 1
    at the input   | 2 0 0 6 0 3 0 0
    score          | 42 -21 -63 126 0 1.5 0 0
    ones           | 0 0 -1 2 -3 6 2 -1
    no bias        | 2 -1 -3 6 -2 4 0 0
    times x        | 4 -1 3 18 0 6 0 0
"""
SENTENCES = {
    "plain": "this is the plain gradient: negative signals pass the ReLUs.",
    "signal only": "the ReLUs look only at the signal; what they received counts, too.",
    "no ReLU back": "the signal passes no ReLU on its way down.",
    "cut at the end": "this is the positive part of the plain gradient; negative signals are to be "
    "stopped at every ReLU.",
    "at the input": "the signal passes a ReLU in front of the first layer; there is none.",
    "last ReLU": "the signal passes a ReLU behind the last layer; there is none.",
    "score": "the signal starts with the score of c; it starts with 1.",
    "ones": "the signal starts with 1 for every class; it starts at c alone.",
    "no bias": "the biases are missing on the way up.",
    "no ReLU up": "the ReLUs between the layers are missing on the way up.",
    "other ReLU": "the ReLUs are taken in the wrong order: going down, the last one comes first.",
    "times x": "the signal is multiplied by x at the end; the signal itself is asked for.",
}
_HINTS = {
    SENTENCES["other ReLU"]: "Keep a list of what each ReLU receives, and go through it from the "
    "end.",
    "": "Is guided_relu right? Then take two layers: the last layer's backward, one guided ReLU, "
    "the first layer's backward.",
}


def examples() -> tuple[Example, ...]:
    """What the student's function is called with."""
    plain, biased = list(without_biases()), list(with_biases())
    pictures = list(picture_chain())
    return (
        Example("two dense layers without biases, c = 0", (plain, ROWS, 0), (2, 3)),
        Example("two dense layers without biases, c = 1", (plain, ONE_ROW, 1), (1, 3)),
        Example("two dense layers with biases, c = 0", (biased, ROWS, 0), (2, 3)),
        Example("two dense layers with biases, c = 1", (biased, ONE_ROW, 1), (1, 3)),
        Example("three dense layers with biases", (list(square()), SQUARE_ROW, 0), (1, 2)),
        Example("a convolution, then a dense layer", (pictures, PICTURES, 0), (2, 2, 2, 1)),
    )


def check_guided_backprop(guided_backprop: Callable[..., Any]) -> None:
    """Judge what arrives at the input of small chains.

    Raises:
        NotAttemptedError: a blank is empty. WrongAnswerError: another signal.
    """
    what = "the signal at the input"
    judge(cases(guided_backprop, examples(), TABLE, SENTENCES, what), _HINTS, what)
