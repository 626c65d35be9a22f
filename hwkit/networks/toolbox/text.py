"""The toolbox's plain-text networks, in the current and in the legacy layout.

A layer is a line with its name and sizes. In the current layout a Linear or Convolution has two
more lines, all weights in C order and all biases. In the legacy layout the weights of a Linear
stand row by row, and there is neither Convolution, pooling nor Flatten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

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

LEGACY = ("Linear", "Rect", "Tanh", "SoftMax")
_SIZES = {"Linear": "m n", "Convolution": "h w d n s0 s1"} | dict.fromkeys(POOLS, "h w s0 s1")
_SPACE = re.compile(rb"\s")
_WORD = re.compile(rb"\S")
_CHUNK = 1 << 20  # bytes of a line whose words exist at a time


def read_text(data: bytes, source: str, legacy: bool | None = None) -> list[Module]:
    """The layers of a text file.

    Args:
        data: the whole file.
        source: its name, for errors.
        legacy: whether the file has the legacy layout; ``None``: told from the first Linear.

    Raises:
        ToolboxFileError: not such a file, or a damaged one; names line and layer.
    """
    return _Reader(data, source, legacy).modules()


def text_of(modules: Sequence[Module], legacy: bool = False, single: bool = False) -> Iterator[str]:
    """The lines of a text file, without their ends.

    Args:
        modules: the layers.
        legacy: write the legacy layout.
        single: the weights are float32 numbers; each is written as the shortest decimal that
            float32 reads back, else that float64 reads back.

    Raises:
        ValueError: a layer that the legacy layout does not have, or numbers that are not finite.
    """
    for number, module in enumerate(modules, 1):
        if legacy and type(module).__name__ not in LEGACY:
            raise ValueError(
                f"layer {number} ({module.title}): the legacy layout has only {', '.join(LEGACY)}. "
                'Write the current layout: fmt="txt".'
            )
        yield module.title
        if isinstance(module, Linear | Convolution):
            rows = module.weights if legacy else module.weights.reshape(1, -1)
            for row in (*rows, module.bias):
                if not np.isfinite(row).all():
                    raise ValueError(
                        f"layer {number} ({module.title}): expected finite weights and biases, "
                        "received NaN or infinity"
                    )
                yield " ".join(_decimals(row, single))


def _decimals(row: NDArray[np.float64], single: bool) -> Iterator[str]:
    if single:
        return map(str, row.astype(np.float32))
    return map(repr, row.tolist())


class _Reader:
    """Goes through the lines once; no list of lines or words is larger than a chunk."""

    def __init__(self, data: bytes, source: str, legacy: bool | None) -> None:
        self.data = data
        self.source = source
        self.legacy = legacy
        self.place = 0  # in bytes, where the next line starts
        self.line = 0  # number of the line that was read last
        self.layer = ""  # "layer 2 (Linear 3 3)" while it is read

    def modules(self) -> list[Module]:
        found: list[Module] = []
        while (header := self._next_line()) is not None and header.strip():
            if len(found) == MAX_LAYERS:
                raise self._error(f"expected at most {MAX_LAYERS} layers")
            found.append(self._module(header, len(found) + 1))
            self.layer = ""
        if rest := _WORD.search(self.data, self.place):
            self.line += 1 + self.data.count(b"\n", self.place, rest.start())
            raise self._error("expected nothing after the empty line that ends the network")
        if not found:
            raise self._error("expected the name of a layer, received an empty file")
        return found

    def _module(self, header: bytes, number: int) -> Module:
        shown = header[:60].decode("ascii", "backslashreplace").strip()
        self.layer = f"layer {number} ({shown})"
        name, *sizes = shown.split() if len(header) <= 200 else [shown]
        if name not in _SIZES and name not in PLAIN:
            raise self._error(f"expected the name of a layer ({', '.join([*_SIZES, *PLAIN])})")
        if self.legacy and name not in LEGACY:
            raise self._error(f"the legacy layout has only {', '.join(LEGACY)}")
        if name in PLAIN:
            # The format allows input and output sizes here, which the toolbox does not use.
            if sizes:
                self._whole_numbers(sizes, "m n")
            return PLAIN[name]()
        numbers = self._whole_numbers(sizes, _SIZES[name])
        if name in POOLS:
            height, width, down, right = numbers
            return POOLS[name]((height, width), (down, right))
        if name == "Linear":
            return Linear(self._linear_weights(*numbers), self._numbers(numbers[1], "biases"))
        *filters, down, right = numbers
        count = filters[0] * filters[1] * filters[2] * filters[3]
        weights = self._numbers(count, "weights").reshape(filters)
        return Convolution(weights, self._numbers(filters[3], "biases"), (down, right))

    def _linear_weights(self, m: int, n: int) -> NDArray[np.float64]:
        if self.legacy is None and m > 1:
            first = self._parsed("weights")
            if first.size == m * n:
                self.legacy = False
                return first.reshape(m, n)
            if first.size != n:
                raise self._error(
                    f"expected {m * n} weights (or {n}, a row of the legacy layout), "
                    f"received {first.size}"
                )
            self.legacy = True
            return self._rows(first, m, n)
        if self.legacy and m > 1:
            return self._rows(self._numbers(n, "weights of a row"), m, n)
        return self._numbers(m * n, "weights").reshape(m, n)

    def _rows(self, first: NDArray[np.float64], m: int, n: int) -> NDArray[np.float64]:
        # A number and the space after it take two bytes at least.
        if (m - 1) * n * 2 > len(self.data) - self.place + 1:
            raise self._error(f"expected {m} rows of {n} weights, the file ends before them")
        weights = np.empty((m, n))
        weights[0] = first
        for row in range(1, m):
            weights[row] = self._numbers(n, f"weights in row {row + 1} of {m}")
        return weights

    def _numbers(self, count: int, what: str) -> NDArray[np.float64]:
        values = self._parsed(what)
        if values.size != count:
            raise self._error(f"expected {count} {what}, received {values.size}")
        return values

    def _parsed(self, what: str) -> NDArray[np.float64]:
        """All numbers of the next line."""
        line = self._next_line()
        if line is None:
            raise self._error(f"expected a line of {what}, the file ends before it")
        try:
            if b"_" in line:  # Python's own notation for digits in groups
                raise ValueError
            values = np.fromiter(map(float, _words(line)), np.float64)
        except ValueError:
            wrong = next(word for word in _words(line) if not _is_number(word))
            shown = wrong[:40].decode("ascii", "backslashreplace")
            raise self._error(f"expected numbers ({what}), received '{shown}'") from None
        finite = np.isfinite(values)
        if not finite.all():
            place = int(np.argmin(finite))
            raise self._error(
                f"expected finite {what}, received {values[place]} as number {place + 1}"
            )
        return values

    def _whole_numbers(self, words: list[str], expected: str) -> list[int]:
        count = len(expected.split())
        fits = len(words) == count and all(
            word.isascii() and word.isdigit() and len(word) <= 9 and int(word) for word in words
        )
        if not fits:
            raise self._error(
                f"expected {count} whole numbers from 1 on after the name ({expected}), "
                f"received '{' '.join(words)}'"
            )
        return [int(word) for word in words]

    def _next_line(self) -> bytes | None:
        if self.place >= len(self.data):
            return None
        end = self.data.find(b"\n", self.place)
        end = len(self.data) if end < 0 else end
        line = self.data[self.place : end]
        self.place = end + 1
        self.line += 1
        return line

    def _error(self, problem: str) -> ToolboxFileError:
        where = ", ".join(part for part in (f"line {self.line}", self.layer) if part)
        return ToolboxFileError(self.source, f"{where}: {problem}")


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return b"_" not in word


def _words(line: bytes) -> Iterator[bytes]:
    return chain.from_iterable(chunk.split() for chunk in _chunks(line))


def _chunks(line: bytes) -> Iterator[bytes]:
    """Parts of about a mebibyte, cut between words."""
    if len(line) <= _CHUNK:
        yield line
        return
    start = 0
    while start < len(line):
        cut = _SPACE.search(line, start + _CHUNK)
        end = cut.start() if cut else len(line)
        yield line[start:end]
        start = end
