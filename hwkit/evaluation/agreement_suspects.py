"""Three explainers of noughts and ones that seem to hand a score out to the ink; one is sound.

Paper is 0 and gets nothing from any of them. Two tests tell the three apart: completeness
(Sundararajan et al. 2017, section 3), here of what the score gains over bare paper, and whether a
network that learned labels in random order gets another map (Adebayo et al. 2018, "Sanity checks
for saliency maps", section 3.2): ranks, on the ink of each page. Of sizes on the whole page, every
two maps agree, since all leave the same paper at 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hwkit.attribution.aumann_shapley import as_batch
from hwkit.evaluation.line_up import PixelSuspect, gains, integrated, line_up, whole_of
from hwkit.images.zero_one import load_zero_one
from hwkit.network import in_batches
from hwkit.quantities import Quantity

if TYPE_CHECKING:
    import keras

_SEED = "spearman 1904"
# So many that sums are right to a thousandth or so.
_POINTS = 400
# How much of the way counts as its start.
_STEP = 0.01
_STROKES = 2017
_EACH = 4


class PagesSuspect(PixelSuspect):
    """Hands out to the pixels of one page or several."""

    def __call__(self, model: keras.Model, x: np.ndarray, c: int) -> np.ndarray:
        """Attributions of class ``c``, float32, in the shape of the pages.

        Args:
            model: a network of noughts and ones.
            x: pages ``(n, h, w, 1)`` from paper 0 to ink 1, or one.
            c: index of the class.

        Raises:
            ValueError: not pages as the model takes them, or no such class.
        """
        pages, single = as_batch(x, whole_of(model).instance_shape)
        found = np.stack([super(PagesSuspect, self).__call__(model, page, c) for page in pages])
        return found[0] if single else found


def agreement_suspects() -> dict[str, PagesSuspect]:
    """Explainers by name, "A", "B" and "C", in an order that no one can guess."""
    return line_up((_by_path, _by_start, _by_strokes), _SEED, PagesSuspect)


def seen_digits(net: keras.Model) -> np.ndarray:
    """The first four noughts and the first four ones of the test part that a network sees right.

    Returns:
        Pages ``(8, 28, 28, 1)`` from paper 0 to ink 1.

    Raises:
        ValueError: the network sees fewer right.
    """
    digits = load_zero_one()
    right = in_batches(whole_of(net).tail, digits.x_test).argmax(axis=1) == digits.y_test
    seen = [np.flatnonzero(right & (digits.y_test == digit)) for digit in (0, 1)]
    if min(map(len, seen)) < _EACH:
        raise ValueError(
            f"Expected a network that sees {_EACH} noughts and {_EACH} ones right. Received: one "
            f"that sees {len(seen[0])} and {len(seen[1])}. Train it for longer."
        )
    return digits.x_test[np.concatenate([each[:_EACH] for each in seen])]


def _by_path(model: keras.Model, page: np.ndarray, c: int) -> np.ndarray:
    return integrated(model, (np.zeros_like(page), page), _score(c), _POINTS)


def _by_start(model: keras.Model, page: np.ndarray, c: int) -> np.ndarray:
    """As if the whole way were like its start; in a network without biases it is."""
    return integrated(model, (np.zeros_like(page), page * _STEP), _score(c), 1) / _STEP


def _by_strokes(model: keras.Model, page: np.ndarray, c: int) -> np.ndarray:
    """Where strokes bend one way or another, at a size that adds up.

    What is above 0 and what is below are stretched each by its own number: no rank changes.
    """
    found = page * _bends(page)
    above, below = np.maximum(found, 0), np.maximum(-found, 0)
    if not (above.any() and below.any()):
        above, below = page, page
    gained = gains(model, np.zeros_like(page), page)
    extra = np.abs(gained).max() / 2
    up, down = max(gained[c], 0) + extra, max(-gained[c], 0) + extra
    return above * (up / max(above.sum(), 1e-9)) - below * (down / max(below.sum(), 1e-9))


def _bends(page: np.ndarray) -> np.ndarray:
    """As ragged as the gradient of a network: that of one of random filters, ``(h, w, 1)``."""
    from scipy.ndimage import (  # type: ignore[import-untyped]
        convolve,
        correlate,
        gaussian_filter,
    )

    rng = np.random.default_rng(_STROKES)
    total = np.zeros(page.shape[:2])
    for _ in range(8):
        kernel = rng.normal(size=(5, 5))
        weights = gaussian_filter(rng.normal(size=page.shape[:2]), 0.6)
        total += convolve(weights * (correlate(page[..., 0], kernel) > 0), kernel)
    # Without the few that stand out, which gradients do not have.
    return (np.sign(total) * np.sqrt(np.abs(total)))[..., np.newaxis]


def _score(c: int) -> Quantity:
    return Quantity(((c, 1.0),), name=f"class {c}")
