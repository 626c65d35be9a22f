"""A world: a network, its classes, and the pictures of the homework for it.

``load_world("pocket")`` needs nothing but the checkout, and its truth is known;
``load_world("vgg16", photos=FOLDER)`` is the same homework on the full-size network and on photos.
Everything else in hwkit is the same code for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hwkit.images.bounds import CAFFE, ImageBound

if TYPE_CHECKING:
    import keras

    from hwkit.images.photo_set import PhotoSet
    from hwkit.images.scenes import Scene

# The homework's sets of pictures and their classes.
SETS: dict[str, str] = {
    "starfish": "starfish",
    "sports_cars": "sports car",
    "convertibles": "convertible",
    "test_sports_cars": "sports car",
    "chainsaw": "chainsaw",
    "bonnet": "bonnet",
    "park_bench": "park bench",
    "sloth_bear": "sloth bear",
    "pelican": "pelican",
}
TABLE_CLASSES = ("chainsaw", "bonnet", "park bench", "sloth bear", "pelican")
_TEST_PHOTOS = 3  # the last photos of sports cars are kept apart, as test_sports_cars


@dataclass(frozen=True)
class World:
    """A network with its classes and pictures.

    Attributes:
        name: "pocket" or "vgg16".
        model: Keras model with a linear output.
        classes: names of the classes, in the order of the output.
        bound: how the network takes pictures: ``bound.to_rgb(instances)`` shows them.
        layer: the slice of the homework.
    """

    name: str
    model: keras.Model
    classes: tuple[str, ...]
    bound: ImageBound
    layer: str = "conv4_1"

    @property
    def drawn(self) -> bool:
        """Whether the pictures are drawn, so that the truth about them is known."""
        return False

    def index(self, class_name: str) -> int:
        """The class's place in the network's output.

        Raises:
            ValueError: no such class; near names are listed.
        """
        if class_name in self.classes:
            return self.classes.index(class_name)
        from difflib import get_close_matches

        near = get_close_matches(class_name, self.classes, n=3, cutoff=0.4) or self.classes[:14]
        raise ValueError(
            f"Expected the name of a class of '{self.name}'. Received: {class_name!r}. "
            f"Did you mean {', '.join(near)}?"
        )

    def images(self, name: str) -> np.ndarray:
        """A set of the homework's pictures as the network takes them: ``(n, h, w, 3)`` float32.

        Raises:
            ValueError: unknown set.
            FileNotFoundError: the world has no pictures of it.
        """
        if name not in SETS:
            raise ValueError(f"Expected one of {', '.join(SETS)}. Received: {name!r}.")
        return self.bound.from_rgb(self._pixels(name))

    def labelled(self, part: str, per_class: int = 40) -> tuple[np.ndarray, np.ndarray]:
        """Hard pictures of all classes: instances ``(n, h, w, 3)`` and class indices ``(n,)``.

        Args:
            part: "validation", to choose on, or "report", to report on; they share no picture.
            per_class: how many of each class at most.

        Raises:
            ValueError: another part.
        """
        if part not in ("validation", "report"):
            raise ValueError(f"Expected part 'validation' or 'report'. Received: {part!r}.")
        pixels, labels = self._labelled(part, per_class)
        return self.bound.from_rgb(pixels), labels

    def scenes(self, name: str) -> list[Scene]:
        """The scenes behind a set of drawn pictures: part masks, and redrawing without a part.

        Raises:
            ValueError: the pictures are photos, of which the truth is not known.
        """
        raise ValueError(
            f"Expected drawn pictures. Received: the world '{self.name}', whose photos have no "
            "known parts. load_world('pocket') has them."
        )

    def _pixels(self, name: str) -> np.ndarray:
        raise NotImplementedError

    def _labelled(self, part: str, per_class: int) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError


@dataclass(frozen=True)
class PocketWorld(World):
    """Drawn pictures, and a network that fits into a checkout."""

    @property
    def drawn(self) -> bool:
        """Always: the scenes know their parts."""
        return True

    def scenes(self, name: str) -> list[Scene]:
        """The scenes behind a set, in the order of ``images(name)``."""
        from hwkit.images.frozen import frozen_scenes

        if name not in SETS:
            raise ValueError(f"Expected one of {', '.join(SETS)}. Received: {name!r}.")
        return frozen_scenes(name)

    def _pixels(self, name: str) -> np.ndarray:
        from hwkit.images.frozen import frozen

        return frozen(name)

    def _labelled(self, part: str, per_class: int) -> tuple[np.ndarray, np.ndarray]:
        from hwkit.images.splits import arrays

        return arrays(f"hard_{part}", per_class)


@dataclass(frozen=True)
class PhotoWorld(World):
    """Photos in a folder for each class, and a network for 224 x 224 pixels."""

    folder: Path | None = None

    @cached_property
    def _photos(self) -> PhotoSet:
        from hwkit.images.photos import read_folder

        if self.folder is None:
            raise FileNotFoundError(
                "Expected photos. Received: a world without any. Put them into a folder for each "
                "class, such as photos/sports_car/1.jpg, and load_world('vgg16', photos='photos')."
            )
        return read_folder(self.folder, size=int(self.model.inputs[0].shape[1]))

    def _of(self, class_name: str) -> np.ndarray:
        folders = {name.replace("_", " ").lower(): name for name in self._photos.classes}
        aliases = {class_name, class_name.replace("chainsaw", "chain saw")}
        for alias in aliases & set(folders):
            return self._photos.of(folders[alias])
        raise FileNotFoundError(
            f"Expected photos of '{class_name}' in {self.folder}. Received folders: "
            f"{', '.join(self._photos.classes)}. Make {class_name.replace(' ', '_')}/ and put some "
            "there."
        )

    def _pixels(self, name: str) -> np.ndarray:
        photos = self._of(SETS[name])
        if name == "test_sports_cars":
            return photos[-_TEST_PHOTOS:]
        return photos[:-_TEST_PHOTOS] if name == "sports_cars" else photos

    def _labelled(self, part: str, per_class: int) -> tuple[np.ndarray, np.ndarray]:
        known = [name for name in dict.fromkeys(SETS.values()) if self._has(name)]
        halves = [self._of(name)[part == "report" :: 2][:per_class] for name in known]
        labels = [
            np.full(len(half), self.index(name)) for half, name in zip(halves, known, strict=True)
        ]
        return np.concatenate(halves), np.concatenate(labels)

    def _has(self, class_name: str) -> bool:
        try:
            return len(self._of(class_name)) > 1
        except FileNotFoundError:
            return False


def load_world(name: str = "pocket", photos: str | Path | None = None) -> World:
    """A world by name: "pocket" (drawn pictures), or "vgg16" with a folder of photos.

    Raises:
        ValueError: unknown name, or photos for the pocket world.
        FileNotFoundError: weights or photos are missing.
    """
    from hwkit import networks

    if name == "pocket":
        if photos is not None:
            raise ValueError(
                "Expected no photos with 'pocket', which draws its pictures. Received: "
                f"photos={photos!r}. Choose load_world('vgg16', photos=...)."
            )
        return PocketWorld(name, networks.load(name), tuple(networks.class_names(name)), CAFFE)
    if name == "vgg16":
        folder = None if photos is None else Path(photos)
        if folder is not None and not folder.is_dir():
            raise FileNotFoundError(
                f"Expected a folder with a folder of photos for each class. Received: {folder}."
            )
        return PhotoWorld(
            name, networks.load(name), tuple(networks.class_names(name)), CAFFE, folder=folder
        )
    raise ValueError(f"Expected a world: 'pocket' or 'vgg16'. Received: {name!r}.")
