"""What the judge computes in place of a student's other blanks; their inputs come from the box."""

from __future__ import annotations

from typing import Any

import numpy as np

_MOST_NUMBERS = 2**16


def start(scores: Any, c: Any, versus: Any = None) -> np.ndarray:
    """Relevance of the output for class ``c``, or for ``c`` rather than ``versus``.

    Raises:
        ValueError: no finite scores ``(n, classes)``, or no index of a class.
    """
    if (
        not isinstance(scores, np.ndarray)
        or scores.dtype.kind not in "biuf"
        or scores.ndim != 2
        or not 0 < scores.size <= _MOST_NUMBERS
        or not np.isfinite(scores).all()
    ):
        raise ValueError("Expected finite scores (n, classes). Received: something else.")
    signs = np.zeros(scores.shape[1], scores.dtype if scores.dtype.kind == "f" else np.float64)
    signs[_class_index(c, len(signs))] += 1
    if versus is not None:
        signs[_class_index(versus, len(signs))] -= 1
    return scores * signs


def _class_index(value: Any, classes: int) -> int:
    if not isinstance(value, (int, np.ndarray)) or np.asarray(value).dtype.kind not in "iu":
        raise ValueError("Expected the index of a class. Received: something else.")
    if np.shape(value) or not -classes <= int(value) < classes:
        raise ValueError(f"Expected the index of one of {classes} classes. Received: another one.")
    return int(value)
