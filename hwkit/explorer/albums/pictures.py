"""What an album is: pictures in groups, each with the code that makes it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol, runtime_checkable

import numpy as np
from PIL import Image

from hwkit.explorer.settings import Source
from hwkit.images.scenes import Scene
from hwkit.worlds import SETS

THUMBNAIL = 96
"""Pixels along the longer side of a thumbnail, at most."""
_NAMED = 14  # groups that an error message lists


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture of an album.

    Attributes:
        rgb: uint8 ``(h, w, 3)``, in the size that the network takes.
        title: what it is called, such as "sports car 3" or the name of a file.
        imports: lines of Python that ``code`` needs.
        code: a Python expression that gives ``rgb``.
        scene: what is known about a drawn picture; ``None`` of any other.
    """

    rgb: np.ndarray = field(repr=False)
    title: str
    imports: tuple[str, ...]
    code: str
    scene: Scene | None = field(default=None, repr=False)


@runtime_checkable
class Album(Protocol):
    """Pictures in groups. Every group has a picture."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups' names, in the order in which they are offered."""
        ...

    def class_of(self, group: str) -> str | None:
        """The class that a group shows, by the network's name for it; ``None`` if it shows none.

        Raises ValueError for an unknown group, as do all methods that take one.
        """
        ...

    def count(self, group: str) -> int:
        """How many pictures a group has."""
        ...

    def sources(self, group: str) -> tuple[Source, ...]:
        """The pictures of a group, in the order of its thumbnails."""
        ...

    def thumbnails(self, group: str) -> list[np.ndarray]:
        """The pictures of a group in small: uint8 ``(h, w, 3)``."""
        ...

    def picture(self, source: Source) -> Picture:
        """One picture; ValueError if there is none in that place, or it lacks a part to leave out.

        The same source gives the same picture, always.
        """
        ...


class PictureAlbum:
    """An album of pictures that are all there already.

    Args:
        pictures: the pictures of each group.
        classes: names of the network's classes, which groups may be called after.

    Raises:
        ValueError: no group, or one without a picture.
    """

    def __init__(
        self, pictures: Mapping[str, Sequence[Picture]], classes: Sequence[str] = ()
    ) -> None:
        if not pictures or not all(len(each) for each in pictures.values()):
            empty = [name for name, each in pictures.items() if not len(each)]
            raise ValueError(
                f"Expected at least one picture{' in every group' if empty else ''}. Received "
                f"none{' in ' + ', '.join(empty) if empty else ''}."
            )
        self._pictures = {name: tuple(each) for name, each in pictures.items()}
        self._classes = {name: class_named(name, classes) for name in pictures}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups' names."""
        return tuple(self._pictures)

    def class_of(self, group: str) -> str | None:
        """The class that the group is called after."""
        check_group(group, self.groups)
        return self._classes[group]

    def count(self, group: str) -> int:
        """How many pictures the group has."""
        check_group(group, self.groups)
        return len(self._pictures[group])

    def sources(self, group: str) -> tuple[Source, ...]:
        """The pictures of the group."""
        return tuple(Source(group, index) for index in range(self.count(group)))

    def thumbnails(self, group: str) -> list[np.ndarray]:
        """The pictures of the group in small."""
        check_group(group, self.groups)
        return [thumbnail(picture.rgb) for picture in self._pictures[group]]

    def picture(self, source: Source) -> Picture:
        """The picture in this place."""
        check_index(source, self.count(source.group))
        check_parts(source, ())
        return self._pictures[source.group][source.index]


def class_named(group: str, classes: Sequence[str]) -> str | None:
    """The class that a group is called after, in the network's spelling; ``None`` if there is none.

    Case, spaces, underscores and hyphens do not count ("chain_saw" finds "chainsaw"), and the names
    of the homework's sets ("sports_cars") are understood.
    """
    by_name = {_plain(name): name for name in classes}
    for name in (group, SETS.get(group, group)):
        if _plain(name) in by_name:
            return by_name[_plain(name)]
    return None


def check_group(group: str, groups: Sequence[str]) -> None:
    """Raise ValueError unless there is such a group."""
    if group in groups:
        return
    listed = groups
    if len(groups) > _NAMED:
        listed = get_close_matches(group, groups, 5, cutoff=0.4) or [*groups[:_NAMED], "..."]
    raise ValueError(f"Expected a group of pictures: {', '.join(listed)}. Received: {group!r}.")


def check_index(source: Source, count: int) -> None:
    """Raise ValueError unless the group has a picture with this index."""
    if not 0 <= source.index < count:
        raise ValueError(
            f"Expected an index from 0 to {count - 1}: '{source.group}' has {count} picture(s). "
            f"Received: {source.index}."
        )


def check_parts(source: Source, parts: Sequence[str]) -> None:
    """Raise ValueError unless the picture has all parts that are to be left out."""
    unknown = sorted(source.without.difference(parts))
    if unknown and not parts:
        raise ValueError(
            "Expected nothing to leave out: only drawn pictures have known parts. Received: "
            f"{', '.join(unknown)}."
        )
    if unknown:
        raise ValueError(
            f"Expected parts that are visible in the picture: {', '.join(parts)}. Received: "
            f"{', '.join(unknown)}."
        )


def thumbnail(rgb: np.ndarray) -> np.ndarray:
    """A picture uint8 ``(h, w, 3)`` made smaller, where it is larger than a thumbnail."""
    longest = max(rgb.shape[:2])
    if longest <= THUMBNAIL:
        return rgb
    height, width = (max(1, round(side * THUMBNAIL / longest)) for side in rgb.shape[:2])
    small = Image.fromarray(rgb).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)


def quoted(text: object) -> str:
    """A text as a Python literal, in double quotes where it can be."""
    plain = str(text)
    # Python's own repr takes double quotes where the text holds a single one.
    return repr(plain) if '"' in plain else '"' + repr("'" + plain)[2:]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
