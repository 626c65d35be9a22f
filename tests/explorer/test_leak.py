"""Playing for long does not fill the memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

INTERACTIONS, LARGEST = 500, 50  # MiB

PLAY = f"""
import gc, random
import psutil
from hwkit.explorer import NeuronExplorer

explorer = NeuronExplorer("pocket", resolution=4, top=2)
explorer.wait()
controls, rng = explorer.controls, random.Random(0)

def choose(control):
    options = [each[1] if isinstance(each, tuple) else each for each in control.options]
    control.value = rng.choice(options)

def leave_out():
    switches = [row["id"] for row in explorer.parts.rows if row["switch"] is not None]
    explorer.parts.off = sorted(rng.sample(switches, min(2, len(switches))))

def slide(control, values):
    control.value = rng.choice(values)

acts = [
    lambda: choose(controls.group),
    lambda: choose(controls.of_class),
    lambda: choose(controls.versus),
    lambda: choose(controls.ranking),
    lambda: choose(controls.baseline),
    lambda: slide(controls.top, range(1, 8)),
    lambda: slide(controls.blur, range(6)),
    lambda: slide(controls.threshold, (0, 0.2, 0.4)),
    lambda: slide(controls.resolution, range(3, 40)),
    lambda: setattr(explorer.bars, "chosen", [rng.choice(explorer.bars.bars)["id"]]),
    leave_out,
]

def play(count):
    for number in range(count):
        rng.choice(acts)()
        if number % 5 == 0:
            explorer.wait()
    explorer.wait()
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20

before = play(60)  # everything is compiled, and the results have their room
after = play({INTERACTIONS})
print(f"grown by {{after - before:.1f}} MiB, results {{explorer._results.size / 2**20:.1f}} MiB")
raise SystemExit(after - before > {LARGEST})
"""


@pytest.mark.slow
def test_memory_is_bounded():
    played = subprocess.run([sys.executable, "-c", PLAY], capture_output=True, text=True)
    assert played.returncode == 0, played.stdout + played.stderr[-2000:]
    assert "grown by" in played.stdout
