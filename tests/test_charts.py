"""Charts: the numbers in them, their titles and labels."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from hwkit import charts


@pytest.fixture(autouse=True)
def _no_figure_is_left_open():
    before = plt.get_fignums()
    yield
    assert plt.get_fignums() == before


@pytest.fixture
def table() -> pd.DataFrame:
    """Two classes, three networks; the last one never predicts the second class."""
    rows = [
        ("bonnet", "original", 0.5, 0.8, 0.9),
        ("bonnet", "influence", 0.75, 0.25, 0.8),
        ("bonnet", "random", 0.2, 0.4, 0.7),
        ("pelican", "original", 0.7, 1.0, 0.95),
        ("pelican", "influence", 0.25, 0.75, 0.6),
        ("pelican", "random", 0.0, np.nan, 0.5),
    ]
    return pd.DataFrame(rows, columns=["class", "network", "recall", "precision", "auc"])


def test_bars_show_the_ends_of_the_ranking():
    influence = np.arange(30.0) - 14.5
    figure = charts.influence_bars(influence, "sports car", count=3)
    (axis,) = figure.axes
    assert axis.get_title() == "sports car"
    assert axis.get_xlabel() and axis.get_ylabel() == "influence"
    heights = [bar.get_height() for bar in axis.patches]
    assert heights == [14.5, 13.5, 12.5, -12.5, -13.5, -14.5]
    assert [label.get_text() for label in axis.get_xticklabels()] == [
        "29",
        "28",
        "27",
        "2",
        "1",
        "0",
    ]
    colours = [to_hex(bar.get_facecolor()) for bar in axis.patches]
    assert colours == [charts.BLUE.lower()] * 3 + [charts.ORANGE.lower()] * 3


def test_few_channels_are_shown_once():
    (axis,) = charts.influence_bars(np.array([1.0, -2, 0.5]), "few").axes
    assert [bar.get_height() for bar in axis.patches] == [1, 0.5, -2]


def test_the_compression_grid():
    grid = pd.DataFrame(
        [(0, 2, 0.0, np.nan), (4, 0, 0.5, 0.75), (4, 2, 1.0, 0.125)],
        columns=["top", "bottom", "recall", "precision"],
    )
    figure = charts.compression_heatmap(grid, "chainsaw")
    panels = [axis for axis in figure.axes if axis.texts]
    assert [axis.get_title() for axis in panels] == ["recall: chainsaw", "precision: chainsaw"]
    for axis in panels:
        assert "top" in axis.get_ylabel() and "bottom" in axis.get_xlabel()
        assert [label.get_text() for label in axis.get_xticklabels()] == ["0", "2"]
        assert [label.get_text() for label in axis.get_yticklabels()] == ["0", "4"]
        assert axis.collections[0].get_clim() == (0, 1)
    written = [[text.get_text() for text in axis.texts if text.get_text()] for axis in panels]
    assert written == [["0.00", "0.50", "1.00"], ["0.75", "0.12", "-"]]
    # Neither the cell (0, 0), which does not exist, nor the missing precision has a colour.
    hidden = [np.ma.getmaskarray(axis.collections[0].get_array()).ravel() for axis in panels]
    np.testing.assert_array_equal(hidden, [[True, False, False, False], [True, True, False, False]])
    (grey,) = panels[1].patches
    assert grey.get_xy() == (1, 0) and len(set(grey.get_facecolor()[:3])) == 1
    assert not panels[0].patches
    labels = [axis.get_ylabel() for axis in figure.axes if axis not in panels]
    assert labels == ["recall", "precision"]  # the scales'


def test_the_table_as_points(table):
    figure = charts.recall_table_chart(table)
    assert [axis.get_xlabel() for axis in figure.axes] == ["recall", "precision", "area under ROC"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["bonnet", "pelican"]
    legend = [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]
    assert legend == ["original", "influence", "random"]
    for axis, score in zip(figure.axes, ("recall", "precision", "auc"), strict=True):
        for points, network in zip(axis.collections, legend, strict=True):
            drawn = np.ma.filled(points.get_offsets(), np.nan)[:, 0]
            np.testing.assert_array_equal(drawn, table[table.network == network][score])
    bottom, top = figure.axes[0].get_ylim()
    assert bottom > top  # the first class is uppermost


def test_the_table_as_text(table):
    view = charts.table_view(table)
    assert list(view.index) == ["bonnet", "pelican", "mean"]
    assert list(view.columns) == ["original", "influence", "random"]
    assert view.loc["bonnet", "influence"] == "0.75 (0.25)"
    assert view.loc["pelican", "random"] == "0.00 (-)"
    assert view.loc["mean", "original"] == "0.60 (0.90)"
    assert view.loc["mean", "random"] == "0.10 (0.40)"  # of the precision that there is


def test_shares_of_the_parts():
    shares = pd.DataFrame({"influence": [0.5, 0.2], "area": [0.1, 0.6]}, ["roof", "wheel"])
    (axis,) = charts.share_bars(shares, "Where?", reference="area").axes
    assert axis.get_title() == "Where?" and axis.get_xlabel() == "share"
    assert [label.get_text() for label in axis.get_yticklabels()] == ["wheel", "roof"]
    assert [bar.get_width() for bar in axis.patches] == [0.6, 0.1, 0.2, 0.5]
    assert to_hex(axis.patches[0].get_facecolor()) == charts.GREY.lower()
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["influence", "area"]


def test_errors_against_points():
    errors = pd.DataFrame({"midpoint": [0.04, 0.02], "right": [0.08, 0.04]}, index=[20, 40])
    (axis,) = charts.error_lines(errors, "Errors").axes
    assert axis.get_xscale() == axis.get_yscale() == "log"
    assert "points" in axis.get_xlabel() and "error" in axis.get_ylabel()
    lines = {line.get_label(): line.get_ydata() for line in axis.lines}
    np.testing.assert_array_equal(lines["midpoint"], [0.04, 0.02])
    np.testing.assert_array_equal(lines["right"], [0.08, 0.04])
    np.testing.assert_allclose(lines["1/n"], [0.06, 0.03])
    assert [label.get_text() for label in axis.get_xticklabels()] == ["20", "40"]


def test_layer_sums_have_a_line_for_each_rule_and_say_what_conserved_is():
    sums = pd.DataFrame(
        {"LRP-0": [1, 0.9, 0.8], "z+": [1, 1, 1]}, index=["score", "hidden", "pixels"]
    )
    figure = charts.layer_sums(sums, "What is left")
    (axis,) = figure.axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in axis.lines}
    assert drawn["LRP-0"] == [1, 0.9, 0.8]
    assert drawn["z+"] == [1, 1, 1]
    assert "conserved" in drawn
    assert [label.get_text() for label in axis.get_xticklabels()] == ["score", "hidden", "pixels"]
    assert axis.get_title() == "What is left"
