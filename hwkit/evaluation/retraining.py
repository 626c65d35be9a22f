"""Small networks trained again and again on changed pictures: each run in a folder of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hwkit.network import in_batches
from hwkit.networks.recipes import SmallRecipe
from hwkit.networks.small import build_small

if TYPE_CHECKING:
    import keras

    from hwkit.networks.small_training import SmallTraining


def run_folder(folder: Path, recipe: SmallRecipe, *decides: object) -> Path:
    """Where a run keeps its checkpoint: named by all that decides its weights.

    So a run that was killed continues, one that is done is not done again, and other pictures or
    another recipe never meet an old checkpoint.

    Args:
        folder: of all runs.
        recipe: of this one.
        decides: arrays, and whatever has a ``repr`` that tells it from others.
    """
    digest = hashlib.sha256(repr(recipe).encode())
    for each in decides:
        if isinstance(each, np.ndarray):
            digest.update(repr((each.dtype, each.shape)).encode())
            digest.update(np.ascontiguousarray(each).data)
        else:
            digest.update(repr(each).encode())
    return folder / digest.hexdigest()[:24]


def finished(trainer: SmallTraining, pictures: np.ndarray, labels: np.ndarray) -> keras.Model:
    """The network at the end of its training, without dropout."""
    trainer.run(pictures, labels, progress=False)
    plain = build_small(trainer.recipe)
    plain.set_weights([variable.numpy() for variable in trainer.model.weights])
    return plain


def hits_of(model: keras.Model, pictures: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether each picture's class is predicted, bool ``(n,)``."""
    return in_batches(model, pictures, batch=512).argmax(axis=1) == labels
