"""The views made of pictures: the picture and its explanation, and what the top neurons see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import colormaps

from hwkit.explorer import keys
from hwkit.explorer.albums.pictures import Picture
from hwkit.explorer.computing import Attribution, Order
from hwkit.explorer.reading import Reader
from hwkit.explorer.results import Failure, Key
from hwkit.explorer.settings import Settings
from hwkit.visualization import SIGNED, mask_of

Traits = dict[str, Any]
Draw = Callable[[np.ndarray], np.ndarray]
_LARGE = 5  # so many pictures are shown large
FULL = 99.0  # percentile of the strength that counts as full light


def lit(rgb: np.ndarray, values: np.ndarray, blur: float, threshold: float) -> np.ndarray:
    """The picture, uint8 RGB ``(h, w, 3)``, as bright as its pixels ``(h, w)`` are attributed."""
    mask = mask_of(values[..., np.newaxis], blur, threshold, FULL)
    return np.round(rgb * mask[..., np.newaxis]).astype(np.uint8)


def signed_colours(values: np.ndarray) -> np.ndarray:
    """A signed map ``(h, w)`` as uint8 RGB: red for, blue against, white for nothing."""
    limit = float(np.percentile(np.abs(values), 99.5)) or float(np.abs(values).max()) or 1.0
    colours: np.ndarray = colormaps[SIGNED]((values / limit + 1) / 2, bytes=True)[..., :3]
    return colours


def sign_of(order: Order, neuron: int) -> int:
    """Whether a neuron speaks for (1) or against (-1) what is asked."""
    return -1 if order.values[neuron] < 0 else 1


def explained(s: Settings, read: Reader, picture: Picture) -> Traits:
    """The picture, what in it matters, and what speaks for and what against."""
    found, key = read.best(keys.pixels(s))
    finished = key == keys.pixels(s)
    panels = _Panels(read, picture)
    shown = [panels.panel("picture", picture.title, "", picture.rgb)]
    draw: dict[str, tuple[str, Draw, tuple[float, ...]]] = {
        "lit": (
            "what matters",
            lambda values: lit(picture.rgb, values, s.blur, s.threshold),
            (s.blur, s.threshold),
        ),
        "signed": ("red: for, blue: against", signed_colours, ()),
    }
    detail = trust(found, key, finished) if isinstance(found, Attribution) else ""
    for name, (caption, paint, parts) in draw.items():
        shown.append(panels.of(found, key, finished, name, caption, detail, paint, parts))
        detail = ""
    return {"pictures": shown}


def neurons(
    s: Settings,
    read: Reader,
    picture: Picture,
    order: Order | Failure | None,
    finished: bool,
) -> Traits:
    """The chosen neurons, each lighting what it sees where it matters for the question."""
    panels = _Panels(read, picture)
    if isinstance(order, Failure):
        return {"pictures": [panels.panel("problem", "", "", None, message=order.reason)]}
    if order is None:
        empty = [panels.panel(f"place {i}", "", "", None, pending=True) for i in range(s.top)]
        return {"pictures": empty, "chosen": []}
    top = [int(n) for n in order.neurons[: s.top]]
    shown = [*top, *(n for n in s.selected if n not in top and n < len(order.values))]
    pictures = []
    for neuron in shown:
        sign = sign_of(order, neuron)
        found, key = read.best(keys.projection(s, neuron, sign))
        pictures.append(
            panels.of(
                found,
                key,
                finished and key == keys.projection(s, neuron, sign),
                str(neuron),
                f"neuron {neuron}",
                _number(order.values[neuron]),
                lambda values: lit(picture.rgb, values, s.blur, s.threshold),
                (s.blur, s.threshold),
            )
        )
    chosen = [str(n) for n in s.selected if n in shown]
    # Many pictures are shown small, so that the page keeps its height.
    few = len(shown) <= _LARGE
    return {
        "pictures": pictures,
        "chosen": chosen,
        "side": 224 if few else 112,
        "rows": 1 if few else 2,
    }


def _number(value: float) -> str:
    """With a sign and three digits that count."""
    return f"{value:+#.3g}".rstrip(".")


def trust(found: Attribution, key: Key | None, finished: bool) -> str:
    """How far an attribution can be trusted; of a preview, how many points it took."""
    if not finished and key is not None:
        return f"{keys.resolution(key)} points so far"
    if found.error is None or np.isnan(found.error):
        return ""
    return "error below 1%" if found.error < 0.01 else f"error about {found.error:.0%}"


class _Panels:
    """Makes the pictures of a gallery, all of the size of one picture."""

    def __init__(self, read: Reader, picture: Picture) -> None:
        self._read = read
        self._height, self._width = picture.rgb.shape[:2]

    def of(
        self,
        found: Attribution | Failure | None,
        key: Key | None,
        finished: bool,
        name: str,
        caption: str,
        detail: str,
        draw: Draw,
        parts: tuple[float, ...],
    ) -> Traits:
        """A panel of a result that may be there, be a preview, or have failed."""
        if isinstance(found, Failure):
            return self.panel(name, caption, detail, None, message=found.reason)
        if found is None or key is None:
            return self.panel(name, caption, detail, None, pending=True)
        pixels = self._read.made(Key(name, (key, *parts)), lambda: draw(found.values))
        return self.panel(name, caption, detail, pixels, pending=not finished)

    def panel(
        self,
        name: str,
        caption: str,
        detail: str,
        pixels: np.ndarray | None,
        pending: bool = False,
        message: str = "",
    ) -> Traits:
        return {
            "id": name,
            "caption": caption,
            "detail": detail,
            "alt": f"{caption}, {detail}" if detail else caption,
            "height": self._height,
            "width": self._width,
            "pixels": None if pixels is None else np.ascontiguousarray(pixels).tobytes(),
            "pending": pending,
            "message": message,
        }
