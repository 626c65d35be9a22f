"""The check of ``guided_relu(signal, x)``: what a ReLU hands back in guided backpropagation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hwkit.checks.comparing import judge
from hwkit.checks.tables import Example, cases, fixed

TABLE = """
shape (4,)
    right           | 3 0 0 0
    plain           | 3 -2 0 0
    signal only     | 3 0 4 0
    forward         | 2.5 0 0 0
    gate            | 1 0 0 0
    times x         | 7.5 0 0 0
    either          | 3 -2 4 0
    same sign       | 3 0 0 -1.5
    relu of product | 7.5 0 0 4.5
    absolute        | 3 2 0 0
    turned          | 0 -2 0 0
    closed          | 0 0 4 0
    smaller         | 2.5 0 0 0
    unchanged       | 3 -2 4 -1.5
shape (2, 3)
    right           | 0 0.5 3 0 0 2
    plain           | 0 0.5 3 0 -4 2
    signal only     | 0 0.5 3 1.5 0 2
    forward         | 0 4 0.25 0 0 1.5
    gate            | 0 1 1 0 0 1
    times x         | 0 2 0.75 0 0 3
    either          | 0 0.5 3 1.5 -4 2
    same sign       | -2 0.5 3 0 0 2
    relu of product | 6 2 0.75 0 0 3
    absolute        | 0 0.5 3 0 4 2
    turned          | 0 0 0 0 -4 0
    closed          | 0 0 0 1.5 0 0
    smaller         | 0 0.5 0.25 0 0 1.5
    unchanged       | -2 0.5 3 1.5 -4 2
shape (1, 2, 2, 2)
    right           | 0 0 0 0.5 4 0 1 0
    plain           | 0 -1 0 0.5 4 -2.5 1 0
    signal only     | 2 0 0 0.5 4 0 1 0
    forward         | 0 0 0 3 0.5 0 2 0
    gate            | 0 0 0 1 1 0 1 0
    times x         | 0 0 0 1.5 2 0 2 0
    either          | 2 -1 0 0.5 4 -2.5 1 0
    same sign       | 0 0 -3 0.5 4 0 1 -6
    relu of product | 0 0 1.5 1.5 2 0 2 6
    absolute        | 0 1 0 0.5 4 2.5 1 0
    turned          | 0 -1 0 0 0 -2.5 0 0
    closed          | 2 0 0 0 0 0 0 0
    smaller         | 0 0 0 0.5 0.5 0 1 0
    unchanged       | 2 -1 -3 0.5 4 -2.5 1 -6
"""
SENTENCES = {
    "plain": "this is plain backpropagation: negative signals still pass.",
    "signal only": "only the sign of the signal counts here; what the ReLU received counts, too.",
    "forward": "this is x where both are positive; the signal is to be handed back.",
    "gate": "this only says where the signal passes; the signal itself is asked for.",
    "times x": "the signal is multiplied by x; x only opens or closes the gate.",
    "either": "one of the two conditions is enough here; both must hold.",
    "same sign": "the signal also passes where both numbers are negative.",
    "relu of product": "this is the ReLU of signal times x; x only opens or closes the gate.",
    "absolute": "negative signals pass with their sign lost; they are to be stopped.",
    "turned": "positive signals are stopped and negative ones pass; it is the other way round.",
    "closed": "signals pass where x is negative; it is the other way round.",
    "smaller": "this is the smaller of the two numbers; the signal itself is asked for.",
    "unchanged": "nothing is stopped: this is the signal as it was.",
}
_HINTS = {
    "": "Four cases: signal and x each positive or negative. In one of them something passes."
}
EXAMPLES = (
    Example(
        "shape (4,)",
        (fixed([3, -2, 4, -1.5]), fixed([2.5, 1.5, -1, -3])),
        (4,),
    ),
    Example(
        "shape (2, 3)",
        (fixed([[-2, 0.5, 3], [1.5, -4, 2]]), fixed([[-3, 4, 0.25], [-2, 5, 1.5]])),
        (2, 3),
    ),
    Example(
        "shape (1, 2, 2, 2)",
        (
            fixed([[[[2, -1], [-3, 0.5]], [[4, -2.5], [1, -6]]]]),
            fixed([[[[-1, 2], [-0.5, 3]], [[0.5, 4], [2, -1]]]]),
        ),
        (1, 2, 2, 2),
    ),
)


def check_guided_relu(guided_relu: Callable[..., Any]) -> None:
    """Judge signals of several shapes, of all signs.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another signal.
    """
    what = "the signal"
    judge(cases(guided_relu, EXAMPLES, TABLE, SENTENCES, what), _HINTS, what)
