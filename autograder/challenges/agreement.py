"""The hidden challenges of the assignment "agreement", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    agreement_deeplift,
    agreement_guided_backprop,
    agreement_guided_relu,
    agreement_hunt,
    agreement_matrix,
    agreement_multiplier,
    agreement_opposed,
    agreement_ranks,
    agreement_reveal_cancel,
    agreement_spearman,
)

CHALLENGES: tuple[Challenge, ...] = (
    # Part I
    agreement_guided_relu.CHALLENGE,
    agreement_guided_backprop.CHALLENGE,
    # Part II
    agreement_multiplier.CHALLENGE,
    agreement_deeplift.CHALLENGE,
    agreement_reveal_cancel.CHALLENGE,
    # Part III
    agreement_ranks.CHALLENGE,
    agreement_spearman.CHALLENGE,
    agreement_matrix.CHALLENGE,
    # Part IV
    agreement_opposed.CHALLENGE,
    # Part V
    agreement_hunt.CHALLENGE,
)
