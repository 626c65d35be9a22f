"""The page as a figure for print: what the views show, drawn by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from hwkit.charts import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hwkit.explorer.views import Page

FORMATS = {"png": "image/png", "svg": "image/svg+xml"}
_GREEN = "#009E73"
_TONES = {"grey": "#BBBBBB", "blue": BLUE, "orange": ORANGE, "green": _GREEN}
_MARKS = {"circle": "o", "triangle": "^", "ring": "o", "line": "|"}
_WIDTH = 10.0  # inches
_ROW = 6  # pictures of neurons in a row
_DPI = 200


def figure_of(page: Page) -> Figure:
    """A figure of all views that have something to show.

    Pictures keep their pixels: nothing is smoothed.

    Args:
        page: what the explorer shows.
    """
    neurons = _shown(page.neurons)
    lines = -(-len(neurons) // _ROW)
    charts = [each for each in (page.scores, page.parts) if each.get("rows")]
    longest = max((len(each["rows"]) for each in charts), default=0)
    heights = [2.2, *[2.0] * lines, *([0.9 + 0.26 * longest] if charts else [])]
    figure = Figure(figsize=(_WIDTH, sum(heights) + 0.5), layout="constrained")
    figure.suptitle(page.sentence, fontsize=13)
    figure.supxlabel(_made_by(page), fontsize=7, color="#555555")
    rows = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    top = rows[0].subgridspec(1, 4, width_ratios=(1, 1, 1, 2))
    for place, panel in enumerate(_shown(page.pictures)):
        _picture(figure.add_subplot(top[place]), panel)
    if page.bars.get("bars"):
        _bars(figure.add_subplot(top[3]), page.bars)
    for place, panel in enumerate(neurons):
        line, column = divmod(place, _ROW)
        if column == 0:
            cells = rows[1 + line].subgridspec(1, _ROW)
        _picture(figure.add_subplot(cells[column]), panel)
    if charts:
        below = rows[len(heights) - 1].subgridspec(1, len(charts))
        for place, chart in enumerate(charts):
            _rows(figure.add_subplot(below[place]), chart)
    return figure


def _made_by(page: Page) -> str:
    """What one has to know to make the figure again."""
    s = page.settings
    return (
        f"layer {s.layer}; {s.resolution} points on the path ({s.rule}); pixels from the baseline "
        f"{s.baseline}; light blurred by {s.blur:g} pixels, from a threshold of {s.threshold:g}"
    )


def drawn(figure: Figure, kind: str) -> bytes:
    """The figure as a file.

    Raises:
        ValueError: not a kind of ``FORMATS``.
    """
    if kind not in FORMATS:
        raise ValueError(f"Expected {' or '.join(FORMATS)}. Received: {kind!r}.")
    file = io.BytesIO()
    figure.savefig(file, format=kind, dpi=_DPI, bbox_inches="tight")
    return file.getvalue()


def _shown(gallery: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in gallery["pictures"] if each["pixels"] is not None]


def _picture(axis: Axes, panel: dict[str, Any]) -> None:
    pixels = np.frombuffer(panel["pixels"], np.uint8)
    axis.imshow(
        pixels.reshape(panel["height"], panel["width"], 3), interpolation="nearest", aspect="equal"
    )
    axis.set_title("\n".join(filter(None, (panel["caption"], panel["detail"]))), fontsize=8)
    axis.set_axis_off()


def _bars(axis: Axes, chart: dict[str, Any]) -> None:
    bars, gap = chart["bars"], chart["gap"]
    places = np.arange(len(bars)) + (np.arange(len(bars)) >= gap if gap >= 0 else 0)
    values = np.array([bar["value"] for bar in bars])
    shades = [1.0 if bar["top"] or bar["id"] in chart["chosen"] else 0.45 for bar in bars]
    for place, value, shade in zip(places, values, shades, strict=True):
        axis.bar(place, value, color=BLUE if value >= 0 else ORANGE, alpha=shade)
    axis.set_xticks(places, [str(bar["id"]) for bar in bars], fontsize=6, rotation=90)
    if gap >= 0:
        middle = axis.get_xaxis_transform()
        axis.text(gap, 0.5, f"{chart['omitted']} more", transform=middle, rotation=90, fontsize=6,
                  ha="center", va="center")  # fmt: skip
    axis.axhline(0, color="black", linewidth=0.8)
    axis.tick_params(axis="y", labelsize=7)
    axis.set_xlabel("neuron", fontsize=8)
    axis.set_ylabel("influence", fontsize=8)
    axis.set_title(f"influence: {chart['measure']}", fontsize=8)
    axis.spines[["top", "right"]].set_visible(False)


def _rows(axis: Axes, chart: dict[str, Any]) -> None:
    rows: Sequence[dict[str, Any]] = chart["rows"]
    places = np.arange(len(rows))
    for number, series in enumerate(chart["series"]):
        values = np.array([_number(row["values"][number]) for row in rows])
        colour = _TONES[series["tone"]]
        if series["shape"] == "bar":
            axis.barh(places, values, height=0.6, color=colour, label=series["name"])
            continue
        axis.plot(
            values,
            places,
            _MARKS[series["shape"]],
            color="black" if series["shape"] == "line" else colour,
            fillstyle="none" if series["shape"] == "ring" else "full",
            markersize=9 if series["shape"] == "line" else 6,
            markeredgewidth=2 if series["shape"] in ("line", "ring") else 1,
            label=series["name"],
        )
    axis.set_yticks(places, [row["name"] for row in rows], fontsize=8)
    for label, row in zip(axis.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row["strong"] else "normal")
    axis.invert_yaxis()
    axis.axvline(0, color="black", linewidth=0.8)
    axis.tick_params(axis="x", labelsize=7)
    axis.set_xlabel(chart["measure"], fontsize=8)
    axis.set_title(chart["label"], fontsize=9)
    axis.legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)
    axis.spines[["top", "right"]].set_visible(False)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
