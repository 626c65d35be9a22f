"""Messages survive the way there and back, and whatever is no message is refused."""

from __future__ import annotations

import io
import json
import struct

import numpy as np
import pytest

from autograder.inside.codec import DTYPES, MAGIC, PREFIX, Bounds, ProtocolError, decode, encode

MESSAGES = [
    None,
    True,
    -(2**60),
    "größe \ud7ff",
    [1, [2.5, None], {}],
    {"a": {"b": [False]}},
]


@pytest.mark.parametrize("message", MESSAGES, ids=str)
def test_plain_messages_come_back(message):
    assert decode(encode(message)) == message


@pytest.mark.parametrize("dtype", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)], ids=str)
def test_arrays_come_back_exactly(dtype, shape):
    numbers = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2
    array = numbers.astype(dtype)
    back = decode(encode({"x": [array, 1]}))["x"][0]
    assert back.dtype == array.dtype and back.shape == shape and back.flags.writeable
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_lacks_come_as_arrays(number):
    np.testing.assert_equal(decode(encode(number)), np.float64(number))


def test_fortran_order_and_big_endian_come_back():
    array = np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3))
    np.testing.assert_array_equal(decode(encode(array)), array)


def test_an_array_is_npy_that_numpy_reads():
    array = np.arange(5, dtype=np.int16)
    frame = encode(array)
    text = PREFIX.unpack(frame[: PREFIX.size])[2]
    read = np.load(io.BytesIO(frame[PREFIX.size + text :]), allow_pickle=False)
    np.testing.assert_array_equal(read, array)


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "message",
    [
        object(),
        {1: 2},
        {"__array__": 0},
        Text("x"),
        b"bytes",
        {1, 2},
        np.array([object()]),
        np.array(["text"]),
        np.array([1j]),
        np.zeros(2, [("a", "f4")]),
    ],
    ids=lambda message: type(message).__name__,
)
def test_nothing_else_is_encoded(message):
    with pytest.raises(ProtocolError):
        encode(message)


def test_a_cycle_is_refused():
    cycle: list = []
    cycle.append(cycle)
    with pytest.raises(ProtocolError, match="nested"):
        encode(cycle)


def framed(form: object, blobs: bytes = b"") -> bytes:
    text = form if isinstance(form, bytes) else json.dumps(form).encode()
    return PREFIX.pack(MAGIC, len(text) + len(blobs), len(text)) + text + blobs


def npy(header: str, data: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    text = header.encode() + b"\n"
    return struct.pack("<6sBBH", b"\x93NUMPY", *version, len(text)) + text + data


GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
MALFORMED = {
    "empty": b"",
    "short": b"hwk1",
    "other magic": b"evil" + bytes(12),
    "longer than it says": framed(1) + b"x",
    "shorter than it says": framed([1, 2])[:-1],
    "more text than body": PREFIX.pack(MAGIC, 1, 5) + b"1",
    "beyond its bound": PREFIX.pack(MAGIC, 2**40, 1) + b"1",
    "no JSON": framed(b"{"),
    "no text": framed(b"\xff\xfe"),
    "NaN in JSON": framed(b"NaN"),
    "nested": framed(b"[" * 5000 + b"]" * 5000),
    "nested a little too much": framed([[[[[[[[[[[[[[1]]]]]]]]]]]]]]),
    "digits without end": framed(b"9" * 10_000),
    "an array that is not there": framed({"__array__": 0}),
    "a negative array": framed({"__array__": -1}, npy(GOOD, bytes(8))),
    "a true array": framed({"__array__": True}, npy(GOOD, bytes(8))),
    "an array of text": framed({"__array__": "0"}, npy(GOOD, bytes(8))),
    "an array twice": framed([{"__array__": 0}, {"__array__": 0}], npy(GOOD, bytes(8))),
    "an array that nobody wants": framed(1, npy(GOOD, bytes(8))),
    "objects": framed({"__array__": 0}, npy(GOOD.replace("<f4", "|O"), bytes(16))),
    "texts": framed({"__array__": 0}, npy(GOOD.replace("<f4", "<U4"), bytes(32))),
    "times": framed({"__array__": 0}, npy(GOOD.replace("<f4", "<M8[s]"), bytes(16))),
    "big endian": framed({"__array__": 0}, npy(GOOD.replace("<f4", ">f4"), bytes(8))),
    "half-half": framed({"__array__": 0}, npy(GOOD.replace("<f4", "<f1"), bytes(8))),
    "code in the header": framed({"__array__": 0}, npy("__import__('os').abort()", bytes(8))),
    "Fortran": framed({"__array__": 0}, npy(GOOD.replace("False", "True"), bytes(8))),
    "a negative size": framed({"__array__": 0}, npy(GOOD.replace("(2,)", "(-2,)"), bytes(8))),
    "too few numbers": framed({"__array__": 0}, npy(GOOD, bytes(7))),
    "numbers without end": framed(
        {"__array__": 0}, npy(GOOD.replace("(2,)", "(999999999999999999, 999999999)"), bytes(8))
    ),
    "no numbers without end": framed(
        {"__array__": 0}, npy(GOOD.replace("(2,)", "(999999999999999999, 0)"))
    ),
    "axes without end": framed(
        {"__array__": 0}, npy(GOOD.replace("(2,)", "(" + "1, " * 40 + "1)"), bytes(8))
    ),
    "version 3": framed({"__array__": 0}, npy(GOOD, bytes(8), (3, 0))),
    "half a header": framed({"__array__": 0}, b"\x93NUMPY\x01\x00"),
    "arrays without end": framed(1, npy(GOOD, bytes(8)) * 300),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_refused(name):
    with pytest.raises(ProtocolError):
        decode(MALFORMED[name])


def test_bounds_are_kept():
    frame = encode(np.zeros(1000))
    with pytest.raises(ProtocolError, match="at most"):
        decode(frame, Bounds(frame=500))


def test_booleans_are_true_or_false():
    frame = framed({"__array__": 0}, npy(GOOD.replace("<f4", "|b1"), b"\x02\x00"))
    back = decode(frame)
    assert back.tolist() == [True, False] and back.view(np.uint8).tolist() == [1, 0]


def test_20000_mutated_frames_are_read_or_refused():
    rng = np.random.default_rng(0)
    frames = [encode(each) for each in (*MESSAGES, {"answer": np.arange(6.0).reshape(2, 3)})]
    frames += [encode([np.ones((2, 2), bool), {"x": np.int8(3)}]), *MALFORMED.values()]
    read = 0
    for _ in range(20_000):
        frame = bytearray(frames[rng.integers(len(frames))])
        for _ in range(rng.integers(1, 5)):
            place = int(rng.integers(len(frame) + 1))
            kind = rng.integers(4)
            if kind == 0 and frame:
                frame[place % len(frame)] = rng.integers(256)
            elif kind == 1:
                del frame[place : place + int(rng.integers(1, 9))]
            elif kind == 2:
                frame[place:place] = rng.bytes(int(rng.integers(1, 9)))
            else:
                frame[place:place] = frame[: int(rng.integers(len(frame) + 1))]
        try:
            decode(bytes(frame), Bounds(frame=2**20))
            read += 1
        except ProtocolError:
            continue
    assert 0 < read < 20_000
