"""Aumann-Shapley values of hand-made networks, against formulas worked out by hand."""

import keras
import numpy as np
import pytest
from hand_nets import (
    BYPASS_BIAS,
    BYPASS_KERNEL,
    BYPASS_OUT,
    KINK_BIAS,
    KINK_WEIGHTS,
    LINEAR_KERNEL,
    SIGMOID_HEIGHT,
    SIGMOID_WEIGHTS,
    SQUARE_WEIGHTS,
    bypassed,
    convolutional,
    dense,
    kink,
    linear,
    pooled,
    product,
    residual,
    sigmoid,
    squares,
)
from keras import layers

from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.explanation import Explanation
from hwkit.quantities import FunctionQuantity

RULES = ("right", "left", "midpoint", "trapezoid", "gauss_legendre")
CLOSE = {"rtol": 1e-5, "atol": 1e-7}


def logistic(value: float) -> float:
    return 1 / (1 + np.exp(-value))


def explain(model, instance, resolution=50, rule="right", layer=None, **options):
    """Influence and attribution of output 0, and the explanation of the latter."""
    explanation = Explanation(model, AumannShapley(resolution, rule))
    asked = (explanation.for_input() if layer is None else explanation.for_layer(layer)).absolute(0)
    whole = asked.explain(instance, False, **options)
    return asked.explain(instance, **options).attribution, whole.attribution, whole


@pytest.mark.parametrize("rule", RULES)
def test_linear_network(rule):
    x, b = np.array([1.0, -2.0, 0.5]), np.array([0.25, 4.0, -1.0])
    explanation = Explanation(linear(), AumannShapley(7, rule))
    for c in (0, 1):
        data = explanation.for_input().absolute(c).explain(x, False, b)
        np.testing.assert_allclose(data.attribution, LINEAR_KERNEL[:, c] * (x - b), **CLOSE)
        assert data.completeness_error < 1e-6
    influence = explanation.for_input().comparative(0, 1).explain(x).attribution
    np.testing.assert_allclose(influence, LINEAR_KERNEL[:, 0] - LINEAR_KERNEL[:, 1], **CLOSE)


@pytest.mark.parametrize(
    ("rule", "factor"),
    [
        ("right", (10 + 1) / 10),  # mean of 2 w x i/m over i = 1..m is w x (m + 1)/m
        ("left", (10 - 1) / 10),
        ("midpoint", 1),
        ("trapezoid", 1),
        ("gauss_legendre", 1),
    ],
)
def test_squares_with_ten_steps(rule, factor):
    x = np.array([1.0, -2.0, 0.5])
    influence, attribution, _ = explain(squares(), x, 10, rule)
    np.testing.assert_allclose(influence, factor * SQUARE_WEIGHTS[:, 0] * x, **CLOSE)
    np.testing.assert_allclose(attribution, factor * SQUARE_WEIGHTS[:, 0] * x**2, **CLOSE)


def test_squares_from_a_baseline():
    x, b = np.array([1.0, -2.0, 0.5]), np.array([0.5, 1.0, -3.0])
    _, attribution, _ = explain(squares(), x, rule="midpoint", baseline=b)
    np.testing.assert_allclose(attribution, SQUARE_WEIGHTS[:, 0] * (x**2 - b**2), **CLOSE)


@pytest.mark.parametrize("b", [(0.0, 0.0), (1.0, -4.0)])
def test_a_product_is_shared_equally_along_the_line(b):
    x, b = np.array([3.0, 5.0]), np.array(b)
    _, attribution, _ = explain(product(), x, rule="trapezoid", baseline=b)
    # Integral of (b_2 + t (x_2 - b_2)) dt times (x_1 - b_1), and the other way round.
    expected = [(x[0] - b[0]) * (x[1] + b[1]) / 2, (x[1] - b[1]) * (x[0] + b[0]) / 2]
    np.testing.assert_allclose(attribution, expected, **CLOSE)


