"""The whole page as plain data: a pure function of the settings and of what is computed already.

The traits of each view are those of its widget in ``hwkit.explorer.widgets``. What is not computed
yet is left open, and the reader notes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hwkit.explorer import chart_views, keys, picture_views
from hwkit.explorer.albums.pictures import Picture
from hwkit.explorer.computing import Order
from hwkit.explorer.picture_views import Traits
from hwkit.explorer.reading import Reader
from hwkit.explorer.results import Failure, Key
from hwkit.explorer.settings import Settings


@dataclass(frozen=True)
class Page:
    """All that is shown.

    Attributes:
        pictures, neurons, bars, scores, parts: the traits of the five views.
        order: the ranking of the neurons; ``None`` until it is there.
    """

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
    order, _ = read.best(keys.order(s))
    return Page(
        pictures=pictures,
        neurons=picture_views.neurons(s, read, picture, order),
        bars=chart_views.bars(s, order),
        scores=chart_views.scores(s, read, classes, _chosen(s, order)),
        parts=chart_views.parts(s, read, picture, whole),
        order=order if isinstance(order, Order) else None,
    )


def ahead(s: Settings, order: Order | None, largest: int) -> list[Key]:
    """What is likely to be wanted next: the projections of the neurons that follow in rank."""
    if order is None:
        return []
    following = [int(n) for n in order.neurons[s.top : largest]]
    return [keys.projection(s, n, picture_views.sign_of(order, n)) for n in following]


def _chosen(s: Settings, order: Order | Failure | None) -> tuple[int, ...] | None:
    """The neurons that the scores are about."""
    if not isinstance(order, Order):
        return None
    within = tuple(n for n in s.selected if n < len(order.values))
    return within or tuple(int(n) for n in order.neurons[: s.top])
