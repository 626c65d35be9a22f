"""Colours as triples of bytes, and the distributions that the classes share.

No class may be told by its colour: all objects draw their main colour from the same few
distributions.
"""

from __future__ import annotations

import math

from hwkit.images.dice import Dice

Colour = tuple[int, int, int]


def _byte(value: float) -> int:
    return min(255, max(0, math.floor(value + 0.5)))


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """The RGB colour of a hue (taken modulo 1), a saturation and a value in [0, 1]."""
    sixth = (hue % 1.0) * 6.0
    sector = int(sixth) % 6
    rest = sixth - int(sixth)
    low = value * (1 - saturation)
    falling = value * (1 - rest * saturation)
    rising = value * (1 - (1 - rest) * saturation)
    red, green, blue = (
        (value, rising, low),
        (falling, value, low),
        (low, value, rising),
        (low, falling, value),
        (rising, low, value),
        (value, low, falling),
    )[sector]
    return _byte(255 * red), _byte(255 * green), _byte(255 * blue)


def shade(colour: Colour, factor: float) -> Colour:
    """The colour made darker (factor below 1) or lighter (above 1)."""
    return _byte(colour[0] * factor), _byte(colour[1] * factor), _byte(colour[2] * factor)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The blend of two colours; `share` is how much of the second."""
    red, green, blue = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return _byte(red), _byte(green), _byte(blue)


def grey(dice: Dice, low: float, high: float) -> Colour:
    """A nearly neutral grey between two brightnesses (0 to 255)."""
    level = dice.uniform(low, high)
    return _byte(level + dice.bell(4)), _byte(level + dice.bell(4)), _byte(level + dice.bell(4))


def coat(dice: Dice, bright: float = 0.4) -> Colour:
    """The main colour of an object: vivid with probability `bright`, else brown or greyish."""
    kind, hue, saturation, value = dice.random(), dice.random(), dice.random(), dice.random()
    if kind < bright:
        return hsv(hue, 0.3 + 0.6 * saturation, 0.35 + 0.6 * value)
    if dice.chance(0.6):
        return hsv(0.02 + 0.11 * hue, 0.2 + 0.5 * saturation, 0.2 + 0.7 * value)
    return hsv(hue, 0.02 + 0.13 * saturation, 0.15 + 0.8 * value)


def scenery(dice: Dice) -> Colour:
    """A colour of the surroundings: any hue, never vivid."""
    hue, saturation, value = dice.random(), dice.random(), dice.random()
    return hsv(hue, 0.03 + 0.5 * saturation, 0.25 + 0.68 * value)


def trinket(dice: Dice) -> Colour:
    """A colour of clutter and occluders: anything at all."""
    if dice.chance(0.5):
        return coat(dice)
    hue, saturation, value = dice.random(), dice.random(), dice.random()
    return hsv(hue, 0.05 + 0.8 * saturation, 0.1 + 0.85 * value)
