"""The challenge of the hunt of "surrogates": efficiency, and what a shuffled network would get."""

from __future__ import annotations

from autograder.challenge import Mistake
from autograder.challenges.hunting import HiddenHunt
from autograder.challenges.hunting_maps import OnePage
from autograder.challenges.hunting_told import Told
from hwkit.checks.surrogate_hunt import SURROGATE_HUNT

HIDDEN = HiddenHunt(
    hunt=SURROGATE_HUNT,
    asks=("surrogate_evidence_on", "my_surrogate_verdicts"),
    points=(2.0, 2.0, 4.0),
    maps=OnePage((16,)),
    ranges={
        SURROGATE_HUNT.sound: ((0.0, 0.000001), (-0.16, -0.12)),
        SURROGATE_HUNT.leaks: ((0.39, 0.42), (0.17, 0.22)),
        SURROGATE_HUNT.stays: ((0.0, 0.000001), (0.9999, 1.0)),
    },
    told=Told(
        law="efficiency",
        error_hint="|sum of the values - gain| / |gain|: how much more or less is handed out than "
        "there is.",
        other_error=Mistake(
            "error of the shuffled network", "the values of the shuffled network are added up."
        ),
        two_sums="the two networks'",
        two_maps="one is of the trained, one of the shuffled network",
        look="the network",
    ),
)
CHALLENGE = HIDDEN.challenge("The hunt among surrogates")
