"""Expected values of the constraint, the removal curve and the Bayesian draws; partial marks."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from answers import surrogate_right_b, surrogate_wrong_b
from gallery import CHALLENGES
from local_transport import LocalTransport
from scipy.integrate import trapezoid
from scipy.optimize import minimize
from scipy.special import softmax
from test_challenges import HOSTILE, drawn

from autograder.challenge import Response
from autograder.challenges import surrogate_references
from autograder.comparing import distance, numbers
from autograder.diagnosis import outcome_of
from autograder.inside.asks.surrogate_pictures import linear
from autograder.judge import generator, judge

SEEDS = (3, 11, 2**40)
BLANKS = ("constrained_fit", "keep_top", "removal_curve", "sample_weights", "predictive")
by_seed = pytest.mark.parametrize("seed", SEEDS)


def result(question: str, source: str, seed: int = 31) -> Any:
    return judge([CHALLENGES[question]], seed, LocalTransport(source, "surrogates")).results[0]


@pytest.mark.parametrize("question", BLANKS)
def test_rounding_takes_a_small_part_of_the_tolerance(question: str) -> None:
    challenge = CHALLENGES[question]
    for source in getattr(surrogate_right_b, question.upper()):
        found = judge([challenge], 17, LocalTransport(source, "surrogates")).recorded["responses"]
        for case, response in zip(challenge.draw(generator(17, question)), found, strict=True):
            answer = (case.read or numbers)(response["value"])
            assert case.tolerance is not None
            assert distance(answer, case.expected) < case.tolerance / 20


@by_seed
def test_the_constraint_holds_and_no_other_step_along_it_is_better(seed: int) -> None:
    for case in drawn("constrained_fit", seed):
        Z, y, w, empty, full = (case.inputs[key] for key in ("Z", "y", "weights", "empty", "full"))
        phi = case.expected
        assert phi.sum() == pytest.approx(full - empty, rel=1e-12)
        slope = -2 * (w * (y - empty - Z @ phi)) @ Z
        np.testing.assert_allclose(slope, slope.mean(), atol=1e-9 * w.max())  # none along it
        assert ((Z.sum(axis=1) > 0) & (Z.sum(axis=1) < Z.shape[1])).all()


def test_the_constrained_fit_is_that_of_a_general_minimiser() -> None:
    for case in drawn("constrained_fit"):
        Z, y, w, empty, full = (case.inputs[key] for key in ("Z", "y", "weights", "empty", "full"))
        found = minimize(
            lambda phi, Z=Z, y=y, w=w, e=empty: np.sum(w / w.sum() * (y - e - Z @ phi) ** 2),
            np.zeros(Z.shape[1]),
            method="SLSQP",
            constraints={"type": "eq", "fun": lambda phi, t=full - empty: phi.sum() - t},
            options={"ftol": 1e-14, "maxiter": 1000},
        )
        np.testing.assert_allclose(found.x, case.expected, atol=1e-5)


@by_seed
def test_what_each_aspect_of_the_constraint_leaves_aside(seed: int) -> None:
    for case in drawn("constrained_fit", seed):
        Z, y, w, empty = (case.inputs[key] for key in ("Z", "y", "weights", "empty"))
        free = np.linalg.lstsq(np.sqrt(w)[:, None] * Z, np.sqrt(w) * (y - empty), rcond=None)[0]
        bound = abs(free.sum() - case.expected.sum()) > 0.05
        assert bound == (case.aspect != "least squares")
        assert (np.ptp(w) > 0) == (case.aspect == "the weights")
        assert (empty == 0) == (case.aspect == "the weights")


@by_seed
def test_kept_pixels_in_reading_order(seed: int) -> None:
    seen: Counter[str] = Counter()
    for case in drawn("keep_top", seed):
        pictures, maps = case.inputs["pictures"], case.inputs["maps"]
        n, h, w, _ = pictures.shape
        fill = np.broadcast_to(case.inputs["fill"], pictures.shape)
        exact = Decimal(case.inputs["fraction"]) * h * w
        count = int(exact + Decimal("0.5"))
        for i in range(n):
            places = sorted(np.ndindex(h, w), key=lambda at, m=maps[i]: (-m[at], at))
            for place in places[:count]:
                assert case.expected[i][place].tolist() == pictures[i][place].tolist()
            for place in places[count:]:
                assert case.expected[i][place].tolist() == fill[i][place].tolist()
            if 0 < count < h * w and maps[i][places[count - 1]] == maps[i][places[count]]:
                seen["tie at the threshold"] += 1
                assert case.aspect.startswith("the exact number")
        assert not (pictures == fill).any()  # so that every pixel tells what became of it
        seen[f"fill of {np.ndim(case.inputs['fill'])} axes"] += 1
        seen["half a pixel"] += exact % 1 == Decimal("0.5")
        seen[f"fraction {case.inputs['fraction']}"] += 1
        assert not exact % 1 or case.aspect.startswith("the exact number")
    assert min(seen["half a pixel"], seen["fraction 0.0"], seen["fraction 1.0"]) == 1
    assert {"fill of 0 axes", "fill of 1 axes", "fill of 4 axes"} <= set(seen)
    assert seen["tie at the threshold"] >= 1


@by_seed
def test_curves_picture_by_picture(seed: int) -> None:
    uneven = 0
    for case in drawn("removal_curve", seed):
        given = case.inputs
        predict = linear(given["w"], given["b"])
        accuracies = []
        for fraction in given["fractions"]:
            kept = surrogate_references.keep_top(
                given["pictures"], given["maps"], float(fraction), given["fill"]
            )
            one_by_one = [predict(each[np.newaxis])[0] for each in kept]
            np.testing.assert_array_equal(one_by_one, predict(kept))  # in whatever batches
            np.testing.assert_array_equal(
                predict(kept),
                kept.reshape(len(kept), -1).astype(float)
                @ given["w"].reshape(-1, given["w"].shape[-1])
                + given["b"],
            )
            seen = [int(np.argmax(row)) for row in one_by_one]
            accuracies.append(statistics.fmean(seen == given["labels"]))
        at = given["fractions"]
        if case.aspect == "accuracies":
            np.testing.assert_allclose(case.expected, accuracies, atol=1e-12)
        else:
            area = trapezoid(accuracies, at) / (at[-1] - at[0])
            assert float(case.expected) == pytest.approx(area)
        uneven += np.ptp(np.diff(at)) > 0.02
        assert at[0] > 0 and at[-1] < 1
    assert uneven >= 4


@by_seed
def test_drawn_weights_with_fifty_digits(seed: int) -> None:
    seen = set()
    for case in drawn("sample_weights", seed):
        mean, rho, noise = (case.inputs[key] for key in ("mean", "rho", "noise"))
        found = np.empty(noise.shape)
        for index in np.ndindex(noise.shape):
            at = index[noise.ndim - mean.ndim :]
            r = float(rho[at])
            deviation = (1 + Decimal(r).exp()).ln()
            found[index] = float(
                Decimal(float(mean[at])) + deviation * Decimal(float(noise[index]))
            )
            seen.add(r if r == 500 else "tiny" if r < -28 else "ordinary")
        assert case.read is not None
        np.testing.assert_allclose(case.read(found), case.expected, rtol=1e-7)
        seen.add(noise.ndim - mean.ndim)
    assert seen == {500, "tiny", "ordinary", 0, 1}


@by_seed
def test_mean_and_spread_number_by_number(seed: int) -> None:
    for case in drawn("predictive", seed):
        logits = case.inputs["logits"].astype(float)
        p = softmax(logits, axis=2)
        mean, spread = np.empty(p.shape[1:]), np.empty(p.shape[1:])
        for at in np.ndindex(mean.shape):
            draws = [float(each[at]) for each in p]
            mean[at], spread[at] = statistics.fmean(draws), statistics.pstdev(draws)
        assert case.read is not None
        answer = case.read({"mean": mean, "spread": spread})
        np.testing.assert_allclose(answer, case.expected, atol=1e-12)
        large = case.aspect == "logits of a thousand"
        assert (logits.max() >= 999, logits.min() <= -900) == (large, large)


@pytest.mark.parametrize(
    ("question", "mistake", "points"),
    [
        ("constrained_fit", "constraint ignored", 3),
        ("constrained_fit", "constraint only nearly", 6),
        ("constrained_fit", "scaled afterwards", 3),
        ("constrained_fit", "empty forgotten in y", 3),
        ("constrained_fit", "weights ignored", 7),
        ("keep_top", "rounded down", 4),
        ("keep_top", "a half rounded to even", 4),
        ("keep_top", "equal pixels all kept", 4),
        ("keep_top", "equal pixels in another order", 4),
        ("keep_top", "nothing kept read as all", 4),
        ("keep_top", "one threshold for all pictures", 4),
        ("keep_top", "fill not used", 4),
        ("keep_top", "first picture's fill for all", 4),
        ("removal_curve", "labels not used", 2),
        ("removal_curve", "fractions from the last", 2),
        ("removal_curve", "not divided by the range", 3),
        ("removal_curve", "spacing not used", 3),
        ("sample_weights", "overflow", 3),
        ("sample_weights", "as it is written", 3),
        ("sample_weights", "as it is written, in double precision", 3),
        ("predictive", "softmax of the mean logits", 2),
        ("predictive", "one less than the samples", 2),
        ("predictive", "overflow", 4),
    ],
)
def test_a_mistake_costs_its_own_aspect(question: str, mistake: str, points: float) -> None:
    source = dict(getattr(surrogate_wrong_b, question.upper()))[mistake]
    found = result(question, source)
    assert (found.mistake, found.points) == (mistake, points)


def test_a_constraint_by_a_weight_of_a_million_is_not_exact() -> None:
    source = dict(surrogate_wrong_b.CONSTRAINED_FIT)["constraint only nearly"]
    for seed in range(20):
        assert result("constrained_fit", source, seed).points == 6


CURVE = surrogate_right_b.REMOVAL_CURVE
RIGHT_KEEP_TOP = surrogate_right_b.KEEP_TOP[0]


@pytest.mark.parametrize("style", [0, 2, 6])  # all pictures, one by one, by keywords
@pytest.mark.parametrize("wrong", ["lowest kept", "equal pixels all kept", None])
def test_a_wrong_keep_top_costs_the_curve_nothing(style: int, wrong: str | None) -> None:
    assert RIGHT_KEEP_TOP in CURVE[style]
    instead = dict(surrogate_wrong_b.KEEP_TOP)[wrong] if wrong else ""
    source = CURVE[style].replace(RIGHT_KEEP_TOP, instead)
    challenges = [CHALLENGES["keep_top"], CHALLENGES["removal_curve"]]
    first, second = judge(challenges, 5, LocalTransport(source, "surrogates")).results
    assert first.points < 6
    assert second.points == 5


def test_a_keep_top_that_is_called_wrongly_does_not_stand_in() -> None:
    source = CURVE[0].replace("(pictures, maps, f, fill)", "(pictures, maps, f)")
    source = source.replace(RIGHT_KEEP_TOP, "")
    challenges = [CHALLENGES["keep_top"], CHALLENGES["removal_curve"]]
    _, second = judge(challenges, 5, LocalTransport(source, "surrogates")).results
    assert (second.points, second.status) == (0, "failed")
    assert "TypeError" in second.message


def test_the_keep_top_that_stands_in() -> None:
    pictures = np.arange(12, dtype=np.float32).reshape(1, 2, 3, 2)
    maps = np.array([[[0, 2, 1], [2, 2, -3]]])
    found = surrogate_references.keep_top(pictures, maps, np.asarray(0.4), np.array([-1.0, -2]))
    kept = np.array([[0, 1, 0], [1, 0, 0]], bool)  # 0.4 * 6 + 0.5 = 2.9
    assert found[0][kept].tolist() == pictures[0][kept].tolist()
    assert found[0][~kept].tolist() == [[-1, -2]] * 4
    for given in itertools.product(HOSTILE, repeat=4):
        with pytest.raises(ValueError, match="Expected"):
            surrogate_references.keep_top(*given)
    good = [pictures, maps, 0.4, 0.0]
    for place, bad in itertools.product(range(4), [*HOSTILE, pictures[0], 1.5, -0.1, np.ones(3)]):
        given = [*good[:place], bad, *good[place + 1 :]]
        try:
            assert surrogate_references.keep_top(*given).shape == pictures.shape
        except ValueError:
            continue


def test_the_area_is_judged_by_the_student_s_own_accuracies() -> None:
    cases = [each for each in drawn("removal_curve") if each.aspect == "the area"]
    rng = np.random.default_rng(0)
    for case in cases:
        at = case.inputs["fractions"]
        own = rng.random(len(at))
        area = trapezoid(own, at) / (at[-1] - at[0])

        def judged(accuracies: Any, area: Any, case: Any = case) -> bool:
            value = {"accuracies": accuracies, "area": np.asarray(area)}
            return outcome_of(case, Response("answer", value)).right

        assert judged(own, area)
        assert not judged(own, area * (at[-1] - at[0]))
        assert judged(own, case.expected)  # right, whatever the accuracies are
        assert not judged(np.zeros(len(at)), 0.0)  # nothing is shown by no curve
        assert not judged(np.full(len(at), 0.5), 0.5)
        assert not judged(own[:-1], area)
        assert not judged({"received": "None"}, area)
        assert judged({"received": "None"}, case.expected)


@pytest.mark.parametrize(
    ("returned", "points"),
    [
        ("mean, spread", 5),
        ("[mean, spread]", 5),
        ("np.stack([mean, spread])", 5),
        ("mean, None", 2),
        ("None, spread", 2),
        ("mean", 0),
        ("mean, spread, p", 0),
        ("{'mean': mean, 'spread': spread}", 0),
        ("None", 0),
        ("...", 0),
        ("'both'", 0),
        ("0.5", 0),
    ],
)
def test_two_answers_come_in_any_honest_form(returned: str, points: float) -> None:
    source = surrogate_right_b.PREDICTIVE[0].replace(
        "return p.mean(axis=0), p.std(axis=0)",
        f"mean, spread = p.mean(axis=0), p.std(axis=0)\n    return {returned}",
    )
    assert returned in source
    found = result("predictive", source)
    assert found.points == points
    assert found.status == ("missing" if returned in ("None", "...") else found.status)


def test_the_network_in_the_box_says_what_it_takes() -> None:
    predict = linear(np.ones((2, 3, 1, 4), np.float32), np.zeros(4, np.float32))
    assert predict(np.ones((5, 2, 3, 1))).tolist() == [[6.0] * 4] * 5
    with pytest.raises(ValueError, match=r"\(n, 2, 3, 1\). Received: \(2, 3, 1\)"):
        predict(np.ones((2, 3, 1)))
