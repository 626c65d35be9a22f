"""The cards of the small networks: how they were made and how good they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from hwkit.network import in_batches
from hwkit.networks.bayesian_cards import bayesian_rows
from hwkit.networks.card_files import described, file_rows, rounded, write_files
from hwkit.networks.recipes import SmallRecipe, ZeroOneRecipe
from hwkit.networks.resumable import Recipe

DATA = {
    "bundled": (
        "hwkit.images.bundled_digits: 1,797 digits that come with scikit-learn, from the UCI set "
        "'Optical recognition of handwritten digits' (Alpaydin & Kaynak, 1998, CC BY 4.0)"
    ),
    "mnist": "MNIST (LeCun, Cortes & Burges)",
    "fashion": "Fashion-MNIST (Zalando, MIT)",
    "xor": "drawn by hwkit.networks.xor",
}


def data_of(recipe: SmallRecipe) -> str:
    """What a network was trained with, for its card."""
    if not isinstance(recipe, ZeroOneRecipe):
        return DATA[recipe.data]
    data = f"the noughts and ones, paper 0 and ink 1, of {DATA[recipe.data]}"
    if not recipe.shuffled_labels:
        return data
    return (
        f"{data}; the training labels were shuffled, so that the training accuracy tells how many "
        "of them are learned by heart, and the test accuracy, on true labels, is chance"
    )


def predictions(model: keras.Model, examples: np.ndarray) -> np.ndarray:
    """The class that the network gives each example, int (n,)."""
    return in_batches(model, examples, batch=512).argmax(1)


def measure(
    kept: keras.Model,
    full: keras.Model,
    names: Sequence[str],
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
) -> dict[str, Any]:
    """What the card says of a network.

    Args:
        kept: the network with the weights of the file.
        full: with those before rounding.
        names: of the classes.
        train: examples and their labels.
        test: others.
    """
    examples, labels = test
    found, exact = predictions(kept, examples), predictions(full, examples)
    return {
        "test examples": len(labels),
        "test accuracy": rounded(np.mean(found == labels)),
        "training accuracy": rounded(np.mean(predictions(kept, train[0]) == train[1])),
        "test predictions changed by float16": int(np.sum(found != exact)),
        "recall": {name: rounded(np.mean(found[labels == k] == k)) for k, name in enumerate(names)},
    }


def write_card(
    folder: Path,
    *,
    name: str,
    recipe: Recipe,
    model: keras.Model,
    command: str,
    history: Sequence[Mapping[str, float]],
    measured: Mapping[str, Any],
    data: str,
    licence: str = "that of the project",
) -> None:
    """Write card.json and card.md beside the weights in a folder."""
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
        "data": data,
        "licence": licence,
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
        *([_fold_row(measured)] if "fold error" in measured else []),
        *(bayesian_rows(measured) if "draws" in measured else []),
        *file_rows(card),
        "",
    ]
    return "\n".join(lines)


def _fold_row(measured: Mapping[str, Any]) -> str:
    return f"| batch normalisation folded | relative error {measured['fold error']:.1e} |"
