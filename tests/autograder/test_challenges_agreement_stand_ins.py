"""A wrong blank of "agreement" costs its own points only; what stands in takes nothing hostile."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from answers import agreement_right_a_backprop, agreement_right_a_deeplift
from gallery import CHALLENGES
from local_transport import LocalTransport
from test_challenges import HOSTILE

from autograder.challenges import agreement_guided_relu, agreement_multiplier
from autograder.judge import judge

BLANKS = ("guided_relu", "guided_backprop", "multiplier", "deeplift", "reveal_cancel")
BODIES = ("None", "raise NotImplementedError", "return 0 * args[0]", "raise ValueError('no')")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(
    ("blank", "question", "right"),
    [
        ("guided_relu", "guided_backprop", agreement_right_a_backprop.GUIDED_BACKPROP[0]),
        ("guided_relu", "guided_backprop", agreement_right_a_backprop.GUIDED_BACKPROP[3]),
        ("multiplier", "deeplift", agreement_right_a_deeplift.DEEPLIFT[0]),
        ("multiplier", "deeplift", agreement_right_a_deeplift.DEEPLIFT[2]),
        ("multiplier", "deeplift", agreement_right_a_deeplift.DEEPLIFT[3]),
    ],
)
def test_a_wrong_blank_does_not_cost_the_question_that_uses_it(
    blank: str, question: str, right: str, body: str
) -> None:
    chosen = [CHALLENGES[each] for each in (blank, question)]
    source = right + f"\ndef {blank}(*args, **named): {body}\n"
    results = judge(chosen, 5, LocalTransport(source, "agreement")).results
    assert results[0].points == 0
    assert (results[1].status, results[1].points) == ("passed", results[1].max_points)


def test_a_multiplier_that_stands_in_takes_functions_by_name_and_refuses_others() -> None:
    named = agreement_right_a_deeplift.DEEPLIFT[0].replace(
        "multiplier(*received[k], relu, relu_slope)",
        "multiplier(*received[k], slope=relu_slope, f=relu)",
    )
    broken = "\ndef multiplier(x, r, f, slope): return x\n"
    chosen = [CHALLENGES[each] for each in ("multiplier", "deeplift")]
    _, result = judge(chosen, 5, LocalTransport(named + broken, "agreement")).results
    assert result.status == "passed"
    missing = named.replace("slope=relu_slope, ", "")
    _, result = judge(chosen, 5, LocalTransport(missing + broken, "agreement")).results
    assert result.points == 0
    assert "multiplier() takes x, r, f, slope" in result.message


REFERENCES: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
    (agreement_guided_relu.reference, {"signal": np.ones(3), "x": np.array([1.0, -1, 2])}),
    (
        agreement_multiplier.reference,
        {key: np.arange(3.0) for key in ("x", "r", "f_x", "f_r", "slope_x", "slope_r")},
    ),
)


@pytest.mark.parametrize(("function", "given"), REFERENCES)
def test_what_stands_in_refuses_what_it_does_not_take(function, given) -> None:
    assert function(**given).shape == (3,)
    for key, value in itertools.product(given, (*HOSTILE, np.full(3, np.inf), np.ones((5, 5)))):
        try:
            found = function(**given | {key: value})
        except ValueError as error:
            assert "Expected" in str(error)
            continue
        assert found.size <= 2**20 and np.isfinite(found).all()


def test_a_multiplier_that_stands_in_broadcasts_one_reference() -> None:
    x, r = np.array([[2.0, -1], [1, 3]], np.float32), np.array([[-2.0, 3]], np.float32)
    told = {"x": x, "r": r, "f_x": np.maximum(x, 0), "f_r": np.maximum(r, 0)}
    found = agreement_multiplier.reference(**told, slope_x=(x > 0) * 1, slope_r=(r > 0) * 1)
    np.testing.assert_allclose(found, [[0.5, 0.75], [1 / 3, 1]])


@pytest.mark.parametrize("name", BLANKS)
@pytest.mark.parametrize("body", ["return None", "return ...", "raise NotImplementedError"])
def test_an_empty_blank_is_not_attempted(name: str, body: str) -> None:
    source = f"def {name}(*given): {body}"
    (result,) = judge([CHALLENGES[name]], 5, LocalTransport(source, "agreement")).results
    assert (result.status, result.points) == ("missing", 0)
    (result,) = judge([CHALLENGES[name]], 5, LocalTransport("", "agreement")).results
    assert result.status == "missing"
