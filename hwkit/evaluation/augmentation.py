"""Training with pictures of which only the important pixels stay: does the network get better?

Each time a picture is drawn, by chance it comes whole, or only with the pixels that an explanation
of an earlier network calls important, and noise or another picture elsewhere. The new network
starts from random weights and takes as many steps as one without such pictures, so that nothing but
the pictures differs. The control that decides is a third network, trained with as many pixels
kept at *random*: what that gains as well is noise's doing, not the explanation's.

    python -m hwkit.evaluation.augmentation --data mnist --examples 2000
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from tqdm.auto import tqdm

from hwkit.evaluation.fills import derangement
from hwkit.evaluation.intervals import Interval, of_runs
from hwkit.evaluation.keeping import keep, random_maps
from hwkit.evaluation.retraining import finished, hits_of, run_folder
from hwkit.images.digits import HIGH, LOW, SETS, Digits, load_digits
from hwkit.networks.recipes import SHIPPED, SmallRecipe
from hwkit.networks.small_training import SmallTraining

if TYPE_CHECKING:
    import keras

Explain = Callable[["keras.Model", np.ndarray], np.ndarray]
RECIPE = replace(SHIPPED["digits-lenet"], epochs=30)
SEEDS = (1, 2, 3, 4, 5)
PLAIN = "without"


@dataclass(frozen=True)
class Augmentation:
    """How a picture is changed.

    Attributes:
        rest: what stands where pixels go: "noise" (uniform between paper and ink, anew each time)
            or "others" (another picture of the batch).
        fraction: of the pixels that stay.
        share: of the pictures of a batch that are changed, on average.
    """

    rest: Literal["noise", "others"]
    fraction: float = 0.3
    share: float = 0.5

    def __post_init__(self) -> None:
        if self.rest not in ("noise", "others"):
            raise ValueError(f"Expected the rest 'noise' or 'others'. Received: {self.rest!r}.")
        if not (0 <= self.fraction <= 1 and 0 <= self.share <= 1):
            raise ValueError(
                "Expected a fraction and a share from 0 to 1. Received: "
                f"fraction={self.fraction}, share={self.share}."
            )

    def changed(
        self, pictures: np.ndarray, maps: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """A batch ``(n, h, w, c)`` in which some pictures keep their important pixels only."""
        mine = rng.random(len(pictures)) < self.share
        if self.rest == "noise":
            rest = rng.uniform(LOW, HIGH, pictures.shape).astype(np.float32)
        else:
            rest = pictures[derangement(len(pictures), rng)]
        kept = keep(pictures, maps, self.fraction, rest)
        return np.where(mine[:, np.newaxis, np.newaxis, np.newaxis], kept, pictures)


class AugmentedTraining(SmallTraining):
    """A small network under training with changed pictures among the others.

    The pictures come in the same order as without, and the recipe's shifts and turns come after.
    """

    def __init__(
        self, recipe: SmallRecipe, maps: np.ndarray, augmentation: Augmentation, folder: Path
    ) -> None:
        """Begin, or continue; see ``SmallTraining``.

        Args:
            recipe: what decides the weights, but for the changed pictures.
            maps: how important the pixels of the training pictures are ``(n, h, w)``.
            augmentation: how pictures are changed.
            folder: holds the checkpoint.
        """
        super().__init__(recipe, len(maps), folder)
        self._maps, self._augmentation = maps, augmentation

    def _batches(
        self, examples: np.ndarray, labels: np.ndarray, rng: np.random.Generator
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for chosen in self._order(len(examples), rng):
            changed = self._augmentation.changed(examples[chosen], self._maps[chosen], rng)
            yield changed, labels[chosen]


@dataclass(frozen=True, eq=False)
class Trials:
    """Networks that differ by the pictures they were trained with, over several seeds.

    Attributes:
        hits: by the kind of training, of each network for each test picture, bool ``(seeds, n)``.
            "without" saw unchanged pictures; the others are "noise", "noise, random pixels",
            "others", "others, random pixels".
    """

    hits: Mapping[str, np.ndarray]

    def accuracies(self, kind: str) -> np.ndarray:
        """Of each seed ``(seeds,)``."""
        return self.hits[kind].mean(axis=1)

    def gain(self, kind: str, over: str = PLAIN, level: float = 0.95) -> Interval:
        """How much more accurate one kind is than another, seed by seed."""
        return of_runs(self.accuracies(kind) - self.accuracies(over), level)


def trials(
    digits: Digits,
    explain: Explain,
    folder: str | Path,
    *,
    augmentations: Sequence[Augmentation] = (Augmentation("noise"), Augmentation("others")),
    recipe: SmallRecipe = RECIPE,
    seeds: Sequence[int] = SEEDS,
    progress: bool = True,
) -> Trials:
    """Train with and without changed pictures, and with the random control, for each seed.

    The network without gives the maps of the seed. A killed call continues where it was.

    Args:
        digits: the pictures.
        explain: ``explain(model, pictures)`` gives maps ``(n, h, w)``.
        folder: for the checkpoints.
        augmentations: each with another ``rest``.
        recipe: of every network; its seed and its data do not count.
        seeds: of the trials: initial weights, order, noise and the random control all follow it.
        progress: show a bar.

    Raises:
        ValueError: fewer pictures than a batch; maps of another shape; augmentations alike.
    """
    if len({each.rest for each in augmentations}) < len(augmentations):
        raise ValueError(f"Expected augmentations with different rests. Received: {augmentations}.")
    x_train, y_train = digits.x_train, digits.y_train
    found: dict[str, list[np.ndarray]] = {}

    def record(kind: str, trainer: SmallTraining) -> keras.Model:
        model = finished(trainer, x_train, y_train)
        found.setdefault(kind, []).append(hits_of(model, digits.x_test, digits.y_test))
        bar.update()
        return model

    count = len(seeds) * (1 + 2 * len(augmentations))
    with tqdm(total=count, desc="networks", disable=not progress) as bar:
        for seed in seeds:
            own = replace(recipe, seed=seed)
            place = run_folder(Path(folder), own, x_train, y_train)
            plain = record(PLAIN, SmallTraining(own, len(x_train), place))
            rankings = {"": explain(plain, x_train), ", random pixels": random_maps(x_train, seed)}
            for augmentation in augmentations:
                for suffix, maps in rankings.items():
                    place = run_folder(Path(folder), own, x_train, y_train, maps, augmentation)
                    trainer = AugmentedTraining(own, maps, augmentation, place)
                    record(augmentation.rest + suffix, trainer)
    return Trials({kind: np.stack(rows) for kind, rows in found.items()})


def table(found: Trials) -> list[str]:
    """Test accuracies and gains in percent as lines of Markdown, a row for each kind."""
    lines = [
        "| trained with | test accuracy, mean ± spread over seeds | gain over without | gain over "
        "random pixels |",
        "|---|---|---|---|",
    ]
    for kind in found.hits:
        accuracies = found.accuracies(kind) * 100
        cells = [f"{accuracies.mean():.2f} ± {accuracies.std(ddof=1):.2f}"]
        for over in (PLAIN, f"{kind}, random pixels"):
            other = over in found.hits and over != kind
            cells.append(_told(found.gain(kind, over)) if other else "")
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return lines


def _told(gain: Interval) -> str:
    points = gain * 100
    return f"{points.estimate:+.2f} ({points.low:+.2f} to {points.high:+.2f})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with LRP's maps and print a table."""
    from hwkit.evaluation.relevance_maps import relevance_maps

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", choices=SETS, default="bundled")
    parser.add_argument("--examples", type=int, help="of the training set, so many drawn at random")
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    parser.add_argument(
        "--still", action="store_true", help="pictures are neither moved, turned nor stretched"
    )
    parser.add_argument("--folder", type=Path, default=Path(".cache/augmentation"))
    options = parser.parse_args(arguments)
    digits = _some(load_digits(options.data), options.examples)
    recipe = replace(RECIPE, epochs=options.epochs)
    if options.still:
        recipe = replace(recipe, shift=0.0, turn=0.0, stretch=0.0)
    found = trials(
        digits,
        relevance_maps,
        options.folder,
        recipe=recipe,
        seeds=range(1, options.seeds + 1),
    )
    print("\n".join(table(found)))


def _some(digits: Digits, examples: int | None) -> Digits:
    """So many of the training pictures, always the same; files may hold them class by class."""
    if examples is None:
        return digits
    chosen = np.random.default_rng(0).permutation(len(digits.y_train))[:examples]
    return replace(digits, x_train=digits.x_train[chosen], y_train=digits.y_train[chosen])


if __name__ == "__main__":
    main()
