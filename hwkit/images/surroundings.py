"""Everything around the object: backdrop, clutter, occluders, and the camera."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from hwkit.images.canvas import Canvas, Frame, averaged
from hwkit.images.colours import Colour, scenery, shade, trinket
from hwkit.images.dice import Dice
from hwkit.images.raster import Raster
from hwkit.images.shapes import Outline, curve, ellipse, rectangle, rounded

_FINENESS = 2


class Backdrop:
    """The layer behind everything: plain shapes on a grid twice as fine as the picture."""

    def __init__(self, size: int, colour: Colour) -> None:
        self.size = size
        self._raster = Raster(size * _FINENESS)
        self._colours = [colour]

    def fill(self, outline: Outline, colour: Colour) -> None:
        """A flat polygon; coordinates in the unit picture."""
        side = self._raster.side
        self._raster.add([(x * side, y * side) for x, y in outline], len(self._colours))
        self._colours.append(colour)

    def picture(self, light: np.ndarray) -> np.ndarray:
        """The layer with each byte multiplied by light/65536: uint8 (size, size, 3)."""
        flat = averaged(self._raster.paint(), self._colours, _FINENESS).astype(np.int32)
        return np.minimum((flat * light) >> 16, 255).astype(np.uint8)


def shadow(size: int, x: float, y: float, rx: float, ry: float, depth: int) -> np.ndarray:
    """A soft elliptic shadow as what is left of the light, out of 256: int32 (size, size, 1)."""
    steps = 2 * np.arange(size, dtype=np.int64) + 1
    across = (steps - math.floor(2 * size * x)) * 1024 // max(1, math.floor(2 * size * rx))
    down = (steps - math.floor(2 * size * y)) * 1024 // max(1, math.floor(2 * size * ry))
    inside = np.maximum((1 << 20) - across[None, :] ** 2 - down[:, None] ** 2, 0)
    return (256 - ((inside * depth) >> 20)).astype(np.int32)[..., None]


def ramp(size: int, dice: Dice, spread: float) -> np.ndarray:
    """A slope of whole numbers around 256, at most `spread` * 256 away: int32 (size, size, 1)."""
    angle, strength = dice.uniform(0, 2 * math.pi), dice.uniform(0.0, spread)
    across = math.floor(math.cos(angle) * strength * 65536 / size)
    down = math.floor(math.sin(angle) * strength * 65536 / size)
    steps = 2 * np.arange(size, dtype=np.int32) - (size - 1)
    slope = (across * steps[None, :] + down * steps[:, None]) >> 8
    return (slope + 256)[..., None]


def backdrop(size: int, dice: Dice, ground: float) -> Backdrop:
    """A backdrop of one of five kinds; `ground` is how far down things stand (0 top, 1 bottom)."""
    colours = [scenery(dice) for _ in range(3)]
    layer = Backdrop(size, colours[0])
    kind = dice.integer(0, 4)
    _BACKDROPS[kind](layer, dice, colours, ground)
    return layer


def _plain(layer: Backdrop, dice: Dice, colours: list[Colour], ground: float) -> None:
    """One colour, with a few large pale discs."""
    for _ in range(dice.integer(0, 5)):
        radius = dice.uniform(0.06, 0.22)
        disc = ellipse(dice.random(), dice.random(), radius, radius)
        layer.fill(disc, shade(colours[0], dice.uniform(0.86, 1.16)))


def _hills(layer: Backdrop, dice: Dice, colours: list[Colour], ground: float) -> None:
    """Sky, a far hill and a meadow."""
    horizon = dice.uniform(0.3, 0.62)
    hill = curve((-0.1, horizon + 0.1), (dice.random(), horizon - 0.35), (1.1, horizon + 0.1), 12)
    layer.fill([*hill, (1.1, 1.1), (-0.1, 1.1)], colours[2])
    near = curve((-0.1, horizon), (dice.random(), horizon + 0.14), (1.1, horizon), 10)
    layer.fill([*near, (1.1, 1.1), (-0.1, 1.1)], colours[1])


def _room(layer: Backdrop, dice: Dice, colours: list[Colour], ground: float) -> None:
    """A wall, a skirting board and a floor."""
    floor = max(0.3, min(0.86, ground - dice.uniform(0.02, 0.2)))
    tilt = dice.uniform(-0.05, 0.05)
    layer.fill([(0.0, floor - tilt), (1.0, floor + tilt), (1.0, 1.0), (0.0, 1.0)], colours[1])
    skirting = [(0.0, floor - tilt - 0.04), (1.0, floor + tilt - 0.04)]
    layer.fill([*skirting, (1.0, floor + tilt), (0.0, floor - tilt)], shade(colours[0], 0.75))


def _planks(layer: Backdrop, dice: Dice, colours: list[Colour], ground: float) -> None:
    """Boards side by side, upright or lying."""
    count, upright = dice.integer(4, 8), dice.chance(0.5)
    for i in range(count):
        low, high = i / count, (i + 1) / count - 0.012
        board = rectangle(low, 0.0, high, 1.0) if upright else rectangle(0.0, low, 1.0, high)
        layer.fill(board, shade(colours[0], dice.uniform(0.88, 1.12)))


def _sand(layer: Backdrop, dice: Dice, colours: list[Colour], ground: float) -> None:
    """A surface with many small specks."""
    for _ in range(28):
        x, y, radius = dice.random(), dice.random(), dice.uniform(0.006, 0.02)
        tint = shade(colours[0], dice.uniform(0.75, 1.2))
        layer.fill(ellipse(x, y, radius * 1.5, radius, count=8), tint)


_BACKDROPS: tuple[Callable[[Backdrop, Dice, list[Colour], float], None], ...] = (
    _plain,
    _hills,
    _room,
    _planks,
    _sand,
)


def clutter(canvas: Canvas, dice: Dice, part: str = "clutter", grow: float = 1.0) -> None:
    """One small thing lying about: a pebble, a leaf, a stick, a box or a ball."""
    kind, colour = dice.integer(0, 4), trinket(dice)
    size = dice.uniform(0.03, 0.085) * grow
    place = Frame(dice.random(), dice.random(), size, dice.uniform(0, math.pi))
    canvas.enter(place, part)
    if kind == 0:
        canvas.solid(ellipse(0, 0, 1, 0.65, count=14), colour, part)
    elif kind == 1:
        blade = [
            *curve((-1.4, 0), (0, -0.9), (1.4, 0), 6),
            *curve((1.4, 0), (0, 0.9), (-1.4, 0), 6),
        ]
        canvas.solid(blade, colour, part)
        canvas.stroke([(-1.3, 0.0), (1.3, 0.0)], 0.16, shade(colour, 0.6), part)
    elif kind == 2:
        canvas.tube([(-2.2, 0), (0.4, dice.uniform(-0.5, 0.5)), (2.2, 0)], 0.4, colour, part)
    elif kind == 3:
        canvas.solid(rounded(-1, -0.7, 1, 0.7, 0.15), colour, part)
    else:
        canvas.solid(ellipse(0, 0, 0.9, 0.9, count=16), colour, part)
        canvas.disc(-0.25, -0.3, 0.25, 0.25, shade(colour, 1.5), part, 8)


def occluder(canvas: Canvas, dice: Dice, x: float, y: float, reach: float, grow: float) -> None:
    """A branch, a post, a disc or a board in front of the object, within `reach` of (x, y)."""
    kind, colour = dice.integer(0, 3), trinket(dice)
    middle = (x + reach * dice.uniform(-1, 1), y + reach * dice.uniform(-1, 1))
    canvas.enter(Frame(*middle, grow, dice.uniform(0, math.pi)), "occluder")
    if kind == 0:
        bend = dice.uniform(-0.2, 0.2)
        canvas.tube([(-0.8, bend), (0.0, 0.0), (0.8, bend)], 0.06, colour, "occluder")
    elif kind == 1:
        canvas.solid(rectangle(-0.8, -0.035, 0.8, 0.035), colour, "occluder")
    elif kind == 2:
        canvas.solid(ellipse(0, 0, 0.12, 0.1, count=16), colour, "occluder")
    else:
        canvas.solid(rounded(-0.14, -0.09, 0.14, 0.09, 0.02), colour, "occluder")


def photograph(picture: np.ndarray, dice: Dice, contrast: float, noise: float) -> np.ndarray:
    """A scene as a camera sees it: uneven light, contrast, noise (deviation in bytes)."""
    size = picture.shape[0]
    light = ramp(size, dice, 0.16)
    middle = dice.integer(100, 150)
    gain = math.floor(contrast * 256)
    grain = math.floor(noise * 65536 / 147.8)
    lit = (picture.astype(np.int32) * light) >> 8
    lit -= middle
    lit *= gain
    lit >>= 8
    lit += middle
    speckle = dice.bell_bytes(lit.size)
    speckle *= grain
    speckle >>= 16
    lit += speckle.reshape(lit.shape)
    return np.clip(lit, 0, 255).astype(np.uint8)
