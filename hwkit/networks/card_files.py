"""What the cards of all networks share: the file that they describe, and how they are written."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from hwkit.networks.weights import sha256_of


def described(weights: Path) -> dict[str, Any]:
    """The weights' file, its size and checksum, and the versions of what made it."""
    return {
        "file": weights.name,
        "bytes": weights.stat().st_size,
        "sha256": sha256_of(weights),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
        },
    }


def file_rows(card: Mapping[str, Any]) -> list[str]:
    """The rows of a card's table that say the same, and the licence."""
    return [
        f"| file | {card['file']}, {card['bytes']:,} bytes, float16 |",
        f"| sha256 | `{card['sha256']}` |",
        f"| versions | {', '.join(f'{key} {value}' for key, value in card['versions'].items())} |",
        f"| licence | {card['licence']} |",
    ]


def write_files(folder: Path, card: Mapping[str, Any], page: str) -> None:
    """Write card.json and, of the same content, card.md."""
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(page, encoding="utf-8")


def rounded(value: float) -> float:
    """A number as cards show it: four digits after the point."""
    return round(float(value), 4)
