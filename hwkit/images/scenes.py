"""Scenes: pictures drawn from a seed, with exact part masks, again without named parts.

    scene = draw("sports car", seed=7)
    scene.image                     # uint8 (96, 96, 3)
    scene.mask("roof", "window")    # bool (96, 96)
    scene.without("roof").image     # the same picture, but for the roof and what hangs on it

The same class, seed, size and difficulty give the same bytes on every platform. Needs numpy and
Pillow only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from hwkit.images.bears import brown_bear, sloth_bear
from hwkit.images.birds import flamingo, pelican
from hwkit.images.canvas import Canvas, Frame
from hwkit.images.dice import Dice
from hwkit.images.furniture import folding_chair, park_bench
from hwkit.images.hats import bonnet, sombrero
from hwkit.images.parts import CLASSES, FEET, PARTS, PARTS_OF, SURROUNDINGS, with_attached
from hwkit.images.rosettes import daisy, starfish
from hwkit.images.surroundings import backdrop, clutter, occluder, photograph, ramp, shadow
from hwkit.images.tools import chainsaw, power_drill
from hwkit.images.vehicles import convertible, sports_car

__all__ = ["CLASSES", "DIFFICULTIES", "PARTS", "PARTS_OF", "Difficulty", "Scene", "draw"]

_ARTISTS: tuple[Callable[[Canvas, Dice], None], ...] = (
    starfish,
    sports_car,
    convertible,
    chainsaw,
    bonnet,
    park_bench,
    sloth_bear,
    pelican,
    daisy,
    power_drill,
    sombrero,
    folding_chair,
    brown_bear,
    flamingo,
)

_SIZES = (32, 512)
_SCENE_STREAM, _OBJECT_STREAM, _FRONT_STREAM, _CAMERA_STREAM = range(4)


@dataclass(frozen=True)
class Difficulty:
    """The ranges that a scene is drawn from (all as fractions of the picture's side, or counts)."""

    scale: tuple[float, float]
    """Half of the object's extent."""
    clutter: tuple[int, int]
    """How many things lie about behind the object."""
    fragment: float
    """Probability of a small object of another class among the clutter."""
    occluders: tuple[int, int]
    """How many things stand in front of the object."""
    occluder_size: float
    tilt: float
    """Standard deviation of the object's rotation in radians."""
    contrast: tuple[float, float] = (0.8, 1.08)
    noise: tuple[float, float] = (0.0, 7.0)


DIFFICULTIES = {
    "standard": Difficulty((0.3, 0.43), (1, 8), 0.15, (0, 2), 1.0, 0.13),
    "hard": Difficulty((0.23, 0.35), (6, 12), 0.5, (2, 4), 1.1, 0.18),
}
"""`hard` differs by scale, clutter, occlusion and tilt, not by light, contrast or noise."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A drawn picture and the truth about it."""

    image: np.ndarray = field(repr=False)
    """RGB, uint8 (size, size, 3)."""
    part_map: np.ndarray = field(repr=False)
    """What is at the centre of each pixel: uint8 (size, size), indices into PARTS."""
    label: int
    """Index into CLASSES."""
    seed: int
    difficulty: str = "standard"
    removed: frozenset[str] = frozenset()
    """The parts that were left out, attached ones included."""

    @property
    def class_name(self) -> str:
        """The name of the object's class."""
        return CLASSES[self.label]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The object's parts that are visible, in the order of PARTS."""
        present = [PARTS[index] for index in np.unique(self.part_map)]
        return tuple(name for name in present if name not in SURROUNDINGS)

    def mask(self, *part_names: str) -> np.ndarray:
        """Where any of the named parts is visible: bool (size, size); False if out of sight.

        Raises ValueError for a name that is not in PARTS, and for no name at all.
        """
        if not part_names:
            raise ValueError(
                f"Expected at least one part name; the choices are {', '.join(PARTS)}."
            )
        indices = [_index_of(name, PARTS, "part") for name in part_names]
        return np.isin(self.part_map, indices)

    @property
    def object_mask(self) -> np.ndarray:
        """Where the object is visible, and nothing else: bool (size, size)."""
        return self.part_map >= len(SURROUNDINGS)

    def without(self, *part_names: str) -> Scene:
        """The scene drawn again without these parts and what is attached; all else is the same."""
        return draw(
            self.label,
            self.seed,
            size=self.image.shape[0],
            difficulty=self.difficulty,
            without=self.removed.union(part_names),
        )


def draw(
    kind: str | int,
    seed: int,
    *,
    size: int = 96,
    difficulty: str = "standard",
    without: Collection[str] = (),
) -> Scene:
    """The scene of a class and a seed.

    Args:
        kind: a name in CLASSES, or its index.
        seed: an integer >= 0; scenes of one seed share pose, backdrop, clutter, light and noise.
        size: pixels along each side, 32 to 512.
        difficulty: "standard" or "hard" (more occlusion and clutter, smaller objects).
        without: parts to leave out (and what is attached to them); also "clutter" or "occluder".

    Raises:
        ValueError: for a class, seed, size, difficulty or part that there is not, listing the
        choices.
    """
    label = _label_of(kind)
    hidden = _checked_parts(without, label)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"Expected a seed that is an integer >= 0. Received: seed={seed!r}.")
    if not isinstance(size, (int, np.integer)) or not _SIZES[0] <= size <= _SIZES[1]:
        raise ValueError(
            f"Expected a size from {_SIZES[0]} to {_SIZES[1]}. Received: size={size!r}."
        )
    if difficulty not in DIFFICULTIES:
        choices = ", ".join(DIFFICULTIES)
        raise ValueError(f"Unknown difficulty {difficulty!r}; the choices are {choices}.")
    image, part_map = _compose(label, int(seed), int(size), DIFFICULTIES[difficulty], hidden)
    return Scene(image, part_map, label, int(seed), difficulty, hidden)


