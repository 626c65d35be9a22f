"""Attribution methods by short names, all asked the same: what in a picture speaks for a class?

Those that need a reference ("nothing there") get the same one. Two know nothing of the network:
"random", and "random-x-input", which is 0 wherever the picture is the reference. How far methods
agree means little without how far these two do.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hwkit import quantities

if TYPE_CHECKING:
    import keras

    from hwkit.explanation import Explanation
    from hwkit.images.bounds import ImageBound

Own = Callable[["keras.Model", np.ndarray, int], np.ndarray]
DEFAULT = ("ig", "lrp", "deeplift", "gbp")
_BLOCKS = 7  # rows and columns of LIME's and KernelSHAP's superpixels


@dataclass(frozen=True, eq=False)
class Setting:
    """What all methods share.

    Attributes:
        baseline: the reference, as the network takes pictures: a number, a colour ``(c,)`` or a
            picture ``(*input)``.
        bound: how the network takes pictures, for the bounds of deep Taylor decomposition; ``None``
            where its pixels have none.
        points: on the path of integrated gradients.
        samples: masked pictures that LIME and KernelSHAP ask about, 196 or more.
        seed: of these, and of the random methods.
    """

    baseline: float | np.ndarray = 0.0
    bound: ImageBound | None = None
    points: int = 50
    samples: int = 200
    seed: int = 0

    def reference(self, shape: tuple[int, ...]) -> np.ndarray:
        """The baseline as one picture of this shape, float32.

        Raises:
            ValueError: it does not fit, or is not finite.
        """
        values = np.asarray(self.baseline, np.float32)
        try:
            picture = np.broadcast_to(values, shape)
        except ValueError:
            raise ValueError(
                f"Expected a baseline that is a number, a colour or a picture {shape}. Received: "
                f"shape {values.shape}."
            ) from None
        if not np.isfinite(picture).all():
            raise ValueError("Expected a finite baseline. Received: NaN or infinity in it.")
        return picture


@dataclass(frozen=True, eq=False)
class Asked:
    """A question to a method.

    Attributes:
        explanation: of the network, with what was compiled for earlier questions.
        pictures: ``(n, *input)``.
        c: the class to explain.
        places: the numbers of the pictures among all that are asked about ``(n,)``.
        reference: "nothing there" ``(*input)``.
    """

    explanation: Explanation
    pictures: np.ndarray
    c: int
    places: np.ndarray
    reference: np.ndarray = field(repr=False)

    def by(self, method: Any, *arguments: Any) -> np.ndarray:
        """What a method of hwkit says, ``(n, *input)``."""
        question = self.explanation.with_method(method).for_input()
        bound = question.for_quantity(quantities.absolute(self.c)).method
        return np.asarray(bound.get_attributions(self.pictures, *arguments))


Answer = Callable[[Asked], np.ndarray]


@dataclass(frozen=True)
class Known:
    """A method that has a short name.

    Attributes:
        title: in words.
        build: from the setting and the reference to a function that answers questions; built once
            for all pictures, so that what is compiled is found again.
    """

    title: str
    build: Callable[[Setting, np.ndarray], Answer]


def _integrated_gradients(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.aumann_shapley import AumannShapley

    method = AumannShapley(setting.points, "midpoint", progress=False)
    return lambda asked: asked.by(method, False, reference)


def _gradient_times_input(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.aumann_shapley import AumannShapley

    # The gradient at the picture, times its difference from the reference.
    method = AumannShapley(distribution="point", progress=False)
    return lambda asked: asked.by(method, False, reference)


def _lrp(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.lrp import LRP
    from hwkit.attribution.relevance import rules

    return _by(LRP(rules.epsilon(1e-6)))


def _deep_taylor(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.lrp import LRP
    from hwkit.attribution.relevance import composites

    bound = setting.bound
    if bound is None:
        return _by(LRP(composites.deep_taylor()))
    return _by(LRP(composites.deep_taylor(np.asarray(bound.low), np.asarray(bound.high))))


def _deeplift(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.deeplift import DeepLIFT

    return _by(DeepLIFT(baseline=reference))


def _guided_backprop(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.gradients import GuidedBackprop

    return _by(GuidedBackprop())


def _sensitivity(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.gradients import Sensitivity

    return _by(Sensitivity())


def _lime(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.lime import LIME

    return _by(LIME(**_masked(setting, reference)))


def _kernel_shap(setting: Setting, reference: np.ndarray) -> Answer:
    from hwkit.attribution.kernel_shap import KernelSHAP

    return _by(KernelSHAP(**_masked(setting, reference)))


def _masked(setting: Setting, reference: np.ndarray) -> dict[str, Any]:
    from hwkit.attribution.superpixels import blocks

    return {
        "segments": blocks(*(min(_BLOCKS, side) for side in reference.shape[:2])),
        "fill": reference,
        "samples": setting.samples,
        "seed": setting.seed,
        "progress": False,
    }


def _random(setting: Setting, reference: np.ndarray) -> Answer:
    def answer(asked: Asked) -> np.ndarray:
        shape = asked.pictures.shape[1:]
        return np.stack(
            [np.random.default_rng((setting.seed, n)).normal(size=shape) for n in asked.places]
        )

    return answer


def _random_times_input(setting: Setting, reference: np.ndarray) -> Answer:
    # Another seed, so that it shares nothing with "random" but what the pictures give both.
    random = _random(Setting(seed=setting.seed + 1), reference)
    return lambda asked: random(asked) * (asked.pictures - reference)


def _by(method: Any) -> Answer:
    return lambda asked: asked.by(method)


METHODS: dict[str, Known] = {
    "ig": Known("integrated gradients", _integrated_gradients),
    "lrp": Known("LRP, epsilon rule", _lrp),
    "deeplift": Known("DeepLIFT, rescale rule", _deeplift),
    "gbp": Known("guided backprop", _guided_backprop),
    "sensitivity": Known("sensitivity (squared gradient)", _sensitivity),
    "gxi": Known("gradient x input", _gradient_times_input),
    "lime": Known("LIME", _lime),
    "kernelshap": Known("KernelSHAP", _kernel_shap),
    "dtd": Known("deep Taylor decomposition", _deep_taylor),
    "random": Known("random numbers", _random),
    "random-x-input": Known("random numbers x input", _random_times_input),
}
"""By short name. LRP and deep Taylor decomposition, guided backprop, sensitivity and the first of
the random ones have no reference; the others get the one of the setting."""


def answers(
    methods: Sequence[str] | Mapping[str, str | Own], setting: Setting, reference: np.ndarray
) -> dict[str, Answer]:
    """A function for each method that answers questions.

    Args:
        methods: short names of ``METHODS``; or by any name a short name or a function of one's own,
            ``function(model, pictures (n, *input), c)`` that gives ``(n, *input)``.
        setting: what they share.
        reference: "nothing there", one picture.

    Raises:
        ValueError: an unknown name, one twice, or none at all.
    """
    if isinstance(methods, str):
        raise TypeError(f"Expected a list of methods. Received: one name. Write [{methods!r}].")
    named = methods if isinstance(methods, Mapping) else {name: name for name in methods}
    if not named or len(named) < len(methods):
        raise ValueError(f"Expected methods, each once. Received: {', '.join(methods) or 'none'}.")
    return {
        name: _own(each) if callable(each) else known(each).build(setting, reference)
        for name, each in named.items()
    }


def known(name: str) -> Known:
    """The method of a short name.

    Raises:
        ValueError: there is none; the message lists all.
    """
    if name not in METHODS:
        near = difflib.get_close_matches(name, METHODS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ValueError(f"Expected methods of {', '.join(METHODS)}. Received: {name!r}.{hint}")
    return METHODS[name]


def _own(function: Own) -> Answer:
    return lambda asked: np.asarray(function(asked.explanation.model, asked.pictures, asked.c))
