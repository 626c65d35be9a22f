"""The asking functions of the assignment "lrp"; each calls one blank as the notebook does."""

from __future__ import annotations

from autograder.inside.asks import Ask, lrp_hunt, lrp_layers, lrp_rules

# Names of the notebook that its given cells bind: what is needed here, and what is supplied here.
NEEDED: tuple[str, ...] = ()
SUPPLIED = lrp_hunt.SUPPLIED
# Parameters of the blanks for which the judge can stand in.
PARAMETERS = {"lrp_zero": ("x", "w", "b", "R"), "start": ("scores", "c", "versus?")}

ASKS: dict[str, Ask] = {**lrp_layers.ASKS, **lrp_rules.ASKS, **lrp_hunt.ASKS}
