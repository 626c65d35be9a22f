"""The challenge of ``removal_curve``: accuracies of pictures of which little stays, and an area.

The network is a linear one of the box, with numbers in eighths: its scores are exact, so that no
rounding decides which class is seen. The area is judged by the student's own accuracies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges import surrogate_references as references
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.challenges.surrogate_ranking import counted, top_pixels
from autograder.challenges.surrogate_removal_curve_told import MISTAKES
from autograder.comparing import Misread, agrees, numbers, part

_ACCURACIES, _AREA = "accuracies", "the area"
_TOLERANCE = 1e-4
_CLASSES = 3
_LEAST = 1 / 8  # between the highest and the second score


@dataclass(frozen=True)
class _Setting:
    """One call of removal_curve.

    Attributes:
        aspect: of the question.
        n: pictures.
        shape: of a picture ``(h, w, c)``.
        m: fractions.
        fill: "number", "colour" or "pictures".
    """

    aspect: str
    n: int
    shape: tuple[int, int, int]
    m: int
    fill: str = "number"


_SETTINGS = (
    _Setting(_ACCURACIES, 20, (5, 6, 1), 4),
    _Setting(_ACCURACIES, 16, (4, 5, 3), 5, "colour"),
    _Setting(_ACCURACIES, 24, (6, 4, 2), 3, "pictures"),
    _Setting(_AREA, 16, (5, 5, 1), 4),
    _Setting(_AREA, 20, (4, 6, 1), 6),
    _Setting(_AREA, 24, (5, 4, 1), 5),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    while True:
        inputs = _inputs(rng, setting)
        truth = _Truth(**{key: np.asarray(each) for key, each in inputs.items()})
        # A constant curve has the same area by any rule.
        if truth.least_gap() >= _LEAST and np.ptp(truth.accuracies()) >= 0.25:
            break
    of_area = setting.aspect == _AREA
    return Case(
        setting.aspect,
        inputs,
        np.asarray(truth.area()) if of_area else truth.accuracies(),
        truth.wrong_areas if of_area else truth.wrong_accuracies,
        _TOLERANCE,
        truth.read_area if of_area else _read_accuracies,
        references={"keep_top": references.keep_top},
    )


def _inputs(rng: np.random.Generator, setting: _Setting) -> dict[str, Any]:
    """What the box is given; fractions are unevenly spaced, and neither 0 nor 1."""
    n, shape = setting.n, setting.shape
    pixels = shape[0] * shape[1]
    pictures = eighths(rng, (n, *shape), -2, 2)
    w, b = eighths(rng, (*shape, _CLASSES), -2, 2), eighths(rng, (_CLASSES,), -2, 2)
    seen = _scores(pictures, w, b).argmax(axis=1)
    counts = np.sort(rng.choice(np.arange(2, pixels - 1), setting.m, replace=False))
    fractions = np.round((counts + rng.uniform(0.1, 0.35, setting.m)) / pixels, 4)
    fill: Any = {
        "number": float(eighths(rng, (), -2, -0.5)),
        "colour": eighths(rng, shape[2:], -2, 2),
        "pictures": eighths(rng, (n, *shape), -2, 2),
    }[setting.fill]
    return {
        "w": w,
        "b": b,
        "pictures": pictures,
        "labels": np.where(rng.random(n) < 0.7, seen, rng.integers(0, _CLASSES, n)),
        "maps": rng.normal(0, 1, (n, *shape[:2])).astype(np.float32),
        "fractions": fractions,
        "fill": fill,
    }


def _scores(pictures: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(np.tensordot(pictures.astype(np.float64), w.astype(np.float64), 3) + b)


def _read_accuracies(value: Any) -> np.ndarray:
    """The first of the two that come out.

    Raises:
        Misread: no two came, or the other way round.
    """
    found, area = numbers(_part(value, "accuracies")), _part(value, "area")
    if found.ndim == 0 and np.ndim(area) == 1:
        raise Misread("area first")
    return found


def _part(value: Any, key: str) -> Any:
    if isinstance(value, np.ndarray):
        raise Misread("one of the two alone")
    return part(value, key)


def _trapezoid(accuracies: np.ndarray, fractions: np.ndarray) -> float:
    """The area, divided by the range of the fractions."""
    means = (accuracies[1:] + accuracies[:-1]) / 2
    return float(means @ np.diff(fractions) / (fractions[-1] - fractions[0]))


@dataclass(frozen=True)
class _Truth:
    """What is asked for, and what mistakes would give.

    Attributes:
        w: weights of the network ``(h, w, c, classes)``.
        b: its biases ``(classes,)``.
        pictures: ``(n, h, w, c)``.
        labels: ``(n,)``.
        maps: ``(n, h, w)``.
        fractions: ascending ``(m,)``.
        fill: what broadcasts to the pictures.
    """

    w: np.ndarray
    b: np.ndarray
    pictures: np.ndarray
    labels: np.ndarray
    maps: np.ndarray
    fractions: np.ndarray
    fill: np.ndarray

    def accuracies(self, **changed: Any) -> np.ndarray:
        """At every fraction; ``changed``: of ``scores``, and ``labels``."""
        labels = changed.pop("labels", self.labels)
        return np.asarray((self.scores(**changed).argmax(axis=2) == labels).mean(axis=1))

    def area(self) -> float:
        """What is asked for."""
        return _trapezoid(self.accuracies(), self.fractions)

    def scores(
        self,
        fractions: np.ndarray | None = None,
        maps: np.ndarray | None = None,
        fill: Any = None,
    ) -> np.ndarray:
        """Scores of what is kept ``(m, n, classes)``; of other inputs, if given."""
        fractions = self.fractions if fractions is None else fractions
        maps = self.maps if maps is None else maps
        fill = self.fill if fill is None else fill
        found = []
        for fraction in fractions:
            kept = top_pixels(maps, counted(float(fraction), maps[0].size))
            found.append(np.where(kept[..., np.newaxis], self.pictures, fill))
        return np.stack([_scores(each, self.w, self.b) for each in found])

    def least_gap(self) -> float:
        """Between the highest and the second score, of all that is asked for."""
        highest = np.sort(np.concatenate([self.scores(), self._whole()[np.newaxis]]), axis=2)
        return float((highest[..., -1] - highest[..., -2]).min())

    def read_area(self, value: Any) -> np.ndarray:
        """The area; one of the student's own accuracies is told as that of the right ones."""
        found = numbers(_part(value, "area"))
        if agrees(found, np.asarray(self.area()), _TOLERANCE):
            return found
        own, right = _read_accuracies(value), self.accuracies()
        # Without a curve there is nothing to show an area by.
        if own.shape == right.shape and np.isfinite(own).all() and np.ptp(own) > _TOLERANCE:
            return found - _trapezoid(own, self.fractions) + self.area()
        return found

    def wrong_accuracies(self) -> dict[str, np.ndarray]:
        """What typical mistakes give instead of the accuracies."""
        right, scores, n = self.accuracies(), self.scores(), len(self.labels)
        hits = scores.argmax(axis=2) == self.labels
        whole, here = self._whole(), (slice(None), np.arange(n), self.labels)
        powers = np.exp(scores - scores.max(axis=2, keepdims=True))
        shares = powers / powers.sum(axis=2, keepdims=True)
        classes = [hits[:, self.labels == c].mean(axis=1) for c in np.unique(self.labels)]
        seen = whole.argmax(axis=1)
        before = (seen == self.labels).mean()
        return {
            "errors instead of accuracies": 1 - right,
            "fractions from the last": right[::-1],
            "counted, not divided": right * n,
            "per cent": right * 100,
            "labels not used": self.accuracies(labels=seen),
            "lowest score": (scores.argmin(axis=2) == self.labels).mean(axis=1),
            "that share removed": self.accuracies(fractions=1 - self.fractions),
            "lowest kept": self.accuracies(maps=-self.maps),
            "whole pictures": np.full_like(right, before),
            "relative to the whole pictures": right / before,
            "loss of accuracy": before - right,
            "first fraction for all": np.full_like(right, right[0]),
            "last fraction for all": np.full_like(right, right[-1]),
            "fill not passed on": self.accuracies(fill=0.0),
            "first map for all": self.accuracies(
                maps=np.broadcast_to(self.maps[:1], self.maps.shape)
            ),
            "mean score": scores[here].mean(axis=1),
            "mean probability": shares[here].mean(axis=1),
            "mean over classes": np.mean(classes, axis=0),
            "hits of every picture": hits.astype(np.float64),
            "mean over the fractions": np.asarray(right.mean()),
        }

    def wrong_areas(self) -> dict[str, np.ndarray]:
        """What typical mistakes give instead of the area."""
        a, at, right = self.accuracies(), self.fractions, self.area()
        steps, length = np.diff(at), at[-1] - at[0]
        found = {
            "mean of the accuracies": a.mean(),
            "sum of the accuracies": a.sum(),
            "not divided by the range": right * length,
            "multiplied by the range": right * length**2,
            "divided by the last fraction": right * length / at[-1],
            "divided by the number of fractions": right * length / len(a),
            "left ends": a[:-1] @ steps / length,
            "right ends": a[1:] @ steps / length,
            "spacing not used": _trapezoid(a, np.arange(len(a))),
            "spacing one": _trapezoid(a, np.arange(len(a))) * (len(a) - 1),
            "trapezoids not halved": 2 * right,
            "sign turned": -right,
            "one minus the area": 1 - right,
            "first fraction taken for zero": np.diff(at, prepend=0) @ a,
            "fractions over accuracies": (at[1:] + at[:-1]) / 2 @ np.diff(a),
        }
        return {name: np.asarray(each) for name, each in found.items()}

    def _whole(self) -> np.ndarray:
        return _scores(self.pictures, self.w, self.b)


CHALLENGE = Challenge(
    question="removal_curve",
    title="The removal curve",
    ask="removal_curve",
    blanks=("removal_curve",),
    aspects={_ACCURACIES: 3.0, _AREA: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
    stand_ins={"keep_top": "keep_top"},
)
