"""Many pictures on one sheet, in exact pixels, and files of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.colors import to_rgb

from hwkit.heatmaps.drawing import rgb_bytes

_IN_A_ROW = 16  # 256 pictures make a square
_LOSSLESS = {".bmp": "BMP", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}


def tile(
    pictures: Sequence[np.ndarray],
    columns: int | None = None,
    gap: int = 2,
    colour: str = "grey",
) -> np.ndarray:
    """RGB pictures of one size in a grid, row by row, as one uint8 RGB picture.

    Args:
        pictures: each ``(h, w, 3)``, uint8 or numbers in [0, 1].
        columns: pictures in a row; ``None`` for all of them, up to 16.
        gap: pixels between neighbours.
        colour: of the gaps and of places without a picture, as matplotlib names colours. Grey is
            seen beside light and dark heatmaps; the toolbox takes "black".

    Raises:
        TypeError: not pictures of numbers.
        ValueError: no picture, different sizes, columns below 1, gap below 0, an unknown colour.
    """
    shown = [_rgb(each) for each in pictures]
    if not shown:
        raise ValueError("Expected one picture or more. Received: none.")
    sizes = {each.shape[:2] for each in shown}
    if len(sizes) > 1:
        raise ValueError(
            f"Expected pictures of one size. Received: sizes {sorted(sizes)}. Tile those of "
            "a size, or choose each heatmap's scale so that they agree."
        )
    width = min(len(shown), _IN_A_ROW) if columns is None else columns
    if width < 1 or gap < 0:
        raise ValueError(
            f"Expected columns of 1 or more and a gap of 0 or more. Received: columns={columns}, "
            f"gap={gap}."
        )
    rows = -(-len(shown) // width)
    h, w = shown[0].shape[:2]
    size = (rows * (h + gap) - gap, width * (w + gap) - gap, 3)
    sheet = np.broadcast_to(rgb_bytes(np.array(to_rgb(colour))), size).copy()
    for place, picture in enumerate(shown):
        row, column = divmod(place, width)
        top, left = row * (h + gap), column * (w + gap)
        sheet[top : top + h, left : left + w] = picture
    return sheet


def save(picture: np.ndarray, path: str | Path) -> Path:
    """Write a picture ``(h, w, 3)``, uint8 or numbers in [0, 1], over what is there.

    Returns:
        the file's path.

    Raises:
        TypeError: not a picture of numbers.
        ValueError: another shape, or a kind of file that would not keep every pixel.
        FileNotFoundError: no such folder.
        OSError: the file cannot be written.
    """
    from PIL import Image

    file = Path(path).expanduser()
    kind = _LOSSLESS.get(file.suffix.lower())
    if kind is None:
        raise ValueError(
            f"Expected a file name that ends in one of {', '.join(_LOSSLESS)}, which keep every "
            f"pixel (JPEG blends neighbours). Received: {file}"
        )
    pixels = _rgb(picture)
    if not file.resolve().parent.is_dir():
        raise FileNotFoundError(
            f"Expected the folder {file.resolve().parent} to write {file.name} into, and found "
            "none. Make it first, or choose another place."
        )
    Image.fromarray(pixels).save(file, kind)
    return file


def _rgb(picture: np.ndarray) -> np.ndarray:
    pixels = np.asarray(picture)
    if pixels.ndim != 3 or pixels.shape[-1] != 3 or not pixels.size:
        raise ValueError(f"Expected an RGB picture (h, w, 3). Received: shape {pixels.shape}.")
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind != "f":
        raise TypeError(
            f"Expected a picture in uint8 or in floating point. Received: dtype {pixels.dtype}."
        )
    # Written so that NaN is refused too.
    if not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(
            "Expected floating-point colours in [0, 1]. Received: values from "
            f"{pixels.min():g} to {pixels.max():g}. Relevance gets its colours from heatmap()."
        )
    return rgb_bytes(pixels)
