"""The pelican and the flamingo: one body with wing and tail, two necks, bills and pairs of legs."""

from __future__ import annotations

from hwkit.images.canvas import Canvas
from hwkit.images.colours import Colour, coat, hsv, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import Point, curve, ellipse

_EYE = (16, 14, 18)


def _bill_colour(dice: Dice) -> Colour:
    return hsv(dice.uniform(0.0, 0.15), dice.uniform(0.5, 0.9), dice.uniform(0.6, 0.98))


def _plumage(dice: Dice, hue: float, saturation: float) -> Colour:
    """Two in five birds wear their kind's natural pale tint, the others anything."""
    tint = hsv(hue, saturation * dice.random(), dice.uniform(0.8, 0.98))
    anything = coat(dice, 0.3)
    return tint if dice.chance(0.4) else anything


def _body(canvas: Canvas, dice: Dice, colour: Colour, x: float, y: float, size: float) -> None:
    """The trunk around (x, y) with its tail to the left."""
    tip = dice.uniform(-0.12, 0.04)
    feathers = [
        (x - size * 0.7, y - size * 0.2),
        (x - size * 1.65, y + size * tip),
        (x - size * 1.55, y + size * 0.25),
        (x - size * 0.6, y + size * 0.4),
    ]
    canvas.solid(feathers, shade(colour, 0.85), "tail")
    canvas.solid(ellipse(x, y, size, size * 0.6, -0.2), colour, "bird body")


def _wing(canvas: Canvas, dice: Dice, colour: Colour, x: float, y: float, size: float) -> None:
    tint = shade(colour, dice.uniform(0.62, 0.85))
    top = curve(
        (x + size * 0.5, y - size * 0.25), (x - size * 0.4, y - size * 0.5), (x - size * 1.2, y), 6
    )
    low = curve(
        (x - size * 1.2, y), (x - size * 0.3, y + size * 0.5), (x + size * 0.5, y - size * 0.25), 6
    )
    canvas.solid([*top, *low[1:-1]], tint, "wing")
    for i in range(3):
        start: Point = (x + size * (0.1 - 0.28 * i), y - size * 0.16)
        end: Point = (x - size * (0.4 + 0.22 * i), y + size * 0.12)
        canvas.stroke([start, end], size * 0.06, shade(tint, 0.7), "wing")


def _legs(canvas: Canvas, dice: Dice, colour: Colour, x: float, top: float, bottom: float) -> None:
    knee = dice.uniform(-0.08, 0.08)
    for side in (-0.1, 0.1):
        path = [(x + side, top), (x + side + knee, (top + bottom) / 2), (x + side, bottom)]
        canvas.stroke(path, 0.06, shade(colour, 0.85), "bird legs")
        foot = [
            (x + side - 0.05, bottom - 0.03),
            (x + side + 0.2, bottom + 0.04),
            (x + side - 0.05, bottom + 0.04),
        ]
        canvas.fill(foot, shade(colour, 0.75), "bird legs")


def pelican(canvas: Canvas, dice: Dice) -> None:
    """A heavy bird with short legs and a huge bill with a pouch."""
    colour, orange = _plumage(dice, 0.55, 0.1), _bill_colour(dice)
    _legs(canvas, dice, orange, -0.2, 0.38, dice.uniform(0.72, 0.82))
    _body(canvas, dice, colour, -0.2, 0.14, 0.56)
    neck = curve((0.12, 0.08), (0.46, -0.16), (0.14, -0.56))
    canvas.tube(neck, 0.3, colour, "neck", 0.17)
    length, droop = dice.uniform(0.62, 0.78), dice.uniform(0.14, 0.36)
    x, y = 0.16, -0.6
    end = (x + 0.1 + length, y + droop)
    deep = dice.uniform(0.3, 0.4)
    pouch = curve(end, (x + 0.1 + length * 0.5, y + droop + deep), (x + 0.06, y + 0.1), 8)
    canvas.solid([(x + 0.06, y), *pouch], shade(orange, 1.15), "pouch")
    bill = [(x + 0.04, y - 0.08), end, (end[0] - 0.04, end[1] + 0.05), (x + 0.04, y + 0.05)]
    canvas.solid(bill, shade(orange, 0.8), "bill")
    canvas.solid(ellipse(x, y, 0.17, 0.15, count=14), colour, "bird head")
    canvas.disc(x + 0.05, y - 0.03, 0.045, 0.045, (246, 240, 214), "bird head", 8)
    canvas.disc(x + 0.055, y - 0.03, 0.028, 0.028, _EYE, "bird head", 7)
    _wing(canvas, dice, colour, -0.26, 0.14, 0.56)


def flamingo(canvas: Canvas, dice: Dice) -> None:
    """A slim bird on long legs, with an S-shaped neck and a bent bill."""
    colour, orange = _plumage(dice, 0.96, 0.5), _bill_colour(dice)
    _legs(canvas, dice, orange, -0.2, 0.24, dice.uniform(0.88, 0.96))
    _body(canvas, dice, colour, -0.2, 0.06, 0.44)
    reach = dice.uniform(0.52, 0.64)
    lower = curve((0.08, 0.02), (reach, -0.1), (0.22, -0.46))
    upper = curve((0.22, -0.46), (-0.04, -0.76), (0.22, -0.86))
    canvas.tube([*lower, *upper[1:]], 0.13, colour, "neck", 0.1)
    x, y = 0.26, -0.84
    bend = [
        (x + 0.04, y - 0.09),
        (x + 0.26, y - 0.02),
        (x + 0.3, y + 0.12),
        (x + 0.2, y + 0.24),
        (x + 0.12, y + 0.08),
    ]
    canvas.solid([*bend, (x + 0.02, y + 0.07)], orange, "hooked bill")
    dark = [(x + 0.28, y + 0.06), (x + 0.3, y + 0.12), (x + 0.2, y + 0.24), (x + 0.17, y + 0.16)]
    canvas.fill(dark, (30, 26, 30), "hooked bill")
    canvas.solid(ellipse(x, y, 0.14, 0.12, count=12), colour, "bird head")
    canvas.disc(x + 0.04, y - 0.03, 0.03, 0.03, _EYE, "bird head", 7)
    _wing(canvas, dice, colour, -0.24, 0.06, 0.44)
