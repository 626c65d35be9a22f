"""Cutting models: the right layer, the right halves, and a clear word where it cannot be done."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hand_nets import BYPASS_BIAS, BYPASS_KERNEL, bypassed, convolutional, linear, relu_stack
from keras import layers

from hwkit.network import cut, find_layer, in_batches, layer_output, linear_output


@pytest.fixture(scope="module")
def stack() -> keras.Model:
    return relu_stack(inputs=6, width=5)


@pytest.fixture(scope="module")
def pictures() -> keras.Model:
    return convolutional()


def instances(model: keras.Model, count: int = 3, seed: int = 0) -> np.ndarray:
    shape = model.inputs[0].shape[1:]
    return np.random.default_rng(seed).normal(size=(count, *shape)).astype(np.float32)


# Finding layers ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vgg_names() -> keras.Model:
    names = [f"block{block}_conv{place}" for block in (1, 4) for place in (1, 2)]
    stacked = [layers.Dense(2, name=name) for name in [*names, "block4_pool", "fc1", "predictions"]]
    return keras.Sequential([keras.Input((2,)), *stacked], name="vgg_names")


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("block4_conv1", "block4_conv1"),
        ("conv4_1", "block4_conv1"),
        ("conv1_2", "block1_conv2"),
        ("pool4", "block4_pool"),
        ("fc6", "fc1"),
        ("fc8", "predictions"),
        (0, "block1_conv1"),
        (np.int64(3), "block4_conv2"),
        (-1, "predictions"),
    ],
)
def test_a_layer_is_found_by_name_paper_name_and_index(vgg_names, asked, name):
    assert find_layer(vgg_names, asked).name == name


def test_a_layers_own_name_comes_before_the_papers():
    stacked = [layers.Dense(2, name=name) for name in ("block4_conv1", "conv4_1")]
    model = keras.Sequential([keras.Input((2,)), *stacked])
    assert find_layer(model, "conv4_1").name == "conv4_1"


def test_an_unknown_layer_is_answered_with_near_names(vgg_names):
    with pytest.raises(ValueError, match=r"Received: 'block4_con1'.*Did you mean block4_conv1"):
        find_layer(vgg_names, "block4_con1")
    with pytest.raises(ValueError, match="block1_conv1, block1_conv2"):
        find_layer(vgg_names, "zzz")


@pytest.mark.parametrize("index", [7, -8])
def test_an_index_out_of_range(vgg_names, index):
    with pytest.raises(ValueError, match=f"index from 0 to 6.*Received: {index}"):
        find_layer(vgg_names, index)


@pytest.mark.parametrize("layer", [None, 1.0, True, ["conv4_1"]])
def test_neither_name_nor_index(vgg_names, layer):
    with pytest.raises(TypeError, match="name or index"):
        find_layer(vgg_names, layer)


# Cutting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["hidden1", "hidden3", 2, "logits"])
def test_tail_of_head_is_the_network(stack, layer):
    x = instances(stack)
    parts = cut(stack, layer)
    assert not parts.bypassed
    again = in_batches(parts.tail, parts.activations(x))
    np.testing.assert_allclose(again, stack(x), rtol=1e-5, atol=1e-5)


def test_head_gives_the_layers_activations_and_the_tail_starts_after_it(stack):
    x = instances(stack)
    kernel, bias = stack.get_layer("hidden1").get_weights()
    parts = cut(stack, "hidden1")
    np.testing.assert_allclose(parts.activations(x), np.maximum(x @ kernel + bias, 0), rtol=1e-5)
    assert parts.instance_shape == (6,) and parts.slice_shape == (5,)
    assert "hidden1" not in [layer.name for layer in parts.tail.layers]


def test_a_sequential_model_is_cut_as_a_functional_one_is(pictures):
    x = instances(pictures)
    functional = keras.Model(pictures.inputs, pictures.outputs)
    for layer in ("first", "pool", "flat"):
        slices = cut(pictures, layer).activations(x)
        np.testing.assert_array_equal(slices, cut(functional, layer).activations(x))
        np.testing.assert_allclose(in_batches(cut(pictures, layer).tail, slices), pictures(x), 1e-4)


def test_the_input_slice_needs_no_head(stack):
    x = instances(stack)
    for parts in (cut(stack), cut(stack, "x")):
        assert parts.head is None and not parts.bypassed
        assert parts.instance_shape == parts.slice_shape == (6,)
        np.testing.assert_array_equal(parts.activations(x), x)
        np.testing.assert_array_equal(in_batches(parts.tail, x), in_batches(stack, x))


def test_the_tail_can_stop_at_a_layer(stack):
    x = instances(stack)
    parts = cut(stack, "hidden1", stop="hidden3")
    expected = cut(stack, "hidden3").activations(x)
    np.testing.assert_allclose(
        in_batches(parts.tail, parts.activations(x)), expected, rtol=1e-5, atol=1e-6
    )


def test_branches_around_the_slice_are_held_at_the_instance():
    parts = cut(bypassed(), "hidden")
    assert parts.bypassed
    x, h = np.array([[2.0, 3.0]]), np.array([[10.0, 100.0]])
    # [h, h * x] . (1, -2, 4, 5) with h set by hand, not what the instance makes it.
    expected = 10 - 2 * 100 + 4 * 10 * 2 + 5 * 100 * 3
    assert in_batches(parts.tail, [x, h]).item() == expected
    np.testing.assert_allclose(parts.activations(x), x @ BYPASS_KERNEL + BYPASS_BIAS)


def test_a_layer_after_the_stop_is_refused(stack):
    with pytest.raises(ValueError, match=r"before 'hidden2'.*layer='hidden3'.*earlier layer"):
        cut(stack, "hidden3", stop="hidden2")


def test_a_shared_layer_is_refused():
    shared = layers.Dense(2, name="shared")
    x = keras.Input((2,))
    model = keras.Model(x, layers.Dense(1)(shared(shared(x))), name="twice")
    with pytest.raises(ValueError, match=r"'twice' uses once.*'shared', used 2 times"):
        cut(model, "shared")


def test_a_layer_that_another_model_uses_too_is_not_shared():
    layer = layers.Dense(2, name="lent")
    x = keras.Input((2,))
    model = keras.Model(x, layers.Dense(1)(layer(x)))
    keras.Model(x, layer(layers.Dense(2)(x)))
    assert cut(model, "lent").slice_shape == (2,)


def test_a_layer_with_several_outputs_is_refused():
    x = keras.Input((3, 2))
    outputs = layers.LSTM(4, return_state=True, name="memory")(x)
    model = keras.Model(x, layers.Dense(1)(layers.Concatenate()(outputs)))
    with pytest.raises(ValueError, match="'memory' with 3"):
        layer_output(model, "memory")


def test_several_inputs_are_refused():
    a, b = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    model = keras.Model([a, b], layers.Dense(1)(layers.Add()([a, b])), name="pair")
    with pytest.raises(ValueError, match=r"one input.*'pair' with 2.*left.*right"):
        cut(model)


def test_several_outputs_are_refused():
    x = keras.Input((2,))
    model = keras.Model(x, [layers.Dense(1)(x), layers.Dense(1)(x)], name="fork")
    with pytest.raises(ValueError, match=r"one output.*'fork' with 2.*outputs\[i\]"):
        cut(model)


def test_a_model_that_is_not_built_is_refused():
    with pytest.raises(ValueError, match=r"built functional or Sequential.*'unbuilt'"):
        cut(keras.Sequential([layers.Dense(2)], name="unbuilt"))


def test_a_subclassed_model_is_refused():
    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="own")
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    model = Own()
    model(np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match="'own', whose layers"):
        cut(model)


# Probabilities -----------------------------------------------------------------------------------


def softmax_heads() -> dict:
    """From logits to probabilities, in every way that can be undone."""
    return {
        "activation layer": layers.Activation("softmax"),
        "softmax layer": layers.Softmax(),
        "operation": keras.ops.softmax,
        "log operation": keras.ops.log_softmax,
        "log activation": layers.Activation("log_softmax"),
        "sigmoid operation": keras.ops.sigmoid,
        "sigmoid activation": layers.Activation("sigmoid"),
    }


@pytest.mark.parametrize("head", softmax_heads())
def test_probabilities_are_replaced_by_their_logits(head):
    base = linear()
    model = keras.Model(base.input, softmax_heads()[head](base.output))
    x = instances(base)
    logits = keras.Model(model.input, linear_output(model))
    np.testing.assert_allclose(logits(x), base(x), rtol=1e-6)
    np.testing.assert_allclose(in_batches(cut(model).tail, x), base(x), rtol=1e-6)


@pytest.mark.parametrize(
    "activation",
    ["softmax", "sigmoid", "log_softmax", tf.nn.softmax, keras.activations.softmax],
    ids=["softmax", "sigmoid", "log_softmax", "tf.nn", "keras.activations"],
)
@pytest.mark.parametrize("bias", [True, False])
def test_a_dense_layers_own_softmax_is_taken_off(activation, bias):
    x = instances(linear())
    source = keras.Input((3,))
    top = layers.Dense(4, activation=activation, use_bias=bias, name="predictions")
    model = keras.Model(source, top(source))
    if bias:
        top.bias.assign([0.1, 0.2, -0.3, 1])
    expected = x @ top.kernel.numpy() + (top.bias.numpy() if bias else 0)
    np.testing.assert_allclose(in_batches(cut(model).tail, x), expected, rtol=1e-5, atol=1e-6)
    # Also where the layer is named as the place to stop: its softmax is never explained.
    tail = cut(model, stop="predictions").tail
    np.testing.assert_allclose(in_batches(tail, x), expected, rtol=1e-5, atol=1e-6)


def test_a_softmax_layer_as_activation_is_taken_off():
    source = keras.Input((3,))
    top = layers.Dense(4, activation=layers.Softmax())
    model = keras.Model(source, top(source))
    x = instances(linear())
    np.testing.assert_allclose(
        in_batches(cut(model).tail, x), x @ top.kernel.numpy(), rtol=1e-5, atol=1e-6
    )


def test_linear_outputs_stay_as_they_are():
    model = linear()
    assert linear_output(model) is model.outputs[0]


def test_rectified_outputs_are_no_probabilities():
    source = keras.Input((3,))
    model = keras.Model(source, layers.Dense(4, activation="relu")(source))
    assert linear_output(model) is model.outputs[0]


def nested(activation: str) -> keras.Model:
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation=activation)])
    source = keras.Input((3,))
    return keras.Model(source, inner(source), name="disguised")


def disguised(*last) -> keras.Model:
    source = keras.Input((3,))
    value = layers.Dense(4)(source)
    for layer in last:
        value = layer(value)
    return keras.Model(source, value, name="disguised")


@pytest.mark.parametrize(
    "make",
    [
        lambda: disguised(layers.Lambda(keras.ops.softmax)),
        lambda: disguised(layers.Lambda(keras.ops.log_softmax)),
        lambda: disguised(layers.Softmax(), layers.Reshape((2, 2))),
        lambda: disguised(layers.Softmax(), layers.Reshape((4, 1))),
        lambda: disguised(layers.Softmax(), layers.Dropout(0.5)),
        lambda: disguised(layers.Dense(3, activation=lambda logits: keras.ops.softmax(logits))),
        lambda: nested("softmax"),
        lambda: nested("sigmoid"),
    ],
    ids=["lambda", "log", "reshaped", "column", "dropout", "function", "nested", "nested sigmoid"],
)
def test_a_softmax_in_disguise_is_refused(make):
    with pytest.raises(ValueError, match=r"linear outputs.*'disguised'.*logits as the output"):
        cut(make())


# Running -----------------------------------------------------------------------------------------


def test_batches_do_not_change_the_result(stack):
    x = instances(stack, 7)
    np.testing.assert_array_equal(in_batches(stack, x, 2), in_batches(stack, x, 7))
    assert in_batches(stack, x).dtype == np.float32


def test_running_nothing_is_refused(stack):
    with pytest.raises(ValueError, match="at least one instance"):
        in_batches(stack, np.zeros((0, 6)))


def test_dropout_is_off():
    source = keras.Input((3,))
    model = keras.Model(source, layers.Dense(2)(layers.Dropout(0.9)(source)))
    x = instances(linear())
    np.testing.assert_allclose(
        in_batches(model, x), x @ model.layers[-1].kernel.numpy(), rtol=1e-5, atol=1e-6
    )


def test_a_model_that_was_run_can_still_be_saved(stack, tmp_path):
    x = instances(stack)
    expected = in_batches(stack, x)
    stack.save(tmp_path / "stack.keras")
    again = keras.models.load_model(tmp_path / "stack.keras")
    np.testing.assert_allclose(in_batches(again, x), expected, rtol=1e-6)
