"""Properties of Aumann-Shapley values, baselines, distributions of interest, and refused input."""

import keras
import numpy as np
import pytest
from hand_nets import (
    BYPASS_OUT,
    LINEAR_KERNEL,
    SQUARE_WEIGHTS,
    bypassed,
    convolutional,
    dense,
    linear,
    product,
    relu_stack,
    residual,
    squares,
)
from keras import layers

from hwkit.attribution import aumann_shapley
from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.explanation import Explanation
from hwkit.network import cut
from hwkit.quantities import Quantity, absolute

CLOSE = {"rtol": 1e-5, "atol": 1e-6}
X = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0], [-0.5, 2.0, 4.0]])


@pytest.fixture(scope="module")
def stack() -> Explanation:
    return Explanation(relu_stack(inputs=10, width=16, depth=3))


@pytest.fixture(scope="module")
def square() -> Explanation:
    return Explanation(squares(), AumannShapley(10, "midpoint"))


@pytest.fixture(scope="module")
def around() -> Explanation:
    return Explanation(bypassed(), AumannShapley(10))


@pytest.fixture(scope="module")
def smooth() -> Explanation:
    return Explanation(convolutional(3, "tanh"))


def some(model: keras.Model, count: int = 4, seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, *model.inputs[0].shape[1:]))


def by(explanation: Explanation, *arguments, **options) -> Explanation:
    return explanation.with_method(AumannShapley(*arguments, **options))


# Properties --------------------------------------------------------------------------------------


def test_linear_in_the_quantity(stack):
    x, mixed = some(stack.model), Quantity(((0, 2.0), (3, -0.5)))
    at = by(stack, 30).for_layer("hidden2")
    parts = [at.absolute(c).explain(x).attribution for c in (0, 3)]
    got = at.for_quantity(mixed).explain(x).attribution
    np.testing.assert_allclose(got, 2 * parts[0] - 0.5 * parts[1], **CLOSE)
    difference = at.comparative(0, 3).explain(x).attribution
    np.testing.assert_allclose(difference, parts[0] - parts[1], **CLOSE)


def test_symmetric():
    """Units that the network treats alike, and that have the same value, matter the same."""
    x = np.array([1.3, 1.3])
    data = Explanation(product(), AumannShapley(9)).for_input().absolute(0).explain(x, False)
    assert data.attribution[0] == pytest.approx(data.attribution[1], rel=1e-6)


def test_implementation_invariant(stack):
    """The same function, computed by a network with its units shuffled, scaled and unscaled."""
    rng = np.random.default_rng(0)
    source = value = keras.Input((10,))
    before, undo = np.arange(10), np.ones(10)
    for layer in stack.model.layers[1:]:
        kernel, bias = layer.get_weights()
        order = np.arange(5) if layer.name == "logits" else rng.permutation(len(bias))
        scale = np.ones(5) if layer.name == "logits" else rng.uniform(0.5, 2, len(bias))
        weights = [(kernel[before] / undo[:, None])[:, order] * scale, bias[order] * scale]
        # relu(z) = 2 relu(z/2): written as a layer of its own.
        value = layers.Activation(layer.activation)(dense(len(bias), weights)(value))
        before, undo = order, scale
    twin = Explanation(keras.Model(source, value))
    x = some(stack.model)
    np.testing.assert_allclose(twin.model(x), stack.model(x), rtol=1e-4, atol=1e-5)
    ours, theirs = (by(each, 40).for_input().absolute(2).explain(x) for each in (stack, twin))
    scale = np.abs(ours.attribution).max()
    assert np.abs(ours.attribution - theirs.attribution).mean() < 1e-3 * scale


def test_dummy():
    """What the quantity does not depend on gets exactly nothing."""
    source = keras.Input((3,))
    model = keras.Model(source, layers.Dense(1)(layers.Dense(4, activation="relu")(source)))
    kernel = model.layers[1].get_weights()
    kernel[0][1] = 0
    model.layers[1].set_weights(kernel)
    data = Explanation(model).for_input().absolute(0).explain(X, False, baseline=2.0)
    assert (data.attribution[:, 1] == 0).all() and (data.attribution[:, 0] != 0).any()


