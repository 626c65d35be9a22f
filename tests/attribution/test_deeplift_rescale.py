"""DeepLIFT by the rescale rule: by hand, against gradients, and whether it adds up."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from deeplift_nets import NETWORKS, dense, drawn, linear_twin, plain, random_weights, residual
from keras import layers, ops

from hwkit import LRP, DeepLIFT, Explanation, quantities
from hwkit.attribution.gradients import GradientTimesInput
from hwkit.attribution.relevance import rules

RULES = ("rescale", "reveal-cancel")


def explained(model: keras.Model, x, c: int = 0, **options) -> np.ndarray:
    question = Explanation(model, DeepLIFT(**options)).for_input().absolute(c)
    return question.explain(np.asarray(x, np.float32)).attribution


def close(found: np.ndarray, wanted: np.ndarray, tolerance: float = 1e-5) -> None:
    scale = np.abs(wanted).max()
    np.testing.assert_allclose(found / scale, wanted / scale, atol=tolerance)


# The paper's own examples ----------------------------------------------------------------------


def test_what_is_saturated_still_counts():
    """Figure 1: y = 1 - relu(1 - a - b) at (1, 1), where every gradient is zero."""
    model = dense(([[-1], [-1]], [1]), ([[-1]], [1]))
    assert explained(model, [1, 1]).tolist() == [0.5, 0.5]
    flat = Explanation(model, GradientTimesInput()).for_input().absolute(0).explain(np.ones(2, "f"))
    assert flat.attribution.tolist() == [0, 0]


@pytest.mark.parametrize("above", [0.125, 4.0])
def test_a_threshold_makes_no_jump(above):
    """Figure 2: y = relu(x - 10), of which gradient times input says x as soon as it opens."""
    model = dense(([[1]], [-10]), ([[1]], [0]))
    assert explained(model, [10 + above]) == pytest.approx(above, rel=1e-6)
    jumps = Explanation(model, GradientTimesInput()).for_input().absolute(0)
    assert jumps.explain(np.float32([10 + above])).attribution.tolist() == [10 + above]


# By hand ---------------------------------------------------------------------------------------


def by_hand(model: keras.Model, x: np.ndarray, r: np.ndarray, c: int, f) -> np.ndarray:
    """The rescale rule through dense layers in float64, for one instance."""
    weights = [np.asarray(each, np.float64) for each in model.get_weights()]
    at_x, at_r, slopes = x.astype(np.float64), r.astype(np.float64), []
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        to, of = at_x @ kernel + bias, at_r @ kernel + bias
        slopes.append((f(to) - f(of)) / (to - of))
        at_x, at_r = f(to), f(of)
    m = weights[-2][:, c]
    for kernel, slope in zip(weights[-4::-2], slopes[::-1], strict=True):
        m = kernel @ (slope * m)
    return m * (x - r)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "softplus"])
def test_dense_layers_in_numpy(name):
    f = {
        "relu": lambda z: np.maximum(z, 0),
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "softplus": lambda z: np.log1p(np.exp(z)),
    }[name]
    model = random_weights(plain(name), 3)
    x, (r,) = drawn(model, 4), drawn(model, 1, 2)
    found = explained(model, x, 2, baseline=r)
    close(found, np.stack([by_hand(model, each, r, 2, f) for each in x]))


def pool(size: int, strides: int, *weights: float) -> keras.Model:
    """A weighted sum of maxima of a sequence."""
    x = source = layers.Input((len(weights) * strides + size - strides, 1))
    x = layers.Flatten()(layers.MaxPooling1D(size, strides=strides)(x))
    model = keras.Model(source, layers.Dense(1)(x))
    model.set_weights([np.float32(weights)[:, np.newaxis], np.float32([9])])
    return model


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("x", "r", "wanted"),
    [
        ([3, 1], [0, 2], [1, 0]),  # rises from 2 to 3: by the instance's winner
        ([0, 1], [3, 2], [-2, 0]),  # falls from 3 to 1: by the reference's
        ([1, 4], [2, 1], [0, 2]),
        ([2, 2], [2, 1], [0, 0]),
        ([1, -4], [1, -2], [0, 0]),
    ],
)
def test_a_maximum(rule, x, r, wanted):
    reference = np.float32(r)[:, np.newaxis]
    found = explained(pool(2, 2, 1), np.float32(x)[:, np.newaxis], rule=rule, baseline=reference)
    np.testing.assert_allclose(found[:, 0], wanted, atol=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_windows_that_overlap_add_up(rule):
    """The middle wins both windows, from 0 to 5 and from 3 to 5, which count 1 and 10."""
    reference = np.float32([[0], [0], [3]])
    found = explained(pool(2, 1, 1, 10), [[1], [5], [2]], rule=rule, baseline=reference)
    np.testing.assert_allclose(found[:, 0], [0, 25, 0], rtol=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_what_does_not_differ_gets_nothing(rule):
    model = random_weights(NETWORKS["overlapping"]())
    x = drawn(model, 2)
    assert not explained(model, x, rule=rule, baseline=x[0])[0].any()
    half = np.where(np.arange(12)[:, np.newaxis, np.newaxis] < 6, x, 0)
    found = explained(model, half, rule=rule)
    assert np.isfinite(found).all() and not found[:, 6:].any() and found[:, :6].any()


# Adding up, on any network ---------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", NETWORKS)
def test_it_adds_up(name, rule):
    """From zeros, a number, a picture and several pictures, beside what the network says."""
    model = random_weights(NETWORKS[name]())
    x, several = drawn(model, 4), drawn(model, 3, 2)
    twin = linear_twin(model)
    scores = twin.predict(x, verbose=0)
    references = {
        "zeros": (None, np.zeros_like(several[:1])),
        "a number": (0.3, np.full_like(several[:1], 0.3)),
        "a picture": (several[0], several[:1]),
        "several": (several, several),
    }
    shared = Explanation(model)  # what is compiled
    for of, (baseline, pictures) in references.items():
        at = shared.with_method(DeepLIFT(rule, baseline=baseline)).for_input()
        found = at.comparative(2, 0).explain(x)
        gain = scores - twin.predict(pictures, verbose=0).mean(axis=0)
        sums = found.attribution.reshape(4, -1).sum(axis=1, dtype=np.float64)
        size = np.abs(found.attribution).reshape(4, -1).sum(axis=1)
        assert (np.abs(sums - (gain[:, 2] - gain[:, 0])) <= 1e-5 * size).all(), of
        # What is reported is that, in parts of the gain.
        method = at.comparative(2, 0).method
        off = method.completeness_error(x, found.attribution * 1.5)
        np.testing.assert_allclose(off, 0.5, atol=1e-2)


@pytest.mark.parametrize("rule", RULES)
def test_at_every_slice(rule):
    """Also where branches lead around it, which are held at the instance."""
    model = random_weights(residual())
    x, several = drawn(model, 3), drawn(model, 2, 2)
    bypassed, shared = [], Explanation(model)
    for layer in ("first", "branch", "sum", "max_pooling2d"):
        name = next(each.name for each in model.layers if each.name.startswith(layer))
        for baseline in (None, several):
            method = DeepLIFT(rule, baseline=baseline)
            question = shared.with_method(method).for_layer(name).absolute(1)
            found = question.explain(x)
            cut = question.method.stream.cut
            bypassed.append(cut.bypassed)
            size = np.abs(found.attribution).reshape(3, -1).sum(axis=1)
            points = cut.activations(x)
            starts = [np.zeros_like(points[:1])] if baseline is None else cut.activations(several)
            values = question.method.stream.values
            gain = values(points, x) - np.mean(
                [values(np.broadcast_to(each, points.shape), x) for each in starts], axis=0
            )
            sums = found.attribution.reshape(3, -1).sum(axis=1, dtype=np.float64)
            assert (np.abs(sums - gain) <= 1e-5 * size).all(), (name, baseline is None)
    assert set(bypassed) == {True, False}


def test_what_goes_round_a_slice_is_left_out():
    """Of x + branch(x), from zeros at the branch and from the branch of ones."""
    source = layers.Input((2,))
    branch = layers.Dense(2, name="branch", use_bias=False)(source)
    model = keras.Model(source, layers.Dense(1)(layers.Add()([source, branch])))
    model.set_weights([np.eye(2, dtype="f") * 3, np.ones((2, 1), "f"), np.zeros(1, "f")])
    x = np.float32([1, 2])
    for baseline, wanted in ((None, [3, 6]), (1.0, [0, 3])):
        found = Explanation(model, DeepLIFT(baseline=baseline)).for_layer("branch").absolute(0)
        np.testing.assert_allclose(found.explain(x).attribution, wanted, rtol=1e-6)


# Where it is something else, too ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["plain", "residual"])
def test_without_biases_from_zero_it_is_gradient_times_input_and_lrp_0(name):
    """On networks of ReLUs (Ancona et al. 2018, proposition 2 and table 1)."""
    model = random_weights(NETWORKS[name](), biased=False)
    x = drawn(model, 4)
    found = explained(model, x, 1)
    for method in (GradientTimesInput(), LRP(rules.zero())):
        other = Explanation(model, method).for_input().absolute(1).explain(x)
        close(found, other.attribution)
    biased = random_weights(model)
    other = Explanation(biased, GradientTimesInput()).for_input().absolute(1).explain(x)
    assert np.abs(explained(biased, x, 1) - other.attribution).max() > 1e-2


def test_several_references_are_the_mean_in_batches_of_any_size():
    model = random_weights(residual())
    x, several = drawn(model, 5), drawn(model, 7, 2)
    found = explained(model, x, 1, baseline=several)
    shared = Explanation(model)
    single = [
        shared.with_method(DeepLIFT(baseline=each)).for_input().absolute(1).explain(x).attribution
        for each in several
    ]
    close(found, np.mean(single, axis=0))
    small = DeepLIFT(baseline=several, memory=1)  # one pair at a time
    question = Explanation(model, small).for_input().absolute(1)
    assert question.method.stream.batch == 1
    close(question.explain(x).attribution, found)
    close(question.explain(x[3]).attribution, found[3])


def test_any_linear_quantity_and_the_predicted_class():
    model = random_weights(residual())
    x = drawn(model, 6)
    model.layers[-1].bias.assign_sub(model.predict(x, verbose=0).mean(axis=0))  # no class is ahead
    at = Explanation(model, DeepLIFT(baseline=0.5)).for_input()
    single = [at.absolute(c).explain(x).attribution for c in range(3)]
    close(at.comparative(2, 1).explain(x).attribution, single[2] - single[1], 1e-5)
    weighted = at.for_quantity(quantities.weighted([1, -2, 0.5])).explain(x)
    close(weighted.attribution, single[0] - 2 * single[1] + single[2] / 2)
    winners = model.predict(x, verbose=0).argmax(axis=1)
    assert len(set(winners)) > 1
    found = at.predicted().explain(x)
    close(found.attribution, np.stack([single[c][n] for n, c in enumerate(winners)]))
    one = at.absolute(int(winners[2])).explain(x[2])
    assert found.completeness_error[2] == pytest.approx(one.completeness_error, abs=1e-4)
    neuron = at.channel("branch", 3).explain(x)
    gain = keras.Model(model.input, model.get_layer("branch").output)
    rise = (gain.predict(x, verbose=0) - gain.predict(np.full_like(x, 0.5), verbose=0))[..., 3]
    np.testing.assert_allclose(
        neuron.attribution.sum(axis=(1, 2, 3)), rise.sum(axis=(1, 2)), rtol=1e-4
    )


# What is refused -------------------------------------------------------------------------------


def test_products_are_refused_with_a_way_out_that_leads_out():
    source = layers.Input((3,))
    gate = layers.Dense(3, activation="sigmoid")(source)
    product = layers.Multiply(name="gated")([source, gate])
    model = keras.Model(source, layers.Dense(2)(product))
    for options in ({}, {"pass_through": ["gated"]}):
        with pytest.raises(ValueError, match="'gated' .*another way than by adding") as refused:
            explained(model, np.ones(3), **options)
        assert "for_layer" in str(refused.value) and "pass_through" not in str(refused.value)
    behind = Explanation(model, DeepLIFT()).for_layer("gated").absolute(0)
    assert behind.explain(np.ones(3)).completeness_error < 1e-6


def test_normalisation_over_a_sample_is_refused_or_taken_number_by_number():
    source = layers.Input((5,))
    norm = layers.LayerNormalization(name="norm")
    model = random_weights(keras.Model(source, layers.Dense(2)(norm(layers.Dense(5)(source)))))
    x = drawn(model, 3)
    with pytest.raises(ValueError, match=r"LayerNormalization.*pass_through=\['norm'\]"):
        explained(model, x)
    question = Explanation(model, DeepLIFT(pass_through=["norm"])).for_input().absolute(0)
    assert (question.explain(x).completeness_error < 1e-4).all()


def test_the_maximum_of_a_tensor_and_a_constant_is_refused():
    source = layers.Input((3,))
    model = keras.Model(source, layers.Dense(2)(ops.maximum(source, 0.5)))
    with pytest.raises(ValueError, match="maximum of a tensor and a constant"):
        explained(model, np.ones(3))


def test_arguments_that_make_no_sense():
    model = random_weights(plain())
    with pytest.raises(ValueError, match="Expected rule 'rescale' or 'reveal-cancel'"):
        DeepLIFT("linear")
    with pytest.raises(ValueError, match="a baseline with NaN"):
        DeepLIFT(baseline=np.array([1.0, np.nan]))
    with pytest.raises(TypeError, match="baseline of numbers"):
        DeepLIFT(baseline="black")
    for wrong in (np.zeros(6), np.zeros((0, 7)), np.zeros((2, 1, 7))):
        with pytest.raises(ValueError, match=r"one picture \(7,\), or several \(b, 7\)"):
            explained(model, np.ones(7), baseline=wrong)
    at = Explanation(model, DeepLIFT()).for_input()
    with pytest.raises(ValueError, match="'probability of class 1', a function of the output"):
        at.for_quantity(quantities.probability(1))
    with pytest.raises(ValueError, match="shape"):
        at.absolute(0).explain(np.ones(6))
