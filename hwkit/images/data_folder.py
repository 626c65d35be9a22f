"""Data sets that do not come with the course: from a folder of one's own, else through Keras."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from hwkit.images.array_files import read_data

FOLDER_VARIABLE = "HWKIT_DATA"
"""The environment variable that names the folder."""
KEYS = ("x_train", "y_train", "x_test", "y_test")


def file_at_hand(file: str) -> Path | None:
    """The file of that name in the folder that HWKIT_DATA names, where there is one."""
    folder = os.environ.get(FOLDER_VARIABLE)
    path = Path(folder, file) if folder else None
    return path if path is not None and path.is_file() else None


def read_set(file: str, keras_name: str, instead: str = "") -> tuple[list[np.ndarray], str]:
    """Training pictures and labels, test pictures and labels, and where they come from.

    Args:
        file: in the folder, with arrays x_train, y_train, x_test and y_test.
        keras_name: of the module in keras.datasets that has the set, where the file is not there;
            it downloads what is not in its cache.
        instead: what else can be done where neither has it, for the error.

    Raises:
        FileNotFoundError: there is no file, and Keras cannot get it.
        ValueError: the file holds something else.
    """
    path = file_at_hand(file)
    if path is not None:
        return [read_data(path, name=key) for key in KEYS], str(path)
    import keras

    try:
        train, test = getattr(keras.datasets, keras_name).load_data()
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise FileNotFoundError(
            f"Expected the set {keras_name!r} in the folder that {FOLDER_VARIABLE} names, as "
            f"{file}, or in Keras's cache; there is none, and Keras could not download it: "
            f"{error}. Set {FOLDER_VARIABLE} to a folder with {file} (arrays {', '.join(KEYS)}), "
            f"or load it once with a network{instead}."
        ) from error
    return [*train, *test], f"Keras's copy of {keras_name}"
