"""hwkit and captum on the same networks, transplanted to torch: equal where they mean the same.

Captum's names for the rules are matched by captum's own formulas; where the two libraries mean
different things (the baseline of a layer, the weights of the trapezoid rule), the difference is
tested too. On a ReLU network float32 rounding moves path points across kinks, where the gradient
jumps; how much that makes is measured here on captum itself, in float32 against float64.
"""

import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from peer_bridge import Request, ask, describe

from hwkit import AumannShapley, Explanation, networks
from hwkit.images.bounds import CAFFE
from hwkit.images.scenes import CLASSES, draw
from hwkit.network import cut

RULES = {
    "right": "riemann_right",
    "left": "riemann_left",
    "midpoint": "riemann_middle",
    "trapezoid": "riemann_trapezoid",
    "gauss_legendre": "gausslegendre",
}
STEPS = 20  # on the smooth network; 50, the default, on the pocket network
SMOOTH_WEIGHTS = (0.0, 1.0, 0.0, -1.0)
SLICE = "block4_conv1"
CAR, CONVERTIBLE = CLASSES.index("sports car"), CLASSES.index("convertible")
ABSOLUTE = tuple(float(k == CAR) for k in range(len(CLASSES)))
COMPARATIVE = tuple(float(k == CAR) - float(k == CONVERTIBLE) for k in range(len(CLASSES)))


def requests() -> list[Request]:
    """Everything that captum is asked, in one go: starting torch takes longer than the answers."""
    asked = [
        # Captum's trapezoid has n nodes, hwkit's has n steps and so n + 1 nodes.
        Request(
            f"smooth {rule} {difference}",
            "smooth",
            "integrated_gradients",
            SMOOTH_WEIGHTS,
            "second",
            steps=STEPS + (rule == "trapezoid"),
            rule=name,
            difference=difference,
        )
        for rule, name in RULES.items()
        for difference in (True, False)
    ]
    smooth = {"network": "smooth", "weights": SMOOTH_WEIGHTS, "steps": STEPS}
    asked += [
        Request("smooth input", kind="integrated_gradients", **smooth),
        Request("smooth layer", kind="layer_integrated_gradients", layer="second", **smooth),
        Request(
            "smooth conductance",
            kind="layer_conductance",
            layer="second",
            rule="riemann_trapezoid",
            **smooth,
        ),
        Request(
            "smooth neuron", kind="neuron_integrated_gradients", layer="third", channel=3, **smooth
        ),
        Request("smooth saliency", kind="saliency", **smooth),
    ]
    for dtype in ("float32", "float64"):
        sliced = {"network": "pocket", "layer": SLICE, "dtype": dtype}
        kinds = {
            "absolute": ("integrated_gradients", ABSOLUTE),
            "comparative": ("integrated_gradients", COMPARATIVE),
            "layer": ("layer_integrated_gradients", ABSOLUTE),
        }
        asked += [
            Request(f"{name} {dtype}", kind=kind, weights=weights, **sliced)
            for name, (kind, weights) in kinds.items()
        ]
    exact = {"network": "pocket", "dtype": "float64"}
    asked += [
        Request("outputs", kind="outputs", **exact),
        Request("activations", kind="activations", layer=SLICE, **exact),
    ]
    return asked


@pytest.fixture(scope="module")
def python() -> str:
    """The interpreter of the peers' environment."""
    named = os.environ.get("HWKIT_PEERS_PYTHON")
    if not named:
        pytest.skip("HWKIT_PEERS_PYTHON does not name a Python with torch and captum")
    if shutil.which(named) is None:
        pytest.fail(f"HWKIT_PEERS_PYTHON names no program: {named}")
    return named