@pytest.mark.parametrize("layer", ["first", "pool", "second", "flat", None])
def test_complete(smooth, layer):
    x = some(smooth.model)
    method = by(smooth, 24, "gauss_legendre")
    at = method.for_input() if layer is None else method.for_layer(layer)
    data = at.absolute(1).explain(x, False)
    parts = cut(smooth.model, layer)
    slices = parts.activations(x)
    gain = parts.tail(slices).numpy()[:, 1] - parts.tail(np.zeros_like(slices)).numpy()[:, 1]
    np.testing.assert_allclose(data.attribution.sum((1, 2, 3)[: slices.ndim - 1]), gain, rtol=1e-3)
    assert (data.completeness_error < 1e-3).all()


def test_a_path_without_length_attributes_nothing(square):
    data = square.for_input().absolute(0).explain(X[0], False, baseline=X[0])
    assert (data.attribution == 0).all()
    assert data.completeness_error == 0 and data.error_estimate == 0


# Batches and memory ------------------------------------------------------------------------------


def test_one_and_many_instances_agree(smooth):
    x = some(smooth.model, 5)
    question = by(smooth, 30).for_layer("pool").comparative(0, 2)
    together = question.explain(x, False)
    for place, instance in enumerate(x):
        alone = question.explain(instance, False)
        assert alone.single and alone.attribution.shape == together.attribution.shape[1:]
        np.testing.assert_allclose(alone.attribution, together.attribution[place], **CLOSE)
        np.testing.assert_allclose(
            alone.error_estimate, together.error_estimate[place], rtol=1e-3, atol=1e-6
        )
        assert together[place].points == alone.points == 30
    assert len(together) == 5 and not together.single


@pytest.mark.parametrize("memory", [1, 200_000, 2**30])
def test_the_memory_does_not_change_the_result(smooth, memory):
    x = some(smooth.model)
    expected = by(smooth, 20).for_input().absolute(0).explain(x).attribution
    got = by(smooth, 20, memory=memory).for_input().absolute(0).explain(x).attribution
    np.testing.assert_allclose(got, expected, **CLOSE)


@pytest.mark.parametrize("baseline", ["none", "rows", "one", "function"])
@pytest.mark.parametrize("space", ["slice", "input"])
def test_more_instances_than_one_group(square, monkeypatch, baseline, space):
    rows = np.arange(15.0).reshape(5, 3)
    x = np.linspace(-1, 3, 15).reshape(5, 3)
    given = {"none": None, "rows": rows, "one": rows[:1], "function": lambda each: each / 3}
    start = {"none": 0 * x, "rows": rows, "one": rows[0], "function": x / 3}[baseline]
    monkeypatch.setattr(aumann_shapley, "_SUMS_MEMORY", 2 * 8 * 4 * 3)  # two instances a group
    question = by(square, 10, "midpoint", path_space=space).for_input().absolute(0)
    data = question.explain(x, False, given[baseline])
    expected = SQUARE_WEIGHTS[:, 0] * (x**2 - start**2)
    np.testing.assert_allclose(data.attribution, expected, rtol=1e-5, atol=1e-4)
    assert data.points.shape == data.error_estimate.shape == data.completeness_error.shape == (5,)


# Baselines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("baseline", "start"),
    [
        (None, np.zeros((3, 3))),
        (2, np.full((3, 3), 2.0)),
        ([1.0, 2.0, 3.0], np.tile([1.0, 2.0, 3.0], (3, 1))),
        (X[::-1], X[::-1]),
        (lambda x: x / 2, X / 2),
        (lambda x: np.ones(3), np.ones((3, 3))),
    ],
    ids=["none", "number", "array", "rows", "function", "function of one"],
)
def test_baselines(square, baseline, start):
    data = square.for_input().absolute(1).explain(X, False, baseline)
    np.testing.assert_allclose(data.attribution, SQUARE_WEIGHTS[:, 1] * (X**2 - start**2), **CLOSE)
    assert (data.completeness_error < 1e-5).all()


def test_a_baseline_function_of_a_slice_gets_the_instances(around):
    x = np.array([[2.0, -3.0], [0.5, 1.0]])
    seen = []

    def function(instances):
        seen.append(instances)
        return np.ones((len(instances), 2))

    data = around.for_layer("hidden").absolute(0).explain(x, False, function)
    np.testing.assert_array_equal(seen[0], x)
    hidden = cut(around.model, "hidden").activations(x)
    slope = BYPASS_OUT[:2, 0] + BYPASS_OUT[2:, 0] * x
    np.testing.assert_allclose(data.attribution, slope * (hidden - 1), **CLOSE)


@pytest.mark.parametrize("rows", [2, 4, 5])
def test_as_many_baselines_as_instances_or_one(square, rows):
    with pytest.raises(ValueError, match=rf"one row for each.*Received: shape \({rows}, 3\)"):
        square.for_input().absolute(0).explain(X, False, np.ones((rows, 3)))


