"""Weights of a network in a file: float16 arrays by layer name, guarded by a checksum."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np


def sha256_of(path: Path) -> str:
    """The SHA-256 checksum of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_weights(model: keras.Model, path: Path) -> None:
    """Write a model's weights as float16 arrays (.npz), named layer.kernel or layer.bias."""
    path.parent.mkdir(parents=True, exist_ok=True)
    named: dict[str, Any] = {
        f"{layer.name}.{weight.name}": np.asarray(weight, np.float16)
        for layer in model.layers
        for weight in layer.weights
    }
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez_compressed(file, **named)
    part.replace(path)


def load_weights(model: keras.Model, path: Path, sha256: str) -> None:
    """Set a model's weights from a file that `save_weights` wrote.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not the one with this checksum, or not one of this model's weights.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected weights at {path} and found none. Restore the file (git checkout) or train "
            "the network again: python -m hwkit.networks.train NAME"
        )
    found = sha256_of(path)
    if found != sha256:
        raise ValueError(
            f"{path} is damaged or not the file that its card describes: expected the SHA-256 "
            f"{sha256}, "
            f"found {found}. Restore both from the repository (git checkout), or train again."
        )
    with np.load(path, allow_pickle=False) as stored:
        for layer in model.layers:
            names = [f"{layer.name}.{weight.name}" for weight in layer.weights]
            unfit = [
                name
                for name, weight in zip(names, layer.weights, strict=True)
                if name not in stored or stored[name].shape != tuple(weight.shape)
            ]
            if unfit:
                raise ValueError(
                    f"{path} lacks {', '.join(unfit)}, or holds them in another shape: these are "
                    "weights of another network."
                )
            layer.set_weights([stored[name].astype(np.float32) for name in names])
