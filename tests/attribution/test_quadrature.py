"""The rules of quadrature, against integrals that are known in closed form."""

import numpy as np
import pytest

from hwkit.attribution import quadrature
from hwkit.attribution.quadrature import RULES, refine, rule

ORDERS = {"right": 1, "left": 1, "midpoint": 2, "trapezoid": 2}


def integral(name: str, resolution: int, function) -> float:
    used = rule(name, resolution)
    return float(np.sum(used.weights * function(used.nodes)))


@pytest.mark.parametrize("name", ORDERS)
def test_order_of_convergence_on_a_smooth_function(name):
    steps = np.array([10, 20, 40, 80, 160])
    errors = [abs(integral(name, n, np.exp) - (np.e - 1)) for n in steps]
    slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert slope == pytest.approx(-ORDERS[name], abs=0.02)


@pytest.mark.parametrize("points", [1, 2, 3, 7, 20])
def test_gauss_legendre_is_exact_for_polynomials_up_to_degree_2n_minus_1(points):
    for degree in range(2 * points):
        exact = 1 / (degree + 1)
        got = integral("gauss_legendre", points, lambda t, d=degree: t**d)
        assert got == pytest.approx(exact, rel=1e-12), degree


@pytest.mark.parametrize("points", [1, 2, 3])
def test_gauss_legendre_is_not_exact_beyond(points):
    # The error for t^(2n) is (n!)^4 / ((2n + 1) ((2n)!)^2), the integral of the monic Legendre^2.
    factorial = np.cumprod([1, *range(1, 2 * points + 1)])
    expected = factorial[points] ** 4 / ((2 * points + 1) * factorial[2 * points] ** 2)
    error = 1 / (2 * points + 1) - integral("gauss_legendre", points, lambda t: t ** (2 * points))
    assert error == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "nodes", "weights"),
    [
        ("right", [0.25, 0.5, 0.75, 1], [0.25] * 4),
        ("left", [0, 0.25, 0.5, 0.75], [0.25] * 4),
        ("midpoint", [0.125, 0.375, 0.625, 0.875], [0.25] * 4),
        ("trapezoid", [0, 0.25, 0.5, 0.75, 1], [0.125, 0.25, 0.25, 0.25, 0.125]),
    ],
)
def test_nodes_and_weights_of_four_steps(name, nodes, weights):
    used = rule(name, 4)
    np.testing.assert_allclose(used.nodes, nodes)
    np.testing.assert_allclose(used.weights, weights)
    assert len(used) == len(nodes)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("resolution", [1, 2, 17, 50])
def test_weights_sum_to_one_and_nodes_rise_within_the_path(name, resolution):
    used = rule(name, resolution)
    assert used.weights.sum() == pytest.approx(1, rel=1e-12)
    assert (np.diff(used.nodes) > 0).all()
    assert used.nodes[0] >= 0 and used.nodes[-1] <= 1


def sums(used: quadrature.Rule, values: np.ndarray) -> np.ndarray:
    return (used.factors() @ values)[np.newaxis]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("resolution", [2, 3, 10, 11])
def test_refining_gives_the_finer_rules_sums(name, resolution):
    gradient = np.cos(np.linspace(0, 20, 7))  # any function: here with several changes of sign

    def function(t):
        return np.interp(t, np.linspace(0, 1, 7), gradient)

    coarse = rule(name, resolution)
    step = refine(name, resolution)
    fresh = step.rule.factors()[:, step.new] @ function(step.rule.nodes[step.new])
    carried = step.carry @ sums(coarse, function(coarse.nodes))[0]
    np.testing.assert_allclose(carried + fresh, sums(step.rule, function(step.rule.nodes))[0])
    direct = rule(name, step.resolution)
    np.testing.assert_array_equal(step.rule.nodes, direct.nodes)
    kept = step.rule.nodes[~step.new]
    assert len(kept) == (0 if name == "gauss_legendre" else len(coarse))
    np.testing.assert_allclose(kept, coarse.nodes[: len(kept)], atol=1e-15)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("resolution", [20, 51])
def test_estimate_is_calibrated_for_jumps_at_random_places(name, resolution):
    """Many gradients that jump at random places: the mean estimate against the mean true error."""
    rng = np.random.default_rng(5)
    place, height = rng.uniform(0, 1, (2000, 8, 1)), rng.normal(0, 1, (2000, 8, 1))
    used = rule(name, resolution)
    gradients = (height * (used.nodes > place)).sum(axis=1)  # (2000, m)
    truth = (height * (1 - place)).sum(axis=(1, 2))
    errors = np.abs(gradients @ used.weights - truth)
    estimates = used.error(np.stack([gradients @ row for row in used.factors()], axis=1))
    assert 0.5 < estimates.mean() / errors.mean() < 2


@pytest.mark.parametrize("name", RULES)
def test_a_constant_gradient_has_no_estimated_error(name):
    # Gauss-Legendre's weights differ from node to node, so its alternating sum is only small.
    used = rule(name, 50)
    assert used.error(sums(used, np.ones(len(used))))[0] < (0.02 if "gauss" in name else 1e-12)


@pytest.mark.parametrize("name", ["right", "left", "midpoint"])
def test_one_point_knows_nothing_about_its_error(name):
    used = rule(name, 1)
    assert used.error(sums(used, np.array([-3.0])))[0] == 3


def test_unknown_rule_lists_the_rules():
    with pytest.raises(ValueError, match=r"right, left, midpoint.*rule='simpson'"):
        rule("simpson", 10)


@pytest.mark.parametrize("resolution", [0, -1, 2.5, True, "10"])
def test_resolution_must_be_a_positive_whole_number(resolution):
    with pytest.raises(ValueError, match="1 or more points"):
        rule("right", resolution)
