"""What a network is made of, in the terms of relevance propagation.

Tensors are numbered; a step reads some of them and makes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True)
class Step:
    """A step of the forward pass.

    Attributes:
        name: of the layer that it comes from.
        sources: numbers of the tensors that it reads.
        target: number of the tensor that it makes.
    """

    name: str
    sources: tuple[int, ...]
    target: int


@dataclass(frozen=True)
class Linear(Step):
    """z = apply(x, kernel) + bias: a rule hands its relevance down.

    Attributes:
        kind: "dense", "conv", "pool" (average and the like) or "scale" (each channel by itself).
        apply: linear in both of its arguments, without bias.
        kernel: the weights.
        bias: broadcasts to z; ``None`` for none.
        channels: the axes of the kernel that number the channels of z.
    """

    kind: str = "dense"
    apply: Callable[[Any, Any], tf.Tensor] = field(default=lambda x, w: x * w, repr=False)
    kernel: np.ndarray = field(default_factory=lambda: np.ones(()), repr=False)
    bias: np.ndarray | None = field(default=None, repr=False)
    channels: tuple[int, ...] = (-1,)

    @property
    def weighted(self) -> bool:
        """Whether it has weights that were learned, and mixes inputs."""
        return self.kind in ("dense", "conv")


@dataclass(frozen=True)
class Pass(Step):
    """A function of each number by itself: relevance passes through it unchanged.

    Attributes:
        function: of the tensor.
        nonnegative: its values are never below zero; ``None``: where its input's are not.
        rectifies: it is zero where its input is zero or below, and only there.
    """

    function: Callable[[Any], tf.Tensor] = field(default=lambda x: x, repr=False)
    nonnegative: bool | None = None
    rectifies: bool = False


@dataclass(frozen=True)
class Route(Step):
    """Numbers are moved, chosen or left out: relevance goes back to where they came from.

    Reshaping, padding, cropping, concatenation and maxima (where the winner takes all).

    Attributes:
        function: of the tensors.
        keeps_box: whether bounds of the inputs may be routed in the same way.
    """

    function: Callable[..., tf.Tensor] = field(default=lambda x: x, repr=False)
    keeps_box: bool = True

    @property
    def chooses(self) -> bool:
        """Whether it takes maxima: which numbers it moves depends on them, so it is not linear."""
        return not self.keeps_box


@dataclass(frozen=True)
class Add(Step):
    """A sum of tensors: each gets relevance in proportion to what it brings."""


@dataclass(frozen=True)
class Network:
    """The steps of a network, in order.

    Attributes:
        inputs: how many inputs it has; their tensors have the first numbers.
        steps: in the order of the forward pass.
        output: number of the output's tensor.
    """

    inputs: int
    steps: tuple[Step, ...]
    output: int

    def nonnegative(self) -> frozenset[int]:
        """Numbers of the tensors that are never below zero."""
        found: set[int] = set()
        for step in self.steps:
            own = getattr(step, "nonnegative", None) if isinstance(step, Pass) else None
            if isinstance(step, Linear):
                own = step.kind == "pool" and step.sources[0] in found
            if own is None:
                own = all(source in found for source in step.sources)
            if own:
                found.add(step.target)
        return frozenset(found)

    def first(self) -> frozenset[str]:
        """Names of the layers with weights that see the last input with none of them between."""
        plain, names = {self.inputs - 1}, set()
        for step in self.steps:
            if not plain.issuperset(step.sources):
                continue
            if isinstance(step, Linear) and step.weighted:
                names.add(step.name)
            else:
                plain.add(step.target)
        return frozenset(names)
