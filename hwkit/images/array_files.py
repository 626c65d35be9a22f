"""Arrays in files: .npy, .npz, MATLAB's .mat and text, as the LRP toolbox reads and writes them.

>>> digits = read_data("test_images.npy")
>>> write_data(heatmaps, "heatmaps.mat")                    # as the variable "data"

Nothing in a file is run, and no size that a file claims is believed: it is compared with what the
file holds before memory is taken. A file is read as a whole, so that memory stays within a few
times ``max_bytes``.
"""

from __future__ import annotations

import io
import math
import os
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from hwkit.images.mat_files import read_mat

MAX_BYTES = 2**29  # 512 MiB; all digits of MNIST as float64 take 440 MB
MAX_VARIABLES = 1000
MAX_LINE = 2**24
FORMATS = ("npy", "npz", "mat", "txt")
_LONG_LINE = re.compile(rb"[^\r\n]{%d}" % (MAX_LINE + 1))
_DIRECTORY_END = b"PK\x05\x06"
_BIG_DIRECTORY = b"PK\x06\x07"


class ArrayFileError(ValueError):
    """A file that holds no array of numbers, or a damaged one.

    Attributes:
        source: the file.
        reason: what was expected and what was received.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


def read_data(
    path: str | os.PathLike[str],
    fmt: str | None = None,
    *,
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> np.ndarray:
    """The array in a file.

    Args:
        path: the file.
        fmt: "npy", "npz", "mat" or "txt"; ``None``: from the file's suffix.
        name: which array of an .npz or .mat file; ``None`` for "data" or the only one.
        max_bytes: larger files, and larger arrays in compressed ones, are refused.

    Returns:
        The array with the file's shape and type, in this machine's byte order; text gives float64
        of shape (rows, columns).

    Raises:
        ArrayFileError: (a ValueError) no array of finite whole or floating-point numbers, a damaged
            file, or several arrays and no name.
        ValueError: unknown format.
        OSError: the file cannot be opened.
    """
    kind, source = _format(path, fmt), os.fspath(path)
    with open(path, "rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ArrayFileError(source, f"expected at most {max_bytes} bytes; raise max_bytes")
    readers: dict[str, Callable[[], np.ndarray]] = {
        "npy": lambda: _read_npy(data),
        "npz": lambda: _read_npz(data, name, max_bytes),
        "mat": lambda: read_mat(data, lambda names: _choose(names, name), max_bytes),
        "txt": lambda: _read_txt(data),
    }
    try:
        array = readers[kind]()
        _require_numbers(array)
    except Exception as error:
        # The parsers of numpy, zipfile and zlib answer damaged bytes with a dozen kinds of error:
        # at this boundary each of them means that this file is damaged.
        if type(error) is ValueError:
            raise ArrayFileError(source, str(error)) from error
        raise ArrayFileError(
            source, f"is damaged or no {kind} file ({type(error).__name__}: {str(error)[:200]})"
        ) from error
    return array


def write_data(
    array: np.ndarray | Sequence[object], path: str | os.PathLike[str], fmt: str | None = None
) -> None:
    """Write an array of numbers to a file, which ``read_data`` and the toolbox read.

    Args:
        array: finite whole or floating-point numbers; text takes (rows, columns) only, .mat takes
            two axes or more. Every number is kept exactly; of text, types become float64.
        path: the file; one that exists is replaced once the new one is whole. In .npz and .mat the
            array is named "data".
        fmt: as in ``read_data``.

    Raises:
        ValueError: an array or format that cannot be written.
        OSError: the file cannot be written.
    """
    kind = _format(path, fmt)
    array = np.asarray(array)
    _require_numbers(array)
    _require_fitting(array, kind)
    writers: dict[str, Callable[[BinaryIO, np.ndarray], None]] = {
        "npy": lambda file, values: np.save(file, values, allow_pickle=False),
        "npz": lambda file, values: np.savez_compressed(file, data=values),
        "mat": _write_mat,
        "txt": lambda file, values: np.savetxt(file, values, _digits(values)),
    }
    partial = Path(f"{os.fspath(path)}.partial")
    try:
        with open(partial, "wb") as file:
            writers[kind](file, array)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _format(path: str | os.PathLike[str], fmt: str | None) -> str:
    kind = Path(path).suffix.removeprefix(".").lower() if fmt is None else fmt
    if kind not in FORMATS:
        raise ValueError(
            f"Expected a file's name that ends in .{', .'.join(FORMATS)}, or fmt with one of "
            f"these. Received: '{os.fspath(path)}', fmt={fmt!r}."
        )
    return kind


def _require_numbers(array: np.ndarray) -> None:
    _require_plain(array.dtype)
    if not array.size:
        raise ValueError(f"expected numbers, received an empty array of shape {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        place = np.unravel_index(np.argmin(np.isfinite(array)), array.shape)
        raise ValueError(
            f"expected finite numbers, received {array[place]} at {tuple(map(int, place))}"
        )


def _require_plain(kind: np.dtype) -> None:
    if kind.kind not in "biuf" or kind.itemsize > 8:
        raise ValueError(
            f"expected whole or floating-point numbers of up to 8 bytes, received {kind}; convert "
            "them, as with array.astype('float64')"
        )


def _require_fitting(array: np.ndarray, kind: str) -> None:
    if (kind == "txt" and array.ndim != 2) or (kind == "mat" and array.ndim < 2):
        axes = "two axes, (n, d)" if kind == "txt" else "two axes or more"
        raise ValueError(
            f"A .{kind} file holds arrays of {axes}. Received: shape {array.shape}. Reshape it, as "
            "with array.reshape(len(array), -1), or write .npy."
        )
    if kind == "mat" and array.dtype == np.float16:
        raise ValueError("MATLAB has no float16. Write array.astype('float32').")
    whole = kind == "txt" and array.dtype.kind in "iu"
    if whole and not -(2**53) <= array.min() <= array.max() <= 2**53:
        raise ValueError("Text is read as float64, which cannot hold these numbers. Write .npy.")


def _choose(names: Sequence[str], name: str | None) -> str:
    if name in names:
        return str(name)
    if name is None and "data" in names:
        return "data"
    if name is None and len(names) == 1:
        return names[0]
    shown = ", ".join(f"'{each[:40]}'" for each in names[:20]) or "none"
    wanted = "one array, or 'data' among them" if name is None else f"an array '{name}'"
    raise ValueError(f"expected {wanted}, received {shown}; choose one with name=...")


def _read_npy(data: bytes) -> np.ndarray:
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    headers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in headers:  # the third version is for structured arrays only
        raise ValueError(f"expected an array of plain numbers, received .npy version {version}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # files of Python 2 need more parsing, and get it
        shape, columns_first, kind = headers[version](stream)
    _require_plain(kind)
    start = stream.tell()
    expected = math.prod(shape) * kind.itemsize
    if len(shape) > 32 or min(shape, default=0) < 0 or expected != len(data) - start:
        raise ValueError(
            f"expected {expected} bytes for shape {str(shape)[:80]} of {kind}, received "
            f"{len(data) - start}"
        )
    values = np.frombuffer(data, kind, offset=start).astype(kind.newbyteorder("="))
    if columns_first:
        return np.ascontiguousarray(values.reshape(shape[::-1]).T)
    return values.reshape(shape)


def _read_npz(data: bytes, name: str | None, max_bytes: int) -> np.ndarray:
    # A directory of millions of empty members would fill the memory before the first is opened.
    end = data.rfind(_DIRECTORY_END)
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if end < 0 or data[max(end - 20, 0) : end].startswith(_BIG_DIRECTORY) or size > 2**20:
        raise ValueError(f"expected an .npz file of up to {MAX_VARIABLES} arrays")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {
            each.filename.removesuffix(".npy"): each
            for each in archive.infolist()
            if each.filename.endswith(".npy")
        }
        member = members[_choose(list(members), name)]
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("expected an .npz file as numpy writes it, received other compression")
        if member.file_size > max_bytes:
            raise ValueError(
                f"expected an array of at most {max_bytes} bytes, received {member.file_size}; "
                "raise max_bytes"
            )
        return _read_npy(archive.read(member))


def _read_txt(data: bytes) -> np.ndarray:
    if not data.strip():
        raise ValueError("expected rows of numbers, received an empty file")
    if _LONG_LINE.search(data):  # numpy needs some twenty times the length of a line
        raise ValueError(f"expected rows of at most {MAX_LINE} bytes; write such rows as .npy")
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file of comments only: told as an empty array
        return np.loadtxt(lines, np.float64, ndmin=2)


def _write_mat(file: BinaryIO, array: np.ndarray) -> None:
    import scipy.io  # type: ignore[import-untyped]

    scipy.io.savemat(file, {"data": array}, appendmat=False)


def _digits(array: np.ndarray) -> str:
    return "%.17g" if array.dtype.kind == "f" else "%d"
