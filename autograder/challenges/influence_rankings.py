"""The challenges of what ranks neurons: for an instance, for a class, for a question.

Attributions are drawn so that every way of ranking leads to another order, with no two channels
close to each other in the order that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges import influence_references as references
from autograder.challenges.drawing import draw_cases
from autograder.challenges.influence_nets import polynomial_net, rounded, weights_of
from autograder.challenges.influence_rankings_told import CLASS, INSTANCE, QUESTION
from autograder.comparing import whole_numbers

_SET, _ORDER = "the right channels", "the most influential first"
_NEURON, _TERM = "the neuron of the whole set", "with the difference term"
_GRID, _CHANNELS = (5, 6), 8
# Of the spread of the channels' influences; float32 and lower precision keep their order.
_LEAST_GAP = 0.01
_Strengths = Mapping[str, np.ndarray]


def _draw_instance(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_instance_case, aspect=aspect, k=k, offset=offset)
        for aspect, k, offset in (
            (_SET, 3, 0.0),
            (_SET, 4, 0.0),
            (_SET, 4, -12.0),
            (_SET, 1, 0.0),
            (_SET, 2, 0.0),
            (_ORDER, 4, 0.0),
            (_ORDER, 3, -12.0),
            (_ORDER, 5, 0.0),
            (_ORDER, _CHANNELS, 0.0),
        )
    ]
    return draw_cases(makers, rng)


def _draw_class(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_class_case, aspect=aspect, k=k, count=count, offset=offset)
        for aspect, k, count, offset in (
            (_SET, 3, 3, 0.0),
            (_SET, 4, 5, 0.0),
            (_SET, 2, 4, -12.0),
            (_SET, 3, 1, 0.0),
            (_SET, 1, 3, 0.0),
            (_ORDER, 4, 3, 0.0),
            (_ORDER, 5, 4, 0.0),
            (_ORDER, _CHANNELS, 5, -12.0),
        )
    ]
    return draw_cases(makers, rng)


def _draw_question(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        *(partial(_question_case, aspect=_NEURON, count=count) for count in (3, 4, 5, 3, 4)),
        *(partial(_question_case, aspect=_TERM, count=count) for count in (3, 4, 5)),
    ]
    return draw_cases(makers, rng)


def _instance_case(rng: np.random.Generator, aspect: str, k: int, offset: float) -> Case:
    maps = _maps(rng, 1, offset, lambda found: found[0].max(axis=(0, 1)))[0]
    x = maps.astype(np.float64)
    return _ranking(
        aspect,
        {"attribution": maps, "k": k},
        k,
        x.max(axis=(0, 1)),
        {
            "mean": x.mean(axis=(0, 1)),
            "minimum": x.min(axis=(0, 1)),
            "most negative": -x.min(axis=(0, 1)),
            "absolute maximum": np.abs(x).max(axis=(0, 1)),
            "mean of absolute values": np.abs(x).mean(axis=(0, 1)),
            "spread": x.std(axis=(0, 1)),
            "corner": x[0, 0],
            "positive part": np.maximum(x, 0).sum(axis=(0, 1)),
            "channels first": x.max(axis=(1, 2)),
            "columns": x.max(axis=(0, 2)),
            "flattened": x.ravel(),
        },
    )


def _class_case(rng: np.random.Generator, aspect: str, k: int, count: int, offset: float) -> Case:
    maps = _maps(rng, count, offset, _of_class)
    x = maps.astype(np.float64)
    return _ranking(
        aspect,
        {"attributions": maps, "k": k},
        k,
        _of_class(x),
        _class_strengths(x)
        | {
            "channels first": x.max(axis=(2, 3)).mean(axis=0),
            "instances ranked": x.max(axis=(1, 2, 3)),
        },
    )


def _question_case(rng: np.random.Generator, aspect: str, count: int) -> Case:
    net = polynomial_net(rng, _GRID, 3, _CHANNELS, 2)
    while True:
        attributions, influences = (_maps(rng, count, 0.0, _of_class) for _ in range(2))
        same = _of_class(attributions).argmax() == _of_class(influences).argmax()
        if same == (aspect == _NEURON):
            break
    x = attributions.astype(np.float64)
    order = np.argsort(-_of_class(x))
    wrong = {name: each.argmax() for name, each in _class_strengths(x).items()}
    wrong |= {
        "difference term forgotten": _of_class(influences).argmax(),
        "least influential": order[-1],
        "second": order[1],
        "counted from one": order[0] + 1,
    }
    answers = {name: np.asarray(float(each)) for name, each in wrong.items()}
    answers["list of one"] = order[:1].astype(np.float64)
    return Case(
        aspect,
        {
            "net": weights_of(net),
            "instances": rounded(rng.normal(0, 1, (count, *_GRID, 3))).astype(np.float32),
            "attributions": attributions,
            "influences": influences,
        },
        np.asarray(float(order[0])),
        lambda: answers,
        read=whole_numbers,
        references=_REFERENCES,
    )


_REFERENCES = {
    "top_neurons_of_instance": references.top_neurons_of_instance,
    "top_neurons_of_class": references.top_neurons_of_class,
}


def _of_class(x: np.ndarray) -> np.ndarray:
    return np.asarray(x.max(axis=(1, 2)).mean(axis=0))


def _class_strengths(x: np.ndarray) -> dict[str, np.ndarray]:
    """Other numbers for each channel, of attributions ``(n, h, w, c)``."""
    largest = x.max(axis=(1, 2))
    return {
        "max of mean map": x.mean(axis=0).max(axis=(0, 1)),
        "mean": x.mean(axis=(0, 1, 2)),
        "max over instances": largest.max(axis=0),
        "most negative": -x.min(axis=(1, 2)).mean(axis=0),
        "absolute maximum": np.abs(x).max(axis=(1, 2)).mean(axis=0),
        "median": np.median(largest, axis=0),
        "min over instances": largest.min(axis=0),
        "first instance": largest[0],
        "last instance": largest[-1],
    }


def _ranking(
    aspect: str,
    inputs: dict[str, Any],
    k: int,
    strength: np.ndarray,
    others: _Strengths,
) -> Case:
    order = np.argsort(-strength)
    wrong: dict[str, np.ndarray] = {
        "ascending": order[::-1][:k],
        "least influential of the right ones first": order[:k][::-1],
        "sorted by index": np.sort(order[:k]),
        "one too many": order[: k + 1],
        "one too few": order[: k - 1],
        "first one skipped": order[1 : k + 1],
        "counted from one": order[:k] + 1,
        **{name: np.argsort(-each)[:k] for name, each in others.items()},
    }

    def as_asked(found: np.ndarray) -> np.ndarray:
        return np.sort(found) if aspect == _SET and found.ndim == 1 else found

    answers = {name: as_asked(each.astype(np.float64)) for name, each in wrong.items()}
    return Case(
        aspect,
        inputs,
        as_asked(order[:k].astype(np.float64)),
        lambda: answers,
        read=lambda value: as_asked(whole_numbers(value)),
    )


def _maps(
    rng: np.random.Generator,
    count: int,
    offset: float,
    strength: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """Attributions ``(count, h, w, c)`` float32 whose channels are not close in strength."""
    while True:
        spread = rng.uniform(0.5, 2.5, (count, 1, 1, _CHANNELS))
        maps = rng.normal(rng.normal(0, 1, (count, 1, 1, _CHANNELS)), spread, (count, *_GRID, 8))
        maps = maps + rng.normal(0, 2, (count, 1, 1, 1)) * (count > 1) + offset
        maps = maps.astype(np.float32)
        found = np.sort(strength(maps.astype(np.float64)))
        if np.diff(found).min() > _LEAST_GAP * (found[-1] - found[0]):
            return maps


INSTANCE_CHALLENGE = Challenge(
    question="top_neurons_of_instance",
    title="Top neurons of an instance",
    ask="top_neurons_of_instance",
    blanks=("top_neurons_of_instance",),
    aspects={_SET: 2.0, _ORDER: 2.0},
    draw=_draw_instance,
    mistakes=INSTANCE,
)
CLASS_CHALLENGE = Challenge(
    question="top_neurons_of_class",
    title="Top neurons of a class",
    ask="top_neurons_of_class",
    blanks=("top_neurons_of_class",),
    aspects={_SET: 2.0, _ORDER: 2.0},
    draw=_draw_class,
    mistakes=CLASS,
)
QUESTION_CHALLENGE = Challenge(
    question="most_influential",
    title="One neuron for a question",
    ask="most_influential",
    blanks=("most_influential",),
    aspects={_NEURON: 4.0, _TERM: 2.0},
    draw=_draw_question,
    mistakes=QUESTION,
    stand_ins={
        "top_neurons_of_instance": "top_neurons_of_instance",
        "top_neurons_of_class": "top_neurons_of_class",
    },
)
CHALLENGES = (INSTANCE_CHALLENGE, CLASS_CHALLENGE, QUESTION_CHALLENGE)
