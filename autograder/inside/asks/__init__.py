"""What is asked of a student's code inside the box: a module of asking functions per assignment.

``def ask(names, inputs, reference) -> value``: ``names`` are the student's globals, ``inputs`` the
hidden inputs, ``reference(name, **inputs)`` asks the judge outside. The value is plain: arrays,
numbers, strings, lists and dictionaries of these. Nothing here knows an answer.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from hwkit.checks.student_code import blank_name

Names = dict[str, Any]
Reference = Callable[..., Any]
Ask = Callable[[Names, dict[str, Any], Reference], Any]
_ABSENT = object()


class NotAttempted(Exception):
    """A blank is missing or still empty; the message names it."""


def call_ask(
    assignment: str,
    ask: str,
    names: Names,
    inputs: dict[str, Any],
    stand_ins: Mapping[str, str],
    reference: Reference,
) -> Any:
    """Call an asking function, with stand-ins for some of the student's names.

    Args:
        assignment: the module of asking functions: "influence".
        ask: the function's name.
        names: the student's globals; as before afterwards.
        inputs: for the function.
        stand_ins: name of the student's to the name of the reference that replaces it.
        reference: asks the judge.

    Raises:
        NotAttempted: the blank is missing, or raises NotImplementedError.
        Exception: whatever the student's code raises.
    """
    module = importlib.import_module(f"{__name__}.{assignment}")
    function: Ask = module.ASKS[ask]
    instead = {
        name: _stand_in(asked, module.PARAMETERS[name], reference)
        for name, asked in stand_ins.items()
    }
    with replaced(names, instead):
        try:
            return function(names, inputs, reference)
        except NotImplementedError as error:
            blank = blank_name(error)
            if blank is None:  # a library's own
                raise
            raise NotAttempted(blank) from None


def blank(names: Names, name: str) -> Any:
    """What the student wrote under a name.

    Raises:
        NotAttempted: nothing.
    """
    found = names.get(name)
    if found is None or found is Ellipsis:
        raise NotAttempted(name)
    return found


def plain(value: Any, name: str) -> Any:
    """An answer in any honest form (list, tensor, numpy scalar) as an array of numbers.

    What is no array of numbers comes out as ``{"received": its type}``.

    Raises:
        NotAttempted: there is no answer.
    """
    if value is None or value is Ellipsis:
        raise NotAttempted(name)
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # such as a list of tensors
            array = array.astype(np.float64)
    except (TypeError, ValueError):
        return {"received": type(value).__name__}
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return array if array.dtype.kind in "biuf" else {"received": type(value).__name__}


def several(answer: Any, keys: tuple[str, ...], name: str) -> Any:
    """Arrays by key, of any form that ``one, other, ... = answer`` takes; else as one answer.

    Raises:
        NotAttempted: there is no answer.
    """
    if answer is None or answer is Ellipsis:
        raise NotAttempted(name)
    sequence = isinstance(answer, (tuple, list)) or np.ndim(answer) > 0
    if not sequence or len(answer) != len(keys):
        return plain(answer, name)
    return {
        key: {"received": "None"} if each is None else plain(each, name)
        for key, each in zip(keys, answer, strict=True)
    }


def heard(function: Callable[..., Any], *given: Any) -> tuple[Any, str]:
    """What a function answers, and the first warning of its arithmetic; "" if there is none."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        with np.errstate(divide="warn", over="warn", invalid="warn"):
            answer = function(*given)
    told = [str(each.message) for each in caught if issubclass(each.category, RuntimeWarning)]
    return answer, told[0][:200] if told else ""


@contextmanager
def replaced(names: Names, values: Mapping[str, Any]) -> Iterator[None]:
    """Give some of the student's names other values for a while."""
    before = {name: names.get(name, _ABSENT) for name in values}
    names.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _ABSENT:
                names.pop(name, None)
            else:
                names[name] = value


def _stand_in(asked: str, parameters: tuple[str, ...], reference: Reference) -> Callable[..., Any]:
    """A function with these parameters that has the judge answer; "versus?" may be left out.

    Functions among what it is given stay here: of a function ``f``, the judge is told as ``f_x``
    what it makes of the array ``x``.
    """
    names = [each.removesuffix("?") for each in parameters]
    needed = {each for each in parameters if not each.endswith("?")}

    def stand_in(*given: Any, **named: Any) -> Any:
        together = dict(zip(names, given, strict=False)) | named
        if len(together) < len(given) + len(named) or not needed <= set(together) <= set(names):
            raise TypeError(f"{asked}() takes {', '.join(names)}")
        functions = {key: each for key, each in together.items() if callable(each)}
        told = {
            key: np.asarray(each)
            for key, each in together.items()
            if each is not None and key not in functions
        }
        made = {
            f"{name}_{key}": np.asarray(function(each))
            for name, function in functions.items()
            for key, each in told.items()
        }
        return reference(asked, **told, **made)

    return stand_in
