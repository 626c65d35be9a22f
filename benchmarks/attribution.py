"""How much faster the library is than the obvious way, side by side in one run; prints ratios.

python benchmarks/attribution.py [--network pocket|vgg16] [--rounds 5]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable

import numpy as np

from hwkit import AumannShapley, Explanation, networks
from hwkit.compression import Compression
from hwkit.ranking import class_influence


def ratio(
    slow: Callable[[], object], quick: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Median of time(slow) / time(quick), run in turn, and the quick one's median seconds."""
    slow(), quick()  # compiled, warm
    ratios, seconds = [], []
    for _ in range(rounds):
        times = []
        for run in (slow, quick):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        ratios.append(times[0] / times[1])
        seconds.append(times[1])
    return statistics.median(ratios), statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", default="pocket", choices=("pocket", "vgg16"))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    big = options.network == "vgg16"
    model = networks.load("vgg16", weights=None) if big else networks.load("pocket")
    count, points = (1, 10) if big else (8, 50)
    shape = model.inputs[0].shape[1:]
    instances = np.random.default_rng(0).normal(0, 50, (count, *shape)).astype(np.float32)
    explanation = Explanation(model, AumannShapley(points, progress=False))
    question = explanation.for_layer("conv4_1").absolute(1)
    method, whole = question.method, explanation.for_input().channel("conv4_1", 0)

    def one_point_at_a_time() -> None:
        slices = method.activations(instances)
        for each in slices:
            for i in range(1, points + 1):
                method.gradients(each * (i / points))

    def to_the_pixels() -> None:
        explanation.for_input().absolute(1).explain(instances)

    def recompute_the_head() -> None:
        whole.method.stream.cut.tail.predict(instances, verbose=0)
        compression.logits(cached, influence, 4, 0)

    compression = Compression(model, "conv4_1")
    cached = compression.cache(instances, np.arange(count))
    influence = class_influence(question.explain(instances).attribution)
    rows = {
        "streamed batches against one gradient a point": (
            one_point_at_a_time,
            lambda: question.explain(instances),
        ),
        "gradient through the tail against through the whole network": (
            to_the_pixels,
            lambda: question.explain(instances),
        ),
        "a compressed network on the cached slice against from the pixels": (
            recompute_the_head,
            lambda: compression.logits(cached, influence, 4, 0),
        ),
    }
    for name, (slow, quick) in rows.items():
        times, seconds = ratio(slow, quick, options.rounds)
        print(f"{name}: {times:.1f} times faster ({seconds * 1000:.0f} ms)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory of this process: {peak:.2f} GiB")


if __name__ == "__main__":
    main()
