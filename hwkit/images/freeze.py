"""Draw the frozen sets and their card: `python -m hwkit.images.freeze [--out test_data] [--check]`.

The bytes are the same every time. `--check` writes nothing and fails when a file differs.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np

from hwkit.images.parts import CLASSES
from hwkit.images.scenes import Scene, draw
from hwkit.images.splits import SPLITS, scenes


@dataclass(frozen=True)
class FrozenSet:
    """A file of test_data/: the first pictures of a class in a split, or clear ones."""

    name: str
    class_name: str
    split: str
    pictures: int
    clear_after: int | None = None
    """If given, skip as many pictures and then take only clear ones."""


_TABLE_CLASSES = ("chainsaw", "bonnet", "park bench", "sloth bear", "pelican")
FROZEN_SETS = (
    FrozenSet("starfish", "starfish", "test", 20),
    FrozenSet("sports_cars", "sports car", "test", 20),
    FrozenSet("convertibles", "convertible", "test", 20),
    FrozenSet("test_sports_cars", "sports car", "test", 3, clear_after=20),
    *(FrozenSet(name.replace(" ", "_"), name, "hard_report", 40) for name in _TABLE_CLASSES),
)
"""The homework's sets; the five last are the classes of the compression table."""

_CLEAR_SHARE = 0.13


def chosen_scenes(wanted: FrozenSet) -> list[Scene]:
    """The scenes of a frozen set."""
    if wanted.clear_after is None:
        return scenes(wanted.split, wanted.class_name, per_class=wanted.pictures)
    label, start = CLASSES.index(wanted.class_name), SPLITS[wanted.split].seeds.start
    drawn = (draw(label, start + len(CLASSES) * i + label) for i in count(wanted.clear_after))
    return list(islice(filter(is_clear, drawn), wanted.pictures))


def is_clear(scene: Scene) -> bool:
    """Whether nothing stands in front and the object fills at least 13% of the picture."""
    return not scene.mask("occluder").any() and scene.object_mask.mean() >= _CLEAR_SHARE


def freeze() -> dict[str, bytes]:
    """The content of every file of test_data/, by file name."""
    files: dict[str, bytes] = {}
    sets: dict[str, dict[str, Any]] = {}
    for wanted in FROZEN_SETS:
        drawn = chosen_scenes(wanted)
        buffer = io.BytesIO()
        np.save(buffer, np.stack([scene.image for scene in drawn]))
        name = f"{wanted.name}.npy"
        files[name] = buffer.getvalue()
        sets[wanted.name] = {
            "file": name,
            "class": wanted.class_name,
            "split": wanted.split,
            "difficulty": drawn[0].difficulty,
            "choice": "the first" if wanted.clear_after is None else "clearly visible ones",
            "shape": [len(drawn), *drawn[0].image.shape],
            "seeds": [scene.seed for scene in drawn],
            "sha256": hashlib.sha256(files[name]).hexdigest(),
        }
    card: dict[str, Any] = {
        "what": "RGB pictures, uint8 (n, 96, 96, 3), drawn by hwkit.images.scenes",
        "made by": "python -m hwkit.images.freeze",
        "licence": "that of the project",
        "sets": sets,
    }
    files["card.json"] = _json(card)
    files["card.md"] = _page(sets).encode()
    return files


def _json(card: dict[str, Any]) -> bytes:
    text = json.dumps(card, indent=1)
    return (text + "\n").encode()


def _page(sets: dict[str, dict[str, Any]]) -> str:
    lines = [
        "# Frozen pictures",
        "",
        "RGB, uint8 (n, 96, 96, 3), drawn by `hwkit.images.scenes`; licence: that of the project. "
        "Written by",
        "`python -m hwkit.images.freeze`, which gives the same bytes every time; seeds are in "
        "card.json.",
        "",
        "| file | class | pictures | split | sha256 |",
        "|---|---|---|---|---|",
    ]
    for entry in sets.values():
        pictures = f"{entry['shape'][0]}, {entry['choice']}"
        lines.append(
            f"| {entry['file']} | {entry['class']} | {pictures} | {entry['split']} | "
            f"`{entry['sha256']}` |"
        )
    return "\n".join([*lines, ""])


def main(arguments: list[str] | None = None) -> int:
    """Write the frozen sets, or check those that are there; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m hwkit.images.freeze", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("test_data"))
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when a file differs"
    )
    options = parser.parse_args(arguments)
    files = freeze()
    if options.check:
        wrong = [n for n, data in files.items() if not _same(options.out / n, data)]
        print(f"differ or are missing: {', '.join(wrong)}" if wrong else "all files are as drawn")
        return 1 if wrong else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (options.out / name).write_bytes(data)
    print(f"{len(files)} files written to {options.out}")
    return 0


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


if __name__ == "__main__":
    raise SystemExit(main())
