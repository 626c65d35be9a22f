"""The forward pass through the steps of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hwkit.attribution.relevance.steps import Add, Linear, Network, Step

if TYPE_CHECKING:
    import tensorflow as tf


class Forward:
    """Computes the steps of a network; their weights become tensors here, once.

    Args:
        network: its steps.
    """

    def __init__(self, network: Network) -> None:
        import tensorflow as tf

        self._network = network
        self.kernels: dict[int, Any] = {}
        self.biases: dict[int, Any] = {}
        for step in network.steps:
            if isinstance(step, Linear):
                self.kernels[step.target] = tf.constant(step.kernel, tf.float32)
                bias = None if step.bias is None else tf.constant(step.bias, tf.float32)
                self.biases[step.target] = bias

    def __call__(self, inputs: tuple[tf.Tensor, ...]) -> dict[int, tf.Tensor]:
        """All tensors by their numbers, from the inputs ``(n, *input)`` on."""
        tensors = dict(enumerate(inputs))
        for step in self._network.steps:
            tensors[step.target] = self.output(step, [tensors[each] for each in step.sources])
        return tensors

    def output(self, step: Step, sources: list[tf.Tensor]) -> tf.Tensor:
        """What a step makes of its sources."""
        if isinstance(step, Linear):
            z = step.apply(sources[0], self.kernels[step.target])
            bias = self.biases[step.target]
            return z if bias is None else z + bias
        if isinstance(step, Add):
            return sum(sources[1:], start=sources[0])
        function: Any = step.function  # type: ignore[attr-defined]
        return function(*sources)

    def gradient(
        self, step: Step, sources: list[tf.Tensor], received: tf.Tensor
    ) -> list[tf.Tensor]:
        """What a step hands back to its sources as a gradient is handed back."""
        import tensorflow as tf

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(sources)
            again = self.output(step, sources)
        shares: list[tf.Tensor] = tape.gradient(again, sources, received)
        return shares
