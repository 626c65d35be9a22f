"""What typical mistakes in ``multiplier`` are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_FORMULA = "How far the output moves from r to x, divided by how far it is from r to x."
_EQUAL_HINT = "slope(x) is asked for where x and r differ by less than 1e-6."

MISTAKES: dict[str, Mistake] = {
    each.name: each
    for each in (
        Mistake("f(x) by x", "this is f(x) / x: r is not used.", _FORMULA),
        Mistake(
            "slope of x",
            "this is slope(x) everywhere; it is asked for only where x and r are equal.",
            _FORMULA,
        ),
        Mistake("slope of r", "this is slope(r) everywhere.", _FORMULA),
        Mistake(
            "slope half-way", "this is the slope half-way between r and x everywhere.", _FORMULA
        ),
        Mistake("mean of two slopes", "this is the mean of the slopes at x and r.", _FORMULA),
        Mistake(
            "outputs not divided",
            "this is how far the output moves; it is to be divided.",
            _FORMULA,
        ),
        Mistake("upside down", "the fraction is upside down.", _FORMULA),
        Mistake("sign turned", "the sign is turned.", "Above and below, r is subtracted from x."),
        Mistake("f of the difference", "f is taken of x - r.", _FORMULA),
        Mistake("f(r) forgotten", "f(r) is not subtracted.", _FORMULA),
        Mistake("divided by x", "it is divided by x, not by how far x is from r.", _FORMULA),
        Mistake(
            "absolute value",
            "an absolute value is taken above or below the line.",
            "Both differences have a sign.",
        ),
        Mistake("zero where equal", "where x and r are equal, 0 comes out.", _EQUAL_HINT),
        Mistake("one where equal", "where x and r are equal, 1 comes out.", _EQUAL_HINT),
        Mistake("f where equal", "where x and r are equal, f(x) comes out.", _EQUAL_HINT),
        Mistake(
            "slope of r where equal",
            "where x and r are nearly equal, this is the slope at r.",
            _EQUAL_HINT,
        ),
        Mistake(
            "divided by zero",
            "where x and r are equal, NaN comes out: it is divided by zero.",
            _EQUAL_HINT,
        ),
        Mistake(
            "only what is exactly equal",
            "only numbers that are exactly equal count as equal.",
            _EQUAL_HINT,
        ),
        Mistake(
            "too many count as equal",
            "numbers that differ by more than 1e-6 count as equal.",
            _EQUAL_HINT,
        ),
        Mistake(
            "r below x counts as equal",
            "wherever x is below r, or above it, they count as equal.",
            "The difference has a sign: compare its size.",
        ),
        Mistake(
            "right, with a warning",
            "the numbers are right, but your code warned where x and r are equal.",
            "np.where works out both sides everywhere: divide by 1 where x and r are equal.",
        ),
    )
}
