"""Handwritten digits: bundled ones that need no download, MNIST, and Fashion-MNIST in their form.

Pictures are as the LRP toolbox takes them: paper is -1, ink +1, bytes / 127.5 - 1 between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hwkit.images.bundled_digits import bundled_digits, split
from hwkit.images.digit_files import read_digits

LOW, HIGH = -1.0, 1.0
"""What paper and ink are in a picture."""
SETS = ("bundled", "mnist", "fashion")
DIGIT_CLASSES = tuple(str(digit) for digit in range(10))
FASHION_CLASSES = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "trainer",
    "bag",
    "ankle boot",
)


@dataclass(frozen=True, eq=False)
class Digits:
    """A set of pictures in ten classes, in a training and a test part.

    Attributes:
        name: "bundled", "mnist" or "fashion".
        x_train, x_test: pictures float32 (n, 28, 28, 1), from paper -1 to ink +1.
        y_train, y_test: the class of each, int64 (n,) from 0 to 9.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the ten classes."""
        return FASHION_CLASSES if self.name == "fashion" else DIGIT_CLASSES


def load_digits(name: str = "bundled") -> Digits:
    """A set of digits (or of clothes in the same form).

    Args:
        name: "bundled": scikit-learn's 1,797 digits in the form of MNIST's, 1,297 for training and
            50 of each class for testing; always at hand (`hwkit.images.bundled_digits`).
            "mnist": 60,000 and 10,000. "fashion": Fashion-MNIST, the same numbers. Both come from
            the folder that the environment variable HWKIT_DATA names, else through Keras
            (`hwkit.images.digit_files`).

    Raises:
        ValueError: an unknown name, or a file that holds something else.
        FileNotFoundError: the set is not at hand and cannot be downloaded.
    """
    if name not in SETS:
        raise ValueError(f"Expected a set: {', '.join(SETS)}. Received: name={name!r}.")
    if name == "bundled":
        images, labels = bundled_digits()
        train, test = split(labels)
        return Digits(
            name, _signed(images[train]), labels[train], _signed(images[test]), labels[test]
        )
    x_train, y_train, x_test, y_test = read_digits(name)
    return Digits(name, _signed(x_train), y_train, _signed(x_test), y_test)


def to_grey(images: np.ndarray) -> np.ndarray:
    """Pictures for showing: (..., 28, 28, 1) from -1 to 1 become (..., 28, 28) from 0 to 1.

    Values beyond are clipped. Ink is bright, as in MNIST.

    Raises:
        ValueError: pictures of another shape.
    """
    images = np.asarray(images, np.float32)
    if images.ndim < 3 or images.shape[-1] != 1:
        raise ValueError(f"Expected pictures (..., 28, 28, 1). Received: shape {images.shape}.")
    return np.clip((images[..., 0] - LOW) / (HIGH - LOW), 0, 1)


def _signed(pixels: np.ndarray) -> np.ndarray:
    """Float32 (n, 28, 28, 1) from bytes (n, 28, 28)."""
    return (pixels.astype(np.float32) / np.float32(127.5) - np.float32(1))[..., np.newaxis]
