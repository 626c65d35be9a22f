"""How much of a network's accuracy stays with the pixels that each method calls important.

LIME, KernelSHAP and LRP explain what a network says of test pictures; beside them stand two
rankings that know no network, random pixels and what anyone sees at once (ink, or edges). Then only
a fraction of each picture is kept, under several fills.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm.auto import tqdm

from hwkit.attribution.kernel_shap import KernelSHAP
from hwkit.attribution.lime import LIME
from hwkit.attribution.masking import Fill as Hiding
from hwkit.attribution.superpixels import Segmentation
from hwkit.attribution.surrogate import SurrogateMethod
from hwkit.evaluation.fills import Fill, blurred, mean_colour, noise, other_pictures
from hwkit.evaluation.intervals import Interval, bootstrap, paired_difference, wilson
from hwkit.evaluation.relevance_maps import relevance_maps
from hwkit.evaluation.removal import random_maps, removal_curve
from hwkit.images.bounds import ImageBound

if TYPE_CHECKING:
    import keras

FRACTIONS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)
RANDOM = "random"
_AT_ONCE = 50  # pictures whose maps are kept in one file


@dataclass(frozen=True, eq=False)
class Subject:
    """A network and the pictures that it is asked about.

    Attributes:
        name: for files and tables.
        predict: from pictures ``(n, h, w, c)`` to what is explained, ``(n, classes)``.
        model: the network that LRP looks into.
        pictures: as the network takes them ``(n, h, w, c)``.
        labels: the true classes ``(n,)``.
        segments: superpixels of LIME and KernelSHAP.
        hiding: what stands for a hidden superpixel while explaining.
        bound: how the network takes pictures; its lower end is "nothing there" of the fills.
        seen: the name of what anyone sees at once, and its maps ``(n, h, w)`` of pictures.
    """

    name: str
    predict: Callable[[np.ndarray], np.ndarray]
    model: keras.Model
    pictures: np.ndarray
    labels: np.ndarray
    segments: Segmentation
    hiding: Hiding
    bound: ImageBound
    seen: tuple[str, Callable[[np.ndarray], np.ndarray]]

    def maps(self, samples: int, folder: Path) -> dict[str, np.ndarray]:
        """How important each pixel is ``(n, h, w)``, by method; kept in the folder, and resumed.

        Args:
            samples: masked pictures of LIME and KernelSHAP for each picture.
            folder: for the maps.
        """
        name, maps_of = self.seen
        settings: dict[str, Any] = {
            "fill": self.hiding,
            "samples": samples,
            "image_bound": self.bound,
            "progress": False,
        }
        methods = {
            "LIME": LIME(self.segments, **settings),
            "KernelSHAP": KernelSHAP(self.segments, **settings),
        }
        found = {
            title: self._asked(title, method, folder / f"{self.name}-{title}-{samples}")
            for title, method in methods.items()
        }
        return {
            **found,
            "LRP": relevance_maps(self.model, self.pictures),
            name: maps_of(self.pictures),
            RANDOM: random_maps(self.pictures),
        }

    def fills(self) -> dict[str, Fill]:
        """What stands where pixels go, by name."""
        low, high = np.asarray(self.bound.low), np.asarray(self.bound.high)
        return {
            "nothing": low,
            "the picture's mean": mean_colour,
            "noise": noise(low, high),
            "a blur": blurred,
            "another picture": other_pictures(),
        }

    def _asked(self, title: str, method: SurrogateMethod, place: Path) -> np.ndarray:
        """Maps of the predicted classes, a file for every few pictures."""
        place.mkdir(parents=True, exist_ok=True)
        said = np.asarray(self.predict(self.pictures)).argmax(axis=1)
        parts = []
        with tqdm(total=len(said), desc=f"{self.name}: {title}", unit="picture") as bar:
            for start in range(0, len(said), _AT_ONCE):
                chosen = slice(start, start + _AT_ONCE)
                file = place / f"{start}-{len(said[chosen])}.npy"
                if not file.exists():
                    found = np.stack(
                        [
                            method.explain_image(self.predict, x, (int(c),)).density().sum(axis=-1)
                            for x, c in zip(self.pictures[chosen], said[chosen], strict=True)
                        ]
                    )
                    part = file.with_suffix(".part")
                    with part.open("wb") as opened:
                        np.save(opened, found.astype(np.float32))
                    part.replace(file)
                parts.append(np.load(file))
                bar.update(len(parts[-1]))
        return np.concatenate(parts)


def measure(subject: Subject, maps: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Accuracies with each fraction kept, by fill and method, with 95% intervals; as plain numbers.

    The area is that under the accuracy over the fractions, and its gain that over random pixels.
    """
    found: dict[str, Any] = {}
    for fill, values in subject.fills().items():
        curves = {
            method: removal_curve(
                subject.predict, subject.pictures, subject.labels, each, FRACTIONS, values
            )
            for method, each in maps.items()
        }
        chance = curves[RANDOM].areas
        found[fill] = {
            method: {
                "accuracy": [_plain(each) for each in curve.intervals()],
                "area": _plain(bootstrap(curve.areas)),
                "gain": _plain(paired_difference(curve.areas, chance)),
            }
            for method, curve in curves.items()
        }
    hits = np.asarray(subject.predict(subject.pictures)).argmax(axis=1) == subject.labels
    return {
        "pictures": len(subject.labels),
        "accuracy": _plain(wilson(hits)),
        "fractions": list(FRACTIONS),
        "kept": found,
    }


def _plain(interval: Interval) -> list[float]:
    return [interval.estimate, interval.low, interval.high]
