"""Keras models written as plain text: exact to the bit, or refused with a way out."""

from __future__ import annotations

import math
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers as kl
from toolbox_tools import LEGACY, SMALL, pictures_network, text_of

from hwkit.networks import toolbox
from hwkit.networks.toolbox.modules import Linear, MaxPool


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_written_and_read_again_every_bit_is_the_same(tmp_path: Path, dtype: str) -> None:
    # Random bits: every exponent, both signs, subnormal numbers and -0.
    bits = {"float32": np.uint32, "float64": np.uint64}[dtype]
    rng = np.random.default_rng(0)
    values = rng.integers(0, np.iinfo(bits).max, 60_000, bits).view(dtype)
    values = np.where(np.isfinite(values), values, np.array(0.1, dtype))
    values[:3] = -0.0, np.finfo(dtype).max, np.finfo(dtype).smallest_subnormal
    model = keras.Sequential([keras.Input((300,)), kl.Dense(200, dtype=dtype)])
    model.set_weights([values.reshape(300, 200), values[:200]])
    for fmt in ("txt", "legacy"):
        toolbox.write(model, tmp_path / "net.txt", fmt)
        again = toolbox.read(tmp_path / "net.txt", dtype=dtype)
        for before, after in zip(model.get_weights(), again.get_weights(), strict=True):
            assert after.dtype == dtype
            np.testing.assert_array_equal(before.view(bits), after.view(bits))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_read_and_written_again_every_word_is_the_same(tmp_path: Path, dtype: str) -> None:
    layers = [
        tuple(p.astype(dtype) if isinstance(p, np.ndarray) else p for p in layer)
        for layer in pictures_network()
    ]
    # The shortest decimal that the type needs: 0.1, not the 0.10000000149011612 of its double.
    text = text_of(layers, lambda weight: float(str(weight)))
    (tmp_path / "a.txt").write_text(text)
    model = toolbox.read(tmp_path / "a.txt", input_shape=(11, 9, 2), dtype=dtype)
    toolbox.write(model, tmp_path / "b.txt")
    assert (tmp_path / "b.txt").read_text() == text


def test_the_legacy_layout_stands_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text(SMALL)
    model = toolbox.read(tmp_path / "small.txt")
    toolbox.write(model, tmp_path / "old.txt", fmt="legacy")
    assert (tmp_path / "old.txt").read_text() == LEGACY
    toolbox.write(toolbox.read(tmp_path / "old.txt"), tmp_path / "new.txt")
    assert (tmp_path / "new.txt").read_text() == SMALL


def test_activations_of_layers_become_layers(tmp_path: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            kl.Conv2D(2, 3, activation="tanh"),
            kl.MaxPooling2D(2),
            kl.Dropout(0.5),
            kl.Flatten(),
            kl.Dense(4, activation="relu", use_bias=False),
            kl.ReLU(),
            kl.Dense(3),
            kl.Softmax(),
        ]
    )
    toolbox.write(model, tmp_path / "net.txt")
    titles = [module.title for module in toolbox.read_modules(tmp_path / "net.txt")]
    assert titles == [
        *("Convolution 3 3 1 2 1 1", "Tanh", "MaxPool 2 2 2 2", "Flatten", "Linear 8 4", "Rect"),
        *("Rect", "Linear 4 3", "SoftMax"),
    ]
    again = toolbox.read(tmp_path / "net.txt", input_shape=(6, 6, 1))
    x = np.random.default_rng(0).normal(size=(5, 6, 6, 1))
    np.testing.assert_allclose(again(x), model(x, training=False), rtol=1e-5)


class OwnDense(kl.Dense):
    """A layer of the user's, which may compute anything."""


def chain(*layers: kl.Layer, shape: tuple[int, ...] = (8, 8, 2)) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *layers])


def nan_model() -> keras.Model:
    model = chain(kl.Dense(2, name="odd"), shape=(2,))
    model.set_weights([np.full((2, 2), np.nan), np.zeros(2)])
    return model


