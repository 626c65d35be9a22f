"""Which pixels are the important ones: counted by hand, and superpixels as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from hwkit.evaluation.keeping import important, keep, places, random_maps, remove

MAP = np.array([[[3.0, -1, 2], [2, 5, 2]]])  # one picture of 2 x 3 pixels
SEGMENTS = np.array([[0, 0, 2], [1, 1, 1]])


def marks(*rows: str) -> np.ndarray:
    return np.array([[letter == "x" for letter in row] for row in rows])


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (0, marks("...", "...")),
        (0.08, marks("...", "...")),  # 0.48 pixels
        (0.09, marks("...", ".x.")),  # 0.54
        (1 / 3, marks("x..", ".x.")),
        (0.5, marks("x.x", ".x.")),  # of three twos the first in reading order
        (0.6, marks("x.x", "xx.")),  # 3.6 pixels
        (5 / 6, marks("x.x", "xxx")),  # the negative one goes first
        (1, marks("xxx", "xxx")),
    ],
)
def test_pixels_by_hand(fraction, shown):
    np.testing.assert_array_equal(important(MAP, fraction)[0], shown)
    # 0 is kept as 7 and removed as the fill, everything else the other way round.
    pictures = np.full((1, 2, 3, 2), 7.0)
    kept = keep(pictures, MAP, fraction, np.array([-1, -2]))
    gone = remove(pictures, MAP, fraction, np.array([-1, -2]))
    np.testing.assert_array_equal(kept[0, ..., 0], np.where(shown, 7, -1))
    np.testing.assert_array_equal(gone[0, ..., 1], np.where(shown, -2, 7))
    assert (pictures == 7).all()


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (0, marks("...", "...")),
        (0.05, marks("...", "...")),  # 0.3 pixels are none
        (1 / 6, marks("...", "xxx")),  # 9 is the highest sum, and all three of it come
        (0.5, marks("...", "xxx")),
        (0.6, marks("xx.", "xxx")),  # 3.6 pixels are four; sums 2 and 2: the first label
        (5 / 6, marks("xx.", "xxx")),
        (1, marks("xxx", "xxx")),
    ],
)
def test_superpixels_by_hand(fraction, shown):
    np.testing.assert_array_equal(important(MAP, fraction, SEGMENTS)[0], shown)
    np.testing.assert_array_equal(important(MAP, fraction, SEGMENTS[None])[0], shown)


def test_places_count_what_comes_before():
    np.testing.assert_array_equal(places(MAP), [[[1, 5, 2], [3, 0, 4]]])
    np.testing.assert_array_equal(places(MAP, SEGMENTS), [[[3, 3, 5], [0, 0, 0]]])
    # Labels need not be without gaps.
    gaps = np.array([[4, 4, 9], [7, 7, 7]])
    np.testing.assert_array_equal(places(MAP, gaps), [[[3, 3, 5], [0, 0, 0]]])


def test_each_picture_has_its_own_order_and_any_numbers_do():
    rng = np.random.default_rng(0)
    maps = rng.integers(0, 9, (7, 5, 4), dtype=np.uint8)  # many ties; minus would wrap round
    for fraction in (0.1, 0.33, 0.5, 0.99):
        wanted = int(fraction * 20 + 0.5)
        for own, found in zip(maps, important(maps, fraction), strict=True):
            order = sorted(range(20), key=lambda k: (-int(own.flat[k]), k))[:wanted]
            assert set(np.flatnonzero(found)) == set(order)


def test_superpixels_cover_at_least_and_never_one_too_many():
    rng = np.random.default_rng(1)
    maps, labels = rng.normal(size=(6, 9, 9)), rng.integers(0, 12, (6, 9, 9))
    for fraction in (0.1, 0.4, 0.8):
        wanted = int(fraction * 81 + 0.5)
        for values, segments, found in zip(
            maps, labels, important(maps, fraction, labels), strict=True
        ):
            whole = [k for k in range(12) if found[segments == k].all()]
            assert found.sum() == np.isin(segments, whole).sum() >= wanted
            sums = {k: values[segments == k].sum() for k in range(12)}
            worst = min(whole, key=sums.__getitem__)
            assert found.sum() - (segments == worst).sum() < wanted
            assert all(sums[k] < sums[worst] for k in range(12) if k not in whole)


def test_random_rankings_are_seeded_and_fair():
    pictures = np.zeros((3000, 2, 3, 1))
    maps = random_maps(pictures, seed=5)
    np.testing.assert_array_equal(maps, random_maps(pictures, seed=5))
    assert not np.array_equal(maps, random_maps(pictures, seed=6))
    shown = important(maps, 1 / 3)
    assert (shown.sum((1, 2)) == 2).all()
    np.testing.assert_allclose(shown.mean(0), 1 / 3, atol=0.03)
    # Superpixels of one, two and three pixels come first equally often.
    first = places(random_maps(pictures, 5, SEGMENTS), SEGMENTS) == 0
    np.testing.assert_allclose(first.mean(0), 1 / 3, atol=0.03)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: important(MAP[0], 0.5), "Expected maps"),
        (lambda: important(MAP * np.nan, 0.5), "not all finite"),
        (lambda: important(MAP[:0], 0.5), "one or more"),
        (lambda: important(MAP, 50), "from 0 to 1"),
        (lambda: important(MAP, np.nan), "from 0 to 1"),
        (lambda: important(MAP, 0.5, SEGMENTS - 1), "negative"),
        (lambda: important(MAP, 0.5, SEGMENTS * 1.0), "integers"),
        (lambda: important(MAP, 0.5, SEGMENTS.T), "Expected segments"),
        (lambda: keep(np.zeros((1, 2, 3)), MAP, 0.5), "Expected pictures"),
        (lambda: keep(np.zeros((1, 2, 3, 1)), MAP[..., None], 0.5), "pool_channels"),
        (lambda: remove(np.zeros((0, 2, 3, 1)), MAP[:0], 0.5), "one or more"),
    ],
)
def test_what_cannot_be_is_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()
