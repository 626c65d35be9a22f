"""The hidden challenges of the assignment "lrp", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge

CHALLENGES: tuple[Challenge, ...] = ()
