"""What may be unpacked and what may not; nothing is ever written outside the folder."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from autograder.archive import ArchiveError, Limits, Unpacked, unpack

SMALL = Limits(packed=1 << 20, files=20, size=4 << 20, ratio=50, path=60, depth=3)


def make(entries: list[tuple[str | zipfile.ZipInfo, bytes]], **options: int) -> bytes:
    """The bytes of a zip; names are taken as they are."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", **options) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return held.getvalue()


def entry(name: str, mode: int = 0o100644, **attributes: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


@pytest.fixture
def unpacking(tmp_path: Path):
    """Unpacks bytes into a fresh folder, below which and beside which one can look."""

    def run(data: bytes, limits: Limits = SMALL) -> Unpacked:
        packed = tmp_path / "given.zip"
        packed.write_bytes(data)
        folder = tmp_path / "around" / "inside"
        folder.mkdir(parents=True)
        try:
            return unpack(packed, folder, limits)
        finally:
            assert os.listdir(tmp_path / "around") == ["inside"]
            assert sorted(os.listdir(tmp_path)) == ["around", "given.zip"]

    return run


def test_plain_files_arrive_byte_for_byte(unpacking, tmp_path):
    contents = {"bob_HW3/bob_hw3.ipynb": b'{"cells": []}\r\n', "bob_HW3/own/ünï.py": b"x = 1\n"}
    done = unpacking(make(list(contents.items())))
    assert done.files == {name: hashlib.sha256(c).hexdigest() for name, c in contents.items()}
    assert done.size == 15 + 6
    for name, content in contents.items():
        file = tmp_path / "around" / "inside" / name
        assert file.read_bytes() == content
        assert not file.stat().st_mode & 0o111


def test_digest_is_that_of_names_and_contents_whatever_the_zip_looks_like(unpacking, tmp_path):
    entries = [("a.py", b"1"), ("b.py", b"2")]
    first = unpacking(make(entries)).digest
    for name in ("around/inside/a.py", "around/inside/b.py"):
        (tmp_path / name).unlink()
    (tmp_path / "around" / "inside").rmdir()
    (tmp_path / "around").rmdir()
    (tmp_path / "given.zip").unlink()
    assert unpacking(make(entries[::-1], compression=zipfile.ZIP_DEFLATED)).digest == first


def test_what_systems_add_is_left_out(unpacking):
    junk = ["__MACOSX/._a.py", ".DS_Store", "w/.ipynb_checkpoints/a-checkpoint.ipynb"]
    junk += ["w/__pycache__/a.cpython-311.pyc", "w/Thumbs.db"]
    done = unpacking(make([("w/a.py", b"1"), *((name, b"junk") for name in junk)]))
    assert list(done.files) == ["w/a.py"]


def test_folders_of_their_own_entry_are_fine(unpacking):
    done = unpacking(make([(entry("w/", 0o40755), b""), ("w/a.py", b"1"), ("w/b.py", b"1")]))
    assert list(done.files) == ["w/a.py", "w/b.py"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.py", "leads out"),
        ("a/../../evil.py", "leads out"),
        ("a/./b.py", "leads out"),
        ("a//b.py", "leads out"),
        ("/etc/evil", "absolute"),
        ("C:/evil.py", "absolute"),
        ("c:evil.py", "absolute"),
        ("..\\evil.py", "backslash"),
        ("a\\b.py", "backslash"),
        ("a\nb.py", "control"),
        ("a\x1b[31m.py", "control"),
        ("a\x00.py", "control"),
        ("a\u202egnp.py", "control"),
        ("CON", "every system"),
        ("w/nul.txt", "every system"),
        ("w/COM1.py", "every system"),
        ("a.py.", "every system"),
        ("a.py ", "every system"),
        ("a.py:stream", "every system"),
        ("x" * 61, "too long"),
        ("é" * 59 + "é" * 59, "too long"),
        ("a/b/c/d/e.py", "deep"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(unpacking, name: str, reason: str):
    with pytest.raises(ArchiveError, match=reason):
        unpacking(make([("good.py", b"1"), (entry(name), b"evil")]))


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (stat.S_IFLNK | 0o777, "a link"),
        (stat.S_IFCHR | 0o644, "a device"),
        (stat.S_IFBLK | 0o644, "a device"),
        (stat.S_IFIFO | 0o644, "a device"),
        (stat.S_IFSOCK | 0o644, "a device"),
    ],
)
def test_what_is_no_file_is_refused(unpacking, mode: int, reason: str):
    with pytest.raises(ArchiveError, match=reason):
        unpacking(make([(entry("w/passwd", mode), b"/etc/passwd")]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        ("a.py", "a.py"),
        ("a.py", "A.PY"),
        ("straße.py", "STRASSE.py"),
        ("\u00e9.py", "e\u0301.py"),
        ("\ufb01.py", "fi.py"),
        ("w/a.py", "W/b.py"),
        ("w", "w/a.py"),
        ("w/a.py", "w"),
    ],
)
def test_names_that_collide_on_some_system_are_refused(unpacking, names: tuple[str, str]):
    with pytest.raises(ArchiveError, match="twice|same on some|file and a folder|spellings"):
        unpacking(make([(name, b"1") for name in names]))


def test_too_many_files(unpacking):
    with pytest.raises(ArchiveError, match="more than 20 files"):
        unpacking(make([(f"{n}.py", b"") for n in range(21)]))


def test_too_many_files_are_refused_before_their_list_is_read(unpacking, monkeypatch):
    data = make([(f"{n}.py", b"") for n in range(100)])
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(ArchiveError, match="more than 20 files"):
        unpacking(data)


def test_too_large_a_zip(unpacking):
    with pytest.raises(ArchiveError, match="more than 1 MiB"):
        unpacking(make([("a.bin", os.urandom((1 << 20) + 1))]))


def test_too_many_bytes_together(unpacking):
    noise = [(f"{n}.bin", bytes(range(256)) * 4096 * 1) for n in range(5)]
    with pytest.raises(ArchiveError, match="more than 4 MiB together"):
        unpacking(
            make(noise, compression=zipfile.ZIP_DEFLATED),
            Limits(packed=8 << 20, size=4 << 20, ratio=10**6),
        )


def test_a_bomb_is_stopped_by_its_ratio(unpacking, tmp_path):
    with pytest.raises(ArchiveError, match="more than 50 times"):
        unpacking(make([("zeros", bytes(4 << 20))], compression=zipfile.ZIP_DEFLATED))
    written = sum(file.stat().st_size for file in tmp_path.rglob("zeros"))
    assert written < 2 << 20


def test_sizes_in_headers_are_not_believed(unpacking):
    """The directory says 10 bytes, the stream holds 3 MiB."""
    data = bytearray(make([("zeros", bytes(3 << 20))], compression=zipfile.ZIP_DEFLATED))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(ArchiveError):
        unpacking(bytes(data))


def test_an_encrypted_member_is_refused(unpacking):
    data = bytearray(make([("a.py", b"1")]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(signature) + offset
        data[place] |= 1
    with pytest.raises(ArchiveError, match="encrypted"):
        unpacking(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(unpacking, method: int):
    with pytest.raises(ArchiveError, match="unusual"):
        unpacking(make([("a.py", b"1" * 100)], compression=method))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x05\x06", b"not a zip", b"PK\x03\x04" + bytes(100), b"\x1f\x8b" + bytes(50)],
    ids=["empty", "end alone", "text", "head alone", "gzip"],
)
def test_what_is_no_zip_is_refused(unpacking, data: bytes):
    with pytest.raises(ArchiveError, match="damaged, or no zip"):
        unpacking(data)


def test_a_truncated_zip_is_refused(unpacking):
    data = make([("a.py", os.urandom(1000))])
    with pytest.raises(ArchiveError, match="damaged"):
        unpacking(data[:-30])


def test_a_wrong_checksum_is_refused(unpacking):
    data = make([("a.py", b"honest")])
    with pytest.raises(ArchiveError, match="damaged"):
        unpacking(data.replace(b"honest", b"forged"))


def test_a_name_that_differs_between_directory_and_header_is_refused(unpacking):
    data = bytearray(make([("aaaa.py", b"1")]))
    place = data.index(b"aaaa.py")
    data[place : place + 4] = b"../b"
    with pytest.raises(ArchiveError):
        unpacking(bytes(data))


def test_members_that_overlap_are_refused_or_measured(unpacking):
    """Many entries that share one stream: each counts in full."""
    one = make([("000", bytes(1 << 20))], compression=zipfile.ZIP_DEFLATED)
    directory = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    header = one[directory:end]
    entries = b"".join(header.replace(b"000", b"%03d" % n) for n in range(10))
    body = one[:directory]
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 10, 10, len(entries), len(body), 0)
    with pytest.raises(ArchiveError):
        unpacking(body + entries + tail)
