"""Merges what scales channels, such as batch normalisation, into the linear step before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hwkit.attribution.relevance.steps import Linear, Network, Step


def merged(network: Network) -> Network:
    """Scales of channels merged into the linear step before them, where that feeds nothing else."""
    readers: dict[int, int] = {}
    for step in network.steps:
        for source in step.sources:
            readers[source] = readers.get(source, 0) + 1
    made: dict[int, Linear] = {}
    steps: list[Step] = []
    for step in network.steps:
        before = made.get(step.sources[0]) if isinstance(step, Linear) else None
        if (
            isinstance(step, Linear)
            and step.kind == "scale"
            and before is not None
            and before.weighted
            and readers[before.target] == 1
            and before.target != network.output
        ):
            steps.remove(before)
            step = _scaled_by(before, step)
        if isinstance(step, Linear):
            made[step.target] = step
        steps.append(step)
    return replace(network, steps=tuple(steps))


def _scaled_by(linear: Linear, scale: Linear) -> Linear:
    """One linear step that does what two do."""
    axes = [axis % linear.kernel.ndim for axis in linear.channels]
    shape = [size if axis in axes else 1 for axis, size in enumerate(linear.kernel.shape)]
    kernel = linear.kernel * (scale.kernel.reshape(shape) if scale.kernel.ndim else scale.kernel)
    bias = 0 if linear.bias is None else linear.bias * scale.kernel
    bias = bias + (0 if scale.bias is None else scale.bias)
    return replace(
        linear,
        target=scale.target,
        kernel=kernel.astype(np.float32),
        bias=np.asarray(bias, np.float32) if np.any(bias) else None,
    )
