"""LIME (Ribeiro, Singh and Guestrin 2016): what a simple model of the network says near a picture.

Superpixels are hidden at random, each with probability 1/2. A linear model is fitted to what the
network says of the masked pictures, where those that hide little count most; its weights are the
explanation. Agrees with the authors' package (lime 0.2) on the same superpixels and coalitions.

    method = LIME(superpixels.quickshift(), image_bound="caffe")
    Explanation(model, method).for_input().absolute(3).explain(x).attribution
    method.explain_image(model, x, top_labels=5).image_and_mask()
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from hwkit.attribution import superpixels
from hwkit.attribution.feature_selection import Selection, require, select
from hwkit.attribution.ridge import r_squared, weighted_ridge
from hwkit.attribution.superpixel_game import SuperpixelGame
from hwkit.attribution.superpixels import Segmentation
from hwkit.attribution.surrogate import SurrogateMethod

Distance = Literal["cosine", "l2"]


@dataclass(frozen=True)
class LocalFit:
    """A linear model of the network near a picture, for each of its outputs.

    Attributes:
        values: the weight of each superpixel ``(d, outputs)``; 0 of those that were not chosen.
        intercept: what it predicts with all superpixels hidden ``(outputs,)``.
        r_squared: the share of the weighted variance of the network's answers that it predicts
            ``(outputs,)``; NaN where the answers do not vary.
        chosen: the superpixels that it uses, for each output in the order of their choice.
    """

    values: np.ndarray
    intercept: np.ndarray
    r_squared: np.ndarray
    chosen: tuple[np.ndarray, ...]

    @property
    def local_prediction(self) -> np.ndarray:
        """What it predicts of the picture itself ``(outputs,)``."""
        return self.intercept + self.values.sum(axis=0)


@dataclass(frozen=True)
class LimeFit(LocalFit):
    """The simple model, and what it was fitted to.

    Attributes:
        coalitions: which superpixels were shown, ``(n, d)`` booleans; the first row shows all.
        answers: what the network said ``(n, outputs)``.
        weights: how much each coalition counted ``(n,)``.
        empty: what the network says with all superpixels hidden ``(outputs,)``; not fitted to,
            unless it was drawn as well.
        full: with all shown ``(outputs,)``.
        error_estimate: NaN ``(outputs,)``: one sample does not tell; see ``LIME.stability``.
    """

    coalitions: np.ndarray = field(repr=False)
    answers: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    empty: np.ndarray
    full: np.ndarray
    error_estimate: np.ndarray = field(repr=False)

    @property
    def evaluations(self) -> int:
        """How many pictures the network was asked about: one for each coalition, and the fill."""
        return len(self.coalitions) + 1

    @property
    def effective_samples(self) -> float:
        """How many coalitions of equal weight would tell as much: (sum w)^2 / sum w^2."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


class LIME(SurrogateMethod):
    """Local interpretable model-agnostic explanations of pictures, for any quantity of interest.

    Args:
        segments: see ``SurrogateMethod``; ``None`` for quickshift with the original's settings.
        distance: of a coalition from the whole picture: "cosine" or "l2" (Euclidean).
        width: of the kernel; ``None`` for the original's, 0.25 for "cosine" and 0.75 sqrt(d) for
            "l2". See ``weighting_kernel``.
        alpha: of the ridge regression; the original's is 1.
        num_features: how many superpixels the simple model may use; ``None`` for all.
        selection: how these are chosen: "auto", "forward", "highest_weights", "lasso_path" or
            "none" (all); see ``feature_selection.select``.
        coalitions: own ones ``(n, d)``, the first of which shows all, in place of ``samples``
            drawn by ``seed``.
        arguments: fill, sigma, samples, seed, batch, image_bound, progress and memory, as of a
            ``SurrogateMethod``.

    Raises:
        TypeError, ValueError: an argument out of its range; the message says what is possible.
    """

    def __init__(
        self,
        segments: np.ndarray | Segmentation | None = None,
        *,
        distance: Distance = "cosine",
        width: float | None = None,
        alpha: float = 1.0,
        num_features: int | None = None,
        selection: Selection = "auto",
        coalitions: np.ndarray | None = None,
        **arguments: Any,
    ) -> None:
        super().__init__(superpixels.quickshift() if segments is None else segments, **arguments)
        if distance not in ("cosine", "l2"):
            raise ValueError(f"Expected distance 'cosine' or 'l2'. Received: {distance!r}.")
        if width is not None and not width > 0:
            raise ValueError(f"Expected a width above 0, or None. Received: width={width}.")
        if not alpha >= 0:
            raise ValueError(f"Expected alpha of 0 or more. Received: alpha={alpha}.")
        require(selection)
        if num_features is not None and num_features < 1:
            raise ValueError(f"Expected num_features of 1 or more. Received: {num_features}.")
        if coalitions is not None and not np.all(np.asarray(coalitions)[:1]):
            raise ValueError(
                "Expected coalitions whose first row shows all superpixels. Received: one that "
                "hides some; the simple model is fitted near the whole picture."
            )
        self.distance: Distance = distance
        self.width = width
        self.alpha = alpha
        self.num_features = num_features
        self.selection: Selection = selection
        self.coalitions = coalitions

    def with_seed(self, seed: int) -> LIME:
        """The same method with another seed of its coalitions.

        Raises:
            ValueError: its coalitions are given, and not drawn.
        """
        if self.coalitions is not None:
            raise ValueError(
                "Expected coalitions that are drawn by a seed. Received: a LIME with coalitions of "
                "one's own. Leave coalitions out, or take other ones."
            )
        return super().with_seed(seed)

    def fit(self, game: SuperpixelGame) -> LimeFit:
        """A linear model of a game near the coalition of all players, for each of its outputs."""
        players = game.players
        if self.coalitions is None:
            Z = draw(self.samples, players, self.seed)
        else:
            Z = np.asarray(self.coalitions, bool)
        asked = game.values(np.concatenate([Z, np.zeros((1, players), bool)]))
        answers, empty = asked[:-1], asked[-1]
        width = default_width(self.distance, players) if self.width is None else self.width
        weights = weighting_kernel(Z, width, self.distance)
        local = local_fit(Z, answers, weights, self.num_features, self.selection, self.alpha)
        return LimeFit(
            local.values,
            local.intercept,
            local.r_squared,
            local.chosen,
            Z,
            answers,
            weights,
            empty,
            answers[0],
            np.full(len(empty), np.nan),
        )


