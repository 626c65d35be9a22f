"""One compiled gradient for all classes, batches and resolutions, in bounded memory."""

import keras
import numpy as np
import pytest
from hand_nets import BYPASS_KERNEL, bypassed, convolutional, linear, relu_stack
from keras import layers

from hwkit.attribution import streaming
from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.streaming import Stream, batches
from hwkit.explanation import Explanation
from hwkit.network import cut
from hwkit.quantities import FunctionQuantity, absolute, channel_maximum, comparative


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return convolutional(1)


@pytest.fixture(scope="module")
def x(model) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(5, 12, 12, 3)).astype(np.float32)


class Watch:
    """Stands in for a compiled function and notes the largest array that goes in."""

    def __init__(self, run) -> None:
        self.run = run
        self.largest = 0
        self.calls = 0

    def __call__(self, *arguments):
        self.calls += 1
        self.largest = max(self.largest, *(np.size(each) for each in arguments))
        return self.run(*arguments)


# Reuse -------------------------------------------------------------------------------------------


def test_everything_shares_one_trace(model, x):
    explanation = Explanation(model, AumannShapley(3))
    at = explanation.for_layer("first")
    for question in (at.absolute(0), at.absolute(3), at.comparative(1, 2)):
        for instances in (x[0], x[:2], x):
            question.explain(instances)
    for resolution, rule in ((50, "midpoint"), (7, "trapezoid"), (33, "gauss_legendre")):
        explanation.with_method(AumannShapley(resolution, rule)).for_layer("first").absolute(
            1
        ).explain(x)
    tolerant = AumannShapley(5, "midpoint", tolerance=0.05)
    explanation.with_method(tolerant).for_layer("first").absolute(1).explain(x)
    (run,) = explanation.cut("first").compiled.values()
    assert run.experimental_get_tracing_count() == 1


def test_pointwise_gradients_share_one_trace(model, x):
    parts = cut(model, "first")
    for c in range(3):
        for points in (parts.activations(x), parts.activations(x[:1])):
            Stream(parts, absolute(c), 2**20).gradients(points)
    (run,) = parts.compiled.values()
    assert run.experimental_get_tracing_count() == 1


def test_equal_quantities_share_their_gradient(model, x):
    explanation = Explanation(model, AumannShapley(3))
    for _ in range(2):
        quantity = channel_maximum("second", 4)
        explanation.for_input().for_quantity(quantity).explain(x)
    (run,) = explanation.cut(None, "second").compiled.values()
    assert run.experimental_get_tracing_count() == 1


def test_forward_passes_share_one_trace(model, x):
    parts = cut(model, "first")
    for count in (1, 2, 5):
        parts.activations(x[:count])
    assert parts.head._hwkit_forward.experimental_get_tracing_count() == 1


def test_cuts_are_made_once(model):
    explanation = Explanation(model)
    assert explanation.cut("first") is explanation.cut("first")
    assert explanation.cut("first") is explanation.with_method(AumannShapley(3)).cut("first")
    assert explanation.cut("first", "second") is not explanation.cut("first")


# Memory ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", ["slice", "input"])
def test_a_resolution_of_1000_needs_no_more_than_one_of_50(model, x, space):
    largest = {}
    for resolution in (50, 1000):
        method = AumannShapley(resolution, memory=2**18, path_space=space, progress=False)
        explanation = Explanation(model, method)
        question = explanation.for_layer("first").absolute(0)
        question.explain(x[:2])  # compiles
        parts = explanation.cut("first")
        ((key, run),) = parts.compiled.items()
        watches = [Watch(run), Watch(parts.head._hwkit_forward)]
        parts.compiled[key], parts.head._hwkit_forward = watches
        question.explain(x[:2])
        largest[resolution] = [watch.largest for watch in watches]
        stream = question.method.stream
        assert 1 < stream.batch < 50
        assert watches[0].calls >= 2 * resolution / stream.batch
    assert largest[50] == largest[1000]


