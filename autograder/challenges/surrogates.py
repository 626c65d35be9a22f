"""The hidden challenges of the assignment "surrogates", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    surrogate_constrained,
    surrogate_keep_top,
    surrogate_masked,
    surrogate_predictive,
    surrogate_removal_curve,
    surrogate_sampling,
)

CHALLENGES: tuple[Challenge, ...] = (
    # Part I
    surrogate_masked.CHALLENGE,
    # Part II
    surrogate_constrained.CHALLENGE,
    # Part III
    surrogate_keep_top.CHALLENGE,
    surrogate_removal_curve.CHALLENGE,
    # Part IV
    surrogate_sampling.CHALLENGE,
    surrogate_predictive.CHALLENGE,
    # Part V
)