def quantized() -> keras.Model:
    model = chain(kl.Dense(2, name="odd"), shape=(4,))
    model.quantize("int8")
    return model


def branches() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Add(name="odd")([inputs, kl.Dense(3)(inputs)]))


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (lambda: chain(kl.Conv2D(2, 3, padding="same", name="odd")), "does not pad"),
        (lambda: chain(kl.Conv2D(2, 3, dilation_rate=2, name="odd")), "dilation_rate=1"),
        (lambda: chain(kl.Conv2D(2, 3, groups=2, name="odd")), "groups=1"),
        (lambda: chain(kl.DepthwiseConv2D(2, name="odd")), "no such layer; use Dense"),
        (lambda: chain(kl.BatchNormalization(name="odd")), "fold it into"),
        (lambda: chain(kl.Rescaling(0.5, name="odd")), "fold it into"),
        (lambda: chain(kl.AveragePooling2D(2, name="odd")), r"put Rescaling\(2.0\) right after"),
        (
            lambda: chain(kl.AveragePooling2D(2, name="odd"), kl.Rescaling(4.0)),
            r"put Rescaling\(2.0\) right after",
        ),
        (
            lambda: chain(kl.AveragePooling2D(2, name="odd"), kl.Rescaling(2.0, offset=1.0)),
            r"put Rescaling\(2.0\) right after",
        ),
        (lambda: chain(kl.Dense(2, name="odd")), "put Flatten before"),
        (lambda: chain(kl.Softmax(name="odd")), "put Flatten before"),
        (lambda: chain(kl.ReLU(6.0, name="odd")), "plain rectifier"),
        (lambda: chain(kl.Activation("gelu", name="odd")), "activation 'gelu'"),
        (lambda: chain(kl.Dense(2, "sigmoid", name="odd"), shape=(3,)), "activation 'sigmoid'"),
        (lambda: chain(OwnDense(2, name="odd"), shape=(3,)), "no such layer"),
        (nan_model, "NaN or infinite"),
        (quantized, "quantized"),
        (branches, "joins several branches"),
    ],
)
def test_what_the_toolbox_does_not_have_is_refused(tmp_path: Path, model, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        toolbox.write(model(), tmp_path / "net.txt")
    assert "'odd'" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_sum_pools_are_recognized(tmp_path: Path) -> None:
    model = chain(kl.AveragePooling2D((2, 3), 1), kl.Rescaling(math.sqrt(6)), kl.Flatten())
    toolbox.write(model, tmp_path / "net.txt")
    assert (tmp_path / "net.txt").read_text() == "SumPool 2 3 1 1\nFlatten\n"


def test_other_things_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Expected a Keras model. Received: str"):
        toolbox.write("model", tmp_path / "net.txt")
    with pytest.raises(ValueError, match="not built|Call it once on data"):
        toolbox.write(keras.Sequential([kl.Dense(2)]), tmp_path / "net.txt")
    with pytest.raises(ValueError, match="read, not written"):
        toolbox.write(chain(kl.Flatten()), tmp_path / "net.nn")
    with pytest.raises(ValueError, match="Received: none"):
        toolbox.write(chain(kl.Dropout(0.1)), tmp_path / "net.txt")
    with pytest.raises(ValueError, match=r"layer 1 \(MaxPool 2 2 2 2\): the legacy layout"):
        toolbox.write_modules([MaxPool((2, 2), (2, 2))], tmp_path / "net.txt", "legacy")
    with pytest.raises(ValueError, match=r"layer 1 \(Linear 2 1\): expected finite weights"):
        toolbox.write_modules([Linear(np.full((2, 1), np.inf), np.ones(1))], tmp_path / "net.txt")


def test_a_file_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "net.txt"
    path.write_text(SMALL)
    modules = [Linear(np.ones((2, 2)), np.ones(2)), MaxPool((2, 2), (2, 2))]
    with pytest.raises(ValueError, match="legacy"):
        toolbox.write_modules(modules, path, "legacy")
    assert path.read_text() == SMALL
    assert list(tmp_path.iterdir()) == [path]
