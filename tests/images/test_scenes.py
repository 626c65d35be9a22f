"""Scenes: the same everywhere, true masks, removable parts, no class told by its colours."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from hwkit.images import scenes as scenes_module
from hwkit.images.canvas import Canvas
from hwkit.images.parts import ATTACHED, PARTS_OF, SURROUNDINGS, with_attached
from hwkit.images.scenes import CLASSES, DIFFICULTIES, PARTS, Scene, draw
from hwkit.images.splits import arrays

GOLDEN = {
    "standard": "1d1f0a4686b920e207535f5b6c8a0641938b7148cfbd28277ae928f4dd77a1c4",
    "hard": "2a69888ac1b480d257c67c955195f0ec604d5134cd3129796dc026a004aa3163",
}


@pytest.mark.parametrize("difficulty", GOLDEN)
def test_bytes_are_those_of_every_other_platform(difficulty: str) -> None:
    digest = hashlib.sha256()
    for label in range(len(CLASSES)):
        for seed in (0, 1, 12_345_678):
            scene = draw(label, seed, difficulty=difficulty)
            digest.update(scene.image.tobytes())
            digest.update(scene.part_map.tobytes())
    assert digest.hexdigest() == GOLDEN[difficulty]


def test_import_needs_neither_tensorflow_nor_scipy() -> None:
    code = (
        "import sys, hwkit.images.scenes;"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_shows_all_its_parts_and_no_others(name: str) -> None:
    seen: set[str] = set()
    for seed in range(25):
        scene = draw(name, seed)
        seen |= set(scene.parts)
        if name == "sports car":  # its seats are behind the roof
            seen |= set(scene.without("roof").parts)
        assert 0.02 < scene.object_mask.mean() < 0.6
    assert seen == set(PARTS_OF[name])


def test_masks_of_all_parts_and_the_surroundings_divide_the_picture() -> None:
    scene = draw("chainsaw", 3, difficulty="hard")
    total = sum(scene.mask(part).astype(int) for part in PARTS)
    np.testing.assert_array_equal(total, 1)
    np.testing.assert_array_equal(scene.object_mask, scene.mask(*PARTS_OF["chainsaw"]))
    np.testing.assert_array_equal(~scene.object_mask, scene.mask(*SURROUNDINGS))


def touched(scene: Scene, part: str) -> np.ndarray:
    """The pixels that show anything of a part or what hangs on it, be it less than their centre."""
    boards: list[Canvas] = []

    class Recorded(Canvas):
        def over(self, backdrop: np.ndarray) -> np.ndarray:
            boards.append(self)
            return super().over(backdrop)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenes_module, "Canvas", Recorded)
        draw(scene.label, scene.seed, difficulty=scene.difficulty)
    (board,) = boards
    parts = {number: PARTS[index] for (_, index), number in board._paints.items()}
    names = with_attached(frozenset([part]))
    cells = np.isin(board._map, [number for number, name in parts.items() if name in names])
    side = scene.image.shape[0]
    return cells.reshape(side, 3, side, 3).any((1, 3))


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
@pytest.mark.parametrize("name", CLASSES)
def test_taking_a_part_away_changes_nothing_else(name: str, difficulty: str) -> None:
    scene = draw(name, 5, difficulty=difficulty)
    for part in PARTS_OF[name]:
        other = scene.without(part)
        gone = scene.mask(*with_attached(frozenset([part])))
        assert part not in other.parts
        np.testing.assert_array_equal(other.part_map[~gone], scene.part_map[~gone])
        changed = (other.image != scene.image).any(-1)
        assert not changed[~touched(scene, part)].any()


def test_the_whole_object_can_be_taken_away() -> None:
    scene = draw("pelican", 4)
    bare = scene.without(*PARTS_OF["pelican"])
    assert bare.parts == ()
    assert not bare.object_mask.any()
    again = bare.without("occluder")
    assert again.removed == bare.removed | {"occluder"}


def test_a_sports_car_without_roof_and_spoiler_shows_the_parts_of_an_open_car() -> None:
    closed_seats, open_seats = 0, 0
    for seed in range(20):
        car = draw("sports car", seed)
        opened = car.without("roof", "spoiler")
        assert set(opened.parts) <= set(PARTS_OF["convertible"])
        closed_seats += int(car.mask("seat").sum())
        open_seats += int(opened.mask("seat").sum())
    # The seats are always there, behind roof and windows.
    assert closed_seats < 0.05 * open_seats


def test_attachments_belong_to_a_class_that_has_both_parts() -> None:
    for part, attached in ATTACHED.items():
        for child in attached:
            assert any({part, child} <= set(parts) for parts in PARTS_OF.values())
    assert with_attached(frozenset(["neck"])) >= {"bird head", "bill", "pouch", "hooked bill"}


def test_seeds_and_classes_make_different_pictures_of_one_setting() -> None:
    first, second = draw("daisy", 1), draw("daisy", 2)
    assert (first.image != second.image).mean() > 0.5
    np.testing.assert_array_equal(draw("daisy", 1).image, first.image)
    # One seed, two classes: far from either object the pictures agree but for clutter and shadow.
    other = draw("sombrero", 1)
    both = (first.part_map == 0) & (other.part_map == 0)
    assert (first.image == other.image).all(-1)[both].mean() > 0.6


def test_hard_means_smaller_and_hidden_but_not_noisier() -> None:
    standard, hard = DIFFICULTIES["standard"], DIFFICULTIES["hard"]
    assert (standard.contrast, standard.noise) == (hard.contrast, hard.noise)
    pairs = [(draw(k, s), draw(k, s, difficulty="hard")) for k in range(14) for s in range(5)]
    easy_area, hard_area = (np.mean([p[i].object_mask.mean() for p in pairs]) for i in (0, 1))
    easy_front, hard_front = (
        np.mean([p[i].mask("occluder").mean() for p in pairs]) for i in (0, 1)
    )
    assert hard_area < 0.75 * easy_area
    assert hard_front > 1.5 * easy_front


def histogram(image: np.ndarray) -> np.ndarray:
    """Shares of the 4x4x4 colours."""
    cells = (image // 64).reshape(-1, 3).astype(int) @ (16, 4, 1)
    return np.bincount(cells, minlength=64) / len(cells)


def test_no_class_is_told_by_its_colours() -> None:
    train, labels = arrays("train", 100)
    test, truth = arrays("test", 50)
    scaler = StandardScaler().fit([histogram(image) for image in train])
    model = LogisticRegression(C=0.1, max_iter=2000)
    model.fit(scaler.transform([histogram(image) for image in train]), labels)
    accuracy = model.score(scaler.transform([histogram(image) for image in test]), truth)
    print(f"accuracy from colours alone: {accuracy:.3f}, chance is {1 / 14:.3f}")
    assert accuracy < 0.2


def test_other_sizes_show_the_same_scene() -> None:
    small, large = draw("park bench", 6, size=48), draw("park bench", 6, size=96)
    assert small.image.shape == (48, 48, 3)
    halved = large.object_mask.reshape(48, 2, 48, 2).mean((1, 3)) > 0.5
    assert (halved == small.object_mask).mean() > 0.93


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("cat", 1), {}, "starfish, sports car"),
        ((14, 1), {}, "0 to 13"),
        (("daisy", -1), {}, "integer >= 0"),
        (("daisy", 1.5), {}, "integer >= 0"),
        (("daisy", 1), {"size": 8}, "32 to 512"),
        (("daisy", 1), {"difficulty": "easy"}, "standard, hard"),
        (("daisy", 1), {"without": ["roof"]}, "petal, flower centre"),
        (("daisy", 1), {"without": ["background"]}, "petal, flower centre"),
        (("daisy", 1), {"without": "petal"}, "collection"),
    ],
)
def test_what_is_not_there_is_refused_with_the_choices(
    arguments: tuple, options: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        draw(*arguments, **options)


def test_unknown_mask_is_refused_with_the_choices() -> None:
    scene = draw("daisy", 1)
    with pytest.raises(ValueError, match="petal"):
        scene.mask("leafs")
    with pytest.raises(ValueError, match="at least one"):
        scene.mask()
