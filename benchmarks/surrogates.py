"""How long LIME and KernelSHAP take beyond the network's own forward passes; prints ratios.

python benchmarks/surrogates.py [--network vgg16|mobilenet|small] [--samples 1000] [--batch 50]
    [--rounds 3] [--only NAME ...]

One picture of 224x224 in 50 superpixels. All sides take turns in one run, after one turn of few
samples that does not count; each is divided by the forward passes of as many pictures in the same
batches by its own library: hwkit's by Keras, those of lime, shap and captum by torch, in the
environment that HWKIT_PEERS_PYTHON names (tests/peers/peer_bridge.py). VGG16 has the same random
weights on both sides; the networks of the other names are as large as one another.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import lrp_vgg16
from lrp import THREADS, Seconds, timed

from hwkit import LIME
from hwkit.attribution import superpixels
from hwkit.attribution.kernel_shap import KernelSHAP
from hwkit.network import cut, in_batches

if TYPE_CHECKING:
    import keras

NETWORKS = ("vgg16", "mobilenet", "small")
PEERS = ("lime", "shap", "captum KernelSHAP", "captum LIME")
ROWS, COLUMNS = 5, 10
WARM_UP = 4 * ROWS * COLUMNS
"""Samples; KernelSHAP takes no fewer."""
Sampled = Callable[[int], Seconds]
"""Runs with so many samples."""


def network(name: str) -> keras.Model:
    """A network of pictures (n, 224, 224, 3), random weights, linear output."""
    import keras
    from keras import applications, layers

    if name == "vgg16":
        model = applications.VGG16(weights=None, classifier_activation=None)
        model.set_weights([each for pair in lrp_vgg16.weights() for each in pair])
        return model
    if name == "mobilenet":
        return applications.MobileNetV2(weights=None, classifier_activation=None)
    chain = [
        layers.Conv2D(16, 8, strides=8, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10),
    ]
    return keras.Sequential([keras.Input((224, 224, 3)), *chain])


def ours(name: str, batch: int) -> dict[str, Sampled]:
    model, picture = network(name), lrp_vgg16.images(1)[0]
    tail, pictures = cut(model).tail, lrp_vgg16.images(batch)
    blocks = superpixels.blocks(ROWS, COLUMNS)(picture)

    def forward(samples: int) -> None:
        for start in range(0, samples, batch):
            in_batches(tail, pictures[: samples - start], batch)

    def explain(method: type[LIME | KernelSHAP], samples: int) -> None:
        asked = method(blocks, fill=0.0, samples=samples, batch=batch, progress=False)
        asked.explain_image(model, picture, labels=(lrp_vgg16.CLASS,))

    def side(run: Callable[[int], object]) -> Sampled:
        return lambda samples: timed(partial(run, samples))()

    return {
        "forward passes": side(forward),
        "LIME": side(partial(explain, LIME)),
        "KernelSHAP": side(partial(explain, KernelSHAP)),
    }


@contextmanager
def theirs(python: str, name: str, batch: int) -> Iterator[dict[str, Sampled]]:
    """The other libraries, in a process of their own, which sleeps while it is not asked."""
    script = Path(__file__).with_name("surrogates_peers.py")
    numbers = map(str, (batch, ROWS, COLUMNS, THREADS))
    with subprocess.Popen(
        [python, str(script), name, *numbers],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(script.parents[1] / "tests" / "peers")},
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def side(method: str) -> Sampled:
            def run(samples: int) -> Seconds:
                print(samples, method, file=asked, flush=True)
                answer = answered.readline().split()
                if len(answer) != 2:
                    raise RuntimeError(f"{script.name} ended early; its own error is above.")
                return float(answer[0]), float(answer[1])

            return run

        yield {method: side(method) for method in ("forward passes", *PEERS)}
        asked.close()
        process.wait()


def compare(libraries: dict[str, dict[str, Sampled]], samples: int, rounds: int) -> None:
    """Run all in turn; print seconds, and how many times its library's forward passes each took."""
    seconds: dict[tuple[str, str], list[Seconds]] = {}
    for turn in range(rounds + 1):
        for library, sides in libraries.items():
            for name, run in sides.items():
                found = run(samples if turn else WARM_UP)
                if turn:  # all is compiled and warm
                    seconds.setdefault((library, name), []).append(found)
    for (library, name), found in seconds.items():
        wall, cpu = (statistics.median(each[place] for each in found) for place in (0, 1))
        line = f"{library:15} {name:18} {wall:8.2f} s, CPU {cpu:8.2f} s"
        if name != "forward passes":
            base = seconds[library, "forward passes"]
            wall, cpu = (
                statistics.median(
                    each[place] / passes[place] for each, passes in zip(found, base, strict=True)
                )
                for place in (0, 1)
            )
            line += f"; {wall:.2f} times the forward passes, CPU {cpu:.2f} times"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", default="vgg16", choices=NETWORKS)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=PEERS, choices=PEERS, help="of the others")
    options = parser.parse_args()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    libraries = {"hwkit, Keras": ours(options.network, options.batch)}
    print(f"{options.network}, {options.samples} samples, batches of {options.batch}")
    if not python:
        print("the others: left out, HWKIT_PEERS_PYTHON does not name a Python that has them")
    peers = theirs(python, options.network, options.batch) if python else None
    with peers or nullcontext({}) as sides:
        if sides:
            chosen = ("forward passes", *options.only)
            libraries["others, torch"] = {name: sides[name] for name in chosen}
        compare(libraries, options.samples, options.rounds)


if __name__ == "__main__":
    main()
