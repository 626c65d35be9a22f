"""Charts of numbers about explanations: influences, compression grids, shares, errors of rules.

Blue and orange (Okabe and Ito's) stand for positive and negative throughout; grids use a
perceptually even map.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.container import BarContainer
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator

from hwkit.ranking import ranked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#999999"
_METRICS = {
    "recall": "recall",
    "precision": "precision",
    "auc": "area under ROC",
    "false_positive_rate": "false-positive rate",
}


def influence_bars(influence: np.ndarray, title: str, count: int = 10) -> Figure:
    """The ``count`` most positive and most negative channels ``(c,)`` as bars, named by index."""
    order = ranked(influence)
    shown = order if len(order) <= 2 * count else np.concatenate([order[:count], order[-count:]])
    values = influence[shown]
    places = np.arange(len(shown))
    figure, axis = plt.subplots(figsize=(8, 2.8), layout="constrained")
    if len(shown) < len(order):  # a gap says that channels are left out
        places[count:] += 1
        axis.text(count, 0, f"{len(order) - len(shown)}\nmore", ha="center", fontsize=8)
    axis.bar(places, values, color=np.where(values >= 0, BLUE, ORANGE))
    axis.set_xticks(places, [str(index) for index in shown], fontsize=8)
    axis.axhline(0, color="black", linewidth=0.8)
    axis.set(xlabel="neuron (channel index), by rank", ylabel="influence", title=title)
    sns.despine(figure)
    plt.close(figure)
    return figure


def compression_heatmap(
    grid: pd.DataFrame, title: str, values: Sequence[str] = ("recall", "precision")
) -> Figure:
    """The top x bottom grid of ``Compression.grid``: a heatmap for each score.

    Every cell holds its number. Cells that keep more channels than there are stay white; a grey "-"
    is a precision of a class that is never predicted.
    """
    figure, axes = plt.subplots(
        1, len(values), figsize=(5.4 * len(values), 4.4), squeeze=False, layout="constrained"
    )
    for axis, value in zip(axes.flat, values, strict=True):
        square = grid.pivot(index="top", columns="bottom", values=value)
        exists = grid.assign(there=1.0).pivot(index="top", columns="bottom", values="there").notna()
        sns.heatmap(
            square,
            annot=True,
            fmt=".2f",
            vmin=0,
            vmax=1,
            cmap="cividis",
            annot_kws={"fontsize": 8},
            cbar_kws={"label": _METRICS.get(value, value)},
            ax=axis,
        )
        for row, column in np.argwhere((exists & square.isna()).to_numpy()):
            axis.add_patch(Rectangle((column, row), 1, 1, facecolor="#DDDDDD"))
            axis.text(column + 0.5, row + 0.5, "-", ha="center", va="center", fontsize=8)
        axis.set(
            title=f"{_METRICS.get(value, value)}: {title}",
            xlabel="bottom: most negative channels kept",
            ylabel="top: most positive channels kept",
        )
    plt.close(figure)
    return figure


def recall_table_chart(table: pd.DataFrame) -> Figure:
    """Recall, precision and AUC of every class and network of a recall table, as points in a row.

    Args:
        table: what ``recall_table`` returns.
    """
    networks = list(dict.fromkeys(table.network))
    colours = dict(zip(networks, sns.color_palette("colorblind", len(networks)), strict=True))
    classes = list(dict.fromkeys(table["class"]))
    figure, axes = plt.subplots(
        1, 3, figsize=(12, 0.5 * len(classes) + 1.6), sharey=True, layout="constrained"
    )
    for axis, score in zip(axes, ("recall", "precision", "auc"), strict=True):
        for shift, network in zip(np.linspace(-0.28, 0.28, len(networks)), networks, strict=True):
            rows = table[table.network == network]
            places = [classes.index(name) + shift for name in rows["class"]]
            marker = "D" if network == "original" else "o"
            axis.scatter(
                rows[score], places, color=colours[network], marker=marker, s=28, label=network
            )
        axis.set(xlabel=_METRICS[score], xlim=(-0.03, 1.03), title=_METRICS[score])
        axis.set_yticks(range(len(classes)), classes)
        axis.grid(axis="x", alpha=0.4)
    axes[0].invert_yaxis()
    axes[-1].legend(title="network", bbox_to_anchor=(1.02, 1), loc="upper left", fontsize=8)
    plt.close(figure)
    return figure


def table_view(
    table: pd.DataFrame, score: str = "recall", beside: str = "precision"
) -> pd.DataFrame:
    """A recall table as one row a class: two scores of each network, and their means.

    Args:
        table: what ``recall_table`` returns.
        score: the score that comes first: "recall", "precision", "auc" or "false_positive_rate".
        beside: the score that stands in brackets; undefined numbers are shown as "-".
    """
    networks, order = list(dict.fromkeys(table.network)), list(dict.fromkeys(table["class"]))
    shown = []
    for each, template in ((score, "{:.2f}"), (beside, " ({:.2f})")):
        values = table.pivot(index="class", columns="network", values=each).loc[order, networks]
        values.loc["mean"] = values.mean()
        shown.append(values.map(template.format).map(lambda text: text.replace("nan", "-")))
    heading = f"{_METRICS[score]} ({_METRICS[beside]})"
    return (shown[0] + shown[1]).rename_axis(columns=heading, index="class")


def share_bars(shares: pd.DataFrame, title: str, reference: str | None = None) -> Figure:
    """Shares (columns) of each part (index) as grouped bars; the column ``reference`` is grey."""
    figure, axis = plt.subplots(
        figsize=(7.5, 0.35 * len(shares) * max(1, shares.shape[1] / 2) + 1.4), layout="constrained"
    )
    colours = [
        GREY if column == reference else colour
        for column, colour in zip(shares, _cycle(shares), strict=True)
    ]
    shares.iloc[::-1, ::-1].plot.barh(ax=axis, color=colours[::-1], width=0.8, legend=False)
    for bars in axis.containers:
        if isinstance(bars, BarContainer):
            axis.bar_label(bars, fmt="%.2f", padding=2, fontsize=7)
    axis.set(xlabel=shares.columns[0] if shares.shape[1] == 1 else "share", ylabel="", title=title)
    if shares.shape[1] > 1:
        axis.legend(reverse=True, bbox_to_anchor=(1.02, 1), loc="upper left", fontsize=8)
    sns.despine(figure)
    plt.close(figure)
    return figure


def error_lines(errors: pd.DataFrame, title: str) -> Figure:
    """Error against number of points, both logarithmic: a line a column, and a dashed 1/n."""
    figure, axis = plt.subplots(figsize=(6.2, 3.6), layout="constrained")
    styles = zip(sns.color_palette("colorblind"), "osD^vP", strict=False)
    for (name, column), (colour, marker) in zip(errors.items(), styles, strict=False):
        style = {"marker": marker, "color": colour, "markersize": 5}
        axis.loglog(errors.index, column, label=str(name), **style)
    points = errors.index.to_numpy(float)
    axis.loglog(points, errors.iloc[0].mean() * points[0] / points, "--", color=GREY, label="1/n")
    axis.set(
        xlabel="points on the path (n)", ylabel="relative L1 error of the attribution", title=title
    )
    axis.set_xticks(points, [f"{n:g}" for n in points])
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda error, _: f"{error:g}"))
    axis.minorticks_off()
    axis.grid(alpha=0.4)
    axis.legend(fontsize=8)
    plt.close(figure)
    return figure


def layer_sums(sums: pd.DataFrame, title: str) -> Figure:
    """Sums of relevance from the output down to the input: a line for each rule (column).

    Args:
        sums: rows are layers, from the output to the input; 1 is the whole score.
        title: of the chart.
    """
    figure, axis = plt.subplots(figsize=(7, 3.2), layout="constrained")
    axis.axhline(1, color=GREY, linewidth=5, alpha=0.4, label="conserved")
    styles = zip(sns.color_palette("colorblind"), "osD^vPX*", strict=False)
    for (name, column), (colour, marker) in zip(sums.items(), styles, strict=False):
        axis.plot(range(len(sums)), column, marker=marker, color=colour, label=str(name))
    axis.set_xticks(range(len(sums)), [str(layer) for layer in sums.index])
    axis.set(xlabel="layer, from the output down", ylabel="sum of relevance\n/ score", title=title)
    axis.grid(axis="y", alpha=0.4)
    axis.legend(fontsize=8, bbox_to_anchor=(1.02, 1), loc="upper left")
    sns.despine(figure)
    plt.close(figure)
    return figure


def _cycle(shares: pd.DataFrame) -> list[str]:
    palette = [BLUE, ORANGE, "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
    return [palette[place % len(palette)] for place in range(shares.shape[1])]
