"""What each result of the explorer depends on: the settings that matter for it, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from hwkit.explorer.results import Key
from hwkit.explorer.settings import Settings, Source

_SHARE = 6  # a preview takes this share of the points
_FEWEST = 4


def picture(source: Source) -> Key:
    """The picture itself."""
    return Key("picture", (source,))


def logits(source: Source) -> Key:
    """The network's linear output for the picture."""
    return Key("logits", (source,))


def pixels(s: Settings) -> Key:
    """The attribution of every pixel for the question."""
    question = (s.class_index, s.versus)
    return Key("pixels", (s.source, *question, s.rule, s.baseline, s.resolution))


def maps(s: Settings) -> Key:
    """The attribution maps of all neurons of the layer for the question."""
    return Key("maps", (s.source, s.layer, s.class_index, s.versus, s.rule, s.resolution))


def order(s: Settings) -> Key:
    """The neurons of the layer in the order of their influence."""
    question = (s.class_index, s.versus)
    return Key("order", (s.source, s.layer, *question, s.rule, s.ranking, s.resolution))


def projection(s: Settings, neuron: int, sign: int) -> Key:
    """What a neuron sees in the picture where it speaks for (1) or against (-1) the question."""
    return Key("projection", (*maps(s).parts[:-1], s.baseline, neuron, sign, s.resolution))


def scores(s: Settings, chosen: Sequence[int]) -> Key:
    """The network's output with only the chosen neurons of the layer, and without them."""
    return Key("scores", (s.source, s.layer, tuple(sorted(chosen))))


def preview(key: Key) -> Key | None:
    """The same result from fewer points on the path; ``None`` where that would not save much."""
    resolution = key.parts[-1]
    fewer = max(_FEWEST, resolution // _SHARE)
    return key._replace(parts=(*key.parts[:-1], fewer)) if 2 * fewer < resolution else None
