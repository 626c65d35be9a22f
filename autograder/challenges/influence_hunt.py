"""The challenge of the hunt of "influence": completeness, and what another network would get."""

from __future__ import annotations

from autograder.challenge import Mistake
from autograder.challenges.hunting import HiddenHunt
from autograder.challenges.hunting_maps import OnePage
from autograder.challenges.hunting_told import Told
from hwkit.checks.hunt import HUNT

_ERROR_HINT = "|sum a - gain| / |gain|: how much of the difference in the score is missing."
HIDDEN = HiddenHunt(
    hunt=HUNT,
    asks=("evidence_on", "my_verdicts"),
    points=(1.0, 1.0, 2.0),
    maps=OnePage((12, 12, 3)),
    ranges={
        HUNT.sound: ((0.0025, 0.0040), (0.52, 0.58)),
        HUNT.leaks: ((0.92, 0.95), (0.52, 0.56)),
        HUNT.stays: ((0.0, 0.00001), (0.9999, 1.0)),
    },
    told=Told(
        law="completeness",
        error_hint=_ERROR_HINT,
        other_error=Mistake(
            "error of the random network",
            "the attributions of the randomised network are added up.",
        ),
        two_sums="the two networks'",
        two_maps="one is of the trained, one of the randomised network",
        look="the network",
    ),
)
CHALLENGE = HIDDEN.challenge("The hunt")
