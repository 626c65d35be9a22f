"""Reads mutated files: `python tests/networks/fuzz_toolbox.py --count 10000 --seed 0`.

Good files of each format are changed at random (bits, bytes, cuts, repeated and moved pieces,
numbers, sizes) and read, by the text, the pickle and the data reader. Each has to give a value of
finite numbers or the reader's own error; any other error is printed with the file that made it,
and the process ends with 1. Memory is limited, and an audit hook ends the process where anything
is imported, compiled, started, or opened but the file itself.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
import os
import pickle
import pickletools
import resource
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io

sys.path.insert(0, str(Path(__file__).parents[2]))

from toolbox_tools import (
    LEGACY,
    SMALL,
    as_objects,
    peak_megabytes,
    pictures_network,
    text_of,
    toolbox_classes,
)

from hwkit.images.array_files import ArrayFileError, read_data
from hwkit.networks import toolbox
from hwkit.networks.toolbox.modules import Convolution, Linear, output_shapes

MEMORY = 4 << 30
INTERESTING = [0, 1, 2, 127, 128, 255, 256, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
WORDS = [
    b"nan",
    b"inf",
    b"-1",
    b"0",
    b"1e999",
    b"999999999",
    b"1_0",
    b"\xff",
    b"",
    b"Linear",
    b"\n",
]
FORBIDDEN = ("import", "compile", "exec", "os.", "subprocess.", "ctypes.", "socket.", "pickle.")

Random = np.random.Generator


def mutated(data: bytes, rng: Random) -> bytes:
    """The file after some changes, mostly one or two."""
    changed = bytearray(data)
    for _ in range(int(rng.geometric(0.6))):
        if not changed:
            break
        CHANGES[int(rng.integers(len(CHANGES)))](changed, rng)
    return bytes(changed)


def place(data: bytearray, rng: Random) -> int:
    # Half of the changes go where headers are.
    return int(rng.integers(min(len(data), 256) if rng.random() < 0.5 else len(data)))


def flip_bit(data: bytearray, rng: Random) -> None:
    data[place(data, rng)] ^= 1 << int(rng.integers(8))


def set_byte(data: bytearray, rng: Random) -> None:
    data[place(data, rng)] = int(rng.integers(256))


def set_number(data: bytearray, rng: Random) -> None:
    at, size = place(data, rng), int(rng.choice([1, 2, 4, 8]))
    value = INTERESTING[int(rng.integers(len(INTERESTING)))] % (1 << 8 * size)
    data[at : at + size] = value.to_bytes(size, "little" if rng.random() < 0.7 else "big")


def cut(data: bytearray, rng: Random) -> None:
    del data[place(data, rng) :]


def remove(data: bytearray, rng: Random) -> None:
    at = place(data, rng)
    del data[at : at + int(rng.integers(1, 33))]


def insert(data: bytearray, rng: Random) -> None:
    at = place(data, rng)
    data[at:at] = rng.integers(0, 256, int(rng.integers(1, 17)), np.uint8).tobytes()


def repeat(data: bytearray, rng: Random) -> None:
    at, to = place(data, rng), place(data, rng)
    data[to:to] = data[at : at + int(rng.integers(1, 65))] * int(rng.integers(1, 5))


def change_word(data: bytearray, rng: Random) -> None:
    """Exchange a word, as a number or a layer's name is in text."""
    words = bytes(data).split(b" ")
    words[int(rng.integers(len(words)))] = WORDS[int(rng.integers(len(WORDS)))]
    data[:] = b" ".join(words)


def change_digit(data: bytearray, rng: Random) -> None:
    digits = [at for at, byte in enumerate(data[:4096]) if 48 <= byte <= 57]
    if digits:
        data[digits[int(rng.integers(len(digits)))]] = 48 + int(rng.integers(10))


CHANGES: list[Callable[[bytearray, Random], None]] = [
    *(flip_bit, set_byte, set_number, cut, remove, insert, repeat, change_word, change_digit)
]


def text_files() -> list[tuple[str, bytes]]:
    texts = [SMALL, LEGACY, text_of(pictures_network()), "Flatten\n" + SMALL]
    return [("txt", text.encode()) for text in texts]


def pickles() -> list[tuple[str, bytes]]:
    small = [("Linear", np.ones((2, 3)), np.ones(3)), ("Rect",), ("SumPool", (2, 2), (1, 1))]
    found = []
    for flat, layers in ((False, pictures_network()), (True, small), (False, small)):
        with toolbox_classes(flat) as classes:
            network = as_objects(layers, classes)
            found += [("nn", pickle.dumps(network, protocol)) for protocol in range(6)]
    return found


def data_files() -> list[tuple[str, bytes]]:
    array = np.random.default_rng(0).normal(size=(5, 4))
    streams = {kind: io.BytesIO() for kind in ("npy", "npy2", "npz", "npz2", "mat", "mat2", "txt")}
    np.save(streams["npy"], array)
    np.lib.format.write_array(streams["npy2"], array.astype(">i2").T, version=(2, 0))
    np.savez(streams["npz"], data=array, other=array[0])
    np.savez_compressed(streams["npz2"], data=np.zeros((20, 20)))
    scipy.io.savemat(streams["mat"], {"data": array, "other": array > 0})
    scipy.io.savemat(streams["mat2"], {"data": array.astype(np.int8)}, do_compression=True)
    np.savetxt(streams["txt"], array)
    return [(kind[:3], stream.getvalue()) for kind, stream in streams.items()]


