"""The recall table: one class at a time, the original network against its compressed ones.

Table 1 of Leino et al. 2018, with what it leaves out: precision, the area under the ROC curve, a
random choice of channels, and the original network with a bias on the class's logit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from hwkit.compression import GRID, CachedSlice, Compression, best_combination
from hwkit.evaluation import metrics


def recall_table(
    compression: Compression,
    validation: CachedSlice,
    report: CachedSlice,
    influences: dict[str, dict[int, np.ndarray]],
    names: dict[int, str],
    *,
    steps: Sequence[int | float] = GRID,
    random_draws: int = 10,
    seed: int = 0,
    progress: bool = True,
) -> pd.DataFrame:
    """The paper's Table 1, with what it leaves out.

    Args:
        compression: the network and its slice.
        validation: the labelled set on which combinations and the bias are chosen.
        report: the labelled set on which all scores are reported.
        influences: rankings by name, each from class index to one number for each channel ``(c,)``;
            one must be "influence". For example ``{"influence": {...}, "activation": {...}}``.
        names: class index to class name, a row for each.
        steps: counts or shares of channels that top and bottom are chosen from.
        random_draws: how many random choices of as many channels as "influence" keeps are averaged.
        seed: of the random choices.
        progress: show a bar for work of more than two seconds.

    Returns:
        A row for each class and network: class, network, top, bottom, recall, precision,
        false_positive_rate, auc. "original + bias" is the original with a bias on the class's logit
        that gives it, on validation, the false-positive rate of the network compressed by
        influence.

    Raises:
        ValueError: no ranking named "influence", no random draw, or a class that a set lacks.
    """
    _require_influence(influences, random_draws)
    rng = np.random.default_rng(seed)
    original = (compression.logits(validation), compression.logits(report))
    rows = []
    for c, name in tqdm(names.items(), desc="classes", delay=2, leave=False, disable=not progress):
        scores = compression.scores(original[1], report.labels, c)
        compared: list[dict[str, Any]] = [{"network": "original", **scores}]
        chosen: dict[str, tuple[int, int]] = {}
        for ranking, by_class in influences.items():
            grid = compression.grid(validation, c, by_class[c], steps, steps, progress=False)
            chosen[ranking] = best_combination(grid)
            compared.append(_row(compression, report, c, ranking, by_class[c], *chosen[ranking]))
        best = chosen["influence"]
        compared.append(_random_row(compression, report, c, sum(best), random_draws, rng))
        logits = compression.logits(validation, influences["influence"][c], *best)
        rate = metrics.false_positive_rate(logits.argmax(axis=1), validation.labels, c)
        margins = metrics.margin(original[0], c)
        biased = original[1].copy()
        biased[:, c] += metrics.bias_for_rate(margins, validation.labels, c, rate)
        scores = compression.scores(biased, report.labels, c)
        compared.append({"network": "original + bias", **scores})
        rows += [{"class": name, **row} for row in compared]
    return pd.DataFrame(rows, columns=["class", "network", "top", "bottom", *scores])


def _require_influence(influences: dict[str, dict[int, np.ndarray]], random_draws: int) -> None:
    if "influence" not in influences or random_draws < 1:
        raise ValueError(
            "Expected a ranking named 'influence' and at least one random draw. Received: rankings "
            f"{sorted(influences)} and random_draws={random_draws}."
        )


def _row(
    compression: Compression,
    data: CachedSlice,
    c: int,
    network: str,
    influence: np.ndarray,
    top: int,
    bottom: int,
) -> dict[str, Any]:
    scores = compression.scores(compression.logits(data, influence, top, bottom), data.labels, c)
    return {"network": network, "top": top, "bottom": bottom, **scores}


def _random_row(
    compression: Compression,
    data: CachedSlice,
    c: int,
    kept: int,
    draws: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """The mean scores of networks that keep a random choice of channels; NaN is left out."""
    channels = data.activations.shape[-1]
    order = rng.random((draws, channels))
    rows = [_row(compression, data, c, "random", scores, kept, 0) for scores in order]
    means = pd.DataFrame(rows).drop(columns=["network", "top", "bottom"]).mean()
    return rows[0] | means.to_dict()
