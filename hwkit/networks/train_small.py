"""Train a small network by its recipe, and write its weights, its card and a Keras model."""

from __future__ import annotations

import time
from pathlib import Path

from hwkit.networks.recipes import SHIPPED, BayesianRecipe, SmallRecipe


def train_small(name: str, recipe: SmallRecipe, out: Path, own: Path, command: str) -> None:
    """Train, save as float16, measure, and write the card; a network not shipped as .keras, too.

    Args:
        name: of the network.
        recipe: how it is trained.
        out: folder for weights.npz and the card, and for NAME.keras, which
            `hwkit.networks.load` reads.
        own: folder for the checkpoint.
        command: for the card.

    Raises:
        ValueError: a checkpoint of another recipe. FileNotFoundError: the data are not at hand.
    """
    from hwkit.networks.bayesian_cards import measure_bayesian
    from hwkit.networks.bayesian_training import BayesianTraining
    from hwkit.networks.small import build_small, class_names_of, examples_of
    from hwkit.networks.small_cards import data_of, measure, write_card
    from hwkit.networks.small_training import SmallTraining
    from hwkit.networks.weights import load_weights, save_weights, sha256_of

    x_train, y_train, x_test, y_test = examples_of(recipe)
    training = BayesianTraining if isinstance(recipe, BayesianRecipe) else SmallTraining
    trainer = training(recipe, len(x_train), own)
    if trainer.epoch:
        print(f"continuing after epoch {trainer.epoch} of {recipe.epochs}", flush=True)
    begun = time.perf_counter()
    trainer.run(x_train, y_train)
    seconds = time.perf_counter() - begun
    plain = build_small(recipe)
    plain.set_weights([variable.numpy() for variable in trainer.model.weights])
    weights = out / "weights.npz"
    save_weights(plain, weights)
    kept = build_small(recipe)
    load_weights(kept, weights, sha256_of(weights))
    names = class_names_of(recipe)
    measured = measure(kept, plain, names, (x_train, y_train), (x_test, y_test))
    if isinstance(recipe, BayesianRecipe):
        measured |= measure_bayesian(kept, x_test, y_test)
    write_card(
        out,
        name=name,
        recipe=recipe,
        model=kept,
        command=command,
        history=trainer.history,
        measured=measured,
        data=data_of(recipe),
    )
    if recipe != SHIPPED.get(name):
        plain.save(out / f"{name}.keras")
    print(
        f"test accuracy {measured['test accuracy']:.4f} after {seconds:.0f} s of training; "
        f"weights and card are in {out}",
        flush=True,
    )
