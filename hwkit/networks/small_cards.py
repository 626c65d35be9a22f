"""The cards of the small networks: how they were made and how good they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from hwkit.network import in_batches
from hwkit.networks.bayesian_cards import bayesian_rows, measure_bayesian
from hwkit.networks.card_files import described, file_rows, rounded, write_files
from hwkit.networks.recipes import BayesianRecipe, SmallRecipe
from hwkit.networks.small import build_small, class_names_of
from hwkit.networks.weights import load_weights, sha256_of

DATA = {
    "bundled": (
        "hwkit.images.bundled_digits: 1,797 digits that come with scikit-learn, from the UCI set "
        "'Optical recognition of handwritten digits' (Alpaydin & Kaynak, 1998, CC BY 4.0)"
    ),
    "mnist": "MNIST (LeCun, Cortes & Burges)",
    "fashion": "Fashion-MNIST (Zalando, MIT)",
    "xor": "drawn by hwkit.networks.xor",
}


def predictions(model: keras.Model, examples: np.ndarray) -> np.ndarray:
    """The class that the network gives each example, int (n,)."""
    return in_batches(model, examples, batch=512).argmax(1)


def measure(
    recipe: SmallRecipe,
    full: keras.Model,
    weights: Path,
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
) -> dict[str, Any]:
    """What the card says of weights in a file; `full` is the network before rounding.

    `train` and `test` are examples and their labels.
    """
    shipped = build_small(recipe)
    load_weights(shipped, weights, sha256_of(weights))
    examples, labels = test
    found, exact = predictions(shipped, examples), predictions(full, examples)
    bayesian = isinstance(recipe, BayesianRecipe)
    return {
        "test examples": len(labels),
        "test accuracy": rounded(np.mean(found == labels)),
        "training accuracy": rounded(np.mean(predictions(shipped, train[0]) == train[1])),
        "test predictions changed by float16": int(np.sum(found != exact)),
        "recall": {
            name: rounded(np.mean(found[labels == k] == k))
            for k, name in enumerate(class_names_of(recipe))
        },
        **(measure_bayesian(shipped, examples, labels) if bayesian else {}),
    }


def write_card(
    folder: Path,
    name: str,
    recipe: SmallRecipe,
    command: str,
    history: Sequence[Mapping[str, float]],
    measured: Mapping[str, Any],
) -> None:
    """Write card.json and card.md beside the weights in a folder."""
    model = build_small(recipe)
    card = {
        "name": name,
        "architecture": ", ".join(
            f"{layer.name} {'x'.join(map(str, layer.output.shape[1:]))}"
            for layer in model.layers[1:]
        ),
        "parameters": model.count_params(),
        "made by": command,
        "recipe": asdict(recipe),
        "last epoch": {key: rounded(value) for key, value in history[-1].items()},
        "measured": dict(measured),
        **described(folder / "weights.npz"),
        "data": DATA[recipe.data],
        "licence": "that of the project",
    }
    write_files(folder, card, _page(card))


def _page(card: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    measured, recipe = card["measured"], card["recipe"]
    changed = measured["test predictions changed by float16"]
    recalls = [f"{name}: {value:.3f}" for name, value in measured["recall"].items()]
    lines = [
        f"# {card['name']}, seed {recipe['seed']}",
        "",
        f"{card['parameters']:,} parameters, linear output. Generated from card.json.",
        "",
        "| | |",
        "|---|---|",
        f"| layers and their outputs | {card['architecture']} |",
        f"| made by | `{card['made by']}` |",
        f"| recipe | {', '.join(f'{key} {value}' for key, value in recipe.items())} |",
        f"| data | {card['data']} |",
        f"| last epoch | loss {card['last epoch']['loss']}, accuracy "
        f"{card['last epoch']['accuracy']}, as seen in training |",
        f"| training accuracy | {measured['training accuracy']:.4f} |",
        f"| test accuracy | **{measured['test accuracy']:.4f}** on {measured['test examples']:,} |",
        f"| recall | {', '.join(recalls)} |",
        f"| test predictions changed by float16 | {changed} |",
        *(bayesian_rows(measured) if "draws" in measured else []),
        *file_rows(card),
        "",
    ]
    return "\n".join(lines)
