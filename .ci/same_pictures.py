"""Print one digest of many drawn pictures, which must never differ; needs numpy and Pillow only."""

import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from hwkit.images import scenes

digest = hashlib.sha256()
for difficulty in ("standard", "hard"):
    for kind in scenes.CLASSES:
        for seed in range(6):
            scene = scenes.draw(kind, seed, difficulty=difficulty)
            digest.update(scene.image.tobytes())
            digest.update(scene.part_map.tobytes())
print(digest.hexdigest())
