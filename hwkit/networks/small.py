"""A small network and its data, by its recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hwkit.images.digits import DIGIT_CLASSES, FASHION_CLASSES, load_digits
from hwkit.images.zero_one import ZERO_ONE_CLASSES, load_zero_one
from hwkit.networks.recipes import BayesianRecipe, SmallRecipe, ZeroOneRecipe
from hwkit.networks.xor import XOR_CLASSES, xor_sets

if TYPE_CHECKING:
    import keras


def build_small(recipe: SmallRecipe, *, seed: int = 0, training: bool = False) -> keras.Model:
    """The recipe's network with random weights; with dropout, where it has some, for training."""
    if recipe.kind == "xor":
        from hwkit.networks import xor

        return xor.build(seed)
    if isinstance(recipe, BayesianRecipe):
        from hwkit.networks import bayesian

        return bayesian.build(
            recipe.units, prior=recipe.prior, deviation=recipe.deviation, seed=seed
        )
    if isinstance(recipe, ZeroOneRecipe):
        from hwkit.networks import zero_one

        return zero_one.build(use_bias=recipe.use_bias, pooling=recipe.pooling, seed=seed)
    from hwkit.networks import digits

    return digits.build(
        recipe.kind, recipe.units, dropout=recipe.dropout if training else 0.0, seed=seed
    )


def examples_of(
    recipe: SmallRecipe,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training examples and labels, test examples and labels.

    A recipe with shuffled labels shuffles those for training only.

    Raises:
        FileNotFoundError: the recipe's data are not at hand (`load_digits`).
    """
    if recipe.data == "xor":
        return xor_sets()
    if isinstance(recipe, ZeroOneRecipe):
        zero_one = load_zero_one(recipe.data)
        labels = training_labels(recipe, zero_one.y_train)
        return zero_one.x_train, labels, zero_one.x_test, zero_one.y_test
    digits = load_digits(recipe.data)
    return digits.x_train, digits.y_train, digits.x_test, digits.y_test


def training_labels(recipe: ZeroOneRecipe, labels: np.ndarray) -> np.ndarray:
    """The labels (n,) that the recipe trains with: these, or these in an order of its seed."""
    if not recipe.shuffled_labels:
        return labels
    return np.random.default_rng(recipe.seed).permutation(labels)


def class_names_of(recipe: SmallRecipe) -> tuple[str, ...]:
    """The names of the network's outputs, in their order."""
    if recipe.data == "xor":
        return XOR_CLASSES
    if isinstance(recipe, ZeroOneRecipe):
        return ZERO_ONE_CLASSES
    return FASHION_CLASSES if recipe.data == "fashion" else DIGIT_CLASSES
