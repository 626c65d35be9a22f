"""The sports car and the convertible: one car, with its roof closed or open.

Both draw everything, seats included, from the same distributions and with the same random numbers.
Roof, windows and spoiler lie on top, so that a sports car drawn without them IS an open car.
"""

from __future__ import annotations

import math

from hwkit.images.canvas import Canvas
from hwkit.images.colours import Colour, coat, grey, mix, shade
from hwkit.images.dice import Dice
from hwkit.images.shapes import TURN, Point, arc, curve, ellipse, rectangle, ribbon

_TYRE_GREY = (34, 34, 38)


def sports_car(canvas: Canvas, dice: Dice) -> None:
    """A two-seater with a closed roof and a spoiler, seen from the side."""
    _car(canvas, dice, closed=True)


def convertible(canvas: Canvas, dice: Dice) -> None:
    """The same two-seater without a roof; sometimes the folded top lies behind the seats."""
    _car(canvas, dice, closed=False)


def _car(canvas: Canvas, dice: Dice, closed: bool) -> None:
    colour, trim = coat(dice, 0.6), coat(dice)
    height = dice.uniform(0.29, 0.37)
    rear, front = dice.uniform(-0.52, -0.44), dice.uniform(0.3, 0.4)
    _seats(canvas, dice, trim)
    # Parts with dice of their own: two cars of one seed are alike wherever both have a part.
    roof_dice, spoiler_dice, folded = dice.fork(), dice.fork(), dice.chance(0.5)
    if closed:
        _roof(canvas, roof_dice, colour, height, rear, front)
        _spoiler(canvas, spoiler_dice, colour)
    elif folded:
        top = mix(trim, (60, 56, 52), 0.5)
        canvas.solid(ellipse(-0.66, -0.13, 0.2, 0.09), top, "folded top")
    pillar = [(front + 0.03, -0.08), (front - 0.21, -height + 0.02)]
    canvas.stroke(pillar, 0.05, grey(dice, 25, 70), "windscreen")
    _body(canvas, dice, colour)
    _wheels(canvas, dice)


def _seats(canvas: Canvas, dice: Dice, trim: Colour) -> None:
    for x in (-0.2, 0.09):
        back = curve((x - 0.12, -0.21), (x - 0.06, -0.3), (x, -0.2), 5)
        canvas.solid([(x - 0.1, -0.02), *back, (x + 0.06, -0.02)], trim, "seat")
    wheel_x = dice.uniform(0.2, 0.23)
    canvas.stroke([(wheel_x - 0.05, -0.17), (wheel_x + 0.04, -0.06)], 0.035, (30, 30, 34), "seat")


def _roof(
    canvas: Canvas, dice: Dice, colour: Colour, height: float, rear: float, front: float
) -> None:
    crown = curve((rear + 0.12, -height), (-0.05, -height - 0.05), (front - 0.22, -height), 6)
    canvas.solid([(rear - 0.04, -0.02), *crown, (front + 0.05, -0.02)], shade(colour, 0.95), "roof")
    glass = mix(grey(dice, 60, 110), (90, 120, 150), 0.5)
    low, high = -0.1, -height + 0.045
    split = dice.uniform(-0.12, -0.04)
    for left, right, lean_left, lean_right in (
        (rear + 0.06, split - 0.035, 0.1, 0.0),
        (split + 0.035, front - 0.06, 0.0, -0.19),
    ):
        pane = [(left, low), (left + lean_left, high), (right + lean_right, high), (right, low)]
        canvas.fill(pane, glass, "window")
        x = (left + lean_left + right + lean_right) / 2
        shine = [(x - 0.03, high), (x + 0.04, high), (x - 0.04, low), (x - 0.11, low)]
        canvas.fill(shine, mix(glass, (255, 255, 255), 0.35), "window")


def _spoiler(canvas: Canvas, dice: Dice, colour: Colour) -> None:
    height, reach = dice.uniform(0.12, 0.2), dice.uniform(0.28, 0.36)
    paint = shade(colour, 0.8) if dice.chance(0.6) else grey(dice, 30, 60)
    canvas.stroke([(-0.84, -0.06), (-0.88, -0.1 - height)], 0.06, shade(paint, 0.7), "spoiler")
    left, right, y = -0.92 - reach * 0.4, -0.92 + reach * 0.6, -0.1 - height
    wing = [(left, y - 0.06), (right, y - 0.02), (right, y + 0.035), (left, y + 0.035)]
    canvas.solid(wing, paint, "spoiler")


def _body(canvas: Canvas, dice: Dice, colour: Colour) -> None:
    nose = dice.uniform(-0.02, 0.06)
    deck: list[Point] = [(-1.0, 0.26), (-1.0, 0.02), (-0.93, -0.09), (-0.4, -0.1), (0.3, -0.1)]
    hood = curve((0.36, -0.1), (0.86, -0.08), (0.98, nose + 0.08), 6)
    canvas.solid([*deck, *hood, (1.0, 0.26), (0.9, 0.32), (-0.9, 0.32)], colour, "car body")
    dark = shade(colour, 0.55)
    for x in (-0.22, 0.3):
        canvas.stroke([(x, -0.08), (x + 0.02, 0.1), (x - 0.02, 0.24)], 0.022, dark, "car body")
    canvas.stroke([(-0.16, 0.0), (-0.06, 0.0)], 0.03, dark, "car body")
    canvas.stroke([(-0.92, 0.02), (0.9, 0.05)], 0.022, shade(colour, 1.3), "car body")
    canvas.fill(rectangle(-0.36, 0.25, 0.36, 0.33), dark, "car body")
    canvas.fill(ellipse(0.89, nose + 0.06, 0.075, 0.05, 0.5, 10), (250, 244, 205), "headlight")
    canvas.fill(rectangle(-1.0, 0.0, -0.93, 0.09), (190, 40, 36), "tail light")
    for x in (-0.6, 0.58):
        canvas.fill(arc(x, 0.33, 0.25, 0.25, math.pi, TURN, 12), (22, 22, 26), "car body")


def _wheels(canvas: Canvas, dice: Dice) -> None:
    radius = dice.uniform(0.19, 0.22)
    rim, spokes, phase = grey(dice, 150, 230), dice.integer(4, 6), dice.uniform(0, TURN)
    for x in (-0.6, 0.58):
        y = 0.33
        canvas.fill(ellipse(x, y, radius, radius), _TYRE_GREY, "wheel")
        canvas.disc(x, y, radius * 0.64, radius * 0.64, rim, "wheel")
        for spoke in range(spokes):
            angle = phase + spoke * TURN / spokes
            tip = (x + radius * 0.62 * math.cos(angle), y + radius * 0.62 * math.sin(angle))
            canvas.fill(ribbon([(x, y), tip], 0.035), shade(rim, 0.45), "wheel")
        canvas.disc(x, y, radius * 0.2, radius * 0.2, shade(rim, 0.6), "wheel", 8)
