"""What typical mistakes in ``constrained_fit`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_INSIDE = "Put the sum into the problem before it is solved; nothing is to be corrected afterwards."
_ABOVE = "Players explain how far a coalition is above the empty one, and share full - empty."
_ROOTS = "Each squared error counts weights[i] times: rows are multiplied by its square root."
_LAST = "Put phi_d = (full - empty) - (the other phi) into Z_i phi, and collect terms."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("constraint ignored", "this is the fit without the constraint.", _INSIDE),
        Mistake(
            "scaled afterwards",
            "the fit without the constraint is scaled until its sum is right.",
            _INSIDE,
        ),
        Mistake(
            "rest spread evenly",
            "what is missing in the sum is spread evenly over the players afterwards.",
            _INSIDE,
        ),
        Mistake(
            "rest to the last player",
            "what is missing in the sum is given to the last player afterwards.",
            _INSIDE,
        ),
        Mistake(
            "constraint only nearly",
            "the values add up to full - empty only nearly; the sum is to be exact.",
            "A large weight makes the constraint soft. Substitute a player, or use a multiplier.",
        ),
        Mistake(
            "soft constraint",
            "the sum is one more coalition of weight 1,000; it is to be exact.",
            _INSIDE,
        ),
        Mistake("equal shares", "all players get the same share; y is not used.", _ABOVE),
        Mistake("empty forgotten in y", "empty is not subtracted from y.", _ABOVE),
        Mistake("sum is full", "the values add up to full, not to full - empty.", _ABOVE),
        Mistake("empty not used", "empty is not used, neither for y nor for the sum.", _ABOVE),
        Mistake("empty added", "empty is added to y; it is subtracted.", _ABOVE),
        Mistake("empty and full exchanged", "the values add up to empty - full.", _ABOVE),
        Mistake("y minus full", "full is subtracted from y instead of empty.", _ABOVE),
        Mistake("weights ignored", "the weights are not used.", _ROOTS),
        Mistake("weights squared", "the weights count twice: they are squared.", _ROOTS),
        Mistake("square roots of the weights", "only the weights' square roots count.", _ROOTS),
        Mistake("divided by the weights", "errors are divided by the weights.", _ROOTS),
        Mistake(
            "an intercept of its own",
            "the fit has a free intercept; here the empty value is the intercept.",
            _ABOVE,
        ),
        Mistake("penalised", "sizes of the values are penalised; here nothing is."),
        Mistake(
            "sign of the last player's part",
            "the part of the last player in the target has the wrong sign.",
            _LAST,
        ),
        Mistake(
            "last player's part not moved",
            "the last player's (full - empty) is missing on the side of the target.",
            _LAST,
        ),
        Mistake(
            "last column added", "the column of the last player has the wrong sign in Z.", _LAST
        ),
        Mistake(
            "last column not subtracted",
            "the last player's column is not subtracted from the others.",
            _LAST,
        ),
        Mistake(
            "last player left out of the fit",
            "the others are fitted as if the last player did not count.",
            _LAST,
        ),
        Mistake(
            "last value without the gap",
            "the last player gets minus the others' sum; full - empty is missing.",
            _LAST,
        ),
        Mistake("last value missing", "the value of the last player is missing.", _LAST),
        Mistake(
            "multiplier left in",
            "there is one number too many; a Lagrange multiplier is no player's value.",
        ),
    )
}
