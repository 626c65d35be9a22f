"""Networks that read digits: rectifiers, tanh, and LeNet, as the LRP toolbox has them.

All take float32 (n, 28, 28, 1) from paper -1 to ink +1 (`hwkit.images.digits`) and give ten scores,
without softmax.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

SHAPE = (28, 28, 1)
CLASSES = 10
UNITS = (300, 100)
"""The hidden layers of LeCun et al.'s two-layer network, 1998."""

_ACTIVATIONS = {"rectifier": "relu", "tanh": "tanh"}
KINDS = (*_ACTIVATIONS, "lenet")


def build(
    kind: str, units: Sequence[int] = UNITS, *, dropout: float = 0.0, seed: int = 0
) -> keras.Model:
    """A network with random weights, the same for the same seed.

    Args:
        kind: "rectifier" or "tanh": the picture as a vector, then dense layers "hidden1",
            "hidden2", ... and "score". "lenet": three convolutions "conv1" (5x5, 10 filters),
            "conv2" (5x5, 25) and "conv3" (4x4, 100) with rectifiers, average pooling by 2 after the
            first two, and "score". These are the LRP toolbox's LeNet-5 filters; it pads
            pictures to 32 x 32, takes sums divided by 2 instead of averages, which is the same
            network with other weights, and so ends in a third pooling, which is not needed here.
        units: of the hidden dense layers; the toolbox has (1296, 1296, 1296). Of "lenet" no part.
        dropout: share of a hidden dense layer's (of lenet's last features') outputs that are
            dropped in training.
        seed: of the random weights and of dropout.

    Raises:
        ValueError: an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"Expected a kind: {', '.join(KINDS)}. Received: kind={kind!r}.")
    import keras

    seeds = iter(range(1000 * seed, 1000 * seed + 1000))
    entry = keras.Input(SHAPE, name="input")
    if kind == "lenet":
        features = _convolutions(entry, seeds)
        if dropout:
            features = keras.layers.Dropout(dropout, seed=next(seeds), name="flatten_dropout")(
                features
            )
    else:
        features = _dense(entry, _ACTIVATIONS[kind], units, dropout, seeds)
    start = keras.initializers.GlorotUniform(next(seeds))
    score = keras.layers.Dense(CLASSES, kernel_initializer=start, name="score")(features)
    return keras.Model(entry, score, name=f"digits_{kind}")


def _dense(
    entry: keras.KerasTensor,
    activation: str,
    units: Sequence[int],
    dropout: float,
    seeds: Iterator[int],
) -> keras.KerasTensor:
    import keras

    x = keras.layers.Flatten(name="flatten")(entry)
    start = keras.initializers.HeNormal if activation == "relu" else keras.initializers.GlorotNormal
    for i, count in enumerate(units, 1):
        x = keras.layers.Dense(
            count,
            activation=activation,
            kernel_initializer=start(next(seeds)),
            name=f"hidden{i}",
        )(x)
        if dropout:
            x = keras.layers.Dropout(dropout, seed=next(seeds), name=f"hidden{i}_dropout")(x)
    return x


def _convolutions(entry: keras.KerasTensor, seeds: Iterator[int]) -> keras.KerasTensor:
    import keras

    x = entry
    for i, (filters, side) in enumerate(((10, 5), (25, 5), (100, 4)), 1):
        x = keras.layers.Conv2D(
            filters,
            side,
            activation="relu",
            kernel_initializer=keras.initializers.HeNormal(next(seeds)),
            name=f"conv{i}",
        )(x)
        if i < 3:
            x = keras.layers.AveragePooling2D(2, name=f"pool{i}")(x)
    return keras.layers.Flatten(name="flatten")(x)
