"""Writing that survives a kill or a power cut."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MAKING = ".making-"  # begins the names of files and folders that are not finished


def sync_tree(folder: Path) -> None:
    """Have the disk hold a folder with everything in it."""
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            sync(Path(place) / name)
        sync(Path(place))


def sync(path: Path) -> None:
    """Have the disk hold a file, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_unfinished(folder: Path) -> None:
    """Remove what a process that was killed left half made in a folder."""
    for each in folder.glob(f"{MAKING}*"):
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once: written beside it, synced to the disk, renamed.

    Raises:
        OSError: it could not be written; what was there before still is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=MAKING, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o640)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync(path.parent)