def test_the_batch_follows_the_memory_and_the_size_of_the_tail(model):
    parts, quantity = cut(model), absolute(0)
    # Input 432, first 864, pool 216, second 288, flat 288, logits 4 numbers: 2092 in all, with
    # gradients and workspace three times as much, four bytes each.
    need = 2092 * 3 * 4
    assert Stream(parts, quantity, 10 * need).batch == 10
    assert Stream(parts, quantity, 10 * need - 1).batch == 9
    assert Stream(parts, quantity, 10 * need, "bfloat16").batch == 20
    assert Stream(parts, quantity, 1).batch == 1
    assert Stream(parts, quantity, 2**40).batch == streaming._LARGEST_BATCH
    assert Stream(cut(model, "second"), quantity, 10 * need).batch > 30


def test_any_number_of_points_meets_few_sizes_of_batches():
    sizes = set()
    for count in range(1, 300):
        made = list(batches(count, 22))
        indices = np.concatenate([flat[:real] for flat, real in made])
        np.testing.assert_array_equal(indices, np.arange(count))
        filled = sum(len(flat) for flat, _ in made)
        assert filled <= max(1.2 * count, count + 1) and max(len(flat) for flat, _ in made) <= 22
        assert all((flat[real:] == flat[real - 1]).all() for flat, real in made)
        sizes |= {len(flat) for flat, _ in made}
    assert sizes == {1, 2, 3, 4, 6, 8, 12, 16, 22}


def test_what_fills_a_batch_up_does_not_count(model, x):
    stream = Stream(cut(model, "first"), absolute(0), 2092 * 3 * 4 * 8)
    points = cut(model, "first").activations(x)
    one_by_one = np.concatenate([stream.gradients(each[np.newaxis]) for each in points])
    assert [len(flat) for flat, _ in batches(5, stream.batch)] == [6]
    np.testing.assert_allclose(stream.gradients(points), one_by_one, rtol=1e-5, atol=1e-6)
    ones = np.ones((1, 5))
    ((_, partial, count),) = stream.sums(points[:1], points[:1] * 2, np.linspace(0, 1, 5), ones, x)
    along = points[:1] * (1 + np.linspace(0, 1, 5).reshape(5, 1, 1, 1))
    assert count == 5
    np.testing.assert_allclose(
        partial[0, 0], stream.gradients(along).sum(axis=0), rtol=1e-4, atol=1e-5
    )


def test_lines_are_cut_across_batches(model, x):
    """Sums over batches that begin and end within lines, against the gradients one by one."""
    parts = cut(model, "first")
    stream = Stream(parts, comparative(0, 1), 2092 * 3 * 4 * 4)
    ends = parts.activations(x)
    starts, positions = ends[::-1] / 3, np.linspace(0, 1, 7)
    factors = np.stack([np.arange(7.0), np.ones(7)])
    got = np.zeros((5, 2, *ends.shape[1:]))
    points = 0
    for lines, partial, count in stream.sums(starts, ends, positions, factors, x):
        got[lines] += partial
        points += count
    assert points == 5 * 7 and 7 % stream.batch
    for place in range(5):
        along = starts[place] + positions[:, None, None, None] * (ends - starts)[place]
        expected = np.tensordot(factors, stream.gradients(along), axes=1)
        np.testing.assert_allclose(got[place], expected, rtol=1e-4, atol=1e-4)


# Values ------------------------------------------------------------------------------------------


def test_values_are_the_quantitys(model, x):
    parts = cut(model)
    outputs = model(x).numpy()
    got = Stream(parts, comparative(0, 2), 2**20).values(x)
    np.testing.assert_allclose(got, outputs[:, 0] - outputs[:, 2], rtol=1e-4, atol=1e-5)
    squared = FunctionQuantity(lambda each: each[:, 1] ** 2)
    np.testing.assert_allclose(Stream(parts, squared, 2**20).values(x), outputs[:, 1] ** 2, 1e-4)


def test_values_of_a_bypassed_slice():
    parts = cut(bypassed(), "hidden")
    instance, point = np.array([[2.0, 3.0]]), np.array([[10.0, 100.0]])
    value = Stream(parts, absolute(0), 2**20).values(point, instance)
    assert value.item() == 10 - 2 * 100 + 4 * 10 * 2 + 5 * 100 * 3


@pytest.mark.parametrize(
    "function", [lambda outputs: outputs, lambda outputs: outputs[0, 0]], ids=["all", "one"]
)
def test_a_quantity_must_be_one_number_a_point(function):
    quantity = FunctionQuantity(function, name="mine")
    question = Explanation(linear()).for_input().for_quantity(quantity)
    with pytest.raises(ValueError, match=r"'mine' to return one number for each point"):
        question.explain(np.ones(3))


