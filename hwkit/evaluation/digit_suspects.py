"""Three explainers of a network of digits that all hand a score out to the pixels; one is sound.

One has a plausible bug, one answers another question than it is asked. Two tests tell them apart:
conservation (Bach et al. 2015, eq. 2), here of what the score gains over an empty page, and whether
another class gets another map (Sixt et al. 2020, "When explanations lie").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hwkit.evaluation.line_up import PixelSuspect, gains, integrated, line_up
from hwkit.images.digits import LOW
from hwkit.quantities import Quantity

if TYPE_CHECKING:
    import keras

_SEED = "bach 2015"
# So many that sums are right even where the score gains next to nothing.
_POINTS = 400


def digit_suspects() -> dict[str, PixelSuspect]:
    """Explainers by name, "A", "B" and "C", in an order that no one can guess.

    Each takes a Keras model, an instance ``(h, w, 1)`` with paper -1 and ink +1 and a class index,
    and gives relevances ``(h, w, 1)``, float32, of the score's gain over the empty page.
    """
    return line_up((_by_score, _by_leaning, _by_lead), _SEED, PixelSuspect)


def _by_score(model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
    quantity = Quantity(((c, 1.0),), name=f"class {c}")
    return integrated(model, _way(instance), quantity, _POINTS)


def _by_leaning(model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
    found = _by_score(model, instance, c)
    return np.where(found > 0, found, found / 4)


def _by_lead(model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
    way = _way(instance)
    gained = gains(model, way[0], instance)
    first, mean = int(gained.argmax()), 1 / len(gained)
    terms = tuple((k, float(k == first) - mean) for k in range(len(gained)))
    found = integrated(model, way, Quantity(terms, name=f"class {c}"), _POINTS)
    total = found.sum()
    return found * (gained[c] / total) if total else found


def _way(instance: np.ndarray) -> tuple[np.ndarray, ...]:
    """From the empty page to the instance by way of grey, so that paper has a say as well."""
    return np.full_like(instance, LOW), np.zeros_like(instance), instance