@pytest.mark.parametrize("rule", ["right", "left", "midpoint", "trapezoid"])
@pytest.mark.parametrize("steps", [10, 50, 51])
def test_a_relu_whose_kink_lies_at_a_known_place_on_the_path(rule, steps):
    x = np.array([2.0, 0.7])
    place = -KINK_BIAS / (KINK_WEIGHTS @ x)  # 2 t x_1 - t x_2 = 1 at t = 0.30303
    i = np.arange(steps + 1) / steps
    active = {
        "right": np.mean(i[1:] > place),
        "left": np.mean(i[:-1] > place),
        "midpoint": np.mean(i[1:] - 0.5 / steps > place),
        "trapezoid": (np.mean(i[1:] > place) + np.mean(i[:-1] > place)) / 2,
    }[rule]
    influence, attribution, data = explain(kink(), x, steps, rule)
    np.testing.assert_allclose(influence, KINK_WEIGHTS * active, **CLOSE)
    np.testing.assert_allclose(attribution, KINK_WEIGHTS * active * x, **CLOSE)
    exact = 1 - place
    assert data.completeness_error == pytest.approx(abs(active - exact) / exact, abs=1e-5)


def test_a_relu_in_the_limit():
    x = np.array([2.0, 0.7])
    influence, _, _ = explain(kink(), x, 5000, "midpoint")
    np.testing.assert_allclose(influence, KINK_WEIGHTS * (1 - 1 / 3.3), rtol=2e-4)


def test_max_pooling_follows_the_maximum():
    x = np.array([1.0, 4.0, 7.0, 2.0]).reshape(4, 1)
    _, attribution, _ = explain(pooled(), x)
    np.testing.assert_allclose(attribution.ravel(), [0, 3 * 4, 7, 0], **CLOSE)


def test_max_pooling_whose_maximum_changes_on_the_path():
    # From (1, 0) to (0, 1) the maximum changes half-way: each is the maximum for half the path.
    x, b = np.array([0.0, 1, 0, 0]).reshape(4, 1), np.array([1.0, 0, 0, 0]).reshape(4, 1)
    _, attribution, _ = explain(pooled(), x, 50, "midpoint", baseline=b)
    np.testing.assert_allclose(attribution.ravel(), [-1.5, 1.5, 0, 0], **CLOSE)


@pytest.mark.parametrize("rule", ["gauss_legendre", "midpoint"])
def test_a_sigmoid_along_the_line(rule):
    x = np.array([0.5, 1.0, 0.8])
    steps = 20 if rule == "gauss_legendre" else 1000
    _, attribution, _ = explain(sigmoid(), x, steps, rule)
    drive = SIGMOID_WEIGHTS @ x
    gain = SIGMOID_HEIGHT * (logistic(drive) - logistic(0))
    np.testing.assert_allclose(attribution, SIGMOID_WEIGHTS * x / drive * gain, **CLOSE)


def test_a_softmax_is_explained_through_its_logits():
    base = linear()
    model = keras.Model(base.input, layers.Softmax()(base.output))
    x = np.array([1.0, -2.0, 0.5])
    influence, _, _ = explain(model, x)
    np.testing.assert_allclose(influence, LINEAR_KERNEL[:, 0], **CLOSE)


def test_what_leads_around_a_slice_is_held_at_the_instance():
    x = np.array([2.0, -3.0])
    h = x @ BYPASS_KERNEL + BYPASS_BIAS
    slope = BYPASS_OUT[:2, 0] + BYPASS_OUT[2:, 0] * x  # d/dh of [h, h x] v, x fixed
    influence, attribution, data = explain(bypassed(), x, layer="hidden")
    np.testing.assert_allclose(influence, slope, **CLOSE)
    np.testing.assert_allclose(attribution, slope * h, **CLOSE)
    assert data.completeness_error < 1e-6  # against Q(h, x) - Q(0, x), x in both


@pytest.mark.parametrize("rule", ["midpoint", "gauss_legendre"])
def test_a_slice_bypassed_by_an_addition(rule):
    x = np.array([2.0, -3.0])
    h = x @ BYPASS_KERNEL + BYPASS_BIAS
    influence, attribution, _ = explain(residual(), x, 5, rule, "hidden")
    np.testing.assert_allclose(influence, h + 2 * x, **CLOSE)  # mean of 2 (t h + x)
    np.testing.assert_allclose(attribution, (h + 2 * x) * h, **CLOSE)
    # The same through the input: there nothing goes around.
    total = BYPASS_KERNEL + np.eye(2)
    from_input, _, _ = explain(residual(), x, 5, rule)
    np.testing.assert_allclose(from_input, total @ (x @ total + 2 * BYPASS_BIAS), **CLOSE)


