"""What the judge computes in place of a student's other blanks; their inputs come from the box.

Each takes arrays of numbers, checks them strictly and raises ``ValueError`` for anything else.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_MOST_NUMBERS = 2**18
# Exact up to degree 3, and the gradients of the hidden convolutions have that degree in t.
_NODES, _WEIGHTS = (each / 2 for each in np.polynomial.legendre.leggauss(4))
_NODES = _NODES + 0.5


def path_point(baseline: Any, z: Any, t: Any) -> np.ndarray:
    """The point of a path at t, for arrays that broadcast."""
    arrays = [_numbers(each) for each in (baseline, z, t)]
    try:
        shape = np.broadcast_shapes(*(each.shape for each in arrays))
    except ValueError:
        raise ValueError("Expected shapes that broadcast. Received: others.") from None
    if math.prod(shape) > _MOST_NUMBERS:
        raise ValueError(f"Expected at most {_MOST_NUMBERS} numbers. Received: more.")
    start, end, share = arrays
    kind = np.result_type(start, end)
    return (start + share * (end - start)).astype(kind if kind.kind == "f" else np.float64)


def top_neurons_of_instance(attribution: Any, k: Any) -> np.ndarray:
    """Channels of highest maximum of ``(h, w, c)``."""
    return _ranked(_numbers(attribution, axes=3).max(axis=(0, 1)), k)


def top_neurons_of_class(attributions: Any, k: Any) -> np.ndarray:
    """Channels of highest mean maximum of ``(n, h, w, c)``."""
    return _ranked(_numbers(attributions, axes=4).max(axis=(1, 2)).mean(axis=0), k)


def path(start: Any, end: Any) -> np.ndarray:
    """Where gradients are wanted on the way from start to end, ``(m, *slice)`` float32."""
    start, end = _ends(start, end)
    return np.stack([start + t * (end - start) for t in _NODES]).astype(np.float32)


def average(gradients: Any, start: Any, end: Any) -> dict[str, np.ndarray]:
    """Influence and attribution of gradients at the points of ``path``."""
    start, end = _ends(start, end)
    gradients = _numbers(gradients)
    if gradients.shape != (len(_NODES), *start.shape):
        raise ValueError("Expected a gradient at each point. Received: another shape.")
    influence = np.tensordot(_WEIGHTS, gradients.astype(np.float64), axes=1)
    return {
        "influence": influence.astype(np.float32),
        "attribution": (influence * (end - start)).astype(np.float32),
    }


def _ends(start: Any, end: Any) -> tuple[np.ndarray, np.ndarray]:
    start, end = _numbers(start), _numbers(end)
    if start.shape != end.shape or start.size * len(_NODES) > _MOST_NUMBERS:
        raise ValueError("Expected two ends of the same, small shape. Received: others.")
    return start, end


def _ranked(strength: np.ndarray, k: Any) -> np.ndarray:
    if not isinstance(k, (int, np.ndarray)) or np.shape(k) or np.asarray(k).dtype.kind not in "iu":
        raise ValueError("Expected a whole number k. Received: something else.")
    if not 1 <= int(k) <= len(strength):
        raise ValueError(f"Expected k from 1 to {len(strength)}. Received: k={int(k)}.")
    return np.argsort(-strength, kind="stable")[: int(k)]


def _numbers(value: Any, axes: int | None = None) -> np.ndarray:
    if type(value) in (bool, int, float) and abs(value) < 2**63:
        value = np.asarray(value)
    if (
        not isinstance(value, np.ndarray)
        or value.dtype.kind not in "biuf"
        or not 0 < value.size <= _MOST_NUMBERS
        or (axes is not None and value.ndim != axes)
        or not np.isfinite(value).all()
    ):
        raise ValueError("Expected an array of finite numbers. Received: something else.")
    return value if value.dtype.kind in "iuf" else value.astype(np.int64)
