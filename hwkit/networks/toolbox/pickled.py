"""Pickled networks of the toolbox (.nn), read without running anything in them.

:mod:`.opcodes` follows the file and builds records, of which this module takes what the layers
compute with: weights, biases, strides and pools. Whatever else a layer holds (its last input, how
relevance was set) is left. Arrays are made by ``numpy.frombuffer`` from bytes whose number was
compared with shape and type first; numpy's own unpickling is not used.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hwkit.networks.toolbox.errors import ToolboxFileError
from hwkit.networks.toolbox.modules import (
    MAX_LAYERS,
    PLAIN,
    POOLS,
    Convolution,
    Linear,
    Module,
)
from hwkit.networks.toolbox.names import LAYERS, Name, PickleError, Record
from hwkit.networks.toolbox.opcodes import follow

_CODES = {f"{kind}{size}" for kind, sizes in (("f", "248"), ("i", "1248"), ("u", "1248"))
          for size in sizes}  # fmt: skip
_ORDERS = {"<": "<", ">": ">", "|": "<", "=": "<"}  # "=" is the writer's own, on every PC "<"


def read_pickle(data: bytes, source: str) -> list[Module]:
    """The layers of a pickled network.

    Args:
        data: the whole file, written by Python 2 or 3 in any protocol that the toolbox used.
        source: its name, for errors.

    Raises:
        ToolboxFileError: the file asks for anything but the toolbox's layers and numpy's arrays
            (nothing of it has run), or it is damaged; names the layer.
    """
    try:
        return _Network(follow(data), len(data)).modules()
    except PickleError as error:
        raise ToolboxFileError(source, str(error)) from error


class _Network:
    """The layers of a record, with arrays that together hold no more bytes than the file."""

    def __init__(self, root: Any, size: int) -> None:
        self.root = root
        self.bytes_left = size
        self.layer = ""

    def modules(self) -> list[Module]:
        if not _is(self.root, "Sequential"):
            raise PickleError(f"expected a Sequential of the toolbox, received {_shown(self.root)}")
        records = self._attribute(self.root, "modules")
        if not isinstance(records, list | tuple) or not 0 < len(records) <= MAX_LAYERS:
            raise PickleError(f"expected a list of 1 to {MAX_LAYERS} layers in the Sequential")
        found = []
        for number, record in enumerate(records, 1):
            self.layer = f"layer {number} ({_shown(record)})"
            if not isinstance(record, Record) or record.name not in LAYERS[1:]:
                raise self._error(f"expected a layer ({', '.join(LAYERS[1:])})")
            found.append(self._module(record))
        return found

    def _module(self, record: Record) -> Module:
        if record.name in PLAIN:
            return PLAIN[record.name]()
        if record.name in POOLS:
            return POOLS[record.name](self._pair(record, "pool"), self._pair(record, "stride"))
        rank = 2 if record.name == "Linear" else 4
        weights = self._array(record, "W", rank)
        bias = self._array(record, "B", 1)
        if len(bias) != weights.shape[-1]:
            raise self._error(f"expected {weights.shape[-1]} biases, received {len(bias)}")
        sizes = ("m", "n") if record.name == "Linear" else ("fh", "fw", "fd", "n")
        told = tuple(self._whole(self._attribute(record, size)) for size in sizes)
        if told != weights.shape:
            raise self._error(f"expected weights of shape {told}, received {weights.shape}")
        if record.name == "Linear":
            return Linear(weights, bias)
        return Convolution(weights, bias, self._pair(record, "stride"))

    def _attribute(self, record: Record, name: str) -> Any:
        if not isinstance(record.state, dict) or name not in record.state:
            raise self._error(f"expected the attribute '{name}', the file does not hold it")
        return record.state[name]

    def _pair(self, record: Record, name: str) -> tuple[int, int]:
        value = self._attribute(record, name)
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise self._error(f"expected two numbers as '{name}'")
        return self._whole(value[0]), self._whole(value[1])

    def _whole(self, value: Any) -> int:
        if _is(value, "scalar") and len(value.arguments) == 2:
            kind = self._dtype(value.arguments[0])
            raw = self._bytes(value.arguments[1])
            if kind.kind not in "iu" or len(raw) != kind.itemsize:
                raise self._error("expected a whole number")
            value = int(np.frombuffer(raw, kind)[0])
        if type(value) is not int or not 0 < value < 10**9:
            raise self._error(f"expected a whole number of 1 to 9 digits, received {_shown(value)}")
        return value

    def _array(self, record: Record, name: str, rank: int) -> NDArray[np.float64]:
        shape, axes, kind, raw = self._parts(self._attribute(record, name), name)
        if len(shape) != rank:
            raise self._error(f"expected '{name}' with {rank} axes, received {len(shape)}")
        expected = math.prod(shape) * kind.itemsize
        if len(raw) != expected:
            raise self._error(
                f"expected {expected} bytes for '{name}' of {shape}, received {len(raw)}"
            )
        stored = np.frombuffer(raw, kind).reshape(shape)
        values = stored.transpose(axes).astype(np.float64, order="C")
        finite = np.isfinite(values)
        if not finite.all():
            place = int(np.argmin(finite))
            raise self._error(
                f"expected finite numbers in '{name}', received {values.flat[place]} as number "
                f"{place + 1}"
            )
        return values

    def _parts(self, value: Any, name: str) -> tuple[list[int], list[int], np.dtype, bytes]:
        """An array's shape as it lies in memory, its axes in there, its type and its bytes."""
        given: Any = ()
        if _is(value, "_frombuffer") and len(value.arguments) in (4, 5):  # protocol 5
            raw, kind, shape, order, *given = value.arguments
        elif _is(value, "_reconstruct") and value.arguments[:1] == (Name("ndarray"),):
            if not isinstance(value.state, tuple) or len(value.state) != 5:
                raise self._error(f"expected an array as '{name}', its content is missing")
            _, shape, kind, columns_first, raw = value.state
            order = "F" if columns_first in (True, 1) else "C"
        else:
            raise self._error(f"expected an array as '{name}', received {_shown(value)}")
        if not isinstance(shape, tuple) or order not in ("C", "F", "K"):
            raise self._error(f"the array '{name}' has no shape or order")
        sides = [self._whole(side) for side in shape]
        axes = list(range(len(sides)))
        if order == "F":
            sides, axes = sides[::-1], axes[::-1]
        if order == "K":  # any other order of the axes in memory
            axes = list(given[0]) if given and isinstance(given[0], tuple) else []
            if any(type(axis) is not int for axis in axes) or sorted(axes) != [*range(len(sides))]:
                raise self._error(f"the order of the axes of '{name}' is damaged")
        return sides, axes, self._dtype(kind), self._bytes(raw)

    def _dtype(self, value: Any) -> np.dtype:
        code = value.arguments[0] if _is(value, "dtype") and value.arguments else None
        if not isinstance(code, str) or code not in _CODES:
            raise self._error(
                f"expected an array of plain numbers, received {_shown(value)} {_shown(code)}"
            )
        order, fields = "<", ()
        if value.state is not None:
            if not isinstance(value.state, tuple) or len(value.state) < 5:
                raise self._error("the type of an array is damaged")
            order, fields = value.state[1], value.state[2:5]
        if not isinstance(order, str) or order not in _ORDERS or any(fields):
            raise self._error("expected an array of plain numbers, received a structured one")
        return np.dtype(_ORDERS[order] + code)

    def _bytes(self, value: Any) -> bytes:
        """The bytes of an array, from the ways in which Python 2 and 3 pickle them."""
        if _is(value, "encode") and value.arguments[1:] in (("latin1",), ("latin-1",)):
            value = value.arguments[0]
        # The same text may serve many arrays: what is decoded in all is limited.
        if isinstance(value, bytes | bytearray | str):
            self.bytes_left -= len(value)
            if self.bytes_left < 0:
                raise self._error("expected arrays that together fit into the file")
        if isinstance(value, str):
            try:
                return value.encode("latin-1")
            except UnicodeEncodeError:
                raise self._error("the bytes of an array are damaged") from None
        if not isinstance(value, bytes | bytearray):
            raise self._error(f"expected the bytes of an array, received {_shown(value)}")
        return bytes(value)

    def _error(self, problem: str) -> PickleError:
        return PickleError(f"{self.layer}: {problem}" if self.layer else problem)


def _is(value: Any, name: str) -> bool:
    return isinstance(value, Record) and value.name == name


def _shown(value: Any) -> str:
    """A short word for a value of any size and depth."""
    if isinstance(value, Record | Name):
        return value.name
    if isinstance(value, bool | float | None) or (isinstance(value, int) and abs(value) < 10**20):
        return repr(value)
    if isinstance(value, str):
        return repr(value[:40])
    return f"a {type(value).__name__}"
