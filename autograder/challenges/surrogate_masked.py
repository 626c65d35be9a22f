"""The challenge of ``masked``: pictures of which some superpixels are hidden.

Labels are drawn for every pixel by itself: what a superpixel looks like does not matter here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.surrogate_coalitions import coalitions
from autograder.challenges.surrogate_masked_told import MISTAKES
from autograder.comparing import Misread, numbers, part

_ONE, _SEVERAL = "one coalition", "several coalitions"
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class _Setting:
    """One call of masked.

    Attributes:
        aspect: of the question.
        shape: of the picture.
        players: superpixels.
        count: coalitions.
        whole: whether they are 0 and 1 instead of booleans.
        extremes: whether the first is all shown and the last all hidden.
    """

    aspect: str
    shape: tuple[int, int, int]
    players: int
    count: int = 1
    whole: bool = False
    extremes: bool = False


_SETTINGS = (
    _Setting(_ONE, (5, 7, 3), players=4),
    _Setting(_ONE, (6, 4, 1), players=5),
    _Setting(_ONE, (5, 5, 3), players=3),
    _Setting(_SEVERAL, (5, 7, 3), players=4, count=6),
    _Setting(_SEVERAL, (6, 4, 3), players=4, count=4, extremes=True),
    _Setting(_SEVERAL, (6, 6, 1), players=5, count=3, whole=True),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    picture, fill = rng.uniform(0.1, 1, (2, *setting.shape)).astype(np.float32)
    labels = np.arange(picture[..., 0].size) % setting.players
    segments = rng.permutation(labels).reshape(setting.shape[:2])
    given = coalitions(rng, setting.count, setting.players)
    if setting.extremes:
        given[0], given[-1] = 1, 0
    if not setting.whole:
        given = given.astype(bool)
    inputs = {"picture": picture, "segments": segments, "Z": given, "fill": fill}
    truth = _Truth(picture.astype(np.float64), segments, given, fill.astype(np.float64))
    unchanged = inputs if setting.aspect == _SEVERAL else {}
    return Case(
        setting.aspect,
        inputs,
        truth.masked(),
        truth.wrong,
        _TOLERANCE,
        partial(_read, unchanged=unchanged),
    )


def _read(value: Any, unchanged: dict[str, np.ndarray]) -> np.ndarray:
    """The pictures.

    Raises:
        Misread: an array that was passed in and that must stay as it was has been changed.
    """
    found = numbers(part(value, "pictures"))
    for name, array in unchanged.items():
        if not np.array_equal(numbers(part(value, name)), array):
            raise Misread("changed in place", name)
    return found


@dataclass(frozen=True)
class _Truth:
    """What is asked for, and what mistakes would give; all in float64."""

    picture: np.ndarray
    segments: np.ndarray
    Z: np.ndarray
    fill: np.ndarray

    def masked(
        self,
        shown: np.ndarray | None = None,
        picture: np.ndarray | None = None,
        fill: np.ndarray | float | None = None,
    ) -> np.ndarray:
        """The picture where it is shown ``(n, h, w)``, the fill elsewhere; others, if given."""
        shown = self._shown() if shown is None else shown
        picture = self.picture if picture is None else picture
        fill = self.fill if fill is None else fill
        return np.where(shown.astype(bool)[..., np.newaxis], picture, fill)

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right, shown = self.masked(), self._shown()
        everywhere, colours = np.ones_like(shown), (0, 1)
        found = {
            "exchanged": self.masked(~shown),
            "fill not used": self.masked(fill=0.0),
            "one number as fill": self.masked(fill=self.fill.mean()),
            "one colour as fill": self.masked(fill=self.fill.mean(axis=colours)),
            "mean of the picture as fill": self.masked(fill=self.picture.mean(axis=colours)),
            "fill everywhere": self.masked(picture=self.picture + self.fill),
            "nothing hidden": self.masked(everywhere),
            "everything hidden": self.masked(~everywhere),
            "first coalition only": right[0],
            "first coalition for all": np.broadcast_to(right[0], right.shape),
            "last coalition for all": np.broadcast_to(right[-1], right.shape),
            "hidden stays hidden": self.masked(np.logical_and.accumulate(shown)),
            "superpixel 0 always shown": self.masked(shown | (self.segments == 0)),
            "superpixel 0 always hidden": self.masked(shown & (self.segments > 0)),
            "labels counted from 1": self.masked(self._shown(self.segments - 1)),
            "coalition taken as labels": self.masked(
                np.stack([np.isin(self.segments, row.astype(int)) for row in self.Z])
            ),
            "labels taken as a mask": self.masked(everywhere & (self.segments > 0)),
        }
        return found | self._of_this_shape()

    def _of_this_shape(self) -> dict[str, np.ndarray]:
        """Mistakes that only some shapes and types allow; others raise an error."""
        h, w, channels = self.picture.shape
        shown, found = self._shown(), {}
        if h == w:
            found["labels transposed"] = self.masked(self._shown(self.segments.T))
        if channels > 1:
            rest = np.broadcast_to(self.picture[..., 1:], (*shown.shape, channels - 1))
            found["first channel only"] = np.concatenate([self.masked()[..., :1], rest], axis=-1)
        if self.Z.dtype != bool:
            hidden = ~self.Z[:, self.segments][..., np.newaxis]  # -2 and -1
            found["~ of 0 and 1"] = self.picture * shown[..., np.newaxis] + self.fill * hidden
        return found

    def _shown(self, segments: np.ndarray | None = None) -> np.ndarray:
        return self.Z[:, self.segments if segments is None else segments].astype(bool)


CHALLENGE = Challenge(
    question="masked",
    title="A picture with superpixels hidden",
    ask="masked",
    blanks=("masked",),
    aspects={_ONE: 2.0, _SEVERAL: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
)
