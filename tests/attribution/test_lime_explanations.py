"""LIME where the answer is known; tests/peers/test_lime.py compares it with the lime package."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_distances

from hwkit import Explanation, networks
from hwkit.attribution import superpixels
from hwkit.attribution.lime import LIME, default_width, draw, local_fit, weighting_kernel
from hwkit.attribution.superpixel_game import SuperpixelGame
from hwkit.attribution.surrogate import SurrogateMethod

ROWS = np.array([[1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]])
WEIGHTS = np.array([[2.0, 0.0], [-1.0, 1.0], [0.5, 0.0], [0.0, -3.0], [0.1, 0.0], [0.0, 0.0]])


def linear_game(weights: np.ndarray = WEIGHTS, start: float = 4.0) -> SuperpixelGame:
    """A picture of one pixel a superpixel, each worth its row of weights; nothing shown: start."""
    d = len(weights)
    picture, segments = np.ones((1, d, 1)), np.arange(d)[np.newaxis]
    return SuperpixelGame(
        lambda pictures: start + pictures[:, 0, :, 0] @ weights,
        picture,
        segments,
        np.zeros_like(picture),
    )


def lime(**arguments) -> LIME:
    return LIME(np.zeros((1, 1), int), **arguments)


def test_the_kernel_by_hand():
    found = weighting_kernel(ROWS, 0.25)
    distances = np.array([0, 1 - 1 / 2, 1 - np.sqrt(1 / 2), 1])
    np.testing.assert_allclose(found, np.exp(-(distances**2) / (2 * 0.25**2)))
    np.testing.assert_allclose(found[[0, 3]], [1, np.exp(-8)])
    found = weighting_kernel(ROWS, 1.5, "l2")
    np.testing.assert_allclose(found, np.exp(-np.array([0, 3, 2, 4]) / (2 * 1.5**2)))


def test_the_cosine_distance_is_that_to_a_row_of_ones():
    Z = draw(50, 7, seed=0)
    expected = np.sqrt(np.exp(-((cosine_distances(Z, Z[:1])[:, 0] / 0.3) ** 2)))
    np.testing.assert_allclose(weighting_kernel(Z, 0.3), expected, rtol=1e-6)


def test_default_widths_are_the_packages():
    assert default_width("cosine", 49) == 0.25 and default_width("l2", 16) == 3.0


def test_coalitions_are_drawn_by_the_seed_alone():
    one, same, other = draw(400, 20, 3), draw(400, 20, 3), draw(400, 20, 4)
    np.testing.assert_array_equal(one, same)
    assert (one != other).any() and one[0].all() and other[0].all()
    # Each shown with probability 1/2: within 5 standard deviations of the mean of all, and of each.
    assert abs(one[1:].mean() - 0.5) < 5 * 0.5 / np.sqrt(399 * 20)
    assert np.abs(one[1:].mean(axis=0) - 0.5).max() < 5 * 0.5 / np.sqrt(399)


def test_a_linear_network_is_found_exactly():
    found = lime(samples=200, alpha=0.0).fit(linear_game())
    np.testing.assert_allclose(found.values, WEIGHTS, atol=1e-9)
    np.testing.assert_allclose(found.intercept, [4, 4])
    np.testing.assert_allclose(found.r_squared, [1, 1])
    np.testing.assert_allclose(found.full, 4 + WEIGHTS.sum(axis=0))
    np.testing.assert_allclose(found.local_prediction, found.full)
    np.testing.assert_allclose(found.empty, [4, 4])
    assert found.evaluations == 201 and 1 < found.effective_samples < 200


def test_the_ridge_shrinks_the_weights():
    found = lime(samples=100).fit(linear_game())
    for place in range(2):
        expected = Ridge(alpha=1).fit(
            found.coalitions, found.answers[:, place], sample_weight=found.weights
        )
        np.testing.assert_allclose(found.values[:, place], expected.coef_, atol=1e-9)
    assert np.abs(found.values).sum() < np.abs(WEIGHTS).sum()


def test_few_superpixels_of_each_label_its_own():
    found = lime(samples=200, num_features=2, alpha=0.0).fit(linear_game())
    assert [each.tolist() for each in found.chosen] == [[0, 1], [3, 1]]
    np.testing.assert_allclose(found.values[[3, 1], 1], [-3, 1], atol=1e-9)
    assert (found.values[[0, 2, 4, 5], 1] == 0).all()
    assert found.r_squared[0] < 1 and found.r_squared[1] == pytest.approx(1)


def test_the_local_fit_is_local():
    """Near the whole picture the network is linear, and far from it another one."""
    Z = draw(3000, 10, 0)
    many = Z.sum(axis=1) >= 7
    answers = np.where(many, Z[:, 0], 5.0 * Z[:, 1])[:, np.newaxis].astype(float)
    narrow, wide = (
        local_fit(Z, answers, weighting_kernel(Z, width), alpha=0.0).values[:, 0]
        for width in (0.03, 2.0)
    )
    assert narrow[0] > 0.9 and abs(narrow[1]) < 0.1 and wide[1] > wide[0] + 1


def test_where_the_network_does_not_care_all_weights_are_zero():
    found = lime(samples=50).fit(linear_game(np.zeros((4, 1))))
    np.testing.assert_allclose(found.values, 0, atol=1e-12)
    assert np.isnan(found.r_squared).all()


def test_own_coalitions():
    Z = draw(64, 6, 9)
    own = lime(coalitions=Z.astype(int)).fit(linear_game())
    drawn = lime(samples=64, seed=9).fit(linear_game())
    np.testing.assert_array_equal(own.values, drawn.values)
    with pytest.raises(ValueError, match="first row shows all"):
        lime(coalitions=1 - Z)
    with pytest.raises(ValueError, match="drawn by a seed"):
        lime(coalitions=Z).with_seed(1)


@pytest.fixture(scope="module")
def digit():
    from hwkit.images.digits import load_digits

    digits = load_digits("bundled")
    return networks.load("digits-lenet"), digits.x_test[digits.y_test == 3][0]


def test_on_a_network_the_seed_decides_and_nothing_else(digit):
    model, x = digit
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    blocks = superpixels.blocks(4)
    found = [
        LIME(blocks, samples=120, seed=seed, batch=batch).explain_image(model, x, [3, 5]).values
        for seed, batch in ((0, None), (0, 7), (1, None))
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-4)
    assert np.abs(found[0] - found[2]).max() > 0.01
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


def test_quantities_and_labels_agree(digit):
    model, x = digit
    method = LIME(superpixels.slic(20), image_bound="signed", samples=150)
    labels = method.explain_image(model, x, labels=(3, 8))
    explanation = Explanation(model, method).for_input()
    difference = explanation.comparative(3, 8).explain(x)
    expected = labels.density(3) - labels.density(8)
    np.testing.assert_allclose(difference.attribution, expected, atol=1e-4)
    assert difference.points == 151 and np.isnan(difference.error_estimate)
    # LIME's weights need not add up: how far they are off is said as it is.
    gain = np.diff(labels.fit.full - labels.fit.empty)[0]
    total = difference.attribution.sum(dtype=float)
    assert difference.completeness_error == pytest.approx(abs(total + gain) / abs(gain), rel=1e-3)


def test_more_samples_are_more_stable(digit):
    model, x = digit
    few, many = (
        LIME(superpixels.blocks(4), fill=-1, samples=samples).stability(
            model, x, labels=[3], seeds=range(4)
        )
        for samples in (40, 640)
    )
    assert many.deviation.mean() < 0.6 * few.deviation.mean()
    assert many.order > 0.8 and few.values.shape == (4, 16, 1)


def test_every_argument_of_a_surrogate_is_taken():
    theirs = inspect.signature(SurrogateMethod.__init__).parameters
    given = {"fill": 0, "sigma": 1.0, "samples": 9, "seed": 3, "batch": 2, "memory": 2**20}
    given |= {"image_bound": "unit", "progress": False}
    assert set(given) == set(theirs) - {"self", "segments"}
    method = lime(**given)
    assert (method.samples, method.seed, method.batch, method.masking.fill) == (9, 3, 2, 0)
    assert LIME().masking.segments is not None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"distance": "l1"}, "'cosine' or 'l2'"),
        ({"width": 0.0}, "a width above 0"),
        ({"alpha": -1.0}, "alpha of 0 or more"),
        ({"num_features": 0}, "num_features of 1 or more"),
        ({"selection": "best"}, "the selection auto"),
    ],
)
def test_arguments_that_are_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        lime(**arguments)
