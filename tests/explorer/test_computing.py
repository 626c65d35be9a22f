"""What the explorer computes, on a linear network where every attribution is known."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from hwkit import AumannShapley, ExplanationForLayer
from hwkit.attribution.quadrature import rule
from hwkit.compression import keep_influential
from hwkit.explorer import keys
from hwkit.explorer.albums import ArrayAlbum
from hwkit.explorer.computing import Computing, MissingError, Own, as_instance, scores_of_chosen
from hwkit.explorer.results import Failure, Results
from hwkit.explorer.settings import Settings, Source
from hwkit.images.bounds import CAFFE, UNIT
from hwkit.network import cut

SIDE = 6
CHANNELS = np.array([[1.0, 0, 0], [0, 2.0, 0], [0, 0, -3.0]])  # channel k sees colour k
CLASSES = np.array([[1.0, 0.5], [1.0, -1.0], [1.0, 0.0]])  # by channel
S = Settings(Source("pictures", 0), 0, None, "conv", resolution=12, baseline="black")


def quiet(points: int) -> None:
    """Progress that nobody waits for."""


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Class c is the sum over places and channels of CLASSES[channel, c] * channel."""
    image = keras.Input((SIDE, SIDE, 3))
    conv = keras.layers.Conv2D(3, 1, use_bias=False, name="conv")(image)
    flat = keras.layers.Flatten()(conv)
    model = keras.Model(image, keras.layers.Dense(2, use_bias=False, name="out")(flat))
    model.get_layer("conv").set_weights([CHANNELS[None, None]])
    model.get_layer("out").set_weights([np.tile(CLASSES, (SIDE * SIDE, 1))])
    return model


@pytest.fixture
def pictures() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (2, SIDE, SIDE, 3), dtype=np.uint8)


@pytest.fixture
def made(model, pictures):
    """A function that computes a result, with the student's code that is named."""

    def make(key, **own):
        own = Own(**{"method": AumannShapley(), **own})
        computing = Computing(model, UNIT, ArrayAlbum(pictures), own, Results(2**24))
        return computing(key, quiet)

    return make


def test_the_maps_are_weight_times_activation(made, pictures):
    activations = pictures[0] / 255 @ CHANNELS
    found = made(keys.maps(replace(S, class_index=1))).values
    np.testing.assert_allclose(found, activations * CLASSES[:, 1], rtol=1e-5)
    compared = made(keys.maps(replace(S, versus=1))).values
    np.testing.assert_allclose(
        compared, activations * (CLASSES[:, 0] - CLASSES[:, 1]), rtol=1e-5, atol=1e-6
    )


def test_pixels_start_at_the_chosen_baseline(made, pictures):
    weights = CHANNELS.diagonal() * CLASSES[:, 0]
    for name, start in {"black": 0.0, "grey": 0.5}.items():
        found = made(keys.pixels(replace(S, baseline=name))).values
        expected = ((pictures[0] / 255 - start) * weights).sum(axis=-1)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("ranking", "reduce", "first"), [("max", np.max, 1), ("mean", np.mean, 1), ("min", np.min, 2)]
)
def test_neurons_rank_as_asked(made, pictures, ranking, reduce, first):
    maps = pictures[0] / 255 @ CHANNELS  # CLASSES[:, 0] is one everywhere
    order = made(keys.order(replace(S, ranking=ranking)))
    np.testing.assert_allclose(order.values, reduce(maps, axis=(0, 1)), rtol=1e-5)
    assert order.neurons[0] == first
    falling = order.values[order.neurons] * (-1 if ranking == "min" else 1)
    assert (np.diff(falling) <= 0).all()


def test_a_neuron_in_pixels_is_weighted_by_what_it_does_for_the_question(made, pictures):
    colours = pictures[0] / 255
    red, blue = colours[..., 0], colours[..., 2]
    found = made(keys.projection(S, 0, 1)).values
    np.testing.assert_allclose(found, red * red, rtol=1e-4)  # the focus is the map, here red itself
    against = made(keys.projection(S, 2, -1)).values
    np.testing.assert_allclose(against, 3 * blue * (-3 * blue), rtol=1e-4)
    assert not made(keys.projection(S, 2, 1)).values.any()  # it never speaks for the class


def test_scores_with_and_without_the_chosen(made, pictures):
    by_channel = (pictures[0] / 255 @ CHANNELS).sum(axis=(0, 1))[:, np.newaxis] * CLASSES
    kept, dropped = made(keys.scores(S, (2, 0)))
    np.testing.assert_allclose(kept, by_channel[[0, 2]].sum(axis=0), rtol=1e-4)
    np.testing.assert_allclose(dropped, by_channel[1], rtol=1e-4)


