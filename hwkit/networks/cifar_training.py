"""The training of the network of CIFAR-10: its recipe, and what is done to its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from hwkit.images.bounds import SIGNED
from hwkit.networks.cifar import WIDTHS, build, whitening
from hwkit.networks.resumable import ResumableTraining, mirrored_batches, warm_cosine

WHITENING_PICTURES = 5000


@dataclass(frozen=True)
class CifarRecipe:
    """Everything that decides the trained weights, but for the order of float additions."""

    widths: tuple[int, ...] = WIDTHS
    seed: int = 1
    epochs: int = 25
    batch: int = 256
    learning_rate: float = 4e-3
    weight_decay: float = 0.05
    warm_up: float = 0.2
    """Share of all steps during which the learning rate rises from a twentieth of its value."""
    label_smoothing: float = 0.1
    shift: int = 2
    """Each picture moves by up to so many pixels across and down, anew in each epoch."""

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or self.seed < 0:
            raise ValueError(
                "Expected epochs >= 1, batch >= 1 and seed >= 0. Received: "
                f"epochs={self.epochs}, batch={self.batch}, seed={self.seed}."
            )
        if not (0 <= self.shift < 32 and 0 <= self.label_smoothing < 1):
            raise ValueError(
                "Expected a shift from 0 to 31 and label_smoothing from 0 to below 1. Received: "
                f"shift={self.shift}, label_smoothing={self.label_smoothing}."
            )


class CifarTraining(ResumableTraining):
    """The network of CIFAR-10 under training.

    Half of the pictures are mirrored in the first epoch, the others in the second, and so on: in
    two epochs each is seen both ways (Jordan, 2024, section 3.6).
    """

    def __init__(self, recipe: CifarRecipe, pictures: np.ndarray, folder: Path) -> None:
        """Begin, or continue from the checkpoint in the folder.

        Args:
            recipe: what decides the weights.
            pictures: those of the training, uint8 (n, 32, 32, 3); the first decide the whitening.
            folder: holds the checkpoint.

        Raises:
            ValueError: fewer pictures than a batch, or a checkpoint of another recipe.
        """
        steps = len(pictures) // recipe.batch
        if steps < 1:
            raise ValueError(
                f"Expected at least one batch of pictures ({recipe.batch}). Received: "
                f"{len(pictures)}."
            )
        model = build(recipe.widths, seed=recipe.seed, training=True)
        first = model.get_layer("whiten")
        first.kernel.assign(whitening(SIGNED.from_rgb(pictures[:WHITENING_PICTURES])))
        rates = warm_cosine(recipe.learning_rate, steps * recipe.epochs, recipe.warm_up)
        super().__init__(
            recipe,
            model,
            keras.optimizers.AdamW(rates, weight_decay=recipe.weight_decay),
            steps=steps,
            epochs=recipe.epochs,
            folder=folder,
            label_smoothing=recipe.label_smoothing,
        )

    def _batches(
        self, examples: np.ndarray, labels: np.ndarray, rng: np.random.Generator
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        first = np.random.default_rng(self.recipe.seed).random(len(examples)) < 0.5
        order = self._order(len(examples), rng)
        return mirrored_batches(examples, labels, order, first ^ (self.epoch % 2 == 1))

    def _inputs(self, examples: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        # SIGNED.from_rgb, but inside the graph, where it costs next to nothing.
        pictures = tf.cast(examples, tf.float32) / 127.5 - 1
        reach = self.recipe.shift
        seeds = tf.stack([tf.constant(self.recipe.seed, tf.int64), step])
        offsets = tf.random.stateless_uniform(
            (tf.shape(pictures)[0], 2), seeds, -reach, reach + 1, tf.int32
        )
        return shifted(pictures, offsets, reach) if reach else pictures


def shifted(pictures: tf.Tensor, offsets: tf.Tensor, reach: int) -> tf.Tensor:
    """Pictures moved by whole pixels; what comes in at the edges is their reflection there.

    Args:
        pictures: (n, height, width, channels).
        offsets: pixels up and to the left, int (n, 2).
        reach: the largest of them, in size.
    """
    height, width = pictures.shape[1:3]
    padded = tf.pad(pictures, [[0, 0], [reach, reach], [reach, reach], [0, 0]], "REFLECT")
    rows = offsets[:, :1] + reach + tf.range(height)
    columns = offsets[:, 1:] + reach + tf.range(width)
    return tf.gather(tf.gather(padded, rows, axis=1, batch_dims=1), columns, axis=2, batch_dims=1)
