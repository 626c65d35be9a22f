"""The drawing board: an index map of parts, three times finer than the picture.

Each primitive writes the number of its paint (a colour and a part) into one 8-bit map. Coloured
through a palette and averaged over 3x3 blocks, the map gives the anti-aliased picture; its block
centres give the part map. Both come from the same map, so the masks are exact. Everything after the
polygons' corners is integer arithmetic: the same bytes everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from PIL import Image

from hwkit.images.colours import Colour, shade
from hwkit.images.parts import PARTS
from hwkit.images.raster import Raster
from hwkit.images.shapes import Outline, Point, clip, ellipse, inset, ribbon

FINENESS = 3
"""Sub-pixels along each side of a pixel."""

_MAX_PAINTS = 255
_EDGE = 1.3
"""Width of the dark edge of a solid, in sub-pixels."""
_BANDS = ((0.28, False, 1.13), (0.66, True, 0.86), (0.84, True, 0.72))
"""Light on a solid: level (share of its height), whether below it, factor on the colour."""
_PART_INDEX = {name: index for index, name in enumerate(PARTS)}


def averaged(inks: np.ndarray, colours: Sequence[Colour], fineness: int) -> np.ndarray:
    """A map of inks, coloured, each block of `fineness` x `fineness` cells averaged to a pixel.

    `inks` is uint8 (n, n), an index into `colours`; the result is uint8 (n / fineness, n /
    fineness, 3).
    """
    picture = Image.fromarray(inks)
    palette = b"".join(map(bytes, colours))
    picture.putpalette(palette + bytes(768 - len(palette)))
    return np.asarray(picture.convert("RGB").reduce(fineness))


class Frame:
    """Where an object stands: an affine map from about [-1, 1] to the unit picture."""

    def __init__(
        self,
        x: float = 0.0,
        y: float = 0.0,
        scale: float = 1.0,
        angle: float = 0.0,
        stretch: float = 1.0,
        shear: float = 0.0,
        mirrored: bool = False,
    ) -> None:
        ca, sa = math.cos(angle), math.sin(angle)
        xx = -stretch if mirrored else stretch
        self.x, self.y, self.scale = x, y, scale
        self.matrix = (
            scale * ca * xx,
            scale * (ca * shear - sa),
            scale * sa * xx,
            scale * (sa * shear + ca),
        )


class Canvas:
    """A board of `size` x `size` pixels; parts in `hidden` leave no trace on it."""

    def __init__(self, size: int, hidden: frozenset[str] = frozenset()) -> None:
        self.size = size
        self._side = size * FINENESS
        self._hidden = frozenset(_PART_INDEX[name] for name in hidden)
        self._raster = Raster(self._side)
        self._paints: dict[tuple[Colour, int], int] = {}
        self._forced: int | None = None
        self._matrix = (1.0, 0.0, 0.0, 1.0)
        self._origin = (0.0, 0.0)
        self.enter(Frame())

    def enter(self, frame: Frame, part: str | None = None) -> None:
        """Draw in this frame from now on; with `part`, count everything drawn as that part."""
        a, b, c, d = frame.matrix
        side = self._side
        self._matrix = (a * side, b * side, c * side, d * side)
        self._origin = (frame.x * side, frame.y * side)
        self._forced = None if part is None else _PART_INDEX[part]

    def _placed(self, outline: Sequence[Point]) -> Outline:
        a, b, c, d = self._matrix
        x0, y0 = self._origin
        return [(a * x + b * y + x0, c * x + d * y + y0) for x, y in outline]

    def _ink(self, colour: Colour, part: str) -> int:
        """The number of a paint, or 0 for a hidden part."""
        index = _PART_INDEX[part] if self._forced is None else self._forced
        if index in self._hidden:
            return 0
        key = (colour, index)
        number = self._paints.get(key)
        if number is None:
            number = len(self._paints) + 1
            if number > _MAX_PAINTS:
                raise RuntimeError(f"A scene may use {_MAX_PAINTS} paints; this one needs more.")
            self._paints[key] = number
        return number

    def fill(self, outline: Sequence[Point], colour: Colour, part: str) -> None:
        """A flat polygon."""
        ink = self._ink(colour, part)
        if ink:
            self._raster.add(self._placed(outline), ink)

    def solid(self, outline: Sequence[Point], colour: Colour, part: str, edge: bool = True) -> None:
        """A polygon that looks round: lit from above the picture, with a thin dark edge.

        For outlines without deep notches; see `shapes.clip`.
        """
        ink = self._ink(colour, part)
        if not ink:
            return
        placed = self._placed(outline)
        if edge:
            self._raster.add(placed, self._ink(shade(colour, 0.5), part))
            placed = inset(placed, _EDGE)
        self._raster.add(placed, ink)
        heights = [y for _, y in placed]
        top, height = min(heights), max(heights) - min(heights)
        for level, below, factor in _BANDS:
            piece = clip(placed, top + level * height, below)
            if len(piece) > 2:
                self._raster.add(piece, self._ink(shade(colour, factor), part))

    def disc(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, part: str, count: int = 14
    ) -> None:
        """A flat upright ellipse."""
        self.fill(ellipse(x, y, rx, ry, count=count), colour, part)

    def stroke(
        self,
        path: Sequence[Point],
        width: float,
        colour: Colour,
        part: str,
        end_width: float | None = None,
    ) -> None:
        """A flat band along a path."""
        self.fill(ribbon(path, width, end_width), colour, part)

    def tube(
        self,
        path: Sequence[Point],
        width: float,
        colour: Colour,
        part: str,
        end_width: float | None = None,
    ) -> None:
        """A round bar along a path: a dark edge, the colour, and a light line in its middle."""
        end = width if end_width is None else end_width
        self.fill(ribbon(path, width, end), shade(colour, 0.58), part)
        self.fill(ribbon(path, 0.68 * width, 0.68 * end), colour, part)
        self.fill(ribbon(path, 0.26 * width, 0.26 * end), shade(colour, 1.18), part)

    @cached_property
    def _map(self) -> np.ndarray:
        return self._raster.paint()

    def part_map(self) -> np.ndarray:
        """Which part is at the centre of each pixel: uint8 (size, size), indices into PARTS."""
        table = np.zeros(256, np.uint8)
        for (_, part), number in self._paints.items():
            table[number] = part
        middle = FINENESS // 2
        return table[self._map[middle::FINENESS, middle::FINENESS]]

    def over(self, backdrop: np.ndarray) -> np.ndarray:
        """The drawing over a backdrop: both uint8 (size, size, 3)."""
        colours = [(0, 0, 0), *(colour for colour, _ in self._paints)]
        front = averaged(self._map, colours, FINENESS).astype(np.int32)
        drawn = Image.fromarray(np.where(self._map, np.uint8(255), np.uint8(0)))
        covered = np.asarray(drawn.reduce(FINENESS))
        gap = 255 - covered.astype(np.int32)[..., None]
        blend = front + (backdrop.astype(np.int32) * gap + 127) // 255
        return np.minimum(blend, 255).astype(np.uint8)
