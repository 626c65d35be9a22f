"""Training a network of noughts and ones in a notebook: seconds, without files."""

from __future__ import annotations

import keras
import numpy as np
from tqdm.auto import tqdm

from hwkit.images.zero_one import ZeroOne, load_zero_one
from hwkit.networks.recipes import BY_HEART, ZeroOneRecipe
from hwkit.networks.small import training_labels
from hwkit.networks.small_cards import predictions
from hwkit.networks.small_training import SmallTraining


def train_zero_one(
    data: str | ZeroOne = "bundled",
    *,
    use_bias: bool = True,
    pooling: str = "none",
    shuffled_labels: bool = False,
    epochs: int | None = None,
    seed: int = 1,
    progress: bool = True,
) -> tuple[keras.Model, list[dict[str, float]]]:
    """A network that was trained to tell noughts from ones, and how it got on.

    The same arguments give the same network, but for the order in which threads add numbers.

    Args:
        data: "bundled", "mnist" (`hwkit.images.zero_one.load_zero_one`), or own pictures.
        use_bias: whether the layers have biases.
        pooling: "none", "max" or "average" (`hwkit.networks.zero_one.build`).
        shuffled_labels: whether the training labels are dealt out anew: a control, which can learn
            its pictures by heart, but nothing of noughts and ones.
        epochs: how often it sees each picture; None: twice, or, with shuffled labels, as often as
            the shipped control.
        seed: of the first weights, the order of the pictures, and the shuffling.
        progress: whether a bar shows the epochs.

    Returns:
        The network, and for each epoch its mean "loss" and "accuracy" as seen in training, on the
        labels that it is trained with, and its "test accuracy" after the epoch, on the true ones.

    Raises:
        TypeError: pictures that are no ``ZeroOne``.
        ValueError: an unknown set or pooling, no epoch, or fewer pictures than a batch.
        FileNotFoundError: MNIST is not at hand.
    """
    if not isinstance(data, (str, ZeroOne)):
        raise TypeError(
            "Expected 'bundled', 'mnist' or hwkit.images.zero_one.ZeroOne(name, x_train, y_train, "
            f"x_test, y_test). Received: {type(data).__name__}."
        )
    usual = BY_HEART if shuffled_labels else ZeroOneRecipe.epochs
    recipe = ZeroOneRecipe(
        use_bias=use_bias,
        pooling=pooling,
        shuffled_labels=shuffled_labels,
        epochs=usual if epochs is None else epochs,
        seed=seed,
    )
    digits = load_zero_one(data) if isinstance(data, str) else data
    labels = training_labels(recipe, digits.y_train)
    trainer = SmallTraining(recipe, len(digits.x_train), folder=None)
    history: list[dict[str, float]] = []
    with tqdm(total=recipe.epochs, unit="epoch", disable=not progress) as bar:
        while trainer.epoch < recipe.epochs:
            trainer.run(digits.x_train, labels, progress=False, until=trainer.epoch + 1)
            right = predictions(trainer.model, digits.x_test) == digits.y_test
            history.append({**trainer.history[-1], "test accuracy": float(np.mean(right))})
            bar.set_postfix({key: f"{value:.3f}" for key, value in history[-1].items()})
            bar.update()
    return trainer.model, history
