"""Explainers under false names, for a hunt: who of them is sound, evidence must tell."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from hwkit.attribution.aumann_shapley import as_batch
from hwkit.attribution.path_integral import along_input
from hwkit.attribution.streaming import Stream
from hwkit.network import Cut, cut, in_batches
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import keras

Explainer = Callable[..., np.ndarray]
_MEMORY = 256 * 2**20
Kind = TypeVar("Kind", bound="Suspect")
_cuts: WeakKeyDictionary[keras.Model, Cut] = WeakKeyDictionary()


class Suspect:
    """An explainer under a false name.

    Args:
        name: "A", "B" or "C".
        explain: the explainer.
    """

    def __init__(self, name: str, explain: Explainer) -> None:
        self.name = name
        self._explain = explain

    def __repr__(self) -> str:
        return f"<suspect {self.name}>"


class PixelSuspect(Suspect):
    """Hands out to the pixels."""

    def __call__(self, model: keras.Model, instance: np.ndarray, c: int) -> np.ndarray:
        """Attributions ``(h, w, colours)`` of class ``c`` for one instance ``(h, w, colours)``.

        Raises:
            ValueError: not one instance as the model takes it, or no such class.
        """
        return self._explain(model, *as_asked(model, instance, c)).astype(np.float32)


def line_up(
    explainers: Sequence[Explainer], seed: str, kind: Callable[[str, Explainer], Kind]
) -> dict[str, Kind]:
    """Three explainers by name, "A", "B" and "C", in an order that no one can guess."""
    shuffled = sorted(
        explainers, key=lambda each: hashlib.sha256((seed + each.__name__).encode()).digest()
    )
    return {name: kind(name, each) for name, each in zip("ABC", shuffled, strict=True)}


def as_asked(model: keras.Model, instance: np.ndarray, c: int) -> tuple[np.ndarray, int]:
    """One instance ``(h, w, colours)`` and a class as the model takes them.

    Raises:
        ValueError: not one instance as the model takes it, or no such class.
    """
    whole = whole_of(model)
    batch, single = as_batch(instance, whole.instance_shape)
    if not single:
        raise ValueError(
            f"Expected one instance (h, w, {whole.instance_shape[-1]}). Received: shape "
            f"{np.shape(instance)}. Call the suspect for each instance."
        )
    classes = whole.tail.outputs[0].shape[-1]
    if not 0 <= c < classes:
        raise ValueError(f"Expected a class from 0 to {classes - 1}. Received: c={c}.")
    return batch[0], int(c)


def integrated(
    model: keras.Model,
    stations: Sequence[np.ndarray],
    quantity: Quantity | FunctionQuantity,
    points: int = 100,
) -> np.ndarray:
    """Gradients integrated on straight lines from station to station, ``(h, w, colours)`` each.

    Every line has its ``points``. The attributions, float64, add up to what the quantity gains from
    the first station to the last.
    """
    stream = Stream(whole_of(model), quantity, _MEMORY)
    total = np.zeros(stations[0].shape)
    for start, end in itertools.pairwise(stations):
        found = along_input(
            stream,
            start[np.newaxis],
            end[np.newaxis],
            rule="midpoint",
            resolution=points,
            with_difference=True,
        )
        total += found.influence[0]
    return total


def gains(model: keras.Model, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """How much more each class scores at ``end`` than at ``start``, ``(classes,)``."""
    first, last = in_batches(whole_of(model).tail, np.stack([start, end])).astype(np.float64)
    return last - first


def whole_of(model: keras.Model) -> Cut:
    """The model cut at its input, with its compiled gradients, kept as long as the model lives."""
    if model not in _cuts:
        _cuts[model] = cut(model)
    return _cuts[model]
