"""Does the network still see it when only the important pixels stay? Or when just these go?

Pixels are ranked by an explanation, a fraction of each picture is kept (or removed), and the
network is asked again (Bach et al. 2015, section 3.3; Samek et al. 2017). The curve of accuracy
against the fraction says how much the ranking knows, but only beside the curve of a random one: a
network may do well on half of any pixels, or badly on a picture full of holes.

    curve = removal_curve(predict, pictures, labels, maps, (0.1, 0.3, 0.5), fill=-1)
    chance = removal_curve(predict, pictures, labels, random_maps(pictures), (0.1, 0.3, 0.5), -1)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from tqdm.auto import tqdm

from hwkit.evaluation.fills import Fill, filled
from hwkit.evaluation.intervals import Interval, wilson
from hwkit.evaluation.keeping import (
    among_first,
    fitting,
    important,
    keep,
    labels_of,
    places,
    random_maps,
    remove,
    shown_where,
)

__all__ = [
    "RemovalCurve",
    "area_under",
    "important",
    "keep",
    "random_maps",
    "removal_curve",
    "remove",
]

Predict = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class RemovalCurve:
    """What the network says at m fractions of n pictures.

    Attributes:
        fractions: that were asked for, ascending ``(m,)``.
        covered: the share of the pixels that were chosen, on average ``(m,)``; of superpixels more
            than was asked for.
        hits: whether a picture's class was predicted, bool ``(m, n)``. Of two curves over the same
            pictures, ``intervals.paired_difference`` takes a row of each.
        scores: of each picture's class, as ``predict`` gives it ``(m, n)``.
        keeping: whether the important pixels stayed (or went).
    """

    fractions: np.ndarray
    covered: np.ndarray
    hits: np.ndarray
    scores: np.ndarray
    keeping: bool

    @property
    def accuracy(self) -> np.ndarray:
        """The share of the pictures whose class was predicted ``(m,)``."""
        ### BEGIN SOLUTION surrogates: removal_curve
        return self.hits.mean(axis=1)
        ### END SOLUTION

    @property
    def class_score(self) -> np.ndarray:
        """The mean score of the pictures' classes ``(m,)``."""
        return self.scores.mean(axis=1)

    @property
    def area(self) -> float:
        """The area under the accuracy over the fractions, divided by their range; see ``areas``."""
        return float(self.areas.mean())

    @property
    def areas(self) -> np.ndarray:
        """The same of each picture by itself ``(n,)``: their mean is ``area``, for intervals.

        Raises:
            ValueError: fewer than two fractions.
        """
        return area_under(self.fractions, self.hits)

    def intervals(self, level: float = 0.95) -> list[Interval]:
        """Wilson's interval of the accuracy at each fraction."""
        return [wilson(row, level) for row in self.hits]


def removal_curve(
    predict: Predict,
    pictures: np.ndarray,
    labels: np.ndarray,
    maps: np.ndarray,
    fractions: Sequence[float],
    fill: Fill = 0.0,
    *,
    keeping: bool = True,
    segments: np.ndarray | None = None,
    batch: int = 256,
    progress: bool = False,
) -> RemovalCurve:
    """Ask the network about pictures of which only the important fraction stays, or goes.

    Args:
        predict: ``predict(pictures)`` gives scores ``(n, classes)``; of a Keras model
            ``functools.partial(hwkit.network.in_batches, model)``.
        pictures: ``(n, h, w, c)``.
        labels: the class of each, integers ``(n,)``: the true one, or the one predicted before.
        maps: how important each pixel is ``(n, h, w)``.
        fractions: from 0 to 1, ascending; distances need not be equal.
        fill: see ``keep``. It is made once, and is the same at all fractions.
        keeping: the important pixels stay (``keep``), or with ``False`` they go (``remove``).
        segments: superpixels, see ``important``.
        batch: pictures that are changed and shown at once.
        progress: show a bar.

    Raises:
        ValueError: shapes that do not fit, labels that are no classes, fractions that do not
            ascend; as ``important``.
    """
    pictures, labels = fitting(pictures, maps), np.asarray(labels)
    ratios = _ascending(fractions)
    if labels.shape != pictures.shape[:1]:
        raise ValueError(
            f"Expected one label for each of {len(pictures)} pictures. Received: shape "
            f"{labels.shape}."
        )
    background = filled(pictures, fill)
    pieces = None if segments is None else labels_of(segments, pictures.shape[:3])
    hits = np.zeros((len(ratios), len(pictures)), bool)
    scores = np.zeros(hits.shape, np.float32)
    covered = np.zeros(hits.shape)
    with tqdm(total=hits.size, unit="picture", disable=not progress) as bar:
        for start in range(0, len(pictures), batch):
            part = slice(start, start + batch)
            before = places(maps[part], None if pieces is None else pieces[part])
            for place, fraction in enumerate(ratios):
                chosen = among_first(before, fraction)
                covered[place, part] = chosen.mean(axis=(1, 2))
                changed = shown_where(
                    chosen if keeping else ~chosen, pictures[part], background[part]
                )
                hits[place, part], scores[place, part] = _asked(predict, changed, labels[part])
                bar.update(len(changed))
    return RemovalCurve(ratios, covered.mean(axis=1), hits, scores, keeping)


def area_under(fractions: ArrayLike, values: ArrayLike) -> np.ndarray:
    """The area under values ``(m, ...)`` over fractions ``(m,)``, divided by the fractions' range.

    By the trapezoid rule; of a constant it is the constant.

    Raises:
        ValueError: fewer than two fractions, or fractions that do not ascend.
    """
    ratios, heights = _ascending(fractions), np.asarray(values, np.float64)
    if len(ratios) < 2 or len(heights) != len(ratios):
        raise ValueError(
            "Expected two fractions or more and a value for each. Received: "
            f"{len(ratios)} fractions and {len(heights)} values."
        )
    ### BEGIN SOLUTION surrogates: removal_curve
    middles = (heights[1:] + heights[:-1]) / 2
    return np.tensordot(np.diff(ratios), middles, axes=1) / (ratios[-1] - ratios[0])
    ### END SOLUTION


def _asked(
    predict: Predict, changed: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whether each picture's class is predicted, and its score."""
    scores = np.asarray(predict(changed))
    if scores.ndim != 2 or len(scores) != len(changed):
        raise ValueError(
            f"Expected scores (n, classes) of {len(changed)} pictures. Received: shape "
            f"{scores.shape}."
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= scores.shape[1]:
        raise ValueError(
            f"Expected labels that are integers from 0 to {scores.shape[1] - 1}. Received: "
            f"{labels.dtype} from {labels.min()} to {labels.max()}."
        )
    ### BEGIN SOLUTION surrogates: removal_curve
    return scores.argmax(axis=1) == labels, scores[np.arange(len(labels)), labels]
    ### END SOLUTION


def _ascending(fractions: ArrayLike) -> np.ndarray:
    ratios = np.asarray(fractions, np.float64)
    if ratios.ndim != 1 or not len(ratios) or not (np.diff(ratios) > 0).all():
        raise ValueError(f"Expected fractions that ascend, one or more. Received: {fractions!r}.")
    return ratios
