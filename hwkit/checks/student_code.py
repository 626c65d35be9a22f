"""Calling what a student wrote: nothing it does ends in a traceback."""

from __future__ import annotations

import linecache
import operator
import re
import sysconfig
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

import hwkit
from hwkit.checks.question import NotAttemptedError, WrongAnswerError

_LIBRARIES = tuple(
    {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
)
_PACKAGE = str(Path(hwkit.__file__).parent)
_LONGEST_MESSAGE = 300
# What a function may change, and how to leave it alone.
_KEEP = {
    "an array": "Work on a new array: x = x * 2 makes one, x *= 2 and x[...] = 0 change the old.",
    "a list": "layers[::-1] goes from the end; layers.reverse() turns the list itself.",
    "a dictionary": "Work on a new one: dict(maps) makes it.",
}
# TensorFlow rewrites functions and quotes the student's lines in the message instead.
_QUOTED_FRAME = re.compile(r'File "([^"]*)", line (\d+), in (\w+)')


def call(function: Callable[..., Any], *arguments: Any, case: str = "") -> Any:
    """What the student's function returns for copies of these arguments.

    Args:
        function: the student's.
        arguments: arrays, lists and dictionaries are copied before; a function that changes them is
            told so.
        case: what is special about these arguments, such as "for several instances".

    Raises:
        NotAttemptedError: it raises NotImplementedError, or returns None or Ellipsis.
        WrongAnswerError: it raises anything else, or changes its arguments.
    """
    given = [_copied(each) for each in arguments]
    where = f" ({case})" if case else ""
    try:
        answer = function(*given)
    except NotImplementedError as error:
        raise NotAttemptedError(blank_name(error) or "") from None
    except Exception as error:
        raise WrongAnswerError(f"your code stopped{where} with {described(error)}") from None
    if answer is None or answer is Ellipsis:
        raise NotAttemptedError("")
    for before, after in zip(arguments, given, strict=True):
        changed = _changed(before, after)
        if changed:
            raise WrongAnswerError(
                f"{changed} that was passed in has been changed{where}.", _KEEP[changed]
            )
    return answer


def described(error: Exception) -> str:
    """Type and message of an error and the line of the student's own code that it came from."""
    message = str(error).strip()
    if "in user code" in message:
        message = message.splitlines()[-1].strip()
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + " ..."
    place = _own_line(error)
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"{what}\nin {place}" if place else what


def blank_name(error: NotImplementedError) -> str | None:
    """Name of the function in which a blank is still empty; ``None`` if that is not the cause.

    A NotImplementedError from a library is no blank of the student's.
    """
    quoted = _QUOTED_FRAME.findall(str(error))
    if quoted:
        return quoted[-1][2]
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or _is_library(frames[-1].f_code.co_filename):
        return None
    return frames[-1].f_code.co_name


def is_students(frame: FrameType) -> bool:
    """Whether a frame runs the student's code, not a library's and not hwkit's."""
    name = frame.f_code.co_filename
    return not _is_library(name) and not name.startswith(_PACKAGE)


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return list(value) if isinstance(value, list) else value


def _changed(before: Any, after: Any) -> str:
    """What is no longer as it was, by its kind in words; empty where nothing is."""
    if isinstance(before, np.ndarray):
        return "" if np.array_equal(before, after) else "an array"
    if isinstance(before, list):
        same = len(before) == len(after) and all(map(operator.is_, before, after))
        return "" if same else "a list"
    if isinstance(before, dict):
        if list(before) != list(after):
            return "a dictionary"
        return next(filter(None, (_changed(before[key], after[key]) for key in before)), "")
    return ""


def _is_library(filename: str) -> bool:
    if filename.startswith("<frozen") or "__autograph_generated_file" in filename:
        return True
    return filename.startswith(_LIBRARIES) or "site-packages" in filename


def _own_line(error: Exception) -> str:
    quoted = [
        (name, int(line))
        for name, line, _ in _QUOTED_FRAME.findall(str(error))
        if not _is_library(name) and not name.startswith(_PACKAGE)
    ]
    walked = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if is_students(frame)
    ]
    places = walked + quoted
    if not places:
        return ""
    filename, line = places[-1]
    source = linecache.getline(filename, line).strip()
    return f'your line {line}: "{source}"' if source else f"your line {line}"
