"""Splits: disjoint seeds, and the same pictures whichever way they are asked for."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hwkit.images.scenes import CLASSES, draw
from hwkit.images.splits import SPLITS, arrays, scenes


def test_no_two_splits_share_a_seed() -> None:
    assert set(SPLITS) == {"train", "validation", "test", "hard_validation", "hard_report"}
    for first, second in combinations(SPLITS.values(), 2):
        apart = first.seeds.stop <= second.seeds.start or second.seeds.stop <= first.seeds.start
        assert apart


def test_no_two_pictures_of_a_split_share_a_seed() -> None:
    drawn = scenes("test", per_class=3)
    assert len({scene.seed for scene in drawn}) == 42
    assert all(scene.seed in SPLITS["test"].seeds for scene in drawn)
    assert [scene.class_name for scene in drawn] == [name for name in CLASSES for _ in range(3)]


def test_arrays_are_the_scenes() -> None:
    images, labels = arrays("hard_report", 2, classes=["pelican", "chainsaw"])
    expected = scenes("hard_report", "pelican", per_class=2) + scenes(
        "hard_report", "chainsaw", per_class=2
    )
    np.testing.assert_array_equal(images, [scene.image for scene in expected])
    np.testing.assert_array_equal(labels, [7, 7, 3, 3])
    np.testing.assert_array_equal(
        images[0], draw("pelican", expected[0].seed, difficulty="hard").image
    )


def test_more_pictures_of_a_class_begin_with_the_same_ones() -> None:
    few, many = scenes("test", "daisy", per_class=2), scenes("test", "daisy", per_class=4)
    assert [scene.seed for scene in many[:2]] == [scene.seed for scene in few]


def test_two_processes_draw_what_one_draws() -> None:
    one, _ = arrays("validation", 1)
    two, _ = arrays("validation", 1, processes=2)
    np.testing.assert_array_equal(one, two)


def test_what_is_not_there_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="train, validation, test"):
        arrays("training", 1)
    with pytest.raises(ValueError, match="Unknown class 'cat'"):
        arrays("test", 1, classes=["cat"])
    with pytest.raises(ValueError, match="collection"):
        arrays("test", 1, classes="daisy")
    with pytest.raises(ValueError, match="1 to 714285"):
        scenes("test", per_class=0)
    with pytest.raises(ValueError, match="1 to 714285"):
        arrays("test", 10**6)
    with pytest.raises(ValueError, match="at least one process"):
        arrays("test", 1, processes=0)
