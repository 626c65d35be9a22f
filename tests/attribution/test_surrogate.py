"""What all surrogates share, tried with one whose answers are known: hide each superpixel alone."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import pytest
from keras import layers

from hwkit import Explanation, quantities
from hwkit.attribution import superpixels
from hwkit.attribution.surrogate import SurrogateMethod

SEGMENTS = superpixels.blocks(2, 3)(np.zeros((4, 6)))


@dataclass(frozen=True)
class Alone:
    values: np.ndarray
    empty: np.ndarray
    full: np.ndarray
    evaluations: int
    error_estimate: np.ndarray


class HideOne(SurrogateMethod):
    """A superpixel's weight is what the network loses without it; the seed adds to the first."""

    def fit(self, game) -> Alone:
        d = game.players
        hidden = game.values(1 - np.eye(d))
        full, empty = game.values(np.stack([np.ones(d), np.zeros(d)]))
        values = full - hidden
        values[0] += self.seed
        return Alone(values, empty, full, d + 2, np.full(len(full), 0.25))


@pytest.fixture(scope="module")
def linear() -> keras.Model:
    """A linear network of 5 classes: what hiding a superpixel costs is known."""
    source = layers.Input((4, 6, 2))
    model = keras.Model(source, layers.Dense(5)(layers.Flatten()(source)))
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=(48, 5)), rng.normal(size=5)])
    return model


@pytest.fixture(scope="module")
def softmax(linear) -> keras.Model:
    return keras.Model(linear.input, layers.Softmax()(linear.output))


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return np.random.default_rng(1).uniform(size=(4, 6, 2)).astype(np.float32)


def costs(model: keras.Model, picture: np.ndarray, fill: np.ndarray) -> np.ndarray:
    """What each superpixel adds to each class, ``(6, 5)``."""
    kernel = model.layers[-1].get_weights()[0].reshape(4, 6, 2, 5)
    each = ((picture - fill)[..., np.newaxis] * kernel).sum(axis=2)
    return np.stack([each[number == SEGMENTS].sum(axis=0) for number in range(6)])


def test_a_map_holds_each_weight_spread_over_its_pixels(linear, picture):
    found = Explanation(linear, HideOne(SEGMENTS, fill=0.5)).for_input().absolute(3)
    explained = found.explain(picture)
    expected = costs(linear, picture, np.full_like(picture, 0.5))[:, 3]
    assert explained.attribution.shape == (4, 6, 2)
    for number in range(6):
        inside = explained.attribution[number == SEGMENTS]
        np.testing.assert_allclose(inside.sum(), expected[number], rtol=1e-4)
        np.testing.assert_allclose(inside, inside.mean(), rtol=1e-5)
    # A linear network without interactions: what is lost adds up to the gain.
    assert explained.completeness_error < 1e-4
    assert (explained.points, explained.error_estimate) == (8, 0.25)


def test_any_quantity_and_several_pictures(linear, picture):
    pictures = np.stack([picture, picture[::-1], 1 - picture])
    explanation = Explanation(linear, HideOne(SEGMENTS, fill=0.0, batch=2)).for_input()
    every = [costs(linear, each, np.zeros_like(each)) for each in pictures]
    cases = [
        (explanation.comparative(1, 4), [cost[:, 1] - cost[:, 4] for cost in every]),
        (
            explanation.for_quantity(quantities.weighted([1, 0, 2, 0, 0])),
            [cost[:, 0] + 2 * cost[:, 2] for cost in every],
        ),
    ]
    for question, expected in cases:
        found = question.explain(pictures)
        assert found.attribution.shape == pictures.shape and found.attribution.dtype == np.float32
        for map_of_one, wanted in zip(found.attribution, expected, strict=True):
            sums = [map_of_one[number == SEGMENTS].sum() for number in range(6)]
            np.testing.assert_allclose(sums, wanted, rtol=1e-3, atol=1e-4)
        np.testing.assert_array_equal(found.points, [8, 8, 8])


def test_the_gain_is_worked_out_where_the_pictures_did_not_come_last(linear, picture):
    question = Explanation(linear, HideOne(SEGMENTS, fill=0.5, seed=2)).for_input().absolute(1)
    attribution = question.method.get_attributions(picture)[np.newaxis]
    fresh = HideOne(SEGMENTS, fill=0.5).compile(quantities.absolute(1), question.method.stream.cut)
    gain = costs(linear, picture, np.full_like(picture, 0.5))[:, 1].sum()
    for method in (question.method, fresh):
        found = method.completeness_error(picture[np.newaxis], attribution)
        np.testing.assert_allclose(found, 2 / abs(gain), rtol=1e-3)  # the seed is too much
    other = picture[::-1]
    gain = costs(linear, other, np.full_like(other, 0.5))[:, 1].sum()
    found = question.method.completeness_error(other[np.newaxis], np.zeros((1, 4, 6, 2)))
    np.testing.assert_allclose(found, 1)
    found = question.method.completeness_error(other[np.newaxis], np.full((1, 4, 6, 2), 1 / 48))
    np.testing.assert_allclose(found, abs(1 - gain) / abs(gain), rtol=1e-3)


