"""The hidden challenges of the assignment "lrp", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    lrp_alpha_beta,
    lrp_box,
    lrp_by_hand,
    lrp_cancelling,
    lrp_gamma,
    lrp_hand_down,
    lrp_hunt,
    lrp_propagate,
    lrp_start,
    lrp_zero,
)

CHALLENGES: tuple[Challenge, ...] = (
    lrp_by_hand.CHALLENGE,
    lrp_zero.CHALLENGE,
    lrp_cancelling.CHALLENGE,
    lrp_hand_down.CHALLENGE,
    lrp_gamma.CHALLENGE,
    lrp_alpha_beta.CHALLENGE,
    lrp_box.CHALLENGE,
    lrp_start.CHALLENGE,
    lrp_propagate.CHALLENGE,
    lrp_hunt.CHALLENGE,
)
