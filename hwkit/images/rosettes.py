"""The starfish and the daisy: arms or petals around a middle."""

from __future__ import annotations

import math

from hwkit.images.canvas import Canvas
from hwkit.images.colours import coat, mix, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import TURN, curve, ellipse, ribbon


def starfish(canvas: Canvas, dice: Dice) -> None:
    """Five tapering arms with rows of bumps, joined in a disc."""
    colour = coat(dice, 0.5)
    length, width, phase = dice.uniform(0.86, 1.0), dice.uniform(0.32, 0.42), dice.uniform(0, TURN)
    pale = mix(colour, (255, 244, 224), 0.55)
    for arm in range(5):
        angle = phase + TURN * arm / 5 + dice.bell(0.06)
        reach = length * dice.uniform(0.9, 1.05)
        tip_angle = angle + dice.bell(0.16)
        half = (0.5 * reach * math.cos(angle), 0.5 * reach * math.sin(angle))
        tip = (reach * math.cos(tip_angle), reach * math.sin(tip_angle))
        path = curve((0.0, 0.0), half, tip, 7)
        canvas.solid(ribbon(path, width * 1.25, width * 0.3), colour, "arm")
        canvas.disc(*tip, width * 0.15, width * 0.15, colour, "arm", 8)
        for i in range(2, 7):
            size = 0.05 - 0.004 * i
            canvas.disc(*path[i], size, size, pale, "arm", 7)
    canvas.disc(0.0, 0.0, width * 0.62, width * 0.62, colour, "disc")
    for i in range(5):
        angle = phase + TURN * (i + 0.5) / 5
        canvas.disc(
            width * 0.3 * math.cos(angle),
            width * 0.3 * math.sin(angle),
            0.04,
            0.04,
            pale,
            "disc",
            7,
        )
    canvas.disc(0.0, 0.0, 0.05, 0.05, shade(colour, 0.6), "disc", 8)


def daisy(canvas: Canvas, dice: Dice) -> None:
    """Long petals around a flower centre, on a stem."""
    colour, heart, green = coat(dice, 0.5), coat(dice, 0.6), coat(dice, 0.5)
    petals, phase = dice.integer(8, 12), dice.uniform(0, TURN)
    length = dice.uniform(0.66, 0.78)
    y = -0.2
    side = dice.uniform(-0.2, 0.2)
    canvas.tube(curve((0.0, y), (side, 0.5), (side * 0.5, 1.0)), 0.09, green, "stem")
    canvas.solid(ellipse(side * 0.9 + 0.17, 0.72, 0.2, 0.08, -0.5, 12), green, "leaf")
    breadth = 1.5 / petals + 0.02
    for petal in range(petals):
        angle = phase + TURN * petal / petals
        x, top = 0.55 * length * math.cos(angle), y + 0.55 * length * math.sin(angle)
        tint = shade(colour, 1.0 if petal % 2 else 0.9)
        canvas.solid(ellipse(x, top, 0.46 * length, breadth, angle, 14), tint, "petal")
    canvas.solid(ellipse(0.0, y, 0.2, 0.2, count=16), heart, "flower centre")
    for i in range(6):
        angle = TURN * i / 6
        canvas.disc(
            0.1 * math.cos(angle),
            y + 0.1 * math.sin(angle),
            0.03,
            0.03,
            shade(heart, 0.6),
            "flower centre",
            6,
        )
