"""Comparing answers with closed forms, and knowing typical mistakes by their own closed forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwkit.checks.question import WrongAnswerError

# Networks compute in float32; mistakes are far larger on every case.
_TOLERANCE = 2e-4


@dataclass(frozen=True)
class Case:
    """One call of the student's code.

    Attributes:
        label: what is special about it, such as "several instances, midpoint rule".
        found: the student's answer, as numbers.
        right: the closed form, the same shape.
        mistakes: what a typical mistake would have given, by the sentence that names it.
        what: which part of the answer this is, in words; empty for all of it.
        own_scale: whether each number must be right to its own size, not to that of the largest.
    """

    label: str
    found: np.ndarray
    right: np.ndarray
    mistakes: Mapping[str, np.ndarray]
    what: str = ""
    own_scale: bool = False

    def agrees(self, other: np.ndarray) -> bool:
        """Whether the student's answer is this one, but for rounding."""
        return self.found.shape == np.shape(other) and bool(self.close(other).all())

    def close(self, other: np.ndarray) -> np.ndarray:
        """Which numbers of the student's answer are those of another of its shape."""
        finite = self.right[np.isfinite(self.right)]
        size = 0.0 if self.own_scale else max(float(np.abs(finite).max(initial=0)), 1e-6)
        return np.isclose(self.found, other, _TOLERANCE, _TOLERANCE * size, equal_nan=True)

    def defined(self) -> bool:
        """Whether the student's answer is finite wherever the right one is."""
        return bool((np.isfinite(self.found) | ~np.isfinite(self.right)).all())


def judge(
    cases: Iterable[Case], hints: Mapping[str, str], what: str, *, weak: bool = False
) -> None:
    """Return if every case is right.

    Otherwise the mistake is named that explains all cases, else the one that explains all wrong
    ones, else the first wrong one, else only where the answer first differs.

    Args:
        cases: may be a generator that runs the student's code; if that fails half-way, what went
            wrong before is told first.
        hints: by the sentence that names a mistake; "" for all others.
        what: the answer in words.
        weak: answers have few possible values, so that a mistake must explain all cases.

    Raises:
        WrongAnswerError: some case is wrong.
    """
    done: list[Case] = []
    try:
        for case in cases:
            done.append(case)
    except WrongAnswerError:
        _diagnose(done, hints, what, weak)
        raise
    _diagnose(done, hints, what, weak)


def _diagnose(cases: Sequence[Case], hints: Mapping[str, str], what: str, weak: bool) -> None:
    wrong = [case for case in cases if not case.agrees(case.right)]
    if not wrong:
        return
    first = wrong[0]
    for considered in (cases,) if weak else (cases, wrong, [first]):
        for sentence in first.mistakes:
            if all(case.agrees(case.mistakes.get(sentence, case.right)) for case in considered):
                raise WrongAnswerError(sentence, hints.get(sentence, ""))
    raise WrongAnswerError(f"{_where(first, what)} ({first.label}).", hints.get("", ""))


def numbers(answer: Any, shape: tuple[int, ...], what: str, label: str) -> np.ndarray:
    """The student's answer as float64 of the wanted shape.

    Raises:
        WrongAnswerError: not numbers, or another shape.
    """
    array = _array(answer, what)
    if array.shape != shape:
        raise WrongAnswerError(
            f"{what} has shape {array.shape}, expected {shape} ({label}).",
            _shape_hint(array.shape, shape),
        )
    return array


def whole_numbers(answer: Any, count: int, below: int, label: str) -> np.ndarray:
    """The student's indices as ``(count,)`` integers from 0 to ``below`` - 1, without repetition.

    Raises:
        WrongAnswerError: anything else.
    """
    what = "the list of indices"
    array = _array(answer, what)
    if array.shape != (count,):
        raise WrongAnswerError(
            f"{what} has shape {array.shape}, expected {(count,)}: k indices ({label}).",
            "One number for each channel has to be ranked, not each element of its map."
            if array.ndim != 1
            else "",
        )
    if np.asarray(answer).dtype.kind not in "iu":
        raise WrongAnswerError(
            "these are not whole numbers: channel indices are asked for, not their influences.",
            "np.argsort gives indices, np.sort gives values.",
        )
    if (array < 0).any() or (array >= below).any() or len(set(array.tolist())) < count:
        raise WrongAnswerError(
            f"indices must be different and from 0 to {below - 1}: there are {below} channels, "
            f"on the last axis ({label})."
        )
    return array


def _array(answer: Any, what: str) -> np.ndarray:
    try:
        array = np.asarray(answer)
        if array.dtype.kind not in "fiub":
            raise TypeError(array.dtype)
        return array.astype(np.float64)
    except (TypeError, ValueError):
        raise WrongAnswerError(
            f"expected an array of numbers as {what}, received {_kind(answer)}."
        ) from None


def _kind(answer: Any) -> str:
    name = type(answer).__name__
    return f"{name} of {answer.dtype}" if isinstance(answer, np.ndarray) else name


def _shape_hint(found: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if found[1:] == wanted and found[:1] == (1,):
        return "One instance came in, without a batch axis: return it without one."
    if found == wanted[1:]:
        return "Several instances came in (n, ...): keep the first axis."
    if sorted(found) == sorted(wanted):
        return "The axes are in another order: channels come last."
    if len(found) < len(wanted):
        return "An axis too many was summed or averaged away."
    return ""


def _where(case: Case, what: str) -> str:
    what = case.what or what
    if not case.defined():
        return f"{what} contains NaN or infinity"
    differs = ~case.close(case.right)
    first = np.unravel_index(int(np.argmax(differs)), differs.shape)
    if not first:
        return f"{what} is not right: you have {case.found.item():.4g}"
    index = ", ".join(str(int(i)) for i in first)
    return (
        f"{what} differs in {int(differs.sum())} of {differs.size} numbers, first at [{index}], "
        f"where you have {case.found[first]:.4g}"
    )
