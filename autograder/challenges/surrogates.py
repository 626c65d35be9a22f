"""The hidden challenges of the assignment "surrogates", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    surrogate_constrained,
    surrogate_dummy,
    surrogate_exact,
    surrogate_hunt,
    surrogate_keep_top,
    surrogate_kernel,
    surrogate_masked,
    surrogate_predictive,
    surrogate_removal_curve,
    surrogate_ridge,
    surrogate_sampling,
    surrogate_shapley_kernel,
)

CHALLENGES: tuple[Challenge, ...] = (
    # Part I
    surrogate_masked.CHALLENGE,
    surrogate_kernel.CHALLENGE,
    surrogate_ridge.CHALLENGE,
    # Part II
    surrogate_exact.CHALLENGE,
    surrogate_shapley_kernel.CHALLENGE,
    surrogate_constrained.CHALLENGE,
    surrogate_dummy.CHALLENGE,
    # Part III
    surrogate_keep_top.CHALLENGE,
    surrogate_removal_curve.CHALLENGE,
    # Part IV
    surrogate_sampling.CHALLENGE,
    surrogate_predictive.CHALLENGE,
    # Part V
    surrogate_hunt.CHALLENGE,
)
