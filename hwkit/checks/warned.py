"""Code whose numbers are right but which makes NumPy warn is not done yet."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from hwkit.checks.question import WrongAnswerError


@contextmanager
def no_warning(hint: str) -> Iterator[None]:
    """Context manager for a check: a numerical warning inside it is told once all else is right.

    Args:
        hint: how to do without the warning.

    Raises:
        WrongAnswerError: something warned; its first warning is told.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        with np.errstate(divide="warn", over="warn", invalid="warn"):
            yield
    heard = [str(each.message) for each in caught if issubclass(each.category, RuntimeWarning)]
    if heard:
        raise WrongAnswerError(f"your numbers are right, but there is a warning: {heard[0]}.", hint)
