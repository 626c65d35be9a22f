"""What a network is shown of a picture, and what comes back."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from hwkit.attribution import superpixels
from hwkit.attribution.superpixel_game import SuperpixelGame, masked

PICTURE = np.arange(24, dtype=np.float32).reshape(4, 3, 2)
SEGMENTS = np.array([[0, 0, 1], [0, 2, 1], [0, 2, 1], [3, 3, 3]])
FILL = -np.ones((4, 3, 2), np.float32)


def means(pictures: np.ndarray) -> np.ndarray:
    return np.stack([pictures.mean(axis=(1, 2, 3)), pictures.max(axis=(1, 2, 3))], axis=1)


def game(**arguments) -> SuperpixelGame:
    return SuperpixelGame(means, PICTURE, SEGMENTS, FILL, **arguments)


def test_masked_pixel_by_pixel():
    Z = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1], [0, 0, 0, 0]])
    before = PICTURE.copy(), FILL.copy()
    for coalitions in (Z, Z.astype(bool), Z.astype(float)):
        found = masked(PICTURE, SEGMENTS, coalitions, FILL)
        assert found.shape == (4, 4, 3, 2) and found.dtype == np.float32
        for n, row in enumerate(Z):
            for place in np.ndindex(4, 3):
                shown = PICTURE if row[SEGMENTS[place]] else FILL
                assert (found[n][place] == shown[place]).all()
    found[:] = 99  # no view of what was given
    np.testing.assert_array_equal((PICTURE, FILL), before)


def test_values_are_the_networks_in_any_batches():
    Z = np.random.default_rng(0).integers(0, 2, (23, 4))
    expected = means(masked(PICTURE, SEGMENTS, Z, FILL))
    for batch in (1, 5, 23, 64):
        seen: list[int] = []
        played = game(batch=batch, progress=seen.append)
        found = played.values(Z)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected)
        np.testing.assert_array_equal(played(Z), found)
        assert sum(seen) == 2 * 23 and max(seen) <= batch
    assert game().players == 4


def test_one_number_a_picture_makes_one_output():
    single = SuperpixelGame(lambda p: p[:, 0, 0, 0], PICTURE + 5, SEGMENTS, FILL)
    assert single.values(np.array([[1, 0, 0, 0], [0, 1, 1, 1]])).tolist() == [[5.0], [-1.0]]


def test_what_the_progress_raises_ends_the_work():
    asked = []

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    def scores(pictures: np.ndarray) -> np.ndarray:
        asked.append(len(pictures))
        return means(pictures)

    played = SuperpixelGame(scores, PICTURE, SEGMENTS, FILL, batch=2, progress=stop)
    with pytest.raises(KeyboardInterrupt):
        played.values(np.ones((9, 4)))
    assert asked == [2]


def test_memory_does_not_grow_with_the_coalitions():
    picture = np.zeros((64, 64, 3), np.float32)
    segments = superpixels.blocks(4)(picture)
    played = SuperpixelGame(means, picture, segments, picture + 1, batch=8)

    def peak(count: int) -> int:
        Z = np.random.default_rng(0).integers(0, 2, (count, 16)).astype(bool)
        tracemalloc.start()
        played.values(Z)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(16), peak(800)
    assert many < 1.2 * few < 0.1 * 800 * picture.nbytes


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ({"picture": PICTURE[0]}, ValueError, "a picture"),
        ({"fill": FILL[:2]}, ValueError, "a fill of the picture's shape"),
        ({"segments": SEGMENTS.T}, ValueError, "segments of the picture's size"),
        ({"segments": SEGMENTS + 1}, ValueError, "from 0 to d - 1.*4 different ones from 1 to 4"),
        ({"segments": SEGMENTS * 2}, ValueError, "renumbered"),
        ({"segments": SEGMENTS.astype(float)}, TypeError, "whole numbers"),
        ({"batch": 0}, ValueError, "batch of 1"),
    ],
)
def test_games_that_are_refused(change, error, reason):
    given = {"picture": PICTURE, "segments": SEGMENTS, "fill": FILL} | change
    with pytest.raises(error, match=reason):
        SuperpixelGame(means, **given)


@pytest.mark.parametrize("Z", [np.ones((3, 5)), np.ones(4), np.ones((0, 4))])
def test_coalitions_that_are_refused(Z):
    with pytest.raises(ValueError, match="coalitions of 4 superpixels"):
        game().values(Z)


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        (lambda p: p, "Expected scores"),
        (lambda p: p[:1, 0, 0, 0], "n = 3 pictures"),
        (lambda p: np.full(len(p), np.nan), "finite scores"),
    ],
)
def test_scores_that_are_refused(scores, reason):
    with pytest.raises(ValueError, match=reason):
        SuperpixelGame(scores, PICTURE, SEGMENTS, FILL).values(np.ones((3, 4)))
