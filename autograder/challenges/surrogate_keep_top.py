"""The challenge of ``keep_top``: the most important pixels of every picture, and no others.

Numbers are drawn in eighths, fills in odd sixteenths: whatever way an answer is put together, every
pixel is exactly the picture's or exactly the fill, and never both. Only where numbers and ties are
tried, maps have equal values and the number to keep is to be rounded; only where fills are tried,
they are not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge
from autograder.challenges.drawing import draw_cases
from autograder.challenges.lrp_shares import eighths
from autograder.challenges.surrogate_keep_top_told import MISTAKES
from autograder.challenges.surrogate_ranking import counted, top_pixels
from autograder.comparing import Misread, numbers

_HIGHEST = "the highest pixels"
_EXACT = "the exact number, also among equal ones"
_OWN = "every picture by itself, and any fill"
_TOLERANCE = 1e-6  # one pixel is a thousand times as much
_LEVELS = 5  # different values of a map with ties
_Bounds = tuple[float, float]
# What is left of fraction * h * w above a whole number. Nothing: h * w is a power of two.
_NOTHING, _LITTLE, _MUCH = (0.0, 0.0), (0.1, 0.35), (0.65, 0.9)


@dataclass(frozen=True)
class _Setting:
    """One call of keep_top.

    Attributes:
        aspect: of the question.
        n: pictures.
        shape: of a picture ``(h, w, c)``.
        left: bounds of what the number to keep has behind the point; ``None``: ``fraction`` is
            given.
        fraction: what is kept, if it is given.
        ties: whether maps have few different values.
        fill: "zero", "number", "colour" or "pictures".
    """

    aspect: str
    n: int
    shape: tuple[int, int, int]
    left: _Bounds | None = _NOTHING
    fraction: float = 0.0
    ties: bool = False
    fill: str = "zero"


_SETTINGS = (
    _Setting(_HIGHEST, 1, (8, 8, 1)),
    _Setting(_HIGHEST, 1, (4, 8, 3)),
    _Setting(_EXACT, 1, (7, 6, 1), _MUCH),
    _Setting(_EXACT, 1, (12, 13, 1), _LITTLE, ties=True),
    _Setting(_EXACT, 1, (13, 12, 3), _MUCH, ties=True),
    _Setting(_EXACT, 1, (6, 6, 1), None, 0.125),  # 4.5 pixels
    _Setting(_EXACT, 1, (5, 7, 1), None, 0.0),
    _Setting(_EXACT, 1, (7, 5, 1), None, 1.0),
    _Setting(_OWN, 4, (4, 8, 3), fill="colour"),
    _Setting(_OWN, 3, (8, 4, 3), fill="pictures"),
    _Setting(_OWN, 2, (8, 8, 1), fill="number"),
)


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    return draw_cases([partial(_case, setting=each) for each in _SETTINGS], rng)


def _case(rng: np.random.Generator, setting: _Setting) -> Case:
    pictures = eighths(rng, (setting.n, *setting.shape), -2, 2)
    maps = _maps(rng, setting)
    fraction = setting.fraction
    if setting.left is not None:
        pixels = maps[0].size
        kept = rng.integers(pixels // 5, pixels * 3 // 5) + rng.uniform(*setting.left)
        fraction = round(float(kept) / pixels, 6)
    fill = _fill(rng, setting)
    truth = _Truth(pictures.astype(np.float64), maps.astype(np.float64), fraction, fill)
    return Case(
        setting.aspect,
        {"pictures": pictures, "maps": maps, "fraction": fraction, "fill": fill},
        truth.with_kept(truth.kept()),
        truth.wrong,
        _TOLERANCE,
        truth.read,
    )


def _maps(rng: np.random.Generator, setting: _Setting) -> np.ndarray:
    """Values of both signs, all different unless ties are asked for; other sizes a picture."""
    n, pixels = setting.n, setting.shape[0] * setting.shape[1]
    if setting.ties:
        return (rng.integers(0, _LEVELS, (n, *setting.shape[:2])) / 4 - 0.5).astype(np.float32)
    steps = np.arange(pixels) - pixels // 2 + rng.uniform(-0.25, 0.25, (n, pixels))
    sizes = rng.permutation(n)[:, np.newaxis] + 1.0
    values = rng.permuted(np.sign(steps) * np.abs(steps) ** 1.5, axis=1) * sizes / pixels
    return values.reshape(n, *setting.shape[:2]).astype(np.float32)


def _fill(rng: np.random.Generator, setting: _Setting) -> Any:
    def drawn(*shape: int) -> np.ndarray:
        return eighths(rng, shape, 0.5, 2) * rng.choice([-1, 1], shape) + np.float32(1 / 16)

    if setting.fill == "pictures":
        return drawn(setting.n, *setting.shape)
    if setting.fill == "colour":
        return drawn(setting.shape[2])
    return float(drawn(1)[0]) if setting.fill == "number" else 0.0


@dataclass(frozen=True)
class _Truth:
    """What is asked for, and what mistakes would give.

    Attributes:
        pictures: ``(n, h, w, c)``.
        maps: ``(n, h, w)``.
        fraction: of the pixels, kept.
        fill: what broadcasts to the pictures.
    """

    pictures: np.ndarray
    maps: np.ndarray
    fraction: float
    fill: Any

    def kept(self, maps: np.ndarray | None = None, count: int | None = None) -> np.ndarray:
        """Which pixels stay ``(n, h, w)``; by other maps or another number, unless as given."""
        maps = self.maps if maps is None else maps
        return top_pixels(maps, self._count() if count is None else count)

    def with_kept(self, kept: np.ndarray, fill: Any = None) -> np.ndarray:
        """The pictures with the fill outside these pixels."""
        fill = self.fill if fill is None else fill
        return np.where(kept[..., np.newaxis], self.pictures, fill)

    def read(self, value: Any) -> np.ndarray:
        """The answer; of a wrong choice among equal pixels it is told that it is one."""
        found = numbers(value)
        if found.shape == self.pictures.shape:
            kept = (found == self.pictures).all(axis=-1)
            gone = (found == np.broadcast_to(self.fill, found.shape)).all(axis=-1)
            if (kept ^ gone).all() and self._only_order_differs(kept):
                raise Misread("equal pixels in another order")
        return found

    def wrong(self) -> dict[str, np.ndarray]:
        """What typical mistakes give."""
        right = self.kept()
        found = {name: self.with_kept(each) for name, each in self._wrongly_kept().items()}
        found |= {
            "the mask alone": right.astype(np.float64),
            "multiplied by the maps": self.pictures * self.maps[..., np.newaxis],
            "fill not used": self.with_kept(right, 0.0),
            "mean of the fill": self.with_kept(right, np.mean(self.fill)),
            "mean of the picture instead of fill": self.with_kept(
                right, self.pictures.mean(axis=(1, 2, 3), keepdims=True)
            ),
            "other channels left": np.where(
                np.arange(self.pictures.shape[-1]) == 0, self.with_kept(right), self.pictures
            ),
        }
        if np.ndim(self.fill) == 1:
            found["first colour of the fill"] = self.with_kept(right, self.fill[0])
        if np.ndim(self.fill) == self.pictures.ndim:
            found["first picture's fill for all"] = self.with_kept(right, self.fill[0])
        return found

    def _wrongly_kept(self) -> dict[str, np.ndarray]:
        maps, right, count = self.maps, self.kept(), self._count()
        n, pixels = len(maps), maps[0].size
        product = self.fraction * pixels
        together = top_pixels(maps.reshape(1, -1), n * count).reshape(maps.shape)
        mean_map = np.broadcast_to(maps.mean(axis=0), maps.shape)
        found = {
            "lowest kept": self.kept(-maps),
            "removed instead of kept": ~right,
            "that share removed": self.kept(count=pixels - count),
            "by size, without sign": self.kept(np.abs(maps)),
            "rounded down": self.kept(count=int(np.floor(product))),
            "a half rounded to even": self.kept(count=round(product)),
            "rounded up": self.kept(count=int(np.ceil(product))),
            "channels counted as pixels": self.kept(
                count=counted(product, self.pictures.shape[-1])
            ),
            "nothing removed": np.ones_like(right),
            "one threshold for all pictures": together,
            "first map for all": np.broadcast_to(right[:1], right.shape),
            "mean map for all": self.kept(mean_map),
            "order taken for ranks": self._by_order(count),
            "rows and columns exchanged": right.reshape(n, *maps.shape[:0:-1]).transpose(0, 2, 1),
            **self._by_threshold(count),
        }
        if count == 0:
            found["nothing kept read as all"] = np.ones_like(right)
        return found

    def _by_threshold(self, count: int) -> dict[str, np.ndarray]:
        """What is at or above some value of each map."""

        def above(
            threshold: Callable[[np.ndarray], float], compare: Callable[..., Any]
        ) -> np.ndarray:
            return np.stack([compare(each, threshold(each)) for each in self.maps])

        # With nothing to keep, sorted(...)[-0] is the lowest value.
        lowest_kept = partial(_place, count=count)
        return {
            "equal pixels all kept": above(lowest_kept, np.greater_equal),
            "equal pixels all left out": above(partial(_place, count=count + 1), np.greater),
            "one pixel too few": above(lowest_kept, np.greater),
            "above a quantile": above(
                lambda each: float(np.quantile(each, 1 - self.fraction)), np.greater_equal
            ),
            "above a share of the highest value": above(
                lambda each: float(each.max() * (1 - self.fraction)), np.greater_equal
            ),
        }

    def _by_order(self, count: int) -> np.ndarray:
        """Pixels where an order, read as ranks, is below the count."""
        orders = np.argsort(-self.maps.reshape(len(self.maps), -1), axis=1, kind="stable")
        return (orders < count).reshape(self.maps.shape)

    def _count(self) -> int:
        return counted(self.fraction, self.maps[0].size)

    def _only_order_differs(self, kept: np.ndarray) -> bool:
        right = self.kept()
        return bool((kept != right).any()) and all(
            np.array_equal(np.sort(each[mine]), np.sort(each[wanted]))
            for each, mine, wanted in zip(self.maps, kept, right, strict=True)
        )


def _place(values: np.ndarray, count: int) -> float:
    """The value at this place from the top; the lowest for place 0 and beyond the last."""
    return float(np.sort(values, axis=None)[-count if count <= values.size else 0])


CHALLENGE = Challenge(
    question="keep_top",
    title="Keep the important pixels",
    ask="keep_top",
    blanks=("keep_top",),
    aspects={_HIGHEST: 2.0, _EXACT: 2.0, _OWN: 2.0},
    draw=_draw,
    mistakes=MISTAKES,
)