def test_a_bypassed_slice_in_a_batch_keeps_each_instances_own_bypass():
    x = np.array([[2.0, -3.0], [0.5, 1.0], [-1.0, 4.0]])
    influence, _, _ = explain(bypassed(), x, 60, layer="hidden")  # lines are cut across batches
    np.testing.assert_allclose(influence, BYPASS_OUT[:2, 0] + BYPASS_OUT[2:, 0] * x, **CLOSE)


def test_zero_baseline_means_zeros_at_the_slice_not_the_slice_of_a_zero_input():
    x = np.array([1.0, 2.0])
    source = keras.Input((2,))
    hidden = dense(2, [np.eye(2), [10.0, -1.0]], "hidden")(source)  # features of zero: (10, -1)
    squared = layers.Multiply()([hidden, hidden])
    model = keras.Model(source, dense(1, [[[1.0], [1.0]]])(squared))
    _, attribution, _ = explain(model, x, rule="midpoint", layer="hidden")
    np.testing.assert_allclose(attribution, [11**2, 1**2], **CLOSE)
    _, other, _ = explain(model, x, rule="midpoint", layer="hidden", baseline=[10.0, -1.0])
    np.testing.assert_allclose(other, [11**2 - 10**2, 1**2 - 1**2], **CLOSE)


def test_a_channel_projected_to_pixels():
    """A 1 x 1 convolution: the channel's sum is linear in the pixels, with the kernel's column."""
    kernel = np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 6.0]]).reshape(1, 1, 3, 2)
    picture = keras.Input((2, 2, 3))
    convolution = layers.Conv2D(2, 1, name="features", use_bias=False)
    top = layers.Dense(1)(layers.Flatten()(convolution(picture)))
    model = keras.Model(picture, top)
    convolution.set_weights([kernel])
    x = np.arange(12.0).reshape(2, 2, 3)
    explanation = Explanation(model, AumannShapley(3))
    data = explanation.for_input().channel("features", 1).explain(x, False)
    np.testing.assert_allclose(data.attribution, x * [2, -4, 6], **CLOSE)
    assert data.quantity == "features channel 1"


def test_a_channel_in_terms_of_its_own_layer_is_itself():
    explanation = Explanation(convolutional(), AumannShapley(3))
    x = np.random.default_rng(0).normal(size=(12, 12, 3))
    influence = explanation.for_layer("second").channel("second", 5).explain(x).attribution
    np.testing.assert_array_equal(influence, np.broadcast_to(np.eye(8)[5], (6, 6, 8)))


def test_an_own_quantity():
    """Q = f_0 f_1 of the linear network: the gradient is W_0 f_1 + W_1 f_0."""
    x = np.array([1.0, -2.0, 0.5])
    explanation = Explanation(linear(), AumannShapley(1, distribution="point"))
    quantity = FunctionQuantity(lambda outputs: outputs[:, 0] * outputs[:, 1])
    got = explanation.for_input().for_quantity(quantity).explain(x).attribution
    f = x @ LINEAR_KERNEL + [0.7, -0.3]
    np.testing.assert_allclose(got, LINEAR_KERNEL @ f[::-1], **CLOSE)


@pytest.mark.parametrize(
    ("rule", "order"), [("right", 1), ("left", 1), ("midpoint", 2), ("trapezoid", 2)]
)
def test_order_of_convergence_on_a_smooth_network(rule, order):
    x = np.array([1.5, 1.0, 1.2])
    model, steps = sigmoid(), np.array([4, 8, 16, 32])
    drive = SIGMOID_WEIGHTS @ x
    exact = SIGMOID_WEIGHTS / drive * SIGMOID_HEIGHT * (logistic(drive) - logistic(0))
    errors = [np.abs(explain(model, x, int(n), rule)[0] - exact).sum() for n in steps]
    slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert slope == pytest.approx(-order, abs=0.15)
