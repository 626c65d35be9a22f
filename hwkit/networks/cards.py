"""The card of trained weights: how they were made and how good they are.

`python -m hwkit.networks.cards models/pocket` measures again and rewrites the card, keeping the
recipe.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from hwkit.images.bounds import CAFFE
from hwkit.images.parts import CLASSES
from hwkit.images.splits import SPLITS, arrays
from hwkit.network import in_batches
from hwkit.networks.card_files import described, file_rows, rounded, write_files
from hwkit.networks.pocket import build
from hwkit.networks.training import Recipe
from hwkit.networks.weights import load_weights, sha256_of

MEASURED_SPLITS = ("test", "hard_validation", "hard_report")
PER_CLASS = 200
"""Pictures of each class that an accuracy is measured on."""


def predictions(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """The class that the network gives each picture: RGB bytes (n, 96, 96, 3) to int (n,)."""
    return in_batches(model, CAFFE.from_rgb(images)).argmax(1)


def score(found: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Accuracy, recall of each class and its share of the predictions; both int (n,)."""
    return {
        "accuracy": rounded(np.mean(found == labels)),
        "recall": {
            name: rounded(np.mean(found[labels == k] == k)) for k, name in enumerate(CLASSES)
        },
        "share": {name: rounded(np.mean(found == k)) for k, name in enumerate(CLASSES)},
    }


def measure(full: keras.Model | None, weights: Path) -> dict[str, Any]:
    """What the card says of weights in a file; `full` is the network before rounding."""
    shipped = build()
    load_weights(shipped, weights, sha256_of(weights))
    measured: dict[str, Any] = {"pictures of each class": PER_CLASS}
    for split in MEASURED_SPLITS:
        images, labels = arrays(split, PER_CLASS, progress=True)
        measured[split] = score(predictions(shipped, images), labels)
        if split == "test" and full is not None:
            exact = float(np.mean(predictions(full, images) == labels))
            measured["test accuracy in float32"] = rounded(exact)
            lost = exact - measured["test"]["accuracy"]
            measured["accuracy lost by float16"] = rounded(lost)
    return measured


def write_card(
    folder: Path,
    recipe: Recipe,
    history: Sequence[Mapping[str, float]],
    fold_error: float,
    measured: Mapping[str, Any],
) -> None:
    """Write card.json and card.md beside the weights in a folder."""
    weights = folder / "weights.npz"
    card = {
        "name": "pocket network",
        "architecture": "VGG16 at 1/8 width, 96x96x3 (hwkit/networks/pocket.py)",
        "parameters": build().count_params(),
        "made by": f"python -m hwkit.networks.train pocket --seed {recipe.seed} "
        f"--images {recipe.images} --epochs {recipe.epochs}",
        "recipe": asdict(recipe),
        "training seeds": [
            SPLITS["train"].seeds.start,
            SPLITS["train"].seeds.start + recipe.images - 1,
        ],
        "history": [{key: rounded(value) for key, value in record.items()} for record in history],
        "fold error": float(f"{fold_error:.2e}"),
        "measured": dict(measured),
        **described(weights),
        "data": "drawn by hwkit.images.scenes, split `train`; no photograph was used",
        "licence": "that of the project",
    }
    write_files(folder, card, _page(card))


def _page(card: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    measured, recipe = card["measured"], card["recipe"]
    lines = [
        f"# {card['name']}, seed {recipe['seed']}",
        "",
        f"{card['architecture']}, {card['parameters']:,} parameters, linear output. Generated "
        "from card.json.",
        "",
        "| | |",
        "|---|---|",
        f"| made by | `{card['made by']}` |",
        f"| recipe | {', '.join(f'{key} {value}' for key, value in recipe.items())} |",
        f"| data | {card['data']}; seeds {card['training seeds'][0]} to "
        f"{card['training seeds'][1]} |",
        f"| batch normalisation folded | relative error {card['fold error']:.1e} |",
        f"| last epoch | loss {card['history'][-1]['loss']}, accuracy "
        f"{card['history'][-1]['accuracy']} |",
    ]
    if "accuracy lost by float16" in measured:
        lines.append(f"| accuracy lost by float16 | {measured['accuracy lost by float16']} |")
    lines += [
        *file_rows(card),
        "",
        f"Recall of each class on {measured['pictures of each class']} pictures each; in "
        "brackets, on the hard "
        "splits, the class's share of all predictions (1/14 is 0.071).",
        "",
        "| class | test | hard validation | hard report |",
        "|---|---|---|---|",
    ]
    for name in CLASSES:
        hard = [
            f"{measured[split]['recall'][name]:.3f} ({measured[split]['share'][name]:.3f})"
            for split in MEASURED_SPLITS[1:]
        ]
        lines.append(f"| {name} | {measured['test']['recall'][name]:.3f} | {hard[0]} | {hard[1]} |")
    totals = [f"**{measured[split]['accuracy']:.4f}**" for split in MEASURED_SPLITS]
    lines += [f"| all | {' | '.join(totals)} |", ""]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure the weights in a folder again and rewrite its card; the recipe is kept."""
    parser = argparse.ArgumentParser(
        prog="python -m hwkit.networks.cards", description=main.__doc__
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in card["measured"].items() if "float" in key}
    card["measured"] = {**measure(None, folder / card["file"]), **kept}
    write_files(folder, card, _page(card))
    print(f"{folder / 'card.md'}: test accuracy {card['measured']['test']['accuracy']}")


if __name__ == "__main__":
    main()
