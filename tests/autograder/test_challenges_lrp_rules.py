"""Expected values of alpha_beta, box_rule, start and propagate, number by number; partial marks."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from answers import lrp_right_b, lrp_wrong_b
from gallery import CHALLENGES
from local_transport import LocalTransport
from test_challenges import HOSTILE, drawn

from autograder.challenges import lrp_references
from autograder.inside.asks.lrp_layers import layer
from autograder.inside.asks.lrp_rules import mixed, placed
from autograder.judge import judge

SEEDS = (3, 11, 2**40)


def weights(given: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Weights between all inputs and outputs, as Keras convolves; and a bias for every output."""
    found = layer(given)
    units = np.eye(int(np.prod(found.shape))).reshape(-1, *found.shape)
    z = found.forward(units, found.w)
    return z.reshape(len(units), -1), np.broadcast_to(found.b, z.shape[1:]).ravel()


def one_by_one(given: dict[str, Any]) -> Any:
    """Of every instance and output: inputs, weights, bias and relevance, as plain numbers."""
    w, b = weights(given["layer"])
    for index, (x, R) in enumerate(zip(given["x"], given["R"], strict=True)):
        for k, relevance in enumerate(R.ravel().tolist()):
            yield index, x.ravel().tolist(), w[:, k].tolist(), float(b[k]), relevance


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_beta_contribution_by_contribution(seed: int) -> None:
    for case in drawn("alpha_beta", seed):
        given = case.inputs
        found = np.zeros((len(given["x"]), given["x"][0].size))
        for index, x, w, b, R in one_by_one(given):
            q = [one * other for one, other in zip(x, w, strict=True)]
            up = sum(each for each in q if each > 0) + max(b, 0)
            down = sum(each for each in q if each < 0) + min(b, 0)
            for j, each in enumerate(q):
                if each > 0:
                    found[index, j] += (given["alpha"] if down else 1) * each / up * R
                elif each < 0 and given["beta"]:
                    found[index, j] += (-given["beta"] if up else 1) * each / down * R
        np.testing.assert_allclose(case.expected.ravel(), found.ravel(), atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_beta_without_bias_neither_makes_up_nor_loses(seed: int) -> None:
    for case in drawn("alpha_beta", seed):
        if case.aspect == "inputs below zero":
            assert not case.inputs["layer"]["b"].any()
            assert (case.inputs["x"] < 0).any()
            assert case.expected.sum() == pytest.approx(case.inputs["R"].sum())


def test_alpha_beta_meets_every_kind_of_empty_part() -> None:
    kinds = set()
    for case in drawn("alpha_beta"):
        for _, x, w, b, _R in one_by_one(case.inputs):
            q = np.multiply(x, w)
            if case.aspect == "one part empty":
                kinds.add(((q > 0).any(), (q < 0).any(), np.sign(b)))
            else:
                assert (q > 0).any() or b > 0 or case.aspect != "both parts"
    assert {(True, False, 1), (False, True, -1), (False, False, 0)} <= kinds
    assert {(True, False, -1), (False, True, 1), (True, True, 1)} <= kinds  # the bias alone


@pytest.mark.parametrize("seed", SEEDS)
def test_box_rule_by_distances_from_the_bounds(seed: int) -> None:
    for case in drawn("box_rule", seed):
        given = case.inputs
        bounds = np.zeros((2, *given["x"].shape[1:]))
        bounds[0], bounds[1] = given["low"], given["high"]
        assert (bounds[0] <= given["x"]).all() and (given["x"] <= bounds[1]).all()
        found, kept = np.zeros((len(given["x"]), given["x"][0].size)), 0.0
        for index, x, w, _b, R in one_by_one(given):
            q = [
                (one - at) * v if v > 0 else (one - to) * v
                for one, v, at, to in zip(x, w, *map(np.ravel, bounds), strict=True)
            ]
            if any(q):
                found[index] += np.asarray(q) / sum(q) * R
                kept += R
        np.testing.assert_allclose(case.expected.ravel(), found.ravel(), atol=1e-9)
        assert case.expected.sum() == pytest.approx(kept)


@pytest.mark.parametrize("seed", SEEDS)
def test_starts_class_by_class(seed: int) -> None:
    versus = []
    for case in drawn("start", seed):
        given = case.inputs
        for scores, row in zip(given["scores"], case.expected, strict=True):
            for k, (score, found) in enumerate(zip(scores, row, strict=True)):
                sign = {given["c"]: 1, given.get("versus"): -1}.get(k, 0)
                assert found == sign * score
        versus.append(given.get("versus"))
    assert {None, 0} < set(versus)


@pytest.mark.parametrize("seed", SEEDS)
def test_relevances_of_networks_by_the_rules_of_the_box(seed: int) -> None:
    deepest = []
    for case in drawn("propagate", seed):
        given = case.inputs
        layers = [placed(each) for each in given["layers"]]
        a, received = given["x"].astype(float), []
        for number, each in enumerate(layers):
            received.append(a)
            # Keras convolves; other products are those of rows and columns.
            flat = a.reshape(len(a), -1)
            a = (flat @ each.w if each.w.ndim == 2 else each.forward(a, each.w)) + each.b
            if number < len(layers) - 1:
                a[a < 0] = 0
        R = np.zeros_like(a)
        R[:, given["c"]] = a[:, given["c"]]
        found = [R]
        for each, factors, x in zip(
            layers[::-1], given["rules"][::-1], received[::-1], strict=True
        ):
            found.append(mixed(*factors)(each, x, found[-1]))
        deepest.append(max(each.ndim for each in found))
        assert case.read is not None
        answer = case.read({"relevances": found[::-1]})
        np.testing.assert_allclose(answer, case.expected, rtol=1e-9, atol=1e-12)
    assert {2, 4} == set(deepest)  # with a convolution among them


@pytest.mark.parametrize(
    ("question", "mistake", "points"),
    [
        ("alpha_beta", "inputs below zero forgotten", 8),
        ("alpha_beta", "empty part ignored", 7),
        ("alpha_beta", "bias left out", 2),
        ("box_rule", "first channel's bounds", 6),
        ("box_rule", "divided by zero", 4),
        ("box_rule", "bias in the denominator", 4),
        ("start", "versus ignored", 2),
        ("start", "versus 0 ignored", 2),
        ("propagate", "ReLU forgotten", 6),
        ("propagate", "bias forgotten", 6),
        ("propagate", "rules from the wrong end", 7),
        ("propagate", "list reversed", 7),
        ("propagate", "inputs only", 7),
    ],
)
def test_a_mistake_costs_its_own_aspect(question: str, mistake: str, points: float) -> None:
    source = dict(getattr(lrp_wrong_b, question.upper()))[mistake]
    (result,) = judge([CHALLENGES[question]], 31, LocalTransport(source, "lrp")).results
    assert (result.mistake, result.points) == (mistake, points)


def test_a_loop_for_dense_layers_alone_is_not_enough() -> None:
    source = lrp_right_b.PROPAGATE[0].replace("layer.forward(a[i], layer.w)", "a[i] @ layer.w")
    (result,) = judge([CHALLENGES["propagate"]], 31, LocalTransport(source, "lrp")).results
    assert result.points == 6


@pytest.mark.parametrize("arguments", ["a[-1], c", "a[-1], c=c", "a[-1], c, None"])
def test_a_wrong_start_costs_the_loop_nothing(arguments: str) -> None:
    loop = lrp_right_b.PROPAGATE[0].replace("start(a[-1], c)", f"start({arguments})")
    assert f"start({arguments})" in loop
    wrong = dict(lrp_wrong_b.START)["ones"]
    challenges = [CHALLENGES["start"], CHALLENGES["propagate"]]
    first, second = judge(challenges, 5, LocalTransport(loop + wrong, "lrp")).results
    assert (first.points, second.points) == (0, 10)


@pytest.mark.parametrize("arguments", ["a[-1]", "a[-1], c, None, c", "a[-1], c, c=c"])
def test_a_start_that_is_called_wrongly_does_not_stand_in(arguments: str) -> None:
    loop = lrp_right_b.PROPAGATE[0].replace("start(a[-1], c)", f"start({arguments})")
    challenges = [CHALLENGES["start"], CHALLENGES["propagate"]]
    _, second = judge(challenges, 5, LocalTransport(loop + "del start", "lrp")).results
    assert (second.points, second.status) == (0, "failed")
    assert "TypeError" in second.message


def test_the_start_that_stands_in() -> None:
    scores = np.array([[1.0, -2, 3], [4, 5, 0]], np.float32)
    found = lrp_references.start(scores, np.asarray(1))
    assert (found.tolist(), found.dtype) == ([[0, -2, 0], [0, 5, 0]], np.float32)
    assert lrp_references.start(scores, 2, versus=0).tolist() == [[-1, 0, 3], [-4, 0, 0]]
    for given in itertools.product(HOSTILE, repeat=3):
        try:
            assert lrp_references.start(*given).size <= 2**16
        except ValueError:
            continue
    for index in (3, -4, 0.5, np.zeros(1, int)):
        with pytest.raises(ValueError, match="Expected the index"):
            lrp_references.start(scores, index)
