"""Train the network of CIFAR-10, and write its weights, its card and a Keras model."""

from __future__ import annotations

import time
from pathlib import Path

from hwkit.images.cifar import load_cifar10
from hwkit.networks.cifar import build, fold
from hwkit.networks.cifar_training import CifarRecipe, CifarTraining
from hwkit.networks.folding import fold_error
from hwkit.networks.small_cards import measure, write_card
from hwkit.networks.weights import load_weights, save_weights, sha256_of


def train_cifar(recipe: CifarRecipe, out: Path, own: Path, command: str) -> None:
    """Train, fold, save as float16, measure, and write the card.

    Args:
        recipe: how it is trained.
        out: folder for weights.npz, the card, and for cifar10.keras with the classes' names in
            cifar10.txt, which `hwkit.networks.load` and `class_names` read.
        own: folder for the checkpoint.
        command: for the card.

    Raises:
        ValueError: a checkpoint of another recipe. FileNotFoundError: the data are not at hand.
    """
    data = load_cifar10()
    trainer = CifarTraining(recipe, data.train_bytes, own)
    if trainer.epoch:
        print(f"continuing after epoch {trainer.epoch} of {recipe.epochs}", flush=True)
    begun = time.perf_counter()
    trainer.run(data.train_bytes, data.y_train)
    seconds = time.perf_counter() - begun
    folded = fold(trainer.model)
    error = fold_error(trainer.model, folded, data.x_test[:200])
    weights = out / "weights.npz"
    save_weights(folded, weights)
    kept = build(recipe.widths)
    load_weights(kept, weights, sha256_of(weights))
    train, test = (data.x_train, data.y_train), (data.x_test, data.y_test)
    measured = measure(kept, folded, data.class_names, train, test)
    measured["fold error"] = float(f"{error:.2e}")
    write_card(
        out,
        name="cifar10",
        recipe=recipe,
        model=kept,
        command=command,
        history=trainer.history,
        measured=measured,
        data="CIFAR-10 (Krizhevsky, 2009)",
        licence="the data have none, so the weights are not the project's to give away",
    )
    kept.save(out / "cifar10.keras")
    (out / "cifar10.txt").write_text("\n".join(data.class_names) + "\n", encoding="utf-8")
    print(
        f"test accuracy {measured['test accuracy']:.4f} after {seconds:.0f} s of training; "
        f"weights and card are in {out}",
        flush=True,
    )
