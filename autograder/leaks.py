"""Whether something that students get holds what they must not have.

Secrets are the answers between markers (code, model answers, rubrics) and the grader's own code.
They are looked for in every text, string of JSON (sources, outputs, metadata), base64, archive
within an archive, and in raw bytes. White space does not count. What students are given anyway is
no secret, so a line that also stands outside the markers is not looked for.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import MAGIC_NUMBER
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

import hwkit
from autograder.inner_files import members
from autograder.stubs import BEGIN, regions
from autograder.student_files import INSTRUCTORS

_MARKERS = ("BEGINSOLUTION", "ENDSOLUTION", "BEGINHIDDENTESTS", "BEGINMARKSCHEME", "*Rubric.*")
_COMPILED = (".pyc", ".pyo", ".pyd", ".so", ".dll", ".dylib")
_SHORTEST = 18  # a line of fewer characters is too common to tell where it is from
_PIECE, _STRIDE = 40, 20  # prose is looked for in pieces, as it may be quoted in part
_GIVES = re.compile(r"^\s*(?:return\s+|[\w.\[\], :]+ = )")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{48,}\s+)*[A-Za-z0-9+/]{48,}={0,2}")
_ALPHABET = bytes.maketrans(
    bytes(range(256)),
    bytes(
        65 if chr(code).isascii() and (chr(code).isalnum() or code in b"+/") else 32
        for code in range(256)
    ),
)
_SIEVE_BITS = 20
_WHITE = b" \t\r\n\f\v"
_DEEPEST = 6


class LeakError(ValueError):
    """What is to be given to students holds what they must not have; the message lists where."""


@dataclass(frozen=True)
class Leak:
    """Something that must not be there.

    Attributes:
        place: file, and what within it: "a.zip > b.ipynb".
        what: why it must not be there.
    """

    place: str
    what: str


class Secrets:
    """What students must not have.

    Args:
        pieces: text without white space, of eight bytes or more, to what it is a piece of.
    """

    def __init__(self, pieces: Mapping[str, str]) -> None:
        self.pieces = dict(pieces)
        self._by_key: dict[int, list[tuple[bytes, str]]] = {}
        for piece, what in self.pieces.items():
            sought = piece.encode()
            middle = (len(sought) - 8) // 2
            window = int.from_bytes(sought[middle : middle + 8], "little")
            self._by_key.setdefault(window, []).append((sought, what))
        self._sieve = np.zeros(1 << _SIEVE_BITS, bool)
        self._sieve[_slots(np.fromiter(self._by_key, np.uint64))] = True

    @classmethod
    def of(cls, assignments: Collection[str], notebooks: Iterable[Path] = ()) -> Secrets:
        """The secrets of these assignments.

        Args:
            assignments: whose answers are secret.
            notebooks: folders with sources of these assignments.

        Raises:
            ValueError: broken markers, or a source that is no notebook.
        """
        package = Path(hwkit.__file__).parent
        answers: list[tuple[str, str]] = []
        given: list[str] = []
        files = [(f"hwkit/{f.relative_to(package).as_posix()}", f) for f in package.rglob("*.py")]
        for name, file in sorted(files):
            if name in INSTRUCTORS:
                answers.append((name, file.read_text(encoding="utf-8")))
            else:
                _sort_out(file.read_text(encoding="utf-8"), name, assignments, answers, given)
        for folder in notebooks:
            for file in sorted(folder.glob("*.ipynb")):
                for number, source in enumerate(_sources(file), start=1):
                    name = f"{file.name}, cell {number}"
                    _sort_out(source, name, assignments, answers, given)
        public = _squeezed("\n".join(given))
        pieces = {marker: f"the marker '{marker}' of an answer" for marker in _MARKERS}
        for name, text in answers:
            for piece in (*_lines(text), *_prose(text)):
                if piece not in public:
                    pieces.setdefault(piece, f"part of the answer in {name}")
        for file in sorted(Path(__file__).parent.rglob("*.py")):
            for line in map(_squeezed, file.read_text(encoding="utf-8").splitlines()):
                if len(line) > _PIECE and line not in public:
                    pieces.setdefault(line, "a line of the grader's code")
        return cls(pieces)

    def within(self, data: bytes) -> str | None:
        """What the first secret in these bytes, without white space, is a piece of.

        Every window of eight bytes is compared at once with one window of each piece: a sieve
        lets through those that may be one.
        """
        for shift in range(8):
            whole = (len(data) - shift) // 8
            if whole < 1:
                break
            windows = np.frombuffer(data, "<u8", whole, shift)
            for index in np.flatnonzero(self._sieve[_slots(windows)]):
                for sought, what in self._by_key.get(int(windows[index]), ()):
                    start = shift + 8 * int(index) - (len(sought) - 8) // 2
                    if start >= 0 and data.startswith(sought, start):
                        return what
        return None


def refuse(what: Path, secrets: Secrets) -> None:
    """Make sure that a folder or an archive holds no secret.

    Raises:
        LeakError: it does; every place is listed.
    """
    found = find(what, secrets)
    if found:
        told = "\n".join(f"  {leak.place}: {leak.what}" for leak in found)
        raise LeakError(
            "Expected an edition without answers. Received one that gives these away, and wrote "
            f"nothing:\n{told}\nPut what is secret between '{BEGIN} <assignment>' and its end."
        )


def find(what: Path, secrets: Secrets) -> list[Leak]:
    """Every place where a folder, or a file, holds a secret; the first reason of each file."""
    found: list[Leak] = []
    files = sorted(what.rglob("*")) if what.is_dir() else [what]
    for file in files:
        place = file.relative_to(what).as_posix() if what.is_dir() else file.name
        if file.is_symlink():
            found.append(Leak(place, "a link, which leads out of the edition"))
        elif file.is_file():
            found += _in_bytes(file.read_bytes(), place, secrets, 0)
    return list({leak.place: leak for leak in reversed(found)}.values())[::-1]


def _in_bytes(data: bytes, place: str, secrets: Secrets, depth: int) -> Iterator[Leak]:
    name = place.rsplit(" > ", 1)[-1]
    if depth > _DEEPEST:
        yield Leak(place, f"archives are nested more than {_DEEPEST} deep")
        return
    if "autograder" in PurePosixPath(name.lower()).parts:
        yield Leak(place, "the grader's own package")
    if name.lower().endswith(_COMPILED) or data.startswith(MAGIC_NUMBER):
        yield Leak(place, "a compiled file, which may hold anything")
    inner = list(members(data))
    for member, content in inner:
        yield from _in_bytes(content, f"{place} > {member}", secrets, depth + 1)
    for text in _texts(data):
        if b"autograder" in text.lower():
            yield Leak(place, "the name of the grader")
        what = secrets.within(text.translate(None, _WHITE))
        if what is not None:
            yield Leak(place, what)
        # Most files have no such run, and telling that is much quicker than looking for them.
        runs = b"A" * 48 in text.translate(_ALPHABET)
        for hidden in _BASE64.findall(text) if runs and not inner else ():
            decoded = _decoded(hidden)
            if decoded is not None:
                yield from _in_bytes(decoded, f"{place} > base64", secrets, depth + 1)
    if name.endswith(".ipynb"):
        yield from _in_notebook(data, place)


def _in_notebook(data: bytes, place: str) -> Iterator[Leak]:
    for cell in _json(data).get("cells", []):
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield Leak(place, "a cell that has been run: its output may show an answer")
        if cell.get("attachments"):
            yield Leak(place, "an attachment, which may show an answer")


def _texts(data: bytes) -> Iterator[bytes]:
    """What can be read in these bytes, as UTF-8."""
    yield data
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # UTF-16 and UTF-32
    strings = list(_strings(_json(data)))
    if strings:
        yield "\n".join(strings).encode("utf-8", errors="replace")


def _slots(windows: np.ndarray) -> np.ndarray:
    """Places of windows in the sieve (multiplicative hashing)."""
    return (windows * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SIEVE_BITS)


def _json(data: bytes) -> Any:
    if data[:1].strip() not in (b"{", b"["):
        return {}
    try:
        return json.loads(data)
    except ValueError:
        return {}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text.translate(None, _WHITE), validate=True)
    except binascii.Error:
        return None


def _sort_out(
    text: str,
    name: str,
    assignments: Collection[str],
    answers: list[tuple[str, str]],
    given: list[str],
) -> None:
    """Add what stands between the markers to the answers, and the rest to what is given."""
    lines: Sequence[str] = text.splitlines()
    secret: set[int] = set()
    for region in regions(text, name):
        if region.assignment in assignments:
            answers.append((name, "\n".join(region.lines)))
            secret |= set(range(region.first, region.last + 1))
    given.append("\n".join(line for n, line in enumerate(lines, start=1) if n not in secret))


def _sources(file: Path) -> Iterator[str]:
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"Expected a notebook. Received: {file} ({error}).") from error
    for cell in cells:
        yield "".join(cell["source"])


def _lines(text: str) -> Iterator[str]:
    """Its lines, and what they return or assign, which may stand elsewhere under another name."""
    for line in text.splitlines():
        for squeezed in dict.fromkeys((_squeezed(line), _squeezed(_GIVES.sub("", line)))):
            if len(squeezed) >= _SHORTEST:
                yield squeezed


def _prose(text: str) -> Iterator[str]:
    squeezed = _squeezed(text)
    for start in range(0, len(squeezed) - _PIECE + 1, _STRIDE):
        yield squeezed[start : start + _PIECE]


def _squeezed(text: str) -> str:
    return "".join(text.split())
