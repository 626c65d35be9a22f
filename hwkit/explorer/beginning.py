"""What the controls of the explorer say at first."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from hwkit.attribution.quadrature import RULES
from hwkit.explorer.albums.pictures import Album
from hwkit.explorer.settings import BASELINES, RANGES, RANKINGS, Settings

_FIRST = "sports car"  # what the homework is about
_NAMES = {"ranking": RANKINGS, "rule": RULES, "baseline": BASELINES}
_WHOLE = ("top", "resolution")
_FREE = {*RANGES, *_NAMES}


def first_settings(
    album: Album,
    classes: Sequence[str],
    layer: str,
    *,
    group: str | None = None,
    class_name: str | None = None,
    versus: str | None = None,
    **others: Any,
) -> Settings:
    """What the controls say at first: a picture, and a question about its class.

    Args:
        album: the pictures.
        classes: names, in the order of the output.
        layer: the slice.
        group: of pictures; ``None`` for the class's own, or else the first.
        class_name: the class that is asked about; ``None`` for the pictures' own.
        versus: the class that it is compared with.
        others: other settings by name.

    Raises:
        ValueError: no such group, class or setting, or a class compared with itself.
    """
    by_class = {album.class_of(each): each for each in reversed(album.groups)}
    if group is None:
        group = by_class.get(class_name) or by_class.get(_FIRST) or album.groups[0]
    if class_name is None:
        class_name = album.class_of(group) or classes[0]
    c, other = (None if n is None else _index(n, classes) for n in (class_name, versus))
    if c is None or c == other:
        raise ValueError(f"Expected two different classes. Received: {class_name!r} twice.")
    unknown = sorted(set(others) - _FREE)
    if unknown:
        raise ValueError(
            f"Expected settings among {', '.join(sorted(_FREE))}. Received: {', '.join(unknown)}."
        )
    for name, value in others.items():
        _check(name, value)
    return Settings(album.sources(group)[0], c, other, layer, **others)


def _check(name: str, value: Any) -> None:
    """Raise ValueError unless a control can say this value."""
    if name in _NAMES:
        if value not in _NAMES[name]:
            raise ValueError(
                f"Expected {name} among {', '.join(_NAMES[name])}. Received: {name}={value!r}."
            )
        return
    low, high = RANGES[name]
    whole = name in _WHOLE
    number = isinstance(value, int) if whole else isinstance(value, (int, float))
    if not number or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(
            f"Expected {name} as a {'whole ' if whole else ''}number from {low:g} to {high:g}. "
            f"Received: {name}={value!r}."
        )


def _index(name: str, classes: Sequence[str]) -> int:
    if name not in classes:
        near = get_close_matches(name, classes, n=3, cutoff=0.4) or classes[:14]
        raise ValueError(
            f"Expected the name of a class of the network. Received: {name!r}. Did you mean "
            f"{', '.join(near)}?"
        )
    return list(classes).index(name)
