"""What the dicts in the traits of the explorer's widgets hold, and what is said of wrong ones.

Each function takes what a trait is set to and returns it as the browser is to get it: with plain
Python numbers, and with what was left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

Given = Sequence[Mapping[str, Any]]
SHAPES = ("bar", "circle", "triangle", "ring", "line")
TONES = ("blue", "orange", "grey", "green")


def pictures(given: Given) -> list[dict[str, Any]]:
    """The pictures of a ``Gallery``.

    Raises:
        ValueError: something lacks or is unknown, an id is there twice, or the bytes of a picture
            are not ``height * width * 3``.
        TypeError: something has the wrong type.
    """
    checked = [_fields("picture", each, _PICTURE) for each in given]
    for picture in checked:
        picture["alt"] = picture["alt"] or picture["caption"]
        height, width, pixels = (picture[name] for name in ("height", "width", "pixels"))
        if min(height, width) < 1:
            raise ValueError(f"Expected a picture of some size. Received: {height=}, {width=}")
        if pixels is not None and len(pixels) != height * width * 3:
            raise ValueError(
                f"Expected height * width * 3 = {height * width * 3} bytes of RGB for the picture "
                f"{picture['id']!r} of {height} x {width}. Received: {len(pixels)} bytes"
            )
    return _distinct("pictures", checked, "id")


def bars(given: Given) -> list[dict[str, Any]]:
    """The bars of a ``Bars``; errors as for ``pictures``, and for values that are not finite."""
    return _distinct("bars", [_fields("bar", each, _BAR) for each in given], "id")


def series(given: Given) -> list[dict[str, Any]]:
    """The series of a ``Rows``; errors as for ``bars``, and for unknown shapes and tones."""
    return _distinct("series", [_fields("series", each, _SERIES) for each in given], "name")


def rows(given: Given) -> list[dict[str, Any]]:
    """The rows of a ``Rows``; errors as for ``bars``."""
    return _distinct("rows", [_fields("row", each, _ROW) for each in given], "id")


def one_of(name: str, value: Any, allowed: Sequence[str]) -> str:
    """The value, if it is allowed.

    Raises:
        ValueError: it is not.
    """
    if value not in allowed:
        raise ValueError(f"Expected {name} to be one of {', '.join(allowed)}. Received: {value!r}")
    return value


_Check = Callable[[str, Any], Any]


def _fields(what: str, given: Mapping[str, Any], checks: Mapping[str, _Check]) -> dict[str, Any]:
    """The dict with all its fields, checked."""
    missing = [name for name in checks if name not in given and name not in _DEFAULTS]
    unknown = [name for name in given if name not in checks]
    if missing or unknown:
        raise ValueError(
            f"Expected a {what} with {', '.join(checks)}. Received: {', '.join(map(str, given))}"
        )
    return {
        name: check(f"{name} of a {what}", given.get(name, _DEFAULTS.get(name)))
        for name, check in checks.items()
    }


def _distinct(what: str, items: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The items, if none has another's name."""
    names = [item[name] for item in items]
    twice = [each for place, each in enumerate(names) if each in names[:place]]
    if twice:
        raise ValueError(f"Expected {what} with an {name} of their own. Received twice: {twice}")
    return items


def _typed(name: str, value: Any, kind: type | tuple[type, ...], told: str) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"Expected {told} as {name}. Received: {value!r:.80}")
    return value


def _words(name: str, value: Any) -> str:
    return _typed(name, value, str, "words (str)")


def _flag(name: str, value: Any) -> bool:
    return bool(_typed(name, value, (bool, np.bool_), "True or False"))


def _maybe_flag(name: str, value: Any) -> bool | None:
    return None if value is None else _flag(name, value)


def _maybe_bytes(name: str, value: Any) -> bytes | None:
    return None if value is None else _typed(name, value, bytes, "bytes or None")


def _integer(name: str, value: Any) -> int:
    return int(_typed(name, value, Integral, "a whole number"))


def _finite(name: str, value: Any) -> float:
    number = float(_typed(name, value, Real, "a number"))
    if not math.isfinite(number):
        raise ValueError(f"Expected a finite number as {name}. Received: {number}")
    return number


def _values(name: str, value: Any) -> list[float | None]:
    values = _typed(name, value, (list, tuple), "a list")
    return [None if each is None else _finite(name, each) for each in values]


def _shape(name: str, value: Any) -> str:
    return one_of(name, value, SHAPES)


def _tone(name: str, value: Any) -> str:
    return one_of(name, value, TONES)


_PICTURE: dict[str, _Check] = {
    "id": _words,
    "caption": _words,
    "detail": _words,
    "alt": _words,
    "height": _integer,
    "width": _integer,
    "pixels": _maybe_bytes,
    "message": _words,
    "pending": _flag,
}
_BAR: dict[str, _Check] = {"id": _integer, "value": _finite, "top": _flag, "rank": _integer}
_SERIES: dict[str, _Check] = {"name": _words, "shape": _shape, "tone": _tone}
_ROW: dict[str, _Check] = {
    "id": _words,
    "name": _words,
    "values": _values,
    "strong": _flag,
    "switch": _maybe_flag,
    "note": _words,
}
_DEFAULTS = {
    "alt": "",
    "detail": "",
    "message": "",
    "pending": False,
    "strong": False,
    "switch": None,
    "note": "",
}
