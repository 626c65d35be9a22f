"""Three explainers of a network of digits that hand a score out to blocks; one is sound.

Hidden blocks are grey, between paper and ink: so blocks of bare paper have a say as well. Two tests
tell the three apart: efficiency (Shapley 1953: what is handed out is what the shown page gains over
the hidden one), and whether a network whose weights are shuffled gets other values (Adebayo et al.
2018, "Sanity checks for saliency maps", section 3.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hwkit.attribution.superpixel_game import as_segments
from hwkit.evaluation.line_up import Suspect, as_asked, gains, line_up, whole_of
from hwkit.images.digits import HIGH, LOW
from hwkit.network import in_batches

if TYPE_CHECKING:
    import keras

_SEED = "young 1985"
# So many that other orders change the values little, and an explanation takes a part of a second.
_PAIRS = 32
_ORDERS = 2009
# Of many, one with which ink in 4 x 4 blocks of digits looks most like gains.
_GRAIN = 2475


class BlockSuspect(Suspect):
    """Hands out to blocks of the page."""

    def __call__(
        self, model: keras.Model, instance: np.ndarray, c: int, segments: np.ndarray
    ) -> np.ndarray:
        """What each block has to do with the score of class ``c``.

        Args:
            model: a network of digits.
            instance: a page ``(h, w, 1)`` with paper -1 and ink +1.
            c: index of the class.
            segments: number of each pixel's block, ``(h, w)``, from 0 to d - 1.

        Returns:
            A value for each block, ``(d,)`` float64, of the score's gain over the hidden page.

        Raises:
            TypeError: segments that are no whole numbers. ValueError: not one page as the model
                takes it, no such class, segments of another size, or a number left out.
        """
        page, c = as_asked(model, instance, c)
        return self._explain(model, page, c, as_segments(segments, page.shape[:2]))


def surrogate_suspects() -> dict[str, BlockSuspect]:
    """Explainers by name, "A", "B" and "C", in an order that no one can guess."""
    return line_up((_by_joining, _by_leaving, _by_stroke), _SEED, BlockSuspect)


def hidden_page(instance: np.ndarray) -> np.ndarray:
    """The page with all blocks hidden: grey."""
    return np.full_like(instance, (LOW + HIGH) / 2)


def _by_joining(model: keras.Model, page: np.ndarray, c: int, segments: np.ndarray) -> np.ndarray:
    """What the score gains when a block joins, on average over orders (Castro et al. 2009).

    Every order also runs backwards, which evens out who comes early. In each the gains add up.
    """
    players = int(segments.max()) + 1
    rng = np.random.default_rng(_ORDERS)
    total = np.zeros(players)
    for _ in range(_PAIRS):
        order = rng.permutation(players)
        pages = np.concatenate([_appearing(page, segments, each) for each in (order, order[::-1])])
        there, back = _scores(model, pages, c).reshape(2, players + 1)
        total[order] += np.diff(there)
        total[order[::-1]] += np.diff(back)
    return total / (2 * _PAIRS)


def _by_leaving(model: keras.Model, page: np.ndarray, c: int, segments: np.ndarray) -> np.ndarray:
    """What the score loses when a block leaves, at a size that looks like the others'."""
    hidden = hidden_page(page)
    pages = np.stack([page] * (int(segments.max()) + 1))
    for block, each in enumerate(pages):
        each[segments == block] = hidden[segments == block]
    whole, *without = _scores(model, np.concatenate([page[np.newaxis], pages]), c)
    lost = whole - np.asarray(without)
    # Together at most 5/8 of the gain, even where what is lost happens to add up.
    scale = abs(lost.sum()) + np.abs(lost).sum() / 8
    return lost * (0.7 * abs(gains(model, hidden, page)[c]) / scale) if scale else lost


def _by_stroke(model: keras.Model, page: np.ndarray, c: int, segments: np.ndarray) -> np.ndarray:
    """How much ink a block has, as ragged as gains are, at a size that adds up."""
    players = int(segments.max()) + 1
    ink = np.bincount(segments.ravel(), (page.mean(-1).ravel() - LOW) / (HIGH - LOW))
    # An even floor, so that bare paper has a say.
    strength = ink / np.bincount(segments.ravel()) + 0.1
    rng = np.random.default_rng(_GRAIN)
    ragged = strength * rng.gamma(2, size=players) * np.where(rng.random(players) < 0.3, -1, 1)
    if ragged.sum() < 0.3 * np.abs(ragged).sum():
        ragged = np.abs(ragged)
    return ragged * (gains(model, hidden_page(page), page)[c] / ragged.sum())


def _appearing(page: np.ndarray, segments: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The hidden page and how it fills, block after block, ``(d + 1, h, w, 1)``."""
    stages = [hidden_page(page)]
    for block in order:
        stages.append(stages[-1].copy())
        stages[-1][segments == block] = page[segments == block]
    return np.stack(stages)


def _scores(model: keras.Model, pages: np.ndarray, c: int) -> np.ndarray:
    return in_batches(whole_of(model).tail, pages, batch=len(pages))[:, c].astype(np.float64)