def test_a_quantity_that_the_slice_cannot_move_has_zero_gradient():
    quantity = FunctionQuantity(lambda outputs: 0 * outputs[:, 0] + 1)
    question = Explanation(linear()).for_input().for_quantity(quantity)
    assert (question.explain(np.ones(3)).attribution == 0).all()


# Precision ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["first", None])
@pytest.mark.parametrize("kind", ["pictures", "stack"])
def test_bfloat16_reports_what_it_costs(kind, layer):
    network = convolutional(2) if kind == "pictures" else relu_stack(2, width=300)
    layer = layer and {"convolutional_2": "first", "relu_stack_2": "hidden1"}[network.name]
    x = np.random.default_rng(1).normal(size=(4, *network.inputs[0].shape[1:]))
    explanation = Explanation(network)
    results = {}
    for dtype in ("float32", "bfloat16"):
        at = explanation.with_method(AumannShapley(20, "midpoint", dtype=dtype))
        question = (at.for_layer(layer) if layer else at.for_input()).comparative(0, 1)
        data = question.explain(x)
        slices = question.method.activations(x)
        points = np.concatenate([slices * t for t in np.linspace(0.02, 0.98, 13)])
        results[dtype] = data, question.method.gradients(points)
    exact, rough = results["float32"], results["bfloat16"]
    assert exact[0].precision_error == 0
    real = np.abs(rough[1] - exact[1]).sum() / np.abs(exact[1]).sum()
    assert real / 3 < rough[0].precision_error < real * 3
    assert 1e-4 < real < 0.2  # it did compute in bfloat16, and not nonsense
    error = relative_l1(rough[0].attribution - exact[0].attribution, exact[0].attribution)
    assert (error < 3 * rough[0].precision_error).all()
    assert rough[0].attribution.dtype == np.float32
    kinds = {key[2] for key in explanation.cut(exact[0].layer).compiled}
    assert kinds == {"float32", "bfloat16"}


def test_bfloat16_of_a_bypassed_slice():
    explanation = Explanation(bypassed(), AumannShapley(4, dtype="bfloat16"))
    data = explanation.for_layer("hidden").absolute(0).explain(np.array([[2.0, -3.0]]))
    expected = [1 + 4 * 2, -2 + 5 * -3]
    np.testing.assert_allclose(data.attribution, [expected], rtol=0.02)
    assert data.precision_error < 0.02


def test_the_weights_of_the_rough_tail_are_the_tails():
    source = keras.Input((2,))
    top = layers.Dense(1, use_bias=False)
    model = keras.Model(source, top(layers.Dense(2, name="hidden")(source)))
    model.get_layer("hidden").set_weights([BYPASS_KERNEL, np.zeros(2)])
    top.set_weights([np.array([[1.0], [2.0]])])
    explanation = Explanation(model, AumannShapley(4, dtype="bfloat16"))
    got = explanation.for_input().absolute(0).explain(np.ones(2)).attribution
    np.testing.assert_allclose(got, BYPASS_KERNEL @ [1, 2], rtol=0.01)


# Progress ----------------------------------------------------------------------------------------


class PointByPoint(AumannShapley):
    """As a student may write it."""

    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        return sum(self.gradients(z * (i + 1) / self.resolution) for i in range(self.resolution))


@pytest.mark.parametrize("kind", [AumannShapley, PointByPoint])
def test_progress_counts_every_point(model, x, kind):
    done: list[int] = []
    method = kind(100, memory=2**18, progress=done.append)
    Explanation(model, method).for_layer("first").absolute(0).explain(x[0])
    assert sum(done) == 100
    assert len(done) > 1


@pytest.mark.parametrize("kind", [AumannShapley, PointByPoint])
def test_what_progress_raises_ends_the_work(model, x, kind):
    done: list[int] = []

    def stop_after_two(points: int) -> None:
        done.append(points)
        if len(done) == 2:
            raise InterruptedError("enough")

    method = kind(100, memory=2**18, progress=stop_after_two)
    with pytest.raises(InterruptedError, match="enough"):
        Explanation(model, method).for_layer("first").absolute(0).explain(x[0])
    assert len(done) == 2
