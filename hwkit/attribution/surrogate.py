"""Explanations by a simple model of the network, fitted to what it says of masked pictures.

What LIME and KernelSHAP have in common: superpixels, a fill for those that are hidden, a number of
coalitions to ask about, several labels from one set of answers, and what becomes of the weights. A
method of its own is a subclass with a ``fit``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from tqdm.auto import tqdm

from hwkit.attribution.aumann_shapley import Report, as_batch
from hwkit.attribution.image_explanation import ImageExplanation
from hwkit.attribution.label_scores import Outputs, batch_of, label_scores
from hwkit.attribution.masking import Fill, Masking
from hwkit.attribution.method import PointMethod
from hwkit.attribution.path_integral import relative_l1
from hwkit.attribution.stability import Stability
from hwkit.attribution.superpixel_game import Progress, Scores, SuperpixelGame
from hwkit.attribution.superpixels import Segmentation
from hwkit.images.bounds import ImageBound, as_bound
from hwkit.network import Cut
from hwkit.quantities import FunctionQuantity, Quantity

if TYPE_CHECKING:
    import keras

_Self = TypeVar("_Self", bound="SurrogateMethod")


class Fit(Protocol):
    """What a method makes of a game of several outputs.

    Attributes:
        values: the weight of each superpixel ``(d, outputs)``, float64.
        empty: what the network says with all superpixels hidden ``(outputs,)``.
        full: with all shown ``(outputs,)``.
        evaluations: how many pictures the network was asked about.
        error_estimate: estimated relative L1 error of the values ``(outputs,)``; NaN where the
            method does not estimate it.
    """

    @property
    def values(self) -> np.ndarray: ...  # noqa: D102
    @property
    def empty(self) -> np.ndarray: ...  # noqa: D102
    @property
    def full(self) -> np.ndarray: ...  # noqa: D102
    @property
    def evaluations(self) -> int: ...  # noqa: D102
    @property
    def error_estimate(self) -> np.ndarray: ...  # noqa: D102


class SurrogateMethod(PointMethod):
    """A method that asks the network about the picture with some superpixels hidden.

    Args:
        segments: the number of each pixel's superpixel ``(h, w)``, 0 to d - 1; or a function of the
            picture in [0, 1], ``(h, w, 3)`` RGB or ``(h, w, 1)`` grey, that gives them (see
            ``superpixels``). Gaps in a function's numbers are closed.
        fill: what is seen in place of hidden superpixels: "mean" (of each its mean colour), "blur",
            a number or colour in the network's units, or a picture of the same shape.
        sigma: of the blur, in pixels; ``None`` for an eighth of the height.
        samples: how many masked pictures the network is asked about.
        seed: of the choice of coalitions.
        batch: pictures at once; ``None`` for as many as fit into ``memory``, 64 at most.
        image_bound: what black and full colour are in the picture, for ``segments`` that are a
            function: "caffe" (VGG16 and the pocket network), "unit", "signed", "bytes", a pair
            ``(low, high)`` or an ``ImageBound``. ``None`` for "unit", where the picture's values
            are all from 0 to 1.
        progress: show a bar for work of more than two seconds; or a function that is called after
            each batch with the number of its pictures. What it raises ends the work.
        memory: bytes that one batch may take, about; the result never depends on it.

    Raises:
        ValueError: samples, batch, image_bound or sigma out of range. TypeError: segments that are
            neither numbers nor a function.
    """

    def __init__(
        self,
        segments: np.ndarray | Segmentation,
        *,
        fill: Fill = "mean",
        sigma: float | None = None,
        samples: int = 1000,
        seed: int = 0,
        batch: int | None = None,
        image_bound: ImageBound | str | tuple[float, float] | None = None,
        progress: Progress = True,
        memory: int = 512 * 2**20,
    ) -> None:
        super().__init__(memory)
        if samples < 1 or (batch is not None and batch < 1):
            raise ValueError(
                f"Expected samples and batch of 1 or more. Received: samples={samples}, "
                f"batch={batch}."
            )
        bound = None if image_bound is None else as_bound(image_bound)
        self.masking = Masking(segments, fill, sigma, bound)
        self.samples = int(samples)
        self.seed = seed
        self.batch = batch
        self.progress = progress
        self.report: Report | None = None
        # The last instances, and how much the network says more of each than of its fill.
        self._gains: tuple[np.ndarray | None, np.ndarray] = None, np.zeros(0)

    def fit(self, game: SuperpixelGame) -> Fit:
        """The weights of a game's superpixels, for each of its outputs: what a subclass is for."""
        raise NotImplementedError

    def compile(self: _Self, quantity: Quantity | FunctionQuantity, cut: Cut) -> _Self:
        """This method, bound to a quantity and a network; ``self`` stays unbound.

        Raises:
            ValueError: a slice that is not the input, or an input that is no picture.
        """
        if cut.layer is not None:
            raise ValueError(
                f"Expected the input: {type(self).__name__} hides parts of the picture. Received: "
                f"the slice '{cut.layer}'. Use Explanation(...).for_input(), with any quantity."
            )
        if len(cut.instance_shape) != 3:
            raise ValueError(
                "Expected a network of pictures (h, w, c). Received: one of inputs of shape "
                f"{cut.instance_shape}."
            )
        bound = super().compile(quantity, cut)
        bound._gains = None, np.zeros(0)
        return bound

    def get_attributions(self, instance: np.ndarray) -> np.ndarray:
        """Every superpixel's weight, spread evenly over its pixels and channels.

        Args:
            instance: one picture ``(h, w, c)`` or several ``(n, h, w, c)``.

        Returns:
            In the pictures' shape, float32; the sum of each map is the sum of its weights.

        Raises:
            ValueError: a picture of the wrong shape, or with NaN or infinity; no image bound where
                one is needed.
        """
        batch, single = as_batch(instance, self.stream.cut.instance_shape)
        found = [self.details(picture) for picture in batch]
        self._gains = batch, np.array([(each.fit.full - each.fit.empty)[0] for each in found])
        self.report = Report(
            np.array([each.fit.error_estimate[0] for each in found]),
            np.array([each.fit.evaluations for each in found]),
        )
        maps = np.stack([each.density() for each in found]).astype(np.float32)
        return maps[0] if single else maps

    def completeness_error(self, instances: np.ndarray, attribution: np.ndarray) -> np.ndarray:
        """How far the weights are from adding up to the gain, ``|sum - gain| / |gain|``, ``(n,)``.

        The gain is how much more the quantity is of the picture than of its fill alone. Shapley
        values add up to it; LIME's weights need not.

        Args:
            instances: ``(n, h, w, c)``.
            attribution: of these, in the same shape.
        """
        known, gains = self._gains  # where these instances came last, nothing is computed again
        if known is None or not np.array_equal(known, instances):
            fills = np.stack([self.masking.of(picture)[1] for picture in instances])
            gains = self._quantity(instances) - self._quantity(fills)
        total = attribution.reshape(len(attribution), -1).sum(axis=1, dtype=np.float64)
        return relative_l1(np.abs(total - gains), gains)

    def details(self, picture: np.ndarray) -> ImageExplanation:
        """What the method says of one picture and the quantity, with all else that it found.

        Raises:
            ValueError: as ``get_attributions``; several pictures.
        """
        batch, single = as_batch(picture, self.stream.cut.instance_shape)
        if not single:
            raise ValueError(f"Expected one picture (h, w, c). Received: {len(batch)} of them.")
        game = self._game(self._quantity, batch[0], self._batch())
        return self._explained(game, (self.stream.quantity.name,))

    def explain_image(
        self,
        model: keras.Model | Scores,
        picture: np.ndarray,
        labels: Sequence[int] | None = None,
        top_labels: int = 5,
        outputs: Outputs = "scores",
    ) -> ImageExplanation:
        """Explain several labels by one set of masked pictures.

        Args:
            model: a Keras model, whose softmax at the end is replaced by its logits; or any
                function from pictures ``(n, h, w, c)`` to numbers ``(n, classes)``.
            picture: ``(h, w, c)``, as the network takes it.
            labels: the classes to explain; ``None`` for those of the highest scores.
            top_labels: how many these are.
            outputs: "scores", the network's logits (or what the function gives), or
                "probabilities", their softmax, which the original LIME explains.

        Raises:
            ValueError: a wrong picture, labels that the network does not have, other outputs, no
                image bound where one is needed.
        """
        game, chosen = self._labelled(model, picture, labels, top_labels, outputs)
        return self._explained(game, chosen)

    def stability(
        self,
        model: keras.Model | Scores,
        picture: np.ndarray,
        labels: Sequence[int] | None = None,
        top_labels: int = 5,
        outputs: Outputs = "scores",
        *,
        seeds: Sequence[int] = range(5),
        top: int = 5,
    ) -> Stability:
        """How much the weights depend on which coalitions were drawn.

        The superpixels stay the same. Costs as many explanations as there are seeds.

        Args:
            model: as ``explain_image`` takes it, and so ``picture``, ``labels``, ``top_labels`` and
                ``outputs``.
            picture: ``(h, w, c)``.
            labels: the classes to explain; ``None`` for those of the highest scores.
            top_labels: how many these are.
            outputs: "scores" or "probabilities".
            seeds: two or more.
            top: how many of the largest weights are compared.

        Raises:
            ValueError: as ``explain_image``; fewer than two seeds, or one twice; ``top`` below 1.
        """
        if len(seeds) < 2 or len(set(seeds)) < len(seeds):
            raise ValueError(f"Expected two different seeds or more. Received: seeds={seeds}.")
        if top < 1:
            raise ValueError(f"Expected top of 1 or more. Received: top={top}.")
        game, chosen = self._labelled(model, picture, labels, top_labels, outputs)
        found = [self.with_seed(seed)._explained(game, chosen).values for seed in seeds]
        return Stability(chosen, tuple(seeds), np.stack(found), top)

    def with_seed(self: _Self, seed: int) -> _Self:
        """The same method with another seed of its coalitions."""
        other = copy.copy(self)
        other.seed = seed
        return other

    def _labelled(
        self,
        model: keras.Model | Scores,
        picture: np.ndarray,
        labels: Sequence[int] | None,
        top_labels: int,
        outputs: Outputs,
    ) -> tuple[SuperpixelGame, tuple[int, ...]]:
        """The game of some classes' scores, and which classes these are."""
        if np.ndim(picture) != 3:
            raise ValueError(
                f"Expected one picture (h, w, c). Received: shape {np.shape(picture)}."
            )
        (picture,), _ = as_batch(picture, np.shape(picture))
        scores, chosen, batch = label_scores(
            model, picture, labels, top_labels, outputs, self.memory
        )
        return self._game(scores, picture, self.batch or batch), chosen

    def _game(self, scores: Scores, picture: np.ndarray, batch: int) -> SuperpixelGame:
        segments, fill = self.masking.of(picture)
        return SuperpixelGame(scores, picture, segments, fill, batch=batch)

    def _explained(self, game: SuperpixelGame, labels: tuple[int | str, ...]) -> ImageExplanation:
        with self._telling(game):
            fit = self.fit(game)
        bound = self.masking.bound_of(game.picture)
        return ImageExplanation(game.picture, game.segments, labels, fit.values, fit, bound)

    @contextmanager
    def _telling(self, game: SuperpixelGame) -> Iterator[None]:
        """One bar for all that a fit asks of the game, or the caller's own function."""
        if callable(self.progress):
            game.progress = self.progress
            yield
            return
        with tqdm(
            total=self.samples + 2,  # the picture and its fill may come on top
            desc="masked pictures",
            unit="picture",
            delay=2,
            leave=False,
            disable=not self.progress,
        ) as bar:
            game.progress = bar.update
            yield

    def _batch(self) -> int:
        return self.batch or batch_of(self.stream.cut.tail, self.memory)

    def _quantity(self, pictures: np.ndarray) -> np.ndarray:
        return np.asarray(self.stream.values(pictures, batch=self._batch()), np.float64)
