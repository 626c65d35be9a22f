"""How fast scenes are drawn: `python benchmarks/render.py`.

The yardstick is Pillow decoding a JPEG of the same size, the least that a data set of files costs.
"""

import io
import time

import numpy as np
from PIL import Image

from hwkit.images.scenes import CLASSES, DIFFICULTIES, draw

COUNT = 20


def seconds_each(action, repeats):
    """CPU seconds of one call, the best of three rounds."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for i in range(repeats):
            action(i)
        rounds.append((time.process_time() - start) / repeats)
    return min(rounds)


def main():
    files = []
    for k in range(len(CLASSES)):
        buffer = io.BytesIO()
        Image.fromarray(draw(k, 1).image).save(buffer, "JPEG", quality=90)
        files.append(buffer.getvalue())

    def decode(i):
        return np.asarray(Image.open(io.BytesIO(files[i % len(files)])).convert("RGB"))

    yardstick = seconds_each(decode, 500)
    for difficulty in DIFFICULTIES:
        each = seconds_each(
            lambda i, d=difficulty: draw(i % 14, i, difficulty=d), COUNT * len(CLASSES)
        )
        print(
            f"{difficulty}: {1 / each:.0f} pictures a second on one core, "
            f"{each / yardstick:.0f} times a JPEG's decoding"
        )


if __name__ == "__main__":
    main()
