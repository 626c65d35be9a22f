"""Charts of removal: the numbers in them, and what each line and panel is called."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from hwkit.charts import GREY
from hwkit.evaluation.intervals import wilson
from hwkit.evaluation.keeping import keep
from hwkit.evaluation.removal import RemovalCurve
from hwkit.heatmaps import input_picture
from hwkit.removal_chart import kept_strip, removal_lines

FRACTIONS = np.array([0.1, 0.5, 1.0])


def curve(rates: tuple[float, ...], keeping: bool = True, more: float = 0.0) -> RemovalCurve:
    hits = np.arange(40) < np.array(rates)[:, None] * 40
    return RemovalCurve(FRACTIONS, FRACTIONS + more, hits, np.zeros(hits.shape), keeping)


def test_a_line_and_its_interval_for_each_method():
    curves = {
        "LIME": curve((0.5, 0.75, 1), more=0.05),
        "LRP": curve((0.25, 0.9, 1)),
        "random": curve((0.1, 0.4, 1)),
    }
    figure = removal_lines(curves, "digits")
    assert not plt.get_fignums()
    (axis,) = figure.axes
    assert axis.get_title() == "digits" and axis.get_ylabel() == "accuracy"
    assert axis.get_xlabel() == "share of the pixels that are kept"
    colours = []
    for line, band, own in zip(axis.lines, axis.collections, curves.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), own.covered)
        np.testing.assert_array_equal(line.get_ydata(), own.accuracy)
        ends = band.get_paths()[0].vertices[:, 1]
        true = wilson(own.hits[0])
        assert np.isclose(ends, true.low).any() and np.isclose(ends, true.high).any()
        colours.append(to_hex(line.get_color()))
    assert colours[2] == GREY and axis.lines[2].get_linestyle() == "--"
    assert len(set(colours)) == 3
    assert len({line.get_marker() for line in axis.lines}) == 3
    told = [text.get_text() for text in axis.get_legend().get_texts()]
    # (0.25 + 0.9) / 2 * 0.4 + (0.9 + 1) / 2 * 0.5 = 0.705 over 0.9.
    assert told[1] == "LRP (area 0.78)" and told[2].startswith("random")


def test_removing_is_called_so_and_not_mixed_with_keeping():
    (axis,) = removal_lines({"LRP": curve((1, 0.5, 0.1), keeping=False)}, "digits").axes
    assert axis.get_xlabel() == "share of the pixels that are removed"
    with pytest.raises(ValueError, match="all of keeping"):
        removal_lines({"a": curve((1, 1, 1)), "b": curve((1, 1, 1), keeping=False)}, "")
    with pytest.raises(ValueError, match="0 curves"):
        removal_lines({}, "")


def test_a_strip_shows_what_stays():
    rng = np.random.default_rng(0)
    pictures, maps = rng.random((2, 6, 6, 3)).astype(np.float32), rng.normal(size=(2, 6, 6))
    figure = kept_strip(pictures, maps, (0.25, 0.5), fill=0.5, caption="LRP")
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["picture", "map", "25% kept", "50% kept", "", "", "", ""]
    for row in (0, 1):
        panels = [axis.images[0].get_array() for axis in figure.axes[4 * row : 4 * row + 4]]
        np.testing.assert_array_equal(panels[0], input_picture(pictures[row]))
        for place, fraction in ((2, 0.25), (3, 0.5)):
            kept = keep(pictures, maps, fraction, 0.5)[row]
            np.testing.assert_array_equal(panels[place], input_picture(kept))
