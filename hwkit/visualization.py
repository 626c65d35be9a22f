"""Pictures of attributions: masks on the image, signed heatmaps, overlays, and panels side by side.

Every picture of one figure shares its scale where that makes sense, and every panel has a title
that says what to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import Normalize
from skimage.filters import gaussian

from hwkit.explanation import ExplanationData
from hwkit.images.bounds import ImageBound, as_bound

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIGNED = "RdBu_r"  # red for, blue against: distinguishable with every common colour blindness
PANEL = 2.6  # inches
WIDEST = 10.4  # inches
Bound = ImageBound | str | tuple[float, float]


class Visualizer(Protocol):
    """Turns an explanation of one input into an RGB picture."""

    def visualize(self, explanation: ExplanationData, image_bound: Bound) -> np.ndarray:
        """RGB in [0, 1], ``(h, w, 3)``, of an explanation of one instance."""
        ...


def pixel_influence(attribution: np.ndarray, signed: bool = False) -> np.ndarray:
    """One number a pixel ``(..., h, w)``: attributions summed over the colours ``(..., h, w, 3)``.

    The size of the sum is returned, or with ``signed`` the sum itself.

    Raises:
        ValueError: not attributions of a picture.
    """
    attribution = np.asarray(attribution)
    if attribution.ndim not in (3, 4) or attribution.shape[-1] not in (1, 3, 4):
        raise ValueError(
            "Expected attributions of a picture, (h, w, 1 or 3). Received: shape "
            f"{attribution.shape}. A slice's channel can be projected to pixels: "
            "explanation.for_input().channel(layer, index)."
        )
    total = attribution.sum(axis=-1)
    return total if signed else np.abs(total)


def mask_of(
    attribution: np.ndarray, blur: float = 0.0, threshold: float = 0.0, percentile: float = 99.0
) -> np.ndarray:
    """A mask in [0, 1] from the attributions of one picture ``(h, w, colours)``: ``(h, w)``.

    Args:
        attribution: ``(h, w, colours)``.
        blur: standard deviation of a Gaussian blur, in pixels; 0 for none.
        threshold: what lies below this share of full strength becomes 0.
        percentile: the strength that counts as full, so that single bright pixels do not hide the
            rest.

    Raises:
        ValueError: blur below 0, threshold outside [0, 1) or percentile outside (0, 100].
    """
    if blur < 0 or not 0 <= threshold < 1 or not 0 < percentile <= 100:
        raise ValueError(
            "Expected blur >= 0, 0 <= threshold < 1 and 0 < percentile <= 100. "
            f"Received: blur={blur}, threshold={threshold}, percentile={percentile}."
        )
    strength = pixel_influence(attribution)
    if blur:
        strength = gaussian(strength, sigma=blur, preserve_range=True)
    full = np.percentile(strength, percentile) or strength.max()
    mask = np.clip(strength / full, 0, 1) if full > 0 else np.zeros_like(strength)
    return np.where(mask >= threshold, mask, 0.0)


class AttributionMask:
    """Lights every pixel of the image as strongly as it is attributed: what is dark did not matter.

    Args: see ``mask_of``.
    """

    def __init__(self, blur: float = 0.0, threshold: float = 0.0, percentile: float = 99.0) -> None:
        self.blur = blur
        self.threshold = threshold
        self.percentile = percentile

    def visualize(self, explanation: ExplanationData, image_bound: Bound = "caffe") -> np.ndarray:
        """The masked picture, RGB in [0, 1], ``(h, w, 3)``.

        Args:
            explanation: of one instance, in terms of the input.
            image_bound: what black and full colour are in the instance: "caffe" (VGG16 and the
                pocket network), "unit", "signed", "bytes", a pair ``(low, high)`` or an
                ``ImageBound``.

        Raises:
            ValueError: an explanation of a slice or of several instances.
        """
        mask = mask_of(
            _of_input(explanation).attribution, self.blur, self.threshold, self.percentile
        )
        return as_bound(image_bound).to_rgb(explanation.instance) * mask[..., np.newaxis]


class Overlay:
    """The image in grey with the attribution glowing on it: keeps the surroundings visible.

    Args: see ``mask_of``.
    """

    def __init__(
        self, blur: float = 2.0, threshold: float = 0.15, percentile: float = 99.5
    ) -> None:
        self.blur = blur
        self.threshold = threshold
        self.percentile = percentile

    def visualize(self, explanation: ExplanationData, image_bound: Bound = "caffe") -> np.ndarray:
        """RGB in [0, 1], ``(h, w, 3)``; see ``AttributionMask.visualize``."""
        mask = mask_of(
            _of_input(explanation).attribution, self.blur, self.threshold, self.percentile
        )
        grey = as_bound(image_bound).to_rgb(explanation.instance).mean(axis=-1, keepdims=True)
        glow = plt.get_cmap("inferno")(mask)[..., :3]
        strength = (0.8 * mask)[..., np.newaxis]
        return np.clip((1 - strength) * grey + strength * glow, 0, 1)


class SignedHeatmap:
    """Red where a pixel speaks for the quantity, blue where against.

    Args:
        limit: the attribution that counts as full colour; ``None`` for the 99.5th percentile of
            each picture.
        blur: as in ``mask_of``.
    """

    def __init__(self, limit: float | None = None, blur: float = 0.0) -> None:
        self.limit = limit
        self.blur = blur

    def visualize(self, explanation: ExplanationData, image_bound: Bound = "caffe") -> np.ndarray:
        """RGB in [0, 1], ``(h, w, 3)``; see ``AttributionMask.visualize``."""
        signed = pixel_influence(_of_input(explanation).attribution, signed=True)
        if self.blur:
            signed = gaussian(signed, sigma=self.blur, preserve_range=True)
        limit = self.limit or float(np.percentile(np.abs(signed), 99.5)) or 1.0
        return plt.get_cmap(SIGNED)(Normalize(-limit, limit)(signed))[..., :3]


class VisualizerTiler:
    """Shows several explanations side by side, each through the same visualizer."""

    def __init__(self, visualizer: Visualizer | None = None) -> None:
        self.visualizer = AttributionMask() if visualizer is None else visualizer

    def visualize(
        self,
        explanations: ExplanationData | Sequence[ExplanationData],
        image_bound: Bound = "caffe",
        shape: tuple[int, int] | None = None,
        titles: Sequence[str] | None = None,
        caption: str = "",
    ) -> Figure:
        """A figure with a panel for each explanation.

        Args:
            explanations: explanations of single instances, or one of several instances.
            image_bound: see ``AttributionMask.visualize``.
            shape: (rows, columns); ``None`` for rows of up to six.
            titles: one for each panel; ``None`` for what each explanation explains.
            caption: a title for the whole figure.
        """
        if isinstance(explanations, ExplanationData):
            several = not explanations.single
            explanations = list(explanations) if several else [explanations]
        pictures = [self.visualizer.visualize(each, image_bound) for each in explanations]
        return tile(pictures, titles or [each.quantity for each in explanations], shape, caption)


def tile(
    pictures: Sequence[np.ndarray],
    titles: Sequence[str],
    shape: tuple[int, int] | None = None,
    caption: str = "",
) -> Figure:
    """RGB pictures ``(h, w, 3)`` in a grid, each with its title.

    Pixels are shown as they are, never smoothed. A title alone in its row heads that row.

    Raises:
        ValueError: no picture, another number of titles, or a shape too small.
    """
    if not len(pictures) or len(pictures) != len(titles):
        raise ValueError(
            f"Expected a title for each picture. Received: {len(pictures)} and {len(titles)}."
        )
    columns = min(6, len(pictures)) if shape is None else shape[1]
    rows = -(-len(pictures) // columns) if shape is None else shape[0]
    if rows * columns < len(pictures):
        raise ValueError(
            f"Expected a shape with room for {len(pictures)} pictures. Received: shape={shape}."
        )
    figure, axes = panels(rows, columns, caption)
    for place, (axis, picture, title) in enumerate(zip(axes.flat, pictures, titles, strict=False)):
        start = place - place % columns
        heads_row = columns > 1 and not any(titles[start + 1 : start + columns])
        axis.imshow(np.clip(picture, 0, 1), interpolation="nearest")
        axis.set_title(title, fontsize=9, loc="left" if heads_row else "center")
    return figure


def panels(
    rows: int, columns: int, caption: str = "", panel: float = PANEL
) -> tuple[Figure, np.ndarray]:
    """A figure of empty panels ``(rows, columns)``, closed for pyplot so that it is shown once.

    Many columns make smaller panels at a higher resolution, so that titles stay readable on a page.
    """
    shrink = min(1.0, WIDEST / (panel * columns))
    panel = panel * shrink
    top = 0.35 if caption else 0
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(panel * columns, (panel + 0.3) * rows + top),
        squeeze=False,
        layout="constrained",
        dpi=plt.rcParams["figure.dpi"] / shrink,
    )
    for axis in axes.flat:
        axis.set_axis_off()
    if caption:
        figure.suptitle(caption, fontsize=11)
    plt.close(figure)
    return figure, axes


def show_heatmap(axis: Axes, attribution: np.ndarray, limit: float, title: str) -> None:
    """Draw a signed map ``(h, w)`` into a panel, with the scale that its limit sets."""
    image = axis.imshow(attribution, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    axis.set_title(title, fontsize=9)
    axis.figure.colorbar(image, ax=axis, shrink=0.8, label="attribution")


def _of_input(explanation: ExplanationData) -> ExplanationData:
    if not explanation.single:
        raise ValueError(
            f"Expected an explanation of one instance. Received: one of {len(explanation)}. "
            "Take one with explanation[i], or show all with VisualizerTiler."
        )
    if explanation.attribution.shape != explanation.instance.shape:
        raise ValueError(
            f"Expected an explanation in terms of the input, shape {explanation.instance.shape}. "
            f"Received: attributions of shape {explanation.attribution.shape} at "
            f"'{explanation.layer}'. Project a channel to pixels with "
            "explanation.for_input().channel(layer, index)."
        )
    return explanation
