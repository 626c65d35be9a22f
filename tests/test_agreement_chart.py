"""The charts of agreement: the numbers in their cells, fixed limits, and what is left out."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hwkit.agreement_chart import matrix_chart, spread_chart
from hwkit.evaluation.agreement_results import Agreement

MEAN = np.array([[1, 0.804, np.nan], [0.804, 1, -0.7], [np.nan, -0.7, 1]])
SPREAD = np.array([[0, 0.05, np.nan], [0.05, 0, 0.2], [np.nan, 0.2, 0]])
COUNTED = np.array([[50, 50, 0], [50, 50, 48], [0, 48, 48]])


def texts(axis) -> list[str]:
    return [text.get_text() for text in axis.texts if text.get_text()]


def test_cells_hold_mean_deviation_and_what_was_left_out():
    figure = matrix_chart(("ig", "lrp", "gbp"), MEAN, SPREAD, COUNTED, "Digits")
    assert not plt.get_fignums()
    shown = texts(figure.axes[0])
    assert shown.count("0.80") == 2 and shown.count("± 0.05") == 2
    assert shown.count("-0.70") == 2 and shown.count("± 0.20\nn = 48") == 2
    assert shown.count("none") == 2 and shown.count("1.00") == 3
    assert any(text.endswith("50 pictures") for text in shown)
    assert figure.axes[0].get_title(loc="left").startswith("Digits")


def test_colours_mean_the_same_in_every_chart():
    figure = matrix_chart(("a", "b"), MEAN[:2, :2] / 9, SPREAD[:2, :2], COUNTED[:2, :2])
    (mesh,) = figure.axes[0].collections
    assert mesh.get_clim() == (-1, 1)


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"\(2, 2\)"):
        matrix_chart(("a", "b"), MEAN, SPREAD, COUNTED)


def test_spread_has_the_quantiles_of_each_class():
    values = np.full((20, 2, 2), np.nan)
    values[:, 0, 1] = np.linspace(-0.5, 0.5, 20)
    values[5:10, 0, 1] = np.nan
    found = Agreement(("ig", "gbp"), values, np.repeat([0, 1], 10))
    figure = spread_chart(found, ("nought", "one"))
    (axis,) = figure.axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["ig and gbp"]
    medians = [line.get_xdata()[0] for line in axis.lines if line.get_marker() == "o"]
    expected = [np.median(values[:5, 0, 1]), np.median(values[10:, 0, 1])]
    np.testing.assert_allclose(medians, expected)
    labels = [text.get_text() for text in axis.get_legend().get_texts()]
    assert labels == ["class nought", "class one"]
    with pytest.raises(ValueError, match="two methods"):
        spread_chart(Agreement(("ig",), values[:, :1, :1], np.zeros(20)))
