"""CIFAR-10: 60,000 small photos of ten classes, which do not come with the course.

Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from hwkit.images.array_files import read_data
from hwkit.images.bounds import SIGNED
from hwkit.images.data_folder import file_at_hand, read_set

SHAPE = (32, 32, 3)
CIFAR_CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
FILE, JPEG_FILE = "cifar10.npz", "cifar10_jpeg.npz"
"""The files in the folder that HWKIT_DATA names: pixels, or JPEG files end to end."""


@dataclass(frozen=True, eq=False)
class Cifar10:
    """The pictures in their training and test part, in memory only.

    Attributes:
        train_bytes, test_bytes: RGB, uint8 (n, 32, 32, 3).
        y_train, y_test: the class of each, int64 (n,) from 0 to 9.
        class_names: what the classes are called.
    """

    train_bytes: np.ndarray
    y_train: np.ndarray
    test_bytes: np.ndarray
    y_test: np.ndarray
    class_names = CIFAR_CLASSES

    @cached_property
    def x_train(self) -> np.ndarray:
        """The training pictures as networks take them: float32 (n, 32, 32, 3) from -1 to 1."""
        return SIGNED.from_rgb(self.train_bytes)

    @cached_property
    def x_test(self) -> np.ndarray:
        """The test pictures, in the same form."""
        return SIGNED.from_rgb(self.test_bytes)


def load_cifar10() -> Cifar10:
    """50,000 pictures for training and 10,000 for testing, in the order of their file.

    In the folder that the environment variable HWKIT_DATA names, cifar10.npz is read (arrays
    x_train, y_train, x_test and y_test), else cifar10_jpeg.npz: `train_jpeg` holds the pictures'
    files end to end, `train_end` where each ends, `y_train` the classes, and so for test. JPEG
    loses a little. Without either Keras is asked, which downloads the set once.

    Raises:
        FileNotFoundError: the set is not at hand and cannot be downloaded.
        ValueError: a file that holds something else.
    """
    jpeg = file_at_hand(JPEG_FILE)
    if jpeg is not None and file_at_hand(FILE) is None:
        arrays, source = _from_jpeg(jpeg), str(jpeg)
    else:
        arrays, source = read_set(FILE, "cifar10")
    parts = [
        part
        for images, labels in (arrays[:2], arrays[2:])
        for part in _checked(images, labels, source)
    ]
    return Cifar10(*parts)


def _checked(images: np.ndarray, labels: np.ndarray, source: str) -> tuple[np.ndarray, np.ndarray]:
    classes = labels.reshape(-1)  # Keras's are (n, 1)
    fitting = images.dtype == np.uint8 and images.shape == (len(classes), *SHAPE)
    if not (fitting and set(np.unique(classes)) <= set(range(len(CIFAR_CLASSES)))):
        raise ValueError(
            f"Expected bytes (n, 32, 32, 3) and labels (n,) from 0 to 9 in {source}. Received: "
            f"{images.dtype} {images.shape} and {labels.dtype} {labels.shape}. Replace the file, "
            "or take it away and let Keras download the set."
        )
    return images, classes.astype(np.int64)


def _from_jpeg(path: Path) -> list[np.ndarray]:
    arrays = []
    for part in ("train", "test"):
        joined, ends = (read_data(path, name=f"{part}_{what}") for what in ("jpeg", "end"))
        plain = joined.dtype == np.uint8 and ends.dtype.kind in "iu"
        if not (plain and joined.ndim == ends.ndim == 1 and _divides(ends, len(joined))):
            raise ValueError(
                f"Expected in {path} JPEG files end to end as bytes {part}_jpeg (m,), and in "
                f"{part}_end (n,) where each ends, ascending to m. Received: {joined.dtype} "
                f"{joined.shape} and {ends.dtype} {ends.shape}. Replace the file."
            )
        files = np.split(joined, ends[:-1])
        pictures = [
            _picture(file, f"{path}, picture {i} of {part}") for i, file in enumerate(files)
        ]
        arrays += [np.stack(pictures), read_data(path, name=f"y_{part}")]
    return arrays


def _divides(ends: np.ndarray, length: int) -> bool:
    """Whether these are ends of pieces, none of them empty, that make up the whole length."""
    return bool(ends[-1] == length and (np.diff(ends.astype(np.int64), prepend=0) > 0).all())


def _picture(file: np.ndarray, source: str) -> np.ndarray:
    from hwkit.images.decode import PhotoError, decode

    image = decode(file.tobytes(), source)
    if image.size != SHAPE[:2]:
        raise PhotoError(source, f"has {image.size} pixels, expected 32 x 32; replace the file")
    return np.asarray(image)
