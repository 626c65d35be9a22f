"""What the asking functions of "influence" are asked about: hidden networks and their methods."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograder.inside.asks import Reference
from hwkit.attribution.aumann_shapley import AumannShapley, Baseline, as_baseline, as_batch
from hwkit.checks.nets import PolynomialNet
from hwkit.explanation import Explanation


class Written(AumannShapley):
    """Knows the attributions of the given instances and of no others.

    Args:
        instances: ``(n, *input)``.
        attributions: theirs with the difference term, ``(n, *slice)``.
        influences: without it.
    """

    def __init__(
        self, instances: np.ndarray, attributions: np.ndarray, influences: np.ndarray
    ) -> None:
        super().__init__()
        self._instances = instances.copy()
        self._attributions, self._influences = attributions, influences

    def get_attributions(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Baseline = None
    ) -> np.ndarray:
        """What is written down for these instances.

        Raises:
            ValueError: other instances, or another baseline than zeros at the slice.
        """
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        if baseline is not None and (callable(baseline) or np.any(baseline)):
            raise ValueError("Expected the default baseline. Received: another one.")
        same = (batch[:, np.newaxis] == self._instances[np.newaxis]).all(axis=(2, 3, 4))
        if not same.any(axis=1).all():
            raise ValueError("Expected the instances that were passed in. Received: others.")
        table = self._influences if ignore_difference_term else self._attributions
        found = table[same.argmax(axis=1)].copy()
        return found[0] if single else found


class Outside(AumannShapley):
    """Takes gradients where the judge says, and has the judge make attributions of them."""

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._reference = reference

    def get_attributions(
        self, instance: np.ndarray, ignore_difference_term: bool = True, baseline: Baseline = None
    ) -> np.ndarray:
        """Attributions ``(*slice)`` or ``(n, *slice)``."""
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        ends = self.activations(batch)
        starts = as_baseline(baseline, ends, batch)
        rows = []
        for start, end in zip(starts, ends, strict=True):
            gradients = self.gradients(self._reference("path", start=start, end=end))
            row = self._reference("average", gradients=gradients, start=start, end=end)
            rows.append(row["influence" if ignore_difference_term else "attribution"])
        return rows[0] if single else np.stack(rows)


def network(net: dict[str, Any]) -> Explanation:
    """A PolynomialNet of these weights; those of the same shapes are one model, compiled once."""
    kernel, bias, weights = net["kernel"], net["bias"], net["weights"]
    explanation = _polynomial(kernel.shape, weights.shape)
    explanation.model.set_weights([kernel, bias, weights.reshape(-1, weights.shape[-1])])
    return explanation


@cache
def _polynomial(kernel: tuple[int, ...], weights: tuple[int, ...]) -> Explanation:
    return PolynomialNet(np.zeros(kernel), np.zeros(kernel[-1:]), np.zeros(weights)).explanation


def convolutions(net: dict[str, Any]) -> Explanation:
    """A network of two convolutions with these weights; likewise."""
    early, late, scores = net["early"], net["late"], net["scores"]
    explanation = _two_convolutions(net["side"], early.shape, late.shape, scores.shape)
    explanation.model.set_weights([early, late, scores])
    return explanation


@cache
def _two_convolutions(side: int, early: Any, late: Any, scores: Any) -> Explanation:
    """Convolutions "early" and "late" (padded with zeros, bent a little), mean map, scores."""
    import keras

    def bend(x: Any) -> Any:
        return x + x * x / 4

    def convolution(shape: tuple[int, ...], name: str) -> Callable[[Any], Any]:
        return keras.layers.Conv2D(
            shape[-1], shape[:2], padding="same", use_bias=False, activation=bend, name=name
        )

    source = keras.Input((side, side, early[2]))
    mean = keras.layers.GlobalAveragePooling2D()(
        convolution(late, "late")(convolution(early, "early")(source))
    )
    dense = keras.layers.Dense(scores[-1], use_bias=False, name="scores")
    return Explanation(keras.Model(source, dense(mean), name="convolutions"))
