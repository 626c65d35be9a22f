"""Does an explanation change when the network forgets? Weights shuffled, layer by layer.

An explanation that stays the same when the weights say nothing any more explains the picture, not
the network (Adebayo et al. 2018, "Sanity checks for saliency maps", section 3.1). Here each array
of weights keeps its numbers and loses their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm.auto import tqdm

from hwkit.attribution.stability import rank_correlation
from hwkit.network import find_layer

if TYPE_CHECKING:
    import keras

Explain = Callable[["keras.Model", np.ndarray], np.ndarray]
_WINDOW = 7  # pixels; what Wang et al.'s similarity looks at together


def shuffled(
    model: keras.Model, seed: int = 0, layers: Sequence[str | int] | None = None
) -> keras.Model:
    """A copy of the network with the numbers of each array of weights in another order.

    Args:
        model: any; it is not changed.
        seed: decides the orders. A layer gets the same one whatever other layers are named.
        layers: names or indices of the layers to shuffle; ``None`` for all.

    Raises:
        ValueError: no such layer, or one without weights.
    """
    import keras

    chosen = None if layers is None else {find_layer(model, each).name for each in layers}
    if chosen is not None:
        bare = sorted(chosen - set(layers_from_the_top(model)))
        if bare:
            raise ValueError(
                f"Expected layers with weights: {', '.join(layers_from_the_top(model))}. Received: "
                f"{', '.join(bare)}, where there is nothing to shuffle."
            )
    twin = keras.models.clone_model(model)
    for place, (layer, copy) in enumerate(zip(model.layers, twin.layers, strict=True)):
        weights = layer.get_weights()
        if chosen is None or layer.name in chosen:
            rng = np.random.default_rng((seed, place))
            weights = [rng.permutation(array.ravel()).reshape(array.shape) for array in weights]
        copy.set_weights(weights)
    return twin


def layers_from_the_top(model: keras.Model) -> tuple[str, ...]:
    """The names of the layers that have weights, from the output to the input."""
    return tuple(layer.name for layer in reversed(model.layers) if layer.weights)


@dataclass(frozen=True, eq=False)
class MapChange:
    """How alike the maps of a network and of one with some layers shuffled are.

    Attributes:
        layers: the shuffled ones, from the output down.
        rank: Spearman's correlation of the maps' values, one number a picture ``(n,)``; NaN where a
            map has one value only.
        rank_of_sizes: the same of the values without their signs.
        similarity: structural similarity (Wang et al. 2004) of the values without their signs, each
            map divided by its largest; NaN for pictures below 7 x 7 pixels and for empty maps.
    """

    layers: tuple[str, ...]
    rank: np.ndarray
    rank_of_sizes: np.ndarray
    similarity: np.ndarray


def map_changes(
    explain: Explain,
    model: keras.Model,
    pictures: np.ndarray,
    *,
    seed: int = 0,
    layers: Sequence[str] | None = None,
    progress: bool = False,
) -> list[MapChange]:
    """Maps of the network against those of ever more shuffled ones, from the output down.

    Args:
        explain: ``explain(model, pictures)`` gives maps ``(n, h, w)``, always of the same classes:
            if it explained what is predicted, another question would be asked of each network.
        model: the network; it is not changed.
        pictures: ``(n, h, w, c)``.
        seed: of ``shuffled``.
        layers: in the order in which they are shuffled, each in addition to those before it;
            ``None`` for all that have weights, from the output to the input.
        progress: show a bar.

    Returns:
        One change for each step. A sound explanation's similarity falls; one that stays near 1 does
        not need the network.

    Raises:
        ValueError: no such layer, maps of another shape, or values that are not finite.
    """
    names = layers_from_the_top(model) if layers is None else tuple(layers)
    before = _maps(explain, model, pictures)
    changes = []
    for count in tqdm(range(1, len(names) + 1), desc="shuffled layers", disable=not progress):
        after = _maps(explain, shuffled(model, seed, names[:count]), pictures)
        pairs = list(zip(before, after, strict=True))
        changes.append(
            MapChange(
                names[:count],
                np.array([rank_correlation(*pair) for pair in pairs]),
                np.array([rank_correlation(*np.abs(pair)) for pair in pairs]),
                np.array([_similarity(*np.abs(pair)) for pair in pairs]),
            )
        )
    return changes


def _maps(explain: Explain, model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    maps = np.asarray(explain(model, pictures), np.float64)
    if maps.shape != pictures.shape[:3]:
        raise ValueError(
            f"Expected maps (n, h, w) of the pictures, {pictures.shape[:3]}. Received: shape "
            f"{maps.shape}. heatmaps.pool_channels sums channels."
        )
    if not np.isfinite(maps).all():
        raise ValueError("Expected maps of finite numbers. Received: NaN or infinity among them.")
    return maps


def _similarity(first: np.ndarray, second: np.ndarray) -> float:
    from skimage.metrics import structural_similarity

    largest = first.max(), second.max()
    if min(first.shape) < _WINDOW or not all(largest):
        return float("nan")
    return float(
        structural_similarity(
            first / largest[0], second / largest[1], win_size=_WINDOW, data_range=1
        )
    )
