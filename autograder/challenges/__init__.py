"""The hidden challenges: a module for each assignment, with its ``CHALLENGES``."""

from __future__ import annotations

import importlib

from autograder.challenge import Challenge

ASSIGNMENTS = ("influence", "lrp", "surrogates", "agreement")


def challenges_of(assignment: str) -> tuple[Challenge, ...]:
    """The challenges of an assignment, in the order of its notebook.

    Raises:
        ValueError: no challenges are written for an assignment of this name.
    """
    if assignment not in ASSIGNMENTS:
        raise ValueError(
            f"Expected an assignment with hidden challenges: {', '.join(ASSIGNMENTS)}. Received: "
            f"{assignment!r}."
        )
    module = importlib.import_module(f"autograder.challenges.{assignment}")
    found: tuple[Challenge, ...] = module.CHALLENGES
    return found
