"""Numeric arrays in MATLAB's .mat files of versions 5 to 7, with every size checked first.

The format is MathWorks' "MAT-File Format": a header of 128 bytes, then elements of a tag (type,
number of bytes) and their content, some of them compressed. scipy's reader takes the memory that a
damaged tag claims, and follows cells in cells as deep as a file likes; here only arrays of real
numbers are read, and no tag may claim more than its element holds.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Sequence

import numpy as np

_HEADER = 128
_MATRIX, _COMPRESSED = 14, 15
_HEAD = 4096  # holds flags, sides and name of any array
_MAX_VARIABLES = 1000
_MAX_NAME = 128
# How numbers are stored, and which class they have in MATLAB: by the numbers of the format.
_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8"}
_STORED |= {13: "u8"}
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8"}
_CLASSES |= {15: "u8"}
_OTHER = {1: "a cell array", 2: "a structure", 3: "an object", 4: "text", 5: "a sparse matrix"}
_COMPLEX, _LOGICAL = 0x800, 0x200


def read_mat(
    data: bytes, choose: Callable[[Sequence[str]], str], max_bytes: int = 2**29
) -> np.ndarray:
    """One array of a file.

    Args:
        data: the whole file.
        choose: takes the names of the file's variables, gives the one to be read.
        max_bytes: an array whose content is larger is refused.

    Raises:
        ValueError: another version, a damaged file, or a variable that holds no real numbers.
    """
    order = _order(data)
    places = _variables(data, order, max_bytes)
    matrix = _content(data, places[choose(list(places))], order, max_bytes)
    return _array(matrix, order)


def _order(data: bytes) -> str:
    """The byte order, "<" or ">", of a file whose version is read."""
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128])
    if data[:8] == b"\x89HDF\r\n\x1a\n" or data[:10] == b"MATLAB 7.3":
        raise ValueError("expected MATLAB's format 5 to 7, received 7.3; save it with '-v7'")
    if order is None or len(data) < _HEADER:
        raise ValueError("expected MATLAB's format 5 to 7; save it with '-v7'")
    return order


def _variables(data: bytes, order: str, max_bytes: int) -> dict[str, int]:
    """Where the element of each variable starts."""
    found: dict[str, int] = {}
    place = _HEADER
    while place < len(data):
        kind, size = _tag(data, place, order)
        if kind in (_MATRIX, _COMPRESSED):
            head = _content(data, place, order, max_bytes, head=True)
            _, _, name, _ = _described(head, order)
            if len(found) == _MAX_VARIABLES:
                raise ValueError(f"expected at most {_MAX_VARIABLES} variables")
            found.setdefault(name, place)
        place += 8 + size
    return found


def _tag(data: bytes, place: int, order: str) -> tuple[int, int]:
    if len(data) - place < 8:
        raise ValueError(f"is cut off at byte {place}")
    kind, size = struct.unpack_from(f"{order}II", data, place)
    if size > len(data) - place - 8:
        raise ValueError(
            f"is damaged or cut off: {size} bytes are claimed at byte {place}, "
            f"{len(data) - place - 8} are there"
        )
    return kind, size


def _content(data: bytes, place: int, order: str, max_bytes: int, head: bool = False) -> bytes:
    """What stands in a variable's element after its tag, or the first bytes of that."""
    kind, size = _tag(data, place, order)
    limit = _HEAD if head else max_bytes
    if kind == _MATRIX:
        return data[place + 8 : place + 8 + (min(size, limit) if head else size)]
    content = zlib.decompressobj().decompress(data[place + 8 : place + 8 + size], limit + 8)
    if len(content) < 8:
        raise ValueError("is damaged: a compressed variable is empty")
    inner, length = struct.unpack_from(f"{order}II", content)
    if inner != _MATRIX or length > max_bytes or (not head and length != len(content) - 8):
        raise ValueError(
            f"expected a compressed array of at most {max_bytes} bytes, received {length}"
        )
    return content[8:]


def _described(matrix: bytes, order: str) -> tuple[int, tuple[int, ...], str, int]:
    """Flags, sides and name of an array, and where its numbers start."""
    kind, flags, place = _element(matrix, 0, order)
    if kind != 6 or len(flags) != 8:
        raise ValueError("is damaged: a variable does not begin with its flags")
    kind, sides, place = _element(matrix, place, order)
    if kind != 5 or len(sides) % 4 or not 8 <= len(sides) <= 128:
        raise ValueError("is damaged: a variable has no sizes")
    kind, name, place = _element(matrix, place, order)
    if kind != 1 or len(name) > _MAX_NAME:
        raise ValueError("is damaged: a variable has no name")
    shape = struct.unpack(f"{order}{len(sides) // 4}i", sides)
    return struct.unpack_from(f"{order}I", flags)[0], shape, name.decode("latin-1"), place


def _array(matrix: bytes, order: str) -> np.ndarray:
    flags, shape, _, place = _described(matrix, order)
    kind = flags & 0xFF
    if kind not in _CLASSES or flags & _COMPLEX:
        received = "complex numbers" if kind in _CLASSES else _OTHER.get(kind, "something else")
        raise ValueError(
            f"expected an array of real numbers, received {received}; convert it in MATLAB, as "
            "with full(double(x))"
        )
    stored, numbers, _ = _element(matrix, place, order)
    if stored not in _STORED:
        raise ValueError("is damaged: numbers of an unknown type")
    source = np.dtype(order + _STORED[stored])
    expected = math.prod(shape) * source.itemsize
    if min(shape) < 0 or expected != len(numbers):
        raise ValueError(
            f"expected {expected} bytes for numbers of shape {shape}, received {len(numbers)}"
        )
    target = np.dtype(bool if flags & _LOGICAL else _CLASSES[kind])
    return np.frombuffer(numbers, source).reshape(shape, order="F").astype(target, order="C")


def _element(data: bytes, place: int, order: str) -> tuple[int, bytes, int]:
    """Type and content of the element at a place, and the place of the next."""
    if len(data) - place < 8:
        raise ValueError("is damaged: a variable ends too early")
    (first,) = struct.unpack_from(f"{order}I", data, place)
    if first >> 16:  # up to four bytes stand in the tag itself
        kind, size = first & 0xFFFF, first >> 16
        if size > 4:
            raise ValueError("is damaged: a short element is too long")
        return kind, data[place + 4 : place + 4 + size], place + 8
    kind, size = _tag(data, place, order)
    end = place + 8 + size
    return kind, data[place + 8 : end], end + -size % 8
