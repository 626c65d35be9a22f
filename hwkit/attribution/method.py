"""What attribution methods have in common, and those above all that have no path."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np

from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.streaming import Stream, batches
from hwkit.network import Cut
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import tensorflow as tf

    from hwkit.attribution.aumann_shapley import Report

_Self = TypeVar("_Self", bound="PointMethod")


class Method:
    """A method that is bound to a quantity and a network by its ``compile``."""

    _stream: Stream | None = None

    @property
    def stream(self) -> Stream:
        """The quantity and the cut network.

        Raises:
            RuntimeError: the method is not bound yet.
        """
        if self._stream is None:
            raise RuntimeError(
                "Expected a compiled method. Received: one without quantity and network. Call "
                "compile(quantity, cut), or let "
                "Explanation(model, method).for_layer(...).absolute(...) do it."
            )
        return self._stream


class PointMethod(Method):
    """An attribution method of one backward pass.

    Args:
        memory: bytes that one batch may take, about; the result never depends on it.
    """

    has_path: ClassVar[bool] = False  # so that there is neither a difference term nor a baseline

    def __init__(self, memory: int = 512 * 2**20) -> None:
        self.memory = memory
        self.report: Report | None = None  # most do not estimate an error

    def compile(self: _Self, quantity: Quantity | FunctionQuantity, cut: Cut) -> _Self:
        """This method, bound to a quantity and a network cut at a slice; ``self`` stays unbound."""
        bound = copy.copy(self)
        bound._stream = Stream(cut, quantity, self.memory)
        return bound

    def get_attributions(self, instance: np.ndarray) -> np.ndarray:
        """The attribution of every element of the slice.

        Args:
            instance: one instance ``(*input)`` or several ``(n, *input)``.

        Returns:
            In the shape of the slice, ``(*slice)`` or ``(n, *slice)``, float32.

        Raises:
            ValueError: an instance of the wrong shape, or with NaN or infinity.
        """
        raise NotImplementedError

    def completeness_error(self, instances: np.ndarray, attribution: np.ndarray) -> np.ndarray:
        """Relative difference between the sum of the attributions and the quantity, ``(n,)``.

        Args:
            instances: ``(n, *input)``.
            attribution: of these, ``(n, *slice)``.
        """
        cut = self.stream.cut
        quantity = self.stream.values(cut.activations(instances), instances)
        total = attribution.reshape(len(attribution), -1).sum(axis=1, dtype=np.float64)
        return relative_l1(np.abs(total - quantity), quantity)

    def _run(self, run: Callable[..., Any], instances: np.ndarray) -> Iterator[tuple[Any, int]]:
        """What a compiled function says batch by batch, and how many of a batch's rows count.

        The function takes the weights of a linear quantity (of another one: nothing), then the
        inputs of the tail.
        """
        cut, weights = self.stream.cut, self.stream.weights()
        for places, real in batches(len(instances), self.stream.batch):
            chosen = instances[places]
            slices = cut.activations(chosen)
            yield run(weights, *([chosen, slices] if cut.bypassed else [slices])), real


def derivative(
    quantity: Quantity | FunctionQuantity, weights: tf.Tensor, output: tf.Tensor
) -> tf.Tensor:
    """The derivative of a quantity by the output ``(n, *output)``; broadcasts to it.

    Args:
        quantity: any.
        weights: those of a linear one, which are its derivative.
        output: of the tail.
    """
    import tensorflow as tf

    if isinstance(quantity, Quantity):
        return weights
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(output)
        values = quantity.function(output)
    return tape.gradient(values, output, unconnected_gradients=tf.UnconnectedGradients.ZERO)
