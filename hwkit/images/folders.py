"""Find the photos of a folder per class."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from hwkit.images.decode import PhotoError

# fmt: off
SUFFIXES = frozenset((
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff",
    ".webp", ".ppm", ".pgm", ".pnm", ".jp2", ".avif",
))
# fmt: on


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading bytes.

    Raises:
        FileNotFoundError: there is none.
        PhotoError: it is a folder, a device or may not be read.
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}. Check the name and the working folder.")
    if not path.is_file():
        kind = "a folder; see read_folder" if path.is_dir() else "not a regular file"
        raise PhotoError(str(path), f"is {kind}")
    try:
        return path.open("rb")
    except OSError as error:
        raise PhotoError(str(path), f"cannot be opened ({error.strerror})") from error


def read_file(path: Path) -> bytes:
    """Return a regular file's bytes; errors as in :func:`open_file`."""
    with open_file(path) as stream:
        return stream.read()


def class_folders(
    root: Path, classes: Sequence[str] | None
) -> tuple[dict[str, Path], list[tuple[str, str]]]:
    """The folder of each class, in the order of the labels, and (file, reason) passed over."""
    if not root.is_dir():
        what = "is a file" if root.exists() else "does not exist"
        raise FileNotFoundError(
            f"Expected a folder with one subfolder of photos per class. {root} {what}."
        )
    found: dict[str, Path] = {}
    passed_over: list[tuple[str, str]] = []
    for entry in sorted(root.iterdir(), key=lambda path: path.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if root.resolve().is_relative_to(entry.resolve()):
                passed_over.append((str(entry), "is a link back to a folder that holds it"))
            else:
                found[entry.name] = entry
        elif _is_photo_name(entry):
            passed_over.append(
                (str(entry), "lies beside the class folders, so its class is unknown")
            )
    if not found:
        raise ValueError(
            f"Expected one subfolder of photos per class in {root}. Received: no subfolder, "
            f"{len(passed_over)} photo(s). Move the photos into a subfolder named after their "
            "class, and pass the folder above it."
        )
    if classes is None:
        return found, passed_over
    return _chosen(found, classes, root), passed_over


def photo_files(folder: Path) -> tuple[list[Path], list[tuple[str, str]]]:
    """The photos under a class folder, sorted by name, and (file, reason) of what is none."""
    files: list[Path] = []
    passed_over: list[tuple[str, str]] = []
    for place, folders, names in os.walk(folder):  # which does not follow links to folders
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(place) / name).is_symlink():
                passed_over.append((str(Path(place) / name), "is a link to a folder: not followed"))
        for name in names:
            path = Path(place) / name
            if name.startswith("."):
                continue
            if _is_photo_name(path):
                files.append(path)
            else:
                suffix = path.suffix or "no suffix"
                passed_over.append((str(path), f"is not named like a photo ({suffix})"))
    return sorted(files, key=Path.as_posix), sorted(passed_over)


def _is_photo_name(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _chosen(found: dict[str, Path], classes: Sequence[str], root: Path) -> dict[str, Path]:
    if isinstance(classes, str) or not classes:
        raise ValueError(f"classes is a list of at least one class name. Received: {classes!r}")
    if len(set(classes)) < len(classes):
        raise ValueError(f"classes names a class twice. Received: {list(classes)}")
    chosen = {}
    for name in classes:
        alike = [folder for folder in found if _plain(folder) == _plain(name)]
        if name in found:
            alike = [name]
        if len(alike) > 1:
            raise ValueError(
                f"{name!r} fits several folders of {root}: {alike}. Use the exact name."
            )
        if not alike:
            near = difflib.get_close_matches(name, found) or sorted(found)
            raise FileNotFoundError(
                f"{root} has no folder for the class {name!r}. "
                f"Did you mean: {', '.join(near[:10])}?"
            )
        chosen[name] = found[alike[0]]
    return chosen


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
