"""The challenge of ``project``: a neuron explained in pixels, from the blurred picture.

The hidden network has two convolutions, each bent by x + x^2/4. Its gradient is a polynomial of
degree 3 on any line, which two Gauss points integrate exactly: whatever the rule, there is one
right attribution. Here it is worked out by hand-written convolutions in float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges import influence_references as references
from autograder.challenges.drawing import draw_cases
from autograder.challenges.influence_nets import rounded
from autograder.comparing import Misread, numbers, part, text
from hwkit.images.baselines import blurred

_NEURON, _FOCUS = "a neuron in pixels", "with a focus"
_SIDE, _EARLY, _LATE, _CLASSES = 8, 4, 5, 6
_TOLERANCE = 1e-3
_GAUSS = 0.5 + np.array([-1, 1]) / np.sqrt(12)
_HOW = "explanation.for_input().channel(layer, neuron, focus) asks the question."
_BLURRED = "baseline=blurred(instance[None])[0] is one blurred picture."


@dataclass(frozen=True)
class ConvolutionNet:
    """Picture, convolution "early", bend, convolution "late", bend, mean of each map, scores.

    Attributes:
        early: kernel ``(3, 3, 3, channels)``; the picture is padded with zeros.
        late: kernel ``(3, 3, early, channels)``.
        scores: ``(late, classes)``.
    """

    early: np.ndarray
    late: np.ndarray
    scores: np.ndarray

    def gradient(self, picture: np.ndarray, layer: str, weights: np.ndarray) -> np.ndarray:
        """Gradient of ``sum(weights * layer's output)`` at a picture ``(h, w, 3)``.

        Args:
            picture: the point.
            layer: "early" or "late".
            weights: they broadcast against the layer's output ``(h, w, channels)``.
        """
        first = convolved(picture, self.early)
        if layer == "early":
            return convolved_back(weights * (1 + first / 2), self.early)
        second = convolved(first + first**2 / 4, self.late)
        through = convolved_back(weights * (1 + second / 2), self.late)
        return convolved_back(through * (1 + first / 2), self.early)

    def influence(
        self, start: np.ndarray, end: np.ndarray, layer: str, weights: np.ndarray
    ) -> np.ndarray:
        """The gradient's mean on the line from ``start`` to ``end``, exactly."""
        points = [start + t * (end - start) for t in _GAUSS]
        return np.mean([self.gradient(each, layer, weights) for each in points], axis=0)


def convolved(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Cross-correlation of ``(h, w, in)`` with ``(3, 3, in, out)``, padded with zeros."""
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
    flat = windows.reshape(x.shape[0] * x.shape[1], -1)  # columns are (in, row, column)
    return (flat @ kernel.transpose(2, 0, 1, 3).reshape(flat.shape[1], -1)).reshape(
        *x.shape[:2], -1
    )


def convolved_back(y: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The transpose of ``convolved``: from ``(h, w, out)`` to ``(h, w, in)``."""
    return convolved(y, kernel[::-1, ::-1].swapaxes(2, 3))


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    makers = [
        partial(_case, aspect=_NEURON, layer="late"),
        partial(_case, aspect=_NEURON, layer="early"),
        partial(_case, aspect=_NEURON, layer="late"),
        partial(_case, aspect=_FOCUS, layer="late"),
        partial(_case, aspect=_FOCUS, layer="early"),
    ]
    return draw_cases(makers, rng)


def _case(rng: np.random.Generator, aspect: str, layer: str) -> Case:
    net = ConvolutionNet(
        rounded(rng.normal(0, 0.25, (3, 3, 3, _EARLY))),
        rounded(rng.normal(0, 0.25, (3, 3, _EARLY, _LATE))),
        rounded(rng.normal(0, 1, (_LATE, _CLASSES))),
    )
    coarse = np.kron(rng.normal(0, 1, (2, 2, 3)), np.ones((4, 4, 1)))
    picture = rounded(coarse + rng.normal(0, 0.7, (_SIDE, _SIDE, 3)))
    channels = _EARLY if layer == "early" else _LATE
    neuron = int(rng.integers(channels))
    focus = None
    if aspect == _FOCUS:
        focus = rounded(rng.uniform(0, 1, (_SIDE, _SIDE)) ** 3 * 2)
    single = picture.astype(np.float32)
    baseline = blurred(single[np.newaxis])[0].astype(np.float64)
    way = picture - baseline
    weights = _one(neuron, channels, focus)
    right = net.influence(baseline, picture, layer, weights)

    def read(value: Any) -> np.ndarray:
        kind = text(value, "kind")
        if kind == "question":
            raise Misread("question without instance")
        found = numbers(part(value, "attribution"))
        if kind != "explanation":
            raise Misread("not the explanation")
        if text(value, "slice") != "":
            raise Misread("another slice")
        return found

    return Case(
        aspect,
        {
            "net": {
                "side": _SIDE,
                "early": net.early.astype(np.float32),
                "late": net.late.astype(np.float32),
                "scores": net.scores.astype(np.float32),
            },
            "layer": layer,
            "neuron": neuron,
            "instance": single,
            "focus": None if focus is None else focus.astype(np.float32),
        },
        right * way,
        lambda: _wrong(net, layer, neuron, picture, baseline, focus),
        _TOLERANCE,
        read,
        references={"path": references.path, "average": references.average},
    )


def _one(neuron: int, channels: int, focus: np.ndarray | None) -> np.ndarray:
    """Weights ``(h, w, channels)`` that pick one channel, as the focus says."""
    places = np.ones((_SIDE, _SIDE)) if focus is None else focus
    return places[..., np.newaxis] * np.eye(channels)[neuron]


def _wrong(
    net: ConvolutionNet,
    layer: str,
    neuron: int,
    picture: np.ndarray,
    baseline: np.ndarray,
    focus: np.ndarray | None,
) -> dict[str, np.ndarray]:
    channels = _EARLY if layer == "early" else _LATE
    way, dark = picture - baseline, np.zeros_like(picture)

    def told(weights: np.ndarray, start: np.ndarray = baseline, at: str = layer) -> np.ndarray:
        return net.influence(start, picture, at, weights) * (picture - start)

    weights = _one(neuron, channels, focus)
    right = told(weights)
    other = "late" if layer == "early" else "early"
    width = _LATE if layer == "early" else _EARLY
    mean = np.broadcast_to(picture.mean(axis=(0, 1)), picture.shape)
    less = blurred(picture[np.newaxis].astype(np.float32), 2.0)[0].astype(np.float64)
    score = np.broadcast_to(net.scores[:, neuron] / _SIDE**2, (_SIDE, _SIDE, _LATE))
    turned = None if focus is None else focus.T
    return {
        "difference term forgotten": net.influence(baseline, picture, layer, weights),
        "baseline of zeros": told(weights, dark),
        "difference term forgotten, baseline of zeros": net.influence(
            dark, picture, layer, weights
        ),
        "baseline of the mean colour": told(weights, mean),
        "blurred more": told(weights, less),
        "focus ignored": told(_one(neuron, channels, None)),
        "focus transposed": told(_one(neuron, channels, turned)),
        "class instead of neuron": told(score, at="late"),
        "whole layer": told(np.broadcast_to(weights.sum(axis=-1, keepdims=True), weights.shape)),
        "other layer": told(_one(neuron % width, width, focus), at=other),
        "neuron before": told(_one((neuron - 1) % channels, channels, focus)),
        "neuron after": told(_one((neuron + 1) % channels, channels, focus)),
        "always neuron 0": told(_one(0, channels, focus)),
        "sign turned": -right,
        "absolute value": np.abs(right),
        "sum over colours": right.sum(axis=-1),
        "gradient at the picture only": net.gradient(picture, layer, weights) * way,
    }


_MISTAKES = (
    Mistake(
        "difference term forgotten",
        "the difference term is missing.",
        "explain(..., ignore_difference_term=False) keeps it.",
    ),
    Mistake(
        "baseline of zeros",
        "the path starts at zeros (the default); start at the blurred picture.",
        _BLURRED,
    ),
    Mistake(
        "difference term forgotten, baseline of zeros",
        "the difference term is missing, and the path starts at zeros (the defaults).",
        _BLURRED,
    ),
    Mistake(
        "baseline of the mean colour",
        "the path starts at the picture's mean colour; start at the blurred picture.",
        _BLURRED,
    ),
    Mistake(
        "blurred more",
        "the baseline is blurred more than blurred() does it.",
        "Leave its sigma as it is.",
    ),
    Mistake("focus ignored", "the focus is ignored: every place of the map counts.", _HOW),
    Mistake("focus transposed", "rows and columns of the focus are swapped.", _HOW),
    Mistake("class instead of neuron", "this explains a class, not the neuron.", _HOW),
    Mistake("whole layer", "this explains the whole layer, not one neuron of it.", _HOW),
    Mistake("other layer", "this explains another layer than the one that was asked for.", _HOW),
    Mistake("neuron before", "this is the neuron before the one that was asked for.", _HOW),
    Mistake("neuron after", "this is the neuron after the one that was asked for.", _HOW),
    Mistake("always neuron 0", "the neuron is ignored: this is always neuron 0.", _HOW),
    Mistake("sign turned", "the sign is turned."),
    Mistake("absolute value", "an absolute value is taken: attribution has a sign."),
    Mistake("sum over colours", "the colours are added up; keep the shape of the picture."),
    Mistake(
        "gradient at the picture only",
        "this is the gradient at the picture, not the mean over the path.",
        "The explanation's own method averages; question.explain(...) uses it.",
    ),
    Mistake(
        "question without instance",
        "this is a question without an instance.",
        "Call .explain(instance, ...).",
    ),
    Mistake(
        "not the explanation",
        "the explanation itself is asked for: the whole result of explain.",
        "Return neither its .attribution nor a picture.",
    ),
    Mistake(
        "another slice",
        "this explains the neuron in terms of a layer, not of the pixels.",
        "The slice is the input: for_input().",
    ),
)

CHALLENGE = Challenge(
    question="project",
    title="A neuron in pixels",
    ask="project",
    blanks=("project",),
    aspects={_NEURON: 3.0, _FOCUS: 1.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
