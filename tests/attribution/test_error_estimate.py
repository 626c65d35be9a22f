"""On ReLU networks: how every rule's error falls, and that its estimate can be believed.

The truth is the midpoint rule with 4,096 points.
"""

import warnings

import numpy as np
import pytest
from hand_nets import convolutional, relu_stack

from hwkit import networks
from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.attribution.path_integral import ToleranceWarning
from hwkit.explanation import Explanation
from hwkit.images.bounds import CAFFE
from hwkit.images.scenes import draw

RULES = ("right", "left", "midpoint", "trapezoid", "gauss_legendre")
STEPS = (20, 50, 51, 200)


class Question:
    """Explanations of one slice of one network, and their true errors."""

    def __init__(self, model, layer: str | None, instances: np.ndarray) -> None:
        self.explanation = Explanation(model)
        self.layer = layer
        self.instances = instances
        self.truth = self.ask(resolution=4096, rule="midpoint").attribution

    def ask(self, **options):
        explanation = self.explanation.with_method(AumannShapley(progress=False, **options))
        slices = explanation.for_layer(self.layer) if self.layer else explanation.for_input()
        return slices.comparative(0, 1).explain(self.instances, ignore_difference_term=False)

    def error(self, data) -> np.ndarray:
        """True relative L1 error of each instance's attribution, ``(n,)``."""
        axes = tuple(range(1, self.truth.ndim))
        return np.abs(data.attribution - self.truth).sum(axes) / np.abs(self.truth).sum(axes)


@pytest.fixture(scope="module", params=["stack, slice", "pictures, slice", "pictures, input"])
def question(request) -> Question:
    kind, place = request.param.split(", ")
    model = relu_stack(1) if kind == "stack" else convolutional(1)
    shape = model.inputs[0].shape[1:]
    instances = np.random.default_rng(2).normal(size=(6, *shape))
    layer = {"stack": "hidden1", "pictures": "first"}[kind] if place == "slice" else None
    return Question(model, layer, instances)


@pytest.fixture(scope="module")
def measured(question) -> dict[tuple[str, int], tuple[np.ndarray, np.ndarray]]:
    """True and estimated errors of every rule at every number of steps, one for each instance."""
    results = {}
    for rule in RULES:
        for steps in STEPS:
            data = question.ask(rule=rule, resolution=steps)
            results[rule, steps] = question.error(data), data.error_estimate
    return results


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("steps", STEPS)
def test_the_estimate_is_within_a_factor_of_two(measured, rule, steps):
    true, estimated = measured[rule, steps]
    assert (estimated > true / 2).all() and (estimated < 2 * true).all(), estimated / true
    assert 0.55 < estimated.mean() / true.mean() < 1.5


@pytest.mark.parametrize("rule", RULES)
def test_the_error_falls_like_1_over_n(measured, rule):
    errors = [measured[rule, steps][0].mean() for steps in (20, 50, 200)]
    slope = np.polyfit(np.log([20, 50, 200]), np.log(errors), 1)[0]
    assert -1.3 < slope < -0.75  # not -2, though the midpoint rule has order 2 on smooth functions


@pytest.mark.parametrize("rule", RULES)
def test_the_midpoint_rule_is_not_worse(measured, rule):
    # A quarter is what the places of the kinks make of six instances.
    def average(name):
        return np.mean([measured[name, steps][0] * steps for steps in STEPS])

    assert average("midpoint") < 1.25 * average(rule)
    assert average("midpoint") < 0.8 * average("right")  # the handout's


@pytest.mark.parametrize("rule", RULES)
def test_the_tolerance_is_met(question, rule):
    data = question.ask(rule=rule, resolution=10, tolerance=0.02)
    assert (data.error_estimate <= 0.02).all()
    true = question.error(data)
    # An estimate that is right within a factor of two can promise each instance no more than this.
    assert true.mean() < (0.03 if rule in ("left", "trapezoid") else 0.02)
    assert (true < 2 * 0.02).all()
    assert (data.points > 10).all()


@pytest.mark.parametrize("rule", RULES)
def test_refined_results_are_those_of_the_finer_rule(question, rule):
    refined = question.ask(rule=rule, resolution=9, tolerance=0.03)
    for steps in np.unique(refined.points):
        direct = question.ask(rule=rule, resolution=int(steps) - (rule == "trapezoid"))
        chosen = refined.points == steps
        scale = np.abs(direct.attribution).max()
        np.testing.assert_allclose(
            refined.attribution[chosen], direct.attribution[chosen], rtol=1e-4, atol=1e-5 * scale
        )
        np.testing.assert_allclose(
            refined.error_estimate[chosen], direct.error_estimate[chosen], rtol=1e-3
        )


def test_each_instance_is_refined_as_far_as_it_needs(question):
    data = question.ask(rule="midpoint", resolution=9, tolerance=0.02)
    assert set(data.points) <= {9, 27, 81, 243}
    for place, points in enumerate(data.points):
        coarser = question.ask(rule="midpoint", resolution=int(points) // 3)
        assert points == 9 or coarser.error_estimate[place] > 0.02


def test_a_tolerance_out_of_reach_warns_and_says_so(question):
    with pytest.warns(ToleranceWarning, match=r"tolerance 0.0001 is not met.*at 40 points"):
        data = question.ask(resolution=10, tolerance=1e-4, largest_resolution=50)
    assert (data.points == 40).all() and (data.error_estimate > 1e-4).all()


def test_a_tolerance_that_is_met_does_not_warn(question):
    with warnings.catch_warnings():
        warnings.simplefilter("error", ToleranceWarning)
        question.ask(resolution=10, tolerance=0.2)


def test_one_point_does_not_meet_a_tolerance(question):
    data = question.ask(rule="midpoint", resolution=1, tolerance=0.1)
    assert (data.points > 1).all() and (question.error(data) < 0.2).all()


def test_completeness_does_not_prove_the_attribution(question):
    """Errors cancel in the sum: the completeness error lies far below the error."""
    data = question.ask(rule="midpoint", resolution=20)
    assert np.median(data.completeness_error) < np.median(question.error(data))


@pytest.fixture(scope="module")
def pocket() -> Question:
    scene = draw("sports car", 9001)
    return Question(networks.load("pocket"), "conv4_1", CAFFE.from_rgb(scene.image[np.newaxis]))


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_estimates_on_the_pocket_network(pocket, rule):
    for steps in STEPS:
        data = pocket.ask(rule=rule, resolution=steps)
        assert 0.5 < data.error_estimate.item() / pocket.error(data).item() < 2, steps
