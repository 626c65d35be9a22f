"""The chainsaw and the power drill: hand-held machines with a motor and dark grips."""

from __future__ import annotations

import math

from hwkit.images.canvas import Canvas
from hwkit.images.colours import coat, grey, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import Outline, arc, curve, rectangle, rounded

_HALF_TURN = math.pi


def _bar_outline(length: float, y: float, half: float) -> Outline:
    return [
        (-0.1, y - half),
        *arc(length, y, half, half, -_HALF_TURN / 2, _HALF_TURN / 2, 10),
        (-0.1, y + half),
    ]


def chainsaw(canvas: Canvas, dice: Dice) -> None:
    """A motor with two handles and a toothed guide bar pointing right."""
    colour, dark = coat(dice, 0.7), grey(dice, 22, 60)
    length, half, y = dice.uniform(0.78, 0.92), dice.uniform(0.12, 0.16), 0.12
    steel, link = grey(dice, 165, 225), grey(dice, 35, 75)
    rear = [
        *curve((-0.38, -0.1), (-0.98, -0.2), (-0.95, 0.12)),
        *curve((-0.95, 0.16), (-0.9, 0.42), (-0.4, 0.3)),
    ]
    canvas.tube(rear, 0.12, dark, "rear handle")
    outer = half + 0.035
    canvas.fill(_bar_outline(length, y, outer), link, "chain")
    teeth = 8
    for i in range(teeth):
        x = 0.22 + (length - 0.2) * i / (teeth - 1)
        for side in (-1, 1):
            base = y + side * outer
            tooth = [
                (x - 0.045, base),
                (x - 0.01, base + side * 0.055),
                (x + 0.035, base + side * 0.055),
                (x + 0.045, base),
            ]
            canvas.fill(tooth, link, "chain")
    for angle in (-0.9, 0.0, 0.9):
        x, top = length + (outer + 0.02) * math.cos(angle), y + (outer + 0.02) * math.sin(angle)
        canvas.disc(x, top, 0.04, 0.04, link, "chain", 6)
    canvas.solid(_bar_outline(length, y, half), steel, "guide bar", edge=False)
    canvas.stroke([(0.3, y), (length - 0.15, y)], 0.05, shade(steel, 0.62), "guide bar")
    canvas.disc(length, y, 0.04, 0.04, shade(steel, 0.45), "guide bar", 8)
    canvas.tube(curve((-0.36, -0.12), (-0.16, -0.78), (0.16, -0.1)), 0.1, dark, "top handle")
    shell = [
        (-0.52, -0.1),
        (-0.38, -0.27),
        (0.02, -0.27),
        (0.2, -0.12),
        (0.22, 0.28),
        (0.1, 0.38),
        (-0.42, 0.38),
        (-0.52, 0.26),
    ]
    canvas.solid(shell, colour, "motor")
    for i in range(3):
        x = -0.4 + 0.11 * i
        canvas.fill(rectangle(x, 0.12, x + 0.055, 0.28), shade(colour, 0.45), "motor")
    canvas.disc(-0.02, 0.02, 0.12, 0.12, dark, "motor")
    canvas.disc(-0.02, 0.02, 0.06, 0.06, grey(dice, 130, 200), "motor", 10)


def power_drill(canvas: Canvas, dice: Dice) -> None:
    """A drill pointing right, with a pistol grip and a battery."""
    colour, dark = coat(dice, 0.7), grey(dice, 22, 60)
    length, half = dice.uniform(0.72, 0.95), dice.uniform(0.035, 0.06)
    steel = grey(dice, 140, 215)
    y = -0.32
    bit = [
        (0.3, y - half),
        (length, y - half),
        (length + 0.1, y),
        (length, y + half),
        (0.3, y + half),
    ]
    canvas.fill(bit, steel, "bit")
    for i in range(4):
        x = 0.5 + (length - 0.5) * i / 4
        canvas.stroke([(x, y - half), (x + 0.05, y + half)], 0.025, shade(steel, 0.55), "bit")
    jaws = [
        (0.16, y - 0.17),
        (0.34, y - 0.14),
        (0.48, y - 0.06),
        (0.48, y + 0.06),
        (0.34, y + 0.14),
        (0.16, y + 0.17),
    ]
    canvas.solid(jaws, dark, "chuck")
    lean = dice.uniform(0.12, 0.2)
    grip = [(-0.4, -0.1), (-0.06, -0.1), (-0.08 - lean, 0.62), (-0.42 - lean, 0.62)]
    canvas.solid(grip, shade(colour, 0.85), "grip")
    canvas.stroke([(-0.25, 0.08), (-0.25 - lean * 0.75, 0.56)], 0.15, dark, "grip")
    canvas.solid(rounded(-0.62 - lean, 0.54, 0.08 - lean, 0.8, 0.06), dark, "battery")
    canvas.stroke([(-0.5 - lean, 0.66), (-0.04 - lean, 0.66)], 0.05, colour, "battery")
    canvas.fill([(-0.1, -0.05), (0.06, -0.05), (0.0, 0.14), (-0.12, 0.16)], dark, "trigger")
    shell = [
        (-0.66, y - 0.1),
        (-0.54, y - 0.23),
        (0.1, y - 0.23),
        (0.2, y - 0.15),
        (0.2, y + 0.15),
        (0.1, y + 0.24),
        (-0.54, y + 0.24),
        (-0.66, y + 0.12),
    ]
    canvas.solid(shell, colour, "drill body")
    for i in range(3):
        x = -0.52 + 0.11 * i
        canvas.fill(rectangle(x, y - 0.1, x + 0.055, y + 0.1), shade(colour, 0.45), "drill body")
    canvas.stroke([(-0.1, y - 0.02), (0.12, y - 0.02)], 0.07, shade(colour, 1.35), "drill body")