@pytest.fixture(scope="module")
def smooth() -> tuple[keras.Model, np.ndarray]:
    """A network without kinks, so that float32 rounding stays rounding; and three instances."""
    layers = keras.layers
    entry = keras.Input((12, 12, 3))
    x = layers.Conv2D(6, 3, padding="same", activation="softplus", name="first")(entry)
    x = layers.Conv2D(8, 3, padding="same", activation="tanh", name="second")(x)
    x = layers.Conv2D(8, 3, strides=2, activation="softplus", name="third")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(16, activation="tanh", name="hidden")(x)
    model = keras.Model(entry, layers.Dense(4, name="scores")(x))
    rng = np.random.default_rng(1)
    for layer in model.layers:
        if layer.weights:
            scale = 1.5 / np.sqrt(np.prod(layer.kernel.shape[:-1]))
            kernel = rng.normal(0, scale, layer.kernel.shape)
            layer.set_weights([kernel, rng.normal(0, 0.3, kernel.shape[-1])])
    return model, rng.normal(0, 1, (3, 12, 12, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def pocket() -> tuple[keras.Model, np.ndarray]:
    scenes = [draw(name, seed=8_000 + k).image for k, name in enumerate(CLASSES[:8])]
    return networks.load("pocket"), CAFFE.from_rgb(np.stack(scenes))


@pytest.fixture(scope="module")
def captum(python, smooth, pocket, tmp_path_factory) -> dict[str, np.ndarray]:
    folder = tmp_path_factory.mktemp("captum")
    return ask(python, folder, {"smooth": smooth, "pocket": pocket}, requests())


@pytest.fixture(scope="module")
def smoothly(smooth) -> Explanation:
    return Explanation(smooth[0])


@pytest.fixture(scope="module")
def pocketly(pocket) -> Explanation:
    return Explanation(pocket[0])


def relative_l1(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """For each instance, the sum of the absolute differences over that of ``expected``."""
    assert found.shape == expected.shape
    difference = np.abs(found.astype(np.float64) - expected).reshape(len(found), -1).sum(axis=1)
    return difference / np.abs(expected.astype(np.float64)).reshape(len(found), -1).sum(axis=1)


def features_of_zero(model: keras.Model, layer: str) -> np.ndarray:
    """What a layer makes of an input of zeros, ``(1, *slice)``."""
    zeros = np.zeros((1, *model.input_shape[1:]), np.float32)
    return cut(model, layer).activations(zeros)


# The smooth network: equal to 1e-4 (found: 3e-7) -----------------------------------------------


@pytest.mark.parametrize("difference", [True, False])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_at_a_slice_with_zeros_there(captum, smooth, smoothly, rule, difference):
    expected = captum[f"smooth {rule} {difference}"]
    if rule == "trapezoid":
        # Captum divides by its n nodes although they lie 1 / (n - 1) apart, and loses one nth.
        expected = expected * (STEPS + 1) / STEPS
    method = AumannShapley(STEPS, rule)
    question = smoothly.with_method(method).for_layer("second").comparative(1, 3)
    found = question.explain(smooth[1], ignore_difference_term=not difference).attribution
    assert relative_l1(found, expected).max() <= 1e-5
    # The rules are far enough apart for that to tell them from each other.
    other = AumannShapley(STEPS, "right" if rule == "left" else "left")
    question = smoothly.with_method(other).for_layer("second").comparative(1, 3)
    far = question.explain(smooth[1], ignore_difference_term=not difference).attribution
    assert relative_l1(far, expected).min() > 1e-3


def test_integrated_gradients_of_the_input(captum, smooth, smoothly):
    question = smoothly.with_method(AumannShapley(STEPS)).for_input().comparative(1, 3)
    found = question.explain(smooth[1], ignore_difference_term=False).attribution
    assert relative_l1(found, captum["smooth input"]).max() <= 1e-5


def test_the_point_distribution_is_saliency(captum, smooth, smoothly):
    method = AumannShapley(distribution="point")
    found = smoothly.with_method(method).for_input().comparative(1, 3).explain(smooth[1])
    assert relative_l1(found.attribution, captum["smooth saliency"]).max() <= 1e-5


def test_a_channel_projected_to_the_input(captum, smooth, smoothly):
    question = smoothly.with_method(AumannShapley(STEPS)).for_input().channel("third", 3)
    found = question.explain(smooth[1], ignore_difference_term=False).attribution
    assert relative_l1(found, captum["smooth neuron"]).max() <= 1e-5


def test_captums_layer_method_starts_at_the_features_of_zeros(captum, smooth, smoothly):
    expected = captum["smooth layer"]
    question = smoothly.with_method(AumannShapley(STEPS)).for_layer("second").comparative(1, 3)
    start = features_of_zero(smooth[0], "second")
    same = question.explain(smooth[1], ignore_difference_term=False, baseline=start).attribution
    assert relative_l1(same, expected).max() <= 1e-5
    ours = question.explain(smooth[1], ignore_difference_term=False).attribution
    assert relative_l1(ours, expected).min() > 0.05


def test_a_path_in_input_space_is_captums_conductance(captum, smooth, smoothly):
    # LayerConductance takes each gradient at the beginning of its step: the left rule.
    expected = captum["smooth conductance"]
    method = AumannShapley(STEPS, "left", path_space="input")
    question = smoothly.with_method(method).for_layer("second").comparative(1, 3)
    found = question.explain(smooth[1], ignore_difference_term=False).attribution
    assert relative_l1(found, expected).max() <= 1e-5
    assert relative_l1(captum["smooth layer"], expected).min() > 1e-2


# The pocket network: equal but for what float32 does at kinks ----------------------------------


def test_the_transplanted_network_computes_the_same(captum, pocket):
    model, instances = pocket
    outputs = np.asarray(model(instances))
    assert relative_l1(outputs, captum["outputs"]).max() <= 1e-5
    activations = cut(model, SLICE).activations(instances)
    assert relative_l1(activations, captum["activations"]).max() <= 1e-5


@pytest.mark.parametrize("asked", ["absolute", "comparative", "layer"])
def test_agreement_on_the_pocket_network(captum, pocket, pocketly, asked):
    model, instances = pocket
    question = pocketly.for_layer("conv4_1")
    chosen = (
        question.comparative(CAR, CONVERTIBLE) if asked == "comparative" else question.absolute(CAR)
    )
    start = features_of_zero(model, SLICE) if asked == "layer" else None
    found = chosen.explain(instances, ignore_difference_term=False, baseline=start).attribution
    for dtype in ("float32", "float64"):
        difference = relative_l1(found, captum[f"{asked} {dtype}"])
        # Rounding alone leaves 6e-7. One of the 50 points that falls beyond a kink can
        # change up to a fiftieth: a sixth to a half of the pictures have one, which makes 1e-5 to
        # 3e-3, as between captum in float32 and captum in float64 (up to 4e-4).
        assert difference.min() <= 1e-5
        assert difference.mean() <= 0.005
        assert difference.max() <= 0.02


def test_without_rounding_the_agreement_is_exact(captum, pocket):
    """The handout's formula, written out on a float64 tail, against captum in float64."""
    model, _ = pocket
    tail = []
    for layer in cut(model, SLICE).tail.layers[1:]:
        tail.append(type(layer).from_config(layer.get_config() | {"dtype": "float64"}))
        tail[-1].build(layer.input.shape)
        tail[-1].set_weights(layer.get_weights())
    for z, expected in zip(captum["activations"], captum["absolute float64"], strict=True):
        points = tf.constant(np.arange(1, 51).reshape(-1, 1, 1, 1) / 50 * z)
        with tf.GradientTape() as tape:
            tape.watch(points)
            outputs = points
            for layer in tail:
                outputs = layer(outputs)
            score = tf.reduce_sum(outputs[:, CAR])
        # Captum keeps the rule's weights in float32, also for networks in float64.
        weight = float(np.float32(1 / 50))
        attribution = np.asarray(tape.gradient(score, points)).sum(axis=0) * weight * z
        assert attribution.dtype == np.float64
        assert np.abs(attribution - expected).sum() <= 1e-9 * np.abs(expected).sum()


def test_zeros_at_the_slice_are_not_captums_layer_baseline(captum, pocket, pocketly):
    question = pocketly.for_layer(SLICE).absolute(CAR)
    ours = question.explain(pocket[1], ignore_difference_term=False).attribution
    assert relative_l1(ours, captum["layer float64"]).min() > 0.05


# The bridge itself -----------------------------------------------------------------------------


def test_the_bridge_refuses_layers_without_a_twin():
    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.AveragePooling2D(2)])
    with pytest.raises(TypeError, match="AveragePooling2D"):
        describe(model)


def test_the_bridge_reports_a_failure(python, smooth, tmp_path):
    wrong = Request("a", "smooth", "no such kind", SMOOTH_WEIGHTS, "second")
    with pytest.raises(RuntimeError, match="unknown kind: no such kind"):
        ask(python, tmp_path, {"smooth": smooth}, [wrong])
    assert not Path(tmp_path / "answers.npz").exists()
