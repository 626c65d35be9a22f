"""How fast relevance is propagated, beside other ways in the same run; prints ratios.

python benchmarks/lrp.py [--only dense lenet vgg16] [--rounds 5] [--heatmaps 256] [--images 8]

The sides take turns, after one turn that does not count; ratios are medians over the rounds, of
wall and of CPU seconds. Zennit runs in the environment that HWKIT_PEERS_PYTHON names, see
tests/peers/peer_bridge.py.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import lrp_toolbox_way
import lrp_vgg16
import numpy as np

from hwkit import LRP, Explanation
from hwkit.attribution.relevance import composites
from hwkit.networks.toolbox import modules as toolbox
from hwkit.networks.toolbox.to_keras import to_keras

THREADS = 2
EPSILON, CLASS = 0.01, 3
Seconds = tuple[float, float]  # wall, CPU
Side = Callable[[], Seconds]


def timed(work: Callable[[], object]) -> Side:
    def run() -> Seconds:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        return time.perf_counter() - wall, time.process_time() - cpu

    return run


def compare(ours: Side, others: dict[str, Side], rounds: int) -> None:
    """Run all in turn and print how many times longer the others take."""
    sides = {"hwkit": ours, **others}
    for run in sides.values():
        run()  # compiled, warm
    seconds: dict[str, list[Seconds]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            seconds[name].append(run())
    for name, found in seconds.items():
        wall, cpu = (statistics.median(each[place] for each in found) for place in (0, 1))
        print(f"  {name}: {wall:.3f} s, CPU {cpu:.3f} s", end="")
        if name != "hwkit":
            wall, cpu = (
                statistics.median(
                    theirs[place] / own[place]
                    for theirs, own in zip(found, seconds["hwkit"], strict=True)
                )
                for place in (0, 1)
            )
            print(f"; {wall:.2f} times hwkit's, CPU {cpu:.2f} times", end="")
        print()


def drawn(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).normal(0, 1 / np.sqrt(np.prod(shape[:-1])), shape)


def linear(inputs: int, outputs: int) -> toolbox.Linear:
    return toolbox.Linear(drawn(inputs, outputs), 0.1 * drawn(1, outputs)[0])


def convolution(*shape: int) -> toolbox.Convolution:
    return toolbox.Convolution(drawn(*shape), 0.1 * drawn(1, shape[-1])[0], (1, 1))


def dense_network() -> tuple[list[toolbox.Module], tuple[int, ...]]:
    sizes = (784, 1296, 1296, 1296, 10)
    modules: list[toolbox.Module] = []
    for inputs, outputs in pairwise(sizes):
        modules += [linear(inputs, outputs), toolbox.Rect()]
    return modules[:-1], (784,)


def lenet() -> tuple[list[toolbox.Module], tuple[int, ...]]:
    pool = toolbox.SumPool((2, 2), (2, 2))
    modules: list[toolbox.Module] = [convolution(5, 5, 1, 6), toolbox.Tanh(), pool]
    modules += [convolution(5, 5, 6, 16), toolbox.Tanh(), pool]
    modules += [convolution(5, 5, 16, 120), toolbox.Tanh(), toolbox.Flatten(), linear(120, 10)]
    return modules, (32, 32, 1)


def beside_the_toolbox(
    network: tuple[list[toolbox.Module], tuple[int, ...]], count: int, rounds: int
) -> None:
    modules, shape = network
    x = np.random.default_rng(0).uniform(-1, 1, (count, *shape))
    method = LRP(composites.toolbox("epsilon", EPSILON))
    question = Explanation(to_keras(modules, shape), method).for_input().absolute(CLASS)
    single = x.astype(np.float32)

    def ours() -> np.ndarray:
        return question.explain(single).attribution

    def theirs() -> np.ndarray:
        return lrp_toolbox_way.heatmaps(modules, x, CLASS, EPSILON)

    wanted = theirs()
    apart = np.abs(ours() - wanted).max() / np.abs(wanted).max()
    print(f"  largest difference: {apart:.1e} of the largest relevance")
    compare(timed(ours), {"the toolbox's way": timed(theirs)}, rounds)


def vgg16(count: int, rounds: int) -> None:
    import tensorflow as tf
    from keras.applications import VGG16

    model = VGG16(weights=None, classifier_activation=None)
    model.set_weights([each for pair in lrp_vgg16.weights() for each in pair])
    x = lrp_vgg16.images(count)
    composite = composites.epsilon_gamma_box(lrp_vgg16.LOW, lrp_vgg16.HIGH)
    question = Explanation(model, LRP(composite)).for_input().absolute(CLASS)

    @tf.function(autograph=False)
    def gradient(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            score = model(x, training=False)[:, CLASS]
        return tape.gradient(score, x)

    others = {"one gradient": timed(lambda: gradient(tf.constant(x)).numpy())}
    ours = timed(lambda: question.explain(x))
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    if not python:
        print("  zennit: left out, HWKIT_PEERS_PYTHON does not name a Python that has it")
        compare(ours, others, rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        heatmaps = Path(folder) / "heatmaps.npy"
        with zennit(python, count, heatmaps) as explain:
            # One at a time zennit takes the least CPU seconds: 19, beside 31 for 8 at once.
            compare(ours, {**others, "zennit": lambda: explain(1)}, rounds)
        found, wanted = question.explain(x).attribution, np.load(heatmaps)
        apart = np.abs(found - wanted).sum() / np.abs(wanted).sum()
    print(f"  difference to zennit: {apart:.1e} of all relevance")


@contextmanager
def zennit(python: str, count: int, heatmaps: Path) -> Iterator[Callable[[int], Seconds]]:
    """Zennit in a process of its own, which sleeps while it is not asked."""
    script = Path(__file__).with_name("lrp_zennit.py")
    peers = script.parents[1] / "tests" / "peers"
    with subprocess.Popen(
        [python, str(script), str(count), str(THREADS), str(heatmaps)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(peers)},
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def explain(batch: int) -> Seconds:
            print(batch, file=asked, flush=True)
            answer = answered.readline().split()
            if len(answer) != 2:
                raise RuntimeError(f"{script.name} ended early; its own error is above.")
            return float(answer[0]), float(answer[1])

        yield explain
        asked.close()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    networks = ("dense", "lenet", "vgg16")
    parser.add_argument("--only", nargs="+", default=networks, choices=networks)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--heatmaps", type=int, default=256)
    parser.add_argument("--images", type=int, default=8)
    options = parser.parse_args()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    if "dense" in options.only:
        print(f"{options.heatmaps} heatmaps of a dense network, 784-1296-1296-1296-10")
        beside_the_toolbox(dense_network(), options.heatmaps, options.rounds)
    if "lenet" in options.only:
        print(f"{options.heatmaps} heatmaps of LeNet-5 with tanh, 32x32")
        beside_the_toolbox(lenet(), options.heatmaps, options.rounds)
    if "vgg16" in options.only:
        print(f"epsilon-gamma-box on VGG16, {options.images} images of 224x224")
        vgg16(options.images, options.rounds)


if __name__ == "__main__":
    main()
