"""What a layer hands down to its inputs, by its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.attribution.relevance.layer import LinearLayer
from hwkit.attribution.relevance.rules import Fraction, Rule
from hwkit.attribution.relevance.steps import Linear

if TYPE_CHECKING:
    import tensorflow as tf


class ByFractions:
    """A linear step with the weights of its rule's fractions.

    Args:
        step: the step.
        rule: its rule.
        kernel: its weights as a tensor.
        bias: its bias as a tensor, or ``None``.
        nonnegative: its inputs are never below zero.
        silent: its outputs below zero never receive relevance.
    """

    def __init__(
        self, step: Linear, rule: Rule, kernel: Any, bias: Any, *, nonnegative: bool, silent: bool
    ) -> None:
        self._step = step
        self._rule = rule
        self._nonnegative = nonnegative
        self._kernel = kernel
        self._bias = bias
        self._fractions = [
            (fraction, self._terms(fraction), self._bias_of(fraction))
            for fraction in rule.fractions
            if not (silent and fraction.outputs == "negative")
        ]

    def _terms(self, fraction: Fraction) -> list[tuple[str, Any]]:
        """Inputs and weights of the terms that are not all zero."""
        import tensorflow as tf

        terms = []
        for term in fraction.terms:
            inputs: str = term.inputs
            if self._nonnegative and inputs in ("x+", "x-"):
                if inputs == "x-":
                    continue
                inputs = "x"
            weights = np.asarray(term.weights(self._step.kernel), np.float32)
            if weights is self._step.kernel or np.array_equal(weights, self._step.kernel):
                terms.append((inputs, self._kernel))
            elif weights.any():
                terms.append((inputs, tf.constant(weights)))
        return terms

    def _bias_of(self, fraction: Fraction) -> Any:
        import tensorflow as tf

        if fraction.bias is None or self._step.bias is None:
            return None
        bias = np.asarray(fraction.bias(self._step.bias), np.float32)
        if np.array_equal(bias, self._step.bias):
            return self._bias
        return tf.constant(bias) if bias.any() else None

    def hand_down(
        self,
        x: tf.Tensor,
        z: tf.Tensor,
        received: tf.Tensor,
        box: tuple[tf.Tensor, tf.Tensor] | None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What the inputs get ``(n, *input)``, and what the bias keeps ``(n,)``."""
        import tensorflow as tf

        parts = [self._part(x, z, terms, bias, box) for _, terms, bias in self._fractions]
        share, to_bias = tf.zeros_like(x), tf.zeros(tf.shape(x)[:1])
        for place, (fraction, _, bias) in enumerate(self._fractions):
            tape, inputs, outputs, denominator = parts[place]
            if denominator is None:
                continue
            factor = self._factor(fraction, place, [part[3] for part in parts])
            stable = away_from_zero(denominator, self._rule.epsilon)
            per_unit = tf.math.divide_no_nan(received * _of_sign(fraction, z), stable) * factor
            for each, output in zip(inputs, outputs, strict=True):
                share += each * tape.gradient(output, each, per_unit)
            if bias is not None:
                to_bias += total(per_unit * bias)
        return share, to_bias

    def _part(
        self,
        x: tf.Tensor,
        z: tf.Tensor,
        terms: list[tuple[str, Any]],
        bias: Any,
        box: tuple[tf.Tensor, tf.Tensor] | None,
    ) -> tuple[Any, list[tf.Tensor], list[tf.Tensor], Any]:
        """A fraction's tape, inputs and outputs of its terms, and denominator.

        The denominator is ``None`` where there is nothing to share with.
        """
        import tensorflow as tf

        if not terms:
            return None, [], [], bias
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            inputs = [_inputs(name, x, box) for name, _ in terms]
            tape.watch(inputs)
            outputs = [
                self._step.apply(each, weights)
                for each, (_, weights) in zip(inputs, terms, strict=True)
            ]
        (name, weights), *more = terms
        same_bias = bias is self._bias
        if name == "x" and weights is self._kernel and not more and same_bias:
            return tape, inputs, outputs, z  # the forward pass has it already
        denominator = sum(outputs[1:], start=outputs[0])
        return tape, inputs, outputs, denominator if bias is None else denominator + bias

    def _factor(self, fraction: Fraction, place: int, denominators: list[Any]) -> Any:
        """How much a fraction hands out; all of it where every other one is empty."""
        import tensorflow as tf

        others = [
            each
            for number, each in enumerate(denominators)
            if number != place and self._fractions[number][0].outputs == "all"
        ]
        if fraction.outputs != "all" or len(self._fractions) == 1:
            return float(fraction.factor)
        whole = float(sum(each.factor for each, _, _ in self._fractions))
        there = [each for each in others if each is not None]
        if not there:
            return whole
        empty = tf.reduce_all(tf.stack([tf.equal(each, 0) for each in there]), axis=0)
        return tf.where(empty, whole, float(fraction.factor))


