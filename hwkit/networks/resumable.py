"""A training loop that is seeded and resumable: a killed run continues after its last epoch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Protocol

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm


class Recipe(Protocol):
    """What the loop itself needs of a recipe, a frozen dataclass; all of it decides the weights."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def seed(self) -> int:
        """Decides the order of the examples and everything that is drawn."""

    @property
    def batch(self) -> int:
        """Examples in a step."""


class ResumableTraining:
    """A network under training, its optimizer, and how far it has come.

    A subclass says how a batch becomes the network's input (`_inputs`, inside the graph) and, where
    it wants, how an epoch is drawn (`_batches`), what is added to the loss (`_penalty`), and what a
    step does with the gradients (`_update`) and keeps beside the network (`_kept`).
    Whatever is drawn comes from the recipe's seed and from the number of the epoch or step, so that
    a continued run sees what an unbroken one would have seen.
    """

    def __init__(
        self,
        recipe: Recipe,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        *,
        steps: int,
        epochs: int,
        folder: Path | None,
        label_smoothing: float = 0.0,
    ) -> None:
        """Begin, or continue from the checkpoint that is in the folder.

        Args:
            recipe: what decides the weights.
            model: the network, with linear output.
            optimizer: with the learning rate of each step.
            steps: steps of an epoch.
            epochs: how many epochs there are in all.
            folder: holds the checkpoint; None: there is none.
            label_smoothing: share of a label that is spread evenly over all classes (Szegedy et
                al., "Rethinking the Inception architecture", 2016, section 7).

        Raises:
            ValueError: the checkpoint there is of another recipe.
        """
        self.recipe: Any = recipe
        self.model = model
        self.epoch = 0
        self.history: list[dict[str, float]] = []
        self._epochs, self._steps = epochs, steps
        self._label_smoothing = label_smoothing
        self._path = folder / "checkpoint.npz" if folder else None
        self.optimizer = optimizer
        self.optimizer.build(model.trainable_variables)
        self._step = tf.function(self._one_step)
        if self._path and self._path.exists():
            self._restore(self._path)

    def _inputs(self, examples: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        """What the network is given for a batch of examples, at a step counted from 0."""
        raise NotImplementedError

    def _penalty(self, step: tf.Tensor) -> tf.Tensor:
        """What is added to the mean loss of the batch that the network was just given; nothing."""
        return tf.constant(0.0)

    def _update(self, gradients: list[tf.Tensor], step: tf.Tensor) -> None:
        """Change the weights by the gradients of the trainable ones."""
        self.optimizer.apply(gradients, self.model.trainable_variables)

    def _kept(self) -> list[tf.Variable]:
        """What a checkpoint holds beside network and optimizer; nothing."""
        return []

    def _batches(
        self, examples: np.ndarray, labels: np.ndarray, rng: np.random.Generator
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The examples in another order each epoch, in batches; a last incomplete one is left."""
        for chosen in self._order(len(examples), rng):
            yield examples[chosen], labels[chosen]

    def _order(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """The indices of the examples of each step, int (steps, batch)."""
        shape = (self._steps, self.recipe.batch)
        return rng.permutation(count)[: self._steps * self.recipe.batch].reshape(shape)

    def run(
        self,
        examples: np.ndarray,
        labels: np.ndarray,
        *,
        progress: bool = True,
        until: int | None = None,
    ) -> None:
        """Train until all epochs are done; each is saved and, with progress, told when it ends.

        Args:
            examples: the training examples.
            labels: their classes, (n,).
            progress: whether a bar shows the steps.
            until: the number of epochs after which to pause; ``run`` again goes on.
        """
        last = self._epochs if until is None else min(until, self._epochs)
        while self.epoch < last:
            rng = np.random.default_rng((self.recipe.seed, self.epoch))
            title = f"epoch {self.epoch + 1}/{self._epochs}"
            batches = self._batches(examples, labels, rng)
            records = [
                self._step(tf.constant(batch), tf.constant(answers))
                for batch, answers in tqdm(
                    batches,
                    total=self._steps,
                    desc=title,
                    unit="step",
                    mininterval=2,
                    disable=not progress,
                )
            ]
            loss, accuracy = np.mean(np.array(records, np.float64), 0)
            self.history.append({"loss": float(loss), "accuracy": float(accuracy)})
            self.epoch += 1
            self._save()
            if progress:
                tqdm.write(f"{title}: loss {loss:.4f}, training accuracy {accuracy:.4f}")

    def _one_step(self, examples: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        step = tf.cast(self.optimizer.iterations.value, tf.int64)
        inputs = self._inputs(examples, step)
        with tf.GradientTape() as tape:
            logits = self.model(inputs, training=True)
            losses = tf.nn.softmax_cross_entropy_with_logits(self._targets(labels, logits), logits)
            loss = tf.reduce_mean(losses) + self._penalty(step)
        self._update(tape.gradient(loss, self.model.trainable_variables), step)
        hits = tf.equal(tf.argmax(logits, 1), labels)
        return loss, tf.reduce_mean(tf.cast(hits, tf.float32))

    def _targets(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        """The probabilities (n, classes) that the network is to give."""
        classes = logits.shape[-1]
        spread = self._label_smoothing / classes
        return tf.one_hot(labels, classes) * (1 - self._label_smoothing) + spread

    def _variables(self) -> list[Any]:
        return [*self.model.variables, *self.optimizer.variables, *self._kept()]

    def _recipe_bytes(self) -> np.ndarray:
        return np.frombuffer(repr(sorted(asdict(self.recipe).items())).encode(), np.uint8)

    def _save(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        state: dict[str, Any] = {f"v{i}": np.asarray(v) for i, v in enumerate(self._variables())}
        history = np.array([(h["loss"], h["accuracy"]) for h in self.history])
        with part.open("wb") as file:
            np.savez(file, recipe=self._recipe_bytes(), history=history, **state)
        part.replace(self._path)

    def _restore(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as state:
            if state["recipe"].tobytes() != self._recipe_bytes().tobytes():
                raise ValueError(
                    f"{path} is a checkpoint of another recipe: "
                    f"{state['recipe'].tobytes().decode()}. "
                    "Continue with that recipe, or delete the file to start afresh."
                )
            for i, variable in enumerate(self._variables()):
                variable.assign(state[f"v{i}"])
            self.history = [{"loss": float(a), "accuracy": float(b)} for a, b in state["history"]]
        self.epoch = len(self.history)


def mirrored_batches(
    examples: np.ndarray, labels: np.ndarray, order: np.ndarray, mirrored: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The pictures (n, h, w, c) of each step, some of them the other way round.

    Args:
        examples: the pictures.
        labels: their classes, (n,).
        order: which are in each step, int (steps, batch).
        mirrored: whether each is mirrored, bool (n,).
    """
    for chosen in order:
        batch = examples[chosen]
        flip = mirrored[chosen]
        batch[flip] = batch[flip, :, ::-1]
        yield batch, labels[chosen]


def warm_cosine(
    learning_rate: float, steps: int, warm_up: float
) -> keras.optimizers.schedules.CosineDecay:
    """A learning rate that rises from a twentieth to its value and falls by a cosine to 1%.

    Args:
        learning_rate: the highest value.
        steps: all steps.
        warm_up: share of the steps during which it rises.
    """
    warm = math.ceil(steps * warm_up)
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / 20,
        max(1, steps - warm),
        alpha=0.01,
        warmup_target=learning_rate,
        warmup_steps=warm,
    )
