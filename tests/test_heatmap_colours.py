"""The colour maps of relevance: their colours, and what eyes of several kinds can tell apart.

The colours are worked out by hand from the toolbox's description of its maps.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import Colormap
from skimage.color import deltaE_ciede2000, rgb2lab

from hwkit.heatmaps import TOOLBOX_MAPS, colour_map
from hwkit.visualization import SIGNED

STRENGTHS = (-1, -0.5, -0.25, 0, 0.25, 0.5, 1)
BY_HAND = {
    # Grey of 0.8; the colour's own channel rises to 1 and the others fall to 0, in step.
    "gray-red": [
        (0, 0, 1),
        (0.4, 0.4, 0.9),
        (0.6, 0.6, 0.85),
        (0.8, 0.8, 0.8),
        (0.85, 0.6, 0.6),
        (0.9, 0.4, 0.4),
        (1, 0, 0),
    ],
    # Grey of 0.9; up to 0.3 the other channels lose 0.5, then these lose 0.4 and the own 0.5.
    "gray-red2": [
        (0, 0, 0.4),
        (0.4 - 0.8 / 7, 0.4 - 0.8 / 7, 0.9 - 1 / 7),
        (0.9 - 1.25 / 3, 0.9 - 1.25 / 3, 0.9),
        (0.9, 0.9, 0.9),
        (0.9, 0.9 - 1.25 / 3, 0.9 - 1.25 / 3),
        (0.9 - 1 / 7, 0.4 - 0.8 / 7, 0.4 - 0.8 / 7),
        (0.4, 0, 0),
    ],
    "black-green": [
        (0, 0, 1),
        (0, 0, 0.5),
        (0, 0, 0.25),
        (0, 0, 0),
        (0, 0.25, 0),
        (0, 0.5, 0),
        (0, 1, 0),
    ],
    # The first quarter fills one channel, the second the next, the upper half the last.
    "black-firered": [
        (1, 1, 1),
        (0, 1, 1),
        (0, 0, 1),
        (0, 0, 0),
        (1, 0, 0),
        (1, 1, 0),
        (1, 1, 1),
    ],
    "blue-black-yellow": [
        (0, 0, 1),
        (0, 0, 0.5),
        (0, 0, 0.25),
        (0, 0, 0),
        (0.25, 0.25, 0),
        (0.5, 0.5, 0),
        (1, 1, 0),
    ],
}

# Machado, Oliveira and Fernandes 2009, severity 1: linear RGB as an eye without one of the three
# kinds of cones sees it.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
SAFE = (SIGNED, "seismic", "gray-red2", "black-green", "blue-black-yellow")
GRADES = np.linspace(0, 1, 21)
TELLABLE = 15.0  # CIEDE2000; 1 is just noticed side by side, 10 at a glance


def _rgb(name: str, relevance: np.ndarray) -> np.ndarray:
    return np.asarray(colour_map(name)((np.asarray(relevance) + 1) / 2))[..., :3]


def _seen(name: str, relevance: np.ndarray, eye: str) -> np.ndarray:
    """The colours of a map in CIELAB, as this eye sees them."""
    rgb = _rgb(name, relevance)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ EYES[eye].T, 0, 1)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(rgb2lab(coded))


def _ordered(values: np.ndarray) -> bool:
    steps = np.diff(values)
    return bool((steps > 0).all() or (steps < 0).all())


def test_all_maps_of_the_toolbox_are_there():
    assert set(TOOLBOX_MAPS) == set(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_colours_worked_out_by_hand(name: str):
    np.testing.assert_allclose(_rgb(name, np.array(STRENGTHS)), BY_HAND[name], atol=1e-12)


def test_colours_between():
    np.testing.assert_allclose(_rgb("black-firered", 0.125), (0.5, 0, 0), atol=1e-12)
    np.testing.assert_allclose(_rgb("black-firered", -0.375), (0, 0.5, 1), atol=1e-12)
    np.testing.assert_allclose(_rgb("black-firered", 0.75), (1, 1, 0.5), atol=1e-12)
    np.testing.assert_allclose(_rgb("gray-red2", 0.3), (0.9, 0.4, 0.4), atol=1e-12)


@pytest.mark.parametrize("name", ["gray-red", "gray-red2", "black-firered"])
def test_the_other_sign_swaps_red_and_blue(name: str):
    strengths = np.linspace(0, 1, 1011)  # none on the border of two shades
    np.testing.assert_allclose(_rgb(name, -strengths), _rgb(name, strengths)[:, ::-1], atol=1e-12)


@pytest.mark.parametrize("name", [*BY_HAND, SIGNED, "seismic"])
def test_a_thousand_shades_each_side_of_nothing(name: str):
    colours = colour_map(name)
    assert isinstance(colours, Colormap) and colours.N % 2 == 1 and colours.N >= 2001
    # Closer to nothing than half a shade is nothing, on both sides alike.
    half = 1 / colours.N
    np.testing.assert_array_equal(_rgb(name, 0.9 * half), _rgb(name, 0))
    np.testing.assert_array_equal(_rgb(name, -0.9 * half), _rgb(name, 0))


@pytest.mark.parametrize("name", ["seismic", "RdBu_r", "viridis"])
def test_matplotlibs_maps_keep_their_colours(name: str):
    places = np.linspace(0, 1, 256)  # one for each of matplotlib's entries
    expected = colormaps[name](np.arange(256))[:, :3]
    np.testing.assert_allclose(_rgb(name, 2 * places - 1), expected, atol=0.02)


def test_a_map_is_taken_as_it_is():
    own = colormaps["seismic"]
    assert colour_map(own) is own


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("grey-red", "gray-red"), ("black-fire-red", "black-firered"), ("sesmic", "seismic")],
)
def test_an_unknown_name_is_told_what_is_near(typed: str, meant: str):
    with pytest.raises(ValueError, match=f"Received: '{typed}'.*Did you mean.*{meant}"):
        colour_map(typed)


def test_what_is_no_name_is_refused():
    with pytest.raises(TypeError, match="name of a colour map"):
        colour_map(3)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", SAFE)
def test_safe_maps_are_ordered_and_show_the_sign(name: str, eye: str):
    positive, negative = _seen(name, GRADES, eye), _seen(name, -GRADES, eye)
    assert _ordered(positive[:, 0]) and _ordered(negative[:, 0]), "lightness goes to and fro"
    apart = deltaE_ciede2000(positive, negative)[GRADES >= 0.25]
    assert apart.min() > TELLABLE


@pytest.mark.parametrize("eye", EYES)
def test_what_the_other_maps_lack(eye: str):
    red, blue = (_seen("gray-red", sign * GRADES, eye) for sign in (1, -1))
    assert deltaE_ciede2000(red, blue)[GRADES >= 0.25].min() > TELLABLE
    assert not (_ordered(red[:, 0]) and _ordered(blue[:, 0]))
    fire, ice = (_seen("black-firered", sign * GRADES, eye) for sign in (1, -1))
    assert _ordered(fire[:, 0]) and _ordered(ice[:, 0])
    assert deltaE_ciede2000(fire, ice)[-1] == pytest.approx(0, abs=1e-6)


def test_the_default_is_as_dark_for_as_against():
    lightness = {name: _seen(name, np.array([-1, 1]), "all cones")[:, 0] for name in SAFE}
    unevenness = {name: abs(ends[1] - ends[0]) for name, ends in lightness.items()}
    assert min(unevenness, key=unevenness.__getitem__) == SIGNED
    assert unevenness[SIGNED] < 2 < unevenness["seismic"]


def test_the_table_of_the_page_is_what_is_measured():
    page = (Path(__file__).parent.parent / "docs" / "heatmaps.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\S+)` \|[^|]*\| (yes|no) \|(.*)\|$", page, re.MULTILINE)
    assert [name for name, _, _ in rows] == [SIGNED, "seismic", *TOOLBOX_MAPS]
    for name, steady, apart in rows:
        seen = {eye: (_seen(name, GRADES, eye), _seen(name, -GRADES, eye)) for eye in EYES}
        ordered = all(_ordered(side[:, 0]) for sides in seen.values() for side in sides)
        assert (steady == "yes") == ordered, name
        measured = [deltaE_ciede2000(*sides)[GRADES >= 0.25].min() for sides in seen.values()]
        np.testing.assert_allclose([float(each) for each in apart.split("|")], measured, atol=0.6)
