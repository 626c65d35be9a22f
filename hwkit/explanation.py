"""Ask a network a question: which slice, which quantity of interest, which instance.

explanation = Explanation(model, AumannShapley(resolution=50))
explanation.for_layer("conv4_1").absolute(3).explain(instance).attribution
explanation.for_input().comparative(1, 2).explain(instance, ignore_difference_term=False)
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit import quantities
from hwkit.attribution.aumann_shapley import AumannShapley, Baseline, as_batch
from hwkit.network import Cut, cut, find_layer
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import keras

    from hwkit.attribution.method import PointMethod


@dataclass(frozen=True)
class ExplanationData:
    """An explanation of one instance or of several.

    Attributes:
        attribution: ``(*slice)`` or ``(n, *slice)``, float32.
        instance: what was explained, ``(*input)`` or ``(n, *input)``.
        quantity: what was asked, in words.
        layer: the slice; ``None`` for the input.
        completeness_error: for each instance ``|sum(influence * (z - b)) - (Q(z) - Q(b))| / |Q(z) -
            Q(b)|``; of LIME and KernelSHAP b is the fill alone. A small one does not prove a good
            attribution: errors of opposite sign cancel in the sum.
        error_estimate: estimated relative L1 error of the attribution, for each instance; ``None``
            where the method does not estimate it (a student's own), NaN where there is no path
            and of LIME.
        points: points of the path used for each instance, or masked pictures; ``None`` where the
            method does not say.
        precision_error: what a precision below float32 cost (relative L1 of the gradients).
    """

    attribution: np.ndarray
    instance: np.ndarray
    quantity: str = ""
    layer: str | None = None
    completeness_error: np.ndarray | float = float("nan")
    error_estimate: np.ndarray | float | None = None
    points: np.ndarray | int | None = None
    precision_error: float = 0.0

    @property
    def single(self) -> bool:
        """Whether this explains one instance, without a batch axis."""
        return np.ndim(self.completeness_error) == 0

    def __len__(self) -> int:
        if self.single:
            raise TypeError(
                "Expected an explanation of several instances. Received: one of a single instance."
            )
        return len(self.attribution)

    def __iter__(self) -> Iterator[ExplanationData]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: int) -> ExplanationData:
        """The explanation of one of several instances."""
        if self.single:
            raise TypeError(
                "Expected an explanation of several instances. Received: one of a single instance."
            )
        pick = {
            name: value[index]
            for name in (
                "attribution",
                "instance",
                "completeness_error",
                "error_estimate",
                "points",
            )
            if isinstance(value := getattr(self, name), np.ndarray)
        }
        return ExplanationData(
            pick["attribution"],
            pick["instance"],
            self.quantity,
            self.layer,
            float(pick["completeness_error"]),
            float(pick["error_estimate"]) if "error_estimate" in pick else None,
            int(pick["points"]) if "points" in pick else None,
            self.precision_error,
        )


class ExplanationForQuantity:
    """A question that only lacks the instance."""

    def __init__(self, method: AumannShapley | PointMethod) -> None:
        self.method = method

    def explain(
        self,
        instance: np.ndarray,
        ignore_difference_term: bool | None = None,
        baseline: Baseline = None,
    ) -> ExplanationData:
        """Explain one instance ``(*input)`` or several ``(n, *input)``.

        Args:
            instance: one instance or several.
            ignore_difference_term: of Aumann-Shapley values: ``True`` (also what ``None`` means)
                for the influence, ``False`` for the influence times (z - b).
            baseline: of Aumann-Shapley values: b; see their ``get_attributions``.

        Raises:
            ValueError: instance, baseline or the method's answer has the wrong shape.
        """
        method = copy.copy(self.method)  # its report belongs to this call
        arguments: tuple[Any, ...] = ()
        if method.has_path:
            arguments = (ignore_difference_term in (None, True), baseline)
        elif ignore_difference_term is not None or baseline is not None:
            raise ValueError(
                f"Expected an instance only: {type(method).__name__} takes no difference term and "
                "no baseline here. Received one of these; leave it out, or give it to the method "
                "itself, as in DeepLIFT(baseline=...)."
            )
        batch, single = as_batch(instance, method.stream.cut.instance_shape)
        attribution = np.asarray(method.get_attributions(instance, *arguments))
        cut = method.stream.cut
        wanted = (() if single else (len(batch),)) + tuple(cut.activations(batch[:1]).shape[1:])
        if attribution.shape != wanted:
            raise ValueError(
                f"Expected get_attributions to return the shape of the slice, {wanted}. "
                f"Received: shape {attribution.shape}."
            )
        influence = attribution[np.newaxis] if single else attribution
        completeness = method.completeness_error(batch, influence, *arguments)
        report = method.report
        pick = (lambda values: values[0].item()) if single else (lambda values: values)
        return ExplanationData(
            attribution,
            np.asarray(instance),
            method.stream.quantity.name,
            cut.layer,
            pick(completeness),
            None if report is None else pick(report.error_estimate),
            None if report is None else pick(report.points),
            0.0 if report is None else report.precision_error,
        )


class ExplanationForLayer:
    """A question that lacks the quantity: what of the network's output is to be explained?"""

    def __init__(self, explanation: Explanation, layer: str | None) -> None:
        self.explanation = explanation
        self.layer = layer

    def absolute(self, c: int) -> ExplanationForQuantity:
        """Explain the score of class ``c``: Q = f_c (a column of the linear output)."""
        ### BEGIN SOLUTION influence: absolute
        return self.for_quantity(quantities.absolute(c))
        ### END SOLUTION

    def comparative(self, c1: int, c2: int) -> ExplanationForQuantity:
        """Explain how much more class ``c1`` scores than ``c2``: Q = f_c1 - f_c2."""
        ### BEGIN SOLUTION influence: comparative
        return self.for_quantity(quantities.comparative(c1, c2))
        ### END SOLUTION

    def predicted(self) -> ExplanationForQuantity:
        """Explain the score of the class that the network says, of each instance its own."""
        return self.for_quantity(quantities.predicted())

    def channel(
        self, layer: str | int, index: int, focus: np.ndarray | None = None
    ) -> ExplanationForQuantity:
        """Explain a channel of a later layer: projects a neuron to this slice.

        Its activation is summed over its map, or weighted by ``focus`` ``(h, w)``: given the
        channel's attribution map for a question, the projection shows what the neuron sees where
        it matters for that question.
        """
        name = find_layer(self.explanation.model, layer).name
        return self.for_quantity(quantities.channel(name, index, focus))

    def for_quantity(self, quantity: Quantity | FunctionQuantity) -> ExplanationForQuantity:
        """Explain any quantity of interest (see ``hwkit.quantities``)."""
        method = self.explanation.attribution_method
        return ExplanationForQuantity(
            method.compile(quantity, self.explanation.cut(self.layer, quantity.layer))
        )


class Explanation:
    """Explains one network by one attribution method.

    Args:
        model: any Keras model with one input and one output; a softmax at its end is replaced by
            its logits.
        attribution_method: for example ``AumannShapley(resolution=50)``, or a student's subclass of
            it.
        layer_class: a subclass of ``ExplanationForLayer`` with own quantities of interest.
    """

    def __init__(
        self,
        model: keras.Model,
        attribution_method: AumannShapley | PointMethod | None = None,
        layer_class: type[ExplanationForLayer] = ExplanationForLayer,
    ) -> None:
        method = AumannShapley() if attribution_method is None else attribution_method
        if isinstance(method, type) or not hasattr(method, "compile"):
            raise TypeError(
                "Expected an attribution method, such as AumannShapley(resolution=50). Received: "
                f"{method!r}."
            )
        if not hasattr(model, "layers"):
            raise TypeError(
                f"Expected a Keras model. Received: {model!r} ({type(model).__name__})."
            )
        self.model = model
        self.attribution_method = method
        self._layer_class = layer_class
        self._cuts: dict[tuple[str | None, str | None], Cut] = {}

    def for_layer(self, layer: str | int) -> ExplanationForLayer:
        """Explain in terms of a layer's output, found by name, paper name ("conv4_1") or index."""
        return self._layer_class(self, find_layer(self.model, layer).name)

    def for_input(self) -> ExplanationForLayer:
        """Explain in terms of the input: integrated gradients."""
        return self._layer_class(self, None)

    def with_method(self, attribution_method: AumannShapley | PointMethod) -> Explanation:
        """The same network, by another method; cuts and compiled gradients are shared."""
        other = Explanation(self.model, attribution_method, self._layer_class)
        other._cuts = self._cuts
        return other

    def cut(self, layer: str | None, stop: str | int | None = None) -> Cut:
        """The network cut at a layer, made once and kept with its compiled gradients."""
        stop_name = None if stop is None else find_layer(self.model, stop).name
        key = (layer, stop_name)
        if key not in self._cuts:
            self._cuts[key] = cut(self.model, layer, stop_name)
        return self._cuts[key]
