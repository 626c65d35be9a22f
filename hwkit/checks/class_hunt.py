"""The hunt of the assignment "lrp": who hands out just the score, and that of the class asked?"""

from __future__ import annotations

from hwkit.checks.hunting import Hunt

CONSERVATION, SIMILARITY = "conservation error", "similarity between classes"
CLASS_HUNT = Hunt(
    question="class_hunt",
    error=CONSERVATION,
    similarity=SIMILARITY,
    sound="sound",
    leaks="does not conserve",
    stays="blind to the class",
    true=frozenset({"3051173957d52939", "f4cb50ad3856f314", "f575e84d59ab97dd"}),
    parts="relevances",
    relative_to="|f(x) - f(empty page)|, the gain",
    unmoved="stays the same when another class is asked for",
    moves="changes with the class",
    think="What does that say about the question that the map answers?",
    again=(
        "same picture, the relevance of c summed and compared with the gain, and |relevance| of c "
        "against that of the rival"
    ),
)
