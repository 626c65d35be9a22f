"""KernelSHAP (Lundberg and Lee 2017): the Shapley values of any game, estimated from a budget.

Shapley values are the solution of a weighted least squares over all coalitions, whose weights sum
to what all earn. Here it is solved for some of them, drawn in pairs (``coalitions``); and only for
what a smooth model of the game leaves unexplained, whose Shapley values are known
(``coalition_model``). With all coalitions they are exact.

    found = kernel_shap(game, 49, samples=1000)
    found.values, found.standard_error
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from hwkit.attribution import coalition_model, coalitions, superpixels
from hwkit.attribution.coalitions import Pairs
from hwkit.attribution.constrained import constrained_fit, constrained_map
from hwkit.attribution.path_integral import ToleranceWarning
from hwkit.attribution.shapley import Game, worth_of
from hwkit.attribution.superpixel_game import Progress, SuperpixelGame
from hwkit.attribution.superpixels import Segmentation
from hwkit.attribution.surrogate import SurrogateMethod

CHUNK = 256  # coalitions that a game is asked about at once
# With a tolerance, the first look at the standard errors is after so many pairs for each player;
# each next one is after so many times as many.
_FIRST_LOOK, _GROWTH = 2, 1.5


@dataclass(frozen=True)
class ShapleyEstimate:
    """Estimated Shapley values; without the axis of outputs where the game has none.

    Attributes:
        values: ``(d, outputs)``, float64; they sum to ``full - empty``.
        standard_error: of each value, over the choice of coalitions; 0 where they are exact.
        empty: what nobody is worth ``(outputs,)``.
        full: what all are worth ``(outputs,)``.
        evaluations: how many coalitions were asked about, the empty and the full one among them.
        exact: whether these were all.
    """

    values: np.ndarray
    standard_error: np.ndarray
    empty: np.ndarray
    full: np.ndarray
    evaluations: int
    exact: bool

    @property
    def error_estimate(self) -> np.ndarray:
        """Expected relative L1 error of the values ``(outputs,)``, were errors normal."""
        error = np.sqrt(2 / np.pi) * self.standard_error.sum(axis=0)
        size = np.abs(self.values).sum(axis=0)
        return np.divide(error, size, out=np.where(error > 0, np.inf, 0.0), where=size > 0)


def kernel_shap(
    game: Game,
    players: int,
    *,
    samples: int = 1000,
    seed: int = 0,
    tolerance: float | None = None,
    chunk: int = CHUNK,
    progress: Progress = True,
) -> ShapleyEstimate:
    """The Shapley values of a game, with standard errors.

    Args:
        game: from coalitions ``(n, d)``, booleans, to what they are worth, ``(n,)`` or
            ``(n, outputs)``.
        players: d, from 1 to 1000.
        samples: how many coalitions to ask about at most, besides the empty and the full one; four
            times the players or more, unless these are all. All, 2^d - 2, give exact values.
        seed: of the choice of coalitions.
        tolerance: stop when each standard error is below this share of what all earn beyond nobody,
            ``|full - empty|`` of the same output; a ToleranceWarning says where it is not met.
        chunk: coalitions that the game is asked about at once.
        progress: show a bar for work of more than two seconds; or a function that is called after
            each chunk with the number of its coalitions. What it raises ends the work.

    Raises:
        ValueError: an argument out of its range, or answers that are not one finite row for each
            coalition.
    """
    if chunk < 1:
        raise ValueError(f"Expected a chunk of 1 or more. Received: chunk={chunk}.")
    _require_tolerance(tolerance)
    pairs = coalitions.draw(players, samples, seed)
    asked = np.concatenate([_ends(players), pairs.with_complements()])
    after_chunk = progress if callable(progress) else None
    worth = np.zeros((0, 1))
    with tqdm(
        total=len(asked),
        desc="coalitions",
        unit="coalition",
        delay=2,
        leave=False,
        disable=progress is not True,
    ) as bar:
        for count in _looks(players, len(pairs.shown), tolerance):
            parts = [worth] if len(worth) else []
            for start in range(len(worth), 2 + 2 * count, chunk):
                parts.append(worth_of(game, asked[start : min(start + chunk, 2 + 2 * count)]))
                bar.update(len(parts[-1]))
                if after_chunk is not None:
                    after_chunk(len(parts[-1]))
            worth = np.concatenate(parts)
            found = _estimate(pairs if count == len(pairs.shown) else pairs.first(count), worth)
            if tolerance is not None and _largest(found) <= tolerance:
                break
    if tolerance is not None:
        _tell_unmet(tolerance, found)
    return found


class KernelSHAP(SurrogateMethod):
    """Shapley values of superpixels, or of any other parts of the picture.

    Their sum is what the network says of the picture less what it says of the fill alone.

    Args:
        segments: as of a ``SurrogateMethod``; ``None`` for quickshift.
        tolerance: stop before ``samples`` are used up when the standard errors are below; see
            ``kernel_shap``.
        arguments: fill, sigma, samples, seed, batch, image_bound, progress and memory, as of a
            ``SurrogateMethod``.

    Raises:
        TypeError, ValueError: an argument out of its range; the message says what is possible.
    """

    def __init__(
        self,
        segments: np.ndarray | Segmentation | None = None,
        *,
        tolerance: float | None = None,
        **arguments: Any,
    ) -> None:
        super().__init__(superpixels.quickshift() if segments is None else segments, **arguments)
        _require_tolerance(tolerance)
        self.tolerance = tolerance

    def fit(self, game: SuperpixelGame) -> ShapleyEstimate:
        """Shapley values of a game's superpixels, for each of its outputs.

        Those that look like the fill are worth nothing, and the network is not asked about them.
        """
        differs = (game.picture != game.fill).any(axis=-1)
        seen = np.unique(game.segments[differs]) if differs.any() else np.array([0])

        def worth(Z: np.ndarray) -> np.ndarray:
            every = np.zeros((len(Z), game.players), bool)
            every[:, seen] = Z
            return game.values(every)

        found = kernel_shap(
            worth,
            len(seen),
            samples=self.samples,
            seed=self.seed,
            tolerance=self.tolerance,
            chunk=game.batch,
            progress=False,  # the game tells
        )
        values, error = np.zeros((2, game.players, len(found.full)))
        values[seen], error[seen] = found.values, found.standard_error
        return replace(found, values=values, standard_error=error)


def _require_tolerance(tolerance: float | None) -> None:
    if tolerance is not None and not tolerance > 0:
        raise ValueError(
            "Expected a tolerance above 0 (0.01 is 1% of what all earn), or None. Received: "
            f"tolerance={tolerance}."
        )


def _ends(players: int) -> np.ndarray:
    """Nobody and all, ``(2, d)``."""
    return np.repeat([[False], [True]], players, axis=1)


def _looks(players: int, pairs: int, tolerance: float | None) -> Iterator[int]:
    """After how many pairs the estimate is looked at: more and more, the last time after all."""
    count = _FIRST_LOOK * players
    while tolerance is not None and count < pairs:
        yield count
        count = int(_GROWTH * count)
    yield pairs


def _largest(found: ShapleyEstimate) -> float:
    """The largest standard error, as a share of what all earn of the same output."""
    gain = np.abs(found.full - found.empty)
    error = found.standard_error.max(axis=0)
    return float(np.divide(error, gain, out=np.where(error > 0, np.inf, 0.0), where=gain > 0).max())


def _tell_unmet(tolerance: float, found: ShapleyEstimate) -> None:
    """Warn the caller of ``kernel_shap`` where the samples did not suffice."""
    largest = _largest(found)
    if largest > tolerance:
        warnings.warn(
            f"The tolerance {tolerance:g} is not met: the largest standard error is "
            f"{largest:.2g} of what all earn, after {found.evaluations} coalitions. Allow "
            "more samples, or a larger tolerance.",
            ToleranceWarning,
            stacklevel=3,
        )


def _estimate(pairs: Pairs, worth: np.ndarray) -> ShapleyEstimate:
    """What pairs say of the values.

    Args:
        pairs: of coalitions.
        worth: of nobody, of all, then of each coalition and its complement ``(2 + 2m, ...)``.
    """
    rows = worth.reshape(len(worth), -1)
    empty, full = rows[0], rows[1]
    gain, halves = full - empty, (rows[2::2] - rows[3::2]) / 2
    shown = pairs.shown
    if pairs.complete:
        values = constrained_fit(shown, halves, pairs.weights, -gain / 2, gain / 2)
        error = np.zeros_like(values)
    else:
        model = coalition_model.fit(shown, halves, gain)
        rest = gain - model.values.sum(axis=0)
        values = model.values + constrained_fit(
            shown, model.left, pairs.weights, -rest / 2, rest / 2
        )
        variance = (1 - pairs.share)[:, np.newaxis] * model.surprise**2
        error = np.sqrt(constrained_map(shown, pairs.weights) ** 2 @ variance)
    shape = worth.shape[1:]
    return ShapleyEstimate(
        values.reshape(-1, *shape),
        error.reshape(-1, *shape),
        empty.reshape(shape),
        full.reshape(shape),
        len(worth),
        pairs.complete,
    )
