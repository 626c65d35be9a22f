"""A neuron in pixels: what of the picture makes a channel of an inner layer active."""

from __future__ import annotations

import numpy as np

from hwkit.attribution.aumann_shapley import Baseline
from hwkit.explanation import Explanation, ExplanationData
from hwkit.images.baselines import blurred


def project(
    explanation: Explanation,
    layer: str | int,
    neuron: int,
    instance: np.ndarray,
    focus: np.ndarray | None = None,
    baseline: Baseline = blurred,
) -> ExplanationData:
    """Explain a neuron's activation in terms of the input, with the difference term.

    Args:
        explanation: of the network, by any attribution method.
        layer: the neuron's layer, by name, paper name or index.
        neuron: its channel.
        instance: ``(*input)``.
        focus: how much each place of the neuron's map counts, ``(h, w)``; ``None``: all the same.
            With the neuron's own attribution map for a question, cut off at zero, the projection
            shows what the neuron sees where it matters for that question.
        baseline: where the path starts, in the input.

    Raises:
        ValueError: no such layer or neuron, or a focus or instance of another shape.
    """
    ### BEGIN SOLUTION influence: project
    question = explanation.for_input().channel(layer, int(neuron), focus)
    return question.explain(instance, ignore_difference_term=False, baseline=baseline)
    ### END SOLUTION