def draw(samples: int, players: int, seed: int) -> np.ndarray:
    """Coalitions ``(samples, players)``: each player with probability 1/2, in the first row all."""
    Z = np.random.default_rng(seed).integers(0, 2, (samples, players)).astype(bool)
    Z[0] = True
    return Z


def default_width(distance: Distance, players: int) -> float:
    """The width that the lime package takes: its picture explainer's, and its table explainer's."""
    return 0.25 if distance == "cosine" else 0.75 * float(np.sqrt(players))


def weighting_kernel(Z: np.ndarray, width: float, distance: Distance = "cosine") -> np.ndarray:
    """How much each coalition counts: sqrt(exp(-D^2 / width^2)), D its distance from all shown.

    This is the lime package's; Ribeiro et al. (2016, section 3.4) write it without the root, and so
    their width is sqrt(2) times this one.

    Args:
        Z: coalitions ``(n, d)``, true or 1 for what is shown.
        width: above 0.
        distance: "cosine": one less the cosine of the angle between the row and a row of ones, and
            1 for the row that shows nothing. "l2": the length of their difference.

    Returns:
        ``(n,)``, from 0 to 1; 1 where all is shown.
    """
    Z = np.asarray(Z, np.float64)
    ### BEGIN SOLUTION surrogates: weighting_kernel
    shown, players = Z.sum(axis=1), Z.shape[1]
    if distance == "cosine":
        D = 1 - np.sqrt(shown / players)  # |z| / (sqrt(|z|) sqrt(d)) is sqrt(|z| / d)
    else:
        D = np.sqrt(players - shown)
    return np.sqrt(np.exp(-(D**2) / width**2))
    ### END SOLUTION


def local_fit(
    Z: np.ndarray,
    answers: np.ndarray,
    weights: np.ndarray,
    num_features: int | None = None,
    selection: Selection = "auto",
    alpha: float = 1.0,
) -> LocalFit:
    """A weighted ridge regression on a few superpixels, for each output on its own choice of them.

    Args:
        Z: coalitions ``(n, d)``.
        answers: what the network says of them ``(n, outputs)``.
        weights: how much each counts ``(n,)``.
        num_features: how many superpixels may be used; ``None`` for all.
        selection: see ``feature_selection.select``.
        alpha: of the regression.
    """
    Z = np.asarray(Z, np.float64)
    outputs = answers.shape[1]
    values, intercept = np.zeros((Z.shape[1], outputs)), np.zeros(outputs)
    count = Z.shape[1] if num_features is None else num_features
    chosen = []
    for place, y in enumerate(answers.T):
        used = select(Z, y, weights, count, selection)
        intercept[place], values[used, place] = weighted_ridge(Z[:, used], y, weights, alpha)
        chosen.append(used)
    fitted = r_squared(answers, intercept + Z @ values, weights)
    return LocalFit(values, intercept, fitted, tuple(chosen))
