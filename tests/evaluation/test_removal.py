"""Removal curves of networks whose reading is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import trapezoid

from hwkit.evaluation.fills import noise, other_pictures
from hwkit.evaluation.keeping import keep
from hwkit.evaluation.removal import area_under, random_maps, removal_curve, remove

RNG = np.random.default_rng(0)
COUNT = 400
LABELS = RNG.integers(0, 2, COUNT)
ROW, COLUMN = 2, 3  # the one pixel that the oracle reads, of 5 x 4
PICTURES = RNG.normal(size=(COUNT, 5, 4, 1)).astype(np.float32)
PICTURES[:, ROW, COLUMN, 0] = np.where(LABELS == 1, 2.0, -2.0)
PERFECT = np.zeros((COUNT, 5, 4))
PERFECT[:, ROW, COLUMN] = 1
FRACTIONS = (0, 0.05, 0.1, 0.25, 0.5, 0.95, 1)


def oracle(pictures: np.ndarray) -> np.ndarray:
    """Class 1 where the one pixel is positive; of an empty one, too."""
    seen = pictures[:, ROW, COLUMN, 0]
    return np.stack([np.full(len(seen), -0.5), seen], axis=1)


def test_perfect_maps_keep_what_the_network_reads():
    curve = removal_curve(oracle, PICTURES, LABELS, PERFECT, FRACTIONS)
    # Nothing is kept: all are class 1. One pixel of 20 is enough.
    chance = np.mean(LABELS == 1)
    np.testing.assert_allclose(curve.accuracy, [chance, 1, 1, 1, 1, 1, 1])
    assert curve.area == pytest.approx(0.05 * (chance + 1) / 2 + 0.95)
    wrong = removal_curve(oracle, PICTURES, LABELS, -PERFECT, FRACTIONS)
    np.testing.assert_allclose(wrong.accuracy, [chance] * 6 + [1])
    gone = removal_curve(oracle, PICTURES, LABELS, PERFECT, FRACTIONS, keeping=False)
    np.testing.assert_allclose(gone.accuracy, [1] + [chance] * 6)
    late = removal_curve(oracle, PICTURES, LABELS, -PERFECT, FRACTIONS, keeping=False)
    np.testing.assert_allclose(late.accuracy, [1] * 6 + [chance])


def test_a_random_ranking_keeps_the_pixel_as_often_as_its_share():
    curve = removal_curve(oracle, PICTURES, LABELS, random_maps(PICTURES, 1), FRACTIONS)
    chance = np.mean(LABELS == 1)
    shares = np.array(FRACTIONS)
    np.testing.assert_allclose(curve.accuracy, shares + (1 - shares) * chance, atol=0.05)
    assert abs(curve.area - (1 + chance) / 2) < 0.03
    for place, interval in enumerate(curve.intervals()):
        assert interval.low <= curve.accuracy[place] <= interval.high


def test_scores_hits_and_batches_are_the_pictures_own():
    maps = RNG.normal(size=PERFECT.shape)
    whole = removal_curve(oracle, PICTURES, LABELS, maps, FRACTIONS, 0.25)
    parts = removal_curve(oracle, PICTURES, LABELS, maps, FRACTIONS, 0.25, batch=7)
    np.testing.assert_array_equal(whole.hits, parts.hits)
    np.testing.assert_array_equal(whole.scores, parts.scores)
    for place, fraction in enumerate(FRACTIONS):
        scores = oracle(keep(PICTURES, maps, fraction, 0.25))
        np.testing.assert_array_equal(whole.scores[place], scores[np.arange(COUNT), LABELS])
        np.testing.assert_array_equal(whole.hits[place], scores.argmax(1) == LABELS)
        assert whole.class_score[place] == pytest.approx(scores[np.arange(COUNT), LABELS].mean())
    assert whole.areas.mean() == pytest.approx(whole.area)
    np.testing.assert_allclose(whole.covered, FRACTIONS)


@pytest.mark.parametrize("fill", [noise(-3, 3, seed=2), other_pictures(2), PICTURES[::-1]])
def test_the_fill_is_one_for_all_pictures_and_fractions(fill):
    maps = RNG.normal(size=PERFECT.shape)
    found = removal_curve(oracle, PICTURES, LABELS, maps, (0.2, 0.6), fill, keeping=False, batch=9)
    for place, fraction in enumerate((0.2, 0.6)):
        scores = oracle(remove(PICTURES, maps, fraction, fill))
        np.testing.assert_array_equal(found.hits[place], scores.argmax(1) == LABELS)


def test_superpixels_say_how_much_they_cover():
    segments = np.repeat(np.arange(5), 4).reshape(5, 4)  # a row each
    curve = removal_curve(
        oracle, PICTURES, LABELS, PERFECT, (0.01, 0.05, 0.25, 0.5), segments=segments
    )
    np.testing.assert_allclose(curve.covered, [0, 0.2, 0.4, 0.6])
    np.testing.assert_allclose(curve.accuracy[1:], 1)


def test_areas_of_lines():
    uneven = np.array([0.1, 0.2, 0.7, 0.9])
    assert area_under(uneven, np.full(4, 0.3)) == pytest.approx(0.3)
    assert area_under(uneven, uneven) == pytest.approx(0.5)  # the middle of a straight line
    assert area_under([0, 1, 3], [0, 1, 0]) == pytest.approx((0.5 + 1) / 3)
    several = RNG.random((4, 6))
    by_hand = [trapezoid(column, uneven) / 0.8 for column in several.T]
    np.testing.assert_allclose(area_under(uneven, several), by_hand)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"labels": LABELS[:3]}, "one label for each"),
        ({"labels": LABELS * 1.0}, "integers from 0 to 1"),
        ({"labels": LABELS + 1}, "integers from 0 to 1"),
        ({"fractions": (0.5, 0.5)}, "ascend"),
        ({"fractions": ()}, "ascend"),
        ({"fractions": (0.5, 1.5)}, "from 0 to 1"),
        ({"predict": lambda given: given[:, 0, 0, 0]}, "Expected scores"),
    ],
)
def test_what_cannot_be_is_refused(change, told):
    given = {
        "predict": oracle,
        "pictures": PICTURES,
        "labels": LABELS,
        "maps": PERFECT,
        "fractions": FRACTIONS,
    } | change
    with pytest.raises(ValueError, match=told):
        removal_curve(**given)


def test_one_fraction_has_no_area():
    curve = removal_curve(oracle, PICTURES, LABELS, PERFECT, (0.5,))
    with pytest.raises(ValueError, match="two fractions"):
        _ = curve.area
