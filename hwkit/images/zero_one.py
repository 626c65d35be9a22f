"""Noughts and ones: the two easiest digits, from paper 0 to ink 1.

Elsewhere paper is -1 (`hwkit.images.digits`). Here it is 0, so that "nothing there", which many
methods compare a picture with, is the number 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hwkit.images.digits import Digits, load_digits, to_grey

ZERO_ONE_SETS = ("bundled", "mnist")
ZERO_ONE_CLASSES = ("0", "1")


@dataclass(frozen=True, eq=False)
class ZeroOne(Digits):
    """Pictures of noughts and ones, in a training and a test part.

    Attributes:
        name: "bundled" or "mnist", or what own pictures are called.
        x_train, x_test: pictures float32 (n, 28, 28, 1), from paper 0 to ink 1.
        y_train, y_test: 0 or 1, int64 (n,).
    """

    def __post_init__(self) -> None:
        parts = ((self.x_train, self.y_train), (self.x_test, self.y_test))
        for (pictures, labels), part in zip(parts, ("train", "test"), strict=True):
            if pictures.shape[1:] != (28, 28, 1) or labels.shape != (len(pictures),):
                raise ValueError(
                    f"Expected x_{part} (n, 28, 28, 1) and y_{part} (n,). Received: "
                    f"{pictures.shape} and {labels.shape}."
                )
            if not (pictures.size and pictures.min() >= 0 and pictures.max() <= 1):
                raise ValueError(
                    f"Expected pictures from paper 0 to ink 1 in x_{part}. Received: "
                    + (f"{pictures.min()} to {pictures.max()}." if pictures.size else "none.")
                )
            if not np.isin(labels, (0, 1)).all():
                raise ValueError(
                    f"Expected labels 0 and 1 in y_{part}. Received: {np.unique(labels)}."
                )

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the two classes."""
        return ZERO_ONE_CLASSES


def load_zero_one(name: str = "bundled") -> ZeroOne:
    """The noughts and ones of a set of digits, in the set's order.

    Args:
        name: "bundled": 260 for training and 100, 50 of each, for testing; always at hand.
            "mnist": 12,665 and 2,115, where MNIST is at hand (`hwkit.images.digits.load_digits`).

    Raises:
        ValueError: an unknown name, or a file that holds something else.
        FileNotFoundError: the set is not at hand and cannot be downloaded.
    """
    if name not in ZERO_ONE_SETS:
        raise ValueError(f"Expected a set: {', '.join(ZERO_ONE_SETS)}. Received: name={name!r}.")
    digits = load_digits(name)
    return ZeroOne(
        name, *_chosen(digits.x_train, digits.y_train), *_chosen(digits.x_test, digits.y_test)
    )


def _chosen(pictures: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The noughts and ones among signed pictures, and their labels."""
    chosen = labels <= 1
    return to_grey(pictures[chosen])[..., np.newaxis], labels[chosen]
