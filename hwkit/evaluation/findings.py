"""What explanations find in the pocket world, held against the truth: evidence for the notebook.

    python -m hwkit.evaluation.findings --out docs/findings.md

measures both networks of the course, on 100 test pictures of each class.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm.auto import tqdm

from hwkit.attribution.aumann_shapley import AumannShapley, Baseline
from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.quadrature import RULES
from hwkit.evaluation.counterfactual import predictions_without
from hwkit.evaluation.regions import edge_strength, share_inside
from hwkit.evaluation.suspects import randomised
from hwkit.explanation import Explanation
from hwkit.images import splits
from hwkit.images.baselines import blurred
from hwkit.images.bounds import CAFFE
from hwkit.images.parts import CLASSES
from hwkit.images.scenes import Scene
from hwkit.projection import project
from hwkit.ranking import top_neurons
from hwkit.visualization import pixel_influence

if TYPE_CHECKING:
    import keras

LAYER = "conv4_1"
TELLING = ("roof", "window", "spoiler")
REMOVED = ("roof", "spoiler")


@dataclass(frozen=True)
class Drawn:
    """Scenes of the test split with what they look like to the network."""

    scenes: list[Scene]

    @property
    def instances(self) -> np.ndarray:
        """``(n, h, w, 3)`` as the network takes them."""
        return CAFFE.from_rgb(np.stack([scene.image for scene in self.scenes]))

    @property
    def objects(self) -> np.ndarray:
        """Masks of the objects, ``(n, h, w)`` bool."""
        return np.stack([scene.object_mask for scene in self.scenes])

    def masks(self, parts: Sequence[str]) -> np.ndarray:
        """Masks of the named parts together, ``(n, h, w)`` bool."""
        return np.stack([scene.mask(*parts) for scene in self.scenes])


def shares_inside(model: keras.Model, per_class: int, points: int = 20) -> dict[str, float]:
    """Mean share inside the object: |IG|, area, Sobel's edges, and an untrained network's |IG|."""
    trained, untrained = Explanation(model), Explanation(randomised(model))
    settings: dict[str, tuple[Explanation, Baseline]] = {
        "IG, black baseline": (trained, CAFFE.black((1, 1, 3))),
        "IG, blurred baseline": (trained, blurred),
        "IG, blurred baseline, untrained network": (untrained, blurred),
    }
    method = AumannShapley(points, "midpoint", progress=False)
    shares: dict[str, list[float]] = {}
    for c, name in enumerate(tqdm(CLASSES, desc="shares inside the object", unit="class")):
        drawn = Drawn(splits.scenes("test", name, per_class=per_class))
        instances, inside = drawn.instances, drawn.objects
        shares.setdefault("area", []).append(float(inside.mean()))
        edges = edge_strength(CAFFE.to_rgb(instances))
        shares.setdefault("Sobel filter", []).append(float(np.mean(share_inside(edges, inside))))
        for key, (explanation, baseline) in settings.items():
            question = explanation.with_method(method).for_input().absolute(c)
            strength = pixel_influence(question.explain(instances, False, baseline).attribution)
            shares.setdefault(key, []).append(float(np.mean(share_inside(strength, inside))))
    return {key: float(np.mean(values)) for key, values in shares.items()}


def neuron_overlap(model: keras.Model, per_class: int, k: int = 10) -> dict[str, float]:
    """How many of the top-k neurons two halves of a class share, and two different classes.

    Neurons are ranked by attribution, as the notebook does, and by influence alone.
    """
    explanation = Explanation(model, AumannShapley(30, "midpoint", progress=False))
    tops: dict[str, list[list[set[int]]]] = {"": [], ", by influence alone": []}
    for c, name in enumerate(tqdm(CLASSES, desc="neurons of the classes", unit="class")):
        instances = Drawn(splits.scenes("test", name, per_class=per_class)).instances
        question = explanation.for_layer(LAYER).absolute(c)
        for (_, found), ignore_difference_term in zip(tops.items(), (False, True), strict=True):
            maps = question.explain(instances, ignore_difference_term).attribution
            found.append([set(top_neurons(maps[half::2], k).tolist()) for half in (0, 1)])
    overlaps: dict[str, float] = {}
    for how, found in tops.items():
        same = [len(first & second) / k for first, second in found]
        different = [
            len(one[0] & other[1]) / k for one in found for other in found if one is not other
        ]
        overlaps |= {
            f"same class, two halves: mean{how}": float(np.mean(same)),
            f"same class, two halves: lowest{how}": float(np.min(same)),
            f"different classes: mean{how}": float(np.mean(different)),
            f"different classes: highest{how}": float(np.max(different)),
        }
    return overlaps


def comparative_parts(model: keras.Model, images: int) -> dict[str, float]:
    """Share of roof, windows and spoiler in a sports car's attribution, for both questions.

    In pixels, and for the top neuron of the class projected to pixels where it matters.
    """
    drawn = Drawn(splits.scenes("test", "sports car", per_class=images))
    instances, car, telling = drawn.instances, drawn.objects, drawn.masks(TELLING)
    c1, c2 = CLASSES.index("sports car"), CLASSES.index("convertible")
    explanation = Explanation(model, AumannShapley(50, "midpoint", progress=False))
    pixels, at_slice = explanation.for_input(), explanation.for_layer(LAYER)
    questions = {
        "absolute": (pixels.absolute(c1), at_slice.absolute(c1)),
        "comparative": (pixels.comparative(c1, c2), at_slice.comparative(c1, c2)),
    }
    result = {"share of the car's area": float(np.mean(_share(np.ones(car.shape), telling, car)))}
    neuron_shares = {}
    for name, (in_pixels, in_neurons) in questions.items():
        strength = pixel_influence(in_pixels.explain(instances, False, blurred).attribution)
        result[f"share in pixels, {name}"] = float(np.mean(_share(strength, telling, car)))
        maps = in_neurons.explain(instances, False).attribution
        neuron = int(top_neurons(maps, 1)[0])
        seen = [
            _projection(explanation, neuron, instance, focus)
            for instance, focus in zip(instances, np.maximum(maps[..., neuron], 0), strict=True)
        ]
        neuron_shares[name] = np.asarray(_share(np.stack(seen), telling, car))
        result[f"top neuron, {name}"] = neuron
        result[f"share of the top neuron, {name}"] = float(np.mean(neuron_shares[name]))
    result["ratio in pixels"] = (
        result["share in pixels, comparative"] / result["share in pixels, absolute"]
    )
    times = neuron_shares["comparative"] / neuron_shares["absolute"]
    result["images whose top neuron holds a larger share"] = float(np.mean(times > 1))
    result["images whose top neuron holds 1.7 times the share"] = float(np.mean(times >= 1.7))
    return result


def _share(strength: np.ndarray, parts: np.ndarray, whole: np.ndarray) -> np.ndarray | float:
    return share_inside(strength, parts & whole) / share_inside(strength, whole)


def _projection(
    explanation: Explanation, neuron: int, instance: np.ndarray, focus: np.ndarray
) -> np.ndarray:
    return pixel_influence(project(explanation, LAYER, neuron, instance, focus).attribution)


def without_roof(model: keras.Model, images: int) -> dict[str, float]:
    """What sports cars are called when they are drawn without roof and spoiler."""
    scenes = splits.scenes("test", "sports car", per_class=images)
    before, after = (
        logits.argmax(axis=1) for logits in predictions_without(model, scenes, REMOVED, CAFFE)
    )
    return {
        "sports car as drawn": float(np.mean(before == CLASSES.index("sports car"))),
        "convertible without roof and spoiler": float(
            np.mean(after == CLASSES.index("convertible"))
        ),
    }


def rule_errors(model: keras.Model, images: int = 6, points: int = 50) -> dict[str, float]:
    """Mean relative L1 error of each rule against 4,096 points, at the slice and in pixels."""
    scenes = [splits.scenes("test", name, per_class=1)[0] for name in CLASSES[:images]]
    instances = Drawn(scenes).instances
    errors = {}
    for place, baseline in {LAYER: None, "pixels": CAFFE.black(instances.shape[1:])}.items():
        true = _attributions(model, instances, place, baseline, "midpoint", 4096)
        for rule in RULES:
            found = _attributions(model, instances, place, baseline, rule, points)
            errors[f"{place}, {rule}"] = float(np.mean(relative_l1(found - true, true)))
    return errors


def _attributions(
    model: keras.Model,
    instances: np.ndarray,
    place: str,
    baseline: Baseline,
    rule: str,
    points: int,
) -> np.ndarray:
    """Attributions of every instance for the class of its place in the list."""
    explanation = Explanation(model, AumannShapley(points, rule, progress=False))
    layer = explanation.for_input() if place == "pixels" else explanation.for_layer(place)
    return np.stack(
        [layer.absolute(c).explain(x, False, baseline).attribution for c, x in enumerate(instances)]
    )


def measure(network: str, per_class: int) -> dict[str, dict[str, float]]:
    """All findings of one network by their heading."""
    from hwkit import networks

    model = networks.load(network)
    return {
        "Share of the attribution inside the object": shares_inside(model, per_class),
        "Overlap of the ten most influential neurons of conv4_1": neuron_overlap(model, per_class),
        "Roof, windows and spoiler": comparative_parts(model, per_class),
        "Sports cars without roof and spoiler": without_roof(model, per_class),
        "Relative L1 error with 50 points": rule_errors(model),
    }


def page(measured: dict[str, dict[str, dict[str, float]]], per_class: int) -> str:
    """The findings of several networks side by side, as a page of Markdown."""
    first = next(iter(measured.values()))
    lines = [
        "# What the explanations find, and whether it is true",
        "",
        f"Measured on the test split of the pocket world, {per_class} pictures of each class, by",
        "`python -m hwkit.evaluation.findings --out docs/findings.md`. The second network was",
        "trained from another seed: what holds for both is not one network's luck.",
    ]
    for heading, rows in first.items():
        lines += [
            "",
            f"## {heading}",
            "",
            f"| | {' | '.join(measured)} |",
            "|---|" + "---|" * len(measured),
        ]
        for name in rows:
            numbers = " | ".join(f"{found[heading][name]:.3g}" for found in measured.values())
            lines.append(f"| {name} | {numbers} |")
    return "\n".join([*lines, ""])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure networks and print their findings, or write them as a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("networks", nargs="*", default=["pocket", "pocket-second"])
    parser.add_argument("--per-class", type=int, default=100, help="test pictures of each class")
    parser.add_argument("--out", type=Path, help="file to write; printed, where none is given")
    options = parser.parse_args(arguments)
    measured = {name: measure(name, options.per_class) for name in options.networks}
    text = page(measured, options.per_class)
    if options.out is None:
        print(text)
    else:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
