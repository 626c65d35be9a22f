"""The training loop of the pocket network: seeded, and resumable after any epoch."""

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from hwkit.images.bounds import CAFFE
from hwkit.images.parts import CLASSES
from hwkit.images.splits import arrays
from hwkit.networks.pocket import build_for_training


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
        warm = math.ceil(self.main * recipe.warm_up)
        cosine = keras.optimizers.schedules.CosineDecay
        self.first = cosine(
            recipe.learning_rate / 20,
            max(1, self.main - warm),
            alpha=0.01,
            warmup_target=recipe.learning_rate,
            warmup_steps=warm,
        )
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


class Trainer:
    """A network under training, its optimizer, and how far it has come."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        """`folder` holds the checkpoint; training continues from the one that is there.

        Raises ValueError when the checkpoint there is of another recipe.
        """
        self.recipe = recipe
        self.epoch = 0
        self.history: list[dict[str, float]] = []
        self._path = folder / "checkpoint.npz"
        keras.utils.set_random_seed(recipe.seed)
        self.model = build_for_training(recipe.dropout)
        self._steps = recipe.images // recipe.batch
        schedule = TwoCosines(recipe, self._steps)
        self.optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay)
        self.optimizer.build(self.model.trainable_variables)
        self._step = tf.function(self._one_step)
        if self._path.exists():
            self._restore()

    def _variables(self) -> list[keras.Variable]:
        return [*self.model.variables, *self.optimizer.variables]

    def _recipe_bytes(self) -> np.ndarray:
        return np.frombuffer(repr(sorted(asdict(self.recipe).items())).encode(), np.uint8)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        state: dict[str, Any] = {f"v{i}": np.asarray(v) for i, v in enumerate(self._variables())}
        history = np.array([(h["loss"], h["accuracy"]) for h in self.history])
        with part.open("wb") as file:
            np.savez(file, recipe=self._recipe_bytes(), history=history, **state)
        part.replace(self._path)

    def _restore(self) -> None:
        with np.load(self._path, allow_pickle=False) as state:
            if state["recipe"].tobytes() != self._recipe_bytes().tobytes():
                raise ValueError(
                    f"{self._path} is a checkpoint of another recipe: "
                    f"{state['recipe'].tobytes().decode()}. "
                    "Continue with that recipe, or delete the file to start afresh."
                )
            for i, variable in enumerate(self._variables()):
                variable.assign(state[f"v{i}"])
            self.history = [{"loss": float(a), "accuracy": float(b)} for a, b in state["history"]]
        self.epoch = len(self.history)

    def _one_step(self, pictures: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # CAFFE.from_rgb, but inside the graph, where it costs next to nothing.
        x = tf.cast(pictures, tf.float32)[..., ::-1] + tf.constant(CAFFE.low)
        # Stateless draws: a continued run sees the noise that an unbroken one would have seen.
        step = tf.cast(self.optimizer.iterations.value, tf.int64)
        seeds = tf.stack([tf.constant(2 * self.recipe.seed, tf.int64), step])
        shape = tf.shape(x)
        spread = tf.random.stateless_uniform(
            (shape[0], 1, 1, 1), seeds + tf.constant([1, 0], tf.int64)
        )
        finishing = tf.cast(step >= self.recipe.epochs * self._steps, tf.float32)
        x += tf.random.stateless_normal(shape, seeds) * spread * finishing * self.recipe.noise
        with tf.GradientTape() as tape:
            logits = self.model(x, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        variables = self.model.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        hits = tf.equal(tf.argmax(logits, 1), labels)
        return loss, tf.reduce_mean(tf.cast(hits, tf.float32))

    def run(self, images: np.ndarray, labels: np.ndarray) -> None:
        """Train until all epochs are done, half of the pictures mirrored; each is saved."""
        while self.epoch < self.recipe.epochs + self.recipe.finish:
            rng = np.random.default_rng((self.recipe.seed, self.epoch))
            order = rng.permutation(len(images))
            mirrored = rng.random(len(images)) < 0.5
            records = []
            title = f"epoch {self.epoch + 1}/{self.recipe.epochs + self.recipe.finish}"
            for step in tqdm(range(self._steps), desc=title, unit="step", mininterval=2):
                chosen = order[step * self.recipe.batch : (step + 1) * self.recipe.batch]
                batch = images[chosen]
                flip = mirrored[chosen]
                batch[flip] = batch[flip, :, ::-1]
                records.append(self._step(tf.constant(batch), tf.constant(labels[chosen])))
            loss, accuracy = np.mean(np.array(records, np.float64), 0)
            self.history.append({"loss": float(loss), "accuracy": float(accuracy)})
            self.epoch += 1
            self._save()
            print(f"{title}: loss {loss:.4f}, training accuracy {accuracy:.4f}", flush=True)
