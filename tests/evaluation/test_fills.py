"""What stands where pixels were."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from hwkit.evaluation.fills import (
    blurred,
    derangement,
    filled,
    mean_colour,
    noise,
    other_pictures,
)

PICTURES = np.random.default_rng(0).normal(size=(5, 8, 6, 3)).astype(np.float32)


def test_numbers_of_every_kind_broadcast():
    colour, picture = np.array([1.0, 2, 3]), np.arange(144.0).reshape(8, 6, 3)
    for fill in (0.5, colour, picture, PICTURES[::-1]):
        found = filled(PICTURES, fill)
        assert found.shape == PICTURES.shape and found.dtype == np.float32
        np.testing.assert_array_equal(found, np.zeros(PICTURES.shape) + np.asarray(fill))
    for wrong in (np.zeros(4), np.zeros((6, 8, 3)), lambda given: given[:2]):
        with pytest.raises(ValueError, match="Expected a fill"):
            filled(PICTURES, wrong)


def test_the_mean_colour_is_each_pictures_own():
    found = filled(PICTURES, mean_colour)
    for picture, fill in zip(PICTURES, found, strict=True):
        for channel in range(3):
            np.testing.assert_allclose(fill[..., channel], picture[..., channel].mean(), rtol=1e-5)


def test_noise_is_even_seeded_and_between():
    low, high = np.array([-1, 0, 10]), np.array([1, 0.5, 30])
    pictures = np.zeros((40, 20, 20, 3), np.float32)
    found = filled(pictures, noise(low, high, seed=3))
    assert (found >= low).all() and (found <= high).all()
    shares = (found - low) / (high - low)
    counts = np.histogram(shares, 10, (0, 1))[0] / shares.size
    np.testing.assert_allclose(counts, 0.1, atol=0.005)
    # Every pixel, channel and picture by itself.
    flat = shares.reshape(40, -1, 3)
    assert abs(np.corrcoef(flat[..., 0].ravel(), flat[..., 1].ravel())[0, 1]) < 0.03
    assert abs(np.corrcoef(flat[0].ravel(), flat[1].ravel())[0, 1]) < 0.1
    np.testing.assert_array_equal(found, filled(pictures, noise(low, high, seed=3)))
    assert not np.array_equal(found, filled(pictures, noise(low, high, seed=4)))
    with pytest.raises(ValueError, match="low below high"):
        noise(1, 1)


def test_a_blur_keeps_what_is_even_and_smooths_the_rest():
    even = np.full((1, 16, 16, 1), 0.25, np.float32)
    np.testing.assert_allclose(filled(even, blurred), even, atol=1e-6)
    assert np.ptp(filled(PICTURES, blurred)) < np.ptp(PICTURES)


def test_no_picture_is_its_own_partner():
    for seed in range(20):
        found = filled(PICTURES, other_pictures(seed))
        partners = [
            next(k for k, each in enumerate(PICTURES) if np.array_equal(each, own)) for own in found
        ]
        assert sorted(partners) == list(range(5))
        assert all(partner != place for place, partner in enumerate(partners))
    again = filled(PICTURES, other_pictures(19))
    np.testing.assert_array_equal(found, again)


def test_every_derangement_is_as_likely():
    rng = np.random.default_rng(2)
    found = Counter(tuple(derangement(4, rng)) for _ in range(9000))
    true = [p for p in itertools.permutations(range(4)) if all(k != v for k, v in enumerate(p))]
    assert len(true) == 9 and set(found) == set(true)
    assert max(found.values()) < 1.15 * 1000 and min(found.values()) > 0.85 * 1000
    with pytest.raises(ValueError, match="two pictures"):
        derangement(1, rng)
