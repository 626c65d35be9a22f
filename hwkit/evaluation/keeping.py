"""The important pixels or superpixels of pictures: keep only these, or take just these away.

kept = keep(pictures, maps, 0.2, fill=-1.0)
"""

from __future__ import annotations

import numpy as np

from hwkit.evaluation.fills import Fill, filled


def important(maps: np.ndarray, fraction: float, segments: np.ndarray | None = None) -> np.ndarray:
    """Which pixels are the most important fraction of each picture, bool ``(n, h, w)``.

    Of pixels: the ``int(fraction * h * w + 0.5)`` with the highest values; of equal ones the first
    in reading order. The sign counts: what speaks against the class is the least important.

    Of superpixels: whole ones, in the order of their value (the sum of the map over their pixels,
    for LIME and KernelSHAP the superpixel's weight; of equal ones the first label), just as many
    as it takes to cover so many pixels. So the share that is covered may be larger than asked.

    Args:
        maps: one number a pixel ``(n, h, w)``.
        fraction: from 0 to 1.
        segments: labels ``(n, h, w)`` or, the same for all, ``(h, w)``, integers from 0; ``None``
            to choose pixel by pixel.

    Raises:
        ValueError: no map; maps or segments of another shape, values that are not finite, negative
            labels, a fraction outside.
    """
    return among_first(places(maps, segments), fraction)


def places(maps: np.ndarray, segments: np.ndarray | None = None) -> np.ndarray:
    """How many pixels are more important than each one ``(n, h, w)``, those of its superpixel not.

    See ``important`` for the order, the arguments and the errors.
    """
    values = np.asarray(maps, np.float64)
    if values.ndim != 3 or not values.size or not np.isfinite(values).all():
        raise ValueError(
            "Expected maps (n, h, w) of finite numbers, one or more. Received: shape "
            f"{values.shape}{'' if np.isfinite(values).all() else ', not all finite'}. "
            "heatmaps.pool_channels sums channels."
        )
    labels = None if segments is None else labels_of(segments, values.shape)
    ### BEGIN SOLUTION surrogates: keep_top
    if labels is not None:
        return np.stack([_superpixels_before(*pair) for pair in zip(values, labels, strict=True)])
    order = np.argsort(-values.reshape(len(values), -1), axis=1, kind="stable")
    before = np.empty_like(order)
    np.put_along_axis(before, order, np.arange(order.shape[1])[np.newaxis], axis=1)
    return before.reshape(values.shape)
    ### END SOLUTION


def among_first(before: np.ndarray, fraction: float) -> np.ndarray:
    """The pixels that the fraction reaches, bool ``(n, h, w)``; ``before`` is of ``places``.

    Raises:
        ValueError: a fraction that is not from 0 to 1.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"Expected a fraction from 0 to 1. Received: {fraction}.")
    ### BEGIN SOLUTION surrogates: keep_top
    return before < int(fraction * before[0].size + 0.5)
    ### END SOLUTION


def keep(
    pictures: np.ndarray,
    maps: np.ndarray,
    fraction: float,
    fill: Fill = 0.0,
    *,
    segments: np.ndarray | None = None,
) -> np.ndarray:
    """The pictures where only the most important fraction stays, and all else is the fill.

    Args:
        pictures: ``(n, h, w, c)``; not changed.
        maps: how important each pixel is ``(n, h, w)``.
        fraction: from 0 to 1, see ``important``.
        fill: numbers that broadcast to the pictures, or a function that makes them (``fills``).
        segments: superpixels, which stay or go as a whole; see ``important``.

    Returns:
        ``(n, h, w, c)``, float32.

    Raises:
        ValueError: as ``important``; pictures or a fill of another shape.
    """
    pictures = fitting(pictures, maps)
    return shown_where(important(maps, fraction, segments), pictures, filled(pictures, fill))


def remove(
    pictures: np.ndarray,
    maps: np.ndarray,
    fraction: float,
    fill: Fill = 0.0,
    *,
    segments: np.ndarray | None = None,
) -> np.ndarray:
    """The pictures without their most important fraction, which is the fill; see ``keep``."""
    pictures = fitting(pictures, maps)
    return shown_where(~important(maps, fraction, segments), pictures, filled(pictures, fill))


def shown_where(shown: np.ndarray, pictures: np.ndarray, background: np.ndarray) -> np.ndarray:
    """The pictures' pixels where they are shown ``(n, h, w)``, and elsewhere the background's."""
    ### BEGIN SOLUTION surrogates: keep_top
    return np.where(shown[..., np.newaxis], pictures, background)
    ### END SOLUTION


def random_maps(
    pictures: np.ndarray, seed: int = 0, segments: np.ndarray | None = None
) -> np.ndarray:
    """Maps ``(n, h, w)`` that rank at random: the baseline that every curve needs.

    Args:
        pictures: ``(n, h, w, c)``; only their size counts.
        seed: of the ranking.
        segments: superpixels to rank, ``(n, h, w)`` or ``(h, w)``: each gets one random number,
            spread over its pixels, so that large ones do not come first.

    Raises:
        ValueError: segments of another shape.
    """
    rng = np.random.default_rng(seed)
    shape = np.shape(pictures)[:3]
    if segments is None:
        return rng.random(shape)
    labels = labels_of(segments, shape)
    values = rng.random((shape[0], labels.max(initial=0) + 1))
    return np.stack(
        [
            own[each] / np.bincount(each.ravel())[each]
            for own, each in zip(values, labels, strict=True)
        ]
    )


def fitting(pictures: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """The pictures as float32.

    Raises:
        ValueError: pictures or maps of another shape.
    """
    pictures = np.asarray(pictures, np.float32)
    if pictures.ndim != 4 or not len(pictures) or np.shape(maps) != pictures.shape[:3]:
        raise ValueError(
            "Expected pictures (n, h, w, c), one or more, and maps (n, h, w). Received: "
            f"{pictures.shape} and {np.shape(maps)}. heatmaps.pool_channels sums channels."
        )
    return pictures


def labels_of(segments: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The labels of each picture ``(n, h, w)``.

    Raises:
        ValueError: another shape, not integers, or negative ones.
    """
    labels = np.asarray(segments)
    if labels.shape not in (shape, shape[1:]) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"Expected segments, integers {shape} or {shape[1:]}. Received: {labels.dtype} "
            f"{labels.shape}."
        )
    if labels.min(initial=0) < 0:
        raise ValueError("Expected labels of segments from 0 on. Received: negative ones.")
    return np.broadcast_to(labels, shape)


### BEGIN SOLUTION surrogates: keep_top
def _superpixels_before(values: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """For each pixel of one picture, the size of the superpixels that come before its own."""
    flat = segments.ravel()
    sizes, sums = np.bincount(flat), np.bincount(flat, values.ravel())
    order = np.argsort(-sums, kind="stable")
    before = np.empty_like(sizes)
    before[order] = np.cumsum(sizes[order]) - sizes[order]
    return before[segments]


### END SOLUTION
