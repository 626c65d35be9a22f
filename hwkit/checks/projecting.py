"""The check of ``project``: a neuron explained in pixels.

The network is linear, so the gradient is the same everywhere and an attribution is gradient times
(instance - baseline), whatever the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.attribution.aumann_shapley import AumannShapley, Baseline, as_baseline, as_batch
from hwkit.checks import nets
from hwkit.checks.comparing import Case, judge, numbers
from hwkit.checks.question import WrongAnswerError
from hwkit.checks.student_code import call

if TYPE_CHECKING:
    from hwkit.explanation import Explanation

_SIDE = 8
_EARLY, _LATE = nets.wave((3, 4), 0.2), nets.wave((4, 5), 1.4)
_SCORES = nets.wave((5, 6), 2.9)
_INFLUENCE_ONLY = "the difference term is missing: pass ignore_difference_term=False."
_FROM_ZEROS = "the path starts at zeros (the default); start at the blurred picture."
_HINTS = {
    _FROM_ZEROS: "baseline=blurred(instance[None])[0] is one blurred picture.",
    "": "explanation.for_input().channel(layer, neuron) asks the question; explain answers it.",
}


class GradientTimesDifference(AumannShapley):
    """Exact for the linear network of this check, and for no other."""

    def get_attributions(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Baseline = None
    ) -> np.ndarray:
        """The gradient at the instance, multiplied unless the difference term is ignored."""
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        ends = self.activations(batch)
        slopes = self.gradients(ends)
        if not ignore_difference_term:
            slopes = slopes * (ends - as_baseline(baseline, ends, batch))
        return slopes[0] if single else slopes


def check_project(project: Callable[..., Any]) -> None:
    """Judge the projection of two neurons of two layers.

    Raises:
        NotAttemptedError: the blank is empty. WrongAnswerError: another explanation.
    """
    judge(_cases(project), _HINTS, "the attribution")


def _cases(project: Callable[..., Any]) -> Iterator[Case]:
    from hwkit.images.baselines import blurred

    rng = np.linspace(0, 1, _SIDE)
    slow = np.outer(rng**2, 1 - rng)[..., np.newaxis]
    early, late = _EARLY, _EARLY @ _LATE
    for layer, neuron, slopes in (("late", 3, late), ("early", 1, early), ("late", 0, late)):
        instance = (nets.wave((_SIDE, _SIDE, 3), neuron) + 3 * slow).astype(np.float32)
        label = f"neuron {neuron} of layer '{layer}'"
        answer = call(project, linear_net(), layer, np.int64(neuron), instance, case=label)
        found = numbers(_attribution(answer, label), instance.shape, "the attribution", label)
        way = instance - blurred(instance[np.newaxis])[0]
        slope = slopes[:, neuron]
        score = late @ _SCORES[:, neuron] / _SIDE**2
        mistakes = {
            _INFLUENCE_ONLY: np.broadcast_to(slope, instance.shape),
            _FROM_ZEROS: slope * instance,
            "this explains the class of that index, not the neuron.": score * way,
            "this explains the whole layer, not one neuron of it.": slopes.sum(axis=1) * way,
            "the sign is turned.": -slope * way,
            "an absolute value is taken: attribution has a sign.": np.abs(slope * way),
            "this explains another layer than the one that was asked for.": (
                late if layer == "early" else early
            )[:, neuron]
            * way,
            "this is the neuron before the one that was asked for.": _other(slopes, neuron - 1)
            * way,
            "this is the neuron after the one that was asked for.": _other(slopes, neuron + 1)
            * way,
        }
        yield Case(label, found, slope * way, mistakes)


def _other(slopes: np.ndarray, neuron: int) -> np.ndarray:
    return slopes[:, neuron % slopes.shape[1]]


def _attribution(answer: Any, label: str) -> np.ndarray:
    from hwkit.explanation import ExplanationData, ExplanationForQuantity

    if isinstance(answer, ExplanationForQuantity):
        raise WrongAnswerError(
            f"this is a question without an instance ({label}).", "Call .explain(instance, ...)."
        )
    if not isinstance(answer, ExplanationData):
        raise WrongAnswerError(
            "expected the explanation itself (what explain returns), received "
            f"{type(answer).__name__} ({label}).",
            "Return the whole result of explain, not its .attribution and no picture.",
        )
    if answer.layer is not None:
        raise WrongAnswerError(
            f"this explains the neuron in terms of '{answer.layer}', not of the pixels ({label}).",
            "The slice is the input: for_input().",
        )
    return answer.attribution


@cache
def linear_net() -> Explanation:
    """(8, 8, 3), then 1x1 convolutions "early" (4) and "late" (5 channels), mean map, 6 scores."""
    import keras

    from hwkit.explanation import Explanation

    source = keras.Input((_SIDE, _SIDE, 3))
    x = keras.layers.Conv2D(4, 1, use_bias=False, name="early")(source)
    x = keras.layers.Conv2D(5, 1, use_bias=False, name="late")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(source, keras.layers.Dense(6, use_bias=False)(x), name="linear")
    model.set_weights([_EARLY[np.newaxis, np.newaxis], _LATE[np.newaxis, np.newaxis], _SCORES])
    return Explanation(model, GradientTimesDifference(resolution=1))
