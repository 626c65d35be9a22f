"""The names that a pickled network may ask for, and the records that stand for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LAYERS = (
    "Sequential",
    "Linear",
    "Convolution",
    "SumPool",
    "MaxPool",
    "Rect",
    "Tanh",
    "SoftMax",
    "Flatten",
)
# Where Python 2 and 3, and numpy before and after 2.0, keep what their pickles of arrays name.
_HOMES = {
    "_reconstruct": ("numpy.core.multiarray", "numpy._core.multiarray"),
    "scalar": ("numpy.core.multiarray", "numpy._core.multiarray"),
    "_frombuffer": ("numpy.core.numeric", "numpy._core.numeric"),
    "ndarray": ("numpy",),
    "dtype": ("numpy",),
    "encode": ("_codecs",),
    "_reconstructor": ("copy_reg", "copyreg"),
    "object": ("__builtin__", "builtins"),
} | {name: ("modules", f"modules.{name.lower()}") for name in LAYERS}
NAMES = {(home, name): name for name, homes in _HOMES.items() for home in homes}


class PickleError(ValueError):
    """What is wrong with a pickle, without the file's name."""


@dataclass(frozen=True)
class Name:
    """A class or function that the file names, by its name only."""

    name: str


@dataclass(eq=False)
class Record:
    """What a file asks to be made: the name, its arguments and the state given afterwards."""

    name: str
    arguments: tuple[Any, ...]
    state: Any = field(default=None)
