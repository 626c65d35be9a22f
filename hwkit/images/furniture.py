"""The park bench and the folding chair: slats on a frame of thin legs."""

from __future__ import annotations

from hwkit.images.canvas import Canvas
from hwkit.images.colours import coat, grey, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import rectangle


def park_bench(canvas: Canvas, dice: Dice) -> None:
    """A long bench from the front: slats across its back and seat, and two armrests."""
    colour = coat(dice, 0.4)
    iron = grey(dice, 25, 95)
    lean, slats = dice.uniform(-0.1, 0.1), dice.integer(3, 4)
    top, seat = -0.58, 0.08
    for x in (-0.78, 0.78):
        canvas.tube([(x, 0.2), (x * 1.02, 0.72)], 0.11, iron, "bench legs")
        canvas.tube([(x * 0.96, 0.5), (x * 0.96 + lean, top - 0.04)], 0.09, iron, "bench legs")
    if dice.chance(0.6):
        canvas.tube([(0.0, 0.2), (0.0, 0.68)], 0.09, iron, "bench legs")
    gap = 0.6 / slats
    for i in range(slats):
        y = top + gap * i
        shift = lean * (1 - i / slats)
        slat = rectangle(-0.97 + shift, y, 0.97 + shift, y + gap - 0.055)
        canvas.solid(slat, shade(colour, dice.uniform(0.92, 1.06)), "back slats")
    for i in range(3):
        y, reach = seat + 0.1 * i, 0.96 + 0.025 * i
        slat = rectangle(-reach, y, reach, y + 0.075)
        canvas.solid(slat, shade(colour, 1.04 - 0.08 * i), "seat slats")
    for side in (-1, 1):
        x = side * 0.93
        arm = [(x + lean * 0.5, -0.16), (x + side * 0.06, -0.14), (x + side * 0.06, 0.24)]
        canvas.tube(arm, 0.09, iron, "armrest")


def folding_chair(canvas: Canvas, dice: Dice) -> None:
    """A narrow garden chair: slats on a frame whose legs cross below the seat."""
    colour = coat(dice, 0.4)
    iron = grey(dice, 25, 95)
    half = dice.uniform(0.46, 0.54)
    slats = dice.integer(2, 3)
    top, seat = -0.86, 0.04
    canvas.tube([(half * 0.92, top), (half * 0.92, seat)], 0.09, iron, "chair legs")
    canvas.tube([(half, seat), (-half * 0.95, 0.92)], 0.1, iron, "chair legs")
    canvas.tube(
        [(-half * 0.92, top), (-half * 0.8, seat), (half * 0.95, 0.92)], 0.1, iron, "chair legs"
    )
    canvas.tube([(-half * 0.55, 0.68), (half * 0.55, 0.68)], 0.06, iron, "chair legs")
    gap = 0.56 / slats
    for i in range(slats):
        y = top + 0.02 + gap * i
        slat = rectangle(-half, y, half, y + gap - 0.07)
        canvas.solid(slat, shade(colour, dice.uniform(0.92, 1.06)), "chair back")
    for i in range(2):
        y, reach = seat + 0.1 * i, half * (1.12 + 0.06 * i)
        slat = rectangle(-reach, y, reach, y + 0.078)
        canvas.solid(slat, shade(colour, 1.04 - 0.08 * i), "chair seat")
