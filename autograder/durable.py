"""Writing that survives a kill or a power cut."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MAKING = ".making-"  # begins the names of folders that are not finished


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
        shutil.rmtree(each)
