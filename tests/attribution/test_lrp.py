"""Relevance through whole networks: by hand, against gradients, and what is kept on the way."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import applications, layers

from hwkit import Explanation, quantities
from hwkit.attribution.lrp import LRP
from hwkit.attribution.relevance import composites, rules
from hwkit.quantities import FunctionQuantity


def random_weights(model: keras.Model, seed: int = 0) -> keras.Model:
    """Random weights, biases and batch statistics; variances are positive."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        values = [rng.normal(0, 0.5, w.shape).astype(np.float32) for w in layer.get_weights()]
        if isinstance(layer, layers.BatchNormalization):
            values = [np.abs(values[0]) + 0.5, values[1], values[2], np.abs(values[3]) + 0.5]
        layer.set_weights(values)
    return model


def residual() -> keras.Model:
    x = source = layers.Input((12, 12, 3))
    x = layers.ZeroPadding2D(1)(x)
    x = layers.Conv2D(4, 3, use_bias=False, name="first")(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    y = layers.BatchNormalization()(x)  # feeds on what is rectified: cannot be merged
    y = layers.Conv2D(4, 3, padding="same", activation="relu", name="branch")(y)
    x = layers.Add()([x, y])
    x = layers.Activation("relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(source, layers.Dense(3)(x))


def branching() -> keras.Model:
    x = source = layers.Input((12, 12, 2))
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same", name="depths")(x)
    x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    a = layers.Conv2D(3, 1, activation="relu")(x)
    b = layers.SeparableConv2D(3, 3, padding="same", activation="relu")(x)
    c = layers.AveragePooling2D(2, strides=1, padding="same")(x)
    x = layers.Concatenate(name="joined")([a, b, c])
    x = layers.Conv2DTranspose(2, 2, strides=2, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Cropping2D(1)(x)
    x = layers.Permute((2, 1, 3))(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(6)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return keras.Model(source, layers.Dense(3)(layers.Reshape((6,))(x)))


def one_dimensional() -> keras.Model:
    x = source = layers.Input((16, 2))
    x = layers.Conv1D(4, 3, padding="causal", activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1DTranspose(3, 3, activation="relu")(x)
    x = layers.AveragePooling1D(2)(x)
    x = layers.GlobalMaxPooling1D()(x)
    return keras.Model(source, layers.Dense(3)(x))


def nested() -> keras.Model:
    inner = layers.Input((6,))
    part = keras.Model(inner, layers.Dense(5, activation="relu")(inner), name="part")
    source = layers.Input((6,))
    x = layers.Rescaling(2.0)(source)
    x = part(x * 0.5)
    x = x + layers.Dense(5)(x)
    return keras.Model(source, layers.Dense(3, activation="softmax")(layers.ReLU()(x)))


NETWORKS = {
    "residual": residual,
    "branching": branching,
    "one-dimensional": one_dimensional,
    "nested": nested,
}


def gradient_times_input(model: keras.Model, x: np.ndarray, c: int) -> np.ndarray:
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = model(x, training=False)[:, c]
    return (tape.gradient(score, x) * x).numpy()


def linear_twin(model: keras.Model) -> keras.Model:
    """The same network without a softmax at its end."""
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    twin.layers[-1].activation = keras.activations.linear
    return twin


def close(found: np.ndarray, wanted: np.ndarray, tolerance: float = 1e-4) -> None:
    scale = np.abs(wanted).max()
    np.testing.assert_allclose(found / scale, wanted / scale, atol=tolerance)


@pytest.mark.parametrize("name", NETWORKS)
def test_lrp_0_is_gradient_times_input(name):
    """On networks of ReLUs, also with biases (Shrikumar et al. 2016; Kindermans et al. 2016)."""
    model = random_weights(NETWORKS[name]())
    x = np.random.default_rng(1).normal(size=(3, *model.input_shape[1:])).astype(np.float32)
    found = Explanation(model, LRP(rules.zero())).for_input().absolute(2).explain(x)
    close(found.attribution, gradient_times_input(linear_twin(model), x, 2))


@pytest.mark.parametrize(
    "name",
    ["VGG16", "ResNet50", "MobileNetV2", pytest.param("DenseNet121", marks=pytest.mark.slow)],
)
def test_large_networks(name):
    """LRP-0 is gradient times input; and epsilon-gamma-box keeps all but what biases take."""
    make = getattr(applications, name)
    model = make(weights=None, input_shape=(64, 64, 3), classes=10, classifier_activation=None)
    rng = np.random.default_rng(2)
    for layer in model.layers:
        if hasattr(layer, "kernel"):  # so that signals neither grow nor fade (He et al. 2015)
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            fan_in = np.prod(layer.kernel.shape[: 2 if depthwise else -1])
            layer.kernel.assign(rng.normal(0, np.sqrt(2 / fan_in), layer.kernel.shape))
    # Small, so that no ReLU6 is at its limit, where its gradient is zero but relevance passes.
    x = rng.uniform(0, 5e-3, (2, 64, 64, 3)).astype(np.float32)
    plain = Explanation(model, LRP(rules.zero())).for_input().absolute(4).explain(x)
    close(plain.attribution, gradient_times_input(model, x, 4), 1e-3)
    box = LRP(composites.epsilon_gamma_box(0, 5e-3, epsilon=0.0))
    traced = Explanation(model, box).for_input().absolute(4).method.trace(x)
    assert len(traced.layers) > 15
    for each in traced.layers:
        size = np.abs(traced.relevance["input"]).reshape(2, -1).sum(axis=1)
        assert (np.abs(each.missing) < 1e-4 * np.maximum(size, np.abs(each.received))).all(), each


def test_two_layers_by_hand():
    """x = (1, 2), hidden = relu(x W) = (3, 0), score = 2 * 3: all of it comes through the first."""
    source = layers.Input((2,))
    hidden = layers.Dense(2, activation="relu", name="hidden")(source)
    model = keras.Model(source, layers.Dense(2, name="score")(hidden))
    model.set_weights(
        [
            np.float32([[1, 1], [1, -1]]),
            np.float32([0, 0]),
            np.float32([[2, -1], [5, 1]]),
            np.float32([0, 0]),
        ]
    )
    x = np.float32([1, 2])
    explanation = Explanation(model, LRP(rules.zero()))
    assert explanation.for_input().absolute(0).explain(x).attribution.tolist() == [2, 4]
    assert explanation.for_input().absolute(1).explain(x).attribution.tolist() == [-1, -2]
    assert explanation.for_input().comparative(0, 1).explain(x).attribution.tolist() == [3, 6]
    assert explanation.for_layer("hidden").absolute(0).explain(x).attribution.tolist() == [6, 0]
    neuron = explanation.for_input().channel("hidden", 0).explain(x)
    assert neuron.attribution.tolist() == [1, 2] and neuron.completeness_error == 0


def test_relevance_of_a_slice_is_that_of_the_layer_on_the_way_to_the_input():
    model = random_weights(branching())
    x = np.random.default_rng(3).normal(size=(4, 12, 12, 2)).astype(np.float32)
    explanation = Explanation(model, LRP(rules.epsilon(0.1)))
    traced = explanation.for_input().absolute(1).method.trace(x)
    at_slice = explanation.for_layer("joined").absolute(1).explain(x)
    close(at_slice.attribution, traced.relevance["joined"], 1e-5)
    np.testing.assert_allclose(traced.outputs, model.predict(x, verbose=0), rtol=1e-4, atol=1e-5)
    assert "input" in traced.relevance and traced.layers[-1].layer == "depths"


def test_what_goes_round_a_slice_is_left_out():
    """Of x + branch(x), the slice is the branch, and the rest goes straight to the input."""
    source = layers.Input((2,))
    branch = layers.Dense(2, name="branch", use_bias=False)(source)
    model = keras.Model(source, layers.Dense(1)(layers.Add()([source, branch])))
    model.set_weights([np.eye(2, dtype="f") * 3, np.ones((2, 1), "f"), np.zeros(1, "f")])
    found = Explanation(model, LRP(rules.zero())).for_layer("branch").absolute(0)
    np.testing.assert_allclose(found.explain(np.float32([1, 2])).attribution, [3, 6], rtol=1e-5)


def test_many_instances_are_each_by_itself():
    model = random_weights(residual())
    x = np.random.default_rng(4).normal(size=(9, 12, 12, 3)).astype(np.float32)
    few = LRP(rules.gamma(0.3), memory=1)  # one at a time
    question = Explanation(model, few).for_input().absolute(0)
    assert question.method.stream.batch == 1
    together = Explanation(model, LRP(rules.gamma(0.3))).for_input().absolute(0).explain(x)
    close(together.attribution, question.explain(x).attribution, 1e-5)


def test_the_predicted_class_as_a_quantity_of_ones_own():
    model = random_weights(residual())
    x = np.random.default_rng(5).normal(size=(6, 12, 12, 3)).astype(np.float32)
    highest = FunctionQuantity(lambda output: tf.reduce_max(output, axis=1), name="predicted")
    at = Explanation(model, LRP(rules.epsilon(0.01))).for_input()
    found = at.for_quantity(highest).explain(x).attribution
    for place, c in enumerate(model.predict(x, verbose=0).argmax(axis=1)):
        close(found[place], at.absolute(int(c)).explain(x[place]).attribution, 1e-5)


def test_rules_by_layer():
    """A composite of its own rule for one layer, and the box for the pixels."""
    model = random_weights(residual())
    x = np.random.default_rng(6).uniform(0, 1, (2, 12, 12, 3)).astype(np.float32)
    both = composites.Composite(
        rules.zero(), {"conv": rules.flat()}, rules.z_box(0, 1), {"branch": rules.zero()}
    )
    by_name = composites.Composite(
        rules.zero(), layers={"first": rules.z_box(0, 1), "branch": rules.zero()}
    )
    one, other = (
        Explanation(model, LRP(each)).for_input().absolute(0).explain(x).attribution
        for each in (both, by_name)
    )
    close(one, other, 1e-6)
    with pytest.raises(ValueError, match="Received one for frist"):
        wrong = composites.Composite(rules.zero(), layers={"frist": rules.flat()})
        Explanation(model, LRP(wrong)).for_input().absolute(0).explain(x)
    inner = composites.Composite(rules.zero(), layers={"branch": rules.z_box(0, 1)})
    with pytest.raises(ValueError, match="box rule for a layer that sees the input"):
        Explanation(model, LRP(inner)).for_input().absolute(0).explain(x)


def through(layer) -> keras.Model:
    source = layers.Input((4, 4, 2))
    return keras.Model(source, layers.Dense(2)(layers.Flatten()(layer(source))))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: layers.Softmax(), "'odd'.*is of a kind .Softmax. without a rule"),
        (lambda: layers.Activation("softmax"), "has the activation softmax, which mixes"),
        (lambda: layers.LayerNormalization(), "LayerNormalization"),
        (lambda: layers.Conv2D(2, 1, data_format="channels_first"), "has its channels first"),
        (lambda: layers.BatchNormalization(axis=1), "normalises axis 1"),
    ],
)
def test_what_relevance_cannot_pass_is_refused_with_a_way_out(make, reason):
    layer = make()
    layer.name = "odd"
    model = through(layer)
    question = Explanation(model, LRP()).for_input().absolute(0)
    with pytest.raises(ValueError, match=reason) as refused:
        question.explain(np.ones((4, 4, 2), np.float32))
    assert "pass_through=['odd']" in str(refused.value)


def test_a_product_of_tensors_is_refused():
    source = layers.Input((3,))
    gate = layers.Dense(3, activation="sigmoid")(source)
    model = keras.Model(source, layers.Dense(2)(layers.Multiply(name="gated")([source, gate])))
    with pytest.raises(ValueError, match="'gated' .*combines tensors in another way"):
        Explanation(model, LRP()).for_input().absolute(0).explain(np.ones(3, np.float32))


def test_what_is_let_through_gets_its_relevance_unchanged():
    layer = layers.LayerNormalization(name="odd")
    model = through(layer)
    x = np.random.default_rng(7).normal(size=(4, 4, 2)).astype(np.float32)
    for name in ("odd", "LayerNormalization"):
        found = Explanation(model, LRP(rules.zero(), pass_through=[name])).for_input()
        traced = found.absolute(0).method.trace(x)
        np.testing.assert_array_equal(traced.relevance["input"], traced.relevance["odd"])


def test_what_is_no_composite_and_what_has_no_baseline():
    with pytest.raises(TypeError, match="Expected a rule, such as"):
        LRP("epsilon")
    with pytest.raises(RuntimeError, match="Expected a compiled method"):
        LRP().get_attributions(np.ones(2))
    model = random_weights(nested())
    question = Explanation(model, LRP()).for_input().for_quantity(quantities.absolute(0))
    with pytest.raises(ValueError, match="LRP takes no difference term and no baseline"):
        question.explain(np.ones(6), baseline=0.0)
    with pytest.raises(ValueError, match="shape"):
        question.explain(np.ones(5))


@pytest.mark.parametrize("start", ["score", "derivative"])
def test_completeness_is_of_the_instances_that_are_given(start):
    """It is known already of those that came last, and worked out for others."""
    model = random_weights(residual())
    one, other = np.random.default_rng(8).normal(size=(2, 3, 12, 12, 3)).astype(np.float32)

    def bound():
        method = LRP(rules.epsilon(0.1), start=start)
        return Explanation(model, method).for_input().absolute(1).method

    used = bound()
    maps = {id(x): used.get_attributions(x) for x in (other, one)}
    for x in (one, other, one[:2]):
        relevance = maps.get(id(x), maps[id(one)][:2])
        found = used.completeness_error(x, relevance)
        scores = model.predict(x, verbose=0)[:, 1]
        begun = scores if start == "score" else np.ones(len(x))
        wanted = np.abs(relevance.reshape(len(x), -1).sum(axis=1) - begun) / np.abs(begun)
        np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose(bound().completeness_error(x, relevance), found, rtol=1e-3)
