"""Expected values of the first questions of lrp, worked out in other ways; stand-ins."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from answers import lrp_right_a, lrp_wrong_a
from gallery import CHALLENGES
from local_transport import LocalTransport
from test_challenges import HOSTILE, drawn

from autograder.challenge import Response
from autograder.challenges import lrp_zero
from autograder.challenges.lrp_layers import HiddenLayer, flat
from autograder.diagnosis import outcome_of
from autograder.inside.asks.lrp_layers import layer
from autograder.judge import judge
from hwkit.checks.lrp_cancelling import check_cancelling
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.toy_net import TOY

SEEDS = (3, 11, 2**40)
# Shape of an input, of a window; strides; padding.
CONVOLUTIONS = (
    ((5, 6, 2), (3, 2), 1, "valid"),
    ((5, 6, 2), (3, 3), 2, "same"),
    ((6, 5, 3), (2, 3), 2, "same"),
    ((7, 6, 1), (3, 3), 2, "valid"),
    ((4, 4, 2), (2, 2), 1, "same"),
    ((4, 5, 2), (1, 1), 3, "same"),
)


@pytest.mark.parametrize(("shape", "window", "strides", "padding"), CONVOLUTIONS)
def test_matrices_of_convolutions_are_those_of_keras(shape, window, strides, padding) -> None:
    import keras

    rng = np.random.default_rng(1)
    w, b = rng.normal(size=(*window, shape[2], 3)).astype("f4"), rng.normal(size=3).astype("f4")
    hidden = HiddenLayer(w, b, shape, strides, padding)
    x = rng.normal(size=(2, *shape)).astype("f4")
    theirs = np.asarray(keras.ops.conv(x, w, strides=strides, padding=padding)) + b
    assert theirs.shape[1:] == hidden.output_shape
    found = flat(x) @ hidden.matrix() + hidden.bias()
    np.testing.assert_allclose(found.reshape(theirs.shape), theirs, atol=1e-5)
    given = layer(hidden.sent())
    np.testing.assert_allclose(given.forward(x, given.w) + given.b, theirs, atol=1e-5)


def test_the_network_by_hand_on_paper() -> None:
    # z = -9, 3, 4; the second unit's 9 is shared as -6, 4 and 5 (bias), the third's -4 as 6 and -2.
    hidden, inputs = drawn("by_hand")
    assert hidden.expected.tolist() == [0, 9, -4]
    assert inputs.expected.tolist() == [-18 - 6, 12 + 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_lrp_zero_share_by_share(seed: int) -> None:
    zeros = 0
    for case in drawn("lrp_zero", seed):
        x, w, b, R = (case.inputs[key].tolist() for key in ("x", "w", "b", "R"))
        found = np.zeros(case.expected.shape)
        for n, k in itertools.product(range(len(x)), range(len(b))):
            q = [value * row[k] for value, row in zip(x[n], w, strict=True)]
            z = sum(q) + b[k]
            zeros += z == 0
            assert (z == 0) <= ("zero" in case.aspect)
            for j, each in enumerate(q):
                found[n, j] += each / z * R[n][k] if z else 0
        np.testing.assert_allclose(case.expected, found, atol=1e-12)
    assert zeros == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_four_steps_by_the_layers_that_students_get(seed: int) -> None:
    for case in drawn("hand_down", seed):
        given, (first, third) = layer(case.inputs["layer"]), case.inputs["bend"]
        x, R = (np.asarray(case.inputs[key], np.float64) for key in ("x", "R"))
        w, b = (first * v + third * v**3 for v in (given.w.astype(float), given.b.astype(float)))
        z = given.forward(x, w) + b
        assert ((first, third) != (1, 0)) == ("modified" in case.aspect)
        assert (z == 0).any() <= (case.aspect == "epsilon") and np.abs(z[z != 0]).min() > 0.1
        divided = np.zeros(z.shape)
        for index, each in np.ndenumerate(z):
            bottom = each + case.inputs["epsilon"] * (1 if each >= 0 else -1)
            divided[index] = R[index] / bottom if bottom else 0
        np.testing.assert_allclose(case.expected, x * given.backward(divided, w), atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_inputs_and_biases_get_is_what_there_was(seed: int) -> None:
    for case in drawn("hand_down", seed):
        if case.aspect in ("a dense layer", "a convolution"):
            given, R = layer(case.inputs["layer"]), case.inputs["R"].astype(float)
            z = given.forward(case.inputs["x"].astype(float), given.w) + given.b
            of_biases = np.sum(given.b / z * R)
            assert abs(of_biases) > 1e-3
            assert case.expected.sum() + of_biases == pytest.approx(R.sum())


def test_gamma_s_weights_one_by_one() -> None:
    for case in drawn("gamma_weights"):
        w, gamma = case.inputs["w"].ravel().tolist(), case.inputs["gamma"]
        assert min(w) < 0 < max(w) and 0 in w and gamma != 1
        found = [each + gamma * each if each > 0 else each for each in w]
        np.testing.assert_allclose(case.expected.ravel(), found)


def test_inputs_on_which_relevance_cancels_are_those_of_the_visible_check() -> None:
    (case,) = drawn("cancelling")
    counts = {True: 0, False: 0}
    for x in np.random.default_rng(5).uniform(-10.5, 10.5, (3000, 2)):
        right = outcome_of(case, Response("answer", x)).right
        counts[right] += 1
        if right:
            check_cancelling(lambda x=x: x)
        else:
            with pytest.raises(WrongAnswerError):
                check_cancelling(lambda x=x: x)
    assert min(counts.values()) > 50


def test_cancelling_by_gradient_times_input() -> None:
    (case,) = drawn("cancelling")
    for x in np.random.default_rng(6).uniform(-10, 10, (300, 2)):
        slopes = [(TOY.score(x + h) - TOY.score(x - h)) / 2e-6 for h in np.eye(2) * 1e-6]
        handed, score = np.abs(x * slopes).sum(), TOY.score(x)
        if abs(handed - 10 * score) > 0.01 and abs(score - 0.1) > 0.01:
            right = score > 0.1 and handed > 10 * score
            assert outcome_of(case, Response("answer", x)).right == right


@pytest.mark.parametrize("answer", ["None", "raise NotImplementedError", "return 0 * x"])
def test_a_wrong_lrp_zero_does_not_cost_the_input_that_is_found_with_it(answer: str) -> None:
    chosen = [CHALLENGES["lrp_zero"], CHALLENGES["cancelling"]]
    source = lrp_right_a.CANCELLING[3] + f"\ndef lrp_zero(x, w, b, R): {answer}\n"
    results = judge(chosen, 5, LocalTransport(source, "lrp")).results
    assert [each.points for each in results] == [0, 3]


def test_partial_credit_by_aspect() -> None:
    def lost(question: str, source: str) -> dict[str, float]:
        (result,) = judge([CHALLENGES[question]], 5, LocalTransport(source, "lrp")).results
        return {each.name: each.max_points for each in result.aspects if not each.points}

    wrong = {
        question: dict(getattr(lrp_wrong_a, question.upper()))
        for question in ("by_hand", "lrp_zero", "hand_down", "gamma_weights")
    }
    assert lost("by_hand", wrong["by_hand"]["x forgotten"]) == {"the inputs": 3}
    assert lost("lrp_zero", wrong["lrp_zero"]["divided by zero"]) == {
        "denominators that are zero": 2
    }
    assert lost("hand_down", wrong["hand_down"]["sign of zero is zero"]) == {"epsilon": 3}
    assert lost("hand_down", wrong["hand_down"]["bias not modified"]) == {
        "modified weights and bias": 2
    }
    assert lost("gamma_weights", wrong["gamma_weights"]["changed in place"]) == {
        "what came in stays as it was": 1
    }


def test_half_of_the_network_by_hand_counts() -> None:
    for empty in ("None", "..."):
        source = f'def by_hand(): return {{"hidden": [0, 9, -4], "input": {empty}}}'
        (result,) = judge([CHALLENGES["by_hand"]], 5, LocalTransport(source, "lrp")).results
        assert result.points == 2 and "not attempted" in result.message


def test_what_stands_in_for_lrp_zero_refuses_what_it_does_not_take() -> None:
    given: dict[str, Any] = {
        "x": np.ones((3, 2)),
        "w": np.ones((2, 4)),
        "b": np.ones(4),
        "R": np.ones((3, 4)),
    }
    assert lrp_zero.reference(**given).shape == (3, 2)
    for key, value in itertools.product(given, (*HOSTILE, np.ones((3, 4, 1)), np.ones((5, 5)))):
        with pytest.raises(ValueError, match="Expected"):
            lrp_zero.reference(**given | {key: value})
    large = {"x": np.ones((2**10, 2**5)), "w": np.ones((2**5, 2**6))}
    with pytest.raises(ValueError, match="Expected"):
        lrp_zero.reference(**large, b=np.ones(2**6), R=np.ones((2**10, 2**6)))
