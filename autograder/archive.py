"""Unpacking a zip from somebody who may mean harm: everything is measured, nothing is believed.

Nothing is written before every name has been looked at, and what is written is a plain file in the
folder that was given, under limits that count the bytes as they come out of the zip.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from autograder.course import RESERVED, key

_CHUNK = 1 << 16
_SMALL = 1 << 20  # below this many bytes, a ratio says nothing: a page of spaces is no bomb
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flags: encrypted, strongly, with a masked directory
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DIRECTORY_ENTRY = b"PK\x01\x02"
_IGNORED_FOLDERS = ("__macosx", ".ipynb_checkpoints", "__pycache__", ".git", ".venv")
_IGNORED_FILES = (".ds_store", "thumbs.db", "desktop.ini")
_DRIVE = re.compile(r"^[A-Za-z]:")
_AGAIN = "Make the zip anew with: hwkit pack --id ID"


@dataclass(frozen=True)
class Limits:
    """What a submission may be.

    Attributes:
        packed: bytes of the zip.
        files: files in it, ignored ones included.
        size: bytes of all its files together.
        ratio: unpacked bytes for each packed one, of a file of more than 1 MiB.
        path: characters of a path.
        depth: folders in one another.
    """

    packed: int = 100 << 20
    files: int = 500
    size: int = 200 << 20
    ratio: int = 200
    path: int = 240
    depth: int = 8


class ArchiveError(ValueError):
    """A zip is not taken.

    Attributes:
        reason: why, in one sentence.
        advice: what to tell the student.
    """

    def __init__(self, reason: str, advice: str = _AGAIN) -> None:
        super().__init__(f"{reason} {advice}")
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True)
class Unpacked:
    """What was unpacked.

    Attributes:
        files: path of each file, with /, to its sha256; in order.
        size: bytes of all files.
    """

    files: dict[str, str]
    size: int

    @property
    def digest(self) -> str:
        """Sha256 of the paths and contents, whatever the bytes of the zip are."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


def unpack(packed: Path, folder: Path, limits: Limits = Limits()) -> Unpacked:
    """Unpack a zip into an empty folder that exists.

    Args:
        packed: the zip.
        folder: gets its files, not executable; nothing is written outside.
        limits: what it may be.

    Raises:
        ArchiveError: it is not taken; the folder may hold a part of it then.
    """
    data = _read(packed, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = checked(archive.infolist(), limits)
            return _write(archive, entries, folder, limits)
    except ArchiveError:
        raise
    # zipfile lets through what its parsers raise on a damaged file.
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        ValueError,
        RuntimeError,
        LookupError,
        OverflowError,
        OSError,
    ) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the file system, not of the zip
        raise ArchiveError(f"The zip is damaged, or no zip ({_short(error)}).") from error


def _read(packed: Path, limits: Limits) -> bytes:
    """The zip's bytes, where looking at them will not take much memory.

    Held in memory, so that an error of the file system is one of the folder's.
    """
    try:
        with packed.open("rb") as file:
            data = file.read(limits.packed + 1)
    except OSError as error:
        raise ArchiveError(
            f"The file cannot be read ({error.strerror}).", "Look at the file, then collect again."
        ) from error
    if len(data) > limits.packed:
        raise ArchiveError(
            f"The zip has more than {limits.packed >> 20} MiB.",
            "Clear outputs that print too much, leave data out, and pack again.",
        )
    # A zip in the zip may have entries of its own.
    if data.count(_DIRECTORY_ENTRY) > 4 * limits.files:
        raise _too_many(limits)
    return data


def checked(entries: list[zipfile.ZipInfo], limits: Limits) -> list[zipfile.ZipInfo]:
    """The entries that are to be unpacked, if every one of them may be.

    Folders, and what operating systems and Jupyter add by themselves, are left out.

    Raises:
        ArchiveError: one may not.
    """
    if len(entries) > limits.files:
        raise _too_many(limits)
    wanted: list[zipfile.ZipInfo] = []
    spelled: dict[str, tuple[str, bool]] = {}
    for entry in entries:
        if _is_ignored(entry.orig_filename):
            continue
        parts = _checked_path(entry.orig_filename, limits)
        _check_kind(entry)
        is_folder = entry.orig_filename.endswith("/")
        for length in range(1, len(parts)):
            _check_unique(spelled, "/".join(parts[:length]), True)
        path = "/".join(parts)
        if not is_folder and key(path) in spelled:
            raise ArchiveError(f"The name {_shown(path)!r} is there twice, or in two spellings.")
        _check_unique(spelled, path, is_folder)
        if not is_folder:
            wanted.append(entry)
    return wanted


