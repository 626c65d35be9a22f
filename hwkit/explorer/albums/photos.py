"""Albums of image files."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

from tqdm.auto import tqdm

from hwkit.explorer.albums.pictures import Picture, PictureAlbum, quoted
from hwkit.images.decode import PhotoError, check_size
from hwkit.images.folders import class_folders, photo_files
from hwkit.images.photo_set import PhotoSet
from hwkit.images.photos import read_picture

GROUP = "pictures"
FROM_EACH = 40
"""Files that are read from a folder, at most."""
LARGEST = 2000
"""Files that one album reads, at most: about 300 MB at 224 pixels."""
READ_PHOTO = "from hwkit.images.photos import read_photo"
READ_PICTURE = "from hwkit.images.photos import read_picture"
_NAMED = 20  # files that a warning lists


class PhotoAlbum(PictureAlbum):
    """An album of photos that are read already, a group for each of their classes.

    Args:
        photos: as ``hwkit.images.photos.read_folder`` or ``read_urls`` gives them.
        classes: names of the network's classes, which the photos' classes may be called after.
    """

    def __init__(self, photos: PhotoSet, classes: Sequence[str] = ()) -> None:
        size = photos.images.shape[1]
        groups: dict[str, list[Picture]] = {name: [] for name in photos.classes}
        for rgb, label, file in zip(photos.images, photos.labels, photos.files, strict=True):
            code = f"read_photo({quoted(file)}, {size})"
            picture = Picture(rgb, file.name, (READ_PHOTO,), code)
            groups[photos.classes[label]].append(picture)
        # A class of which no photo could be read was told of when they were read.
        super().__init__({name: found for name, found in groups.items() if found}, classes)


class FileAlbum(PictureAlbum):
    """An album of image files and of folders of them.

    A folder of class folders makes a group of each, any other folder makes one group, and so do
    single files together. A file of the network's size is taken pixel by pixel, any other is
    resized and cropped.

    Args:
        places: files and folders.
        size: side of the network's input in pixels.
        classes: names of the network's classes, which folders may be called after.
        from_each: of a folder, as many files are read at most: the first ones by name.

    Raises:
        FileNotFoundError: no such file or folder.
        PhotoError: (a ValueError) a single file cannot be used. Files in folders that cannot are
            told in one warning.
        ValueError: nothing could be read, or there are too many files.
    """

    def __init__(
        self,
        places: Sequence[str | Path],
        size: int,
        classes: Sequence[str] = (),
        from_each: int = FROM_EACH,
    ) -> None:
        check_size(size)
        if from_each < 1:
            raise ValueError(f"Expected to read at least one file. Received: {from_each}.")
        if not places or "" in places:
            raise ValueError(f"Expected the names of files or folders. Received: {list(places)}.")
        named: list[Path] = []
        listed: dict[str, list[Path]] = {}
        refused: list[tuple[str, str]] = []
        for place in (Path(each).expanduser() for each in places):
            if place.is_dir():
                for group, files in _folder(place, refused).items():
                    listed.setdefault(group, []).extend(files[:from_each])
            else:
                named.append(place)
        _check_count(len(named) + sum(map(len, listed.values())))
        groups = {GROUP: [_picture(file, size) for file in named]} if named else {}
        pairs = [(group, file) for group, files in listed.items() for file in files]
        for group, file in tqdm(pairs, desc="photos", unit="photo", delay=2, leave=False):
            try:
                groups.setdefault(group, []).append(_picture(file, size))
            except PhotoError as error:
                refused.append((error.source, error.reason))
            except FileNotFoundError:
                refused.append((str(file), "is a link to a file that is not there"))
        if refused:
            warnings.warn(_report(refused), UserWarning, stacklevel=2)
        groups = {name: found for name, found in groups.items() if found}
        if not groups:
            raise ValueError(
                f"No picture could be read from {', '.join(map(str, places))}. {_report(refused)}"
            )
        super().__init__(groups, classes)


def _folder(folder: Path, refused: list[tuple[str, str]]) -> dict[str, list[Path]]:
    """The photos of a folder by group; what is passed over is added to ``refused``."""
    inner = any(entry.is_dir() and not entry.name.startswith(".") for entry in folder.iterdir())
    if inner:
        folders, passed_over = class_folders(folder, None)
        refused += passed_over
    else:
        folders = {folder.resolve().name or GROUP: folder}
    groups = {}
    for name, place in folders.items():
        groups[name], passed_over = photo_files(place)
        refused += passed_over
    return groups


def _picture(file: Path, size: int) -> Picture:
    rgb = read_picture(file, size)
    rgb.setflags(write=False)
    return Picture(rgb, file.name, (READ_PICTURE,), f"read_picture({quoted(file)}, {size})")


def _check_count(count: int) -> None:
    if count > LARGEST:
        raise ValueError(
            f"Expected at most {LARGEST} files. Received: {count}. Give the folders of a few "
            "classes, or photos = hwkit.images.photos.read_folder(folder, classes, size, limit)."
        )


def _report(refused: list[tuple[str, str]]) -> str:
    lines = [f"{source}: {reason}" for source, reason in refused[:_NAMED]]
    if len(refused) > len(lines):
        lines.append(f"and {len(refused) - len(lines)} more")
    return "\n  ".join([f"{len(refused)} file(s) were not used:", *lines])
