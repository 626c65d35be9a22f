"""The challenge of the hunt of "agreement": completeness, and what shuffled labels would teach."""

from __future__ import annotations

from functools import cache

import numpy as np

from autograder.challenge import Mistake
from autograder.challenges import agreement_ranks, agreement_spearman
from autograder.challenges.agreement_hunt_pages import OWN_MISTAKES, InkedPages
from autograder.challenges.hunting import HiddenHunt
from autograder.challenges.hunting_told import Told
from hwkit.checks.agreement_hunt import AGREEMENT_HUNT
from hwkit.images.zero_one import load_zero_one


@cache
def _ink() -> np.ndarray:
    """Of the notebook's pages: the first of the test part, which its network sees all right."""
    digits = load_zero_one()
    first = [digits.x_test[digits.y_test == digit][:4, ..., 0] for digit in (0, 1)]
    return np.concatenate(first) > 0


HIDDEN = HiddenHunt(
    hunt=AGREEMENT_HUNT,
    asks=("agreement_evidence_on", "my_agreement_verdicts"),
    points=(2.0, 3.0, 5.0),
    maps=InkedPages(_ink),
    ranges={
        AGREEMENT_HUNT.sound: ((0.0001, 0.00019), (-0.03, -0.02)),
        AGREEMENT_HUNT.leaks: ((0.51, 0.55), (-0.08, -0.06)),
        AGREEMENT_HUNT.stays: ((0.0, 0.00001), (0.9999, 1.0)),
    },
    told=Told(
        law="completeness",
        error_hint="mean of |sum a - gain| / |gain|: how much too much or too little is "
        "handed out.",
        other_error=Mistake("error of the control", "the control's attributions are added up."),
        two_sums="the two networks'",
        two_maps="one is of net, one of control",
        look="what the network learned",
        signed=True,
        own=OWN_MISTAKES,
    ),
    references={"ranks": agreement_ranks.reference, "spearman": agreement_spearman.reference},
)
CHALLENGE = HIDDEN.challenge("Three witnesses")
