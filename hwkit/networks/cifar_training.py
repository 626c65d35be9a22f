"""The training of the network of CIFAR-10: its recipe, and what is done to its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from hwkit.images.bounds import SIGNED
from hwkit.images.cifar import SHAPE
from hwkit.networks.cifar import WIDTHS, build, whitening
from hwkit.networks.lookahead import Lookahead
from hwkit.networks.resumable import ResumableTraining, mirrored_batches, warm_cosine

WHITENING_PICTURES = 5000


@dataclass(frozen=True)
class CifarRecipe:
    """Everything that decides the trained weights, but for the order of float additions."""

    widths: tuple[int, ...] = WIDTHS
    seed: int = 1
    epochs: int = 22
    batch: int = 512
    learning_rate: float = 0.75
    """Of gradient descent with Nesterov's momentum, at its highest."""
    momentum: float = 0.85
    offset_rate: float = 16.0
    """The offsets of normalisations learn so many times as fast (Jordan, 2024, section 3.4)."""
    weight_decay: float = 2e-3
    """Share of a weight that a step takes away, for each unit of the learning rate."""
    warm_up: float = 0.23
    """Share of all steps during which the learning rate rises from a twentieth of its value."""
    label_smoothing: float = 0.1
    shift: int = 3
    """Each picture moves by up to so many pixels across and down, anew in each epoch."""
    hidden: int = 8
    """Side of a square of each picture that is grey, elsewhere in each epoch (DeVries & Taylor,
    "Improved regularization of convolutional neural networks with cutout", 2017)."""

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or self.seed < 0:
            raise ValueError(
                "Expected epochs >= 1, batch >= 1 and seed >= 0. Received: "
                f"epochs={self.epochs}, batch={self.batch}, seed={self.seed}."
            )
        if not (0 <= self.shift < 32 and 0 <= self.hidden <= 32 and 0 <= self.label_smoothing < 1):
            raise ValueError(
                "Expected a shift from 0 to 31, a hidden square of side 0 to 32 and "
                "label_smoothing from 0 to below 1. Received: "
                f"shift={self.shift}, hidden={self.hidden}, label_smoothing={self.label_smoothing}."
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
        self._lookahead = Lookahead(model.trainable_variables, steps * recipe.epochs)
        rates = warm_cosine(recipe.learning_rate, steps * recipe.epochs, recipe.warm_up)
        super().__init__(
            recipe,
            model,
            keras.optimizers.SGD(
                rates, recipe.momentum, nesterov=True, weight_decay=recipe.weight_decay
            ),
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
        seeds = tf.stack([tf.constant(self.recipe.seed, tf.int64), step])
        drawn = tf.random.stateless_uniform((tf.shape(pictures)[0], 4), seeds)
        reach, side = self.recipe.shift, self.recipe.hidden
        if reach:
            offsets = tf.cast(drawn[:, :2] * (2 * reach + 1), tf.int32) - reach
            pictures = shifted(pictures, offsets, reach)
        if side:
            pictures = with_hole(pictures, tf.cast(drawn[:, 2:] * SHAPE[0], tf.int32), side)
        return pictures

    def _update(self, gradients: list[tf.Tensor], step: tf.Tensor) -> None:
        quicker = [
            gradient * self.recipe.offset_rate if variable.name == "beta" else gradient
            for gradient, variable in zip(gradients, self.model.trainable_variables, strict=True)
        ]
        super()._update(quicker, step)
        self._lookahead.after(step + 1)

    def _kept(self) -> list[tf.Variable]:
        return self._lookahead.averages


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


def with_hole(pictures: tf.Tensor, centres: tf.Tensor, side: int) -> tf.Tensor:
    """Pictures with a square of zeros, the mean of all bytes; at the edges it is cut off.

    Args:
        pictures: (n, height, width, channels).
        centres: row and column of the squares' middles, int (n, 2).
        side: of the squares, in pixels; of an even one the middle is left and above.
    """
    height, width = pictures.shape[1:3]
    rows, columns = (
        tf.abs(2 * (tf.range(length) - centres[:, axis, tf.newaxis]) - (side + 1) % 2) < side
        for axis, length in enumerate((height, width))
    )
    hole = (rows[:, :, tf.newaxis] & columns[:, tf.newaxis, :])[..., tf.newaxis]
    return tf.where(hole, 0.0, pictures)
