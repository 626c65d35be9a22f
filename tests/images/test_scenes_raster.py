"""Polygon filling against exact arithmetic, and the shapes that are filled."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest

from hwkit.images.dice import Dice
from hwkit.images.raster import Raster
from hwkit.images.shapes import clip, ellipse, inset, ribbon


def inside(x: Fraction, y: Fraction, corners: list[tuple[Fraction, Fraction]]) -> bool:
    """Even-odd rule by a ray to the left, in fractions; crossings go down to an eighth."""
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 <= y) != (y1 <= y):
            crossing = x0 + (x1 - x0) * (y - y0) / (y1 - y0)
            odd ^= Fraction(floor(8 * crossing), 8) <= x
    return odd


@pytest.mark.parametrize("seed", range(12))
def test_filling_agrees_with_exact_point_in_polygon(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = [tuple(rng.integers(-80, 300, 2) / 8) for _ in range(rng.integers(3, 9))]
    raster = Raster(24)
    raster.add(corners, 7)
    exact = [(Fraction(x), Fraction(y)) for x, y in corners]
    half = Fraction(1, 2)
    expected = [[7 * inside(c + half, r + half, exact) for c in range(24)] for r in range(24)]
    np.testing.assert_array_equal(raster.paint(), expected)


def test_neighbours_share_an_edge_without_gap_or_overlap() -> None:
    for left, right in (((0.0, 0.0), (9.3, 20.0)), ((3.7, 0.0), (15.1, 20.0))):
        first, second, both = Raster(20), Raster(20), Raster(20)
        a = [(-1.0, 0.0), left, right, (-1.0, 20.0)]
        b = [left, (21.0, 0.0), (21.0, 20.0), right]
        first.add(a, 1)
        second.add(b, 1)
        both.add([(-1.0, 0.0), (21.0, 0.0), (21.0, 20.0), (-1.0, 20.0)], 1)
        np.testing.assert_array_equal(first.paint() + second.paint(), both.paint())


def test_a_rectangle_on_cell_borders_fills_exactly_its_cells_and_the_last_one_wins() -> None:
    raster = Raster(10)
    raster.add([(2, 3), (7, 3), (7, 9), (2, 9)], 5)
    raster.add([(4, 0), (5, 0), (5, 10), (4, 10)], 6)
    raster.add([(-90, 4), (-50, 4), (-50, 6)], 9)
    expected = np.zeros((10, 10))
    expected[3:9, 2:7] = 5
    expected[:, 4] = 6
    np.testing.assert_array_equal(raster.paint(), expected)


def test_nothing_added_paints_nothing() -> None:
    assert not Raster(5).paint().any()


def area(outline: list[tuple[float, float]]) -> float:
    pairs = zip(outline, outline[1:] + outline[:1], strict=True)
    return abs(sum(a * d - b * c for (a, b), (c, d) in pairs)) / 2


def test_areas_of_shapes() -> None:
    assert area(ellipse(3, 4, 2, 1, 0.7, 400)) == pytest.approx(np.pi * 2, rel=1e-4)
    assert area(ribbon([(0, 0), (5, 0)], 1.0, 3.0)) == pytest.approx(10)
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
    assert area(clip(square, 1.5, below=True)) == pytest.approx(10)
    assert area(clip(square, 1.5, below=False)) == pytest.approx(6)
    for turned in (square, square[::-1]):
        # Corners move diagonally by 1: the side shrinks by sqrt(2).
        assert area(inset(turned, 1.0)) == pytest.approx((4 - 2**0.5) ** 2)


def test_dice_give_the_numbers_of_numpys_generator() -> None:
    dice, numpys = Dice(7, 3), np.random.Generator(np.random.PCG64(np.random.SeedSequence((7, 3))))
    np.testing.assert_array_equal([dice.random() for _ in range(600)], numpys.random(600))


def test_bell_shaped_draws_have_their_mean_and_deviation() -> None:
    dice = Dice(1)
    draws = np.array([dice.bell(2.0) for _ in range(20_000)])
    assert abs(draws.mean()) < 0.06
    assert draws.std() == pytest.approx(2.0, rel=0.03)
    noise = dice.bell_bytes(200_001)
    # A byte is uniform on 0..255: variance (256**2 - 1) / 12, four of them.
    assert noise.std() == pytest.approx((4 * (256**2 - 1) / 12) ** 0.5, rel=0.01)
    assert abs(noise.mean()) < 2
