"""The networks of noughts and ones on which agreement is measured, and what is measured of each.

The same sweep over networks of several seeds: trained as usual; with one thing changed at a time
(no biases, maximum pooling, another reference); and two that know nothing of the task: one that was
never trained, and one that learned shuffled labels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit.evaluation.agreement import Agreement, Reading, Setting, sweep_readings
from hwkit.images.zero_one import ZeroOne

if TYPE_CHECKING:
    import keras

METHODS = ("ig", "lrp", "deeplift", "gbp", "gxi", "random", "random-x-input")
READINGS = {
    "all pixels": Reading(),
    "ink": Reading(where="ink"),
    "all pixels, sizes": Reading(absolute=True),
    "ink, sizes": Reading(absolute=True, where="ink"),
}
_BY_HEART = 500  # pictures of which the network learns shuffled labels


@dataclass(frozen=True)
class Variant:
    """One way to make a network and to ask about it.

    Attributes:
        network: whose networks are asked: the name of the variant that trains them.
        training: options of ``train_zero_one``.
        trained: whether it is trained at all.
        baseline: the reference: a number, or "noise".
    """

    network: str
    training: Mapping[str, Any] = field(default_factory=dict)
    trained: bool = True
    baseline: float | str = 0.0


VARIANTS = {
    "trained": Variant("trained"),
    "no biases": Variant("no biases", {"use_bias": False}),
    "max pooling": Variant("max pooling", {"pooling": "max"}),
    "grey reference": Variant("trained", baseline=0.5),
    "noise as reference": Variant("trained", baseline="noise"),
    "untrained": Variant("untrained", trained=False),
    "shuffled labels": Variant("shuffled labels", {"shuffled_labels": True}),
}


def network(variant: Variant, data: ZeroOne, seed: int, folder: Path) -> keras.Model:
    """A network of a variant, kept in the folder and found there again."""
    import keras

    file = folder / f"{data.name}-{variant.network.replace(' ', '-')}-{seed}.keras"
    if file.is_file():
        return keras.models.load_model(file, compile=False)
    if variant.trained:
        from hwkit.networks.zero_one_training import train_zero_one

        chosen = _few(data, seed) if variant.training.get("shuffled_labels") else data
        model, _ = train_zero_one(chosen, seed=seed, **variant.training)
    else:
        from hwkit.networks.zero_one import build

        model = build(seed=seed)
    part = file.with_name(f"part-{file.name}")
    model.save(part)
    part.replace(file)
    return model


def measure(
    variant: Variant, data: ZeroOne, seed: int, pictures: int, folder: Path
) -> dict[str, Any]:
    """The agreement of the methods on one network, as plain numbers, kept in the folder.

    Args:
        variant: of the network and the reference.
        data: the pictures to train with and to ask about.
        seed: of the network.
        pictures: how many test pictures are asked about; all, where there are fewer.
        folder: for networks and numbers.

    Returns:
        accuracy on the pictures; and by reading the methods' names, mean, deviation, counted, and
        the means of each class.
    """
    name = next(name for name, each in VARIANTS.items() if each == variant)
    count = min(pictures, len(data.x_test))
    file = folder / f"{data.name}-{name.replace(' ', '-')}-{seed}-{count}.json"
    if file.is_file():
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found
    model = network(variant, data, seed, folder)
    chosen = np.sort(np.random.default_rng(0).permutation(len(data.x_test))[:count])
    x, labels = data.x_test[chosen], data.y_test[chosen]
    setting = Setting(_reference(variant.baseline), seed=seed)
    agreements = sweep_readings(model, METHODS, x, list(READINGS.values()), setting=setting)
    found = {
        "pictures": count,
        "accuracy": float(np.mean(agreements[0].classes == labels)),
        "methods": list(METHODS),
        "readings": {
            reading: _plain(each) for reading, each in zip(READINGS, agreements, strict=True)
        },
    }
    part = file.with_suffix(".part")
    part.write_text(json.dumps(found), encoding="utf-8")
    part.replace(file)
    return found


def pairs_over_seeds(
    found: Sequence[Mapping[str, Any]], reading: str, first: str, second: str
) -> tuple[float, float, float]:
    """Of two methods: the mean over networks, its deviation between networks, and that of pictures.

    The deviation between networks is NaN of a single one; that of pictures is the mean over the
    networks. Networks on which the two cannot be compared at all are left out.
    """
    rows = []
    for each in found:
        place = each["methods"].index(first), each["methods"].index(second)
        told = each["readings"][reading]
        mean, deviation = (told[key][place[0]][place[1]] for key in ("mean", "deviation"))
        if mean is not None:
            rows.append((mean, np.nan if deviation is None else deviation))
    if not rows:
        return (float("nan"),) * 3
    means, deviations = np.array(rows).T
    between = float(means.std(ddof=1)) if len(means) > 1 else float("nan")
    return float(means.mean()), between, float(deviations.mean())


def _reference(baseline: float | str) -> float | np.ndarray:
    if not isinstance(baseline, str):
        return baseline
    return np.random.default_rng(0).uniform(0, 1, (28, 28, 1)).astype(np.float32)


def _few(data: ZeroOne, seed: int) -> ZeroOne:
    """So few training pictures that shuffled labels can be learned by heart."""
    chosen = np.random.default_rng(seed).permutation(len(data.x_train))[:_BY_HEART]
    return ZeroOne(
        data.name, data.x_train[chosen], data.y_train[chosen], data.x_test[:50], data.y_test[:50]
    )


def _plain(agreement: Agreement) -> dict[str, Any]:
    """Lists of numbers, with ``None`` for what is not defined."""
    return {
        "mean": _lists(agreement.mean),
        "deviation": _lists(agreement.deviation),
        "counted": agreement.counted.tolist(),
        "classes": {str(c): _lists(each.mean) for c, each in agreement.per_class().items()},
    }


def _lists(values: np.ndarray) -> list[list[float | None]]:
    return [[None if np.isnan(each) else float(each) for each in row] for row in values]
