"""Albums: the pictures that the explorer offers, in groups, each with the code that makes it again.

``SceneAlbum`` draws those of the pocket world, ``PhotoAlbum`` and ``FileAlbum`` hold photos,
``ArrayAlbum`` holds arrays, and ``Uploads`` adds pictures of one's own to any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from hwkit.explorer.albums.arrays import ArrayAlbum, Images, as_pixels
from hwkit.explorer.albums.photos import FileAlbum, PhotoAlbum
from hwkit.explorer.albums.pictures import Album, Picture, PictureAlbum, class_named, quoted
from hwkit.explorer.albums.scenes import SceneAlbum, scene_code, without_code
from hwkit.explorer.albums.uploads import Uploads
from hwkit.images.photo_set import PhotoSet
from hwkit.images.photos import read_npy

__all__ = [
    "Album",
    "ArrayAlbum",
    "FileAlbum",
    "PhotoAlbum",
    "Picture",
    "PictureAlbum",
    "SceneAlbum",
    "Uploads",
    "album_of",
    "as_pixels",
    "class_named",
    "quoted",
    "scene_code",
    "without_code",
]

Pictures = (
    Album | PhotoSet | Images | Mapping[str, Images] | str | Path | Sequence[str] | Sequence[Path]
)


def album_of(images: Pictures, size: int, classes: Sequence[str] = ()) -> Album:
    """The album of whatever a user calls images.

    Args:
        images: an array or a list of arrays (see ``as_pixels``); a mapping from groups to these; a
            folder, an image file or a ``.npy`` file; a list of folders and files; a ``PhotoSet``;
            or an album, which is returned.
        size: side of the network's input in pixels.
        classes: names of the network's classes, which groups may be called after.

    Raises:
        TypeError: none of these.
        ValueError, FileNotFoundError: as the albums say.
    """
    if isinstance(images, Album):
        return images
    if isinstance(images, PhotoSet):
        return _photos(images, size, classes)
    if isinstance(images, str | Path):
        if Path(images).suffix.lower() == ".npy":
            return ArrayAlbum(
                read_npy(images),
                size,
                classes,
                variable=f"read_npy({quoted(images)})",
                imports=("from hwkit.images.photos import read_npy",),
            )
        return FileAlbum([images], size, classes)
    if isinstance(images, np.ndarray | Mapping):
        return ArrayAlbum(images, size, classes)
    if isinstance(images, list | tuple):
        if images and all(isinstance(each, str | Path) for each in images):
            return FileAlbum(images, size, classes)
        if all(isinstance(each, np.ndarray) for each in images):
            return ArrayAlbum(images, size, classes)
    raise TypeError(
        "Expected images: an array (n, h, w, 3), a mapping from groups to such arrays, a folder, "
        f"a list of image files, or a PhotoSet. Received: {_described(images)}."
    )


def _photos(photos: PhotoSet, size: int, classes: Sequence[str]) -> PhotoAlbum:
    side = photos.images.shape[1]
    if side != size:
        raise ValueError(
            f"Expected photos of {size} x {size} pixels. Received: {side} x {side}. Read them "
            f"with size={size}."
        )
    return PhotoAlbum(photos, classes)


def _described(images: object) -> str:
    if isinstance(images, list | tuple):
        return f"a list of {', '.join(sorted({type(each).__name__ for each in images}))}"
    return type(images).__name__
