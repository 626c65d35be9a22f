"""The files in an archive, whatever it is called: for archives of our own, which are no bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

_LARGEST = 1 << 30  # bytes of one unpacked member


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Files in an archive, whatever it is called."""
    if b"PK\x05\x06" in data[-(1 << 16) - 22 :]:
        yield from _zipped(data)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for entry in archive:
                opened = archive.extractfile(entry)
                if opened is not None:
                    yield entry.name, opened.read(_LARGEST)
    for magic, unpack in (
        (b"\x1f\x8b", gzip.decompress),
        (b"BZh", bz2.decompress),
        (b"\xfd7zXZ\0", lzma.decompress),
    ):
        if data.startswith(magic):
            try:
                yield "content", unpack(data)
            except (OSError, EOFError, lzma.LZMAError, zlib.error):
                return  # it only looks like one; its bytes are read all the same


def _zipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.comment:
                yield "comment", archive.comment
            for entry in archive.infolist():
                with archive.open(entry) as opened:
                    yield entry.filename, opened.read(_LARGEST)
    except zipfile.BadZipFile:
        return  # it only looks like one; its bytes are read all the same
