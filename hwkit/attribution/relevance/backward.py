"""The walk back through a network, from its output to its inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hwkit.attribution.relevance.steps import Network, Step


def backward(
    network: Network, begun: Any, back: Callable[[Step, Any], Sequence[Any]]
) -> dict[int, Any]:
    """What arrives at every tensor that the output depends on; several readers' shares add up.

    Args:
        network: its steps.
        begun: what the output starts with: a tensor, or a tuple of tensors.
        back: what each source of a step gets, of what the step's own tensor received.

    Returns:
        By the number of the tensor.
    """
    import tensorflow as tf

    received = {network.output: begun}
    for step in reversed(network.steps):
        if step.target not in received:
            continue  # the output does not depend on it
        shares = back(step, received[step.target])
        for source, share in zip(step.sources, shares, strict=True):
            if source in received:
                share = tf.nest.map_structure(tf.add, received[source], share)
            received[source] = share
    return received
