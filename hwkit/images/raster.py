"""Filling polygons, the same to the pixel everywhere.

Drawing libraries change which edge pixels they fill from one version to the next. Here corners are
rounded to an eighth of a cell, and all that follows is integer arithmetic: a cell belongs to a
polygon if its centre does (even-odd rule; a centre on a left or upper edge is inside, on a right or
lower edge outside).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hwkit.images.shapes import Point

_UNITS = 8
"""Steps of a corner's position within a cell."""
_FAR = 4096.0
"""Corners are clipped to this many cells around the origin, so that products fit in 64 bits."""


class Raster:
    """Polygons waiting to be painted, in order, onto a square grid of cells."""

    def __init__(self, side: int) -> None:
        """`side` is the number of cells along each side, at most 2048."""
        self.side = side
        self._corners: list[Point] = []
        self._counts: list[int] = []
        self._inks: list[int] = []

    def add(self, outline: Sequence[Point], ink: int) -> None:
        """Put a closed polygon on top; corners are in cells, `ink` is a byte."""
        self._corners.extend(outline)
        self._counts.append(len(outline))
        self._inks.append(ink)

    def paint(self) -> np.ndarray:
        """The ink of the topmost polygon at each cell, else 0: uint8 (side, side)."""
        grid = np.zeros(self.side * self.side, np.uint8)
        if self._counts:
            starts, lengths, polygons = self._spans()
            ends = np.cumsum(lengths)
            steps = np.arange(int(ends[-1]) if len(ends) else 0)
            # Where cells repeat, the last ink written stays: the polygon on top.
            grid[np.repeat(starts - ends + lengths, lengths) + steps] = np.repeat(
                np.array(self._inks, np.uint8)[polygons], lengths
            )
        return grid.reshape(self.side, self.side)

    def _edges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The upper and lower ends of each edge in units, int64 (n, 2), and its polygon."""
        corners = np.clip(np.array(self._corners, np.float64), -_FAR, _FAR)
        here = np.floor(corners * _UNITS + 0.5).astype(np.int64)
        counts = np.array(self._counts)
        last = np.cumsum(counts) - 1
        following = np.arange(1, len(here) + 1)
        following[last] = last - counts + 1
        there = here[following]
        upwards = (here[:, 1] > there[:, 1])[:, None]
        polygons = np.repeat(np.arange(len(counts)), counts)
        return np.where(upwards, there, here), np.where(upwards, here, there), polygons

    def _spans(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Runs of cells inside a polygon: first cell, length, polygon; in painting order."""
        half = _UNITS // 2
        top, bottom, polygons = self._edges()
        # Rows whose centre line y = 8 row + 4 is at or below an edge's top and above its bottom.
        first = np.clip((top[:, 1] + half - 1) // _UNITS, 0, self.side)
        beyond = np.clip((bottom[:, 1] + half - 1) // _UNITS, 0, self.side)
        rows_each = beyond - first
        edge = np.repeat(np.arange(len(first)), rows_each)
        before = np.cumsum(rows_each) - rows_each
        row = np.arange(len(edge)) - np.repeat(before - first, rows_each)
        drop = _UNITS * row + half - top[edge, 1]
        run, rise = bottom[:, 0] - top[:, 0], np.maximum(bottom[:, 1] - top[:, 1], 1)
        x = top[edge, 0] + run[edge] * drop // rise[edge]
        cell = np.clip((x + half - 1) // _UNITS, 0, self.side)
        crossings = np.sort((polygons[edge] << 32) | (row << 16) | cell).reshape(-1, 2)
        start = crossings[:, 0]
        length = crossings[:, 1] - start
        kept = length > 0
        start, length = start[kept], length[kept]
        return ((start >> 16) & 0xFFFF) * self.side + (start & 0xFFFF), length, start >> 32
