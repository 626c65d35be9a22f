"""The frozen sets in test_data/: the homework's pictures, with seeds and checksums.

images = frozen("starfish")             # uint8 (20, 96, 96, 3)
scenes = frozen_scenes("starfish")      # the same pictures drawn again, with their part masks
scene = frozen_scene("starfish", 3)     # the fourth of them alone
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from hwkit.images.scenes import Scene, draw
from hwkit.paths import data_path


def frozen(name: str) -> np.ndarray:
    """The pictures of a frozen set: RGB, uint8 (n, 96, 96, 3).

    Raises ValueError for an unknown set and for a damaged file, FileNotFoundError for a missing
    one.
    """
    folder = data_path("test_data")
    entry = _entry(folder, name)
    path = folder / entry["file"]
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. Draw it again: python -m hwkit.images.freeze")
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
        raise ValueError(
            f"{path} is not the file that card.json describes (its SHA-256 differs). "
            "Draw it again: python -m hwkit.images.freeze"
        )
    return np.load(path, allow_pickle=False)


def frozen_scenes(name: str) -> list[Scene]:
    """The scenes of a frozen set, drawn again from their seeds.

    Raises ValueError for an unknown set.
    """
    entry = _entry(data_path("test_data"), name)
    return [draw(entry["class"], seed, difficulty=entry["difficulty"]) for seed in entry["seeds"]]


def frozen_scene(name: str, index: int) -> Scene:
    """One scene of a frozen set, drawn again; the others are not drawn.

    Raises ValueError for an unknown set and for an index that it does not have.
    """
    entry = _entry(data_path("test_data"), name)
    count = len(entry["seeds"])
    if not 0 <= index < count:
        raise ValueError(
            f"Expected an index from 0 to {count - 1}: {name} has {count} pictures. Received: "
            f"{index}."
        )
    return draw(entry["class"], entry["seeds"][index], difficulty=entry["difficulty"])


def _entry(folder: Path, name: str) -> dict[str, Any]:
    card = folder / "card.json"
    if not card.is_file():
        raise FileNotFoundError(f"{card} is missing. Write it again: python -m hwkit.images.freeze")
    sets = json.loads(card.read_text(encoding="utf-8"))["sets"]
    if name not in sets:
        raise ValueError(f"Unknown frozen set {name!r}; the choices are {', '.join(sets)}.")
    return sets[name]
