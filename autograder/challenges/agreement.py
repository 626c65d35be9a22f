"""The hidden challenges of the assignment "agreement", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import agreement_guided_relu

CHALLENGES: tuple[Challenge, ...] = (agreement_guided_relu.CHALLENGE,)
