"""The challenge of the hunt of "lrp": conservation, and what another class is told."""

from __future__ import annotations

from autograder.challenge import Mistake
from autograder.challenges.hunting import HiddenHunt
from autograder.challenges.hunting_maps import OnePage
from autograder.challenges.hunting_told import Told
from hwkit.checks.class_hunt import CLASS_HUNT

HIDDEN = HiddenHunt(
    hunt=CLASS_HUNT,
    asks=("class_evidence_on", "my_class_verdicts"),
    points=(2.0, 2.0, 4.0),
    maps=OnePage((28, 28, 1)),
    ranges={
        CLASS_HUNT.sound: ((0.0001, 0.0003), (0.20, 0.24)),
        CLASS_HUNT.leaks: ((0.90, 1.00), (0.14, 0.18)),
        CLASS_HUNT.stays: ((0.0, 0.00001), (0.9999, 1.0)),
    },
    told=Told(
        law="conservation",
        error_hint="|sum R - gain| / |gain|: how much more or less is handed out than there is.",
        other_error=Mistake("error of the rival", "the relevances of the rival are added up."),
        two_sums="the two classes'",
        two_maps="one is of the class that is seen, one of the rival",
        look="the class",
    ),
)
CHALLENGE = HIDDEN.challenge("The hunt among digits")
