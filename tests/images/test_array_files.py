"""Arrays through files, against numpy's and scipy's own readers; damaged files are refused."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io

from hwkit.images.array_files import FORMATS, ArrayFileError, read_data, write_data

KINDS = ["float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32", "bool"]


def numbers(kind: str, shape: tuple[int, ...]) -> np.ndarray:
    bits = np.random.default_rng(0).integers(0, 256, 8 * int(np.prod(shape)), np.uint8)
    values = bits.view(np.float64 if kind == "float64" else np.float32 if kind == "float32" else
                       bits.dtype if kind == "bool" else kind)[: np.prod(shape)]  # fmt: skip
    if kind == "bool":
        values = values > 127
    return np.where(np.isfinite(values), values, 0).astype(kind).reshape(shape)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_number_comes_back(tmp_path: Path, fmt: str, kind: str) -> None:
    shape = (7, 5) if fmt == "txt" else (3, 4, 2, 2)
    array = numbers(kind, shape)
    path = tmp_path / f"data.{fmt}"
    for written in (array, np.asfortranarray(array), array[::-1]):
        write_data(written, path)
        found = read_data(path)
        np.testing.assert_array_equal(found, written)
        assert found.dtype == ("float64" if fmt == "txt" else kind)
        found[0] = 0  # an array of one's own


@pytest.mark.parametrize("fmt", FORMATS)
def test_numpy_and_scipy_read_what_is_written(tmp_path: Path, fmt: str) -> None:
    array = numbers("float64", (6, 4))
    path = tmp_path / f"data.{fmt}"
    write_data(array, path)
    found: Any = {
        "npy": np.load,
        "npz": lambda p: np.load(p)["data"],
        "mat": lambda p: scipy.io.loadmat(p)["data"],
        "txt": np.loadtxt,
    }[fmt](path)
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_mat_files_of_others_are_read_as_scipy_reads_them(
    tmp_path: Path, compressed: bool, order: str
) -> None:
    path = tmp_path / "many.mat"
    arrays = {kind: numbers(kind, (5, 3)) for kind in [*KINDS[:-1], "int64", "uint64"]}
    arrays = {f"name_of_{kind}": array for kind, array in arrays.items()} | {"x": np.eye(2)}
    scipy.io.savemat(path, arrays | {"text": "abc"}, do_compression=compressed)
    for name, expected in arrays.items():
        found = read_data(path, name=name)
        np.testing.assert_array_equal(found, scipy.io.loadmat(path)[name])
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    # MATLAB stores whole doubles as bytes; by hand, in either byte order.
    content = b"".join(
        [
            struct.pack(f"{order}4I", 6, 8, 6, 0),
            struct.pack(f"{order}2I2i", 5, 8, 2, 3),
            struct.pack(f"{order}I4s", 1 << 16 | 1, b"v"),
            struct.pack(f"{order}2I", 2, 6) + bytes([1, 2, 3, 4, 5, 6]) + b"\0\0",
        ]
    )
    mark = b"\x00\x01IM" if order == "<" else b"\x01\x00MI"
    whole = b"MATLAB 5.0".ljust(124) + mark + struct.pack(f"{order}2I", 14, len(content)) + content
    path.write_bytes(whole)
    found = read_data(path)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [[1, 3, 5], [2, 4, 6]])
    np.testing.assert_array_equal(found, scipy.io.loadmat(path)["v"])


def test_big_endian_and_python_2_headers(tmp_path: Path) -> None:
    path = tmp_path / "data.npy"
    np.save(path, np.arange(6, dtype=">i4").reshape(2, 3))
    found = read_data(path)
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, [[0, 1, 2], [3, 4, 5]])
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1L), }".ljust(117) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + header + struct.pack("<2d", 1.5, -2.0))
    np.testing.assert_array_equal(read_data(path), [[1.5], [-2.0]])


def test_the_array_is_chosen_by_name(tmp_path: Path) -> None:
    path = tmp_path / "many.npz"
    np.savez(path, x_train=np.eye(2), y_train=np.arange(3))
    np.testing.assert_array_equal(read_data(path, name="y_train"), [0, 1, 2])
    with pytest.raises(ArrayFileError, match="expected one array.*'x_train', 'y_train'.*name="):
        read_data(path)
    with pytest.raises(ArrayFileError, match="expected an array 'z', received 'x_train'"):
        read_data(path, name="z")
    np.savez(path, other=np.eye(2), data=np.ones(3))
    np.testing.assert_array_equal(read_data(path), np.ones(3))
    np.savez(path, other=np.eye(2))
    np.testing.assert_array_equal(read_data(path), np.eye(2))


@pytest.mark.skipif("HWKIT_DATA" not in os.environ, reason="HWKIT_DATA names no real files")
def test_real_digits_are_read() -> None:
    path = Path(os.environ["HWKIT_DATA"]) / "mnist.npz"
    if not path.exists():
        pytest.skip("HWKIT_DATA holds no mnist.npz")
    with np.load(path) as expected:
        np.testing.assert_array_equal(read_data(path, name="x_test"), expected["x_test"])


def npy(shape: str, kind: str = "<f8", content: bytes = b"") -> bytes:
    header = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def npz(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def mat(**options: Any) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, {"data": options.pop("value", np.eye(2))}, **options)
    return stream.getvalue()


def changed(data: bytes, place: int, value: int) -> bytes:
    return data[:place] + struct.pack("<I", value) + data[place + 4 :]


def pickled() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([{}], object), allow_pickle=True)
    return stream.getvalue()


def many_members() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.npy", b"")
    return stream.getvalue()


HOSTILE = [
    ("npy", npy("(1000000000000,)"), "expected 8000000000000 bytes .*received 0"),
    ("npy", npy("(10, -1)"), "expected -80 bytes"),
    ("npy", npy("(0, 5)"), "empty array"),
    ("npy", npy("(1,) * 10"), "npy|shape|header"),
    ("npy", npy("(1,)", "|O"), "expected whole or floating-point numbers .*object"),
    ("npy", npy("(1,)", "<c16", bytes(16)), "received complex128"),
    ("npy", npy("(1,)", "V999999999"), "expected whole or floating-point"),
    ("npy", npy("(1,)", "<f8", struct.pack("<d", np.nan)), r"received nan at \(0,\)"),
    ("npy", pickled(), "received object"),
    ("npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535, "is damaged|header|npy"),
    ("npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}", "header|EOF"),
    ("npy", b"\x93NUMPY\x03\x00\x00\x00", "version"),
    ("npy", b"", "magic|EOF"),
    ("npz", b"PK\x05\x06", "npz"),
    ("npz", npz(data=npy("(1000000000000,)")), "expected 8000000000000 bytes"),
    ("npz", npz(data=npy("(300000000,)", "|u1", bytes(300_000_000))), "at most 1000000 bytes"),
    ("npz", npz(data=pickled()), "received object"),
    ("npz", npz(), "received none"),
    ("npz", many_members(), "expected an .npz file of up to 1000 arrays"),
    ("mat", changed(mat(), 132, 0xFFFFFFF0), "4294967280 bytes are claimed"),
    ("mat", mat()[:-3], "claimed"),
    ("mat", changed(mat(), 160, 1 << 30), "expected 17179869184 bytes for numbers of shape"),
    ("mat", mat(value=np.zeros((3000, 100)), do_compression=True), "at most 1000000 bytes"),
    ("mat", mat(value={"a": 1}), "received a structure"),
    ("mat", mat(value=np.array([1, "a"], object)), "received a cell array"),
    ("mat", mat(value=scipy.sparse.eye(3)), "received a sparse matrix"),
    ("mat", mat(value=np.eye(2) * 1j), "received complex numbers"),
    ("mat", mat(value="abc"), "received text"),
    ("mat", mat(value=np.array([[1, np.inf]])), r"received inf at \(0, 1\)"),
    ("mat", mat(format="4"), "save it with '-v7'"),
    ("mat", b"MATLAB 7.3 MAT-file".ljust(600), "received 7.3; save it with '-v7'"),
    ("mat", b"", "save it with '-v7'"),
    ("txt", b"1 2\n3\n", "row"),
    ("txt", b"1 2\n3 x\n", "'x'"),
    ("txt", b"1 2\n3 nan\n", r"received nan at \(1, 1\)"),
    ("txt", b"1 " * (2**23 + 1), "rows of at most 16777216 bytes"),
    ("txt", b" \n", "empty file"),
    ("txt", b"# nothing\n", "empty array"),
    ("txt", b"\xff\xfe1 2\n", "utf-8"),
]


@pytest.mark.parametrize("case", range(len(HOSTILE)))
def test_damaged_files_are_refused(tmp_path: Path, case: int) -> None:
    fmt, data, problem = HOSTILE[case]
    path = tmp_path / f"data.{fmt}"
    path.write_bytes(data)
    with pytest.raises(ArrayFileError, match=problem) as caught:
        read_data(path, max_bytes=1_000_000 if "1000000 bytes" in problem else 2**30)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("array", "fmt", "problem"),
    [
        (np.ones(3), "txt", r"two axes, \(n, d\). Received: shape \(3,\)"),
        (np.ones((2, 2, 2)), "txt", r"\(2, 2, 2\)"),
        (np.ones(3), "mat", "two axes or more"),
        (np.ones((2, 2), np.float16), "mat", "float32"),
        (np.array([[2**53 + 1]]), "txt", "float64, which cannot hold"),
        (np.array([np.nan]), "npy", r"received nan at \(0,\)"),
        (np.array(["a"]), "npy", "whole or floating-point"),
        (np.array([1j]), "npy", "complex128"),
        (np.empty((0, 3)), "npy", "empty array"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, array, fmt: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        write_data(array, tmp_path / f"data.{fmt}")
    assert list(tmp_path.iterdir()) == []


def test_unknown_formats_and_missing_files() -> None:
    with pytest.raises(ValueError, match=r"ends in \.npy, \.npz, \.mat, \.txt"):
        read_data("data.csv")
    with pytest.raises(FileNotFoundError):
        read_data("no such file.npy")
