"""Albums of a user's own arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from hwkit.explorer.albums.pictures import Picture, PictureAlbum, quoted
from hwkit.images.decode import check_size, fit

GROUP = "pictures"
AS_PIXELS = "from hwkit.explorer.albums import as_pixels"
_MIN_SIDE = 32
_SLACK = 1e-3  # what resizing may overshoot by
_COLOURS = ((1,), (3,), (4,))  # ends of the shape of a single picture
_BRIGHT = 16  # floats that stay below are hardly pictures in [0, 255]
Images = np.ndarray | Sequence[np.ndarray]


class ArrayAlbum(PictureAlbum):
    """An album of pictures in arrays; see ``as_pixels`` for what these may be.

    Args:
        images: pictures, which make one group, or the pictures of each group by its name.
        size: side of the network's input in pixels; ``None`` to take pictures as they are.
        classes: names of the network's classes, which groups may be called after.
        names: what the pictures are called, where they make one group; else they are numbered.
        variable: the expression that gives ``images`` in the user's code.
        imports: lines of Python that the expression needs.

    Raises:
        TypeError, ValueError: not pictures, or another number of names.
    """

    def __init__(
        self,
        images: Images | Mapping[str, Images],
        size: int | None = None,
        classes: Sequence[str] = (),
        *,
        names: Sequence[str] | None = None,
        variable: str = "images",
        imports: tuple[str, ...] = (),
    ) -> None:
        if not isinstance(images, Mapping):
            super().__init__(
                {GROUP: _pictures(images, size, variable, GROUP, names, imports)}, classes
            )
            return
        if names is not None:
            raise ValueError(
                "Expected names together with one array of pictures. Received: a mapping, whose "
                "groups are named already."
            )
        if not all(isinstance(group, str) for group in images):
            raise TypeError(
                "Expected groups of pictures by their names. Received: "
                f"{', '.join(repr(group) for group in images if not isinstance(group, str))}."
            )
        super().__init__(
            {
                group: _pictures(array, size, f"{variable}[{quoted(group)}]", group, None, imports)
                for group, array in images.items()
            },
            classes,
        )


def as_pixels(images: Images, size: int | None = None, name: str = "images") -> np.ndarray:
    """Pictures of any usual kind as RGB, uint8 ``(n, size, size, 3)``.

    Args:
        images: ``(n, h, w, 3)``, or grey ones ``(n, h, w)`` or ``(n, h, w, 1)``; also a list of
            single pictures. uint8 or other whole numbers are taken as 0 to 255. Floating-point
            numbers are taken as 0 to 1 if none is larger, else as 0 to 255.
        size: pictures of another size are resized and centre-cropped to this; ``None`` to take them
            as they are.
        name: of the images, for messages.

    Raises:
        TypeError: not numbers. ValueError: no picture, another shape, NaN, or numbers that are
        neither 0 to 1 nor 0 to 255, such as those that were made ready for a network.
    """
    if size is not None:
        check_size(size)
    rows = [_as_rgb(row) for row in _rows(images, name)]
    pixels = [_bytes(row) for row in _scaled(rows, name)]
    if size is not None:
        pixels = [_fitted(row, size, f"{name}[{i}]") for i, row in enumerate(pixels)]
    shapes = {row.shape for row in pixels}
    if len(shapes) > 1:
        raise ValueError(
            f"Expected {name} of one size. Received: shapes {', '.join(map(str, sorted(shapes)))}."
        )
    return np.stack(pixels)


def _pictures(
    images: Images,
    size: int | None,
    variable: str,
    group: str,
    names: Sequence[str] | None,
    imports: tuple[str, ...],
) -> list[Picture]:
    pixels = as_pixels(images, size, variable)
    pixels.setflags(write=False)
    if names is not None and len(names) != len(pixels):
        raise ValueError(
            f"Expected {len(pixels)} names, one for each picture. Received: {len(names)}."
        )
    titles = [f"{group} {i + 1}" for i in range(len(pixels))] if names is None else names
    unchanged = len(images) == len(pixels) and all(
        isinstance(each, np.ndarray) and each.dtype == np.uint8 and np.array_equal(each, row)
        for each, row in zip(images, pixels, strict=True)
    )
    if not unchanged:
        variable = f"as_pixels({variable}{'' if size is None else f', {size}'})"
        imports = (*imports, AS_PIXELS)
    return [
        Picture(row, str(title), imports, f"{variable}[{i}]")
        for i, (row, title) in enumerate(zip(pixels, titles, strict=True))
    ]


def _rows(images: Images, name: str) -> list[np.ndarray]:
    """The pictures one by one, each ``(h, w)``, ``(h, w, 1)`` or ``(h, w, 3)``."""
    shape = f" of shape {images.shape}" if isinstance(images, np.ndarray) else ""
    if isinstance(images, np.ndarray) and images.ndim < 4 and images.shape[-1:] in _COLOURS:
        raise ValueError(
            f"Expected several pictures, (n, h, w, 3). Received: {name}{shape}, which looks like a "
            "single one: give images[np.newaxis]."
        )
    many = isinstance(images, list | tuple) or (isinstance(images, np.ndarray) and images.ndim > 0)
    rows = [np.asarray(row) for row in images] if many else []
    if not rows:
        raise ValueError(
            f"Expected pictures, (n, h, w, 3). Received: {name}{shape}, which holds none."
        )
    for row in rows:
        fits = row.ndim == 2 or (row.ndim == 3 and row.shape[-1] in (1, 3))
        if not fits or 0 in row.shape:
            raise ValueError(
                f"Expected {name} of shape (n, h, w, 3), or (n, h, w) for grey ones. Received:"
                f"{shape or f' one of shape {row.shape}'}."
            )
        if row.dtype.kind not in "iuf":
            raise TypeError(
                f"Expected {name} as uint8 or floating-point numbers. Received: {row.dtype}."
            )
    return rows


def _as_rgb(row: np.ndarray) -> np.ndarray:
    grey = row[..., np.newaxis] if row.ndim == 2 else row
    return np.repeat(grey, 3, axis=-1) if grey.shape[-1] == 1 else grey


def _scaled(rows: list[np.ndarray], name: str) -> list[np.ndarray]:
    """The same pictures in 0 to 255, whatever they were in."""
    if any(row.dtype.kind == "f" and not np.isfinite(row).all() for row in rows):
        raise ValueError(f"Expected finite numbers. Received: {name} with NaN or infinity.")
    low, high = (float(f([f(row) for row in rows])) for f in (np.min, np.max))
    floating = any(row.dtype.kind == "f" for row in rows)
    small = not all(row.dtype == np.uint8 for row in rows) and high > 0
    received = f"Received: {name} from {low:.4g} to {high:.4g}"
    if low < -_SLACK or high > 255 + _SLACK:
        raise ValueError(
            f"Expected RGB from 0 to 255, or from 0 to 1. {received}. Pictures that were made "
            "ready for a network are turned back by bound.to_rgb(images), where bound is its "
            "ImageBound."
        )
    if floating and 1 + _SLACK < high < _BRIGHT:
        raise ValueError(
            f"Expected RGB from 0 to 255, or from 0 to 1. {received}, which may be either. Scale "
            "them, or give uint8."
        )
    if not floating and small and high <= 1:
        raise ValueError(
            f"Expected RGB from 0 to 255, or floating-point numbers from 0 to 1. {received}, whole "
            "numbers that may be either. Give (255 * images).astype('uint8')."
        )
    return [255 * row for row in rows] if floating and high <= 1 + _SLACK else rows


def _bytes(row: np.ndarray) -> np.ndarray:
    if row.dtype == np.uint8:
        return row
    return np.clip(np.rint(row), 0, 255).astype(np.uint8)


def _fitted(row: np.ndarray, size: int, name: str) -> np.ndarray:
    if row.shape == (size, size, 3):
        return row
    return fit(Image.fromarray(np.ascontiguousarray(row)), size, name, min(_MIN_SIDE, size))
