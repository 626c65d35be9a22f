"""Lists of relevances, one for each layer: how what came back is read and compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.comparing import Misread, numbers, part

Arrays = list[np.ndarray]


def read(value: Any) -> Arrays:
    """The student's list of relevances; one array stands for a list of one."""
    if type(value) is not dict or "relevances" not in value:
        return [numbers(value)]
    found = part(value, "relevances")
    if type(found) is not list or not found:
        raise Misread("an empty list")
    return [numbers(each) for each in found]


def of_inputs(right: Arrays, found: Arrays) -> np.ndarray:
    """The relevance of the inputs, wherever in the list: where it belongs is another aspect.

    Raises:
        Misread: it is at neither end of the list.
    """
    for each in (found[0], found[-1]):
        if each.shape == right[0].shape:
            return each
    raise _misread(right, found)


def in_a_row(right: Arrays, found: Arrays) -> np.ndarray:
    """All relevances in a row, each in units of its own size, so that all of them count alike.

    Raises:
        Misread: they have not the shapes of what is asked for.
    """
    if _shapes(found) != _shapes(right):
        raise _misread(right, found)
    pairs = zip(found, right, strict=True)
    return np.concatenate([each.ravel() / np.abs(size).sum() for each, size in pairs])


def _misread(right: Arrays, found: Arrays) -> Misread:
    """What a list is whose shapes are not those that are asked for."""
    shapes, expected = _shapes(found), _shapes(right)
    forms = {
        "list reversed": expected[::-1],
        "output missing": expected[:-1],
        "input missing": expected[1:],
        "inputs only": expected[:1],
        "output missing, list reversed": expected[-2::-1],
        "input missing, list reversed": expected[:0:-1],
        "output only": expected[-1:],
    }
    for name, form in forms.items():
        if shapes == form:
            return Misread(name)
    return Misread("other shapes", ", ".join(map(str, shapes)))


def _shapes(arrays: Arrays) -> list[tuple[int, ...]]:
    return [each.shape for each in arrays]
