"""The small networks: what they compute, by hand; their shipped weights; refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from hwkit.images.digits import Digits, load_digits
from hwkit.networks import class_names, load, loading, xor
from hwkit.networks.digits import build
from hwkit.networks.recipes import SHIPPED, TOOLBOX_UNITS
from hwkit.networks.small import examples_of
from hwkit.networks.weights import sha256_of
from hwkit.paths import data_path

MODELS = data_path("models")
AIMS = {
    "digits": 0.97,
    "digits-tanh": 0.97,
    "digits-lenet": 0.98,
    "digits-bayesian": 0.97,
    "xor": 0.999,
    "zero-one": 0.99,
    "zero-one-control": 0.35,  # chance: its training labels were shuffled
}


@pytest.fixture(scope="module")
def digits() -> Digits:
    return load_digits()


def _chain(model: keras.Model, x: np.ndarray, activation, names: list[str]) -> np.ndarray:
    """Dense layers by hand in float64; the last one is linear."""
    for name in names:
        kernel, bias = (np.asarray(w, np.float64) for w in model.get_layer(name).get_weights())
        x = x @ kernel + bias
        x = x if name == names[-1] else activation(x)
    return x


@pytest.mark.parametrize("name", ["digits", "digits-tanh", "xor"])
def test_dense_networks_compute_what_their_names_say(name: str, digits: Digits) -> None:
    model = load(name)
    x = xor.points(40, np.random.default_rng(3))[0] if name == "xor" else digits.x_test[:40]
    activation = (lambda v: np.maximum(v, 0)) if name == "digits" else np.tanh
    hidden = ["hidden1", "hidden2", "hidden3", "hidden4"][: 4 if name == "xor" else 2]
    expected = _chain(model, x.reshape(40, -1).astype(np.float64), activation, [*hidden, "score"])
    np.testing.assert_allclose(np.asarray(model(x)), expected, rtol=1e-4, atol=1e-4)


def test_lenet_computes_what_its_name_says(digits: Digits) -> None:
    model = load("digits-lenet")
    x = digits.x_test[:5].astype(np.float64)
    for name, pooled in (("conv1", True), ("conv2", True), ("conv3", False)):
        kernel, bias = (np.asarray(w, np.float64) for w in model.get_layer(name).get_weights())
        windows = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
        x = np.maximum(np.einsum("nhwcij,ijcf->nhwf", windows, kernel) + bias, 0)
        if pooled:
            n, height, width, filters = x.shape
            x = x.reshape(n, height // 2, 2, width // 2, 2, filters).mean((2, 4))
    assert x.shape == (5, 1, 1, 100)
    kernel, bias = model.get_layer("score").get_weights()
    np.testing.assert_allclose(
        np.asarray(model(digits.x_test[:5])), x[:, 0, 0] @ kernel + bias, rtol=1e-4, atol=1e-4
    )


def test_the_toolbox_has_as_many_parameters() -> None:
    dense = 784 * 1296 + 1296 + 2 * (1296 * 1296 + 1296) + 1296 * 10 + 10
    assert build("rectifier", TOOLBOX_UNITS).count_params() == dense
    lenet = 25 * 10 + 10 + 25 * 10 * 25 + 25 + 16 * 25 * 100 + 100 + 100 * 10 + 10
    assert build("lenet").count_params() == lenet
    assert xor.build().count_params() == 2 * 3 + 3 + 3 * 15 + 15 + 15 * 15 + 15 + 15 * 3 + 3 + 8


def test_dropout_is_only_in_networks_for_training() -> None:
    plain, dropping = build("rectifier", (40, 30)), build("rectifier", (40, 30), dropout=0.5)
    assert [layer.name for layer in plain.layers] == [
        "input",
        "flatten",
        "hidden1",
        "hidden2",
        "score",
    ]
    assert {"hidden1_dropout", "hidden2_dropout"} <= {layer.name for layer in dropping.layers}
    shapes = [weight.shape for weight in plain.weights]
    assert [weight.shape for weight in dropping.weights] == shapes
    x = np.ones((8, 28, 28, 1), np.float32)
    assert np.ptp(np.asarray(dropping(x, training=True)), axis=0).max() > 0.01
    assert np.ptp(np.asarray(dropping(x, training=False)), axis=0).max() < 1e-5


@pytest.mark.parametrize("name", SHIPPED)
def test_random_weights_are_the_same_every_time(name: str) -> None:
    first, again, trained = load(name, weights=None), load(name, weights=None), load(name)
    for one, other in zip(first.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.abs(first.get_weights()[0] - trained.get_weights()[0]).max() > 0.01


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_weights_are_as_good_as_their_card_says(name: str) -> None:
    folder = MODELS / name
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert card["sha256"] == sha256_of(folder / card["file"])
    assert card["bytes"] == (folder / card["file"]).stat().st_size
    assert card["recipe"] == json.loads(json.dumps(vars(SHIPPED[name])))
    measured = card["measured"]
    if name == "xor":
        x, y = xor.points(20_000, np.random.default_rng(99))  # not those of the card
    else:
        x, y = examples_of(SHIPPED[name])[2:]
    model = load(name)
    assert model.layers[-1].activation is keras.activations.linear
    found = np.asarray(model.predict(x, verbose=0)).argmax(1)
    assert np.mean(found == y) >= AIMS[name]
    assert measured["test accuracy"] == pytest.approx(np.mean(found == y), abs=2.1e-3)
    assert measured["test predictions changed by float16"] <= 1
    assert f"**{measured['test accuracy']:.4f}**" in (folder / "card.md").read_text("utf-8")


def test_shipped_weights_are_small() -> None:
    files = [file for name in SHIPPED for file in (MODELS / name).iterdir()]
    assert sum(file.stat().st_size for file in files) < 2_000_000


def test_class_names() -> None:
    assert class_names("digits") == class_names("digits-lenet") == tuple("0123456789")
    assert class_names("xor") == ("equal", "different")


def test_xor_points_are_those_of_the_toolbox() -> None:
    x, y = xor.points(100_000, np.random.default_rng(0))
    assert x.dtype == np.float32
    near = np.rint(x)
    assert {tuple(p) for p in near.tolist()} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    np.testing.assert_array_equal(y, near[:, 0] != near[:, 1])  # 5 deviations: not once in 10^6
    assert (x - near).std() == pytest.approx(0.1, rel=0.01)
    assert y.mean() == pytest.approx(0.5, abs=0.01)


def test_xor_network_knows_the_corners() -> None:
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    np.testing.assert_array_equal(np.asarray(load("xor")(corners)).argmax(1), [0, 1, 1, 0])


def test_unknown_kinds_missing_cards_and_damaged_weights_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="rectifier, tanh, lenet"):
        build("transformer")
    with pytest.raises(ValueError, match="digits-lenet"):
        load("digit")
    monkeypatch.setattr(loading, "data_path", lambda _: tmp_path)
    with pytest.raises(FileNotFoundError, match=r"hwkit\.networks\.train digits-tanh"):
        load("digits-tanh")
    shutil.copytree(MODELS / "xor", tmp_path / "digits-tanh")
    with pytest.raises(ValueError, match="another network"):
        load("digits-tanh")
    weights = tmp_path / "digits-tanh" / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ValueError, match="damaged"):
        load("digits-tanh")
