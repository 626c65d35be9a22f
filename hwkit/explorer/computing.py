"""The explorer's computations: each takes a key apart and asks the library.

Everything that a student may have written takes part under its own name, so that a wrong answer
shows as a wrong picture.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.compression import keep_influential
from hwkit.explanation import Explanation, ExplanationForLayer, ExplanationForQuantity
from hwkit.explorer import keys
from hwkit.explorer.albums.pictures import Album, Picture
from hwkit.explorer.keys import Points, Question
from hwkit.explorer.results import Failure, Key, Results
from hwkit.explorer.settings import Source
from hwkit.explorer.worker import Advance
from hwkit.images.baselines import named
from hwkit.images.bounds import ImageBound
from hwkit.network import Cut, in_batches
from hwkit.projection import project
from hwkit.ranking import neuron_influence, ranked

# Small batches, so that outdated work ends soon; larger ones would be about a sixth faster.
_MEMORY = 96 * 2**20


@dataclass(frozen=True)
class Own:
    """What the computations are made of; a student's own code stands in for any of it.

    Attributes:
        method: an attribution method with the attributes ``resolution`` and ``rule``.
        layer_class: makes questions of classes.
        top_neurons: ``(maps (h, w, c), k) -> indices (k,)``; ``None`` for none of one's own.
        project: ``(explanation, layer, neuron, instance, focus) -> ExplanationData``; ``None`` for
            ``hwkit.projection.project``.
        compress: ``(activations, influence, top, bottom) -> activations``.
    """

    method: AumannShapley
    layer_class: type[ExplanationForLayer] = ExplanationForLayer
    top_neurons: Callable[..., Any] | None = None
    project: Callable[..., Any] | None = None
    compress: Callable[..., Any] = keep_influential


@dataclass(frozen=True, eq=False)
class Attribution:
    """An attribution as the explorer keeps it.

    Attributes:
        values: of a layer its maps ``(h, w, c)`` or ``(c,)``; of pixels their sum over the colours
            ``(h, w)``; float32.
        error: estimated relative L1 error; ``None`` where the method does not estimate it.
    """

    values: np.ndarray
    error: float | None


@dataclass(frozen=True, eq=False)
class Order:
    """Neurons in the order of their influence.

    Attributes:
        neurons: all indices, the first in rank first, ``(c,)``.
        values: the influence of each neuron, by its index, ``(c,)``.
    """

    neurons: np.ndarray
    values: np.ndarray


class MissingError(ValueError):
    """What a result is made of could not be computed; its message says why."""


class Computing:
    """Computes any result of the explorer for one network.

    Args:
        model: the network.
        bound: how it takes pictures.
        album: the pictures.
        own: what the computations are made of.
        results: where parts of a result are looked up, and kept.
    """

    def __init__(
        self, model: keras.Model, bound: ImageBound, album: Album, own: Own, results: Results
    ) -> None:
        self._model = model
        self._bound = bound
        self._album = album
        self._own = own
        self._results = results
        self._explanation = Explanation(model, own.method, own.layer_class)

    def __call__(self, key: Key, advance: Advance) -> Any:
        """The result of a key; ``advance`` is told the points after each batch of gradients."""
        kinds: dict[str, Callable[..., Any]] = {
            "picture": self._picture,
            "logits": self._logits,
            "pixels": self._pixels,
            "maps": self._maps,
            "order": self._order,
            "projection": self._projection,
            "scores": self._scores,
        }
        make = kinds[key.kind]
        heavy = key.kind in ("pixels", "maps", "order", "projection")
        return make(*key.parts, advance) if heavy else make(*key.parts)

    def picture(self, source: Source) -> Picture:
        """The picture, drawn or read here and now if need be."""
        made: Picture = self._results.get_or_make(
            keys.picture(source), lambda: self._picture(source)
        )
        return made

    def _picture(self, source: Source) -> Picture:
        return self._album.picture(source)

    def _instance(self, source: Source) -> np.ndarray:
        return as_instance(self.picture(source).rgb, self._bound, self._model)

    def _logits(self, source: Source) -> np.ndarray:
        return in_batches(self._explanation.cut(None).tail, self._instance(source)[np.newaxis])[0]

    def _pixels(
        self, source: Source, question: Question, baseline: str, points: Points, advance: Advance
    ) -> Attribution:
        instance = self._instance(source)
        found = self._ask(None, question, points, advance).explain(
            instance, ignore_difference_term=False, baseline=self._start(baseline, instance)
        )
        return _in_pixels(found, instance)

    def _maps(
        self, source: Source, layer: str, question: Question, points: Points, advance: Advance
    ) -> Attribution:
        asked = self._ask(layer, question, points, advance)
        found = asked.explain(self._instance(source), ignore_difference_term=False)
        return Attribution(_finite(found.attribution), _number(found.error_estimate))

    def _ask(
        self, layer: str | None, question: Question, points: Points, advance: Advance
    ) -> ExplanationForQuantity:
        explanation = self._by(points, advance)
        at = explanation.for_input() if layer is None else explanation.for_layer(layer)
        if question.versus is None:
            return at.absolute(question.c)
        return at.comparative(question.c, question.versus)

    def _by(self, points: Points, advance: Advance) -> Explanation:
        method = copy.copy(self._own.method)
        method.rule, method.resolution = points
        method.progress, method.memory = advance, _MEMORY
        return self._explanation.with_method(method)

    def _order(
        self,
        source: Source,
        layer: str,
        question: Question,
        ranking: str,
        points: Points,
        advance: Advance,
    ) -> Order:
        maps = self._need(keys.maps_of(source, layer, question, points), advance).values
        if ranking == "own":
            return _own_order(self._own.top_neurons, maps)
        influence = neuron_influence(maps, ranking)  # type: ignore[arg-type]
        return Order(ranked(-influence if ranking == "min" else influence), influence)

    def _projection(
        self,
        source: Source,
        layer: str,
        question: Question,
        baseline: str,
        neuron: int,
        sign: int,
        points: Points,
        advance: Advance,
    ) -> Attribution:
        maps = self._need(keys.maps_of(source, layer, question, points), advance).values
        focus = np.maximum(sign * maps[..., neuron], 0) if maps.ndim > 1 else None
        explanation = self._by(points, advance)
        instance = self._instance(source)
        if self._own.project is not None:
            seen = self._own.project(explanation, layer, neuron, instance, focus)
            return _in_pixels(seen, instance)
        start = self._start(baseline, instance)
        seen = project(explanation, layer, neuron, instance, focus, start)
        return _in_pixels(seen, instance)

    def _start(self, baseline: str, instance: np.ndarray) -> np.ndarray:
        """The baseline as an array, which a student's own method is sure to understand."""
        return named(baseline, self._bound)(instance[np.newaxis])[0]

    def _scores(self, source: Source, layer: str, chosen: tuple[int, ...]) -> np.ndarray:
        """The logits with only the chosen neurons, and without them: ``(2, classes)``."""
        cut = self._explanation.cut(layer)
        instance = self._instance(source)[np.newaxis]
        return scores_of_chosen(cut, instance, chosen, self._own.compress)

    def _need(self, key: Key, advance: Advance) -> Attribution:
        value = self._results.get_or_make(key, lambda: self(key, advance))
        if isinstance(value, Failure):
            raise MissingError(value.reason)
        return value


