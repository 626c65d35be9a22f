"""A picture as a game: superpixels are the players, and what the network says is what they earn.

A coalition is a set of superpixels that is shown; the rest of the picture is replaced by a fill.
LIME and KernelSHAP both ask a network about coalitions, and differ in which and in what they make
of the answers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tqdm.auto import tqdm

Scores = Callable[[np.ndarray], np.ndarray]
Progress = bool | Callable[[int], None]


def masked(
    picture: np.ndarray, segments: np.ndarray, Z: np.ndarray, fill: np.ndarray
) -> np.ndarray:
    """The picture with some superpixels shown and the others filled.

    Args:
        picture: ``(h, w, c)``.
        segments: the number of each pixel's superpixel, ``(h, w)``, 0 to d - 1.
        Z: coalitions ``(n, d)``, true or 1 for what is shown.
        fill: what is seen in place of what is hidden, ``(h, w, c)``.

    Returns:
        ``(n, h, w, c)``, in the picture's type.
    """
    ### BEGIN SOLUTION surrogates: masked
    # Flat, with a label for every number and not only for every pixel: four times as fast.
    labels = np.repeat(segments.ravel(), picture.shape[-1])
    shown = np.asarray(Z, bool)[:, labels]
    return np.where(shown, picture.ravel(), fill.ravel()).reshape(-1, *picture.shape)
    ### END SOLUTION


class SuperpixelGame:
    """What a network says of a picture of which only some superpixels are shown.

    Args:
        scores: from pictures ``(n, h, w, c)``, float32, to numbers ``(n, outputs)`` or ``(n,)``.
        picture: ``(h, w, c)``, as the network takes it.
        segments: the number of each pixel's superpixel, ``(h, w)``, every one of 0 to d - 1.
        fill: what is seen in place of what is hidden, ``(h, w, c)``.
        batch: pictures that are made and shown to the network at once; the memory does not grow
            with the number of coalitions.
        progress: show a bar for work of more than two seconds; or a function that is called after
            each batch with the number of its pictures. What it raises ends the work.

    Raises:
        TypeError: segments that are no whole numbers.
        ValueError: shapes that do not fit one another, a number of a superpixel left out, a batch
            below 1.
    """

    def __init__(
        self,
        scores: Scores,
        picture: np.ndarray,
        segments: np.ndarray,
        fill: np.ndarray,
        *,
        batch: int = 64,
        progress: Progress = False,
    ) -> None:
        picture, fill = np.asarray(picture, np.float32), np.asarray(fill, np.float32)
        if picture.ndim != 3:
            raise ValueError(f"Expected a picture (h, w, c). Received: shape {picture.shape}.")
        if fill.shape != picture.shape:
            raise ValueError(
                f"Expected a fill of the picture's shape, {picture.shape}. Received: {fill.shape}."
            )
        if batch < 1:
            raise ValueError(f"Expected a batch of 1 or more. Received: batch={batch}.")
        self.scores = scores
        self.picture = picture
        self.segments = as_segments(segments, picture.shape[:2])
        self.fill = fill
        self.batch = int(batch)
        self.progress = progress

    @property
    def players(self) -> int:
        """How many superpixels there are, d."""
        return int(self.segments.max()) + 1

    def masked(self, Z: np.ndarray) -> np.ndarray:
        """The pictures that coalitions ``(n, d)`` stand for, ``(n, h, w, c)``, float32."""
        return masked(self.picture, self.segments, self._coalitions(Z), self.fill)

    def values(self, Z: np.ndarray) -> np.ndarray:
        """What the network says of each coalition, ``(n, d)`` to ``(n, outputs)``, float64.

        Raises:
            ValueError: coalitions of another number of players, none at all, or scores that are not
                one row of finite numbers for each picture.
        """
        coalitions = self._coalitions(Z)
        after_batch = self.progress if callable(self.progress) else None
        parts = []
        with tqdm(
            total=len(coalitions),
            desc="masked pictures",
            unit="picture",
            delay=2,
            leave=False,
            disable=self.progress is not True,
        ) as bar:
            for start in range(0, len(coalitions), self.batch):
                chosen = coalitions[start : start + self.batch]
                pictures = masked(self.picture, self.segments, chosen, self.fill)
                parts.append(_rows(self.scores(pictures), len(chosen)))
                bar.update(len(chosen))
                if after_batch is not None:
                    after_batch(len(chosen))
        return np.concatenate(parts)

    __call__ = values

    def _coalitions(self, Z: np.ndarray) -> np.ndarray:
        found = np.asarray(Z)
        if found.ndim != 2 or found.shape[1] != self.players or not len(found):
            raise ValueError(
                f"Expected coalitions of {self.players} superpixels, (n, {self.players}) with n of "
                f"1 or more. Received: shape {found.shape}."
            )
        return found.astype(bool)


def as_segments(segments: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Numbers of superpixels, checked: ``(h, w)``, every one of 0 to d - 1, int64.

    Raises:
        TypeError: no whole numbers. ValueError: another size, or a number left out.
    """
    found = np.asarray(segments)
    if found.dtype.kind not in "iu":
        raise TypeError(
            "Expected the number of each pixel's superpixel, whole numbers (h, w). Received: dtype "
            f"{found.dtype}."
        )
    if found.shape != tuple(size):
        raise ValueError(
            f"Expected segments of the picture's size, {tuple(size)}. Received: {found.shape}."
        )
    present = np.unique(found)
    if not np.array_equal(present, np.arange(len(present))):
        raise ValueError(
            f"Expected every number from 0 to d - 1. Received: {len(present)} different ones from "
            f"{present[0]} to {present[-1]}. superpixels.renumbered(segments) closes the gaps."
        )
    return found.astype(np.int64)


def _rows(scores: np.ndarray, count: int) -> np.ndarray:
    found = np.asarray(scores, np.float64)
    if found.ndim == 1:
        found = found[:, np.newaxis]
    if found.ndim != 2 or len(found) != count:
        raise ValueError(
            f"Expected scores (n, outputs) or (n,) for n = {count} pictures. Received: shape "
            f"{np.shape(scores)}."
        )
    if not np.isfinite(found).all():
        raise ValueError(
            "Expected finite scores. Received: NaN or infinity from the network, for a picture "
            "with superpixels hidden."
        )
    return found
