"""Networks that DeepLIFT is tested on: most layers, with random weights and biases."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops


def random_weights(model: keras.Model, seed: int = 0, *, biased: bool = True) -> keras.Model:
    """Random weights and statistics; without biases the network of no input is zero."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        for weight in layer.weights:
            kind = weight.path.rpartition("/")[2]
            drawn = rng.normal(0, 0.5, weight.shape)
            if kind in ("moving_variance", "gamma"):
                drawn = np.abs(drawn) + 0.5
            if kind in ("bias", "beta", "moving_mean") and not biased:
                drawn = np.zeros(weight.shape)
            weight.assign(drawn)
    return model


def plain(activation: str = "relu") -> keras.Model:
    """Dense layers only."""
    hidden = [layers.Dense(9, activation=activation) for _ in range(2)]
    return keras.Sequential([layers.Input((7,)), *hidden, layers.Dense(3)])


def residual() -> keras.Model:
    """One ReLU at three places, a sum, batch normalisation that cannot be merged."""
    relu = layers.ReLU(name="relu")
    x = source = layers.Input((12, 12, 3))
    x = layers.ZeroPadding2D(1)(x)
    x = relu(layers.BatchNormalization()(layers.Conv2D(4, 3, name="first")(x)))
    y = layers.BatchNormalization()(x)
    y = relu(layers.Conv2D(4, 3, padding="same", name="branch")(y))
    x = relu(layers.Add(name="sum")([x, y]))
    x = layers.MaxPooling2D(3, strides=2)(x)
    return keras.Model(source, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))


def overlapping() -> keras.Model:
    """Maxima of windows that overlap and of tensors, directly of curved activations."""
    x = source = layers.Input((12, 12, 2))
    x = layers.Conv2D(5, 3, activation="tanh", name="first")(x)
    x = layers.MaxPooling2D(3, strides=1, padding="same", name="pool")(x)
    y = layers.Conv2D(5, 3, padding="same", activation="softplus")(x)
    x = ops.maximum(layers.Maximum()([x, y]), 0.5 * y)
    x = layers.Dense(6, activation="gelu")(layers.Flatten()(x))
    return keras.Model(source, layers.Dense(3)(layers.PReLU()(x)))


def branching() -> keras.Model:
    """Every kind of convolution, branches that are joined, channels averaged, moved and cut off."""
    x = source = layers.Input((12, 12, 2))
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same")(x)
    x = layers.LeakyReLU(negative_slope=0.2)(layers.BatchNormalization()(x))
    a = layers.Conv2D(3, 1, activation="elu")(x)
    b = layers.SeparableConv2D(3, 3, padding="same", activation="sigmoid")(x)
    c = layers.AveragePooling2D(2, strides=1, padding="same")(x)
    x = layers.Concatenate(name="joined")([a, b, c])
    x = layers.Conv2DTranspose(2, 2, strides=2, activation="selu")(x)
    x = layers.Permute((2, 1, 3))(layers.Cropping2D(1)(x))
    x = layers.Dense(6, activation="silu")(layers.Flatten()(layers.Dropout(0.5)(x)))
    return keras.Model(source, layers.Dense(3)(x))


def one_dimensional() -> keras.Model:
    """Sequences, a model within the model, a constant, and a softmax at the end."""
    inner = layers.Input((6, 4))
    part = keras.Model(inner, layers.Conv1D(4, 2, activation="softsign")(inner), name="part")
    x = source = layers.Input((12, 2))
    x = layers.Conv1D(4, 3, padding="causal", activation="hard_sigmoid")(layers.Rescaling(2.0)(x))
    x = part(layers.MaxPooling1D(2)(x)) * 0.5
    x = layers.GlobalMaxPooling1D()(layers.Activation("relu6")(x))
    return keras.Model(source, layers.Dense(3, activation="softmax")(x))


NETWORKS = {
    "plain": plain,
    "residual": residual,
    "overlapping": overlapping,
    "branching": branching,
    "one-dimensional": one_dimensional,
}


def linear_twin(model: keras.Model) -> keras.Model:
    """The same network without a softmax at its end."""
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    twin.layers[-1].activation = keras.activations.linear
    return twin


def drawn(model: keras.Model, count: int, seed: int = 1) -> np.ndarray:
    """Random instances ``(count, *input)``."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, *model.input_shape[1:])).astype(np.float32)


def dense(*weights: tuple[Sequence, Sequence], activation: str = "relu") -> keras.Model:
    """Dense layers with these kernels and biases, an activation between them."""
    last = len(weights) - 1
    made = [
        layers.Dense(len(bias), activation=activation if place < last else None, name=f"d{place}")
        for place, (_, bias) in enumerate(weights)
    ]
    model = keras.Sequential([layers.Input((len(weights[0][0]),)), *made])
    model.set_weights([np.asarray(each, np.float32) for pair in weights for each in pair])
    return model
