"""The hidden challenges of the assignment "agreement", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    agreement_deeplift,
    agreement_guided_backprop,
    agreement_guided_relu,
    agreement_multiplier,
    agreement_reveal_cancel,
)

CHALLENGES: tuple[Challenge, ...] = (
    agreement_guided_relu.CHALLENGE,
    agreement_guided_backprop.CHALLENGE,
    agreement_multiplier.CHALLENGE,
    agreement_deeplift.CHALLENGE,
    agreement_reveal_cancel.CHALLENGE,
)
