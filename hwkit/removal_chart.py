"""Charts of what stays of pictures, and of how well a network still reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.ticker import PercentFormatter

from hwkit.charts import GREY
from hwkit.evaluation.fills import Fill, filled
from hwkit.evaluation.keeping import keep
from hwkit.evaluation.removal import RemovalCurve
from hwkit.heatmaps import heatmap, input_picture
from hwkit.images.bounds import ImageBound
from hwkit.visualization import panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKERS = "osD^vPX*"


def removal_lines(
    curves: Mapping[str, RemovalCurve], title: str, random: str = "random", level: float = 0.95
) -> Figure:
    """Accuracy against the share of the pixels: a line with its interval for each method.

    The share is what was really kept (or removed), so that superpixels, which come as a whole, can
    be compared with pixels. The area under each line stands beside its name.

    Args:
        curves: by the method's name, all of pictures kept or all of pictures removed.
        title: of the chart.
        random: the name of the random ranking, which is drawn grey and dashed.
        level: of Wilson's intervals, the bands.

    Raises:
        ValueError: no curve, or some that keep and some that remove.
    """
    kinds = {curve.keeping for curve in curves.values()}
    if len(kinds) != 1:
        raise ValueError(
            "Expected curves, all of keeping or all of removing. Received: "
            f"{len(curves)} curves of {len(kinds)} kinds. Draw each kind in a chart of its own."
        )
    figure, axis = plt.subplots(figsize=(6.6, 3.8), layout="constrained")
    methods = [name for name in curves if name != random]
    looks = dict(zip(methods, sns.color_palette("colorblind", len(methods)), strict=True))
    for place, (name, curve) in enumerate(curves.items()):
        colour = looks.get(name, GREY)
        line, marker = ("-", _MARKERS[place % len(_MARKERS)]) if name in looks else ("--", ".")
        ends = np.array([(each.low, each.high) for each in curve.intervals(level)])
        axis.fill_between(curve.covered, *ends.T, color=colour, alpha=0.18, linewidth=0)
        area = f" (area {curve.area:.2f})" if len(curve.fractions) > 1 else ""
        axis.plot(
            curve.covered,
            curve.accuracy,
            line,
            marker=marker,
            markersize=5,
            color=colour,
            label=f"{name}{area}",
        )
    what = "kept" if kinds == {True} else "removed"
    axis.set(
        xlabel=f"share of the pixels that are {what}",
        ylabel="accuracy",
        title=title,
        ylim=(0, 1.03),
    )
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.grid(alpha=0.4)
    axis.legend(fontsize=8, title=f"band: {level:.0%} interval", title_fontsize=8)
    sns.despine(figure)
    plt.close(figure)
    return figure


def kept_strip(
    pictures: np.ndarray,
    maps: np.ndarray,
    fractions: Sequence[float] = (0.1, 0.2, 0.3, 0.5),
    fill: Fill = 0.0,
    *,
    segments: np.ndarray | None = None,
    image_bound: ImageBound | str | tuple[float, float] = "unit",
    caption: str = "",
) -> Figure:
    """A row for each picture: as it is, its map, and what stays of it at each fraction.

    Args:
        pictures: ``(n, h, w, c)``.
        maps: how important each pixel is ``(n, h, w)``; each is drawn on its own scale.
        fractions: from 0 to 1.
        fill: see ``keeping.keep``.
        segments: superpixels, which stay or go as a whole.
        image_bound: what black and full colour are; see ``heatmaps.input_picture``.
        caption: above all.

    Raises:
        ValueError: as ``keeping.keep``.
    """
    background = filled(np.asarray(pictures, np.float32), fill)
    kept = [keep(pictures, maps, each, background, segments=segments) for each in fractions]
    titles = ["picture", "map", *(f"{fraction:.0%} kept" for fraction in fractions)]
    figure, axes = panels(len(pictures), len(titles), caption)
    for row, (picture, values) in enumerate(zip(pictures, maps, strict=True)):
        shown = [
            input_picture(picture, image_bound=image_bound),
            heatmap(values),
            *(input_picture(each[row], image_bound=image_bound) for each in kept),
        ]
        for axis, each in zip(axes[row], shown, strict=True):
            axis.imshow(each, interpolation="nearest")
    for axis, told in zip(axes[0], titles, strict=True):
        axis.set_title(told, fontsize=9)
    return figure
