"""Do the methods agree? The maps of several methods on many pictures, compared two by two.

    found = sweep(model, ["ig", "lrp", "deeplift", "gbp"], pictures)
    found.mean, found.deviation, found.counted          # (k, k) each
    agreement_chart.matrix_chart(found.names, found.mean, found.deviation, found.counted)

Maps are made batch by batch and compared at once, so that memory does not grow with the pictures
(but by 8 k^2 bytes for each). Channels are summed: a map has one number for each pixel. Agreement
is no proof: the sizes of maps that are 0 wherever nothing is agree because of that
(``Reading.where``), and methods that work alike agree about networks that have learned nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm.auto import tqdm

from hwkit.evaluation.agreement_methods import (
    DEFAULT,
    METHODS,
    Answer,
    Asked,
    Own,
    Setting,
    answers,
)
from hwkit.evaluation.agreement_results import (
    Agreement,
    Reading,
    SeedSpread,
    aggregated,
    over_seeds,
)

if TYPE_CHECKING:
    import keras

    from hwkit.explanation import Explanation

__all__ = [
    "DEFAULT",
    "METHODS",
    "Agreement",
    "Reading",
    "SeedSpread",
    "Setting",
    "aggregated",
    "method_maps",
    "over_seeds",
    "sweep",
    "sweep_readings",
]

Methods = Sequence[str] | Mapping[str, str | Own]
_LARGEST_BATCH = 64
_NUMBERS = 2**22  # in the maps of a batch; ranking them takes a few times as many


@dataclass(frozen=True, eq=False)
class _Batch:
    """Maps of some pictures: their places, the maps ``(k, b, m)``, their ink ``(b, m)``."""

    places: np.ndarray
    maps: np.ndarray
    ink: np.ndarray


def sweep(
    model: keras.Model,
    methods: Methods,
    pictures: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    reading: Reading | None = None,
    setting: Setting | None = None,
    batch: int | None = None,
    progress: bool = True,
) -> Agreement:
    """How far methods agree on pictures, one by one.

    Args:
        model: the network; a softmax at its end is replaced by its logits.
        methods: short names (``METHODS``), or by any name a short name or a function of one's own,
            ``function(model, pictures (n, *input), c)`` that gives ``(n, *input)``.
        pictures: ``(n, *input)``, as the network takes them.
        labels: the class to explain of each, integers ``(n,)``; ``None``: the predicted one.
        reading: how the maps are compared; ``None``: Spearman's correlation over all pixels.
        setting: the reference and what else the methods share; ``None``: from zero.
        batch: pictures at once; ``None`` for as many as memory likes. The result is the same.
        progress: show a bar.

    Raises:
        ValueError: unknown methods, wrong labels or baseline, a layer that a method cannot go
            through, maps of another shape or not finite.
    """
    readings = [reading or Reading()]
    asked = _Sweep(model, methods, pictures, labels, setting or Setting())
    return _compared(asked, readings, batch, progress)[0]


def sweep_readings(
    model: keras.Model,
    methods: Methods,
    pictures: np.ndarray,
    readings: Sequence[Reading],
    labels: np.ndarray | None = None,
    *,
    setting: Setting | None = None,
    batch: int | None = None,
    progress: bool = True,
) -> list[Agreement]:
    """The same maps, compared in several ways; arguments and errors are those of ``sweep``."""
    asked = _Sweep(model, methods, pictures, labels, setting or Setting())
    return _compared(asked, readings, batch, progress)


def method_maps(
    model: keras.Model,
    methods: Methods,
    pictures: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    setting: Setting | None = None,
    batch: int | None = None,
    progress: bool = True,
) -> dict[str, np.ndarray]:
    """The maps themselves, by method ``(n, m)``, one number a pixel; as ``sweep`` compares them."""
    asked = _Sweep(model, methods, pictures, labels, setting or Setting())
    found: dict[str, np.ndarray] = {}
    for part in asked.batches(batch, progress):
        for name, maps in zip(asked.methods, part.maps, strict=True):
            whole = found.setdefault(name, np.empty((len(asked.pictures), maps.shape[1])))
            whole[part.places] = maps
    return found


class _Sweep:
    """Pictures, the class to explain of each, and the methods that are asked."""

    def __init__(
        self,
        model: keras.Model,
        methods: Methods,
        pictures: np.ndarray,
        labels: np.ndarray | None,
        setting: Setting,
    ) -> None:
        from hwkit.attribution.aumann_shapley import as_batch
        from hwkit.explanation import Explanation

        self.explanation = Explanation(model)
        whole = self.explanation.cut(None)
        self.pictures, single = as_batch(pictures, whole.instance_shape)
        if single:
            raise ValueError(
                f"Expected several pictures (n, ...). Received: shape {np.shape(pictures)}. Give "
                "pictures[np.newaxis]."
            )
        self.reference = setting.reference(self.pictures.shape[1:])
        self.methods = answers(methods, setting, self.reference)
        self.classes = _classes(self.explanation, self.pictures, labels)

    def batches(self, size: int | None, progress: bool) -> Iterator[_Batch]:
        """Maps batch by batch; the pictures of a batch are of one class."""
        if size is None:
            numbers = self.reference.size * len(self.methods)
            size = max(1, min(_LARGEST_BATCH, _NUMBERS // numbers))
        if size < 1:
            raise ValueError(f"Expected a batch of 1 or more. Received: {size}.")
        total = len(self.pictures) * len(self.methods)
        with tqdm(total=total, desc="maps", unit="map", disable=not progress) as bar:
            for c in np.unique(self.classes):
                places = np.flatnonzero(self.classes == c)
                for start in range(0, len(places), size):
                    yield self._batch(places[start : start + size], int(c), bar)

    def _batch(self, places: np.ndarray, c: int, bar: tqdm) -> _Batch:
        pictures = self.pictures[places]
        asked = Asked(self.explanation, pictures, c, places, self.reference)
        maps = []
        for name, answer in self.methods.items():
            bar.set_postfix_str(name, refresh=False)
            maps.append(_map_rows(name, answer, asked))
            bar.update(len(places))
        differs = pictures != self.reference
        return _Batch(places, np.stack(maps), _by_pixel(differs, np.any))


def _compared(
    asked: _Sweep, readings: Sequence[Reading], batch: int | None, progress: bool
) -> list[Agreement]:
    count, k = len(asked.pictures), len(asked.methods)
    found = [np.empty((count, k, k)) for _ in readings]
    for part in asked.batches(batch, progress):
        for correlations, reading in zip(found, readings, strict=True):
            correlations[part.places] = reading.compare(part.maps, part.ink)
    return [
        Agreement(tuple(asked.methods), correlations, asked.classes, reading)
        for correlations, reading in zip(found, readings, strict=True)
    ]


def _map_rows(name: str, answer: Answer, asked: Asked) -> np.ndarray:
    """One method's maps of a batch, a row ``(m,)`` of pixels for each picture."""
    try:
        found = np.asarray(answer(asked))
    except ValueError as error:
        raise ValueError(
            f"The method '{name}' cannot be asked: {error} Or leave it out."
        ) from error
    if found.shape != asked.pictures.shape or not np.isfinite(found).all():
        finite = "" if np.isfinite(found).all() else ", not all finite"
        raise ValueError(
            f"Expected maps of '{name}' of shape {asked.pictures.shape}. Received: shape "
            f"{found.shape}{finite}."
        )
    return _by_pixel(found.astype(np.float64), np.sum)


def _by_pixel(values: np.ndarray, pool: Callable[..., np.ndarray]) -> np.ndarray:
    """Rows ``(n, m)``, with the channels of pictures ``(n, h, w, c)`` pooled."""
    pooled = pool(values, axis=-1) if values.ndim == 4 else values
    return np.asarray(pooled).reshape(len(values), -1)


def _classes(
    explanation: Explanation, pictures: np.ndarray, labels: np.ndarray | None
) -> np.ndarray:
    from hwkit.network import in_batches

    tail = explanation.cut(None).tail
    outputs = int(tail.outputs[0].shape[-1])
    if labels is None:
        return in_batches(tail, pictures).reshape(len(pictures), -1).argmax(axis=1)
    given = np.asarray(labels)
    if given.shape != (len(pictures),) or given.dtype.kind not in "iu":
        raise ValueError(
            f"Expected one whole number for each of {len(pictures)} pictures as labels. Received: "
            f"shape {given.shape}, dtype {given.dtype}."
        )
    if given.min() < 0 or given.max() >= outputs:
        raise ValueError(
            f"Expected labels from 0 to {outputs - 1}. Received: {given.min()} to {given.max()}."
        )
    return given
