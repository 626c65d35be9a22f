"""Pictures of one's own beside those of an album."""

from __future__ import annotations

import hashlib

import numpy as np

from hwkit.explorer.albums.pictures import Album, Picture, check_parts, quoted, thumbnail
from hwkit.explorer.settings import Source
from hwkit.images.decode import check_size, decode, fit_unless_exact

GROUP = "my pictures"
READ_PICTURE = "from hwkit.images.photos import read_picture"
LARGEST = 24


class Uploads:
    """An album with one more group, "my pictures", as soon as there is a picture in it.

    A place in that group is never given to another picture, so results that are kept by their
    source stay right when old pictures go: ``sources(group)`` says which places are filled.

    Args:
        album: all other groups.
        size: side of the network's input in pixels.
        largest: how many pictures are kept; the oldest go.

    Raises:
        ValueError: the album has a group of that name, or size or largest is out of range.
    """

    def __init__(self, album: Album, size: int, largest: int = LARGEST) -> None:
        check_size(size)
        if largest < 1:
            raise ValueError(f"Expected to keep at least one picture. Received: {largest}.")
        if GROUP in album.groups:
            raise ValueError(
                f"Expected no group {GROUP!r}, which is for uploaded pictures. Received one: give "
                "it another name."
            )
        self._album = album
        self._size = size
        self._largest = largest
        self._pictures: dict[int, Picture] = {}
        self._places: dict[bytes, int] = {}  # by the digest of the file
        self._next = 0

    def add(self, name: str, data: bytes | memoryview) -> Source:
        """Take up a picture; the same bytes again give the source that they already have.

        A file of the network's size is taken pixel by pixel, any other is resized and cropped.

        Args:
            name: of the file.
            data: the whole file.

        Raises:
            PhotoError: (a ValueError) not a picture that can be used; the message says why.
        """
        data = bytes(data)
        digest = hashlib.sha256(data).digest()
        if digest not in self._places:
            rgb = fit_unless_exact(decode(data, name), self._size, name)
            rgb.setflags(write=False)
            code = f"read_picture({quoted(name)}, {self._size})"
            pictures = self._pictures | {self._next: Picture(rgb, name, (READ_PICTURE,), code)}
            kept = list(pictures)[-self._largest :]
            places = self._places | {digest: self._next}
            # Replaced as a whole, for another thread may be reading.
            self._pictures = {place: pictures[place] for place in kept}
            self._places = {key: place for key, place in places.items() if place in kept}
            self._next += 1
        return Source(GROUP, self._places[digest])

    @property
    def groups(self) -> tuple[str, ...]:
        """The album's groups and, if there is a picture in it, the uploaded one."""
        return (*self._album.groups, GROUP) if self._pictures else self._album.groups

    def class_of(self, group: str) -> str | None:
        """None for uploaded pictures: what they show is the user's to know."""
        return None if self._mine(group) else self._album.class_of(group)

    def count(self, group: str) -> int:
        """How many pictures the group has."""
        return len(self._pictures) if self._mine(group) else self._album.count(group)

    def sources(self, group: str) -> tuple[Source, ...]:
        """The pictures of the group; of uploaded ones the oldest first."""
        if self._mine(group):
            return tuple(Source(GROUP, place) for place in self._pictures)
        return self._album.sources(group)

    def thumbnails(self, group: str) -> list[np.ndarray]:
        """The pictures of the group in small."""
        if self._mine(group):
            return [thumbnail(picture.rgb) for picture in self._pictures.values()]
        return self._album.thumbnails(group)

    def picture(self, source: Source) -> Picture:
        """The picture in this place."""
        if not self._mine(source.group):
            return self._album.picture(source)
        check_parts(source, ())
        found = self._pictures.get(source.index)
        if found is None:
            raise ValueError(
                f"Expected one of the {len(self._pictures)} uploaded pictures that are kept, with "
                f"index {', '.join(map(str, self._pictures))}. Received: {source.index}. Upload it "
                "again."
            )
        return found

    def _mine(self, group: str) -> bool:
        return group == GROUP and bool(self._pictures)
