"""hwkit's DeepLIFT beside captum's and shap's, on the same networks transplanted to torch.

Where both libraries are right, all agree to 1e-5. Where they are known not to be, so does the sum
of the attributions here, and theirs do not: run with -s to see how far they are off.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from peer_bridge import describe, exchange

from hwkit import DeepLIFT, Explanation

SCRIPT = Path(__file__).with_name("peer_deeplift.py")
CLASS = 1
REFERENCES = {"zero": 1, "one": 1, "five": 5}  # pictures in a reference, by its name
ACTIVATIONS = ("relu", "leaky_relu", "elu", "tanh", "sigmoid", "softplus")
CURVED = ("relu", "tanh", "softplus")
ALIKE = [f"dense {each}" for each in ACTIVATIONS] + [f"picture {each}" for each in CURVED]
ALIKE += ["residual"]
# captum takes the output's gradient at an activation before the pool behind it has changed it.
POOLED = [f"pooled {each}" for each in CURVED]
LIBRARIES = ("captum", "shap")
WRONG = {  # which library is how wrong, in parts of all that it attributes, at least
    ("overlapping", "captum"): 0.05,
    ("overlapping", "shap"): 0.02,
    ("reused", "shap"): 0.1,
    ("residual, reused", "shap"): 0.1,
} | {(name, "captum"): 0.02 for name in POOLED}
REFUSED = {("reused", "captum"), ("residual, reused", "captum")}


def dense(activation: str) -> keras.Model:
    hidden = {"first": 16, "second": 12}
    made = [layers.Dense(size, activation=activation, name=name) for name, size in hidden.items()]
    return keras.Sequential([layers.Input((20,)), *made, layers.Dense(4, name="scores")])


def pictures(before: str, activation: str, size: int, strides: int) -> keras.Model:
    """A convolutional network, with this activation directly before its pool."""
    return keras.Sequential(
        [
            layers.Input((12, 12, 2)),
            layers.Conv2D(6, 3, padding="same", activation=before, name="first"),
            layers.MaxPooling2D(size, strides, name="pool"),
            layers.Conv2D(8, 3, activation=activation, name="second"),
            layers.Flatten(name="flat"),
            layers.Dense(10, activation=activation, name="hidden"),
            layers.Dense(4, name="scores"),
        ]
    )


def joined(around: bool) -> keras.Model:
    """One ReLU layer at two places, perhaps with a sum around the layer between them."""
    relu = layers.ReLU()
    source = layers.Input((20,))
    hidden = relu(layers.Dense(16, name="first")(source))
    x = layers.Dense(16, name="second")(hidden)
    x = layers.Add()([hidden, x]) if around else x
    return keras.Model(source, layers.Dense(4, name="scores")(relu(x)))


@pytest.fixture(scope="module")
def networks() -> dict[str, keras.Model]:
    """All of them, with random weights and biases."""
    made = {f"dense {each}": dense(each) for each in ACTIVATIONS}
    made |= {f"picture {each}": pictures("linear", each, 2, 2) for each in CURVED}
    made |= {f"pooled {each}": pictures(each, each, 2, 2) for each in CURVED}
    made |= {"overlapping": pictures("linear", "relu", 3, 2)}
    made |= {"reused": joined(False), "residual": joined(True), "residual, reused": joined(True)}
    rng = np.random.default_rng(0)
    for model in made.values():
        for layer in model.layers:
            if layer.weights:
                kernel = rng.normal(size=layer.kernel.shape)
                kernel *= 1.5 / np.sqrt(np.prod(kernel.shape[:-1]))
                layer.set_weights([kernel, rng.normal(0, 0.3, kernel.shape[-1])])
    return made


@pytest.fixture(scope="module")
def arrays(networks) -> dict[str, np.ndarray]:
    """Weights, instances and references of each network."""
    rng = np.random.default_rng(3)
    found = {}
    for name, model in networks.items():
        shape = model.input_shape[1:]
        found[f"{name}/instances"] = rng.normal(size=(3, *shape)).astype(np.float32)
        for reference, count in REFERENCES.items():
            values = rng.normal(size=(count, *shape)) * (reference != "zero")
            found[f"{name}/references {reference}"] = values.astype(np.float32)
        for layer in model.layers:
            if layer.weights:
                found[f"{name}/{layer.name}/kernel"] = np.asarray(layer.kernel)
                found[f"{name}/{layer.name}/bias"] = np.asarray(layer.bias)
    return found


@pytest.fixture(scope="module")
def theirs(networks, arrays, tmp_path_factory) -> dict[str, np.ndarray]:
    python = os.environ.get("HWKIT_PEERS_PYTHON")
    if not python:
        pytest.skip("HWKIT_PEERS_PYTHON does not name a Python with torch, captum and shap")
    if shutil.which(python) is None:
        pytest.fail(f"HWKIT_PEERS_PYTHON names no program: {python}")
    own = {"reused", "residual", "residual, reused"}  # peer_deeplift.py has classes for these
    described = {name: name if name in own else describe(networks[name]) for name in networks}
    requests = [
        {"library": library, "references": reference, "class": CLASS}
        for library in LIBRARIES
        for reference in REFERENCES
    ]
    job = {"networks": described, "requests": requests}
    return exchange(python, SCRIPT, tmp_path_factory.mktemp("deeplift"), job, arrays)


def ours(model: keras.Model, arrays: dict[str, np.ndarray], name: str, reference: str):
    """Attributions, and what the score of the class gains from the references on, ``(n,)``."""
    x, r = arrays[f"{name}/instances"], arrays[f"{name}/references {reference}"]
    method = DeepLIFT(baseline=r[0] if len(r) == 1 else r)
    found = Explanation(model, method).for_input().absolute(CLASS).explain(x).attribution
    scores, of_reference = (model.predict(each, verbose=0)[:, CLASS] for each in (x, r))
    return found, scores - of_reference.mean()


def off(attributions: np.ndarray, wanted: np.ndarray) -> float:
    """The largest sum of differences of an instance, in parts of all that is wanted."""
    flat = (len(wanted), -1)
    difference = np.abs(attributions - wanted).reshape(flat).sum(axis=1)
    return float((difference / np.abs(wanted).reshape(flat).sum(axis=1)).max())


def missing(attributions: np.ndarray, gain: np.ndarray) -> float:
    """How far attributions are from adding up to the gain, in parts of all of them, at most."""
    flat = attributions.reshape(len(gain), -1)
    size = np.abs(flat).sum(axis=1)
    return float((np.abs(flat.sum(axis=1, dtype=np.float64) - gain) / size).max())


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("name", ALIKE + POOLED)
def test_equal_to_both(name, reference, networks, arrays, theirs):
    found, _ = ours(networks[name], arrays, name, reference)
    for library in LIBRARIES:
        if (name, library) not in WRONG:
            assert off(found, theirs[f"{name} {library} {reference}"]) < 1e-5, library


@pytest.mark.parametrize("name", [*POOLED, "overlapping", "reused", "residual, reused"])
def test_adds_up_where_theirs_do_not(name, networks, arrays, theirs):
    furthest = dict.fromkeys(LIBRARIES, 0.0)
    for reference in REFERENCES:
        found, gain = ours(networks[name], arrays, name, reference)
        assert missing(found, gain) < 1e-5
        for library in LIBRARIES:
            answer = theirs[f"{name} {library} {reference}"]
            assert np.isnan(answer).all() == ((name, library) in REFUSED)
            furthest[library] = max(missing(answer, gain), furthest[library])  # NaN stays
    print(f"\n{name}: {', '.join(f'{each} {furthest[each]:.1%}' for each in LIBRARIES)}")
    for library in LIBRARIES:
        if (name, library) in WRONG:
            assert furthest[library] > WRONG[name, library]
        elif (name, library) not in REFUSED:
            assert furthest[library] < 1e-5
