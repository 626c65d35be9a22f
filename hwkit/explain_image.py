"""Explain one picture in one figure: what in it speaks for a class, and which neurons see that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.explanation import Explanation, ExplanationForLayer, ExplanationForQuantity
from hwkit.images.baselines import blurred
from hwkit.images.bounds import ImageBound
from hwkit.network import find_layer, in_batches, linear_output
from hwkit.projection import project
from hwkit.ranking import neuron_influence, top_neurons
from hwkit.visualization import AttributionMask, Overlay, panels

if TYPE_CHECKING:
    import keras
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def explain_image(
    image: np.ndarray,
    model: keras.Model,
    bound: ImageBound,
    classes: Sequence[str],
    class_name: str,
    versus: str | None = None,
    layer: str | int = "conv4_1",
    top: int = 3,
    resolution: int = 50,
) -> Figure:
    """The picture, what the network says, integrated gradients, and the top neurons in pixels.

    Args:
        image: uint8 RGB ``(h, w, 3)`` of the network's size.
        model: a Keras model; a softmax at its end is replaced by its logits.
        bound: how the network takes pictures.
        classes: names of the classes, in the order of the output.
        class_name: the class to explain.
        versus: explain what speaks for ``class_name`` rather than for this one.
        layer: the slice whose channels are ranked by the maximum of their influence.
        top: how many of them are shown.
        resolution: points on the path (midpoint rule), from the blurred picture for pixels and from
            zero for the slice.
    """
    name = find_layer(model, layer).name
    instance = bound.from_rgb(image)
    explanation = Explanation(model, AumannShapley(resolution, "midpoint"))
    maps = _ask(explanation.for_layer(name), classes, class_name, versus).explain(instance, False)
    neurons = top_neurons(maps.attribution, top)
    strengths = neuron_influence(maps.attribution)

    question = class_name if versus is None else f"{class_name} rather than {versus}"
    figure, axes = panels(2, max(3, top), f"What speaks for {question}?")
    pixels = _ask(explanation.for_input(), classes, class_name, versus).explain(
        instance, False, blurred
    )
    axes[0, 0].imshow(image, interpolation="nearest")
    axes[0, 0].set_title("the picture", fontsize=9)
    _scores(
        axes[0, 1],
        model,
        instance,
        classes,
        [class_name] if versus is None else [class_name, versus],
    )
    axes[0, 2].imshow(Overlay().visualize(pixels, bound), interpolation="nearest")
    axes[0, 2].set_title("pixels: integrated gradients", fontsize=9)
    for axis, neuron in zip(axes[1], neurons, strict=False):
        focus = np.maximum(maps.attribution[..., neuron], 0)  # what it sees where it matters
        seen = project(explanation, name, neuron, instance, focus)
        axis.imshow(AttributionMask(blur=1).visualize(seen, bound), interpolation="nearest")
        axis.set_title(f"{name} neuron {neuron}\ninfluence {strengths[neuron]:+.3g}", fontsize=9)
    return figure


def _ask(
    layer: ExplanationForLayer, classes: Sequence[str], class_name: str, versus: str | None
) -> ExplanationForQuantity:
    index = list(classes).index(class_name)
    return (
        layer.absolute(index)
        if versus is None
        else layer.comparative(index, list(classes).index(versus))
    )


def _scores(
    axis: Axes,
    model: keras.Model,
    instance: np.ndarray,
    classes: Sequence[str],
    asked: Sequence[str],
) -> None:
    """The five highest logits as bars, and those of the classes asked about, which are darker."""
    import keras

    logits = in_batches(keras.Model(model.inputs, linear_output(model)), instance[np.newaxis])[0]
    order = [int(index) for index in np.argsort(-logits)[:5]]
    order += [
        index for index in (list(classes).index(name) for name in asked) if index not in order
    ]
    names = [classes[index] for index in order]
    axis.set_axis_on()
    axis.barh(
        names, logits[order], color=["#0072B2" if name in asked else "#BBBBBB" for name in names]
    )
    axis.invert_yaxis()
    axis.tick_params(labelsize=7)
    axis.set_xlabel("logit", fontsize=8)
    axis.set_title("what the network says", fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)