def as_instance(rgb: np.ndarray, bound: ImageBound, model: keras.Model) -> np.ndarray:
    """A picture, uint8 RGB ``(h, w, 3)``, as the network takes it; grey for a single channel."""
    instance = bound.from_rgb(rgb)
    single = model.inputs[0].shape[-1] == 1
    return instance.mean(axis=-1, keepdims=True) if single else instance


def scores_of_chosen(
    cut: Cut,
    instance: np.ndarray,
    chosen: tuple[int, ...],
    compress: Callable[..., Any] = keep_influential,
) -> np.ndarray:
    """Logits when a slice has only the chosen channels, and when it lacks them.

    Args:
        cut: the network, cut at the slice.
        instance: a single one, ``(1, *input)``.
        chosen: indices of channels.
        compress: as ``hwkit.compression.keep_influential``.

    Returns:
        ``(2, classes)``.

    Raises:
        ValueError: ``compress`` returned another shape than it was given.
    """
    slices = cut.activations(instance)
    channels = slices.shape[-1]
    indicator = np.zeros(channels, np.float32)
    indicator[list(chosen)] = 1
    kept = compress(slices, indicator, len(chosen), 0)
    dropped = compress(slices, -indicator, channels - len(chosen), 0)
    for made in (kept, dropped):
        if np.shape(made) != slices.shape:
            raise ValueError(
                f"Expected compress to return the shape it was given, {slices.shape}. "
                f"Received: {np.shape(made)}."
            )
    both = np.concatenate([kept, dropped]).astype(np.float32)
    return in_batches(cut.tail, [np.repeat(instance, 2, axis=0), both] if cut.bypassed else both)


def _own_order(top_neurons: Callable[..., Any] | None, maps: np.ndarray) -> Order:
    """The neurons in one's own order; the bars show what each adds to the quantity."""
    if top_neurons is None:
        raise ValueError("Expected a function top_neurons of one's own. Received: none.")
    channels = maps.shape[-1]
    neurons = np.asarray(top_neurons(maps, channels))
    if neurons.shape != (channels,) or sorted(neurons.tolist()) != list(range(channels)):
        raise ValueError(
            f"Expected top_neurons(maps, {channels}) to return each of the {channels} indices "
            f"once. Received: shape {neurons.shape}, {len(np.unique(neurons))} different ones."
        )
    return Order(neurons.astype(int), maps.reshape(-1, channels).sum(axis=0))


def _in_pixels(found: Any, instance: np.ndarray) -> Attribution:
    """Attributions of the input, added up over the colours.

    Raises:
        TypeError: not an explanation. ValueError: of another shape than the instance.
    """
    if not hasattr(found, "attribution"):
        raise TypeError(
            "Expected an explanation, as explain(...) returns it. Received: "
            f"{type(found).__name__}."
        )
    attribution = _finite(found.attribution)
    if attribution.shape != instance.shape:
        raise ValueError(
            f"Expected attributions of the picture, {instance.shape}. Received: shape "
            f"{attribution.shape}."
        )
    return Attribution(attribution.sum(axis=-1), _number(getattr(found, "error_estimate", None)))


def _finite(attribution: Any) -> np.ndarray:
    """Attributions as float32; ValueError if some are not numbers."""
    values = np.asarray(attribution, np.float32)
    wrong = int(np.size(values) - np.isfinite(values).sum())
    if wrong:
        raise ValueError(
            f"Expected finite attributions. Received: {wrong} of {values.size} are NaN or infinite."
        )
    return values


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
