"""What a surrogate says of a picture: a weight for each superpixel and label."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hwkit.images.bounds import ImageBound

Label = int | str


@dataclass(frozen=True)
class ImageExplanation:
    """How much each superpixel speaks for each label.

    Attributes:
        picture: what was explained, ``(h, w, c)``, as the network takes it.
        segments: the number of each pixel's superpixel, ``(h, w)``, 0 to d - 1.
        labels: classes, or the name of a quantity; those of highest score first, where they were
            not named.
        values: weights ``(d, labels)``, float64; of LIME those of superpixels that were not chosen
            are 0.
        fit: what else the method found (for LIME see ``LimeFit``).
        image_bound: what black and full colour are in the picture; ``None``: not known, so that it
            cannot be shown.
    """

    picture: np.ndarray
    segments: np.ndarray
    labels: tuple[Label, ...]
    values: np.ndarray
    fit: Any = field(repr=False)
    image_bound: ImageBound | None

    def weights(self, label: Label | None = None) -> np.ndarray:
        """The weight of each superpixel ``(d,)`` for a label; ``None`` for the first.

        Raises:
            ValueError: a label that was not explained.
        """
        return self.values[:, self._place(label)]

    def density(self, label: Label | None = None) -> np.ndarray:
        """Every superpixel's weight, spread evenly over its pixels and channels: ``(h, w, c)``.

        The sum of the map is the sum of the weights.
        """
        return density(self.weights(label), self.segments, self.picture.shape[-1])

    def ranked(self, label: Label | None = None) -> list[tuple[int, float]]:
        """Superpixels and their weights, the largest in size first, without those of weight 0."""
        weights = self.weights(label)
        order = np.argsort(-np.abs(weights), kind="stable")
        return [(int(number), float(weights[number])) for number in order if weights[number]]

    def image_and_mask(
        self,
        label: Label | None = None,
        positive_only: bool = True,
        negative_only: bool = False,
        hide_rest: bool = False,
        num_features: int = 5,
        min_weight: float = 0.0,
    ) -> tuple[np.ndarray, np.ndarray]:
        """The picture with its most important superpixels, and which these are.

        With the meaning that lime's ``get_image_and_mask`` has: of superpixels of one sign, the
        ``num_features`` largest above ``min_weight``. Of both signs, the ``num_features`` largest,
        of which those below ``min_weight`` are then left out; the rest is painted, green for
        and red against the label.

        Args:
            label: ``None`` for the first.
            positive_only: only superpixels that speak for the label.
            negative_only: only those that speak against it; needs ``positive_only=False``.
            hide_rest: show nothing (black) but these superpixels.
            num_features: how many superpixels at most.
            min_weight: how large a weight must be in size.

        Returns:
            The picture as RGB in [0, 1], ``(h, w, 3)``, and the mask ``(h, w)``: 1 where
            superpixels speak for the label (or are of the one sign asked for), -1 where against it,
            else 0.

        Raises:
            ValueError: both signs only, ``num_features`` below 1, ``min_weight`` below 0, or a
                label that was not explained.
        """
        if positive_only and negative_only:
            raise ValueError(
                "Expected positive_only or negative_only. Received: both, and no weight has both "
                "signs. For what speaks against the label say positive_only=False as well."
            )
        if num_features < 1 or not min_weight >= 0:
            raise ValueError(
                "Expected num_features of 1 or more, and min_weight of 0 or more. Received: "
                f"num_features={num_features}, min_weight={min_weight}."
            )
        ranked = self.ranked(label)
        if positive_only or negative_only:
            sign = 1 if positive_only else -1
            ranked = [(number, w) for number, w in ranked if sign * w > min_weight]
        chosen = [(n, w) for n, w in ranked[:num_features] if abs(w) >= min_weight]
        rgb = self.rgb()
        picture = np.zeros_like(rgb) if hide_rest else rgb.copy()
        mask = np.zeros(self.segments.shape, int)
        for number, weight in chosen:
            inside = self.segments == number
            picture[inside] = rgb[inside]
            mask[inside] = 1
            if not (positive_only or negative_only):
                mask[inside] = np.sign(weight)
                picture[inside, 1 if weight > 0 else 0] = rgb.max()
        return picture, mask

    def rgb(self) -> np.ndarray:
        """The picture as RGB in [0, 1], ``(h, w, 3)``; a grey one in three equal channels.

        Raises:
            ValueError: the image bound is not known.
        """
        if self.image_bound is None:
            raise ValueError(
                "Expected image_bound, to show the picture in its colours. Received: none. Give "
                "the method one: image_bound='caffe' (VGG16 and the pocket network), 'signed', "
                "'bytes' or (low, high)."
            )
        colours = self.image_bound.to_rgb(self.picture)
        return np.broadcast_to(colours, (*colours.shape[:2], 3)).copy()

    def _place(self, label: Label | None) -> int:
        if label is None:
            return 0
        if label not in self.labels:
            raise ValueError(
                f"Expected a label that was explained: {', '.join(map(str, self.labels))}. "
                f"Received: {label}. Name it in explain_image(..., labels=...)."
            )
        return self.labels.index(label)


def density(weights: np.ndarray, segments: np.ndarray, channels: int) -> np.ndarray:
    """Weights ``(d,)`` spread evenly over pixels and channels, ``(h, w, channels)``, float64."""
    each = weights / (np.bincount(segments.ravel(), minlength=len(weights)) * channels)
    return np.repeat(each[segments][..., np.newaxis], channels, axis=-1)
