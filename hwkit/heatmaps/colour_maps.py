"""Colour maps for signed relevance: those of the LRP toolbox, by name, and matplotlib's.

A map of the toolbox is a table of the colours at a few relevances between -1 and 1; between them
the colour changes evenly. Nothing is relevance 0, the middle of every map.
"""

from __future__ import annotations

from difflib import get_close_matches

from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap

# Odd, so that relevance 0 has an entry of its own, and a step of 0.001, so that every colour of the
# tables below is an entry too.
ENTRIES = 2001

_Colour = tuple[float, float, float]
_BLACK, _WHITE = (0, 0, 0), (1, 1, 1)
_BLUE, _CYAN, _GREEN, _YELLOW, _RED = (0, 0, 1), (0, 1, 1), (0, 1, 0), (1, 1, 0), (1, 0, 0)

TOOLBOX_MAPS: dict[str, dict[float, _Colour]] = {
    "gray-red": {-1: _BLUE, 0: (0.8, 0.8, 0.8), 1: _RED},
    "gray-red2": {
        -1: (0, 0, 0.4),
        -0.3: (0.4, 0.4, 0.9),
        0: (0.9, 0.9, 0.9),
        0.3: (0.9, 0.4, 0.4),
        1: (0.4, 0, 0),
    },
    "black-green": {-1: _BLUE, 0: _BLACK, 1: _GREEN},
    "black-firered": {
        -1: _WHITE,
        -0.5: _CYAN,
        -0.25: _BLUE,
        0: _BLACK,
        0.25: _RED,
        0.5: _YELLOW,
        1: _WHITE,
    },
    "blue-black-yellow": {-1: _BLUE, 0: _BLACK, 1: _YELLOW},
}


def colour_map(name: str | Colormap) -> Colormap:
    """The colour map of this name, for relevance r in [-1, 1] at the place (r + 1) / 2.

    "RdBu_r" (hwkit's default), "seismic", "gray-red2", "black-green" and "blue-black-yellow" get
    steadily lighter or darker with strength and keep the two signs apart, with any one kind of
    cones in the eye missing too. "gray-red" keeps the signs apart, but its strongest values look
    alike. "black-firered" is for relevance of one sign: its strongest values are white on both
    sides, for every eye.

    Args:
        name: one of ``TOOLBOX_MAPS``; a name that matplotlib knows ("RdBu_r", "seismic", ...),
            whose middle then stands for relevance 0; or a map, which is returned as it is.

    Raises:
        TypeError: not a name or a map.
        ValueError: an unknown name.
    """
    if isinstance(name, Colormap):
        return name
    if not isinstance(name, str):
        raise TypeError(f"Expected the name of a colour map. Received: {name!r}.")
    if name in TOOLBOX_MAPS:
        table = [((relevance + 1) / 2, colour) for relevance, colour in TOOLBOX_MAPS[name].items()]
        return LinearSegmentedColormap.from_list(name, table, N=ENTRIES)
    if name in colormaps:
        # Matplotlib's have an even number of entries, and so none for relevance 0.
        return colormaps[name].resampled(ENTRIES)
    known = [*TOOLBOX_MAPS, *colormaps]
    near = get_close_matches(name, known, n=4, cutoff=0.5) or [*TOOLBOX_MAPS, "RdBu_r", "seismic"]
    raise ValueError(
        f"Expected the name of a colour map. Received: {name!r}. Did you mean {', '.join(near)}?"
    )
