"""MNIST and Fashion-MNIST: from a file at hand, else through Keras, which downloads them once."""

from __future__ import annotations

import numpy as np

from hwkit.images.data_folder import read_set

FILES = {"mnist": "mnist.npz", "fashion": "fashion_mnist.npz"}
"""The file of each set in the folder that HWKIT_DATA names."""

_KERAS = {"mnist": "mnist", "fashion": "fashion_mnist"}
_LABELS = set(range(10))


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
    arrays, source = read_set(FILES[name], _KERAS[name], "; load_digits('bundled') needs neither")
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
