"""The challenge of ``by_hand``: the relevance in the notebook's network of five units.

Its numbers are the notebook's own, so nothing is drawn. A mistake among the hidden units is carried
on to the inputs, as it is on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import shared
from autograder.comparing import Misread, numbers, received
from hwkit.checks.toy_net import TOY

_HIDDEN, _INPUT = "the hidden units", "the inputs"
_KEYS = {_HIDDEN: "hidden", _INPUT: "input"}
_TOLERANCE = 1e-3
_BY_UNIT = "Do one hidden unit at a time: what do the two inputs and the bias bring to its z?"
_ENTRIES = "Two entries are asked for: 'hidden' with three numbers and 'input' with two."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, aspect=each) for each in _KEYS], rng)


def _case(rng: np.random.Generator, aspect: str) -> Case:
    key = _KEYS[aspect]
    return Case(
        aspect,
        {"part": key},
        _RIGHT[key],
        lambda: {name: each[key] for name, each in _wrong().items()},
        _TOLERANCE,
        partial(_read, key=key),
    )


def _read(value: Any, key: str) -> np.ndarray:
    if type(value) is not dict or "received" in value:
        raise Misread("no dictionary", received(value))
    if "entry" not in value:
        raise Misread("an entry is missing", f"no '{key}'")
    array = numbers(value["entry"])
    if array.shape == _RIGHT["input" if key == "hidden" else "hidden"].shape:
        raise Misread("entries exchanged")
    if array.shape != _RIGHT[key].shape:
        raise Misread("another number of numbers", f"shape {array.shape}")
    return array


_PARTS = TOY.x[:, np.newaxis] * TOY.V
_Z = _PARTS.sum(axis=0) + TOY.c
_ACTIVE = np.maximum(_Z, 0)


def _handed(hidden: np.ndarray, parts: np.ndarray = _PARTS, z: np.ndarray = _Z) -> np.ndarray:
    """Relevance of the inputs, given that of the hidden units, their parts and denominators."""
    return shared(parts[np.newaxis], z[np.newaxis], hidden[np.newaxis])[0]


def _carried(hidden: np.ndarray, z: np.ndarray = _Z) -> dict[str, np.ndarray]:
    """Relevance of hidden units, carried on to the inputs."""
    return {"hidden": hidden, "input": _handed(hidden, z=z)}


_RIGHT = _carried(_ACTIVE * TOY.u)


def _wrong() -> dict[str, dict[str, np.ndarray]]:
    """What typical mistakes give on paper."""
    hidden, inputs, score = _RIGHT["hidden"], _RIGHT["input"], float(TOY.score(TOY.x))
    without_bias, above = _PARTS.sum(axis=0), np.maximum(_PARTS, 0)
    carried = {
        "unit that is off": _carried(_Z * TOY.u),
        "bias forgotten": _carried(np.maximum(without_bias, 0) * TOY.u, without_bias),
        "activations": _carried(_ACTIVE),
        "weights of the score": _carried(TOY.u * (_Z > 0)),
        "weights of the score, off or not": _carried(TOY.u),
        "shares of the score": _carried(hidden / score),
        "absolute value above": _carried(np.abs(hidden)),
        "negative left out": _carried(np.maximum(hidden, 0)),
        "equal parts above": _carried(np.full(hidden.shape, score / len(hidden))),
        "sign turned": _carried(-hidden),
    }
    below = {
        "bias forgotten below": _handed(hidden, z=without_bias),
        "bias handed to the first": _handed(hidden, _PARTS + np.outer([1, 0], TOY.c)),
        "bias handed to both": _handed(hidden, _PARTS + TOY.c / 2),
        "whole bias handed to both": _handed(hidden, _PARTS + TOY.c),
        "x forgotten": _handed(hidden, TOY.V),
        "not divided": _PARTS @ hidden,
        "absolute shares": _handed(hidden, np.abs(_PARTS), np.abs(_PARTS).sum(axis=0)),
        "only what speaks for it": _handed(hidden, above, above.sum(axis=0)),
        "only what speaks for it, and bias": _handed(
            hidden, above, above.sum(axis=0) + np.maximum(TOY.c, 0)
        ),
        "equal parts": np.full(inputs.shape, hidden.sum() / len(inputs)),
        "made to add up": inputs * score / inputs.sum(),
        "absolute value": np.abs(inputs),
        "inputs swapped": inputs[::-1],
    }
    return carried | {name: {"hidden": hidden, "input": each} for name, each in below.items()}


_MISTAKES = (
    Mistake(
        "unit that is off",
        "a hidden unit that is off gets relevance.",
        "Behind the ReLU it is 0, so it contributes nothing to the score.",
    ),
    Mistake("bias forgotten", "the biases are missing in z.", _BY_UNIT),
    Mistake(
        "bias forgotten below",
        "the bias is missing in the denominators: the inputs share what is the bias's.",
        _BY_UNIT,
    ),
    *(
        Mistake(name, "the bias's share is handed to the inputs; it is lost.", _BY_UNIT)
        for name in (
            "bias handed to the first",
            "bias handed to both",
            "whole bias handed to both",
        )
    ),
    Mistake(
        "activations",
        "these are the activations of the hidden units, not what they contribute to the score.",
    ),
    *(
        Mistake(
            name,
            "these are the weights of the score; a unit contributes its activation times its "
            "weight.",
        )
        for name in ("weights of the score", "weights of the score, off or not")
    ),
    Mistake(
        "shares of the score",
        "these are shares of 1; the relevance of the score is the score itself.",
    ),
    Mistake(
        "absolute value above",
        "an absolute value is taken at the hidden units: relevance has a sign.",
    ),
    Mistake(
        "negative left out",
        "a hidden unit that speaks against the score gets nothing; its relevance is negative.",
    ),
    Mistake(
        "equal parts above",
        "the hidden units get equal parts; they have not contributed equally.",
    ),
    Mistake("x forgotten", "the inputs themselves are missing: a contribution is x w.", _BY_UNIT),
    Mistake(
        "not divided",
        "contributions are not divided by z: shares are asked for, times the relevance above.",
        _BY_UNIT,
    ),
    Mistake(
        "absolute shares",
        "the shares are those of absolute contributions; contributions have a sign.",
        _BY_UNIT,
    ),
    *(
        Mistake(
            name,
            "only positive contributions get a share.",
            "LRP-0 divides among all contributions, with their signs.",
        )
        for name in ("only what speaks for it", "only what speaks for it, and bias")
    ),
    Mistake(
        "equal parts",
        "the inputs get equal parts; they have not contributed equally.",
        _BY_UNIT,
    ),
    Mistake("inputs swapped", "the two inputs are swapped."),
    Mistake(
        "made to add up",
        "the relevance of the inputs is made to add up to the score.",
        "What falls to a bias is lost, so it need not add up.",
    ),
    Mistake("absolute value", "an absolute value is taken: relevance has a sign."),
    Mistake("sign turned", "the sign is turned.", _BY_UNIT),
    Mistake("no dictionary", "by_hand should return a dictionary.", _ENTRIES),
    Mistake("an entry is missing", "an entry is missing.", _ENTRIES),
    Mistake("entries exchanged", "'hidden' and 'input' are exchanged.", _ENTRIES),
    Mistake("another number of numbers", "an entry has another number of numbers.", _ENTRIES),
)

CHALLENGE = Challenge(
    question="by_hand",
    title="Five units",
    ask="by_hand",
    blanks=("by_hand",),
    aspects={_HIDDEN: 2.0, _INPUT: 3.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
