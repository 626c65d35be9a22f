"""The training of the small networks: pictures are moved, turned and stretched a little each time.

Simard, Steinkraus & Platt, "Best practices for convolutional neural networks applied to visual
document analysis", 2003, showed how much such changes help with digits.
"""

from __future__ import annotations

import math
from pathlib import Path

import keras
import tensorflow as tf

from hwkit.images.digits import LOW
from hwkit.networks.recipes import SmallRecipe
from hwkit.networks.resumable import ResumableTraining, warm_cosine
from hwkit.networks.small import build_small


class SmallTraining(ResumableTraining):
    """A small network under training."""

    def __init__(self, recipe: SmallRecipe, examples: int, folder: Path | None) -> None:
        """Begin, or continue from the checkpoint in the folder.

        Args:
            recipe: what decides the weights.
            examples: how many examples an epoch has.
            folder: holds the checkpoint; None: there is none.

        Raises:
            ValueError: fewer examples than a batch, or a checkpoint of another recipe.
        """
        steps = examples // recipe.batch
        if steps < 1:
            raise ValueError(
                f"Expected at least one batch of examples ({recipe.batch}). Received: {examples}."
            )
        self._examples = examples
        rates = warm_cosine(recipe.learning_rate, steps * recipe.epochs, recipe.warm_up)
        super().__init__(
            recipe,
            build_small(recipe, seed=recipe.seed, training=True),
            keras.optimizers.AdamW(rates, weight_decay=recipe.weight_decay),
            steps=steps,
            epochs=recipe.epochs,
            folder=folder,
        )

    def _inputs(self, examples: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        changed = self.recipe.shift or self.recipe.turn or self.recipe.stretch
        return self._changed(examples, step) if changed else examples

    def _changed(self, pictures: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        seeds = tf.stack([tf.constant(self.recipe.seed, tf.int64), step])
        drawn = tf.random.stateless_uniform((tf.shape(pictures)[0], 5), seeds, -1.0, 1.0)
        shifts = drawn[:, :2] * self.recipe.shift
        angles = drawn[:, 2] * math.radians(self.recipe.turn)
        sizes = 1 + drawn[:, 3:] * self.recipe.stretch
        return transformed(pictures, shifts, angles, sizes)


def transformed(
    pictures: tf.Tensor, shifts: tf.Tensor, angles: tf.Tensor, sizes: tf.Tensor
) -> tf.Tensor:
    """Pictures stretched, then turned about their centre, then moved; paper comes in at the edges.

    Args:
        pictures: (n, height, width, channels).
        shifts: pixels to the right and down (n, 2).
        angles: radians (n,), positive turns are clockwise on the screen.
        sizes: factors across and down (n, 2).

    Returns:
        Bilinear interpolations of the pictures' shape.
    """
    side = tf.shape(pictures)[1:3]
    middle_y, middle_x = tf.unstack((tf.cast(side, tf.float32) - 1) / 2)
    cos, sin = tf.cos(angles), tf.sin(angles)
    # The operation asks where a pixel of the result comes from: the inverse of the change.
    a0, a1 = cos / sizes[:, 0], sin / sizes[:, 0]
    b0, b1 = -sin / sizes[:, 1], cos / sizes[:, 1]
    x, y = middle_x + shifts[:, 0], middle_y + shifts[:, 1]
    nought = tf.zeros_like(cos)
    matrix = [a0, a1, middle_x - a0 * x - a1 * y, b0, b1, middle_y - b0 * x - b1 * y]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=tf.stack([*matrix, nought, nought], 1),
        output_shape=side,
        fill_value=LOW,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