def _compose(
    label: int, seed: int, size: int, level: Difficulty, hidden: frozenset[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Draw back to front. The dice are used alike whatever is hidden, so nothing else moves."""
    dice = Dice(seed, _SCENE_STREAM)
    pose = _pose(dice, level)
    layer = backdrop(size, dice, pose.y + 0.8 * pose.scale)
    foot = pose.y + FEET[label] * pose.scale
    depth = 130 if dice.chance(0.6) else 0
    light = np.concatenate([ramp(size, dice, 0.24) for _ in range(3)], axis=2)
    light = light * shadow(size, pose.x, foot, 1.1 * pose.scale, 0.2 * pose.scale, depth)
    canvas = Canvas(size, hidden)
    for _ in range(dice.integer(*level.clutter)):
        clutter(canvas, dice)
    if dice.chance(level.fragment):
        _fragment(canvas, dice, label)
    canvas.enter(pose)
    _ARTISTS[label](canvas, Dice(seed, _OBJECT_STREAM))
    front = Dice(seed, _FRONT_STREAM)
    for _ in range(front.integer(*level.occluders)):
        occluder(canvas, front, pose.x, pose.y, 0.8 * pose.scale, level.occluder_size)
    camera = Dice(seed, _CAMERA_STREAM)
    contrast, noise = camera.uniform(*level.contrast), camera.uniform(*level.noise)
    picture = canvas.over(layer.picture(light))
    return photograph(picture, camera, contrast, noise), canvas.part_map()


def _pose(dice: Dice, level: Difficulty) -> Frame:
    scale = dice.uniform(*level.scale)
    room = 0.8 * (0.5 - scale)
    return Frame(
        x=0.5 + room * dice.uniform(-1, 1),
        y=0.5 + room * dice.uniform(-1, 1),
        scale=scale,
        angle=dice.bell(level.tilt),
        stretch=dice.uniform(0.9, 1.1),
        shear=dice.uniform(-0.1, 0.1),
        mirrored=dice.chance(0.5),
    )


def _fragment(canvas: Canvas, dice: Dice, label: int) -> None:
    """A tiny object of another class that counts as clutter."""
    other = (label + dice.integer(1, len(CLASSES) - 1)) % len(CLASSES)
    place = Frame(dice.random(), dice.random(), dice.uniform(0.1, 0.14), dice.bell(0.5))
    canvas.enter(place, "clutter")
    _ARTISTS[other](canvas, Dice(dice.integer(0, 2**30), _OBJECT_STREAM))


def _index_of(name: object, names: tuple[str, ...], what: str) -> int:
    if isinstance(name, str) and name in names:
        return names.index(name)
    raise ValueError(f"Unknown {what} {name!r}; the choices are {', '.join(names)}.")


def _label_of(kind: str | int) -> int:
    if isinstance(kind, (int, np.integer)) and not isinstance(kind, bool):
        if 0 <= kind < len(CLASSES):
            return int(kind)
        raise ValueError(
            f"Expected a class index from 0 to {len(CLASSES) - 1}. Received: kind={kind}."
        )
    return _index_of(kind, CLASSES, "class")


def _checked_parts(names: Collection[str], label: int) -> frozenset[str]:
    if isinstance(names, str):
        raise ValueError(
            f"Expected a collection of part names, like [{names!r}]. Received: {names!r}."
        )
    choices = (*PARTS_OF[CLASSES[label]], *SURROUNDINGS[1:])
    for name in names:
        if name not in choices:
            raise ValueError(
                f"A {CLASSES[label]} has no part {name!r}; the choices are {', '.join(choices)}."
            )
    own = with_attached(frozenset(names))
    return frozenset(name for name in own if name in choices)
