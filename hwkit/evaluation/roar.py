"""Remove and retrain: does a network that never saw the important pixels miss them?

A network that is asked about pictures full of holes may fail because of the holes. Hooker et al.
(2019, "A benchmark for interpretability methods in deep neural networks") therefore take the pixels
from the training and the test pictures alike and train afresh: what accuracy is lost then was lost
with the pixels. The less is left, the better the ranking was; again only beside a random one.

    python -m hwkit.evaluation.roar --folder .cache/roar
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from hwkit.evaluation.intervals import Interval, of_runs
from hwkit.evaluation.keeping import keep, random_maps, remove
from hwkit.evaluation.retraining import finished, hits_of, run_folder
from hwkit.images.digits import Digits
from hwkit.networks.recipes import SHIPPED, SmallRecipe

RECIPE = replace(SHIPPED["digits-lenet"], epochs=30)
"""The shipped network's, but shorter: it is trained many times."""
SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, eq=False)
class RetrainedCurve:
    """What networks learn from pictures that lack a fraction of their pixels.

    Attributes:
        fractions: of the pixels that were removed (or kept), ascending ``(m,)``.
        hits: of each network for each test picture, bool ``(m, seeds, n)``.
        keeping: whether the important pixels stayed (or went).
    """

    fractions: np.ndarray
    hits: np.ndarray
    keeping: bool

    @property
    def accuracies(self) -> np.ndarray:
        """Of each network ``(m, seeds)``."""
        return self.hits.mean(axis=2)

    def intervals(self, level: float = 0.95) -> list[Interval]:
        """The mean accuracy at each fraction, and how sure the seeds make one of it."""
        return [of_runs(row, level) for row in self.accuracies]


def remove_and_retrain(
    digits: Digits,
    maps: tuple[np.ndarray, np.ndarray],
    fractions: Sequence[float],
    folder: str | Path,
    *,
    recipe: SmallRecipe = RECIPE,
    seeds: Sequence[int] = SEEDS,
    keeping: bool = False,
    progress: bool = True,
) -> RetrainedCurve:
    """Train on pictures without their most important pixels, and test on such pictures.

    The pixels become the training pictures' mean colour. A killed call continues where it was, and
    what is in the folder already is not trained again.

    Args:
        digits: the pictures.
        maps: how important each pixel is, of the training ``(n, h, w)`` and of the test pictures.
            They should explain the class that a network *predicts*: a map of the true class tells
            the new network, by the shape of what is missing, what it is to find out.
        fractions: of the pixels, from 0 to 1, ascending.
        folder: for the checkpoints.
        recipe: how each network is trained; its seed and its data do not count.
        seeds: one network each.
        keeping: keep these pixels and remove all others (Hooker et al.'s KAR).
        progress: show a bar.

    Raises:
        ValueError: as ``keeping.important``; no fraction or no seed; fewer pictures than a batch.
    """
    from hwkit.networks.small_training import SmallTraining

    if not len(fractions) or not len(seeds) or not (np.diff(fractions) > 0).all():
        raise ValueError(
            "Expected ascending fractions and seeds, one or more of each. Received: "
            f"{fractions} and {seeds}."
        )
    fill = digits.x_train.mean(axis=(0, 1, 2), dtype=np.float64)
    change = keep if keeping else remove
    hits = np.zeros((len(fractions), len(seeds), len(digits.y_test)), bool)
    with tqdm(total=hits[..., 0].size, desc="networks", disable=not progress) as bar:
        for place, fraction in enumerate(fractions):
            train = change(digits.x_train, maps[0], fraction, fill)
            test = change(digits.x_test, maps[1], fraction, fill)
            for run, seed in enumerate(seeds):
                own = replace(recipe, seed=seed)
                place_of_run = run_folder(Path(folder), own, train, digits.y_train)
                trainer = SmallTraining(own, len(train), place_of_run)
                model = finished(trainer, train, digits.y_train)
                hits[place, run] = hits_of(model, test, digits.y_test)
                bar.update()
    return RetrainedCurve(np.asarray(fractions, np.float64), hits, keeping)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure LRP (alpha 1, beta 0) beside a random ranking and print a table."""
    from hwkit.evaluation.relevance_maps import relevance_maps
    from hwkit.images.digits import load_digits
    from hwkit.networks import load

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--fractions", type=float, nargs="+", default=[0, 0.1, 0.3, 0.5, 0.7, 0.9])
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="networks at each fraction")
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    parser.add_argument("--folder", type=Path, default=Path(".cache/roar"), help="of checkpoints")
    options = parser.parse_args(arguments)
    digits = load_digits("bundled")
    model = load("digits-lenet")
    rankings = {
        "LRP": (relevance_maps(model, digits.x_train), relevance_maps(model, digits.x_test)),
        "random": (random_maps(digits.x_train, 1), random_maps(digits.x_test, 2)),
    }
    curves = {
        name: remove_and_retrain(
            digits,
            maps,
            options.fractions,
            options.folder,
            recipe=replace(RECIPE, epochs=options.epochs),
            seeds=range(1, options.seeds + 1),
        )
        for name, maps in rankings.items()
    }
    print("\n".join(table(curves)))


def table(curves: dict[str, RetrainedCurve]) -> list[str]:
    """The accuracies in percent as lines of Markdown: a row for each fraction, a column a curve."""
    first = next(iter(curves.values()))
    lines = [f"| removed | {' | '.join(curves)} |", "|---|" + "---|" * len(curves)]
    for place, fraction in enumerate(first.fractions):
        cells = [curve.intervals()[place] * 100 for curve in curves.values()]
        told = [f"{cell.estimate:.1f} ({cell.low:.1f} to {cell.high:.1f})" for cell in cells]
        lines.append(f"| {fraction:.0%} | {' | '.join(told)} |")
    return lines


if __name__ == "__main__":
    main()
