"""The challenge of ``start``: what relevance is at the output, before it is handed down."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths

_ONE, _AGAINST = "one class", "against another"
_TOLERANCE = 1e-4
_SCORE = "It is the score itself, whatever its sign, at the place of its class."
_ASKED = "Without versus, only class c is asked about."
_VERSUS = "c starts with its score, versus with minus its own score, all others with zero."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_ONE, count=3, classes=5),
        partial(_case, aspect=_ONE, count=4, classes=4),
        partial(_case, aspect=_ONE, count=1, classes=6),
        partial(_case, aspect=_ONE, count=2, classes=4, c=0),
        partial(_case, aspect=_ONE, count=2, classes=10, c=9),
        partial(_case, aspect=_AGAINST, count=3, classes=5, versus=3),
        partial(_case, aspect=_AGAINST, count=1, classes=6, versus=5),
        partial(_case, aspect=_AGAINST, count=4, classes=4, versus=0),
        partial(_case, aspect=_AGAINST, count=2, classes=10, c=0, versus=7),
    ]
    return draw_cases(makers, rng)


def _case(
    rng: np.random.Generator,
    aspect: str,
    count: int,
    classes: int,
    c: int | None = None,
    versus: int | None = None,
) -> Case:
    scores = eighths(rng, (count, classes), -6, 9)
    if c is None:
        c = int(rng.choice([each for each in range(1, classes) if each != versus]))
    inputs = {"scores": scores, "c": c} | ({} if versus is None else {"versus": versus})
    f = scores.astype(np.float64)
    return Case(
        aspect,
        inputs,
        _placed(f, c, versus),
        lambda: _wrong(f, c, versus),
        _TOLERANCE,
    )


def _placed(f: np.ndarray, c: int, versus: int | None, sign: float = -1.0) -> np.ndarray:
    """The numbers of ``c``, and those of ``versus`` times ``sign``, at their places."""
    found = np.zeros_like(f)
    found[:, c] = f[:, c]
    if versus is not None:
        found[:, versus] = sign * f[:, versus]
    return found


def _wrong(f: np.ndarray, c: int, versus: int | None) -> dict[str, np.ndarray]:
    right, ones = _placed(f, c, versus), np.ones_like(f)
    shares = np.exp(f - f.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    at_c = np.arange(f.shape[1]) == c
    wrong = {
        "ones": _placed(ones, c, versus),
        "probabilities": _placed(shares, c, versus),
        "logarithms of probabilities": _placed(np.log(shares), c, versus),
        "all scores kept": f,
        "others negative": np.where(at_c, f, -f),
        "class before": np.roll(right, -1, axis=1),
        "class after": np.roll(right, 1, axis=1),
        "always class 0": _placed(f, 0, None),
        "class that is seen": np.where(f == f.max(axis=1, keepdims=True), f, 0),
        "sign turned": -right,
        "absolute value": np.abs(right),
        "sign cut off": np.maximum(right, 0),
        "zeros left out": right[:, c],
        "mean over instances": np.broadcast_to(right.mean(axis=0), right.shape),
        "first instance for all": np.broadcast_to(right[:1], right.shape),
    }
    if versus is not None:
        difference = f[:, [c]] - f[:, [versus]]
        wrong |= {
            "versus ignored": _placed(f, c, None),
            "versus not negated": _placed(f, c, versus, 1.0),
            "versus 0 ignored": _placed(f, c, versus or None),
            "difference at c": np.where(at_c, difference, 0),
            "minus one at versus": _placed(f, c, None) - _placed(ones, versus, None),
            "score of c at versus": _placed(f, c, None) - f[:, [c]] * _placed(ones, versus, None),
        }
    return wrong


_MISTAKES = (
    Mistake("ones", "the relevance is one (or minus one); relevance starts as the score.", _SCORE),
    Mistake(
        "probabilities",
        "these are the probabilities of a softmax; relevance starts as the score.",
        _SCORE,
    ),
    Mistake(
        "logarithms of probabilities",
        "these are logarithms of probabilities; relevance starts as the score.",
        _SCORE,
    ),
    Mistake(
        "all scores kept",
        "the scores of all classes are kept; classes that nobody asked about get zero.",
    ),
    Mistake("others negative", "all other classes start with minus their score.", _ASKED),
    Mistake("class before", "the relevance is at the class before the one asked for."),
    Mistake("class after", "the relevance is at the class after the one asked for."),
    Mistake("always class 0", "c is not used: this is always class 0."),
    Mistake("class that is seen", "c is not used: this is the class of the highest score."),
    Mistake("sign turned", "the sign is turned."),
    Mistake("absolute value", "an absolute value is taken: a score has a sign.", _SCORE),
    Mistake("sign cut off", "negative scores are cut off: a score has a sign.", _SCORE),
    Mistake("zeros left out", "keep the shape of the scores: the other classes get zero."),
    Mistake("mean over instances", "the mean over the instances is taken: each has its own score."),
    Mistake("first instance for all", "all instances get the score of the first one."),
    Mistake("versus ignored", "versus is ignored.", _VERSUS),
    Mistake("versus not negated", "the class versus starts with plus its score.", _VERSUS),
    Mistake(
        "versus 0 ignored",
        "versus is ignored where it is class 0.",
        "`if versus:` is false for class 0; `if versus is not None:` is not.",
    ),
    Mistake("difference at c", "the whole difference is at class c.", _VERSUS),
    Mistake("minus one at versus", "the class versus starts with minus one.", _VERSUS),
    Mistake("score of c at versus", "the class versus starts with the score of c.", _VERSUS),
)

CHALLENGE = Challenge(
    question="start",
    title="The start",
    ask="start",
    blanks=("start",),
    aspects={_ONE: 2.0, _AGAINST: 2.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
