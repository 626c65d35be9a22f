"""A network that tells noughts from ones: a convolution and three small dense layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

SHAPE = (28, 28, 1)
FILTERS = 8
UNITS = (32, 16)
CLASSES = 2
POOLINGS = ("none", "max", "average")


def build(*, use_bias: bool = True, pooling: str = "none", seed: int = 0) -> keras.Model:
    """A network with random weights, the same for the same seed.

    "conv" (5 x 5, stride 2, 8 filters, rectifiers), "flatten", "hidden1" (32, rectifiers),
    "hidden2" (16, rectifiers) and "score" (2, linear). It takes float32 (n, 28, 28, 1) from paper
    0 to ink 1 (`hwkit.images.zero_one`).

    Args:
        use_bias: whether the layers have biases; they begin at 0.
        pooling: "none"; "max" or "average": the convolution has stride 1, and "pool" takes the
            greatest or the mean of 2 x 2 values behind it. The dense layers stay as they are.
        seed: of the random weights.

    Raises:
        ValueError: an unknown pooling.
    """
    if pooling not in POOLINGS:
        raise ValueError(f"Expected a pooling: {', '.join(POOLINGS)}. Received: {pooling!r}.")
    import keras

    layers = keras.layers
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))
    entry = keras.Input(SHAPE, name="input")
    x = layers.Conv2D(
        FILTERS,
        5,
        strides=2 if pooling == "none" else 1,
        activation="relu",
        use_bias=use_bias,
        kernel_initializer=keras.initializers.HeNormal(next(seeds)),
        name="conv",
    )(entry)
    if pooling != "none":
        pool = layers.MaxPooling2D if pooling == "max" else layers.AveragePooling2D
        x = pool(2, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    for i, units in enumerate(UNITS, 1):
        x = layers.Dense(
            units,
            activation="relu",
            use_bias=use_bias,
            kernel_initializer=keras.initializers.HeNormal(next(seeds)),
            name=f"hidden{i}",
        )(x)
    start = keras.initializers.GlorotUniform(next(seeds))
    score = layers.Dense(CLASSES, use_bias=use_bias, kernel_initializer=start, name="score")(x)
    return keras.Model(entry, score, name="zero_one")
