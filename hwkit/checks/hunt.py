"""The hunt of the assignment "influence": who explains this network, and all of its score?"""

from __future__ import annotations

from hwkit.checks.hunting import Hunt

COMPLETENESS, SIMILARITY = "completeness error", "similarity after randomising"
HUNT = Hunt(
    question="hunt",
    error=COMPLETENESS,
    similarity=SIMILARITY,
    sound="sound",
    leaks="incomplete",
    stays="ignores the network",
    true=frozenset({"53c19aed192f56cd", "62a5253a187043fa", "fd4a91a150dcb993"}),
    parts="attributions",
    relative_to="|Q(z) - Q(b)|",
    unmoved="stays the same when the network is randomised",
    moves="changes with the network",
    think="What does that say about where the map comes from?",
    again=(
        "same picture, same class, b = 0, and |attribution| of the trained against that of the "
        "randomised network"
    ),
)
