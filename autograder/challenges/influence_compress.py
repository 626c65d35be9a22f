"""The challenge of ``compress``: which channels of a slice stay."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Mistake
from autograder.challenges.drawing import draw_cases
from autograder.comparing import Misread, numbers, part

_TOP, _BOTTOM = "the top channels", "the bottom channels"
_BOTH, _UNCHANGED = "top and bottom together", "what came in stays as it was"
_CHANNELS = 7
_SHAPE = (3, 2, 4, _CHANNELS)
_TOLERANCE = 1e-4
_SORT_HINT = "np.argsort sorts from the smallest to the largest."
_PRINT_HINT = "Print which channels stay for top=1, bottom=0."


def _draw(rng: np.random.Generator) -> Sequence[Case]:
    settings: list[tuple[str, int, int, float]] = [
        (_TOP, 2, 0, 0.0),
        (_TOP, 3, 0, 0.0),
        (_TOP, 2, 0, -5.0),
        (_TOP, 0, 0, 0.0),
        (_BOTTOM, 0, 2, 0.0),
        (_BOTTOM, 0, 1, 0.0),
        (_BOTTOM, 0, 2, 5.0),
        (_BOTH, 2, 1, 0.0),
        (_BOTH, 1, 3, 5.0),
        (_BOTH, 1, 2, -5.0),
        (_BOTH, 3, 4, 0.0),
        (_UNCHANGED, 2, 2, 0.0),
        (_UNCHANGED, 1, 3, 0.0),
    ]
    return draw_cases([partial(_case, setting=each) for each in settings], rng)


def _case(rng: np.random.Generator, setting: tuple[str, int, int, float]) -> Case:
    aspect, top, bottom, offset = setting
    # Not all of one sign, and not zero: a channel that stays is told from one that does not.
    activations = (rng.uniform(0.2, 2.0, _SHAPE) * rng.choice([1, 1, -1], _SHAPE)).astype("f4")
    influence = (rng.permutation(_CHANNELS) - 3 + rng.uniform(-0.3, 0.3, _CHANNELS)) / 2 + offset
    influence = influence.astype(np.float32)
    given = {"activations": activations, "influence": influence, "top": top, "bottom": bottom}
    x, weights = activations.astype(np.float64), influence.astype(np.float64)
    order = np.argsort(-weights)
    expected = x * _mask(order, top, bottom)

    def read(value: Any) -> np.ndarray:
        found = numbers(part(value, "compressed"))
        if aspect == _UNCHANGED:
            for name in ("activations", "influence"):
                left = numbers(part(value, name))
                if left.shape != given[name].shape or not np.array_equal(left, given[name]):
                    raise Misread("changed in place")
        return found

    return Case(
        aspect,
        given,
        expected,
        lambda: _wrong(x, weights, order, top, bottom),
        _TOLERANCE,
        read,
    )


def _mask(order: np.ndarray, top: int, bottom: int) -> np.ndarray:
    """1.0 for the first ``top`` and the last ``bottom`` channels of an order, else 0.0."""
    kept = np.zeros(_CHANNELS)
    kept[[*order[:top], *order[_CHANNELS - bottom :]]] = 1
    return kept


def _wrong(
    x: np.ndarray, influence: np.ndarray, order: np.ndarray, top: int, bottom: int
) -> dict[str, np.ndarray]:
    kept = _mask(order, top, bottom)
    strongest = np.argsort(-np.abs(influence))
    positions = np.arange(_CHANNELS)
    by_activation = np.argsort(-x.mean(axis=(0, 1, 2)))
    turned = _mask(order, bottom, top)
    return {
        "mask inverted": x * (1 - kept),
        "bottom = 0 keeps everything": x if bottom == 0 else x * kept,
        "top = 0 keeps everything": x if top == 0 else x * kept,
        "top and bottom swapped": x * turned,
        # np.argsort without a minus sign, and order[-bottom:] with bottom = 0.
        "swapped, and everything kept for 0": x if bottom == 0 else x * turned,
        "absolute influence": x * _mask(strongest, top + bottom, 0),
        "only where the sign fits": x
        * kept
        * np.where(_mask(order, top, 0) > 0, influence > 0, influence < 0),
        "only the top": x * _mask(order, top, 0),
        "only the bottom": x * _mask(order, 0, bottom),
        "top and bottom both of the top": x * _mask(order, top + bottom, 0),
        "positions instead of ranks": x * _mask(positions, top, bottom),
        "ranked by activation": x * _mask(by_activation, top, bottom),
        "nothing set to zero": x,
        "mask instead of slice": np.broadcast_to(kept, x.shape),
        "only the mask": kept,
        "only the kept channels": x[..., np.flatnonzero(kept)],
        "multiplied by influence": x * kept * influence,
        "mean instead of zero": x * kept + x.mean(axis=(0, 1, 2)) * (1 - kept),
        "one channel too many": x * _mask(order, min(top + 1, _CHANNELS - bottom), bottom),
        "one channel too few": x * _mask(order, max(top - 1, 0), bottom),
    }


_MISTAKES = (
    Mistake(
        "mask inverted",
        "the mask is inverted: the influential channels are set to zero, the others stay.",
        _PRINT_HINT,
    ),
    Mistake(
        "bottom = 0 keeps everything",
        "with bottom = 0 every channel stays.",
        "order[-0:] is the whole list. Count from its start instead.",
    ),
    Mistake(
        "top = 0 keeps everything",
        "with top = 0 every channel stays.",
        "x[-0:] is all of x. Count from its start instead.",
    ),
    Mistake(
        "top and bottom swapped",
        "top and bottom are swapped: top counts the most positive, bottom the most negative.",
        _SORT_HINT,
    ),
    Mistake(
        "swapped, and everything kept for 0",
        "top and bottom are swapped, and where a count is 0 every channel stays.",
        _SORT_HINT + " And order[-0:] is the whole list.",
    ),
    Mistake(
        "absolute influence",
        "an absolute value is taken: most positive and most negative are counted apart.",
        _PRINT_HINT,
    ),
    Mistake(
        "only where the sign fits",
        "only positive channels are kept as top, only negative ones as bottom; the ranks decide.",
        _PRINT_HINT,
    ),
    Mistake("only the top", "only the top channels stay; the bottom ones are missing."),
    Mistake("only the bottom", "only the bottom channels stay; the top ones are missing."),
    Mistake(
        "top and bottom both of the top",
        "bottom adds more of the most positive channels; it counts the most negative ones.",
        _SORT_HINT,
    ),
    Mistake(
        "positions instead of ranks",
        "the first and last channels stay, whatever their influence is.",
        "np.argsort of the influence gives the channels in order.",
    ),
    Mistake("ranked by activation", "channels are ranked by activation, not by influence."),
    Mistake("nothing set to zero", "nothing is set to zero: the slice comes back as it was."),
    Mistake("mask instead of slice", "this is the mask of the channels that stay, not the slice."),
    Mistake("only the mask", "this is a mask, one number for each channel, not the slice."),
    Mistake(
        "only the kept channels",
        "the other channels are cut out; they are to be set to zero, so that the shape stays.",
    ),
    Mistake(
        "multiplied by influence",
        "channels that stay are multiplied by their influence; they should stay as they are.",
    ),
    Mistake("mean instead of zero", "other channels are set to their mean; zero is asked for."),
    Mistake("one channel too many", "one channel too many stays.", _PRINT_HINT),
    Mistake("one channel too few", "one channel too few stays.", _PRINT_HINT),
    Mistake(
        "changed in place",
        "an array that was passed in has been changed.",
        "Work on a new array: x * mask makes one, x[...] = 0 changes the old.",
    ),
)

CHALLENGE = Challenge(
    question="compress",
    title="Compress",
    ask="compress",
    blanks=("compress",),
    aspects={_TOP: 2.0, _BOTTOM: 2.0, _BOTH: 3.0, _UNCHANGED: 1.0},
    draw=_draw,
    mistakes={each.name: each for each in _MISTAKES},
)
