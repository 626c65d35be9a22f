"""The views made of numbers: influences, class scores, and the parts of a drawn picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from hwkit.evaluation.regions import part_shares
from hwkit.explorer import keys
from hwkit.explorer.albums.pictures import Picture
from hwkit.explorer.computing import Attribution, Order
from hwkit.explorer.reading import Reader
from hwkit.explorer.results import Failure
from hwkit.explorer.settings import RANKINGS, Settings, Source
from hwkit.images.parts import PARTS, SURROUNDINGS

Traits = dict[str, Any]
_TOP, _BOTTOM = 14, 8  # bars of the first and of the last in rank
_CLASSES = 5
_SHARES = [
    {"name": "share of the explanation", "shape": "bar", "tone": "blue"},
    {"name": "share of the area", "shape": "line", "tone": "grey"},
]


class Chosen(NamedTuple):
    """The neurons that are kept or left out.

    Attributes:
        neurons: their indices.
        name: what they are called.
    """

    neurons: tuple[int, ...]
    name: str


def bars(s: Settings, order: Order | Failure | None, finished: bool) -> Traits:
    """The influences of the first and the last neurons in rank."""
    if isinstance(order, Failure):
        return {"bars": [], "message": order.reason, "chosen": [], "pending": False}
    if order is None:
        return {"message": "", "chosen": [], "pending": True}  # what is there stays, paler
    own = s.ranking == "own"
    measure = f"{'sum' if own else RANKINGS[s.ranking]} of its map"
    count = len(order.neurons)
    above = max(_TOP, s.top)
    places = list(range(count))
    if count > above + _BOTTOM:
        places = [*places[:above], *places[-_BOTTOM:]]
    return {
        "bars": [
            {
                "id": int(order.neurons[place]),
                "value": float(order.values[order.neurons[place]]),
                "rank": place + 1,
                "top": place < s.top,
            }
            for place in places
        ],
        "gap": above if len(places) < count else -1,
        "omitted": count - len(places),
        "chosen": [n for n in s.selected if n < count],
        "measure": measure,
        "message": "",
        "pending": not finished,
    }


def scores(s: Settings, read: Reader, classes: Sequence[str], chosen: Chosen | None) -> Traits:
    """What the network says: of the picture, with and without the chosen neurons."""
    now = read.read(keys.logits(s.source))
    drawn = Source(s.source.group, s.source.index)
    whole = read.read(keys.logits(drawn)) if s.source.without else None
    either = None if chosen is None else read.read(keys.scores(s, chosen.neurons))
    if isinstance(now, Failure):
        return {"rows": [], "message": now.reason, "footnote": "", "pending": False}
    if now is None:
        return {"message": "", "footnote": "", "pending": True}
    which = "the top ones" if chosen is None else chosen.name
    footnote = said(now, classes)
    if isinstance(either, Failure):
        footnote, either = f"{footnote} {either.reason}", None
    series = [
        {"name": "this picture", "shape": "bar", "tone": "grey"},
        {"name": f"with {which} only", "shape": "circle", "tone": "blue"},
        {"name": f"without {which}", "shape": "triangle", "tone": "orange"},
    ]
    columns = [now, *((None, None) if either is None else either)]
    if whole is not None:
        series.append({"name": "the whole picture", "shape": "ring", "tone": "green"})
        columns.append(whole)
    rows = [
        {
            "id": str(c),
            "name": classes[c],
            "values": [None if column is None else float(column[c]) for column in columns],
            "strong": c in (s.class_index, s.versus),
            "switch": None,
            "note": "",
        }
        for c in _classes_to_show(s, now, whole)
    ]
    return {
        "label": "What the network says",
        "measure": "score (logit)",
        "series": series,
        "rows": rows,
        "zero": True,
        "message": "",
        "footnote": footnote,
        "pending": False,
    }


def _classes_to_show(s: Settings, now: np.ndarray, whole: np.ndarray | None) -> list[int]:
    asked = [s.class_index] if s.versus is None else [s.class_index, s.versus]
    highest = now if whole is None else np.maximum(now, whole)
    best = [int(c) for c in np.argsort(-highest, kind="stable")]
    return [*asked, *(c for c in best if c not in asked)][: max(_CLASSES, len(asked))]


def said(logits: np.ndarray, classes: Sequence[str]) -> str:
    """What the network says, in words."""
    best = np.argsort(-logits, kind="stable")[:2]
    return f"The network says {', then '.join(f'{classes[c]} ({logits[c]:.1f})' for c in best)}."


def parts(s: Settings, read: Reader, picture: Picture, whole: Picture) -> Traits:
    """How much of the explanation lies on each part of a drawn picture, beside its area."""
    if picture.scene is None or whole.scene is None:
        return {"rows": [], "message": "Only drawn pictures know their parts.", "pending": False}
    found, key = read.best(keys.pixels(s))
    # What was hidden behind something that is left out now comes to light.
    seen = {*whole.scene.parts, *picture.scene.parts}
    names = [name for name in PARTS if name in seen]
    names += [name for name in SURROUNDINGS if whole.scene.mask(name).any()]
    masks = {name: picture.scene.mask(name) for name in names}
    area = part_shares(np.ones(picture.rgb.shape[:2]), masks)
    share = part_shares(found.values, masks) if isinstance(found, Attribution) else None
    rows = []
    for name in names:
        gone = name in picture.scene.removed
        along = gone and name not in s.source.without
        fixed = along or name == "background" or name not in (*whole.scene.parts, *SURROUNDINGS)
        rows.append(
            {
                "id": name,
                "name": name,
                "values": [
                    None if gone or share is None else _finite(share[name]),
                    None if gone else area[name],
                ],
                "strong": False,
                "switch": None if fixed else not gone,
                "note": "goes with it" if along else "left out" if gone else "",
            }
        )
    return {
        "label": "Where the explanation lies",
        "measure": "untick a part to draw the picture without it",
        "series": _SHARES,
        "rows": rows,
        "off": sorted(s.source.without),
        "percent": True,
        "zero": True,
        "message": "",
        "pending": key != keys.pixels(s),
    }


def _finite(share: float) -> float | None:
    """A share; ``None`` where nothing is attributed at all."""
    return share if np.isfinite(share) else None