def test_a_baseline_of_the_input_is_no_baseline_of_the_slice(smooth):
    x = some(smooth.model)
    with pytest.raises(ValueError, match=r"slice, shape \(6, 6, 6\).*\(12, 12, 3\).*path_space"):
        smooth.for_layer("pool").absolute(0).explain(x, False, x[0])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_baseline_must_be_finite(square, value):
    with pytest.raises(ValueError, match="baseline with NaN or infinity"):
        square.for_input().absolute(0).explain(X, False, value)


# Distributions of interest and path spaces -------------------------------------------------------


@pytest.mark.parametrize("space", ["slice", "input"])
def test_a_point_is_the_plain_gradient(stack, space):
    x = some(stack.model).astype(np.float32)
    method = by(stack, 50, "midpoint", distribution="point", path_space=space)
    data = method.for_layer("hidden1").absolute(3).explain(x)
    # Written out: back through the ReLUs that are on.
    weights = [layer.get_weights() for layer in stack.model.layers[1:]]
    hidden = [x]
    for kernel, bias in weights[:-1]:
        hidden.append(np.maximum(hidden[-1] @ kernel + bias, 0))
    gradient = np.tile(weights[3][0][:, 3], (4, 1))
    for place in (2, 1):
        gradient = (gradient * (hidden[place + 1] > 0)) @ weights[place][0].T
    np.testing.assert_allclose(data.attribution, gradient, **CLOSE)
    assert np.isnan(data.error_estimate).all() and (data.points == 1).all()


def test_own_samples_give_the_mean_gradient_at_them(square):
    samples = np.array([[1.0, 0, 0], [4.0, -2.0, 0.5]])
    data = by(square, distribution=samples).for_input().absolute(0).explain(X)
    expected = (2 * SQUARE_WEIGHTS[:, 0] * samples).mean(axis=0)
    np.testing.assert_allclose(data.attribution, np.tile(expected, (3, 1)), **CLOSE)
    assert (data.points == 2).all() and np.isnan(data.error_estimate).all()
    whole = by(square, distribution=samples).for_input().absolute(0).explain(X, False, 1.0)
    np.testing.assert_allclose(whole.attribution, expected * (X - 1), **CLOSE)


def test_own_samples_of_a_bypassed_slice_keep_the_instances_bypass():
    x = np.array([[2.0, -3.0], [0.5, 1.0]])
    samples = np.array([[1.0, 2.0], [3.0, -1.0], [5.0, 0.5]])
    explanation = Explanation(residual(), AumannShapley(distribution=samples))
    data = explanation.for_layer("hidden").absolute(0).explain(x)
    np.testing.assert_allclose(data.attribution, 2 * (samples.mean(axis=0) + x), **CLOSE)


@pytest.mark.parametrize("samples", [np.ones((2, 4)), np.ones(3), np.ones((0, 3))])
def test_samples_of_another_shape_are_refused(square, samples):
    with pytest.raises(ValueError, match=r"samples of shape \(k, 3\)"):
        by(square, distribution=samples).for_input().absolute(0).explain(X)


