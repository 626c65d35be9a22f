"""The hunt of the assignment "surrogates": whose values add up, and who asks the network at all?"""

from __future__ import annotations

from hwkit.checks.hunting import Hunt

EFFICIENCY, SIMILARITY = "efficiency error", "similarity after shuffling"
SURROGATE_HUNT = Hunt(
    question="surrogate_hunt",
    error=EFFICIENCY,
    similarity=SIMILARITY,
    sound="sound",
    leaks="does not add up",
    stays="blind to the network",
    true=frozenset({"020eb13630318294", "2cad12c508fa5a08", "68ddd9f9a28f67c8"}),
    parts="values",
    relative_to="|f_c(x) - f_c(hidden page)|, the gain",
    unmoved="stays the same when the network's weights are shuffled",
    moves="changes with the network",
    think="What does that say about where the values come from?",
    again=(
        "same page, same class, same blocks; the values of net summed and compared with the gain, "
        "and |value| of net against that of shuffled"
    ),
)