def test_where_a_branch_leads_round_the_slice_it_stays():
    image = keras.Input((SIDE, SIDE, 3))
    conv = keras.layers.Conv2D(2, 1, use_bias=False, name="conv")(image)
    joined = keras.layers.Concatenate()([conv, image])
    scores = keras.layers.GlobalAveragePooling2D()(joined)
    model = keras.Model(image, keras.layers.Dense(5, use_bias=False)(scores))
    model.layers[-1].set_weights([np.eye(5)])
    x = np.random.default_rng(2).random((1, SIDE, SIDE, 3)).astype(np.float32)
    whole = np.asarray(model(x))[0]
    kept, dropped = scores_of_chosen(cut(model, "conv"), x, (1,))
    np.testing.assert_allclose(kept, [0, *whole[1:]], rtol=1e-5)
    np.testing.assert_allclose(dropped, [whole[0], 0, *whole[2:]], rtol=1e-5, atol=1e-7)


# A student's own code -----------------------------------------------------------------------------


class Doubled(AumannShapley):
    def get_attributions(self, *arguments, **keywords):
        return 2 * super().get_attributions(*arguments, **keywords)


class AsTaught(AumannShapley):
    """The notebook's solution, which takes baselines as arrays only."""

    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        b = np.zeros_like(z) if baseline is None else np.broadcast_to(baseline, z.shape)
        steps = rule(self.rule, self.resolution)
        influence = np.zeros_like(z)
        for t, w in zip(steps.nodes, steps.weights, strict=True):
            influence += w * self.gradients(b + t * (z - b))
        return influence if ignore_difference_term else influence * (z - b)


@pytest.mark.parametrize("baseline", ["blurred", "black", "grey"])
def test_a_method_as_it_is_taught_gives_the_same(made, baseline):
    s = replace(S, baseline=baseline)
    for key in (keys.pixels(s), keys.projection(s, 1, 1)):
        found, expected = made(key, method=AsTaught()).values, made(key).values
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


class Swapped(ExplanationForLayer):
    def absolute(self, c):
        return super().absolute(1 - c)


def test_a_wrong_method_shows(made):
    np.testing.assert_allclose(
        made(keys.maps(S), method=Doubled()).values, 2 * made(keys.maps(S)).values, rtol=1e-6
    )


def test_a_wrong_quantity_shows(made):
    np.testing.assert_allclose(
        made(keys.maps(S), layer_class=Swapped).values,
        made(keys.maps(replace(S, class_index=1))).values,
        rtol=1e-6,
    )


def test_an_own_ranking_keeps_its_order_and_shows_sums(made, pictures):
    order = made(
        keys.order(replace(S, ranking="own")), top_neurons=lambda maps, k: np.array([2, 0, 1])[:k]
    )
    assert order.neurons.tolist() == [2, 0, 1]
    sums = (pictures[0] / 255 @ CHANNELS).sum(axis=(0, 1))
    np.testing.assert_allclose(order.values, sums, rtol=1e-5)


@pytest.mark.parametrize("wrong", [[0, 1], [0, 0, 1], [[0, 1, 2]], [0, 1, 5]])
def test_a_ranking_that_is_none_is_told(made, wrong):
    with pytest.raises(ValueError, match="return each of the 3 indices once"):
        made(keys.order(replace(S, ranking="own")), top_neurons=lambda maps, k: wrong)


def test_an_own_compression_shows(made):
    def forgets_to_drop(activations, influence, top, bottom):
        return activations

    kept, dropped = made(keys.scores(S, (0,)), compress=forgets_to_drop)
    np.testing.assert_array_equal(kept, dropped)
    np.testing.assert_allclose(kept, made(keys.logits(S.source)), rtol=1e-5)
    with pytest.raises(ValueError, match="compress to return the shape it was given"):
        made(keys.scores(S, (0,)), compress=lambda a, *_: a[..., :2])


def test_an_own_projection_gets_the_focus(made, pictures):
    seen = []

    def project(explanation, layer, neuron, instance, focus=None):
        seen.append((layer, neuron, focus))
        return explanation.for_input().channel(layer, neuron).explain(instance, False)

    made(keys.projection(S, 1, 1), project=project)
    ((layer, neuron, focus),) = seen
    assert (layer, neuron) == ("conv", 1)
    np.testing.assert_allclose(focus, 2 * (pictures[0, ..., 1] / 255), rtol=1e-5)


def test_what_rests_on_a_failure_says_why(model, pictures):
    results = Results(2**24)
    own = Own(AumannShapley(), compress=keep_influential)
    computing = Computing(model, UNIT, ArrayAlbum(pictures), own, results)
    results.put(keys.maps(S), Failure("Answer I.2 first."))
    with pytest.raises(MissingError, match=r"Answer I\.2 first\."):
        computing(keys.order(S), quiet)


# Pictures -----------------------------------------------------------------------------------------


def test_a_network_with_one_channel_sees_grey(pictures):
    grey = keras.Model(image := keras.Input((SIDE, SIDE, 1)), keras.layers.Flatten()(image))
    instance = as_instance(pictures[0], UNIT, grey)
    np.testing.assert_allclose(instance[..., 0], pictures[0].mean(axis=-1) / 255, rtol=1e-5)


def test_a_network_with_colours_sees_them_as_it_takes_them(model, pictures):
    np.testing.assert_array_equal(
        as_instance(pictures[0], CAFFE, model), CAFFE.from_rgb(pictures[0])
    )
