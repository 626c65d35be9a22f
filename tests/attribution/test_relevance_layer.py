"""Linear layers as students get them: against numpy, term by term."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from hwkit.attribution.relevance.layer import LinearLayer, linear_layers


def close(found: np.ndarray, wanted: np.ndarray) -> None:
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, atol=1e-5 * np.abs(wanted).max())


def test_a_dense_layer_is_a_product_of_matrices():
    rng = np.random.default_rng(0)
    w, x, s = rng.normal(size=(5, 3)), rng.normal(size=(4, 5)), rng.normal(size=(4, 3))
    layer = LinearLayer.dense(w)
    np.testing.assert_allclose(layer.forward(x, w**2), x @ w**2, rtol=1e-12)
    np.testing.assert_allclose(layer.backward(s, w + 1), s @ (w + 1).T, rtol=1e-12)
    assert layer.forward(x, w).dtype == layer.backward(s, w).dtype == np.float64
    assert layer.b.tolist() == [0, 0, 0]


def convolved(x: np.ndarray, w: np.ndarray, strides: tuple[int, int], padding: str) -> np.ndarray:
    """The definition, one output at a time; x is float64 (n, height, width, in)."""
    (height, width), (down, right) = w.shape[:2], strides
    sizes = x.shape[1:3]
    if padding == "same":
        needed = [
            max((-(-size // step) - 1) * step + part - size, 0)
            for size, step, part in zip(sizes, strides, (height, width), strict=True)
        ]
        x = np.pad(x, [(0, 0), *((each // 2, each - each // 2) for each in needed), (0, 0)])
    rows = (x.shape[1] - height) // down + 1
    columns = (x.shape[2] - width) // right + 1
    z = np.zeros((len(x), rows, columns, w.shape[3]))
    for i in range(rows):
        for j in range(columns):
            patch = x[:, i * down : i * down + height, j * right : j * right + width]
            z[:, i, j] = np.einsum("nhwc,hwck->nk", patch, w)
    return z


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 1)])
def test_a_convolution_is_its_definition_and_its_transposed(padding, strides):
    rng = np.random.default_rng(1)
    w, x = rng.normal(size=(3, 2, 2, 4)), rng.normal(size=(3, 6, 5, 2))
    layer = LinearLayer.convolution(w, shape=(6, 5, 2), strides=strides, padding=padding)
    z = layer.forward(x, w)
    close(z, convolved(x, w, strides, padding))
    s = rng.normal(size=z.shape)
    # <forward(e), s> = <e, backward(s)> for every unit vector e.
    units = np.eye(60).reshape(60, 6, 5, 2)
    wanted = np.einsum("ehwk,nhwk->ne", convolved(units, w, strides, padding), s)
    close(layer.backward(s, w), wanted.reshape(3, 6, 5, 2))


def test_weights_cannot_be_written_to_and_results_can():
    w = np.ones((2, 3))
    layer = LinearLayer.dense(w, np.ones(3))
    for fixed in (layer.w, layer.b):
        with pytest.raises(ValueError, match="read-only"):
            fixed *= 2
    w *= 2  # one's own array is not frozen
    for result in (layer.forward(np.ones((4, 2)), w), layer.backward(np.ones((4, 3)), w)):
        result += 1


def test_one_number_for_both_strides_and_float32():
    w = np.ones((2, 2, 1, 1), np.float32)
    layer = LinearLayer.convolution(w, np.array([2.0]), shape=(4, 4, 1), strides=2)
    assert layer.forward(np.ones((1, 4, 4, 1), np.float32), w).dtype == np.float32
    assert layer.forward(np.ones((1, 4, 4, 1)), w).tolist() == [[[[4], [4]], [[4], [4]]]]


def drawn(model: keras.Model) -> keras.Model:
    rng = np.random.default_rng(2)
    model.set_weights([np.abs(rng.normal(0, 0.5, w.shape)) - 0.2 for w in model.get_weights()])
    return model


def test_layers_of_a_model_put_together_are_the_model():
    model = drawn(
        keras.Sequential(
            [
                layers.Input((8, 8, 1)),
                layers.ZeroPadding2D(1),
                layers.Conv2D(3, 3, strides=2, use_bias=False),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.Dropout(0.5),
                layers.Conv2D(4, 2, padding="same", activation="relu"),
                layers.Flatten(),
                layers.Dense(6, activation="relu", name="hidden"),
                layers.Dense(3, activation="softmax"),
            ]
        )
    )
    model.layers[2].moving_variance.assign(np.float32([0.5, 1, 2]))
    found = linear_layers(model)
    assert [each.shape for each in found] == [(8, 8, 1), (4, 4, 3), (4, 4, 4), (6,)]
    assert [each.name for each in found][2] == "hidden"
    x = signal = np.random.default_rng(3).normal(size=(5, 8, 8, 1)).astype(np.float32)
    for each in found:
        signal = each.forward(np.maximum(signal, 0) if signal is not x else x, each.w) + each.b
    softmax = np.exp(signal) / np.exp(signal).sum(axis=1, keepdims=True)
    close(softmax, model.predict(x, verbose=0))
    s = np.random.default_rng(4).normal(size=(5, 6))
    given_back = found[2].backward(s, found[2].w)
    np.testing.assert_allclose(given_back, (s @ found[2].w.T).reshape(5, 4, 4, 4), rtol=1e-12)
    x, w = x.astype(np.float64), found[0].w.astype(np.float64)
    wanted = convolved(np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)]), w, (2, 2), "valid")
    padded = found[0].forward(x, w)
    np.testing.assert_allclose(padded, wanted, atol=1e-12)


def branching() -> keras.Model:
    x = layers.Input((3,))
    return keras.Model(x, layers.Dense(2)(x + layers.Dense(3)(x)))


def chain(*inner: layers.Layer) -> keras.Model:
    return keras.Sequential([layers.Input((4, 4, 2)), *inner])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (branching, "chain of dense and convolution layers.*'add.*branches part or meet"),
        (
            lambda: chain(layers.MaxPooling2D(2, name="top"), layers.Conv2D(2, 1)),
            r"'top' \(maximum pooling",
        ),
        (
            lambda: chain(layers.AveragePooling2D(2, name="mean"), layers.Conv2D(2, 1)),
            r"'mean' \(pool",
        ),
        (lambda: chain(layers.BatchNormalization(name="n"), layers.Conv2D(2, 1)), r"'n' \(scale"),
        (lambda: chain(layers.Conv2D(2, 1), layers.Flatten(name="f")), "'f' at the end"),
        (lambda: chain(layers.Flatten()), "at the end"),
        (
            lambda: chain(
                layers.Conv2D(2, 1),
                layers.ZeroPadding2D(1),
                layers.Activation("sigmoid", name="s"),
                layers.Conv2D(2, 1),
            ),
            "'s', an activation of what is padded",
        ),
    ],
)
def test_other_models_are_refused(make, message):
    model = make()
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.moving_mean.assign(np.ones(2))
    with pytest.raises(ValueError, match=message):
        linear_layers(model)


W = np.ones((2, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LinearLayer.dense(np.ones(3)), r"weights \(inputs, outputs\). Received: shape"),
        (lambda: LinearLayer.dense(W, np.ones(2)), "each of the 3 outputs"),
        (
            lambda: LinearLayer.convolution(np.ones((2, 2, 1, 1)), shape=(4, 4, 3)),
            r"\(height, width, 1\).*Received: \(4, 4, 3\)",
        ),
        (
            lambda: LinearLayer.convolution(np.ones((2, 2, 1, 1)), shape=(4, 4, 1), padding="full"),
            "'valid' or 'same'. Received: 'full'",
        ),
        (lambda: LinearLayer.dense(W).forward(np.ones((4, 3)), W), r"shape \(n, 2\)"),
        (lambda: LinearLayer.dense(W).backward(np.ones((4, 2)), W), r"shape \(n, 3\)"),
        (lambda: LinearLayer.dense(W).forward(np.ones((4, 2)), W.T), r"weights of shape \(2, 3\)"),
        (lambda: LinearLayer.dense(W).forward(3, W), "a row for each instance"),
    ],
)
def test_what_does_not_fit_is_told(call, message):
    with pytest.raises(ValueError, match=message):
        call()
