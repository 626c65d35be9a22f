from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from hwkit.charts import BLUE, GREY, ORANGE
from hwkit.network_diagram import draw

UNITS = (("2", "1"), ("3", "0"), ("f",))
WEIGHTS = (np.array([[1.0, -2.0], [0.0, 4.0]]), np.array([[0.5], [-1.0]]))
HEADINGS = ("input", "hidden", "score")


def test_every_unit_weight_and_heading_is_written():
    (axis,) = draw(UNITS, WEIGHTS, HEADINGS, "toy").axes
    texts = [each.get_text() for each in axis.texts]
    for wanted in ("2", "1", "3", "0", "f", "-2", "4", "0.5", "-1", *HEADINGS):
        assert wanted in texts
    assert axis.get_title() == "toy"


def test_lines_show_sign_and_size_of_the_weights():
    (axis,) = draw(UNITS, WEIGHTS, HEADINGS, "").axes
    colours = [to_hex(line.get_color()).upper() for line in axis.lines]
    assert colours == [BLUE, ORANGE, GREY, BLUE, BLUE, ORANGE]
    widths = [line.get_linewidth() for line in axis.lines]
    assert widths[3] > widths[1] > widths[0] > widths[2]


def test_labels_of_lines_do_not_hide_one_another():
    (axis,) = draw(UNITS, WEIGHTS, HEADINGS, "").axes
    places = [each.get_position() for each in axis.texts[: sum(w.size for w in WEIGHTS)]]
    apart = [np.hypot(*np.subtract(a, b)) for i, a in enumerate(places) for b in places[:i]]
    assert min(apart) > 0.2


@pytest.mark.parametrize(
    ("weights", "headings"),
    [((WEIGHTS[0],), HEADINGS), (WEIGHTS[::-1], HEADINGS), (WEIGHTS, HEADINGS[:2])],
)
def test_what_does_not_fit_together_is_refused(weights, headings):
    with pytest.raises(ValueError, match="Expected weights of the shapes"):
        draw(UNITS, weights, headings, "")
