"""A small network as a diagram: units in columns, weights on the lines between them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle

from hwkit.charts import BLUE, GREY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_APART = 3.2  # from one column of units to the next, where two units of a column are 1 apart
_RADIUS = 0.33
_LABEL_AT = (0.25, 0.4)  # of the way, so that the labels of crossing lines stay apart


def draw(
    units: Sequence[Sequence[str]],
    weights: Sequence[np.ndarray],
    columns: Sequence[str],
    title: str,
) -> Figure:
    """A network of dense layers; lines are blue for positive weights and orange for negative ones.

    Args:
        units: for each layer from the input to the output, what stands in its units.
        weights: between every two layers, ``(units before, units after)``.
        columns: what stands above each layer.
        title: of the figure.

    Raises:
        ValueError: weights that do not lie between these layers, or another number of headings.
    """
    shapes = [(len(a), len(b)) for a, b in itertools.pairwise(units)]
    received = [np.shape(each) for each in weights]
    if received != shapes or len(columns) != len(units):
        raise ValueError(
            f"Expected weights of the shapes {shapes} and {len(units)} headings. Received: shapes "
            f"{received} and {len(columns)} headings."
        )
    tallest = max(map(len, units))
    figure, axis = plt.subplots(
        figsize=(2.4 * len(units), 0.75 * tallest + 1.3), layout="constrained"
    )
    places = [
        [(column * _APART, (tallest - len(layer)) / 2 + place) for place in range(len(layer))]
        for column, layer in enumerate(units)
    ]
    for before, after, matrix in zip(places, places[1:], weights, strict=False):
        _lines(axis, before, after, np.asarray(matrix))
    for layer, named, heading in zip(units, places, columns, strict=True):
        for text, place in zip(layer, named, strict=True):
            axis.add_patch(Circle(place, _RADIUS, facecolor="white", edgecolor="black", zorder=3))
            axis.text(*place, text, ha="center", va="center", fontsize=9, zorder=4)
        axis.text(named[0][0], -0.7, heading, ha="center", va="bottom", fontsize=9, color="dimgrey")
    axis.set(
        xlim=(-0.8, (len(units) - 1) * _APART + 0.8), ylim=(tallest - 0.5, -1.3), aspect="equal"
    )
    axis.set_axis_off()
    axis.set_title(title, fontsize=10)
    plt.close(figure)
    return figure


def _lines(
    axis: Axes,
    before: Sequence[tuple[float, float]],
    after: Sequence[tuple[float, float]],
    weights: np.ndarray,
) -> None:
    strongest = max(float(np.abs(weights).max()), 1e-12)
    for j, start in enumerate(before):
        for k, end in enumerate(after):
            weight = float(weights[j, k])
            colour = GREY if weight == 0 else BLUE if weight > 0 else ORANGE
            axis.plot(
                *np.transpose([start, end]),
                color=colour,
                linewidth=0.8 + 2.2 * abs(weight) / strongest,
                zorder=1,
            )
            share = _LABEL_AT[j % 2]
            x, y = np.add(np.multiply(start, 1 - share), np.multiply(end, share))
            axis.text(
                x,
                y,
                f"{weight:g}",
                ha="center",
                va="center",
                fontsize=8,
                zorder=2,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )
