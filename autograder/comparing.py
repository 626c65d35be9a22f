"""Reading and comparing what came back from a box; nothing in it is trusted."""

from __future__ import annotations

from typing import Any

import numpy as np

LONGEST_TEXT = 500
# Below this mean size an expected value counts as zero, and only zero equals it.
_NOTHING = 1e-6


class Misread(Exception):
    """A response that cannot be the answer.

    Attributes:
        mistake: name of the mistake, of the challenge's or of ``diagnosis.GENERAL``.
        detail: what came instead, in few words; may come from the box.
    """

    def __init__(self, mistake: str, detail: str = "") -> None:
        super().__init__(mistake)
        self.mistake = mistake
        self.detail = plain_text(detail, 80)


def numbers(value: Any) -> np.ndarray:
    """An answer as float64; NaN and infinity are kept, since they may be told as such.

    Raises:
        Misread: not one array of numbers, and not one number.
    """
    if type(value) in (bool, int, float):
        if type(value) is int and abs(value) >= 2**63:
            raise Misread("not numbers", "a whole number of more than 19 digits")
        return np.asarray(value, np.float64)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value.astype(np.float64)
    raise Misread("not numbers", received(value))


def whole_numbers(value: Any) -> np.ndarray:
    """An answer of indices as float64 that hold whole numbers.

    Raises:
        Misread: not numbers, or numbers with a fraction.
    """
    array = numbers(value)
    if not np.isfinite(array).all():
        raise Misread("NaN or infinity")
    if (array != np.floor(array)).any():
        raise Misread("values instead of indices")
    return array


def part(value: Any, key: str) -> Any:
    """One entry of an answer that is a dictionary.

    Raises:
        Misread: no dictionary, or without this entry.
    """
    if type(value) is not dict or key not in value:
        raise Misread("not numbers", received(value))
    return value[key]


def text(value: Any, key: str) -> str:
    """One entry of an answer that is a dictionary, if it is text; else nothing.

    Raises:
        Misread: no dictionary, or without this entry.
    """
    found = part(value, key)
    return found if type(found) is str else ""


def number(value: Any) -> float:
    """One finite number.

    Raises:
        Misread: anything else.
    """
    array = numbers(value)
    if array.shape != () or not np.isfinite(array):
        raise Misread("not numbers", received(value))
    return float(array)


def received(value: Any) -> str:
    """What a value is, in few words: an asking function says it where it could not make numbers."""
    if type(value) is dict and type(value.get("received")) is str:
        return plain_text(value["received"], 80)
    return type(value).__name__


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """Relative L1 distance of two arrays of the same shape; infinity for any other or for NaN."""
    if found.shape != expected.shape:
        return float("inf")
    if not expected.size:
        return 0.0
    found, expected = found.astype(np.float64), expected.astype(np.float64)
    if np.array_equal(np.isnan(found), np.isnan(expected)) and np.isnan(found).any():
        present = ~np.isnan(found)
        return distance(found[present], expected[present])
    with np.errstate(all="ignore"):
        off = np.abs(found - expected).sum() / max(
            float(np.abs(expected).sum()), _NOTHING * expected.size
        )
    return float(off) if np.isfinite(off) else float("inf")


def agrees(found: np.ndarray, expected: np.ndarray, tolerance: float | None) -> bool:
    """Whether an answer is as expected: equal in shape and, but for the tolerance, in value."""
    if tolerance is None:
        return found.shape == expected.shape and bool((found == expected).all())
    return distance(found, expected) <= tolerance


def plain_text(text: Any, longest: int = LONGEST_TEXT) -> str:
    """Text from a box, cut, on one line, without control characters; it is still to be escaped."""
    if not isinstance(text, str):
        return ""
    cut = text[: longest + 1]
    clean = "".join(each if each.isprintable() else " " for each in cut)
    clean = " ".join(clean.split())
    return clean if len(text) <= longest else clean[: longest - 4] + " ..."