@pytest.mark.parametrize("rule", ["right", "midpoint", "trapezoid", "gauss_legendre"])
@pytest.mark.parametrize("ignored", [True, False])
def test_for_the_input_slice_both_path_spaces_are_one(smooth, rule, ignored):
    x, b = some(smooth.model), 0.3
    slices, inputs = (
        by(smooth, 13, rule, path_space=space).for_input().absolute(0).explain(x, ignored, b)
        for space in ("slice", "input")
    )
    np.testing.assert_allclose(inputs.attribution, slices.attribution, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(inputs.error_estimate, slices.error_estimate, rtol=0.02)


def test_a_path_of_the_input_is_complete_in_the_limit(smooth):
    x, b = some(smooth.model), 0.5
    errors = []
    for steps in (10, 40, 160):
        at = by(smooth, steps, "midpoint", path_space="input").for_layer("first")
        data = at.absolute(0).explain(x, False, b)
        outputs = smooth.model(np.stack([x, np.full_like(x, b)]).reshape(8, 12, 12, 3)).numpy()
        gain = outputs[:4, 0] - outputs[4:, 0]
        errors.append(np.abs(data.attribution.sum((1, 2, 3)) / gain - 1).max())
        np.testing.assert_allclose(data.completeness_error.max(), errors[-1], rtol=0.1, atol=1e-5)
    assert errors[-1] < 1e-3 and errors[0] > 4 * errors[-1]


def test_a_path_of_the_input_by_hand():
    """h = (x_1^2, x_2), f = h_1 h_2: on the curve h(t) = (t^2 x_1^2, t x_2), 2/3 and 1/3 of f."""
    source = keras.Input((2,))
    first, second = dense(1, [[[1.0], [0.0]]])(source), dense(1, [[[0.0], [1.0]]])(source)
    curved = layers.Concatenate(name="curved")([layers.Multiply()([first, first]), second])
    one, two = dense(1, [[[1.0], [0.0]]])(curved), dense(1, [[[0.0], [1.0]]])(curved)
    model = keras.Model(source, dense(1, [[[1.0]]])(layers.Multiply()([one, two])))
    x = np.array([3.0, 5.0])
    explanation = Explanation(model, AumannShapley(200, "midpoint", path_space="input"))
    data = explanation.for_layer("curved").absolute(0).explain(x, False)
    np.testing.assert_allclose(data.attribution, [2 / 3 * 45, 1 / 3 * 45], rtol=1e-4)
    influence = explanation.for_layer("curved").absolute(0).explain(x).attribution
    np.testing.assert_allclose(influence, [5 / 2, 9 / 3], rtol=1e-4)  # means of t x_2 and t^2 x_1^2


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "simpson"}, r"Expected a rule: right, left.*simpson"),
        ({"resolution": 0}, r"1 or more points"),
        ({"tolerance": 0}, r"tolerance between 0 and 1"),
        ({"tolerance": 1.5}, r"tolerance between 0 and 1"),
        ({"distribution": "gaussian"}, r"'line', 'point' or samples.*gaussian"),
        ({"path_space": "pixels"}, r"'slice' or 'input'.*pixels"),
        ({"path_space": "input", "tolerance": 0.1}, r"path_space='slice' together"),
        ({"path_space": "input", "distribution": X}, r"path_space='slice' together"),
        ({"dtype": "float16"}, r"'float32' or 'bfloat16'.*float16"),
    ],
)
def test_arguments_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        AumannShapley(**options)


@pytest.mark.parametrize("shape", [(4,), (2, 4), (1, 1, 3), (0, 3), ()])
def test_an_instance_of_another_shape(square, shape):
    with pytest.raises(ValueError, match=r"one instance of shape \(3,\) or several"):
        square.for_input().absolute(0).explain(np.zeros(shape))


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_an_instance_must_be_finite(square, value):
    with pytest.raises(ValueError, match="instance with NaN or infinity"):
        square.for_input().absolute(0).explain([1.0, value, 0])


def test_an_instance_must_be_numbers(square):
    with pytest.raises(TypeError, match="array of numbers"):
        square.for_input().absolute(0).explain(["a", "b", "c"])


def test_a_method_that_is_not_compiled():
    with pytest.raises(RuntimeError, match=r"compile\(quantity, cut\)"):
        AumannShapley().get_attributions(X)


def test_compiling_leaves_the_method_unbound():
    method = AumannShapley(5)
    bound = method.compile(absolute(1), cut(linear()))
    np.testing.assert_allclose(bound.get_attributions(X[0]), LINEAR_KERNEL[:, 1], rtol=1e-6)
    assert bound.report.points.tolist() == [5] and bound is not method
    with pytest.raises(RuntimeError):
        _ = method.stream


def test_the_students_building_blocks(around):
    """``activations`` and ``gradients``, of one and of several, as the notebook uses them."""
    method = AumannShapley().compile(absolute(0), cut(squares()))
    np.testing.assert_allclose(method.gradients(X), 2 * SQUARE_WEIGHTS[:, 0] * X, **CLOSE)
    np.testing.assert_allclose(method.gradients(X[1]), 2 * SQUARE_WEIGHTS[:, 0] * X[1], **CLOSE)
    np.testing.assert_array_equal(method.activations(X[1]), X[1].astype(np.float32))
    held = AumannShapley().compile(absolute(0), cut(around.model, "hidden"))
    points, x = np.zeros((3, 2)), np.array([[2.0, -3.0]])
    slope = BYPASS_OUT[:2, 0] + BYPASS_OUT[2:, 0] * x
    np.testing.assert_allclose(held.gradients(points, x), np.tile(slope, (3, 1)), **CLOSE)
    with pytest.raises(ValueError, match=r"instances as well.*Pass instances="):
        held.gradients(points)
