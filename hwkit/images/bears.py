"""The sloth bear and the brown bear: one bear, with or without what makes a sloth bear."""

from __future__ import annotations

import math

from hwkit.images.canvas import Canvas
from hwkit.images.colours import Colour, coat, mix, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import TURN, curve, ellipse

_CREAM = (222, 208, 178)
_NOSE = (28, 24, 24)
_LIGHT_COAT = 360
"""From this sum of red, green and blue on, the V is darker than the coat, else paler."""


def sloth_bear(canvas: Canvas, dice: Dice) -> None:
    """A shaggy bear with a V on its chest, a long pale muzzle, big ears and long claws."""
    _bear(canvas, dice, sloth=True)


def brown_bear(canvas: Canvas, dice: Dice) -> None:
    """A heavy bear with a humped shoulder, small round ears and a short muzzle."""
    _bear(canvas, dice, sloth=False)


def _bear(canvas: Canvas, dice: Dice, sloth: bool) -> None:
    colour = coat(dice, 0.15)
    pale = mix(_CREAM, (160, 140, 110), dice.random())
    sign = pale if sum(colour) < _LIGHT_COAT else shade(colour, 0.38)
    _legs(canvas, dice, colour, sloth)
    height = dice.uniform(0.36, 0.42)
    back = [] if sloth else curve((0.0, -0.3), (0.28, -0.66), (0.5, -0.2), 6)
    if back:
        canvas.solid(back, colour, "bear body")
    tufts = 16 if sloth else 6
    for i in range(tufts):
        angle = TURN * (i + dice.random()) / tufts
        x, y = -0.1 + 0.62 * math.cos(angle), height * 0.92 * math.sin(angle)
        reach = 0.2 if sloth else 0.1
        tip = (x + dice.uniform(-0.1, 0.1), y + reach)
        tint = shade(colour, dice.choice((0.7, 0.85, 1.0)))
        canvas.fill([(x - 0.08, y - 0.06), (x + 0.08, y - 0.06), tip], tint, "bear body")
    canvas.solid(ellipse(-0.1, 0.0, 0.66, height), colour, "bear body")
    if sloth:
        for i in range(7):
            x, y = -0.55 + 0.13 * i, dice.uniform(-0.12, 0.2)
            lock = [(x - 0.05, y), (x + 0.05, y), (x, y + 0.18)]
            canvas.fill(lock, shade(colour, 0.78), "bear body")
        drop = dice.uniform(0.14, 0.2)
        canvas.stroke([(0.2, -0.14), (0.36, drop), (0.54, -0.04)], 0.11, sign, "chest V")
    _head(canvas, dice, colour, pale, sloth)


def _legs(canvas: Canvas, dice: Dice, colour: Colour, sloth: bool) -> None:
    stride = dice.uniform(-0.06, 0.06)
    for x, near in (
        (-0.36 + stride, False),
        (0.18 - stride, False),
        (-0.58 - stride, True),
        (0.34 + stride, True),
    ):
        tint = shade(colour, 0.92 if near else 0.65)
        leg = [(x - 0.02, 0.1), (x + 0.24, 0.1), (x + 0.22, 0.72), (x, 0.72)]
        canvas.solid(leg, tint, "bear legs")
        canvas.solid(ellipse(x + 0.13, 0.72, 0.15, 0.075, count=12), tint, "bear legs")
        for toe in range(3):
            start = x + 0.1 + 0.075 * toe
            claw = [(start, 0.72), (start + (0.07 if sloth else 0.03), 0.88 if sloth else 0.78)]
            canvas.stroke(claw, 0.045, (232, 224, 204) if sloth else shade(tint, 0.4), "claws")


def _head(canvas: Canvas, dice: Dice, colour: Colour, pale: Colour, sloth: bool) -> None:
    x, y = 0.58, -0.28 - dice.uniform(-0.06, 0.12)
    ear = 0.14 if sloth else 0.11
    for side in (-0.2, 0.15):
        canvas.solid(ellipse(x + side, y - 0.23, ear, ear, count=12), colour, "bear ear")
        canvas.disc(x + side, y - 0.22, ear * 0.5, ear * 0.5, shade(colour, 0.5), "bear ear", 8)
    canvas.solid(ellipse(x, y, 0.3, 0.27), shade(colour, 1.06), "bear head")
    reach = 0.2 if sloth else 0.14
    tint = pale if sloth else mix(colour, pale, dice.uniform(0.1, 0.6))
    canvas.solid(ellipse(x + 0.2, y + 0.08, reach, 0.12, 0.15, 14), tint, "muzzle")
    canvas.disc(x + 0.19 + reach * 0.85, y + 0.05, 0.065, 0.055, _NOSE, "muzzle", 9)
    canvas.disc(x + 0.08, y - 0.07, 0.045, 0.045, (240, 240, 236), "bear head", 8)
    canvas.disc(x + 0.09, y - 0.07, 0.034, 0.034, (12, 12, 14), "bear head", 8)
