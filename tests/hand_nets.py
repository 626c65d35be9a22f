"""Networks whose explanations can be worked out by hand, and a few that cannot."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

Weights = list[np.ndarray]


def dense(units: int, weights: Weights, name: str | None = None, **options) -> layers.Dense:
    """A dense layer that takes these weights, a kernel and perhaps a bias, once it is built."""
    kernel = keras.initializers.Constant(np.asarray(weights[0], np.float32))
    bias = (
        {"bias_initializer": keras.initializers.Constant(np.asarray(weights[1], np.float32))}
        if len(weights) > 1
        else {"use_bias": False}
    )
    return layers.Dense(units, kernel_initializer=kernel, name=name, **bias, **options)


LINEAR_KERNEL = np.array([[1.0, -2.0], [0.5, 3.0], [-4.0, 0.25]])
LINEAR_BIAS = np.array([0.7, -0.3])


def linear() -> keras.Model:
    """f(x) = x W + b, three inputs and two outputs."""
    x = keras.Input((3,), name="x")
    return keras.Model(x, dense(2, [LINEAR_KERNEL, LINEAR_BIAS], "logits")(x), name="linear")


SQUARE_WEIGHTS = np.array([[1.0, 2.0], [-3.0, 0.5], [0.25, -1.0]])


def squares() -> keras.Model:
    """f_c(x) = sum_i w_ic x_i^2."""
    x = keras.Input((3,), name="x")
    squared = layers.Multiply(name="squared")([x, x])
    return keras.Model(x, dense(2, [SQUARE_WEIGHTS], "logits")(squared), name="squares")


def product() -> keras.Model:
    """f(x) = x_1 x_2."""
    x = keras.Input((2,), name="x")
    first, second = dense(1, [[[1.0], [0.0]]])(x), dense(1, [[[0.0], [1.0]]])(x)
    return keras.Model(x, dense(1, [[[1.0]]])(layers.Multiply()([first, second])), name="product")


KINK_WEIGHTS, KINK_BIAS = np.array([2.0, -1.0]), -1.0


def kink() -> keras.Model:
    """f(x) = relu(2 x_1 - x_2 - 1), as one linear unit on top."""
    x = keras.Input((2,), name="x")
    hidden = dense(1, [KINK_WEIGHTS[:, None], [KINK_BIAS]], "hidden", activation="relu")(x)
    return keras.Model(x, dense(1, [[[1.0]]], "logits")(hidden), name="kink")


def pooled() -> keras.Model:
    """f(x) = 3 max(x_1, x_2) + max(x_3, x_4), from a sequence (4, 1)."""
    x = keras.Input((4, 1), name="x")
    best = layers.Flatten()(layers.MaxPooling1D(2, name="pool")(x))
    return keras.Model(x, dense(1, [[[3.0], [1.0]]])(best), name="pooled")


SIGMOID_WEIGHTS, SIGMOID_HEIGHT = np.array([1.5, -0.5, 2.0]), 3.0


def sigmoid() -> keras.Model:
    """f(x) = 3 sigmoid(w x)."""
    x = keras.Input((3,), name="x")
    hidden = dense(1, [SIGMOID_WEIGHTS[:, None]], "hidden", activation="sigmoid")(x)
    return keras.Model(x, dense(1, [[[SIGMOID_HEIGHT]]])(hidden), name="sigmoid")


BYPASS_KERNEL = np.array([[1.0, 2.0], [0.0, -1.0]])
BYPASS_BIAS = np.array([0.5, 1.0])
BYPASS_OUT = np.array([[1.0], [-2.0], [4.0], [5.0]])


def bypassed() -> keras.Model:
    """f(x) = [h, h * x] v with h = x W + b: the input also leads around the slice h."""
    x = keras.Input((2,), name="x")
    hidden = dense(2, [BYPASS_KERNEL, BYPASS_BIAS], "hidden")(x)
    both = layers.Concatenate()([hidden, layers.Multiply()([hidden, x])])
    return keras.Model(x, dense(1, [BYPASS_OUT], "logits")(both), name="bypassed")


def residual() -> keras.Model:
    """f(x) = sum((h + x)^2) with h = x W + b: a slice bypassed by an addition."""
    x = keras.Input((2,), name="x")
    hidden = dense(2, [BYPASS_KERNEL, BYPASS_BIAS], "hidden")(x)
    total = layers.Add()([hidden, x])
    squared = layers.Multiply()([total, total])
    return keras.Model(x, dense(1, [[[1.0], [1.0]]])(squared), name="residual")


def relu_stack(seed: int = 0, inputs: int = 48, width: int = 96, depth: int = 4) -> keras.Model:
    """Dense ReLU layers "hidden1", "hidden2", ... He's weights, biases; five logits."""
    rng = np.random.default_rng(seed)
    x = value = keras.Input((inputs,), name="x")
    size = inputs
    for place in range(1, depth + 1):
        weights = [rng.normal(0, np.sqrt(2 / size), (size, width)), rng.normal(0, 0.3, width)]
        value = dense(width, weights, f"hidden{place}", activation="relu")(value)
        size = width
    weights = [rng.normal(0, np.sqrt(1 / size), (size, 5)), rng.normal(0, 1, 5)]
    return keras.Model(x, dense(5, weights, "logits")(value), name=f"relu_stack_{seed}")


def convolutional(seed: int = 0, activation: str = "relu", size: int = 12) -> keras.Model:
    """A small picture network: convolutions "first" and "second", pooling, four logits."""
    rng = np.random.default_rng(seed)
    model = keras.Sequential(
        [
            keras.Input((size, size, 3), name="x"),
            layers.Conv2D(6, 3, padding="same", activation=activation, name="first"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(8, 3, padding="same", activation=activation, name="second"),
            layers.Flatten(name="flat"),
            layers.Dense(4, name="logits"),
        ],
        name=f"convolutional_{seed}",
    )
    for layer in model.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            fan_in = np.prod(kernel.shape[:-1])
            layer.set_weights(
                [
                    rng.normal(0, np.sqrt(2 / fan_in), kernel.shape),
                    rng.normal(0, 0.3, bias.shape),
                ]
            )
    return model
