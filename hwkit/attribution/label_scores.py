"""What a network says of some of its classes: the function that a picture's game is played with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from hwkit.attribution.superpixel_game import Scores
from hwkit.network import cut, in_batches, nodes

if TYPE_CHECKING:
    import keras

Outputs = Literal["scores", "probabilities"]

# A forward pass keeps what a layer reads and what it writes, and a convolution's workspace.
_COPIES = 3
LARGEST_BATCH = 64


def label_scores(
    model: keras.Model | Scores,
    picture: np.ndarray,
    labels: Sequence[int] | None,
    top_labels: int,
    outputs: Outputs,
    memory: int,
) -> tuple[Scores, tuple[int, ...], int]:
    """A function from pictures to the scores of some classes, these classes, and a batch's size.

    Args:
        model: a Keras model, or a function from pictures ``(n, h, w, c)`` to ``(n, classes)``.
        picture: ``(h, w, c)``.
        labels: the classes; ``None`` for those of the picture's highest scores, the highest first.
        top_labels: how many these are; all, where there are fewer.
        outputs: "scores", or "probabilities": their softmax over all classes.
        memory: bytes that one batch may take, about.

    Raises:
        ValueError: a picture of another shape than the model's input, other outputs, scores of
            another shape, labels that the network does not have or has been given twice, or
            ``top_labels`` below 1.
    """
    if outputs not in ("scores", "probabilities"):
        raise ValueError(f"Expected outputs 'scores' or 'probabilities'. Received: {outputs!r}.")
    every, batch = _network(model, np.shape(picture), memory)
    first = np.asarray(every(np.asarray(picture, np.float32)[np.newaxis]))
    if first.ndim != 2 or len(first) != 1:
        raise ValueError(
            "Expected a network that gives one row of scores for each picture, (n, classes). "
            f"Received: shape {first.shape} for one picture."
        )
    chosen = _labels(first[0], labels, top_labels)

    def scores(pictures: np.ndarray) -> np.ndarray:
        from scipy.special import softmax  # type: ignore[import-untyped]

        found = np.asarray(every(pictures), np.float64)
        return (found if outputs == "scores" else softmax(found, axis=1))[:, list(chosen)]

    return scores, chosen, batch


def batch_of(model: keras.Model, memory: int) -> int:
    """How many pictures one forward pass may take within this memory; from 1 to 64."""
    numbers = max(
        int(np.prod([size or 64 for size in tensor.shape[1:]]))
        for node in nodes(model.outputs)
        for tensor in node.output_tensors
    )
    return max(1, min(LARGEST_BATCH, memory // (numbers * 4 * _COPIES)))


def _network(
    model: keras.Model | Scores, shape: tuple[int, ...], memory: int
) -> tuple[Scores, int]:
    if not hasattr(model, "layers"):
        if not callable(model):
            raise TypeError(
                "Expected a Keras model, or a function from pictures (n, h, w, c) to scores "
                f"(n, classes). Received: {model!r}."
            )
        return model, LARGEST_BATCH
    tail = cut(model).tail
    wanted = tuple(tail.inputs[0].shape[1:])
    if len(wanted) != len(shape) or any(
        size not in (None, given) for size, given in zip(wanted, shape, strict=True)
    ):
        raise ValueError(f"Expected one picture of shape {wanted}. Received: shape {shape}.")
    return lambda pictures: in_batches(tail, pictures, len(pictures)), batch_of(tail, memory)


def _labels(scores: np.ndarray, labels: Sequence[int] | None, top_labels: int) -> tuple[int, ...]:
    if labels is None:
        if top_labels < 1:
            raise ValueError(f"Expected 1 top label or more. Received: top_labels={top_labels}.")
        return tuple(np.argsort(-scores, kind="stable")[:top_labels].tolist())
    chosen = tuple(int(label) for label in labels)
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"Expected different labels, 1 or more. Received: labels={labels}.")
    if not all(0 <= label < len(scores) for label in chosen):
        raise ValueError(
            f"Expected labels from 0 to {len(scores) - 1}: the network has {len(scores)} classes. "
            f"Received: labels={labels}."
        )
    return chosen