class ByFunction:
    """A linear step with a rule that is a function of the user's.

    Args:
        step: the step.
        rule: its rule.
    """

    def __init__(self, step: Linear, rule: Rule) -> None:
        self._step = step
        self._rule = rule

    def hand_down(
        self,
        x: tf.Tensor,
        z: tf.Tensor,
        received: tf.Tensor,
        box: tuple[tf.Tensor, tf.Tensor] | None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What the inputs get ``(n, *input)``, and what the bias keeps: that is not known, so 0.

        Raises:
            ValueError: the function gives something else than relevance of the inputs.
        """
        import tensorflow as tf

        assert self._rule.function is not None
        layer = LinearLayer.of_step(self._step, x.shape[1:])
        # Copies: the function may change its arguments, and tensors share their memory.
        share = self._rule.function(layer, np.array(x), np.array(received))
        return tf.constant(self._checked(share, x.shape)), tf.zeros(len(x))

    def _checked(self, share: Any, shape: tuple[int, ...]) -> np.ndarray:
        expected = (
            f"Expected relevance of shape {tuple(shape)}, as the inputs have it, from the rule "
            f"'{self._rule.name}' at layer '{self._step.name}'."
        )
        try:
            found = np.asarray(share)
            found = found.astype(np.float32, casting="same_kind")
        except (TypeError, ValueError):
            raise ValueError(f"{expected} Received: {type(share).__name__}.") from None
        if found.shape != tuple(shape):
            raise ValueError(f"{expected} Received: shape {found.shape}.")
        wrong = np.size(found) - np.isfinite(found).sum()
        if wrong:
            raise ValueError(
                f"{expected} Received: {wrong} of {found.size} numbers are NaN or infinite. Where "
                "a denominator is zero there is nothing to hand out: give zero."
            )
        return found


def _inputs(name: str, x: tf.Tensor, box: tuple[tf.Tensor, tf.Tensor] | None) -> tf.Tensor:
    import tensorflow as tf

    if box is not None and name in ("low", "high"):
        return tf.identity(box[name == "high"])
    return {
        "x": lambda: tf.identity(x),
        "x+": lambda: tf.maximum(x, 0.0),
        "x-": lambda: tf.minimum(x, 0.0),
        "1": lambda: tf.ones_like(x),
    }[name]()


def _of_sign(fraction: Fraction, z: tf.Tensor) -> Any:
    import tensorflow as tf

    if fraction.outputs == "all":
        return 1.0
    chosen = z > 0 if fraction.outputs == "positive" else z < 0
    return tf.cast(chosen, tf.float32)


def away_from_zero(z: tf.Tensor, epsilon: float) -> tf.Tensor:
    """The sum z + epsilon sign(z), where the sign of zero counts as positive."""
    import tensorflow as tf

    return z if not epsilon else z + tf.where(z >= 0, epsilon, -epsilon)


def total(tensor: tf.Tensor) -> tf.Tensor:
    """The sum of each instance's numbers: ``(n,)``."""
    import tensorflow as tf

    return tf.reduce_sum(tf.reshape(tensor, (tf.shape(tensor)[0], -1)), axis=1)
