"""The hunt of the assignment "agreement": who adds up, and who looks at what was learned?"""

from __future__ import annotations

from hwkit.checks.hunting import Hunt

COMPLETENESS, AGREEMENT = "completeness error", "agreement with the control"
AGREEMENT_HUNT = Hunt(
    question="agreement_hunt",
    error=COMPLETENESS,
    similarity=AGREEMENT,
    sound="sound",
    leaks="does not add up",
    stays="blind to training",
    true=frozenset({"62814c9a4d6c7a7a", "65edbce1ec6be1f3", "7bd70fdb37b6599d"}),
    parts="attributions",
    relative_to="|f_c(x) - f_c(paper)|, the picture's gain",
    unmoved="is the same for a network that learned shuffled labels",
    moves="changes with what the network learned",
    think="What does that say about where the map comes from?",
    again=(
        "same pictures, same class; for each picture the attributions of net summed and compared "
        "with its gain, and those of net against those of control on its ink; then the means"
    ),
)
