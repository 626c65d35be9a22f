"""Messages between the judge and a box: JSON for the form, raw .npy for the arrays.

A frame is ``magic, total length, length of the JSON, JSON, arrays``; every array is a .npy of
version 1.0 with a plain header. ``decode`` trusts nothing: sizes, dtypes, shapes, depth and count
are checked before anything is made of them, no pickle is ever read, and whatever is wrong is a
``ProtocolError``.
"""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

MAGIC = b"hwk1"
PREFIX = struct.Struct("<4sQI")  # magic, bytes that follow, bytes of JSON
DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"]
)
_NPY = struct.Struct("<6sBBH")
_HEADER = re.compile(
    rb"\{'descr': '([<|][biuf][1248])', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,18}(?:, \d{1,18})*,?)?)\), \} *\n"
)
_ARRAY = "__array__"


class ProtocolError(Exception):
    """A frame or message that is not what it should be; the message says how."""


@dataclass(frozen=True)
class Bounds:
    """What a message may hold at most.

    Attributes:
        frame: bytes of a whole frame.
        text: bytes of its JSON.
        arrays: number of arrays.
        axes: axes of an array.
        depth: nesting of lists and dictionaries.
    """

    frame: int = 64 * 2**20
    text: int = 2**20
    arrays: int = 256
    axes: int = 8
    depth: int = 12


def encode(message: Any) -> bytes:
    """A frame of a message made of None, bool, int, float, str, list, tuple, dict and arrays.

    Raises:
        ProtocolError: anything else in it, or an array that is not of plain numbers.
    """
    blobs: list[bytes] = []
    text = json.dumps(_without_arrays(message, blobs, 0)).encode()
    body = b"".join([text, *blobs])
    return PREFIX.pack(MAGIC, len(body), len(text)) + body


def decode(frame: bytes, bounds: Bounds | None = None) -> Any:
    """The message of a frame, with arrays in place; arrays are fresh and writable.

    Raises:
        ProtocolError: the frame or what it holds is malformed or beyond its bounds.
    """
    bounds = bounds or Bounds()
    if len(frame) < PREFIX.size:
        raise ProtocolError(f"a frame of {len(frame)} bytes is shorter than its own prefix")
    body_size, text_size = body_lengths(frame[: PREFIX.size], bounds)
    body = memoryview(frame)[PREFIX.size :]
    if len(body) != body_size:
        raise ProtocolError(f"a frame announces {body_size} bytes and holds {len(body)}")
    form = _parsed(bytes(body[:text_size]))
    arrays = _arrays(body[text_size:], bounds)
    used: set[int] = set()
    message = _with_arrays(form, arrays, used, bounds.depth)
    if len(used) != len(arrays):
        raise ProtocolError(f"a message refers to {len(used)} of its {len(arrays)} arrays")
    return message


def body_lengths(prefix: bytes, bounds: Bounds) -> tuple[int, int]:
    """Bytes of the body and of its JSON, from the first ``PREFIX.size`` bytes of a frame.

    Raises:
        ProtocolError: no frame, or one beyond its bounds.
    """
    magic, body, text = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise ProtocolError("what came is not a frame")
    if body > bounds.frame or text > bounds.text or text > body:
        raise ProtocolError(
            f"a frame of {body} bytes with {text} bytes of JSON; at most {bounds.frame} and "
            f"{bounds.text} are taken"
        )
    return body, text


def _without_arrays(value: Any, blobs: list[bytes], depth: int) -> Any:
    if depth > Bounds.depth:
        raise ProtocolError("a message is nested too deeply")
    if isinstance(value, (np.ndarray, np.generic)):
        blobs.append(_npy(np.asarray(value)))
        return {_ARRAY: len(blobs) - 1}
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        # JSON knows no NaN and no infinity.
        return value if math.isfinite(value) else _without_arrays(np.float64(value), blobs, depth)
    if type(value) in (list, tuple):
        return [_without_arrays(each, blobs, depth + 1) for each in value]
    if type(value) is dict and all(type(key) is str and key != _ARRAY for key in value):
        return {key: _without_arrays(each, blobs, depth + 1) for key, each in value.items()}
    raise ProtocolError(f"a message cannot hold a {type(value).__name__}")


def _npy(array: np.ndarray) -> bytes:
    array = np.ascontiguousarray(array).reshape(array.shape)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        raise ProtocolError(f"a message cannot hold an array of {array.dtype}")
    shape = ", ".join(map(str, array.shape)) + ("," if array.ndim == 1 else "")
    header = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': ({shape}), }}"
    padded = header.ljust(-(-(len(header) + 1 + _NPY.size) // 64) * 64 - _NPY.size - 1) + "\n"
    return _NPY.pack(b"\x93NUMPY", 1, 0, len(padded)) + padded.encode() + array.tobytes()


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the JSON of a message: {type(error).__name__}") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _arrays(data: memoryview, bounds: Bounds) -> list[np.ndarray]:
    arrays: list[np.ndarray] = []
    while len(data):
        if len(arrays) == bounds.arrays:
            raise ProtocolError(f"a message holds more than {bounds.arrays} arrays")
        array, size = _array(data, bounds)
        arrays.append(array)
        data = data[size:]
    return arrays


def _array(data: memoryview, bounds: Bounds) -> tuple[np.ndarray, int]:
    if len(data) < _NPY.size:
        raise ProtocolError("an array ends before its header")
    magic, major, minor, length = _NPY.unpack(data[: _NPY.size])
    if magic != b"\x93NUMPY" or (major, minor) != (1, 0) or length > 1024:
        raise ProtocolError("an array is not a .npy of version 1.0")
    header = _HEADER.fullmatch(bytes(data[_NPY.size : _NPY.size + length]))
    if header is None or header[1].decode() not in DTYPES:
        raise ProtocolError("the header of an array is not one of plain numbers")
    dtype = np.dtype(header[1].decode())
    shape = tuple(int(size) for size in header[2].split(b",") if size.strip())
    if len(shape) > bounds.axes:
        raise ProtocolError(f"an array has {len(shape)} axes; at most {bounds.axes} are taken")
    size = math.prod(shape) * dtype.itemsize
    start = _NPY.size + length
    if size > len(data) - start:
        raise ProtocolError("an array is shorter than its header says")
    # An array without numbers can have axes without end, over which others would be made.
    if math.prod(max(1, each) for each in shape) * dtype.itemsize > bounds.frame:
        raise ProtocolError(f"an array of shape {shape} is too large")
    array = np.zeros(shape, dtype)
    if size:
        content = np.frombuffer(data[start : start + size], dtype).reshape(shape)
        # A boolean is any byte but 0; numpy expects just 0 and 1.
        array[...] = content.view(np.uint8) != 0 if dtype == np.bool_ else content
    return array, start + size


def _with_arrays(value: Any, arrays: list[np.ndarray], used: set[int], depth: int) -> Any:
    if depth < 0:
        raise ProtocolError("a message is nested too deeply")
    if isinstance(value, list):
        return [_with_arrays(each, arrays, used, depth - 1) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_ARRAY}:
        index = value[_ARRAY]
        if type(index) is not int or not 0 <= index < len(arrays) or index in used:
            raise ProtocolError("a message refers to an array that it does not hold")
        used.add(index)
        return arrays[index]
    return {key: _with_arrays(each, arrays, used, depth - 1) for key, each in value.items()}
