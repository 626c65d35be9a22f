"""The hidden challenges of the assignment "surrogates", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    surrogate_masked,
)

CHALLENGES: tuple[Challenge, ...] = (
    # Part I
    surrogate_masked.CHALLENGE,
    # Part II
    # Part III
    # Part IV
    # Part V
)
