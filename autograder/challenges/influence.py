"""The hidden challenges of the assignment "influence", in the order of its notebook."""

from __future__ import annotations

from autograder.challenge import Challenge
from autograder.challenges import (
    influence_attributions,
    influence_compress,
    influence_hunt,
    influence_path,
    influence_project,
    influence_quantities,
    influence_rankings,
    influence_recall,
)

CHALLENGES: tuple[Challenge, ...] = (
    influence_path.CHALLENGE,
    influence_attributions.CHALLENGE,
    influence_quantities.ABSOLUTE,
    influence_rankings.INSTANCE_CHALLENGE,
    influence_rankings.CLASS_CHALLENGE,
    influence_project.CHALLENGE,
    influence_hunt.CHALLENGE,
    influence_quantities.COMPARATIVE,
    influence_rankings.QUESTION_CHALLENGE,
    influence_compress.CHALLENGE,
    influence_recall.CHALLENGE,
)
