"""What stands where pixels are taken away: a colour, noise, the mean, a blur, another picture.

Each choice puts its own question to the network, and its own traces into the picture: the outline
of what was removed is one of them (Hooker et al. 2019, section 1). So compare methods under one
fill, and look at several.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from hwkit.images.baselines import blurred

Fill = ArrayLike | Callable[[np.ndarray], np.ndarray]
"""Numbers that broadcast to the pictures ``(n, h, w, c)`` (a number, a colour ``(c,)``, a picture
``(h, w, c)`` or one for each), or a function that makes them of the pictures."""

__all__ = ["Fill", "blurred", "derangement", "filled", "mean_colour", "noise", "other_pictures"]


def mean_colour(pictures: np.ndarray) -> np.ndarray:
    """Each picture's own mean colour: ``(n, h, w, c)`` to ``(n, 1, 1, c)``. Itself a fill."""
    return pictures.mean(axis=(1, 2), keepdims=True, dtype=np.float64).astype(np.float32)


def noise(low: ArrayLike, high: ArrayLike, seed: int = 0) -> Callable[[np.ndarray], np.ndarray]:
    """A fill of uniform noise, every pixel and channel by itself; the same for the same seed.

    Args:
        low: the lowest value: a number, or one for each channel ``(c,)``.
        high: the highest.
        seed: of the noise.

    Raises:
        ValueError: low is not below high.
    """
    lowest, highest = np.asarray(low, np.float32), np.asarray(high, np.float32)
    if not (lowest < highest).all():
        raise ValueError(f"Expected low below high. Received: low={low!r}, high={high!r}.")

    def drawn(pictures: np.ndarray) -> np.ndarray:
        rng = np.random.default_rng(seed)
        shares = rng.random(pictures.shape, dtype=np.float32)
        return lowest + (highest - lowest) * shares

    return drawn


def other_pictures(seed: int = 0) -> Callable[[np.ndarray], np.ndarray]:
    """A fill of other pictures' pixels: each picture gets one partner, never itself.

    The partner may be of the same class: as often as the pictures have it.

    Args:
        seed: decides the partners.
    """

    def partners(pictures: np.ndarray) -> np.ndarray:
        return pictures[derangement(len(pictures), np.random.default_rng(seed))]

    return partners


def derangement(count: int, rng: np.random.Generator) -> np.ndarray:
    """A random order ``(count,)`` in which nothing keeps its place.

    Every one is as likely as any other: orders are drawn until one fits, e times on average.

    Raises:
        ValueError: fewer than two.
    """
    if count < 2:
        raise ValueError(
            f"Expected two pictures or more, so that each has another one. Received: {count}."
        )
    places = np.arange(count)
    order = rng.permutation(count)
    while (order == places).any():
        order = rng.permutation(count)
    return order


def filled(pictures: np.ndarray, fill: Fill) -> np.ndarray:
    """The fill of these pictures, for all of their pixels, float32 ``(n, h, w, c)``; do not change.

    Raises:
        ValueError: a fill that does not broadcast to the pictures.
    """
    values = np.asarray(fill(pictures) if callable(fill) else fill, np.float32)
    try:
        return np.broadcast_to(values, pictures.shape)
    except ValueError as error:
        raise ValueError(
            f"Expected a fill for pictures {pictures.shape}: a number, a colour (c,), a picture "
            f"(h, w, c) or one for each. Received: shape {values.shape}."
        ) from error