def test_several_labels_from_one_set_of_pictures(linear, picture):
    seen: list[int] = []
    method = HideOne(SEGMENTS, fill=0.0, progress=seen.append)
    expected = costs(linear, picture, np.zeros_like(picture))
    scores = linear(picture[np.newaxis]).numpy()[0]
    found = method.explain_image(linear, picture, top_labels=3)
    assert found.labels == tuple(np.argsort(-scores)[:3])
    np.testing.assert_allclose(found.values, expected[:, list(found.labels)], atol=1e-4)
    assert sum(seen) == 8
    named = method.explain_image(linear, picture, labels=(4, 0))
    assert named.labels == (4, 0)
    np.testing.assert_allclose(named.weights(0), expected[:, 0], atol=1e-4)
    np.testing.assert_allclose(named.weights(), expected[:, 4], atol=1e-4)
    assert len(method.explain_image(linear, picture, top_labels=99).labels) == 5


def test_scores_and_probabilities(linear, softmax, picture):
    method = HideOne(SEGMENTS, fill=0.0)
    scores = method.explain_image(linear, picture, labels=[2])
    of_logits = method.explain_image(softmax, picture, labels=[2])
    np.testing.assert_allclose(of_logits.values, scores.values, atol=1e-5)
    likely = method.explain_image(linear, picture, labels=[2], outputs="probabilities")
    by_hand = method.explain_image(
        lambda pictures: softmax(pictures).numpy().astype(float), picture, labels=[2]
    )
    np.testing.assert_allclose(likely.values, by_hand.values, atol=1e-6)
    question = Explanation(softmax, method).for_input()
    quantity = question.for_quantity(quantities.probability(2)).method.details(picture)
    np.testing.assert_allclose(quantity.values, likely.values, atol=1e-5)
    assert quantity.labels == ("probability of class 2",)


def test_superpixels_of_each_picture_its_own(linear):
    """A function is asked about each picture, and its numbers need not begin at 0."""
    pictures = np.zeros((2, 4, 6, 2), np.float32)
    pictures[0, :, :2] = pictures[1, 1:] = 1

    def bright(picture: np.ndarray) -> np.ndarray:
        return (picture[..., 0] > 0.5) + 1

    question = Explanation(linear, HideOne(bright, fill=0.5)).for_input().absolute(0)
    for picture, found in zip(pictures, question.explain(pictures).attribution, strict=True):
        assert len(np.unique(found)) == 2
        assert len(np.unique(found[picture[..., 0] > 0.5])) == 1


def test_stability_over_seeds(linear, picture):
    """The seed adds to the first weight alone, so that its deviation is that of the seeds."""
    found = HideOne(SEGMENTS, fill=0.0).stability(linear, picture, labels=[3, 1], seeds=(0, 5, 10))
    expected = costs(linear, picture, np.zeros_like(picture))[:, [3, 1]]
    expected[0] += 5
    np.testing.assert_allclose(found.mean, expected, atol=1e-4)
    np.testing.assert_allclose(found.deviation[0], 5, atol=1e-4)
    np.testing.assert_allclose(found.deviation[1:], 0, atol=1e-6)
    assert found.labels == (3, 1) and found.seeds == (0, 5, 10)


def test_only_the_input_and_only_pictures(linear):
    with pytest.raises(ValueError, match="HideOne hides parts of the picture.*for_input"):
        Explanation(linear, HideOne(SEGMENTS)).for_layer(1).absolute(0)
    source = layers.Input((6,))
    flat = keras.Model(source, layers.Dense(2)(source))
    with pytest.raises(ValueError, match="a network of pictures"):
        Explanation(flat, HideOne(SEGMENTS)).for_input().absolute(0)


@pytest.mark.parametrize(
    ("arguments", "error", "reason"),
    [
        ({"samples": 0}, ValueError, "samples and batch of 1"),
        ({"batch": 0}, ValueError, "samples and batch of 1"),
        ({"segments": "quickshift"}, TypeError, "a function such as"),
        ({"image_bound": "rgb"}, ValueError, "image bound"),
    ],
)
def test_arguments_that_are_refused(arguments, error, reason):
    with pytest.raises(error, match=reason):
        HideOne(**({"segments": SEGMENTS} | arguments))


@pytest.mark.parametrize(
    ("arguments", "error", "reason"),
    [
        ({"labels": [5]}, ValueError, "labels from 0 to 4"),
        ({"labels": []}, ValueError, "different labels, 1 or more"),
        ({"labels": [1, 1]}, ValueError, "different labels"),
        ({"top_labels": 0}, ValueError, "1 top label"),
        ({"outputs": "logits"}, ValueError, "'scores' or 'probabilities'"),
        ({"picture": np.zeros((1, 4, 6, 2))}, ValueError, "one picture"),
        ({"picture": np.zeros((6, 6, 2))}, ValueError, r"of shape \(4, 6, 2\)"),
        ({"picture": np.full((4, 6, 2), np.nan)}, ValueError, "NaN or infinity"),
        ({"model": lambda pictures: pictures[:, 0, 0, 0]}, ValueError, "one row of scores"),
        ({"model": "digits-lenet"}, TypeError, "a Keras model, or a function"),
    ],
)
def test_pictures_and_labels_that_are_refused(linear, picture, arguments, error, reason):
    with pytest.raises(error, match=reason):
        HideOne(SEGMENTS).explain_image(**({"model": linear, "picture": picture} | arguments))


@pytest.mark.parametrize("arguments", [{"seeds": [1]}, {"seeds": [2, 2]}, {"top": 0}])
def test_stability_needs_two_seeds(linear, picture, arguments):
    with pytest.raises(ValueError, match="two different seeds|top of 1"):
        HideOne(SEGMENTS).stability(linear, picture, **arguments)
