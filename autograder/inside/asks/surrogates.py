"""The asking functions of "surrogates"; each calls one blank as the notebook does."""

from __future__ import annotations

from autograder.inside.asks import Ask, surrogate_games, surrogate_hunt, surrogate_pictures

# Names of the notebook that its given cells bind: what is needed here, and what is supplied here.
NEEDED: tuple[str, ...] = ()
SUPPLIED = surrogate_hunt.SUPPLIED
# Parameters of the blanks for which the judge can stand in.
PARAMETERS = {
    "weighting_kernel": ("Z", "width"),
    "weighted_ridge": ("Z", "y", "weights", "alpha"),
    "keep_top": ("pictures", "maps", "fraction", "fill"),
}

ASKS: dict[str, Ask] = {**surrogate_games.ASKS, **surrogate_pictures.ASKS, **surrogate_hunt.ASKS}
