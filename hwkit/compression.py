"""Compress a network to the influential neurons of one slice (Leino et al. 2018, section 3.2).

The network keeps the ``top`` most positively and the ``bottom`` most negatively influential
channels of the slice; the others are set to zero, or to their mean. Only the tail runs again, on
activations that are computed once.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from hwkit.evaluation import metrics
from hwkit.network import cut, in_batches
from hwkit.ranking import ranked

if TYPE_CHECKING:
    import keras

# The grid's steps as shares of the channels: 0, 2, 4, 8, 16, 24, 32 and 48 of 64.
GRID: tuple[float, ...] = (0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4)
Compress = Callable[[np.ndarray, np.ndarray, int, int], np.ndarray]


def keep_influential(
    activations: np.ndarray,
    influence: np.ndarray,
    top: int | float,
    bottom: int | float,
    fill: np.ndarray | float = 0.0,
) -> np.ndarray:
    """The slice with only its ``top`` most positive and ``bottom`` most negative channels.

    Args:
        activations: ``(n, ..., c)``.
        influence: one number for each channel, ``(c,)``.
        top: how many positive channels: a whole number, or a share as a float from 0 to 1.
        bottom: how many negative channels, likewise.
        fill: what the other channels are set to: zero, or for example their mean ``(c,)``.

    Returns:
        A new array of the same shape.

    Raises:
        ValueError: influence of another length, or counts below 0 or above the number of channels.
    """
    channels = activations.shape[-1]
    if np.shape(influence) != (channels,):
        raise ValueError(
            f"Expected one influence for each of the {channels} channels. Received: shape "
            f"{np.shape(influence)}. class_influence(attribution) makes it from the attributions "
            "of several instances."
        )
    top, bottom = channel_count(top, channels), channel_count(bottom, channels)
    ### BEGIN SOLUTION influence: compress
    order = ranked(influence)
    keep = np.zeros(channels, bool)
    keep[order[:top]] = True
    keep[order[channels - bottom :]] = True
    return np.where(keep, activations, np.asarray(fill, activations.dtype))
    ### END SOLUTION


def channel_count(amount: int | float, channels: int) -> int:
    """A number of channels, given as such or as a share of them (a float from 0 to 1).

    Raises:
        ValueError: out of range. TypeError: not a number.
    """
    if isinstance(amount, bool) or not isinstance(amount, (int, float, np.integer, np.floating)):
        raise TypeError(f"Expected a number of channels or a share of them. Received: {amount!r}.")
    count = round(amount * channels) if isinstance(amount, (float, np.floating)) else int(amount)
    if not 0 <= count <= channels:
        raise ValueError(
            f"Expected 0 to {channels} channels, or a share as a float from 0.0 to 1.0. Received: "
            f"{amount!r}."
        )
    return count


@dataclass(frozen=True)
class CachedSlice:
    """The activations of a labelled set at the slice, computed once.

    Attributes:
        activations: ``(n, *slice)``.
        labels: ``(n,)``.
        instances: the inputs ``(n, *input)``, where branches lead around the slice; else ``None``.
    """

    activations: np.ndarray
    labels: np.ndarray
    instances: np.ndarray | None


class Compression:
    """A network that can be compressed at one slice.

    Args:
        model: a Keras model; the logits are what counts.
        layer: the slice, by name, by the VGG paper's name or by index.
        compress: makes the compressed activations; a student's own function plugs in here.
        recall: computes the recall; likewise.
    """

    def __init__(
        self,
        model: keras.Model,
        layer: str | int,
        compress: Compress = keep_influential,
        recall: Callable[[np.ndarray, np.ndarray, int], float] = metrics.recall,
    ) -> None:
        self._cut = cut(model, layer)
        self._compress = compress
        self._recall = recall

    def cache(self, instances: np.ndarray, labels: np.ndarray, batch: int = 32) -> CachedSlice:
        """Compute the slice of a labelled set once, for use in many compressed networks.

        Args:
            instances: ``(n, *input)``.
            labels: class indices ``(n,)``.
            batch: how many instances run at once.

        Raises:
            ValueError: not a label for each instance.
        """
        if len(instances) != len(labels):
            raise ValueError(
                f"Expected a label for each instance. Received: {len(instances)} and {len(labels)}."
            )
        kept = np.asarray(instances, np.float32) if self._cut.bypassed else None
        return CachedSlice(self._cut.activations(instances, batch), np.asarray(labels), kept)

    def logits(
        self,
        data: CachedSlice,
        influence: np.ndarray | None = None,
        top: int | float = 0,
        bottom: int | float = 0,
    ) -> np.ndarray:
        """Logits ``(n, classes)`` of the compressed network; without influence, the original's."""
        activations = data.activations
        if influence is not None:
            channels = activations.shape[-1]
            activations = np.asarray(
                self._compress(
                    activations,
                    influence,
                    channel_count(top, channels),
                    channel_count(bottom, channels),
                ),
                np.float32,
            )
            if activations.shape != data.activations.shape:
                raise ValueError(
                    "Expected compress to return the shape it was given, "
                    f"{data.activations.shape}. Received: {activations.shape}."
                )
        inputs = activations if data.instances is None else [data.instances, activations]
        return in_batches(self._cut.tail, inputs, batch=64)

    def scores(self, logits: np.ndarray, labels: np.ndarray, c: int) -> dict[str, float]:
        """Recall, precision, false-positive rate and area under the ROC curve of class c."""
        predicted = logits.argmax(axis=1)
        return {
            "recall": float(self._recall(predicted, labels, c)),
            "precision": metrics.precision(predicted, labels, c),
            "false_positive_rate": metrics.false_positive_rate(predicted, labels, c),
            "auc": metrics.auc(metrics.margin(logits, c), labels, c),
        }

    def grid(
        self,
        data: CachedSlice,
        c: int,
        influence: np.ndarray,
        tops: Sequence[int | float] = GRID,
        bottoms: Sequence[int | float] = GRID,
        progress: bool = True,
    ) -> pd.DataFrame:
        """Scores of class c for every combination of top and bottom that fits: a row for each.

        Returns:
            Columns top, bottom (counts of channels), recall, precision, false_positive_rate, auc.

        Raises:
            ValueError: a count out of range, or no combination that fits.
        """
        channels = data.activations.shape[-1]
        # Different shares can be the same number of channels.
        sizes = [
            list(dict.fromkeys(channel_count(amount, channels) for amount in amounts))
            for amounts in (tops, bottoms)
        ]
        cells = [cell for cell in itertools.product(*sizes) if 0 < sum(cell) <= channels]
        if not cells:
            raise ValueError(
                f"Expected combinations that keep 1 to {channels} channels. Received: tops "
                f"{sizes[0]} and bottoms {sizes[1]}."
            )
        rows = []
        bar = tqdm(cells, desc="compressed networks", delay=2, leave=False, disable=not progress)
        for top, bottom in bar:
            scores = self.scores(self.logits(data, influence, top, bottom), data.labels, c)
            rows.append({"top": top, "bottom": bottom, **scores})
        return pd.DataFrame(rows)


def best_combination(grid: pd.DataFrame) -> tuple[int, int]:
    """The (top, bottom) of highest recall; among equals the one that keeps the fewest channels."""
    ordered = grid.assign(kept=grid.top + grid.bottom).sort_values(
        ["recall", "kept"], ascending=[False, True]
    )
    return int(ordered.top.iloc[0]), int(ordered.bottom.iloc[0])
