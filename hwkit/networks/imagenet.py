"""The names of ImageNet's 1000 classes, as far as they are at hand without a download."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

COURSE_CLASSES = {
    130: "flamingo",
    144: "pelican",
    294: "brown bear",
    297: "sloth bear",
    327: "starfish",
    452: "bonnet",
    491: "chainsaw",
    511: "convertible",
    559: "folding chair",
    703: "park bench",
    740: "power drill",
    808: "sombrero",
    817: "sports car",
    985: "daisy",
}
"""The indices of the course's classes among ImageNet's."""

_OUTPUTS = 1000


def imagenet_names() -> tuple[str, ...]:
    """1000 different names: Keras's where in its cache, else "class 7" for all but the course's.

    Names that Keras has twice (two kinds of crane, say) get their index: "crane 134", "crane 517".
    """
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    index = home / "models" / "imagenet_class_index.json"
    names = [f"class {i}" for i in range(_OUTPUTS)]
    if index.is_file():
        table = json.loads(index.read_text(encoding="utf-8"))
        names = [table[str(i)][1].replace("_", " ") for i in range(_OUTPUTS)]
        often = Counter(names)
        names = [f"{name} {i}" if often[name] > 1 else name for i, name in enumerate(names)]
    for i, name in COURSE_CLASSES.items():
        names[i] = name
    return tuple(names)
