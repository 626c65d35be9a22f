"""The whole page as plain data: a pure function of the settings and of what is computed already.

The traits of each view are those of its widget in ``hwkit.explorer.widgets``. What is not computed
yet is left open, and the reader notes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hwkit.explorer import chart_views, keys, picture_views
from hwkit.explorer.albums.pictures import Picture
from hwkit.explorer.chart_views import Chosen
from hwkit.explorer.computing import Order
from hwkit.explorer.picture_views import Traits
from hwkit.explorer.reading import Reader
from hwkit.explorer.results import Failure, Key
from hwkit.explorer.settings import Settings


@dataclass(frozen=True)
class Page:
    """All that is shown.

    Attributes:
        settings: what it follows from.
        sentence: the question in words.
        pictures, neurons, bars, scores, parts: the traits of the five views.
        order: the ranking of the neurons, or its preview; ``None`` until there is one.
    """

    settings: Settings
    sentence: str
    pictures: Traits
    neurons: Traits
    bars: Traits
    scores: Traits
    parts: Traits
    order: Order | None


def page_of(
    s: Settings, read: Reader, picture: Picture, whole: Picture, classes: Sequence[str]
) -> Page:
    """All views.

    Args:
        s: the settings.
        read: looks results up.
        picture: what is explained.
        whole: the same with nothing left out.
        classes: names, in the order of the output.
    """
    pictures = picture_views.explained(s, read, picture)
    order, key = read.best(keys.order(s))
    finished = key == keys.order(s)
    return Page(
        settings=s,
        sentence=_sentence(s, classes),
        pictures=pictures,
        neurons=picture_views.neurons(s, read, picture, order, finished),
        bars=chart_views.bars(s, order, finished),
        scores=chart_views.scores(s, read, classes, _chosen(s, order) if finished else None),
        parts=chart_views.parts(s, read, picture, whole),
        order=order if isinstance(order, Order) else None,
    )


def ahead(s: Settings, order: Order | None, largest: int) -> list[Key]:
    """What is likely to be wanted next: the projections of the neurons that follow in rank."""
    if order is None:
        return []
    following = [int(n) for n in order.neurons[s.top : largest]]
    return [keys.projection(s, n, picture_views.sign_of(order, n)) for n in following]


def _sentence(s: Settings, classes: Sequence[str]) -> str:
    rather = "" if s.versus is None else f" rather than {classes[s.versus]}"
    return f"What speaks for {classes[s.class_index]}{rather}?"


def _chosen(s: Settings, order: Order | Failure | None) -> Chosen | None:
    """The neurons that the scores are about."""
    if not isinstance(order, Order):
        return None
    by_hand = tuple(n for n in s.selected if n < len(order.values))
    top = tuple(int(n) for n in order.neurons[: s.top])
    return Chosen(by_hand, "the chosen") if by_hand else Chosen(top, f"the top {len(top)}")
