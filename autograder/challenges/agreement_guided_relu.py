"""The challenge of ``guided_relu``: what passes a ReLU on the way back, by the sign of both.

Each aspect is tried apart from the other: where the gate is tried, all signals are positive; where
negative signals are tried, every positive signal comes to an open gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.challenges.surrogate_references import finite_numbers
from autograder.comparing import Misread, numbers, part

_GATE, _NEGATIVE = "the gate", "negative signals"
_TOLERANCE = 1e-4
# Signs of signal and x that come together in the cases of an aspect.
_SIGNS = {_GATE: ((1, 1), (1, -1)), _NEGATIVE: ((1, 1), (-1, 1), (-1, -1))}
_BOTH = "The signal passes where it is positive and x is positive; all else is 0."
_GATE_HINT = "x decides whether the gate is open; what passes is the signal as it is."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_GATE, shape=(4, 5)),
        partial(_case, aspect=_GATE, shape=(2, 3, 3, 2)),
        partial(_case, aspect=_GATE, shape=(3, 4), watched=True),
        partial(_case, aspect=_NEGATIVE, shape=(5, 4)),
        partial(_case, aspect=_NEGATIVE, shape=(2, 3, 4, 2)),
        partial(_case, aspect=_NEGATIVE, shape=(9,)),
    ]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator, aspect: str, shape: tuple[int, ...], watched: bool = False
) -> Case:
    """Signals and inputs of a ReLU.

    Args:
        rng: draws them.
        aspect: of the question.
        shape: of both.
        watched: whether they have to stay as they are.
    """
    pairs = np.resize(_SIGNS[aspect], (int(np.prod(shape)), 2))
    signs = rng.permutation(pairs).T.reshape(2, *shape)
    signal, x = eighths(rng, (2, *shape), 0.125, 3) * signs.astype(np.float32)
    inputs = {"signal": signal, "x": x}

    def read(value: Any) -> np.ndarray:
        found = numbers(part(value, "handed"))
        for name, given in inputs.items():
            if watched and not np.array_equal(numbers(part(value, name)), given):
                raise Misread("changed in place")
        return found

    s, z = signal.astype(np.float64), x.astype(np.float64)
    return Case(aspect, inputs, _passed(s, z), lambda: _wrong(s, z), _TOLERANCE, read)


def reference(signal: Any, x: Any) -> np.ndarray:
    """What a ReLU hands back, where a student's blank is wrong that another blank uses.

    Raises:
        ValueError: no finite arrays of one shape.
    """
    s, z = finite_numbers(signal), finite_numbers(x)
    if s.shape != z.shape:
        raise ValueError("Expected signal and x of one shape. Received: others.")
    return _passed(s, z)


def _passed(s: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.where((s > 0) & (z > 0), s, np.zeros_like(s))


def _wrong(s: np.ndarray, z: np.ndarray) -> dict[str, np.ndarray]:
    both = (s > 0) & (z > 0)
    return {
        "only the gate": np.where(z > 0, s, 0),
        "only the sign of the signal": np.maximum(s, 0),
        "one of both is enough": np.where((s > 0) | (z > 0), s, 0),
        "nothing kept back": s,
        "sign of the product": np.where(s * z > 0, s, 0),
        "ReLU of the product": np.maximum(s * z, 0),
        "multiplied by x": np.where(both, s * z, 0),
        "x instead of the signal": np.where(both, z, 0),
        "one instead of the signal": both.astype(float),
        "absolute value": np.where(z > 0, np.abs(s), 0),
        "gate the wrong way round": np.where((s > 0) & (z < 0), s, 0),
        "negative signals pass": np.where((s < 0) & (z > 0), s, 0),
        "ReLU of x": np.maximum(z, 0),
        "sign turned": -_passed(s, z),
    }


_MISTAKES = (
    Mistake(
        "only the gate",
        "negative signals pass: this is plain backpropagation.",
        "Guided backpropagation keeps negative signals back as well.",
    ),
    Mistake(
        "only the sign of the signal",
        "x is not looked at: signals pass where the ReLU was off.",
        _BOTH,
    ),
    Mistake(
        "one of both is enough",
        "signals pass where only one of the two is positive.",
        _BOTH,
    ),
    Mistake("nothing kept back", "the signal comes back as it was.", _BOTH),
    Mistake(
        "sign of the product",
        "a negative signal passes where x is negative, too.",
        "Two negative numbers have a positive product.",
    ),
    Mistake("ReLU of the product", "this is the ReLU of signal times x.", _GATE_HINT),
    Mistake("multiplied by x", "what passes is multiplied by x.", _GATE_HINT),
    Mistake("x instead of the signal", "x is handed back, not the signal.", _GATE_HINT),
    Mistake("one instead of the signal", "this says where the signal passes.", _GATE_HINT),
    Mistake(
        "absolute value",
        "negative signals pass with their sign turned.",
        "They are kept back: 0.",
    ),
    Mistake(
        "gate the wrong way round",
        "signals pass where x is negative.",
        _GATE_HINT,
    ),
    Mistake(
        "negative signals pass",
        "negative signals pass and positive ones are kept back.",
        "It is the other way round.",
    ),
    Mistake("ReLU of x", "this is the ReLU on the way up; the signal comes from above.", _BOTH),
    Mistake("sign turned", "the sign is turned."),
    Mistake(
        "changed in place",
        "signal or x is changed in place.",
        "Return a new array: np.where makes one.",
    ),
)

CHALLENGE = Challenge(
    question="guided_relu",
    title="What a ReLU hands back",
    ask="guided_relu",
    blanks=("guided_relu",),
    aspects={_GATE: 2.0, _NEGATIVE: 2.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
