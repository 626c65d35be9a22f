"""Which neurons matter most: from attributions at a slice to a ranking of its channels.

A "neuron" of a convolution layer is a channel, whose attribution is a map. Its influence is the
map's MAX (the handout, section 3.2) or its mean. For a class, the influences of the instances are
combined, by default by their mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np

By = Literal["max", "mean", "min"]
Combine = Literal["mean", "median", "max"]
### BEGIN SOLUTION influence
_OVER_MAP: dict[str, Callable[..., np.ndarray]] = {"max": np.max, "mean": np.mean, "min": np.min}
_OVER_INSTANCES: dict[str, Callable[..., np.ndarray]] = {
    "mean": np.mean,
    "median": np.median,
    "max": np.max,
}
### END SOLUTION


def neuron_influence(attribution: np.ndarray, by: By = "max") -> np.ndarray:
    """One number for each channel: the maximum, mean or minimum of its attribution map.

    Args:
        attribution: of one instance ``(h, w, c)`` or of several ``(n, h, w, c)``. Attributions of a
            dense layer, ``(c,)`` or ``(n, c)``, have no map and are returned as they are.
        by: what of the map counts.

    Returns:
        ``(c,)`` or ``(n, c)``.

    Raises:
        ValueError: unknown ``by``, or no array of at least one axis.
    """
    attribution = np.asarray(attribution)
    if by not in get_args(By):
        raise ValueError(f"Expected by 'max', 'mean' or 'min'. Received: by={by!r}.")
    if attribution.ndim == 0 or attribution.ndim > 4:
        raise ValueError(
            f"Expected attributions (h, w, c) or (n, h, w, c). Received: shape {attribution.shape}."
        )
    ### BEGIN SOLUTION influence: top_neurons_of_instance
    return _OVER_MAP[by](attribution, axis=(-3, -2)) if attribution.ndim > 2 else attribution
    ### END SOLUTION


def class_influence(
    attribution: np.ndarray, by: By = "max", combine: Combine = "mean"
) -> np.ndarray:
    """One number for each channel, for a set of instances ``(n, h, w, c)`` or ``(n, c)``: ``(c,)``.

    Every instance gives each channel its influence; ``combine`` says how these become one: their
    mean (default: every instance counts the same), median (few outliers count less) or max (one
    strong instance is enough).

    Raises:
        ValueError: unknown ``combine``, or attributions without an axis of instances.
    """
    if combine not in get_args(Combine):
        raise ValueError(
            f"Expected combine 'mean', 'median' or 'max'. Received: combine={combine!r}."
        )
    if np.ndim(attribution) not in (2, 4):
        raise ValueError(
            f"Expected attributions of several instances, (n, h, w, c) or (n, c). Received: shape "
            f"{np.shape(attribution)}. For one instance use neuron_influence."
        )
    ### BEGIN SOLUTION influence: top_neurons_of_class
    return _OVER_INSTANCES[combine](neuron_influence(attribution, by), axis=0)
    ### END SOLUTION


def top_neurons(
    attribution: np.ndarray, k: int = 10, by: By = "max", combine: Combine = "mean"
) -> np.ndarray:
    """Indices of the k most influential channels, the most influential first: ``(k,)`` int.

    Args:
        attribution: ``(h, w, c)`` for an instance; ``(n, h, w, c)`` for a class, whose instances
            are combined. Of a dense layer, ``(c,)`` or ``(n, c)``.
        k: how many.
        by: as in ``neuron_influence``.
        combine: as in ``class_influence``.

    Raises:
        ValueError: k is below 1 or above the number of channels.
    """
    channels = np.shape(attribution)[-1] if np.ndim(attribution) else 0
    if not 1 <= k <= channels:
        raise ValueError(
            f"Expected k from 1 to {channels}, the number of channels. Received: k={k}."
        )
    ### BEGIN SOLUTION influence: top_neurons_of_class
    if np.ndim(attribution) in (2, 4):
        scores = class_influence(attribution, by, combine)
    else:
        scores = neuron_influence(attribution, by)
    return ranked(scores)[:k]
    ### END SOLUTION


def ranked(scores: np.ndarray) -> np.ndarray:
    """Indices from the highest score to the lowest; equal scores keep their order."""
    ### BEGIN SOLUTION influence: top_neurons_of_instance
    return np.argsort(-np.asarray(scores), kind="stable")
    ### END SOLUTION
