"""What the controls of the explorer say, as plain values that results are found again by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Ranking = Literal["max", "mean", "min", "own"]
BaselineName = Literal["blurred", "black", "grey"]
RANKINGS: dict[str, str] = {
    "max": "largest value",
    "mean": "mean",
    "min": "lowest value",
    "own": "my own ranking",
}
"""What of its map ranks a neuron, in words."""
BASELINES: tuple[str, ...] = get_args(BaselineName)
RANGES: dict[str, tuple[float, float]] = {
    "top": (1, 12),
    "resolution": (2, 200),
    "blur": (0, 6),
    "threshold": (0, 0.9),
}
"""The lowest and the highest value of each slider."""


@dataclass(frozen=True)
class Source:
    """Which picture: its place in the album, and what a drawn one is to leave out.

    Attributes:
        group: a group of the album, such as the name of a class.
        index: place in the group.
        without: parts of a drawn scene that are left out.
    """

    group: str
    index: int
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settings:
    """All that the controls say.

    Attributes:
        source: the picture.
        class_index: the class that is asked about.
        versus: the class that it is compared with; ``None`` for an absolute question.
        layer: the slice, by the layer's name.
        top: how many of the highest-ranked neurons are chosen.
        ranking: neurons rank by the "max" or "mean" of their attribution map, or from the most
            negative minimum on ("min"), or by a function of one's own ("own").
        resolution: points on the path.
        rule: where these points lie, a name in ``quadrature.RULES``.
        baseline: where paths in the input start.
        blur: standard deviation of the mask's blur, in pixels.
        threshold: what lies below this share of full strength is dark.
        selected: neurons chosen by hand, in place of the top ones.
    """

    source: Source
    class_index: int
    versus: int | None
    layer: str
    top: int = 5
    ranking: Ranking = "max"
    resolution: int = 30
    rule: str = "midpoint"
    baseline: BaselineName = "blurred"
    blur: float = 1.0
    threshold: float = 0.0
    selected: tuple[int, ...] = ()
