"""From relevance to the scale of the colour maps: channels summed, the largest size at full colour.

The scale is the same for both signs, so that a pixel that speaks half as much against as another
speaks for is half as strong in colour, and relevance 0 has the colour of the map's middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

_COLOURS = (1, 3, 4)  # so many channels a picture has


def pool_channels(relevance: ArrayLike) -> np.ndarray:
    """One relevance a pixel: ``(h, w, c)`` to ``(h, w)``, ``(n, h, w, c)`` to ``(n, h, w)``.

    Channels are summed, which keeps the sum of the relevance: it is what conservation speaks of.

    Raises:
        TypeError: not real numbers.
        ValueError: another shape, no value at all, or values that are not finite.
    """
    values = numbers(relevance, "relevance")
    if values.ndim not in (3, 4):
        raise ValueError(
            f"Expected relevance (h, w, c) or (n, h, w, c). Received: shape {values.shape}."
        )
    with np.errstate(over="ignore", invalid="ignore"):  # told below, as an error
        return _finite(values.sum(axis=-1))


def normalise(relevance: ArrayLike, shared: bool = False) -> np.ndarray:
    """Relevance in [-1, 1], one number a pixel, with every sign kept.

    Args:
        relevance: one picture ``(h, w)`` or ``(h, w, c)``, or several of a size, ``(n, h, w)`` or
            ``(n, h, w, c)``. Three axes are one picture if the last is 1, 3 or 4 long.
        shared: divide all pictures by the largest size in any of them, so that they can be
            compared; otherwise each by its own.

    Returns:
        ``(h, w)`` or ``(n, h, w)``, float64. A picture without any relevance stays zero.

    Raises:
        TypeError: not real numbers.
        ValueError: another shape, no value at all, or values that are not finite.
    """
    values = numbers(relevance, "relevance")
    single = values.ndim == 2 or _in_colour(values)
    maps = np.stack(maps_of(values))
    limits = np.array(full_colour(list(maps), shared))
    scaled: np.ndarray = maps / limits[:, np.newaxis, np.newaxis]
    return scaled[0] if single else scaled


def full_colour(maps: Sequence[np.ndarray], shared: bool) -> list[float]:
    """The relevance that gets full colour in each map; 1 where there is none at all."""
    largest = [float(np.abs(each).max()) for each in maps]
    if shared:
        largest = [max(largest)] * len(largest)
    return [each or 1.0 for each in largest]


def map_of(relevance: ArrayLike) -> np.ndarray:
    """One picture's relevance ``(h, w)`` or ``(h, w, c)``, as one number a pixel ``(h, w)``."""
    values = numbers(relevance, "relevance")
    if values.ndim == 2:
        return _finite(values)
    if values.ndim == 3:
        return pool_channels(values)
    raise ValueError(
        "Expected the relevance of one picture, (h, w) or (h, w, c). Received: shape "
        f"{values.shape}.{_way_out(values)}"
    )


def maps_of(relevances: ArrayLike | Sequence[ArrayLike]) -> list[np.ndarray]:
    """The maps ``(h, w)`` of one or several pictures; see ``normalise``.

    A list or tuple is one of pictures, which may differ in size.
    """
    if isinstance(relevances, list | tuple):
        if not relevances:
            raise ValueError("Expected relevance of one picture or more. Received: an empty list.")
        return [map_of(each) for each in relevances]
    values = numbers(relevances, "relevance")
    if values.ndim == 2 or _in_colour(values):
        return [map_of(values)]
    if values.ndim in (3, 4):
        return [map_of(each) for each in values]
    raise ValueError(
        "Expected relevance (h, w), (h, w, c), (n, h, w) or (n, h, w, c). Received: shape "
        f"{values.shape}.{_way_out(values)}"
    )


def numbers(values: Any, what: str) -> np.ndarray:
    """These values as float64.

    Raises:
        TypeError: not real numbers.
        ValueError: no value at all, or rows of different lengths.
    """
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"Expected {what} as one array. Received: {error}.") from error
    if found.dtype.kind not in "biuf":
        raise TypeError(f"Expected {what} in real numbers. Received: dtype {found.dtype}.")
    if not found.size:
        raise ValueError(f"Expected {what} of one pixel or more. Received: shape {found.shape}.")
    return found.astype(np.float64)


def _in_colour(values: np.ndarray) -> bool:
    return values.ndim == 3 and values.shape[-1] in _COLOURS


def _finite(values: np.ndarray) -> np.ndarray:
    wrong = int((~np.isfinite(values)).sum())
    if wrong:
        raise ValueError(
            f"Expected finite relevance. Received: {wrong} of {values.size} pixels infinite or not "
            "a number (NaN). Look for a division by zero: a rule without a stabilizer makes them."
        )
    return values


def _way_out(values: np.ndarray) -> str:
    side = round(values.shape[-1] ** 0.5) if values.ndim else 0
    if values.ndim in (1, 2) and side * side == values.shape[-1] and side > 1:
        return f" Flat pictures take their shape with .reshape(-1, {side}, {side})."
    if values.ndim == 4:
        return " Take one of a batch with relevance[i], or show them all with show(relevance)."
    return ""
