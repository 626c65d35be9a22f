"""DeepLIFT (Shrikumar et al. 2017): the difference from a reference, handed back to the inputs.

What the network says of an instance differs from what it says of a reference. Every number in it
that differs, too, gets its part of that difference; the parts of a slice add up to the whole.

    method = DeepLIFT(baseline=0.0)
    Explanation(model, method).for_input().absolute(3).explain(x).attribution

Over several references, such as pictures of the training set, the mean is DeepSHAP (Lundberg & Lee
2017, section 4.2; Chen, Lundberg & Lee 2021), an estimate of Shapley values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hwkit import quantities
from hwkit.attribution.aumann_shapley import as_batch
from hwkit.attribution.method import PointMethod, derivative
from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.relevance.from_keras import network_of
from hwkit.attribution.relevance.multipliers import Rescale
from hwkit.attribution.relevance.reveal_cancel import RevealCancel
from hwkit.attribution.streaming import batches
from hwkit.network import Cut, in_batches, signature
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import tensorflow as tf

_RULES: dict[str, type[Rescale] | type[RevealCancel]] = {
    "rescale": Rescale,
    "reveal-cancel": RevealCancel,
}


class DeepLIFT(PointMethod):
    """DeepLIFT at any slice, for any linear quantity and for the predicted class.

    Args:
        rule: of activations: "rescale", or "reveal-cancel", which sees also what cancels.
        baseline: the reference. ``None``: zeros at the slice. Else of the INPUT, whose activations
            at the slice are the reference then: a number, a picture ``(*input)``, or several
            ``(b, *input)`` for the mean over them.
        pass_through: names of layers, or of their classes, that may be taken for functions of each
            number by itself.
        memory: bytes that one batch may take, about; the result never depends on it.

    Raises:
        ValueError: another rule, or a baseline with NaN or infinity. TypeError: not numbers.
    """

    def __init__(
        self,
        rule: Literal["rescale", "reveal-cancel"] = "rescale",
        *,
        baseline: float | np.ndarray | None = None,
        pass_through: Sequence[str] = (),
        memory: int = 512 * 2**20,
    ) -> None:
        super().__init__(memory)
        if rule not in _RULES:
            raise ValueError(f"Expected rule 'rescale' or 'reveal-cancel'. Received: {rule!r}.")
        self.rule = rule
        self.baseline = None if baseline is None else _as_numbers(baseline)
        self.pass_through = tuple(pass_through)

    def compile(self, quantity: Quantity | FunctionQuantity, cut: Cut) -> DeepLIFT:
        """This method, bound to a quantity and a network cut at a slice; ``self`` stays unbound.

        Raises:
            ValueError: a quantity that is not linear in the output.
        """
        if not isinstance(quantity, Quantity) and quantity != quantities.predicted():
            raise ValueError(
                "Expected a quantity that is linear in the output, such as absolute(c), "
                "comparative(c1, c2), channel(...) or quantities.weighted([...]), or predicted(). "
                f"Received: '{quantity.name}', a function of the output, for which DeepLIFT has no "
                "multipliers. Explain the scores that it is made of."
            )
        return super().compile(quantity, cut)

    def get_attributions(self, instance: np.ndarray) -> np.ndarray:
        """What every element of the slice adds to the quantity's difference from the reference.

        Args:
            instance: one instance ``(*input)`` or several ``(n, *input)``.

        Returns:
            In the shape of the slice, ``(*slice)`` or ``(n, *slice)``, float32; the mean over the
            references where there are several.

        Raises:
            ValueError: an instance or a baseline of the wrong shape, or with NaN or infinity; a
                layer that has no multipliers.
        """
        cut = self.stream.cut
        instances, single = as_batch(instance, cut.instance_shape)
        slices = cut.activations(instances)
        references = self._references(instances, slices)
        run, weights = self._prepared(), self.stream.weights()
        total = np.zeros(slices.shape)
        # Instances and references are both kept while a batch goes back.
        largest, count = max(1, self.stream.batch // 2), len(references)
        once = count == 1 and not cut.bypassed  # one reference for all goes through once
        for places, real in batches(len(instances) * count, largest):
            row, which = np.divmod(places, count)
            ends = _inputs(cut, instances[row], slices[row])
            starts = _inputs(cut, instances[row], references if once else references[which])
            found = np.asarray(run(weights, *ends, *starts), np.float64)[:real]
            rows, first = np.unique(row[:real], return_index=True)
            total[rows] += np.add.reduceat(found, first, axis=0)
        attribution = (total / count).astype(np.float32)
        return attribution[0] if single else attribution

    def completeness_error(self, instances: np.ndarray, attribution: np.ndarray) -> np.ndarray:
        """How far attributions are from adding up: ``|sum - gain| / |gain|``, ``(n,)``.

        The gain is Q(z) - Q(r), with several references less the mean of Q(r). Of the predicted
        class, Q is the score of the class that the instance is said to be, at the reference, too.

        Args:
            instances: ``(n, *input)``.
            attribution: of these, ``(n, *slice)``.
        """
        import tensorflow as tf

        stream = self.stream
        slices = stream.cut.activations(instances)
        tail = list(_inputs(stream.cut, instances, slices))
        outputs = in_batches(stream.cut.tail, tail, stream.batch)
        start = np.asarray(derivative(stream.quantity, stream.weights(), tf.constant(outputs)))
        difference = start * (outputs - self._at_references(instances, slices))
        gain = difference.reshape(len(outputs), -1).sum(axis=1, dtype=np.float64)
        total = attribution.reshape(len(attribution), -1).sum(axis=1, dtype=np.float64)
        return relative_l1(np.abs(total - gain), gain)

    def _at_references(self, instances: np.ndarray, slices: np.ndarray) -> np.ndarray:
        """What the network says at the references in the mean, ``(n or 1, *output)``."""
        cut, batch = self.stream.cut, self.stream.batch
        references = self._references(instances, slices)
        if not cut.bypassed:
            outputs = in_batches(cut.tail, references, batch)
            return outputs.mean(axis=0, keepdims=True, dtype=np.float64)
        total = np.zeros(1)
        for reference in references:
            points = np.broadcast_to(reference, slices.shape)
            total = total + in_batches(cut.tail, [instances, points], batch)
        return total / len(references)

    def _references(self, instances: np.ndarray, slices: np.ndarray) -> np.ndarray:
        """The references at the slice ``(b, *slice)``.

        Raises:
            ValueError: a baseline of another shape than the instances'.
        """
        if self.baseline is None:
            return np.zeros_like(slices[:1])
        shape = instances.shape[1:]
        given = np.full(shape, self.baseline) if self.baseline.ndim == 0 else self.baseline
        if given.ndim == len(shape):
            given = given[np.newaxis]
        if given.shape[1:] != shape or not len(given):
            raise ValueError(
                f"Expected a baseline of the input: a number, or one picture {shape}, or several "
                f"(b, {', '.join(map(str, shape))}). Received: shape {self.baseline.shape}. For "
                "zeros at the slice leave it out."
            )
        return self.stream.cut.activations(given)

    def _prepared(self) -> Callable[..., Any]:
        """The compiled backward pass, made once for each cut."""
        import tensorflow as tf

        cut, quantity = self.stream.cut, self.stream.quantity
        own = None if isinstance(quantity, Quantity) else quantity
        key = (type(self), self.rule, self.pass_through, own)
        if key not in cut.compiled:
            through = _RULES[self.rule](network_of(cut.tail, self.pass_through))
            inputs = signature(cut.tail)
            spec = [tf.TensorSpec(None, tf.float32), *inputs, *inputs]

            @tf.function(input_signature=spec, autograph=False)
            def run(weights: tf.Tensor, *given: tf.Tensor) -> tf.Tensor:
                ends, starts = given[: len(inputs)], given[len(inputs) :]
                return through(ends, starts, partial(derivative, quantity, weights))

            cut.compiled[key] = run
        compiled: Callable[..., Any] = cut.compiled[key]
        return compiled


def _inputs(cut: Cut, instances: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, ...]:
    """What the tail takes; what leads around the slice is held at the instance."""
    return (instances, points) if cut.bypassed else (points,)


def _as_numbers(baseline: float | np.ndarray) -> np.ndarray:
    array = np.asarray(baseline)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            "Expected a baseline of numbers: one number, a picture or several. Received: dtype "
            f"{array.dtype}."
        )
    array = array.astype(np.float32)
    if not np.isfinite(array).all():
        raise ValueError("Expected finite numbers. Received: a baseline with NaN or infinity.")
    return array
