"""What each result of the explorer depends on: the settings that matter for it, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hwkit.explorer.results import Key
from hwkit.explorer.settings import Settings, Source

_SHARE = 6  # a preview takes this share of the points
_FEWEST = 4


class Question(NamedTuple):
    """What is asked about the output.

    Attributes:
        c: the class.
        versus: the class that it is compared with; ``None`` for an absolute question.
    """

    c: int
    versus: int | None


class Points(NamedTuple):
    """Where on the path gradients are taken: the last part of every key that has a path.

    Attributes:
        rule: a name in ``quadrature.RULES``.
        resolution: how many points.
    """

    rule: str
    resolution: int


def picture(source: Source) -> Key:
    """The picture itself."""
    return Key("picture", (source,))


def logits(source: Source) -> Key:
    """The network's linear output for the picture."""
    return Key("logits", (source,))


def pixels(s: Settings) -> Key:
    """The attribution of every pixel for the question."""
    return Key("pixels", (s.source, _question(s), s.baseline, _points(s)))


def maps(s: Settings) -> Key:
    """The attribution maps of all neurons of the layer for the question."""
    return maps_of(s.source, s.layer, _question(s), _points(s))


def maps_of(source: Source, layer: str, question: Question, points: Points) -> Key:
    """The attribution maps that another result is made of."""
    return Key("maps", (source, layer, question, points))


def order(s: Settings) -> Key:
    """The neurons of the layer in the order of their influence."""
    return Key("order", (s.source, s.layer, _question(s), s.ranking, _points(s)))


def projection(s: Settings, neuron: int, sign: int) -> Key:
    """What a neuron sees in the picture where it speaks for (1) or against (-1) the question."""
    place = (s.source, s.layer, _question(s))
    return Key("projection", (*place, s.baseline, neuron, sign, _points(s)))


def scores(s: Settings, chosen: Sequence[int]) -> Key:
    """The network's output with only the chosen neurons of the layer, and without them."""
    return Key("scores", (s.source, s.layer, tuple(sorted(chosen))))


def resolution(key: Key) -> int:
    """How many points on the path a result takes.

    Raises:
        ValueError: a result without a path.
    """
    points = key.parts[-1]
    if not isinstance(points, Points):
        raise ValueError(f"Expected a result with a path. Received: '{key.kind}'.")
    return points.resolution


def preview(key: Key) -> Key | None:
    """The same result from fewer points on the path; ``None`` where that would not save much."""
    fewer = max(_FEWEST, resolution(key) // _SHARE)
    if 2 * fewer >= resolution(key):
        return None
    return key._replace(parts=(*key.parts[:-1], key.parts[-1]._replace(resolution=fewer)))


def _question(s: Settings) -> Question:
    return Question(s.class_index, s.versus)


def _points(s: Settings) -> Points:
    return Points(s.rule, s.resolution)
