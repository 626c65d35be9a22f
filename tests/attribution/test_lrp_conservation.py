"""Where relevance goes on real networks: each layer passes what it received, but for its bias.

Run with -s to see the figures.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import applications, layers

from hwkit import LRP, Explanation
from hwkit.attribution.lrp import Trace
from hwkit.attribution.relevance import composites, rules
from hwkit.images.bounds import CAFFE

# Rules without epsilon: nothing is to be lost but what biases keep.
COMPOSITES = {
    "epsilon-plus": composites.epsilon_plus(0.0),
    "epsilon-gamma-box": composites.epsilon_gamma_box(-1, 1, epsilon=0.0),
    "alpha-beta": composites.uniform(rules.alpha_beta(2, 1)),
    "deep Taylor": composites.deep_taylor(-1, 1),
}


def drawn(model: keras.Model) -> keras.Model:
    """Random weights (He et al. 2015: signals neither grow nor fade), biases and statistics."""
    rng = np.random.default_rng(2)
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            deviation = np.sqrt(2 / np.prod(layer.kernel.shape[:-1]))
            layer.kernel.assign(rng.normal(0, deviation, layer.kernel.shape))
            if layer.use_bias:
                layer.bias.assign(rng.normal(0, 0.05, layer.bias.shape))
        if isinstance(layer, layers.BatchNormalization):
            size = layer.beta.shape
            layer.beta.assign(rng.normal(0, 0.1, size))
            layer.moving_mean.assign(rng.normal(0, 0.1, size))
            layer.moving_variance.assign(rng.uniform(0.5, 1.5, size))
    return model


def dense() -> keras.Model:
    hidden = [layers.Dense(1296, activation="relu") for _ in range(3)]
    return keras.Sequential([layers.Input((784,)), *hidden, layers.Dense(10)])


def lenet() -> keras.Model:
    return keras.Sequential(
        [
            layers.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Rescaling(2.0),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Rescaling(2.0),
            layers.Conv2D(120, 5, activation="tanh"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def of_keras(name: str) -> keras.Model:
    make = getattr(applications, name)
    return make(weights=None, input_shape=(64, 64, 3), classes=10, classifier_activation=None)


@cache
def network(name: str) -> tuple[keras.Model, int]:
    """The network and how many layers with weights, pools and sums it has."""
    make, count = {
        "dense": (dense, 4),
        "lenet": (lenet, 8),
        "VGG16": (lambda: of_keras("VGG16"), 16),
        "ResNet50": (lambda: of_keras("ResNet50"), 54 + 16 + 1),
    }[name]
    return drawn(make()), count


def errors(traced: Trace, score: np.ndarray, title: str) -> np.ndarray:
    """What each layer lost, beside the score: (layers, n). Prints the figures."""
    found = np.abs([layer.missing / score for layer in traced.layers])
    bias = sum(layer.to_bias for layer in traced.layers) / score
    worst = traced.layers[int(found.max(axis=1).argmax())].layer
    total = traced.relevance["input"].reshape(len(score), -1).sum(axis=1) / score
    print(
        f"\n{title}: at most {found.max():.1e} of the score lost in one of {len(found)} layers "
        f"({worst}); biases kept {np.round(bias, 3)}, the input got {np.round(total, 3)}"
    )
    np.testing.assert_allclose(bias + total, 1, atol=1e-4)
    return found


@pytest.mark.parametrize("composite", COMPOSITES)
@pytest.mark.parametrize(
    "name",
    ["dense", "lenet", *(pytest.param(n, marks=pytest.mark.slow) for n in ("VGG16", "ResNet50"))],
)
def test_no_layer_loses_more_than_a_ten_thousandth_of_the_score(name, composite):
    model, count = network(name)
    shape = (3, *model.input_shape[1:])
    x = np.random.default_rng(3).uniform(-1, 1, shape).astype(np.float32)
    c = int(model.predict(x, verbose=0).mean(axis=0).argmax())
    explanation = Explanation(model, LRP(COMPOSITES[composite]))
    traced = explanation.for_input().absolute(c).method.trace(x)
    found = errors(traced, traced.outputs[:, c], f"{name}, {composite}")
    assert len(found) == count
    assert found.max() < 1e-4


@pytest.mark.slow
@pytest.mark.skipif("HWKIT_DATA" not in os.environ, reason="HWKIT_DATA names no real networks")
def test_googlenet_on_a_photo(monkeypatch):
    """Concatenations and response normalisation, which relevance passes where that is said."""
    from PIL import Image

    folder = Path(os.environ["HWKIT_DATA"])
    photos = sorted((folder / "photos" / "starfish").glob("imagenet-sample*"))
    if not photos or not (folder / "networks" / "googlenet.py").exists():
        pytest.skip("HWKIT_DATA holds no networks/googlenet.py and photos/starfish")
    monkeypatch.syspath_prepend(str(folder / "networks"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import googlenet

    model = googlenet.load()
    x = googlenet.preprocess(Image.open(photos[0]))[np.newaxis]
    starfish = int(model.predict(x, verbose=0)[0].argmax())
    assert starfish == 327
    composite = composites.epsilon_gamma_box(CAFFE.low, CAFFE.high, epsilon=0.0)
    with pytest.raises(ValueError, match=r"'pool1_norm1' \(LocalResponseNormalization\).*say pass"):
        Explanation(model, LRP(composite)).for_input().absolute(starfish).explain(x)
    passing = LRP(composite, pass_through=["LocalResponseNormalization"])
    traced = Explanation(model, passing).for_input().absolute(starfish).method.trace(x)
    found = errors(traced, traced.outputs[:, starfish], "GoogLeNet, epsilon-gamma-box")
    assert len(found) == 3 + 9 * 6 + 1 + 1
    assert found.max() < 1e-4
    assert traced.relevance["pool1"].sum() == pytest.approx(traced.relevance["pool1_norm1"].sum())
    # Behind the last normalisation LRP-0 is gradient times input.
    plain = Explanation(model, LRP(rules.zero(), pass_through=["pool1_norm1", "conv2_norm2"]))
    question = plain.for_layer("pool2").absolute(starfish)
    z = tf.constant(question.method.stream.cut.activations(x))
    with tf.GradientTape() as tape:
        tape.watch(z)
        score = question.method.stream.cut.tail(z)[:, starfish]
    wanted = (tape.gradient(score, z) * z).numpy()
    found = question.explain(x).attribution
    np.testing.assert_allclose(found, wanted, atol=1e-4 * np.abs(wanted).max())