def _is_ignored(name: str) -> bool:
    parts = [part.casefold() for part in name.split("/")]
    return bool(set(parts) & set(_IGNORED_FOLDERS)) or parts[-1] in _IGNORED_FILES


def _checked_path(name: str, limits: Limits) -> list[str]:
    shown = f"{_shown(name)!r}"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        raise ArchiveError(f"The name {shown} holds a control character.")
    if "\\" in name:
        raise ArchiveError(f"The name {shown} holds a backslash.")
    if name.startswith("/") or _DRIVE.match(name):
        raise ArchiveError(f"The name {shown} is an absolute path.")
    parts = name.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ArchiveError(f"The name {shown} leads out of its folder, or nowhere.")
    if len(name) > limits.path or any(len(part.encode()) > 200 for part in parts):
        raise ArchiveError(f"The name {shown} is too long.", "Use shorter names, and pack again.")
    if len(parts) > limits.depth + 1:
        raise ArchiveError(
            f"{shown} lies more than {limits.depth} folders deep.",
            "Put the files beside the notebook, and pack again.",
        )
    for part in parts:
        stem = part.split(".")[0].rstrip().casefold()
        if stem in RESERVED or part[-1] in ". " or ":" in part:
            raise ArchiveError(
                f"The name {shown} cannot be used on every system.", "Rename it, and pack again."
            )
    return parts


def _check_kind(entry: zipfile.ZipInfo) -> None:
    shown = f"{_shown(entry.orig_filename)!r}"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link" if kind == stat.S_IFLNK else "a device"
        raise ArchiveError(f"{shown} is {what}, not a file.", f"Put the file itself in. {_AGAIN}")
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"{shown} is encrypted.", f"Pack without a password. {_AGAIN}")
    if entry.compress_type not in _METHODS:
        raise ArchiveError(f"{shown} is compressed in an unusual way.")


def _check_unique(spelled: dict[str, tuple[str, bool]], path: str, is_folder: bool) -> None:
    """Remember a path; of two that some system takes for the same, the second is refused."""
    before, was_folder = spelled.setdefault(key(path), (path, is_folder))
    if before != path:
        raise ArchiveError(
            f"The names {_shown(before)!r} and {_shown(path)!r} are the same on some systems.",
            "Rename one of them, and pack again.",
        )
    if was_folder != is_folder:
        raise ArchiveError(f"{_shown(path)!r} is a file and a folder.")


def _too_many(limits: Limits) -> ArchiveError:
    return ArchiveError(
        f"The zip holds more than {limits.files} files.",
        f"Put in the notebook and the .py and .txt files beside it only. {_AGAIN}",
    )


def _write(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, limits: Limits
) -> Unpacked:
    files: dict[str, str] = {}
    total = 0
    for entry in entries:
        name = entry.orig_filename
        target = folder.joinpath(*name.split("/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        flags |= getattr(os, "O_BINARY", 0)
        with archive.open(entry) as source, os.fdopen(os.open(target, flags, 0o644), "wb") as file:
            size = 0
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                total += len(chunk)
                _check_growth(name, size, entry.compress_size, total, limits)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        files[name] = digest.hexdigest()
    return Unpacked(dict(sorted(files.items())), total)


def _check_growth(name: str, size: int, packed: int, total: int, limits: Limits) -> None:
    if total > limits.size:
        raise ArchiveError(
            f"Its files have more than {limits.size >> 20} MiB together.",
            "Clear outputs that print too much, leave data out, and pack again.",
        )
    if size > _SMALL and size > limits.ratio * max(packed, 1):
        raise ArchiveError(
            f"{_shown(name)!r} unpacks to more than {limits.ratio} times its packed size.",
            "Clear outputs that print the same over and over, and pack again.",
        )


def _shown(name: str) -> str:
    return name if len(name) <= 80 else name[:60] + "..." + name[-15:]


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:100]}" if text else type(error).__name__


def file_digest(file: Path) -> str:
    """Sha256 of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
