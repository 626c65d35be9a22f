"""MNIST and Fashion-MNIST: from a file at hand, else through Keras, which downloads them once."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from hwkit.images.array_files import read_data

FILES = {"mnist": "mnist.npz", "fashion": "fashion_mnist.npz"}
"""The file of each set in the folder that HWKIT_DATA names."""
FOLDER_VARIABLE = "HWKIT_DATA"
KEYS = ("x_train", "y_train", "x_test", "y_test")

_KERAS = {"mnist": "mnist", "fashion": "fashion_mnist"}


def read_digits(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training pictures and labels, test pictures and labels, in the order of the file.

    Args:
        name: "mnist" or "fashion". Where the environment variable HWKIT_DATA names a folder with
            mnist.npz or fashion_mnist.npz (arrays x_train, y_train, x_test and y_test), that file
            is read; otherwise Keras's, which downloads the set when it is not in its cache.

    Returns:
        Bytes (n, 28, 28), paper 0 and ink 255, and labels int64 (n,), both twice.

    Raises:
        FileNotFoundError: there is no file, and Keras cannot get it.
        ValueError: the file holds something else.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    path = Path(folder, FILES[name]) if folder else None
    if path is not None and path.is_file():
        arrays, source = tuple(read_data(path, name=key) for key in KEYS), str(path)
    else:
        arrays, source = _from_keras(name), "Keras's copy"
    return _checked(arrays, f"{source} of {name}")


def _from_keras(name: str) -> tuple[np.ndarray, ...]:
    import keras

    try:
        train, test = getattr(keras.datasets, _KERAS[name]).load_data()
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise FileNotFoundError(
            f"Expected the set {name!r} in the folder that {FOLDER_VARIABLE} names, as "
            f"{FILES[name]}, or in Keras's cache; there is none, and Keras could not download it: "
            f"{error}. Set {FOLDER_VARIABLE} to a folder with {FILES[name]} (arrays "
            f"{', '.join(KEYS)}), or load it once with a network; load_digits('bundled') needs "
            "neither."
        ) from error
    return (*train, *test)


def _checked(
    arrays: tuple[np.ndarray, ...], source: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    x_train, y_train, x_test, y_test = arrays
    for images, labels in ((x_train, y_train), (x_test, y_test)):
        fitting = images.dtype == np.uint8 and images.shape[1:] == (28, 28)
        if not (fitting and labels.shape == images.shape[:1] and set(np.unique(labels)) <= _LABELS):
            raise ValueError(
                f"Expected bytes (n, 28, 28) and labels (n,) from 0 to 9 in {source}. Received: "
                f"{images.dtype} {images.shape} and {labels.dtype} {labels.shape}. Replace the "
                "file by the one that keras.datasets downloads."
            )
    return x_train, y_train.astype(np.int64), x_test, y_test.astype(np.int64)


_LABELS = set(range(10))
