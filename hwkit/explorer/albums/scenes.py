"""The album of the pocket world: drawn pictures, of which every part can be left out."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from hwkit.explorer.albums.pictures import Picture, check_group, check_index, check_parts, quoted
from hwkit.explorer.settings import Source
from hwkit.images.frozen import frozen, frozen_scene
from hwkit.images.parts import CLASSES, SURROUNDINGS
from hwkit.images.scenes import Scene, draw
from hwkit.images.splits import SPLITS
from hwkit.worlds import SETS

DRAW = "from hwkit.images.scenes import draw"
_SPLIT = "test"
_REMOVABLE = SURROUNDINGS[1:]  # clutter and occluders can be left out of any scene


class _Place(NamedTuple):
    """Where a scene comes from: its place in a frozen set, or in the split if that is ``None``."""

    frozen_set: str | None
    number: int


class SceneAlbum:
    """Drawn pictures of all classes of the pocket world, a group for each.

    The homework's classes show the homework's pictures, the three test pictures of sports cars
    first. The other classes are drawn from the test split.

    Args:
        per_class: pictures of each class, at most.

    Raises:
        ValueError: fewer than one picture.
    """

    def __init__(self, per_class: int = 12) -> None:
        capacity = SPLITS[_SPLIT].capacity
        if not 1 <= per_class <= capacity:
            raise ValueError(
                f"Expected 1 to {capacity} pictures of each class. Received: per_class={per_class}."
            )
        self._per_class = per_class

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the classes."""
        return CLASSES

    def class_of(self, group: str) -> str | None:
        """The class itself."""
        check_group(group, CLASSES)
        return group

    def count(self, group: str) -> int:
        """How many pictures of the class there are."""
        return len(self._places(group))

    def sources(self, group: str) -> tuple[Source, ...]:
        """The pictures of the class."""
        return tuple(Source(group, index) for index in range(self.count(group)))

    def thumbnails(self, group: str) -> list[np.ndarray]:
        """The pictures themselves, which are small; frozen ones are not drawn again."""
        return [
            _whole(group, place).image
            if place.frozen_set is None
            else _frozen(place.frozen_set)[place.number]
            for place in self._places(group)
        ]

    def picture(self, source: Source) -> Picture:
        """The picture, drawn without the parts that the source leaves out."""
        whole = self._scene(source)
        check_parts(source, (*whole.parts, *_REMOVABLE))
        missing = sorted(source.without)
        scene = _redrawn(whole, frozenset(missing)) if missing else whole
        title = f"{source.group} {source.index + 1}"
        if missing:
            title += f" without {' and '.join(missing)}"
        return Picture(scene.image, title, (DRAW,), f"{scene_code(whole, missing)}.image", scene)

    def _scene(self, source: Source) -> Scene:
        places = self._places(source.group)
        check_index(source, len(places))
        return _whole(source.group, places[source.index])

    def _places(self, group: str) -> list[_Place]:
        check_group(group, CLASSES)
        sets = [name for name, class_name in SETS.items() if class_name == group]
        if not sets:
            return [_Place(None, index) for index in range(self._per_class)]
        sets.sort(key=lambda name: not name.startswith("test_"))
        places = ([_Place(name, i) for i in range(len(_frozen(name)))] for name in sets)
        return list(chain.from_iterable(places))[: self._per_class]


def scene_code(scene: Scene, without: Collection[str] = ()) -> str:
    """A Python expression that draws a whole scene again, without some of its parts."""
    code = f'draw("{scene.class_name}", seed={scene.seed}, difficulty="{scene.difficulty}")'
    return f"{code}{without_code(without)}" if without else code


def without_code(parts: Collection[str]) -> str:
    """The call that leaves parts of a scene out: ``.without("roof")``."""
    return f".without({', '.join(map(quoted, sorted(parts)))})"


@lru_cache(maxsize=256)  # about 10 MB
def _whole(group: str, place: _Place) -> Scene:
    if place.frozen_set is not None:
        return _locked(frozen_scene(place.frozen_set, place.number))
    split = SPLITS[_SPLIT]
    label = CLASSES.index(group)
    seed = split.seeds.start + len(CLASSES) * place.number + label
    return _locked(draw(label, seed, difficulty=split.difficulty))


@lru_cache(maxsize=64)
def _redrawn(whole: Scene, without: frozenset[str]) -> Scene:
    return _locked(whole.without(*sorted(without)))


@cache
def _frozen(name: str) -> np.ndarray:
    images = frozen(name)
    images.setflags(write=False)
    return images


def _locked(scene: Scene) -> Scene:
    scene.image.setflags(write=False)  # it is handed out more than once
    return scene
