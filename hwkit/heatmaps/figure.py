"""A figure of heatmaps to read: titles, inputs above, and one colour bar that says its unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from numpy.typing import ArrayLike

from hwkit.heatmaps.colour_maps import colour_map
from hwkit.heatmaps.drawing import SIGMA, heatmap, input_picture
from hwkit.heatmaps.scale import full_colour, maps_of
from hwkit.images.bounds import ImageBound
from hwkit.visualization import SIGNED, panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_IN_A_ROW = 8
_BAR = 0.9  # inches, for the colour bar
_SIDE = 128  # pixels that a small picture is enlarged to or above, so that its outline is thin


def show(
    relevances: ArrayLike | Sequence[ArrayLike],
    images: ArrayLike | Sequence[ArrayLike] | None = None,
    titles: Sequence[str] | None = None,
    cmap: str | Colormap = SIGNED,
    *,
    shared: bool = False,
    columns: int | None = None,
    outline: bool = True,
    sigma: float = SIGMA,
    image_bound: ImageBound | str | tuple[float, float] = "unit",
    unit: str = "logit",
    caption: str = "",
) -> Figure:
    """Heatmaps side by side with one colour bar, each below its input where that is given.

    Args:
        relevances: of one or several pictures, see ``normalise``; a list may hold different sizes.
        images: the inputs, one for each relevance; their outline is drawn on the heatmaps too.
        titles: one for each picture.
        cmap: see ``colour_map``.
        shared: one scale for all, with the numbers of the relevance on the colour bar. Otherwise
            every picture's largest size gets full colour, and pictures cannot be compared.
        columns: pictures in a row; ``None`` for rows of equal length, up to 8.
        outline: draw the outlines of ``images``.
        sigma: of the outlines; see ``heatmaps.outline``.
        image_bound: what black and full colour are in the images; see ``input_picture``.
        unit: of the relevance, that of the output explained; for the colour bar if ``shared``.
        caption: a title for the whole figure.

    Raises:
        TypeError: not numbers.
        ValueError: wrong shapes, values that are not finite, another number of images or titles, an
            unknown map, columns below 1.
    """
    maps = maps_of(relevances)
    count = len(maps)
    inputs = None if images is None else _inputs(images, count)
    _require(count, titles, columns)
    wide = columns or -(-count // -(-count // _IN_A_ROW))
    colours = colour_map(cmap)
    limits = full_colour(maps, shared)
    lines = 1 if inputs is None else 2  # of panels that a row of pictures takes
    figure, axes = panels(lines * -(-count // wide), wide, caption)
    for place, (values, limit) in enumerate(zip(maps, limits, strict=True)):
        row, column = divmod(place, wide)
        own = axes[lines * row : lines * (row + 1), column]
        image = None if inputs is None else inputs[place]
        scale = -(-_SIDE // max(values.shape))
        picture = heatmap(
            values, colours, image, outline=outline, scale=scale, sigma=sigma, limit=limit
        )
        own[-1].imshow(picture, interpolation="nearest")
        if image is not None:
            own[0].imshow(input_picture(image, image_bound=image_bound), interpolation="nearest")
        if titles is not None:
            own[0].set_title(titles[place], fontsize=9)
    _colour_bar(figure, axes, colours, limits[0] if shared else None, unit)
    return figure


def _require(count: int, titles: Sequence[str] | None, columns: int | None) -> None:
    if titles is not None and len(titles) != count:
        raise ValueError(f"Expected {count} titles, one a picture. Received: {len(titles)}.")
    if columns is not None and columns < 1:
        raise ValueError(f"Expected columns of 1 or more. Received: columns={columns}.")


def _colour_bar(
    figure: Figure, axes: np.ndarray, colours: Colormap, limit: float | None, unit: str
) -> None:
    """One bar for all panels; without a limit, in shares of each picture's largest relevance."""
    end = 1.0 if limit is None else limit
    meant = "share of each picture's largest" if limit is None else unit
    width, height = figure.get_size_inches()
    figure.set_size_inches(width + _BAR, height)
    bar = figure.colorbar(
        ScalarMappable(Normalize(-end, end), colours),
        ax=axes.ravel().tolist(),
        fraction=0.05,
        aspect=25,
    )
    bar.set_label(f"relevance\n({meant})", fontsize=9)
    bar.ax.set_title("for", fontsize=8)
    bar.ax.set_xlabel("against", fontsize=8)
    bar.ax.tick_params(labelsize=8)


def _inputs(images: ArrayLike | Sequence[ArrayLike], count: int) -> list[np.ndarray]:
    """The inputs one by one; for one relevance, an array may come without the batch's axis."""
    if isinstance(images, list | tuple):
        found = [np.asarray(each) for each in images]
    else:
        array = np.asarray(images)
        alone = array.ndim == 2 or (array.ndim == 3 and count == 1 and len(array) != 1)
        found = [array] if alone else list(array)
    if len(found) != count:
        raise ValueError(
            f"Expected {count} images, one for each relevance. Received: {len(found)}."
        )
    return found