def mutated_inside(kind: str, data: bytes, rng: Random) -> bytes:
    """Changes behind what a file packs or splits, so that they are not found by the wrapping."""
    if kind == "nn":
        return mutated_opcodes(data, rng)
    if kind == "npz":
        return mutated_archive(data, rng)
    if kind == "mat" and data[128] == 15:  # compressed
        packed = zlib.compress(mutated(zlib.decompress(data[136:]), rng))
        return data[:132] + len(packed).to_bytes(4, "little") + packed
    return mutated(data, rng)


def mutated_archive(data: bytes, rng: Random) -> bytes:
    """An .npz file whose member is changed before it is packed, so that its checksum fits."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), rng), int(rng.choice([0, 8])))
    return stream.getvalue()


def mutated_opcodes(data: bytes, rng: Random) -> bytes:
    """A pickle whose whole operations are left out, repeated, moved or exchanged."""
    starts = [place or 0 for _, _, place in pickletools.genops(data)]
    pieces = [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]
    for _ in range(int(rng.geometric(0.6))):
        at, other = (int(each) for each in rng.integers(len(pieces), size=2))
        how = int(rng.integers(4))
        if how == 0 and len(pieces) > 1:
            del pieces[at]
        elif how == 1:
            pieces[at:at] = pieces[other : other + int(rng.integers(1, 12))]
        elif how == 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            pieces[at] = pieces[other]
    return b"".join(pieces)


def read_network(path: Path) -> None:
    modules = toolbox.read_modules(path)
    try:
        output_shapes(modules, (11, 9, 2))
    except ValueError as error:  # layers that do not fit are told by number
        if not str(error).startswith("layer "):
            raise
    arrays = [
        a for m in modules if isinstance(m, Linear | Convolution) for a in (m.weights, m.bias)
    ]
    if not all(array.dtype == np.float64 and np.isfinite(array).all() for array in arrays):
        raise AssertionError("weights that are no finite numbers were read")


def read_array(path: Path) -> None:
    array = read_data(path, max_bytes=1 << 26)
    if array.dtype.kind not in "biuf" or not array.size or not np.isfinite(array).all():
        raise AssertionError("an array that is not of finite numbers was read")


READERS: dict[str, tuple[Any, Any, type[Exception]]] = {
    "text": (text_files, read_network, toolbox.ToolboxFileError),
    "pickle": (pickles, read_network, toolbox.ToolboxFileError),
    "data": (data_files, read_array, ArrayFileError),
}


def fuzz(reader: str, count: int, seed: int, folder: Path, watch: list[str]) -> dict[str, Any]:
    """What came of `count` mutated files."""
    make, read, refusal = READERS[reader]
    files = make()
    for number, (kind, data) in enumerate(files):  # good files first: what reading imports
        (folder / f"good{number}.{kind}").write_bytes(data)
        read(folder / f"good{number}.{kind}")
    rng = np.random.default_rng(seed)
    outcomes: collections.Counter[str] = collections.Counter()
    wrong: list[dict[str, str]] = []
    slowest = 0.0
    for _ in range(count):
        kind, data = files[int(rng.integers(len(files)))]
        data = mutated_inside(kind, data, rng) if rng.random() < 0.5 else mutated(data, rng)
        path = folder / f"file.{kind}"
        path.write_bytes(data)
        watch.append(str(path))
        start = time.perf_counter()
        try:
            read(path)
            outcomes["read"] += 1
        except refusal as error:
            outcomes["refused"] += 1
            if not str(error).startswith(str(path)) or len(str(error)) > 2000:
                wrong.append({"error": f"unclear: {error}"[:500], "file": data.hex()})
        except BaseException as error:
            wrong.append({"error": f"{type(error).__name__}: {error}"[:500], "file": data.hex()})
        watch.clear()
        slowest = max(slowest, time.perf_counter() - start)
    return {
        "reader": reader,
        **{name: outcomes[name] for name in ("read", "refused")},
        "wrong": wrong,
        "slowest seconds": round(slowest, 3),
        "peak megabytes": peak_megabytes(),
    }


def watched() -> list[str]:
    """A list; while a path stands in it, only that path may be opened and nothing run."""
    watch: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not watch:
            return
        opened = event == "open" and str(arguments[0]) != watch[0]
        # numpy parses headers into a syntax tree of literals, which is never run.
        parsed = event == "compile" and arguments[1] == "<unknown>"
        if opened or (event.startswith(FORBIDDEN) and not parsed):
            os.write(2, f"while reading a file: {event} {arguments!r}\n".encode())
            os._exit(3)

    sys.addaudithook(hook)
    return watch


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--readers", nargs="+", choices=list(READERS), default=list(READERS))
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    watch = watched()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for reader in options.readers:
            result = fuzz(reader, options.count, options.seed, Path(folder), watch)
            failed = failed or bool(result["wrong"])
            print(json.dumps(result), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
