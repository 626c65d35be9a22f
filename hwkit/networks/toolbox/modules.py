"""The toolbox's layers as plain descriptions: names, sizes and numpy arrays, nothing that runs.

Reading a file gives a list of these, writing takes one. How each computes is told by the numpy
code of the LRP toolbox (Lapuschkin et al., "The LRP Toolbox for Artificial Neural Networks",
JMLR 17(114), 2016), channels last:

- ``Linear``: ``x @ weights + bias``;
- ``Convolution``: no padding, steps of ``stride``;
- ``SumPool``: the sum of a window divided by the square root of the window's size, no padding;
- ``MaxPool``: the largest of a window, no padding;
- ``Flatten``: in C order (rows, columns, channels);
- ``SoftMax``: over the outputs of one instance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Far above any network of the toolbox; a file of a million layers is an attack, not a network.
MAX_LAYERS = 1000

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Linear:
    """A dense layer: weights ``(m, n)`` and bias ``(n,)``, float64."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    @property
    def title(self) -> str:
        """The line that heads the layer in a text file."""
        return " ".join(map(str, ("Linear", *self.weights.shape)))


@dataclass(frozen=True, eq=False)
class Convolution:
    """Filters ``(height, width, depth, filters)``, bias ``(filters,)``, steps down and right."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    stride: tuple[int, int]

    @property
    def title(self) -> str:
        """The line that heads the layer in a text file."""
        return " ".join(map(str, ("Convolution", *self.weights.shape, *self.stride)))


@dataclass(frozen=True)
class _Pool:
    pool: tuple[int, int]
    stride: tuple[int, int]

    @property
    def title(self) -> str:
        """The line of the layer in a text file."""
        return " ".join(map(str, (type(self).__name__, *self.pool, *self.stride)))


class SumPool(_Pool):
    """Sums windows ``pool`` high and wide, and divides by the square root of their size."""


class MaxPool(_Pool):
    """Takes the largest of windows ``pool`` high and wide."""


@dataclass(frozen=True)
class _Plain:
    @property
    def title(self) -> str:
        """The line of the layer in a text file."""
        return type(self).__name__


class Rect(_Plain):
    """The rectifier, ``max(0, x)``."""


class Tanh(_Plain):
    """The hyperbolic tangent."""


class SoftMax(_Plain):
    """Exponentials divided by their sum."""


class Flatten(_Plain):
    """One row of numbers from a picture."""


Module = Linear | Convolution | SumPool | MaxPool | Rect | Tanh | SoftMax | Flatten
PLAIN: dict[str, type[Rect | Tanh | SoftMax | Flatten]] = {
    kind.__name__: kind for kind in (Rect, Tanh, SoftMax, Flatten)
}
POOLS: dict[str, type[SumPool | MaxPool]] = {kind.__name__: kind for kind in (SumPool, MaxPool)}


def input_shape_of(modules: Sequence[Module]) -> Shape:
    """The shape of one input, where the layers tell it: ``(m,)`` of the first Linear.

    Raises:
        ValueError: the first layer that has a size works on pictures, whose height and width no
            file of the toolbox holds, or no layer has a size.
    """
    for number, module in enumerate(modules, 1):
        if isinstance(module, Linear):
            return (len(module.weights),)
        if isinstance(module, Convolution | SumPool | MaxPool):
            depth = module.weights.shape[2] if isinstance(module, Convolution) else "depth"
            raise ValueError(
                f"layer {number} ({module.title}): files of the toolbox do not hold the size of "
                f"the pictures. Give it: input_shape=(height, width, {depth})"
            )
    raise ValueError("no layer tells the size of the input. Give it: input_shape=(m,)")


def output_shapes(modules: Sequence[Module], input_shape: Shape) -> list[Shape]:
    """The shape of each layer's output for one input, which shows that the layers fit together.

    Raises:
        ValueError: a layer that does not fit to what comes before it, by number and title.
    """
    shapes = []
    shape = input_shape
    for number, module in enumerate(modules, 1):
        try:
            shape = _output_shape(module, shape)
        except ValueError as error:
            raise ValueError(f"layer {number} ({module.title}): {error}") from error
        shapes.append(shape)
    return shapes


def _output_shape(module: Module, shape: Shape) -> Shape:
    if isinstance(module, Rect | Tanh):
        return shape
    if isinstance(module, Flatten):
        size = 1
        for each in shape:
            size *= each
        return (size,)
    if isinstance(module, Linear | SoftMax):
        if len(shape) != 1:
            raise ValueError(
                f"expected a row of numbers, received shape {shape}; a Flatten is missing before it"
            )
        if isinstance(module, SoftMax):
            return shape
        if shape != (len(module.weights),):
            raise ValueError(f"expected {len(module.weights)} inputs, received {shape[0]}")
        return (module.weights.shape[1],)
    return _of_windows(module, shape)


def _of_windows(module: Convolution | SumPool | MaxPool, shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(f"expected pictures (height, width, depth), received shape {shape}")
    if isinstance(module, Convolution):
        *window, depth, channels = module.weights.shape
        if depth != shape[2]:
            raise ValueError(f"expected pictures of depth {depth}, received shape {shape}")
    else:
        window, channels = list(module.pool), shape[2]
    if window[0] > shape[0] or window[1] > shape[1]:
        raise ValueError(
            f"expected pictures of at least {window[0]} x {window[1]}, received shape {shape}"
        )
    height, width = (
        (side - mask) // step + 1
        for side, mask, step in zip(shape[:2], window, module.stride, strict=True)
    )
    return (height, width, channels)
