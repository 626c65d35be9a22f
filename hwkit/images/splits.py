"""The sets of drawn pictures: train, validation, test and two hard ones, told apart by seed.

A split owns a range of seeds that no other split touches. Picture i of class k has the seed
`start + 14 i + k`, so no two pictures of a split share one.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from hwkit.images.parts import CLASSES
from hwkit.images.scenes import Scene, draw


@dataclass(frozen=True)
class Split:
    """A range of seeds and the difficulty that its pictures are drawn with."""

    seeds: range
    difficulty: str

    @property
    def capacity(self) -> int:
        """How many pictures of each class the split has room for."""
        return len(self.seeds) // len(CLASSES)


_WIDTH = 10_000_000
_ORDER = (
    ("train", "standard"),
    ("validation", "standard"),
    ("test", "standard"),
    ("hard_validation", "hard"),
    ("hard_report", "hard"),
)
SPLITS: dict[str, Split] = {
    name: Split(range(i * _WIDTH, (i + 1) * _WIDTH), difficulty)
    for i, (name, difficulty) in enumerate(_ORDER)
}
"""Choose on a validation split, report on `test` or `hard_report`."""


def scenes(split: str, class_name: str | None = None, *, per_class: int) -> list[Scene]:
    """The first `per_class` scenes of a class (of every class, in the order of CLASSES, for None).

    Raises ValueError for an unknown split or class, and for more scenes than the split has seeds
    for.
    """
    wanted = CLASSES if class_name is None else (class_name,)
    return [_scene(job) for job in _jobs(split, wanted, per_class)]


def arrays(
    split: str,
    per_class: int,
    classes: Collection[str] | None = None,
    progress: bool = False,
    processes: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """The same scenes as arrays: images uint8 (n, 96, 96, 3) and labels int64 (n,), class by class.

    Args:
        split: a name in SPLITS.
        per_class: pictures of each class.
        classes: class names; None for all. A label is always the index into CLASSES.
        progress: show a progress bar.
        processes: how many to draw with; a script that asks for more than one needs the usual
            `if __name__ == "__main__":`.

    Raises ValueError as `scenes` does, and for fewer than one process.
    """
    if processes < 1:
        raise ValueError(f"Expected at least one process. Received: processes={processes}.")
    jobs = _jobs(split, CLASSES if classes is None else classes, per_class)
    images = np.empty((len(jobs), 96, 96, 3), np.uint8)
    bar = tqdm(total=len(jobs), desc=f"drawing {split}", unit="picture", disable=not progress)
    with bar:
        for i, image in enumerate(_drawn(jobs, processes)):
            images[i] = image
            bar.update()
    return images, np.array([label for label, _, _ in jobs], np.int64)


_Job = tuple[int, int, str]


def _jobs(split: str, classes: Collection[str], per_class: int) -> list[_Job]:
    if split not in SPLITS:
        raise ValueError(f"Unknown split {split!r}; the choices are {', '.join(SPLITS)}.")
    chosen = SPLITS[split]
    if not 1 <= per_class <= chosen.capacity:
        raise ValueError(
            f"Expected 1 to {chosen.capacity} pictures of each class. Received: "
            f"per_class={per_class}."
        )
    if isinstance(classes, str):
        raise ValueError(f"Expected a collection of class names. Received: classes={classes!r}.")
    for name in classes:
        if name not in CLASSES:
            raise ValueError(f"Unknown class {name!r}; the choices are {', '.join(CLASSES)}.")
    start, count = chosen.seeds.start, len(CLASSES)
    labels = [CLASSES.index(name) for name in classes]
    return [
        (label, start + count * i + label, chosen.difficulty)
        for label in labels
        for i in range(per_class)
    ]


def _scene(job: _Job) -> Scene:
    label, seed, difficulty = job
    return draw(label, seed, difficulty=difficulty)


def _image(job: _Job) -> np.ndarray:
    return _scene(job).image


def _drawn(jobs: list[_Job], processes: int) -> Iterator[np.ndarray]:
    if processes == 1:
        yield from map(_image, jobs)
        return
    # Spawned, not forked: a fork of a process in which TensorFlow's threads run may hang.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(_image, jobs, chunksize=64)
