"""The training of the pocket network: its recipe, its pictures, and what is done to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from hwkit.images.bounds import CAFFE
from hwkit.images.parts import CLASSES
from hwkit.images.splits import arrays
from hwkit.networks.pocket import build_for_training
from hwkit.networks.resumable import ResumableTraining, mirrored_batches, warm_cosine


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the trained weights, but for the order of float additions."""

    seed: int = 1
    images: int = 28_000
    epochs: int = 5
    batch: int = 64
    finish: int = 2
    """Further epochs, with noise, from the full learning rate again."""
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    warm_up: float = 0.05
    """Share of all steps during which the learning rate rises from a twentieth of its value."""
    dropout: float = 0.3
    """On fc1 and fc2."""
    noise: float = 35.0
    """In the finish each picture gets Gaussian noise, its deviation uniform up to this, in bytes.

    It costs a little accuracy and makes gradients point at what matters: those of networks trained
    without noise are noisy themselves (Kaur, Cohen & Lipton, "Are perceptually-aligned gradients a
    general property of robust classifiers?", 2019).
    """

    def __post_init__(self) -> None:
        if self.images < self.batch or self.images % len(CLASSES):
            raise ValueError(
                f"Expected a number of images that is a multiple of {len(CLASSES)} and at least "
                f"one batch ({self.batch}). Received: images={self.images}."
            )
        if self.epochs < 1 or self.finish < 0 or self.seed < 0:
            raise ValueError(
                "Expected epochs >= 1, finish >= 0 and seed >= 0. Received: "
                f"epochs={self.epochs}, finish={self.finish}, seed={self.seed}."
            )


class TwoCosines(keras.optimizers.schedules.LearningRateSchedule):
    """Warm-up and a cosine for the main epochs, then a second cosine for the finish.

    A warm restart (Loshchilov & Hutter, "SGDR", 2017); each cosine ends near zero.
    """

    def __init__(self, recipe: Recipe, steps: int) -> None:
        """`steps` is the number of steps of an epoch."""
        self.main = recipe.epochs * steps
        self.first = warm_cosine(recipe.learning_rate, self.main, recipe.warm_up)
        cosine = keras.optimizers.schedules.CosineDecay
        self.second = cosine(recipe.learning_rate, max(1, recipe.finish * steps), alpha=0.01)

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """The learning rate of a step."""
        return tf.where(step < self.main, self.first(step), self.second(step - self.main))


def training_set(images: int, cache: Path) -> tuple[np.ndarray, np.ndarray]:
    """The training pictures uint8 (n, 96, 96, 3) and labels, drawn once and kept in the cache.

    The file name carries the fingerprint of the first picture of each class, so that pictures drawn
    by an earlier version of the renderer are not taken for these.
    """
    first, _ = arrays("train", 1)
    fingerprint = np.bitwise_xor.reduce(np.frombuffer(first.tobytes(), "<u8"))
    path = cache / f"train-{images}-{int(fingerprint):016x}.npy"
    per_class = images // len(CLASSES)
    if not path.exists():
        drawn, _ = arrays("train", per_class, progress=True, processes=os.cpu_count() or 1)
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, drawn)
        part.replace(path)
    return np.load(path), np.repeat(np.arange(len(CLASSES)), per_class)


class Trainer(ResumableTraining):
    """The pocket network under training; half of the pictures are mirrored."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        """`folder` holds the checkpoint; training continues from the one that is there.

        Raises ValueError when the checkpoint there is of another recipe.
        """
        keras.utils.set_random_seed(recipe.seed)
        steps = recipe.images // recipe.batch
        super().__init__(
            recipe,
            build_for_training(recipe.dropout),
            keras.optimizers.AdamW(TwoCosines(recipe, steps), weight_decay=recipe.weight_decay),
            steps=steps,
            epochs=recipe.epochs + recipe.finish,
            folder=folder,
        )

    def _batches(
        self, examples: np.ndarray, labels: np.ndarray, rng: np.random.Generator
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        order = self._order(len(examples), rng)
        return mirrored_batches(examples, labels, order, rng.random(len(examples)) < 0.5)

    def _inputs(self, examples: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        # CAFFE.from_rgb, but inside the graph, where it costs next to nothing.
        x = tf.cast(examples, tf.float32)[..., ::-1] + tf.constant(CAFFE.low)
        # Stateless draws: a continued run sees the noise that an unbroken one would have seen.
        seeds = tf.stack([tf.constant(2 * self.recipe.seed, tf.int64), step])
        shape = tf.shape(x)
        spread = tf.random.stateless_uniform(
            (shape[0], 1, 1, 1), seeds + tf.constant([1, 0], tf.int64)
        )
        finishing = tf.cast(step >= self.recipe.epochs * self._steps, tf.float32)
        return x + tf.random.stateless_normal(shape, seeds) * spread * finishing * self.recipe.noise
