"""Charts of how far methods agree: the matrix, and how the pictures are spread behind its means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from numpy.typing import ArrayLike

from hwkit.charts import BLUE, GREY, ORANGE
from hwkit.evaluation.agreement_results import Agreement
from hwkit.visualization import SIGNED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DARK = 0.6  # on cells of a stronger colour, letters are white
_WIDE = 11  # letters below a cell; longer names are written aslant
_MOST_CLASSES = 6  # that are told apart by colour
_COLOURS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#56B4E9", "#E69F00")


def matrix_chart(
    names: Sequence[str],
    mean: ArrayLike,
    deviation: ArrayLike,
    counted: ArrayLike,
    title: str = "Do the methods agree?",
    *,
    note: str = "mean ± standard deviation between pictures",
    label: str = "Spearman's correlation",
) -> Figure:
    """The mean of every two methods as colour and number, with its deviation below.

    Colours run from -1 to 1 in every chart, so that two charts can be compared: red for agreement,
    white for none, blue for opposite orders. Where fewer pictures could be compared than of the
    methods that were compared most often, their number stands in the cell; a grey cell had none.

    Args:
        names: of the methods, k of them.
        mean: ``(k, k)``, NaN where nothing could be compared.
        deviation: ``(k, k)``; NaN is left out.
        counted: how many pictures each mean is of ``(k, k)``.
        title: of the chart.
        note: what the numbers are; how many pictures there are is added.
        label: of the colour bar.

    Raises:
        ValueError: shapes that do not fit.
    """
    means, spread, counts = (np.asarray(each) for each in (mean, deviation, counted))
    size = len(names)
    if not size or any(each.shape != (size, size) for each in (means, spread, counts)):
        raise ValueError(
            f"Expected mean, deviation and counted of shape {(size, size)}, one row for each of "
            f"{size} names. Received: shapes {means.shape}, {spread.shape} and {counts.shape}."
        )
    side = 1.0 + 0.95 * size
    figure, axis = plt.subplots(figsize=(side + 1.4, side), layout="constrained")
    axis.set_facecolor("#DDDDDD")
    sns.heatmap(
        means,
        vmin=-1,
        vmax=1,
        cmap=SIGNED,
        square=True,
        linewidths=1,
        cbar_kws={"label": label, "shrink": 0.8, "ticks": [-1, -0.5, 0, 0.5, 1]},
        ax=axis,
    )
    for row, column in np.ndindex(size, size):
        _cell(axis, row, column, means, spread, counts)
    _name_methods(axis, names)
    axis.set_title(f"{title}\n", fontsize=12, loc="left")
    axis.text(0, 1.015, f"{note}; {counts.max()} pictures", transform=axis.transAxes, fontsize=8.5)
    plt.close(figure)
    return figure


def _name_methods(axis: Axes, names: Sequence[str]) -> None:
    crowded = max(len(line) for name in names for line in name.splitlines()) > _WIDE
    places = np.arange(len(names)) + 0.5
    axis.set_xticks(
        places,
        list(names),
        rotation=30 if crowded else 0,
        ha="right" if crowded else "center",
        rotation_mode="anchor",
    )
    axis.set_yticks(places, list(names), rotation=0)
    axis.tick_params(length=0)


def _cell(
    axis: Axes, row: int, column: int, mean: np.ndarray, spread: np.ndarray, counts: np.ndarray
) -> None:
    """The numbers of one cell."""
    value, count = mean[row, column], counts[row, column]
    place: dict[str, Any] = {"ha": "center", "va": "center"}
    if np.isnan(value):
        axis.text(column + 0.5, row + 0.5, "none", fontsize=8, color="black", **place)
        return
    colour = "white" if abs(value) > _DARK else "black"
    few = count < counts.max()
    alone = row == column and not few
    axis.text(
        column + 0.5,
        row + (0.5 if alone else 0.4),
        f"{value:.2f}".replace("-0.00", "0.00"),
        fontsize=11,
        color=colour,
        **place,
    )
    told = (
        [] if row == column or np.isnan(spread[row, column]) else [f"± {spread[row, column]:.2f}"]
    )
    told += [f"n = {count}"] if few else []
    axis.text(
        column + 0.5,
        row + 0.68,
        "\n".join(told),
        fontsize=7.5,
        color=colour,
        linespacing=1,
        **place,
    )


def spread_chart(
    agreement: Agreement,
    class_names: Sequence[str] = (),
    title: str = "How far do the methods agree on single pictures?",
) -> Figure:
    """How the correlations of every two methods are spread over the pictures, class by class.

    A bar holds the middle half of the pictures, its line the middle 95%, its dot is their median.

    Args:
        agreement: of the methods.
        class_names: by index; without them the indices stand there.
        title: of the chart.

    Raises:
        ValueError: fewer than two methods.
    """
    pairs = list(combinations(agreement.names, 2))
    if not pairs:
        raise ValueError(f"Expected two methods or more. Received: {len(agreement.names)}.")
    parts = agreement.per_class()
    if not 1 < len(parts) <= _MOST_CLASSES:
        named = {"all classes" if len(parts) > 1 else "": agreement}
    else:
        named = {f"class {class_names[c] if class_names else c}": parts[c] for c in parts}
    height = 0.14 * len(pairs) * (1 + len(named)) + 1.4
    figure, axis = plt.subplots(figsize=(7.2, height), layout="constrained")
    axis.axvline(0, color=GREY, linewidth=1)
    for shift, (name, part), colour in zip(
        (np.arange(len(named)) - (len(named) - 1) / 2) * 0.7 / len(named),
        named.items(),
        _COLOURS,
        strict=False,
    ):
        for place, pair in enumerate(pairs):
            values = part.pair(*pair)
            _quantiles(axis, values[~np.isnan(values)], place + shift, colour, name, place == 0)
    axis.set_yticks(range(len(pairs)), [f"{one} and {other}" for one, other in pairs])
    axis.set_ylim(len(pairs) - 0.4, -0.6)  # the first pair at the top
    axis.set(xlim=(-1.03, 1.03), xlabel=agreement.reading.words, title=title)
    axis.grid(axis="x", alpha=0.4)
    if any(named):
        axis.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))
    sns.despine(figure)
    plt.close(figure)
    return figure


def _quantiles(
    axis: Axes, values: np.ndarray, place: float, colour: str, name: str, first: bool
) -> None:
    if not len(values):
        axis.text(0, place, "none", fontsize=7, va="center", color=colour)
        return
    low, lower, middle, upper, high = np.quantile(values, (0.025, 0.25, 0.5, 0.75, 0.975))
    axis.plot([low, high], [place, place], color=colour, linewidth=1.2, solid_capstyle="butt")
    axis.plot([lower, upper], [place, place], color=colour, linewidth=6, solid_capstyle="butt")
    axis.plot(
        middle,
        place,
        "o",
        color="white",
        markeredgecolor=colour,
        markersize=5,
        zorder=3,
        label=name if first and name else None,
    )
