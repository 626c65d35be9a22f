"""The bonnet and the sombrero: a crown, a brim, and ribbons that may hang below the chin."""

from __future__ import annotations

import math

from hwkit.images.canvas import Canvas
from hwkit.images.colours import Colour, coat, mix, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import TURN, Outline, arc, curve, ellipse

_PI = math.pi


def _straps(canvas: Canvas, width: float, top: float, bottom: float, colour: Colour) -> None:
    for side in (-1, 1):
        strap = curve((side * width, top), (side * width * 1.2, bottom - 0.1), (0.0, bottom))
        canvas.stroke(strap, 0.075, colour, "straps")


def bonnet(canvas: Canvas, dice: Dice) -> None:
    """A baby's bonnet from the front: a frilled brim around the dark lining, tied with a bow."""
    colour, ribbon = coat(dice, 0.5), coat(dice, 0.6)
    width, height = dice.uniform(0.62, 0.72), dice.uniform(0.66, 0.76)
    chin = dice.uniform(0.66, 0.74)
    _straps(canvas, 0.44, 0.2, chin, ribbon)
    for side in (-1, 1):
        loop = [
            (0.0, chin),
            (side * 0.3, chin - 0.15),
            (side * 0.36, chin),
            (side * 0.3, chin + 0.15),
        ]
        canvas.solid(loop, ribbon, "bow")
        tail = [
            (0.0, chin),
            (side * 0.08, chin),
            (side * 0.24, chin + 0.3),
            (side * 0.1, chin + 0.3),
        ]
        canvas.fill(tail, shade(ribbon, 0.8), "bow")
    canvas.disc(0.0, chin, 0.08, 0.08, shade(ribbon, 0.65), "bow", 10)
    y = -0.05
    frills = dice.integer(9, 11)
    pale = mix(colour, (255, 255, 255), 0.35)
    for i in range(frills):
        angle = _PI * 0.86 + _PI * 1.28 * i / (frills - 1)
        x, top = width * math.cos(angle), y + height * math.sin(angle)
        canvas.solid(ellipse(x, top, 0.19, 0.19, count=12), pale, "brim")
    canvas.solid(_hood(y, width, height), colour, "crown")
    for i in range(frills):
        angle = _PI * 0.86 + _PI * 1.28 * (i + 0.5) / frills
        inner = (width * 0.7 * math.cos(angle), y + height * 0.7 * math.sin(angle))
        outer = (width * 0.97 * math.cos(angle), y + height * 0.97 * math.sin(angle))
        canvas.stroke([inner, outer], 0.03, shade(colour, 0.75), "crown")
    lining = arc(0.0, y + 0.05, width * 0.66, height * 0.7, _PI * 0.84, _PI * 2.16, 18)
    canvas.fill(lining, shade(colour, 0.4), "lining")
    deep = arc(0.0, y + 0.1, width * 0.48, height * 0.5, _PI * 0.84, _PI * 2.16, 16)
    canvas.fill(deep, shade(colour, 0.28), "lining")


def _hood(y: float, width: float, height: float) -> Outline:
    return arc(0.0, y, width, height, _PI * 0.82, _PI * 2.18, 22)


def sombrero(canvas: Canvas, dice: Dice) -> None:
    """A wide hat from the side: a tall crown with a band on an upturned brim."""
    colour, ribbon = coat(dice, 0.5), coat(dice, 0.6)
    width, height = dice.uniform(0.9, 1.0), dice.uniform(0.62, 0.8)
    y = 0.26
    if dice.chance(0.5):
        _straps(canvas, 0.4, y + 0.1, 0.86, ribbon)
    thick = dice.uniform(0.22, 0.28)
    canvas.solid(ellipse(0.0, y, width, thick, count=24), colour, "brim")
    canvas.fill(
        ellipse(0.0, y - 0.06, width * 0.86, thick * 0.68, count=24), shade(colour, 0.68), "brim"
    )
    dots = 10
    for i in range(dots):
        angle = TURN * (i + 0.5) / dots
        x, dot_y = width * 0.9 * math.cos(angle), y + 0.02 + thick * 0.82 * math.sin(angle)
        canvas.disc(x, dot_y, 0.055, 0.04, ribbon, "brim", 8)
    top = y - height
    left = curve((-0.42, y), (-0.36, top + 0.1), (-0.16, top), 6)
    right = curve((0.16, top), (0.36, top + 0.1), (0.42, y), 6)
    canvas.solid([*left, (0.0, top + 0.05), *right, (0.0, y + 0.08)], colour, "crown")
    band = [
        (-0.425, y),
        (-0.4, y - 0.17),
        (0.0, y - 0.1),
        (0.4, y - 0.17),
        (0.425, y),
        (0.0, y + 0.085),
    ]
    canvas.solid(band, ribbon, "hat band", edge=False)
