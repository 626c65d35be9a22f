"""Outlines as lists of points (x to the right, y down); pure geometry in float64."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

Point = tuple[float, float]
Outline = list[Point]

TURN = 2 * math.pi


@cache
def _circle(count: int) -> tuple[Point, ...]:
    angles = [TURN * i / count for i in range(count)]
    return tuple((math.cos(a), math.sin(a)) for a in angles)


def ellipse(
    x: float, y: float, rx: float, ry: float, angle: float = 0.0, count: int = 20
) -> Outline:
    """An ellipse around (x, y), turned by `angle` radians, as a polygon of `count` corners."""
    if not angle:
        return [(x + rx * c, y + ry * s) for c, s in _circle(count)]
    ca, sa = math.cos(angle), math.sin(angle)
    return [
        (x + ca * rx * c - sa * ry * s, y + sa * rx * c + ca * ry * s) for c, s in _circle(count)
    ]


def arc(
    x: float, y: float, rx: float, ry: float, start: float, stop: float, count: int = 14
) -> Outline:
    """Points on an ellipse from one angle to another (radians, clockwise on the screen)."""
    step = (stop - start) / (count - 1)
    angles = [start + i * step for i in range(count)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def rectangle(left: float, top: float, right: float, bottom: float) -> Outline:
    """The four corners of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Outline:
    """A rectangle with corners rounded off (each by four points)."""
    quarter = math.pi / 2
    corners = (
        (right - radius, top + radius, -quarter),
        (right - radius, bottom - radius, 0.0),
        (left + radius, bottom - radius, quarter),
        (left + radius, top + radius, 2 * quarter),
    )
    return [p for x, y, a in corners for p in arc(x, y, radius, radius, a, a + quarter, 4)]


def curve(first: Point, pull: Point, last: Point, count: int = 9) -> Outline:
    """A quadratic Bezier curve from `first` to `last`, pulled towards `pull`."""
    points = []
    for i in range(count):
        t = i / (count - 1)
        a, b, c = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
        points.append(
            (a * first[0] + b * pull[0] + c * last[0], a * first[1] + b * pull[1] + c * last[1])
        )
    return points


def ribbon(path: Sequence[Point], width: float, end_width: float | None = None) -> Outline:
    """The outline of a band along a path; its width may change evenly to its end."""
    last = len(path) - 1
    change = 0.0 if end_width is None else (end_width - width) / last
    left, right = [], []
    for i, (x, y) in enumerate(path):
        x0, y0 = path[max(i - 1, 0)]
        x1, y1 = path[min(i + 1, last)]
        dx, dy = x1 - x0, y1 - y0
        length = math.sqrt(dx * dx + dy * dy) or 1.0
        half = (width + change * i) / 2 / length
        left.append((x - dy * half, y + dx * half))
        right.append((x + dy * half, y - dx * half))
    return left + right[::-1]


def inset(outline: Sequence[Point], depth: float) -> Outline:
    """The outline with every corner moved inwards by `depth`, whichever way it turns."""
    last = len(outline) - 1
    area = 0.0
    moved = []
    x0, y0 = outline[last]
    for i, (x, y) in enumerate(outline):
        x1, y1 = outline[i + 1 if i < last else 0]
        area += x * y1 - x1 * y
        dx, dy = x1 - x0, y1 - y0
        length = math.sqrt(dx * dx + dy * dy) or 1.0
        moved.append((-dy / length, dx / length))
        x0, y0 = x, y
    step = depth if area > 0 else -depth
    return [(x + step * u, y + step * v) for (x, y), (u, v) in zip(outline, moved, strict=True)]


def clip(outline: Sequence[Point], level: float, below: bool) -> Outline:
    """The part of an outline below (or above) the line y = level (Sutherland & Hodgman, 1974).

    Exact for outlines that the line cuts at most twice; others get a seam along the line.
    """
    sign = 1.0 if below else -1.0
    kept: Outline = []
    x0, y0 = outline[-1]
    inside0 = sign * (y0 - level) >= 0
    for x1, y1 in outline:
        inside1 = sign * (y1 - level) >= 0
        if inside0 != inside1:
            t = (level - y0) / (y1 - y0)
            kept.append((x0 + t * (x1 - x0), level))
        if inside1:
            kept.append((x1, y1))
        x0, y0, inside0 = x1, y1, inside1
    return kept
