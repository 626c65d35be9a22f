"""Expected values of hidden challenges against forms worked out in other ways; their margins."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest

from autograder.challenge import Case, Challenge
from autograder.challenges import ASSIGNMENTS, challenges_of, influence_references
from autograder.challenges.drawing import MARGIN, confusions, separation
from autograder.challenges.influence_project import ConvolutionNet, convolved, convolved_back
from autograder.challenges.margins import nearest
from autograder.diagnosis import GENERAL
from autograder.inside.codec import encode
from autograder.judge import generator

CHALLENGES = [each for name in ASSIGNMENTS for each in challenges_of(name)]
POINTS = {
    "path_point": 2,
    "get_attributions": 10,
    "absolute": 5,
    "top_neurons_of_instance": 4,
    "top_neurons_of_class": 4,
    "project": 4,
    "hunt": 4,
    "comparative": 5,
    "most_influential": 6,
    "compress": 8,
    "recall": 5,
    "by_hand": 5,
    "lrp_zero": 8,
    "cancelling": 3,
    "hand_down": 10,
    "gamma_weights": 4,
    "alpha_beta": 10,
    "box_rule": 8,
    "start": 4,
    "propagate": 10,
    "class_hunt": 8,
    "masked": 4,
    "weighting_kernel": 6,
    "weighted_ridge": 10,
    "exact_shapley": 8,
    "shapley_kernel": 5,
    "constrained_fit": 10,
    "dummy_player": 4,
    "keep_top": 6,
    "removal_curve": 5,
    "sample_weights": 4,
    "predictive": 5,
    "surrogate_hunt": 8,
    "guided_relu": 4,
    "guided_backprop": 9,
    "multiplier": 6,
    "deeplift": 11,
    "reveal_cancel": 7,
    "ranks": 5,
    "spearman": 7,
    "agreement": 9,
    "opposed": 7,
    "agreement_hunt": 10,
}
# Their numbers are the notebook's own, or nothing is given at all.
NOT_DRAWN = ("by_hand", "cancelling", "dummy_player", "opposed")
by_question = pytest.mark.parametrize("challenge", CHALLENGES, ids=lambda each: each.question)


def drawn(question: str, seed: int = 11) -> list[Case]:
    challenge = next(each for each in CHALLENGES if each.question == question)
    return list(challenge.draw(generator(seed, question)))


def test_points_are_those_of_the_notebooks() -> None:
    found = {each.question: sum(each.aspects.values()) for each in CHALLENGES}
    assert found == POINTS


def test_unknown_assignments_are_refused() -> None:
    with pytest.raises(ValueError, match="influence"):
        challenges_of("../judge")


@pytest.mark.parametrize("question", sorted(set(POINTS) - set(NOT_DRAWN)))
def test_the_same_seed_draws_the_same_and_another_draws_another(question: str) -> None:
    def fingerprints(seed: int) -> list[bytes]:
        return [encode([case.inputs, case.expected]) for case in drawn(question, seed)]

    assert fingerprints(5) == fingerprints(5)
    assert not set(fingerprints(5)) & set(fingerprints(6))


@by_question
def test_wrong_answers_are_far_from_right_ones_and_from_one_another(challenge: Challenge) -> None:
    assert nearest(challenge, range(12)) >= MARGIN


@by_question
def test_every_mistake_is_told_in_words_that_fit(challenge: Challenge) -> None:
    cases = challenge.draw(generator(0, challenge.question))
    named = {name for case in cases for name in case.wrong()}
    assert named <= set(challenge.mistakes)
    assert len(challenge.mistakes) >= 8
    assert {case.aspect for case in cases} == set(challenge.aspects)
    for mistake in [*challenge.mistakes.values(), *GENERAL.values()]:
        assert mistake.message.endswith(".")
        assert len(mistake.message) + len(mistake.hint) < 300


def test_a_confusion_is_noticed() -> None:
    alike = {"first": np.ones(3), "second": np.ones(3), "none": np.zeros(3)}
    case = Case("", {}, np.zeros(3), lambda: alike, tolerance=1e-3)
    assert confusions([case]) == [("", "none"), ("first", "second")]


def test_a_wrong_answer_that_is_close_is_noticed() -> None:
    close = {"nearly": np.array([1.0, 1.01]), "the same here": np.ones(2)}
    case = Case("", {}, np.ones(2), lambda: close, tolerance=1e-3)
    assert separation(case) == pytest.approx(5)


def test_path_points_lie_on_the_line() -> None:
    for case in drawn("path_point"):
        b, z, t = (np.asarray(case.inputs[key], float) for key in ("baseline", "z", "t"))
        assert case.expected.shape == b.shape
        np.testing.assert_allclose(case.expected - b, t * (z - b), atol=1e-12)


def polynomial(net: Mapping[str, np.ndarray], c: int, z: np.ndarray) -> float:
    """Score of one point of the slice, written with powers."""
    return float(np.sum((z**2 / 2 + z**3 / 6) * net["weights"][..., c].astype(float)))


def test_attributions_are_sums_of_numerical_gradients() -> None:
    nodes = {
        "right": lambda m: [(i / m, 1 / m) for i in range(1, m + 1)],
        "left": lambda m: [(i / m, 1 / m) for i in range(m)],
        "midpoint": lambda m: [((i - 0.5) / m, 1 / m) for i in range(1, m + 1)],
        "trapezoid": lambda m: [(i / m, (0.5 if i in (0, m) else 1) / m) for i in range(m + 1)],
        "gauss_legendre": lambda m: [(0.5 - 1 / 12**0.5, 0.5), (0.5 + 1 / 12**0.5, 0.5)],
    }
    for case in drawn("get_attributions"):
        given, net = case.inputs, case.inputs["net"]
        kernel, bias = net["kernel"].astype(float), net["bias"].astype(float)

        def score(point: np.ndarray, given: dict = given, k=kernel, b=bias) -> float:
            z = point if given["layer"] else point @ k + b
            return polynomial(given["net"], given["c"], z)

        several = given["instance"].ndim > (1 if given["net"]["weights"].ndim == 2 else 3)
        instances = given["instance"] if several else given["instance"][np.newaxis]
        found = []
        for instance in instances.astype(float):
            z = instance @ kernel + bias if given["layer"] else instance
            start = np.zeros_like(z) if given["baseline"] is None else given["baseline"] + 0 * z
            total = np.zeros_like(z)
            for t, w in nodes[given["rule"]](given["resolution"]):
                point = start + t * (z - start)
                for index in np.ndindex(z.shape):
                    step = np.zeros_like(z)
                    step[index] = 1e-5
                    total[index] += w * (score(point + step) - score(point - step)) / 2e-5
            found.append(total if given["ignore"] else total * (z - start))
        answer = np.stack(found) if several else found[0]
        np.testing.assert_allclose(case.expected, answer, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("question", ["absolute", "comparative"])
def test_quantities_and_their_numerical_slopes(question: str) -> None:
    for case in drawn(question):
        given, net = case.inputs, case.inputs["net"]

        def value(point: np.ndarray, given: dict = given, net: dict = net) -> float:
            z = point if given["layer"] else point @ net["kernel"].astype(float) + net["bias"]
            first, *second = (polynomial(net, c, z) for c in given["classes"])
            return first - sum(second)

        for point, row in zip(given["points"].astype(float), case.expected, strict=True):
            assert row[0] == pytest.approx(value(point), rel=1e-6, abs=1e-6)
            slopes = [
                (value(point + step) - value(point - step)) / 2e-5
                for step in np.eye(len(point)) * 1e-5
            ]
            np.testing.assert_allclose(row[1:], slopes, rtol=1e-5, atol=1e-6)


def test_rankings_by_hand() -> None:
    for case in drawn("top_neurons_of_instance"):
        a, k = case.inputs["attribution"], case.inputs["k"]
        peaks = [max(a[:, :, c].ravel().tolist()) for c in range(a.shape[2])]
        best = sorted(range(len(peaks)), key=lambda c: -peaks[c])[:k]
        assert sorted(case.expected) == sorted(best)
        if "first" in case.aspect:
            assert list(case.expected) == best
    for case in drawn("top_neurons_of_class"):
        a, k = case.inputs["attributions"], case.inputs["k"]
        total = [sum(max(one[..., c].ravel().tolist()) for one in a) for c in range(a.shape[3])]
        best = sorted(range(len(total)), key=lambda c: -total[c])[:k]
        assert sorted(case.expected) == sorted(best)


def test_the_most_influential_neuron_by_hand() -> None:
    for case in drawn("most_influential"):
        best = []
        for name in ("attributions", "influences"):
            a = case.inputs[name]
            total = [sum(float(one[..., c].max()) for one in a) for c in range(a.shape[3])]
            best.append(total.index(max(total)))
        assert case.expected == best[0]
        assert (best[0] == best[1]) == ("whole set" in case.aspect)


def test_convolutions_are_those_of_keras() -> None:
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(3)
    x, kernel = rng.normal(size=(5, 4, 3)), rng.normal(size=(3, 3, 3, 2))
    theirs = keras.ops.conv(x[None].astype("f4"), kernel.astype("f4"), padding="same")[0]
    np.testing.assert_allclose(convolved(x, kernel), np.asarray(theirs), atol=1e-5)
    # The transpose: <Ax, y> = <x, A'y>.
    y = rng.normal(size=(5, 4, 2))
    assert np.sum(convolved(x, kernel) * y) == pytest.approx(np.sum(x * convolved_back(y, kernel)))


def test_projections_add_up_and_have_the_numerical_gradient() -> None:
    rng = np.random.default_rng(4)
    net = ConvolutionNet(
        rng.normal(0, 0.3, (3, 3, 3, 2)), rng.normal(0, 0.3, (3, 3, 2, 3)), np.zeros((3, 4))
    )
    start, end = rng.normal(size=(2, 4, 4, 3))
    weights = rng.normal(size=(4, 4, 3))

    def quantity(x: np.ndarray) -> float:
        first = convolved(x, net.early)
        second = convolved(first + first**2 / 4, net.late)
        return float(np.sum(weights * (second + second**2 / 4)))

    attribution = net.influence(start, end, "late", weights) * (end - start)
    assert attribution.sum() == pytest.approx(quantity(end) - quantity(start))  # completeness
    gradient = net.gradient(start, "late", weights)
    for index in [(0, 0, 0), (1, 2, 1), (3, 3, 2)]:
        step = np.zeros_like(start)
        step[index] = 1e-5
        slope = (quantity(start + step) - quantity(start - step)) / 2e-5
        assert gradient[index] == pytest.approx(slope, rel=1e-6)


def test_compressed_slices_channel_by_channel() -> None:
    for case in drawn("compress"):
        given = case.inputs
        ranked = sorted(enumerate(given["influence"].tolist()), key=lambda pair: pair[1])
        kept = {c for c, _ in ranked[: given["bottom"]]}
        kept |= {c for c, _ in ranked[len(ranked) - given["top"] :]}
        for c in range(len(ranked)):
            expected = given["activations"][..., c] if c in kept else 0.0
            np.testing.assert_array_equal(case.expected[..., c], expected)


def test_recalls_are_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    cases = drawn("recall")
    for case in cases:
        p, labels, c = (case.inputs[key] for key in ("predicted", "labels", "c"))
        assert case.expected == pytest.approx(metrics.recall_score(labels == c, p == c))
        assert case.wrong()["precision"] == pytest.approx(
            metrics.precision_score(labels == c, p == c)
        )
        assert case.wrong()["mean over classes"] == pytest.approx(
            metrics.recall_score(labels, p, average="macro")
        )
    assert sorted(float(case.expected) for case in cases)[:: len(cases) - 1] == [0, 1]


def test_references_do_what_their_blanks_should() -> None:
    b, z = np.array([1.0, 2.0]), np.array([3.0, 0.0])
    assert influence_references.path_point(b, z, 0.25).tolist() == [1.5, 1.5]
    a = np.zeros((1, 2, 3))
    a[0, 1] = [2, 5, 3]
    assert influence_references.top_neurons_of_instance(a, 2).tolist() == [1, 2]
    assert influence_references.top_neurons_of_class(a[np.newaxis], 3).tolist() == [1, 2, 0]
    points = influence_references.path(b, z)
    # Of t^3 on a line: exactly a quarter.
    t = (points[:, :1] - b[0]) / (z - b)[0]
    found = influence_references.average(np.repeat(t, 2, axis=1) ** 3, b, z)
    np.testing.assert_allclose(found["influence"], 0.25, rtol=1e-6)
    np.testing.assert_allclose(found["attribution"], 0.25 * (z - b), rtol=1e-6)


HOSTILE = (
    None,
    "x",
    [1, 2],
    {"a": 1},
    10**40,
    np.array([np.nan]),
    np.zeros(0),
    np.zeros(2**19),
    np.zeros((2, 2)),
    -1,
    0.5,
    True,
)


def test_references_refuse_what_they_do_not_take() -> None:
    functions = (
        (influence_references.path_point, 3),
        (influence_references.top_neurons_of_instance, 2),
        (influence_references.top_neurons_of_class, 2),
        (influence_references.path, 2),
        (influence_references.average, 3),
    )
    for function, count in functions:
        for given in itertools.product(HOSTILE, repeat=count):
            try:
                answer = function(*given)
            except ValueError:
                continue
            arrays = answer.values() if isinstance(answer, dict) else [answer]
            assert all(each.size <= 2**20 for each in arrays)
    with pytest.raises(ValueError, match="at most"):
        influence_references.path_point(np.zeros((2**10, 1)), np.zeros(2**10), 0.5)
