from __future__ import annotations

import numpy as np
import pytest
from galleries import assert_fails, assert_passes, verdict

from hwkit import AumannShapley, Explanation, ExplanationData, quantities
from hwkit.images.baselines import blurred


def plain(explanation, layer, neuron, instance):
    question = explanation.for_input().channel(layer, int(neuron))
    return question.explain(
        instance, ignore_difference_term=False, baseline=blurred(instance[None])[0]
    )


def baseline_as_function(explanation, layer, neuron, instance):
    return explanation.for_input().channel(layer, neuron).explain(instance, False, blurred)


def by_quantity(explanation, layer, neuron, instance):
    question = explanation.for_input().for_quantity(quantities.channel(layer, neuron))
    return question.explain(instance, False, blurred(np.stack([instance]))[0])


def one_of_several(explanation, layer, neuron, instance):
    question = explanation.for_input().channel(layer, neuron)
    return question.explain(instance[None], False, blurred(instance[None]))[0]


def own_method(explanation, layer, neuron, instance):
    other = Explanation(explanation.model, AumannShapley(resolution=20, rule="midpoint"))
    return baseline_as_function(other, layer, neuron, instance)


def with_method(explanation, layer, neuron, instance):
    other = explanation.with_method(AumannShapley(resolution=3))
    return baseline_as_function(other, layer, neuron, instance)


def multiplied_by_hand(explanation, layer, neuron, instance):
    found = explanation.for_input().channel(layer, neuron).explain(instance)
    away = instance - blurred(instance[None])[0]
    return ExplanationData(found.attribution * away, instance)


@pytest.mark.parametrize(
    "solution",
    [
        plain,
        baseline_as_function,
        by_quantity,
        one_of_several,
        own_method,
        with_method,
        multiplied_by_hand,
    ],
)
def test_right_projections_pass(solution):
    assert_passes("project", solution)


def asked(explanation, layer, neuron):
    return explanation.for_input().channel(layer, neuron)


WRONG = [
    (lambda e, la, n, x: asked(e, la, n).explain(x, True, blurred), "difference term is missing"),
    (lambda e, la, n, x: asked(e, la, n).explain(x), "difference term is missing"),
    (lambda e, la, n, x: asked(e, la, n).explain(x, False), "starts at zeros"),
    (lambda e, la, n, x: e.for_input().absolute(int(n)).explain(x, False, blurred), "the class"),
    (lambda e, la, n, x: e.for_layer(la).absolute(int(n)).explain(x), "not of the pixels"),
    (lambda e, la, n, x: asked(e, la, n + 1).explain(x, False, blurred), "neuron after"),
    (lambda e, la, n, x: asked(e, la, max(n - 1, 0)).explain(x, False, blurred), "neuron before"),
    (lambda e, la, n, x: asked(e, "late", n).explain(x, False, blurred), "another layer"),
    (
        lambda e, la, n, x: asked(e, la, n).explain(x, False, blurred).attribution,
        "received ndarray",
    ),
    (lambda e, la, n, x: asked(e, la, n), "a question without an instance"),
    (lambda e, la, n, x: asked(e, la, n).explain(x[None], False, blurred), "without a batch axis"),
    (lambda e, la, n, x: asked(e, n, la).explain(x, False, blurred), "your code stopped"),
    (
        lambda e, la, n, x: (
            e.for_input().for_quantity(quantities.channel_maximum(la, n)).explain(x, False, blurred)
        ),
        "differs in",
    ),
]


@pytest.mark.parametrize(("solution", "words"), WRONG)
def test_wrong_projections_are_told_why(solution, words):
    assert_fails("project", solution, words)


def test_an_empty_blank_is_not_attempted():
    assert "not attempted yet" in verdict("project", lambda e, la, n, x: None)
