"""The asking functions of "agreement"; each calls one blank as the notebook does."""

from __future__ import annotations

from autograder.inside.asks import Ask, agreement_hunt, agreement_layers, agreement_tables

# Names of the notebook that its given cells bind: what is needed here, and what is supplied here.
NEEDED: tuple[str, ...] = ()
SUPPLIED = agreement_hunt.SUPPLIED
# Parameters of the blanks for which the judge can stand in.
PARAMETERS = {
    "guided_relu": ("signal", "x"),
    "multiplier": ("x", "r", "f", "slope"),
    "ranks": ("values",),
    "spearman": ("a", "b"),
}

ASKS: dict[str, Ask] = {**agreement_layers.ASKS, **agreement_tables.ASKS, **agreement_hunt.ASKS}
